"""Which language model is asked, for what, and how long and how much at most."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from index.errors import InputError

USES = ("reading", "choosing", "prose")
"""What a model can be asked for: to read a question, to order evidence, to connect it."""

DEFAULT_USES = ("reading", "prose")
"""Cards wait for an order, and the ranking's own is the better one for most models."""

DEADLINE = 20.0
REPLY_TOKENS = 800
TOTAL_TOKENS = 500_000
"""The limits unless others are given; GuestSettings says what they hold for."""


@dataclass(frozen=True, slots=True)
class GuestSettings:
    """A model as "provider:model", with limits that hold whatever the model does.

    url           of the server, where it is not the provider's own
    uses          any of USES
    deadline      seconds for all that one question makes it ask
    reply_tokens  of one reply
    total_tokens  sent and received by this process; once they are spent, nothing is asked
    """

    model: str
    url: str = ""
    uses: tuple[str, ...] = DEFAULT_USES
    deadline: float = DEADLINE
    reply_tokens: int = REPLY_TOKENS
    total_tokens: int = TOTAL_TOKENS

    def __post_init__(self) -> None:
        provider, _, name = self.model.partition(":")
        if not provider or not name:
            raise InputError(
                f"expected a language model as provider:model, found {self.model!r}; "
                "for instance: ollama:llama3.2"
            )
        if unknown := sorted(set(self.uses) - set(USES)):
            raise InputError(f"expected uses {', '.join(USES)}, found {', '.join(unknown)}")
        if not 0 < self.deadline <= 600:
            raise InputError(f"expected a deadline of 0 to 600 seconds, found {self.deadline:g}")

    @classmethod
    def from_environment(
        cls,
        model: str | None = None,
        url: str | None = None,
        uses: str | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> GuestSettings | None:
        """Return what was given, else ONRECORD_LLM and its like; None if no model is named.

        A provider's key in the environment names no model: alone it switches nothing on.
        An empty ``model`` asks for none, whatever the environment says.
        """
        named = environment.get("ONRECORD_LLM", "") if model is None else model
        if not named:
            return None
        wanted = uses or environment.get("ONRECORD_LLM_USES") or ",".join(DEFAULT_USES)
        return cls(
            model=named,
            url=url or environment.get("ONRECORD_LLM_URL", ""),
            uses=tuple(use.strip() for use in wanted.split(",") if use.strip()),
            deadline=_number_from(environment, "DEADLINE", DEADLINE),
            reply_tokens=int(_number_from(environment, "REPLY_TOKENS", REPLY_TOKENS)),
            total_tokens=int(_number_from(environment, "TOTAL_TOKENS", TOTAL_TOKENS)),
        )


def _number_from(environment: Mapping[str, str], what: str, default: float) -> float:
    given = environment.get(f"ONRECORD_LLM_{what}", "")
    try:
        found = float(given) if given else default
    except ValueError:
        found = 0.0
    if not 1 <= found < 1e12:
        raise InputError(f"expected ONRECORD_LLM_{what} as a number from 1, found {given!r}")
    return found
