"""The read path as a LangChain runnable, made of the steps of ``rag/pipeline.py``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from rag.pipeline import Reader, Request, confirm, consult, gather, grow, order, understand, write
from rag.types import Answer, Draft

if TYPE_CHECKING:
    from rag.llm.guest import Visit

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def chain(reader: Reader, visit: Visit | None = None) -> Runnable[Request, Answer]:
    """Return the runnable that answers a Request.

    Each step shows as a run of its own to callbacks.  The steps run in the caller's thread:
    a thread of its own for each would open SQLite anew.  With ``visit``, a language model's
    visit for one question, the stream of the runnable is the answer as it grows.
    """
    retrieved = _Step("understand", partial(understand, reader)) | _Step(
        "gather", partial(gather, reader)
    )
    ranked = retrieved | _Step("order", partial(order, reader))
    if visit is not None:
        ranked = ranked | _Step("consult", partial(consult, reader, visit))
    draft = ranked | _Step("write", partial(write, reader))
    if visit is None:
        return draft | _Step("confirm", partial(confirm, reader))
    growing: Runnable[Draft, Answer] = RunnableLambda(partial(grow, reader, visit), name="grow")
    return draft | growing


class _Step(Runnable[_In, _Out], Generic[_In, _Out]):
    """A function as a runnable that is traced if somebody listens, and else is a plain call.

    LangChain's RunnableLambda takes 0.2 ms for each call.
    """

    def __init__(self, name: str, function: Callable[[_In], _Out]) -> None:
        self.name = name
        self._function = function

    def invoke(self, input: _In, config: RunnableConfig | None = None, **_: Any) -> _Out:
        callbacks = (config or {}).get("callbacks")
        if not getattr(callbacks, "handlers", callbacks):
            return self._function(input)
        return self._call_with_config(self._function, input, config)
