"""LangChain's chat models: how one is made from its name, and what its failures mean.

No text of a provider's error leaves this file: it can hold a key, or whatever the provider
likes.  What is told instead are words of ours.
"""

from __future__ import annotations

import email.utils
import os
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from langchain.chat_models import init_chat_model
from langchain_core.exceptions import (
    ModelAuthenticationError,
    ModelConnectionError,
    ModelError,
    ModelPermissionDeniedError,
    ModelRateLimitError,
    ModelTimeoutError,
)
from langchain_core.language_models import BaseChatModel

from index.errors import InputError, MissingExtra
from rag.llm.settings import GuestSettings

__all__ = ["BaseChatModel", "ProviderFailure", "chat_model", "failure", "host", "name", "pieces"]

EXTRAS = ("openai", "anthropic", "ollama")
"""Providers for which there is an extra of this project."""

_ADDRESSES = ("openai_api_base", "anthropic_api_url", "base_url")
"""Where LangChain's classes keep the address of their server."""

_TRANSIENT = {408, 425, 429, 500, 502, 503, 504, 529}


@dataclass(frozen=True, slots=True)
class ProviderFailure:
    """What went wrong in words, whether asking again may help, and after how long.

    ``wait`` are the seconds that the provider asks for (Retry-After), None if none.
    """

    words: str
    again: bool
    wait: float | None = None


def chat_model(settings: GuestSettings) -> BaseChatModel:
    """Return the model that the settings name. It retries nothing by itself.

    Raises InputError for a provider that LangChain does not have or a model that cannot be
    set up, MissingExtra if the provider's package is not installed.
    """
    provider, _, name = settings.model.partition(":")
    try:
        model: BaseChatModel = init_chat_model(
            name, model_provider=provider, **_client_options(provider, settings)
        )
    except ImportError as error:
        extra = f"onrecord[{provider}]" if provider in EXTRAS else f"langchain-{provider}"
        raise MissingExtra(
            f"{settings.model} needs a package that is not installed: pip install '{extra}'"
        ) from error
    except ValueError as error:
        if "Unsupported provider" in str(error):
            raise InputError(
                f"expected a provider that LangChain has, found {provider!r}; "
                f"for instance: {', '.join(EXTRAS)}"
            ) from error
        raise _not_set_up(settings, error) from None
    except Exception as error:
        raise _not_set_up(settings, error) from None
    return model


def _client_options(provider: str, settings: GuestSettings) -> dict[str, Any]:
    """Return the limits and the address, under the names that the client's class has for them."""
    at: dict[str, Any] = {"base_url": settings.url} if settings.url else {}
    if provider == "ollama":
        limits = {"timeout": settings.deadline}
        return {"num_predict": settings.reply_tokens, "client_kwargs": limits, **at}
    is_here = urlsplit(settings.url).hostname in ("127.0.0.1", "localhost", "::1")
    if is_here and provider == "openai" and "OPENAI_API_KEY" not in os.environ:
        at["api_key"] = "none"  # the library wants one, a server of one's own does not
    limits = {"max_tokens": settings.reply_tokens, "timeout": settings.deadline}
    return {**limits, "max_retries": 0, **at}


def _not_set_up(settings: GuestSettings, error: Exception) -> InputError:
    # Not its own message: a validation error prints the values, a key among them.
    return InputError(
        f"cannot set up {settings.model} ({type(error).__name__}); "
        "is its key in the environment, and its address right?"
    )


def name(model: BaseChatModel) -> str:
    """Return what a model that is made already is called, as "provider:model"."""
    called = getattr(model, "model_name", None) or getattr(model, "model", None)
    return f"{model._llm_type}:{called or type(model).__name__}"


def host(model: BaseChatModel) -> str:
    """Return the host and port that a model is at, as far as it says; "" for the provider's own."""
    for name in _ADDRESSES:
        value = getattr(model, name, None)
        if isinstance(value, str) and value:
            parts = urlsplit(value)
            return parts.netloc.rpartition("@")[2]
    return ""


async def pieces(
    model: BaseChatModel, messages: Sequence[tuple[str, str]]
) -> AsyncGenerator[tuple[str, int], None]:
    """Yield what a model replies, as an async iterator of (text, tokens used) in pieces."""
    stream = model.astream(list(messages))
    async with aclosing(stream) as chunks:  # type: ignore[type-var]  # it is a generator
        async for chunk in chunks:
            content = chunk.content
            text = content if isinstance(content, str) else _texts(content)
            usage = getattr(chunk, "usage_metadata", None) or {}
            yield text, int(usage.get("total_tokens") or 0)


def _texts(content: Any) -> str:
    """Return the text blocks of a message's content; tool calls, images and thoughts are no
    text."""
    blocks = content if isinstance(content, list) else []
    texts = (
        b if isinstance(b, str) else b.get("text") for b in blocks if isinstance(b, str | dict)
    )
    return "".join(text for text in texts if isinstance(text, str))


def failure(error: BaseException) -> ProviderFailure:
    """Return what an exception of a provider's library means."""
    status = _http_status(error)
    wait = _retry_after(error)
    if status in (401, 403) or isinstance(
        error, ModelAuthenticationError | ModelPermissionDeniedError
    ):
        return ProviderFailure("the provider did not accept the key", again=False)
    if status == 429 or isinstance(error, ModelRateLimitError):
        return ProviderFailure("the provider takes no more requests for now", again=True, wait=wait)
    if isinstance(error, ModelTimeoutError | TimeoutError):
        return ProviderFailure("the provider took too long", again=True)
    if isinstance(error, ModelConnectionError | OSError) or _is_network(error):
        return ProviderFailure("the provider could not be reached", again=True)
    if status is not None:
        return ProviderFailure(f"the provider failed ({status})", status in _TRANSIENT, wait)
    again = isinstance(error, ModelError) and error.is_retryable
    return ProviderFailure("the provider's reply could not be read", again, wait)


def _http_status(error: BaseException) -> int | None:
    """Return the status code that an error of a client carries; None where it has none."""
    response = getattr(error, "response", None)
    for holder in (error, response):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int) and status > 0:
            return status
    return None


def _is_network(error: BaseException) -> bool:
    """Return whether an error of an HTTP library is about the connection: they share no base."""
    names = {cls.__name__ for cls in type(error).__mro__}
    return bool(names & {"TransportError", "APIConnectionError", "NetworkError"})


def _retry_after(error: BaseException) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None)
    given = headers.get("retry-after") if isinstance(headers, Mapping) else None
    if not given:
        return None
    try:
        return max(0.0, float(given))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(given).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
