"""The page: a chat on this machine that answers with citations and shows the passages."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
from collections.abc import Sequence

from index.text.terminal import Parser, require_text, run, say
from rag.__main__ import add_llm_options, llm_settings
from rag.llm import invited
from rag.loopback import HOST, listening

UPLOAD = 20_000_000
"""Bytes of one request that adds files."""


def main(argv: Sequence[str] | None = None, called: str = "python ui.py") -> int:
    """Serve the page on loopback until it is stopped; returns the exit code.

    ``called`` is the name of the command in messages.
    """
    return run(lambda: _serve(_parser(called).parse_args(argv)))


def _parser(called: str) -> argparse.ArgumentParser:
    parser = Parser(prog=called, description="Chat with an index.")
    parser.add_argument("--index", metavar="DIR", help="folder of the index")
    parser.add_argument("--port", type=int, default=7860, help="7860 unless given; 0 for any")
    parser.add_argument(
        "--allow-add", action="store_true", help="let visitors of the page add articles"
    )
    parser.add_argument(
        "--curate", action="store_true", help="let visitors accept and undo corrections"
    )
    add_llm_options(parser)
    return parser


def _serve(arguments: argparse.Namespace) -> int:
    require_text(arguments)
    guest = invited(llm_settings(arguments))
    listener = listening(arguments.port)
    import uvicorn

    from page.server.slow_clients import Patience, make_room
    from page.service import Desk
    from page.wiring import application

    make_room()
    # Gradio sets matplotlib's backend at each event, if there is one: nothing here draws with it.
    sys.modules.setdefault("matplotlib", None)  # type: ignore[arg-type]
    sys.setswitchinterval(0.001)  # an event waits less for the thread that works on another
    desk = Desk(
        arguments.index, allow_add=arguments.allow_add, curate=arguments.curate, guest=guest
    )
    threading.Thread(target=desk.examples, daemon=True).start()  # the first visitor waits less
    # An open page keeps a connection open for as long as it is: do not wait for it.
    config = uvicorn.Config(
        application(desk, UPLOAD),
        http=Patience,
        backlog=128,  # as many are let in before the first of them is looked at
        log_level="critical",
        timeout_graceful_shutdown=1,
    )
    say(f"OnRecord is at http://{HOST}:{listener.getsockname()[1]}/")
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
