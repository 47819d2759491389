"""The read path: a question becomes an answer whose every citation can be checked.

    from rag import answer
    print(answer("what did Erdoğan tell Putin?"))

Nothing heavy is imported until a question is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import OnRecordError
from index.privacy import stay_local
from rag.check import types as _check_types  # noqa: F401 - now: it would replace `check` below
from rag.types import Answer, Citation, Filters, Findings, Prose, Question, Reading

if TYPE_CHECKING:
    from rag.check.types import Check
    from rag.message import as_message
    from rag.onrecord import OnRecord

__all__ = [
    "Answer",
    "Citation",
    "Filters",
    "Findings",
    "OnRecord",
    "OnRecordError",
    "Prose",
    "Question",
    "Reading",
    "answer",
    "as_message",
    "check",
]

stay_local()

_open: dict[Path, OnRecord] = {}


def answer(
    question: str,
    *,
    history: Sequence[Any] | None = None,
    filters: Filters | Mapping[str, Any] | None = None,
    k: int = 8,
    index: str | Path | None = None,
) -> Answer:
    """Return what is on record, from the index in a folder or from the default one.

    ``history`` are the turns before ({"role", "content"}, oldest first); ``filters``
    (speaker, addressee, outlet, since, until, kind) hold whatever the question says; at
    most ``k`` passages are cited.  The index stays open for the next question.  Raises
    OnRecordError: InputError for an empty or overlong question, IndexUnusable for an
    index that cannot be read.
    """
    return _opened(index).answer(question, history=history, filters=filters, k=k)


def check(text: str, *, name: str = "", index: str | Path | None = None) -> Check:
    """The verdicts on the quotations and attributed statements of a draft, which is not kept.

    They are those of the index in a folder, or of the default one, which stays open.  ``name``
    is what the draft is called.  Raises OnRecordError: InputError for a draft without text or
    an overlong one, IndexUnusable for an index that cannot be read.
    """
    return _opened(index).check(text, name=name)


def _opened(index: str | Path | None) -> OnRecord:
    from index.settings import Settings
    from rag.onrecord import OnRecord

    settings = Settings.from_environment(index)
    if settings.index not in _open:
        _open[settings.index] = OnRecord.open(index)
    return _open[settings.index]


def __getattr__(name: str) -> Any:
    if name == "OnRecord":
        from rag.onrecord import OnRecord

        return OnRecord
    if name == "as_message":
        from rag.message import as_message

        return as_message
    raise AttributeError(f"module 'rag' has no attribute {name!r}")
