"""The guest: one model for all questions, and its visit for each of them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.search.catalog import Catalog
from rag.answering.verify import citation_of
from rag.llm import prompting
from rag.llm.calls import LimitedModel, Prompt, Unanswered
from rag.llm.provider import BaseChatModel, chat_model, host
from rag.llm.reading import checked_reading
from rag.llm.records import Record
from rag.llm.replies import json_object, numbers, sentences_of
from rag.llm.roles import SentenceRoles
from rag.llm.sentences import MAX_SENTENCES, MOST_LEFT_OUT, Checker, Unsupported
from rag.llm.settings import GuestSettings
from rag.people import Directory
from rag.types import Answer, Consulted, Evidence, Question, Ranking

NOT_READ = "question not understood"
"""The reason of a refusal for which a model is asked to read the question."""

BY_MODEL = "By a language model: "
"""What stands before its sentences wherever they are shown as plain text."""


class Guest:
    """A language model that may be asked; safe to share between threads."""

    def __init__(self, settings: GuestSettings, model: BaseChatModel | None = None) -> None:
        """``model`` is one that is made already; the settings then only name and limit it.

        Raises InputError or MissingExtra for a model that cannot be set up.
        """
        made = chat_model(settings) if model is None else model
        at = host(made)
        self.settings = settings
        self.name = f"{settings.model} at {at}" if at else settings.model
        self.line = LimitedModel(made, settings)
        if "prose" in settings.uses:  # loads the parser now, and not within a question's deadline
            SentenceRoles("Nobody said a word.")

    def visit(self, directory: Directory, catalog: Catalog) -> Visit:
        """Return the guest for one question, whose time begins now."""
        return Visit(self, directory, catalog)


class Visit:
    """The calls to a language model for one question, within one deadline, and their account.

    No method fails because of the model: without a usable reply `reading` returns None, `ordered`
    the order of the ranking, and `sentences` yields nothing.
    """

    def __init__(self, guest: Guest, directory: Directory, catalog: Catalog) -> None:
        self._guest, self._directory, self._catalog = guest, directory, catalog
        self._until = time.monotonic() + guest.settings.deadline
        self._asked: list[str] = []
        self._sent: dict[str, None] = {}
        self._kept: list[str] = []
        self._left_out: list[str] = []
        self._notes: dict[str, None] = {}

    def reading(self, question: Question, ranking: Ranking) -> Question | None:
        """Return another reading of a question that the rules could not read; None if there is
        none."""
        unread = ranking.reason == NOT_READ and not ranking.evidence and not question.either
        if "reading" not in self._guest.settings.uses or not unread:
            return None
        reply = self._reply("reading", prompting.reading_prompt(question.text), ())
        return checked_reading(json_object(reply), question, self._directory)

    def ordered(self, question: Question, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """Return all of the evidence, what the model chose first: none can be hidden by it."""
        if "choosing" not in self._guest.settings.uses or len(evidence) < 2:
            return tuple(evidence)
        citations = (citation_of(n, e, self._catalog) for n, e in enumerate(evidence, 1))
        records = [Record.of(c) for c in citations][: prompting.MOST_PASSAGES]
        reply = self._reply("choosing", prompting.choosing(question.text, records), records)
        chosen = [n - 1 for n in numbers(reply) if 1 <= n <= len(records)]
        rest = [n for n in range(len(evidence)) if n not in chosen]
        return tuple(evidence[n] for n in (*chosen, *rest))

    def sentences(self, answer: Answer) -> Iterator[str]:
        """Yield the verified sentences about the citations of an answer, each as soon as it is."""
        if "prose" not in self._guest.settings.uses or not answer.citations:
            return
        cited = answer.citations[: prompting.MOST_PASSAGES]
        records = [Record.of(citation) for citation in cited]
        checker = Checker(records, self._directory.named_in)
        prompt = prompting.prose(answer.question, records)
        try:
            self._tell("prose", records)
            for sentence in sentences_of(self._guest.line.pieces(prompt, self._until)):
                try:
                    kept = checker.checked(sentence)
                except Unsupported as reason:
                    self._left_out.append(str(reason))
                else:
                    self._kept.append(kept)
                    yield kept
                if len(self._kept) == MAX_SENTENCES or len(self._left_out) == MOST_LEFT_OUT:
                    break
        except Unanswered as reason:
            self._notes[str(reason)] = None

    def with_account(self, answer: Answer) -> Answer:
        """Return the answer with the sentences so far, and an account of what was asked and sent.

        The record below them is the whole answer without a model, word for word.
        """
        account = Consulted(
            provider=self._guest.name,
            asked=tuple(dict.fromkeys(self._asked)),
            sent=tuple(self._sent),
            prose=" ".join(self._kept),
            left_out=tuple(self._left_out),
            note="; ".join(self._notes),
        )
        found = replace(answer, llm=account)
        if account.prose:
            found = replace(found, text=f"{BY_MODEL}{account.prose}\n\nOn record: {answer.text}")
        if account.left_out and answer.citations:
            found = replace(found, status="partial", reason="sentences left out")
        return found

    def answers(self, answer: Answer) -> Iterator[Answer]:
        """Yield the answer as it is, then with each sentence, and at the end with the account."""
        yield answer
        for _ in self.sentences(answer):
            yield self.with_account(answer)
        yield self.with_account(answer)

    def _reply(self, use: str, prompt: Prompt, records: Sequence[Record]) -> str:
        """Return the whole reply; empty if there is none in time."""
        try:
            self._tell(use, records)
            return self._guest.line.reply(prompt, self._until)
        except Unanswered as reason:
            self._notes[str(reason)] = None
            return ""

    def _tell(self, use: str, records: Sequence[Record]) -> None:
        """Note in the account that these records are about to be sent for a use of the model.

        Raises Unanswered if nothing may be sent now.
        """
        self._guest.line.admit(self._until)
        self._asked.append(use)
        self._sent.update(dict.fromkeys(record.sent for record in records))
