"""Where the words of a quotation stand in the archive: exactly, nearly, or in pieces.

Sentences with the quotation's words come from the word arrays (index/search/bm25.py, BM25), and
with them the statements that they carry.  Those with most words in common in their order (longest
common subsequence, rapidfuzz) are aligned word by word.  No article is scanned.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from index.attribution.quotation_marks import Quotation, quotations
from index.search.catalog import Catalog
from index.text.folding import plain_words, stem
from index.text.segment import blocks
from index.types import Article, Quote, Span, hull
from rag.check.align import Alignment, align
from rag.check.tokens import BRACKETS, ELLIPSIS, SENTENCE_ENDS, Token, source_keys, together, tokens

SENTENCES = 40
"""Sentences of the archive that are looked at for each stretch of a quotation."""

SHARED = 0.25
"""Share of the words that the best of these sentences has, from which others are read."""

STRETCH = 24
"""Words of a quotation, about, that are looked up together."""

ALIGNED = 10
"""Statements that are aligned with a quotation, those with most of its words first."""

NEAR_MATCHES_BESIDE_WHOLE = 3
"""Statements aligned, at most, beside those that have all of the words of a quotation in their
order: editions of them, mostly."""

RUN = 3
"""Words, at least, of each of several statements that are made into one quotation."""

COVERED = 0.9
"""Share of a quotation's words that have to be found in pieces for it to be called stitched."""

LONG_RUN, COVERED_BY_LONG = 5, 0.75
"""Words of each of several statements, and share of the quotation's words that these make up, from
which it is called stitched though its other words are changed ("would" to "will")."""

_NOTE = re.compile(
    r"\W*(?:corrections?|clarifications?|editor['’]s note)\b[^\n.:—–]{0,40}[:.—–]?", re.IGNORECASE
)
_WRONG = re.compile(
    r"misquot|misattribut|misstat|misreport|wrong|incorrect|erroneous|mistaken|inaccura|in error"
    r"|(?:earlier|previous|original) (?:version|edition)|was attributed|we attributed|[,;] not\b"
)

FURTHER = 600
"""Characters before and behind a sentence that are read with it, for what is no statement."""


@dataclass(frozen=True, slots=True)
class Source:
    """Words of the archive that a quotation may have been taken from: a statement, or some
    sentences from which none was taken (``quote`` is None)."""

    article: Article
    spans: tuple[Span, ...]
    quote: Quote | None = None

    @property
    def key(self) -> tuple[str, int, int]:
        return self.article.id, self.spans[0].start, self.spans[-1].end


@dataclass(frozen=True, slots=True)
class Match:
    """A quotation aligned with a source.

    ``draft`` and ``tokens`` are its tokens and those of the source, in pieces between which a
    hyphen makes no difference.  ``marked`` is the share of the words met that stand in quotation
    marks in the article.
    """

    source: Source
    draft: tuple[Token, ...]
    tokens: tuple[Token, ...]
    alignment: Alignment
    marked: float

    @property
    def span(self) -> Span:
        """Where in the article the words stand that are met."""
        first = self.tokens[min(self.alignment.start, len(self.tokens) - 1)]
        last = self.tokens[max(self.alignment.end - 1, 0)]
        return Span(first.start, max(last.end, first.end))

    @property
    def quote(self) -> Quote | None:
        return self.source.quote

    @property
    def exact(self) -> bool:
        return self.alignment.distance == 0


@dataclass(frozen=True, slots=True)
class ArchiveMatches:
    """All that comes near a quotation: whole matches, the best first, and the pieces of
    statements of which it may be stitched, in the order of the quotation.  ``notes`` are where a
    note of correction says that these very words were wrong."""

    matches: tuple[Match, ...] = ()
    pieces: tuple[Match, ...] = ()
    notes: tuple[Match, ...] = ()


class Archive:
    """The words of one catalog, ready to be matched; made once for all drafts."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._marks = functools.lru_cache(maxsize=256)(self._read_marks)
        self._keys = functools.lru_cache(maxsize=8192)(self._read_keys)

    def find(self, draft: Sequence[Token], text: str) -> ArchiveMatches:
        """What comes near the words of a quotation, which are tokens of a text."""
        words = [t for t in draft if t.key not in (ELLIPSIS, BRACKETS)]
        if not words:
            return ArchiveMatches()
        numbers = self._sentences(words, text)
        statements = self._statements(numbers)
        matches = self._aligned(draft, statements)
        if not any(m.exact for m in matches):
            bare = self._aligned(draft, self._bare(numbers))
            matches += [self._attributed(m, statements) for m in bare]
        whole = any(m.exact and m.quote for m in matches)
        pieces = () if whole else self._pieces(words, statements)
        notes = self._aligned(draft, self._bare(filter(self._is_in_note, numbers)))
        wrong = (m for m in notes if m.exact and _is_called_wrong(m))
        return ArchiveMatches(tuple(sorted(matches, key=_order)), pieces, tuple(wrong))

    def _is_in_note(self, number: int) -> bool:
        """Whether a sentence stands in a note of correction, or under a heading of that name."""
        sentence = self.catalog.sentence(number)
        text = self.catalog.article_at(sentence.article).text
        start = text.rfind("\n", 0, sentence.span.start) + 1
        heading = text.rfind("\n", 0, len(text[:start].rstrip())) + 1
        lines = (text[start : sentence.span.end], text[heading:start].strip())
        return bool(_NOTE.match(lines[0])) or bool(_NOTE.fullmatch(lines[1]))

    def _sentences(self, words: Sequence[Token], text: str) -> list[int]:
        """The sentences that tell most of each stretch of a quotation."""
        found: dict[int, None] = {}
        for start in range(0, len(words), STRETCH):
            stretch = words[start : start + STRETCH]
            if len(stretch) < STRETCH // 3 and start:
                stretch = words[max(0, len(words) - STRETCH) :]
            stems = {stem(w) for t in stretch for w in plain_words(text[t.start : t.end])}
            best = self.catalog.words.best(stems, SENTENCES)
            shared = self._shared(best, stems)
            least = shared.max(initial=0) * SHARED
            found |= {n: None for n, s in zip(best, shared.tolist(), strict=True) if s >= least}
        return list(found)

    def _shared(self, numbers: Sequence[int], stems: Iterable[str]) -> NDArray[np.int64]:
        """How many of these stems each of some sentences has."""
        wanted, count = np.array(numbers, np.uint32), np.zeros(len(numbers), np.int64)
        for one in stems:
            having = self.catalog.words.having({one})
            if len(having):
                places = np.minimum(np.searchsorted(having, wanted), len(having) - 1)
                count += having[places] == wanted
        return count

    def _statements(self, sentences: Sequence[int]) -> list[Source]:
        quotes = self.catalog.quotes_at(self.catalog.quotes_in(sentences))
        return [Source(self.catalog.article(q.article_id), q.content, q) for q in quotes]

    def _bare(self, sentences: Iterable[int]) -> list[Source]:
        """The sentences with what stands around them, each paragraph's part by itself."""
        found: dict[tuple[str, int, int], Source] = {}
        for number in sentences:
            sentence = self.catalog.sentence(number)
            article = self.catalog.article_at(sentence.article)
            source = Source(article, (_sentence_in_paragraph(article.text, sentence.span),))
            found.setdefault(source.key, source)
        return list(found.values())

    def _aligned(self, draft: Sequence[Token], sources: Iterable[Source]) -> list[Match]:
        wanted = [t.key for t in draft if t.key not in (ELLIPSIS, BRACKETS)]
        scored = []
        for source in sources:
            common = LCSseq.similarity(wanted, self._keys(source.article, source.spans))
            if 2 * common >= len(wanted):
                scored.append((-common, source.key, source))
        best = sorted(scored, key=lambda row: row[:2])
        whole = [row for row in best if row[0] == -len(wanted)][: 2 * ALIGNED]
        rest = best[len(whole) :][: NEAR_MATCHES_BESIDE_WHOLE if whole else ALIGNED]
        return [self.match(draft, source) for _, _, source in (*whole, *rest)]

    def _attributed(self, match: Match, statements: Iterable[Source]) -> Match:
        """A match in bare sentences, as part of the statement whose quotation marks it stands
        in, if there is one: the rules may have taken only some of its words."""
        article, span = match.source.article, match.span
        around = self.quotation_at(article, span)
        for other in statements:
            here = around is not None and other.article.id == article.id
            if here and around and any(around.overlaps(piece) for piece in other.spans):
                return replace(match, source=replace(match.source, quote=other.quote))
        return match

    def match(self, draft: Sequence[Token], source: Source) -> Match:
        """A quotation laid along one source."""
        own = tokens(source.article.text, source.spans)
        found = together(own, {t.key for t in draft})
        draft = together(draft, {t.key for t in own})
        alignment = align(draft, found)
        met = found[alignment.start : alignment.end]
        marked = sum(self.is_marked(source, t) for t in met) / len(met) if met else 0.0
        return Match(source, draft, found, alignment, marked)

    def is_marked(self, source: Source, token: Token) -> bool:
        """Whether a word stands in quotation marks in its article."""
        quote = source.quote
        if quote is not None and quote.kind != "mixed" and source.spans == quote.content:
            return quote.kind == "direct"
        at = Span(token.start, token.end)
        return any(at in q.inner for q in self._marks(source.article))

    def quotation_at(self, article: Article, span: Span) -> Span | None:
        """The words in quotation marks that a stretch of an article lies in, if it does."""
        inner = (q.inner for q in self._marks(article) if span in q.inner)
        return next(inner, None)

    def _read_marks(self, article: Article) -> list[Quotation]:
        ends = [b.span.end for b in blocks(article.text, article.title)]
        return [q for q in quotations(article.text, ends) if q.depth == 0]

    def _read_keys(self, article: Article, spans: tuple[Span, ...]) -> list[str]:
        return [key for span in spans for key in source_keys(span.slice(article.text))]

    def _pieces(self, words: Sequence[Token], sources: Sequence[Source]) -> tuple[Match, ...]:
        """The statements whose words stand one behind the other in a quotation; none if they are
        not at least two, or too many words belong to none of them."""
        keys = [t.key for t in words]
        own = [(s, self._keys(s.article, s.spans)) for s in sources]
        found: list[tuple[Source, int, int]] = []
        at = covered = 0
        while at < len(keys):
            length, source = max(
                ((_longest_common_run(keys[at:], theirs), source) for source, theirs in own),
                key=lambda pair: (pair[0], -len(pair[1].spans), pair[1].key),
                default=(0, None),
            )
            if source is None or length < RUN:
                at += 1
                continue
            found.append((source, at, at + length))
            at, covered = at + length, covered + length
        long = [(source, low, high) for source, low, high in found if high - low >= LONG_RUN]
        loosely = len({source.key for source, _, _ in long}) > 1
        if loosely and sum(h - low for _, low, h in long) >= COVERED_BY_LONG * len(keys):
            found, covered = long, len(keys)
        if len(found) < 2 or covered < COVERED * len(keys):
            return ()
        return tuple(self.match(words[low:high], source) for source, low, high in found)


def _is_called_wrong(match: Match) -> bool:
    """Whether a note says, in the sentence before the words met, that they were wrong."""
    text, at = match.source.article.text, match.span.start
    before = text[match.source.spans[0].start : at]
    ends = [n + 1 for n, c in enumerate(before) if c in ".!?" and before[n + 1 : n + 2].isspace()]
    return bool(_WRONG.search(before[ends[-1] if ends else 0 :].casefold()))


def _sentence_in_paragraph(text: str, sentence: Span) -> Span:
    """A sentence with what stands around it in its paragraph."""
    low = text.rfind("\n", max(0, sentence.start - FURTHER), sentence.start)
    high = text.find("\n", sentence.end, sentence.end + FURTHER)
    start = low + 1 if low >= 0 else max(0, sentence.start - FURTHER)
    end = high if high >= 0 else min(len(text), sentence.end + FURTHER)
    return hull((sentence, Span(start, end)))


def _longest_common_run(wanted: Sequence[str], keys: Sequence[str]) -> int:
    """How many of the wanted words, from the first on, stand next to each other somewhere."""
    best = 0
    for start, key in enumerate(keys):
        if key != wanted[0]:
            continue
        length = 1
        while (
            length < len(wanted)
            and start + length < len(keys)
            and keys[start + length] == wanted[length]
        ):
            length += 1
        best = max(best, length)
    return best


def _order(match: Match) -> tuple[int, bool, float, int, tuple[str, int, int]]:
    """The fewest changes first; then statements, those in quotation marks, the tightest."""
    alignment = match.alignment
    passed = sum(b.s1 - b.s0 for b in alignment.blocks if b.kind == "left out")
    beside = len(match.tokens) - (alignment.end - alignment.start)
    return (
        alignment.distance,
        match.quote is None,
        -match.marked,
        passed + beside,
        match.source.key,
    )


def edges(match: Match) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """What of the first and the last sentence that are met was not taken over; a neighbouring
    sentence of one or two words goes with them ("Never.  We will go.")."""
    found, start, end = match.tokens, match.alignment.start, match.alignment.end
    low = _sentence_start(found, start)
    if low and low - _sentence_start(found, low - 1) <= SHORT:
        low = _sentence_start(found, low - 1)
    high = _sentence_end(found, end)
    if high < len(found) and _sentence_end(found, high + 1) - high <= SHORT:
        high = _sentence_end(found, high + 1)
    return found[low:start], found[end:high]


SHORT = 2
"""Words of a sentence that cannot be left out without a trace."""


def _sentence_start(found: Sequence[Token], at: int) -> int:
    """Where the sentence begins of which the tokens right before a place are."""
    at = max(at, 0)
    while at and found[at - 1].ends not in SENTENCE_ENDS:
        at -= 1
    return at


def _sentence_end(found: Sequence[Token], at: int) -> int:
    """Beyond the last token of the sentence of which the token before a place is."""
    while 0 < at < len(found) and found[at - 1].ends not in SENTENCE_ENDS:
        at += 1
    return at
