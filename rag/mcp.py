"""Answers, statements and a status as tools of the Model Context Protocol.

Over standard input and output the client starts this program and nothing listens on the
network.  Over streamable HTTP it listens on this machine only, and answers only to its own
names, so that no web page can reach it by a name of its own (DNS rebinding).
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field

from index.errors import MissingExtra, OnRecordError
from index.text.terminal import complain
from rag.answering.verify import statement_citation
from rag.check.draft import LONGEST_DRAFT
from rag.check.render import as_json
from rag.json_form import AnswerForm, CitationForm, answer_form, citation_form
from rag.loopback import HOST, listening
from rag.requests import FILTER_HELP
from rag.types import Filters

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from rag.onrecord import OnRecord

EXTRA = "mcp==2.3.0"
"""What the [mcp] extra of pyproject.toml installs."""

ABOUT = """What somebody is on record as saying, in the news articles that this person has indexed.

Answers who said what, to whom, according to whom.  Every citation is verbatim text of an
article, with its offsets, its speaker and its addressees; "status" is "no_answer", with a
reason, where nothing is on record, and "near_misses" are then no answers.  Quote the words
of "quote" as they are, with the article that they stand in."""

ABOUT_QUOTES = """Every statement on record by a speaker, to an addressee, of a time or an outlet.

Newest first, without a question being read: for lists and counts.  Empty text asks for any."""

ABOUT_CHECK = """Whether the quotations of a draft are on record, word by word, and whose they are.

Checks every quotation and every attributed statement of a text against the news articles that
this person has indexed.  Each finding has a "verdict", a word diff, and the passages that it
rests on, verbatim, with speaker and addressees.  "not on record" means that this archive does
not have it, and never that it is false: its passages are only the nearest.  Check a text before
you call its quotations right; take corrected words from "quote" of a passage as they are."""

ABOUT_STATUS = "What the index holds: how many articles and statements, from when to when."

MAX_BODY_BYTES = 262_144
"""Bytes of one request over HTTP."""

Speaker = Annotated[str, Field(description=FILTER_HELP["speaker"])]
Addressee = Annotated[str, Field(description=FILTER_HELP["addressee"])]
Outlet = Annotated[str, Field(description=FILTER_HELP["outlet"])]
Since = Annotated[str, Field(description=FILTER_HELP["since"])]
Until = Annotated[str, Field(description=FILTER_HELP["until"])]
QuoteKind = Annotated[str, Field(description=FILTER_HELP["kind"])]


class StatementsForm(BaseModel):
    """Statements in their JSON form, at most as many as were asked for."""

    quotes: list[CitationForm]
    total: int = Field(description="how many there are in all")


class HoldingsForm(BaseModel):
    """What an index holds."""

    articles: int
    passages: int
    quotes: int
    speakers: int
    first: str = Field(description="the first date of publication, empty if none is known")
    last: str = Field(description="the last date of publication")
    outlets: list[str] = Field(description="most articles first")
    embedder: str


class Tools:
    """The tools, each a method; OnRecordError for what cannot be asked or read."""

    def __init__(self, bot: OnRecord) -> None:
        self._bot = bot

    def answer(
        self,
        question: Annotated[
            str, Field(description="in plain English: What did A tell B about C?", max_length=2000)
        ],
        speaker: Speaker = "",
        addressee: Addressee = "",
        outlet: Outlet = "",
        since: Since = "",
        until: Until = "",
        kind: QuoteKind = "",
    ) -> AnswerForm:
        """Answer a question."""
        filters = Filters(speaker, addressee, outlet, since, until, kind)
        return answer_form(self._bot.answer(question, filters=filters))

    def quotes(
        self,
        speaker: Speaker = "",
        addressee: Addressee = "",
        outlet: Outlet = "",
        since: Since = "",
        until: Until = "",
        kind: QuoteKind = "",
        limit: Annotated[int, Field(description="how many at most", ge=1, le=200)] = 20,
    ) -> StatementsForm:
        """List statements."""
        ids = self._bot.quote_ids(Filters(speaker, addressee, outlet, since, until, kind))
        catalog = self._bot.reader.generation.catalog
        found = [
            citation_form(statement_citation(number, quote, catalog))
            for number, quote in enumerate(catalog.quotes(ids[:limit]), 1)
        ]
        return StatementsForm(quotes=found, total=len(ids))

    def check(
        self,
        draft: Annotated[
            str,
            Field(description="the whole text, as it is to be printed", max_length=LONGEST_DRAFT),
        ],
    ) -> dict[str, Any]:
        """Check a draft."""
        return as_json(self._bot.check(draft))

    def status(self) -> HoldingsForm:
        """Say what the index holds."""
        generation = self._bot.reader.generation
        first, last = generation.catalog.dates()
        return HoldingsForm(
            **generation.catalog.counts(),
            first=first,
            last=last,
            outlets=generation.catalog.outlets(),
            embedder=generation.manifest.fingerprint.embedder,
        )


def serve(bot: OnRecord, port: int | None = None) -> None:
    """Answer clients: one over standard input and output, or any on a port of this machine.

    Returns when the client hangs up, or the program is stopped.  Raises MissingExtra without
    the extra, InputError for a port that cannot be had.
    """
    server = _server(bot)
    if port is None:
        server.run("stdio")
        return
    import uvicorn

    with listening(port) as listener:
        port = listener.getsockname()[1]
        complain(f"MCP is served at http://{HOST}:{port}/mcp; Ctrl-C stops")
        config = uvicorn.Config(_application(server, port), log_level="critical")
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def _server(bot: OnRecord) -> MCPServer:
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.types import ToolAnnotations
    except ImportError as error:
        raise MissingExtra(f"the MCP tool needs a library; run: pip install {EXTRA}") from error

    def told(tool: Callable[..., Any]) -> Callable[..., Any]:
        """The tool, whose client is told in one line what it cannot do."""

        @functools.wraps(tool)
        def run(*given: Any, **named: Any) -> Any:
            try:
                return tool(*given, **named)
            except OnRecordError as error:
                raise ToolError(str(error)) from error

        return run

    # Its log of what a client got wrong would repeat the question.
    server = MCPServer("OnRecord", log_level="WARNING")
    tools = Tools(bot)
    harmless = ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    for tool, title, about in (
        (tools.answer, "Who said what", ABOUT),
        (tools.quotes, "Statements on record", ABOUT_QUOTES),
        (tools.check, "Check a draft", ABOUT_CHECK),
        (tools.status, "What the index holds", ABOUT_STATUS),
    ):
        server.add_tool(told(tool), title=title, description=about, annotations=harmless)
    return server


def _application(server: MCPServer, port: int) -> Any:
    """The server as an ASGI application, for requests that call it by a name of this machine."""
    from mcp.server.transport_security import TransportSecuritySettings

    names = [f"{host}:{port}" for host in (HOST, "localhost")]
    return server.streamable_http_app(
        stateless_http=True,  # a question needs nothing of the one before it
        json_response=True,
        max_request_body_size=MAX_BODY_BYTES,
        transport_security=TransportSecuritySettings(
            allowed_hosts=names, allowed_origins=[f"http://{name}" for name in names]
        ),
    )
