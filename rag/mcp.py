"""The answers as a tool of the Model Context Protocol, for a client on this machine.

The client starts this program and talks to it over its standard input and output, so
that nothing listens on the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from index.errors import MissingExtra, OnRecordError
from rag.check.draft import LONGEST
from rag.check.render import as_json
from rag.json_form import answer_json
from rag.requests import FILTER_HELP

if TYPE_CHECKING:
    from rag.onrecord import OnRecord

EXTRA = "mcp==2.3.0"
"""What the [mcp] extra of pyproject.toml installs."""

ABOUT = """What somebody is on record as saying, in the news articles that this person has indexed.

Answers who said what, to whom, according to whom.  Every citation is verbatim text of an
article, with its offsets, its speaker and its addressees; "status" is "no_answer", with a
reason, where nothing is on record, and "near_misses" are then no answers.  Quote the words
of "quote" as they are, with the article that they stand in."""


ABOUT_CHECK = """Whether the quotations of a draft are on record, word by word, and whose they are.

Checks every quotation and every attributed statement of a text against the news articles that
this person has indexed.  Each finding has a "verdict", a word diff, and the passages that it
rests on, verbatim, with speaker and addressees.  "not on record" means that this archive does
not have it, and never that it is false: its passages are only the nearest.  Check a text before
you call its quotations right; take corrected words from "quote" of a passage as they are."""


def serve(bot: OnRecord) -> None:
    """Answer one client until it hangs up.  Raises MissingExtra without the extra."""
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
    except ImportError as error:
        raise MissingExtra(f"the MCP tool needs a library; run: pip install {EXTRA}") from error

    def answer(
        question: Annotated[
            str, Field(description="in plain English: What did A tell B about C?", max_length=2000)
        ],
        speaker: Annotated[str, Field(description=FILTER_HELP["speaker"])] = "",
        addressee: Annotated[str, Field(description=FILTER_HELP["addressee"])] = "",
        outlet: Annotated[str, Field(description=FILTER_HELP["outlet"])] = "",
        since: Annotated[str, Field(description=FILTER_HELP["since"])] = "",
        until: Annotated[str, Field(description=FILTER_HELP["until"])] = "",
        kind: Annotated[str, Field(description=FILTER_HELP["kind"])] = "",
    ) -> dict[str, Any]:
        filters = {
            "speaker": speaker, "addressee": addressee, "outlet": outlet,
            "since": since, "until": until, "kind": kind,
        }  # fmt: skip
        try:
            return answer_json(bot.answer(question, filters=filters))
        except OnRecordError as error:
            raise ToolError(str(error)) from error

    def check(
        draft: Annotated[
            str,
            Field(description="the whole text, as it is to be printed", max_length=LONGEST),
        ],
    ) -> dict[str, Any]:
        try:
            return as_json(bot.check(draft))
        except OnRecordError as error:
            raise ToolError(str(error)) from error

    # Its log of what a client got wrong would repeat the question.
    server = MCPServer("OnRecord", log_level="WARNING")
    server.add_tool(answer, title="Who said what", description=ABOUT)
    server.add_tool(check, title="Check a draft", description=ABOUT_CHECK)
    server.run("stdio")
