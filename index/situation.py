"""When, where and on what occasion something was said, as far as its sentence tells."""

from __future__ import annotations

from index.lang import Language
from index.syntax import Word


def is_situation(noun: Word, table: Language) -> bool:
    """Whether a noun names a time, an occasion or a medium ("Friday", "the debate", "Twitter")."""
    return (
        noun.lemma in table.time_words
        or noun.lemma in table.days
        or noun.lemma in table.months
        or noun.lemma in table.event_nouns
        or noun.lemma in table.media_nouns
        or (noun.text.isdigit() and len(noun.text) == 4)
    )
