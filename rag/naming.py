"""Whether a sentence lets somebody speak, where the index took no quote from it.

Extraction misses some statements.  A sentence that has a name before a reporting verb,
or after one, still tells who says so; it is cited whole, never as a quotation.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from index.lang import language
from rag.lang import reporting_forms

_BETWEEN = (
    r"(?:[,][^,“”\"]{1,90}[,])?(?:\s+(?:also|has|have|had|then|later|further|again|himself"
    r"|herself|[a-z]+ly|on\s+[A-Z]\w+|is|was)){0,3}"
)


def speaks_in(sentence: str, names: Iterable[str]) -> bool:
    """Whether one of the names stands where a reporting verb has its subject."""
    return any(_subject(name).search(sentence) for name in names if name)


def spoken_to_in(sentence: str, names: Iterable[str]) -> bool:
    """Whether one of the names stands, outside quotation marks, where one is spoken to."""
    plain = re.sub(r"[“\"][^”\"]*[”\"]?", " ", sentence)
    return any(_object(name).search(plain) for name in names if name)


@functools.lru_cache(maxsize=512)
def _object(name: str) -> re.Pattern[str]:
    last = re.escape(name.split()[-1])
    return re.compile(
        rf"\b(?:to|with|told|tells|tell|telling|asked|asks|urged|warned|informed|assured|reminded)"
        rf"\s+(?:[\w’'.-]+\s+){{0,6}}?{last}\b"
    )


@functools.lru_cache(maxsize=512)
def _subject(name: str) -> re.Pattern[str]:
    last = re.escape(name.split()[-1])
    forms, nouns = _forms(), _nouns()
    return re.compile(
        rf"\b{last}(?:\s+[IVX]+)?{_BETWEEN}\s+(?:{forms})\b"
        rf"|\b{last}{_BETWEEN}\s+\w+(?:\s+\w+)?\s+(?:{nouns})\s+(?:that|of|against)\b"
        rf"|[,”\"’]\s+(?:{forms})\s+(?:[\w’'.-]+\s+){{0,5}}?{last}\b"
    )


@functools.cache
def _forms() -> str:
    """Past and present forms of the verbs that report words, not mere views."""
    stance = language("en").stance_verbs
    forms = [f for f, lemma in reporting_forms("en").items() if lemma not in stance and f != lemma]
    return "|".join(sorted(map(re.escape, forms), key=lambda f: (-len(f), f)))


@functools.cache
def _nouns() -> str:
    nouns = language("en").noun_acts
    return "|".join(
        sorted((f"{re.escape(n)}s?" for n in nouns if " " not in n), key=lambda n: (-len(n), n))
    )
