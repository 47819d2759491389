"""Slips of the pen in the plain words of a question.

A name is never made a word here, nor a word a name: names are spelt by ``rag/people``.
"""

from __future__ import annotations

import functools
import re

from rapidfuzz.distance import OSA

from index.lang.lexicon import ENDINGS, is_in_lexicon, nearest_words
from index.text.folding import fold
from rag.lang import asking, reporting_forms
from rag.people import Directory
from rag.question.normalise import cut_quotation

_PLAIN_WORD = re.compile(r"(?<![\w’'-])[^\W\d_]+(?![\w’'-])")

SHORTEST_SLIP, SHORTEST_TOPIC_SLIP = 3, 5
"""Letters, at least, of a word that is taken for a slip of a word of asking, or of the topic."""


def respelt(asked: str, directory: Directory) -> str:
    """Return a question in which words that are none are spelt as the nearest word, one letter
    away: a word of asking or of saying, else a word of the corpus.

    Left as they are: words with a capital, those that come near a name, and all inside quotation
    marks.
    """
    quoted, _ = cut_quotation(asked)
    before, found, behind = asked.partition(quoted) if quoted else (asked, "", "")
    spelt = (_PLAIN_WORD.sub(lambda m: _respelt_word(m[0], directory), p) for p in (before, behind))
    return found.join(spelt) if found else next(spelt)


def is_strange(word: str, directory: Directory) -> bool:
    """Return whether a word in small letters is one neither of the language nor of the corpus, nor
    anything like a name of it."""
    plain = fold(word)
    known = plain in _asking_words() or is_in_lexicon(plain) or directory.is_word(plain)
    named = directory.is_called([plain]) or directory.is_nearly_called([plain])
    return not (word[:1].isupper() or known or named)


def _respelt_word(word: str, directory: Directory) -> str:
    plain = fold(word)
    if len(plain) < SHORTEST_SLIP or not is_strange(word, directory):
        return word
    asks = asking()
    if plain in asks.spellings:
        return asks.spellings[plain]
    near = (w for w in _asking_words() if w[0] == plain[0] and OSA.distance(plain, w) == 1)
    base = {*asks.asker_words, *reporting_forms().values()}
    meant = min(near, key=lambda w: (w not in base, -len(w), w), default="")
    if not meant and len(plain) >= SHORTEST_TOPIC_SLIP:
        meant = _topic_word(plain, directory)
    return meant or word


def _topic_word(word: str, directory: Directory) -> str:
    """Return the word of the language and of the corpus that is meant, with the ending that was
    typed; "" for none."""
    for ending in ("", *ENDINGS):
        bare = word.removesuffix(ending)
        if word.endswith(ending) and len(bare) >= SHORTEST_SLIP:
            near = (f"{base}{ending}" for base in nearest_words(bare))
            if meant := next(filter(directory.is_word, near), ""):
                return meant
    return ""


@functools.cache
def _asking_words() -> frozenset[str]:
    """Return the words of which questions and greetings are made, and all forms of the verbs of
    saying."""
    asks = asking()
    words = {*asks.asker_words, *asks.auxiliaries, *asks.stop_words}
    for form, verb in reporting_forms().items():
        made_up = verb in asks.irregular.values() and form.endswith("d")  # "sayed"
        words |= {form} if form in asks.irregular or not made_up else set()
    words |= asks.function_words | asks.anybody | asks.pronouns.keys()
    words |= asks.help_words | asks.help_fillers | asks.addressing
    return frozenset(w for w in words if len(w) >= SHORTEST_SLIP and w.isalpha())
