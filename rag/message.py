"""What LangChain programs take: an answer as a message, and answering as a tool.

The citations of a message are LangChain's own: ``start_index`` and ``end_index`` are offsets
in the answer's text, ``cited_text`` are the article's words, and ``extras`` say where in which
article they stand, and who said them to whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from langchain_core.messages import AIMessage
from langchain_core.messages.content import Citation as Annotation
from langchain_core.messages.content import create_citation, create_text_block
from langchain_core.tools import BaseTool, StructuredTool

from rag.answering.verify import rendered
from rag.types import Answer, Citation, Line, Number, Slice

ANSWER_TOOL = "answer_on_record"

ABOUT_ANSWER_TOOL = (
    "Answers who said what, to whom and according to whom, from the indexed news articles. "
    "Every citation is verbatim. Says so where nothing is on record. Ask in plain English, for "
    "instance: what did A tell B about C?"
)

Stretch = tuple[int, int]
"""First offset in the answer's text, and the one beyond the last."""


def as_message(answer: Answer) -> AIMessage:
    """The answer as an AIMessage: one text block with a Citation for each cited stretch of it.

    A citation whose words stand in several stretches of the answer has an annotation for each;
    one that the answer only names by its number is placed at that number, and one that it does
    not name has no indices.  ``response_metadata`` has the status and the reason.
    """
    places = _stretches(answer)
    annotations = [
        _annotation(citation, place, f"citation-{citation.number}-{n}")
        for citation in answer.citations
        for n, place in enumerate(places.get(citation.number) or [None], 1)
    ]
    block = create_text_block(answer.text, id="answer", annotations=[*annotations])
    about = {"output_version": "v1", "status": answer.status, "reason": answer.reason}
    return AIMessage(content_blocks=[block], response_metadata=about)


def _annotation(citation: Citation, place: Stretch | None, id: str) -> Annotation:
    article = citation.article
    start, end = place or (None, None)
    return create_citation(
        id=id,
        url=article.url or None,
        title=article.title or None,
        start_index=start,
        end_index=end,
        cited_text=citation.quote,
        number=citation.number,
        article=article.id,
        start=citation.start,
        end=citation.end,
        speaker=citation.speaker,
        co_speakers=list(citation.co_speakers),
        addressees=list(citation.addressees),
        according_to=list(citation.chain),
        kind=citation.kind,
        attribution=citation.attribution,
    )


def _stretches(answer: Answer) -> dict[int, list[Stretch]]:
    """Where in the answer's text each citation is: number -> places, in the order of the text."""
    words: dict[int, list[Stretch]] = {}
    marks: dict[int, list[Stretch]] = {}
    for part, place in _placed(answer):
        if isinstance(part, Number):
            marks.setdefault(part.number, []).append(place)
        else:
            for citation in answer.citations:
                if _overlaps(part, citation):
                    words.setdefault(citation.number, []).append(place)
    return marks | words


def _overlaps(part: Slice, citation: Citation) -> bool:
    same = part.article == citation.article.id
    return same and part.start < citation.end and citation.start < part.end


def _placed(answer: Answer) -> Iterator[tuple[Slice | Number, Stretch]]:
    """The cited slices and the numbers of an answer, each with its place in the text.

    The lines are the end of the text: what a language model wrote stands before them.  An
    answer whose text does not end so has no places.
    """
    record = rendered(answer.lines)
    if not answer.lines or not answer.text.endswith(record):
        return
    at = len(answer.text) - len(record)
    # Behind a dash or not, as the text has it; no line has a line break.
    texts = rendered(answer.lines).split("\n")
    for text, line in zip(texts, answer.lines, strict=True):
        inside = at + len(text) - len(str(line))
        for part in line.parts:
            width = len(str(Line((part,))))
            if isinstance(part, Number) or (isinstance(part, Slice) and part.quoted):
                yield part, (inside, inside + width)
            inside += width
        at += len(text) + 1


def answer_tool(answers: Callable[[str], Answer], *, direct: bool = True) -> BaseTool:
    """A tool that answers a question; its artifact is the message with the citations.

    ``direct`` hands the answer to the user as it is: what an agent's model would write about it
    is checked by nobody.
    """

    def answer_on_record(question: str) -> tuple[str, AIMessage]:
        message = as_message(answers(question))
        return message.text, message

    tool: Any = StructuredTool.from_function(
        answer_on_record,
        name=ANSWER_TOOL,
        description=ABOUT_ANSWER_TOOL,
        response_format="content_and_artifact",
        return_direct=direct,
    )
    return tool  # type: ignore[no-any-return]
