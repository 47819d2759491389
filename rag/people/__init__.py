"""Who is meant: the people of a corpus by name, by role and by near spelling.

``directory`` finds them; it asks ``spellings`` for names and ``roles`` for what people are,
which reads titles in prose (``apposition``).  ``mentions`` tells where a question has them,
``stems`` compares words.
"""

from __future__ import annotations

from index.text.folding import stem, words
from rag.people.apposition import titles_with_surname
from rag.people.directory import Directory, Found
from rag.people.mentions import QuestionMention, mentions, with_apostrophes
from rag.people.stems import akin, content_stems, role_stems, role_words, speech_stems, surname

__all__ = [
    "Directory",
    "Found",
    "QuestionMention",
    "akin",
    "content_stems",
    "mentions",
    "role_stems",
    "role_words",
    "speech_stems",
    "stem",
    "surname",
    "titles_with_surname",
    "with_apostrophes",
    "words",
]
