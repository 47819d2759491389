"""A language model as a guest: it may read, order and connect, and cannot misquote.

The answer is there before the guest is asked: cards and citations come from the chain.
What the guest may add are a reading of a question that the rules cannot read, an order of
the evidence, and sentences that connect it.  Each of these is checked by code, and each is
dropped if it fails; no words of an article ever come from the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.llm.settings import GuestSettings

if TYPE_CHECKING:
    from rag.llm.guest import Guest
    from rag.llm.provider import BaseChatModel


def invited(llm: str | GuestSettings | BaseChatModel | None = None) -> Guest | None:
    """Return the guest that a name, settings or a chat model stand for; None asks for none.

    A name is "provider:model"; None takes ONRECORD_LLM, "" none whatever the environment
    says.  Nothing of LangChain's is imported where there is no guest.  Raises InputError or
    MissingExtra for a model that cannot be set up.
    """
    settings = llm if isinstance(llm, GuestSettings) else None
    if llm is None or isinstance(llm, str):
        settings = GuestSettings.from_environment(llm)
        if settings is None:
            return None
    from rag.llm.guest import Guest
    from rag.llm.provider import BaseChatModel, name

    if isinstance(llm, BaseChatModel):
        named = GuestSettings.from_environment(name(llm))
        return Guest(named, llm) if named else None
    return Guest(settings) if settings else None
