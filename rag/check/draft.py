"""The quotations and the attributed statements of a draft, read as articles are."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.attribution.extract import extract
from index.attribution.quotation_marks import Quotation, quotations
from index.errors import InputError
from index.lang import language
from index.text.folding import words
from index.text.segment import blocks
from index.types import Article, Mention, Quote, Span, hull
from rag.check.tokens import BRACKETS, ELLIPSIS, tokens
from rag.check.types import DiffPart, Finding, Unchecked, UncheckedReason, Verdict
from rag.lang import asking, reporting_forms
from rag.people import content_stems
from rag.people.apposition import last_sentence
from rag.ranking.polarity import clauses_of, denies, is_denied
from rag.types import Citation, listed

LONGEST_DRAFT = 1_000_000
"""Characters of a draft: a book has no more."""

SHORTEST = 3
"""Words of a quotation that is a part of a sentence, at least, for it to be checked."""

SHORTEST_UNATTRIBUTED = 4
"""Words of a quotation, at least, for it to be checked where the draft does not say who speaks."""

LONGEST_WORK_TITLE = 7
"""Words of the title of a work, at most."""

TELLING = 2
"""Words that carry meaning, at least, outside of the quotation marks of a statement that is
quoted in part, or in one that is only named ("announced the closure of ..."), for it to be
checked by itself."""

ENGLISH_WORD_SHARE = 0.12
"""Share of English function words below which a paragraph is taken for another language: news
in English has .3 to .5, that in languages with some of the same words up to .08."""

LEAST_IN_ENGLISH = 0.3
BY_CHANCE = 0.05
"""A paragraph of few words is taken for another language only if so few function words would
be this seldom in one with the least share that English has."""

LANGUAGE_WORDS = 200
"""Words of a paragraph, at most, that tell its language."""

_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of characters, which no model of language takes."""

_DRAFT_WORD = re.compile(r"[^\W\d_]+")
_MARKED_LABEL = re.compile(
    r"^[^\S\n]*(?:[-*+>][^\S\n]+)*(\*{1,3}|_{1,3})([^*_\n:]{1,80}?)[^\S\n]*(?::\1|\1[^\S\n]*:)",
    re.MULTILINE,
)
"""Whoever speaks, in bold or in italics before a colon: "- **Torben Holm**: "."""

_MARKDOWN = re.compile(
    r"^[^\S\n]*(?:>[^\S\n]*)+|(?<![\w*])\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}(?![\w*])", re.MULTILINE
)
"""The mark of a quoted line, and marks of emphasis."""

_LINE_BREAK = re.compile(r"(?<=\S)[^\S\n]*\r?\n[^\S\n]*(?=\S)")


@dataclass(frozen=True, slots=True)
class Claim:
    """Words that a draft puts into somebody's mouth.

    ``pieces`` are the words without marks, several where the attribution stands between them;
    ``span`` covers them, marks included; ``around`` are the sentences that carry all.
    ``quoted`` tells whether they stand in quotation marks, ``fragment`` that these enclose only
    a part of a sentence, ``closed`` that none of the marks was forgotten, ``english`` that the
    paragraph is in English, ``denies`` that the draft's own words deny them ("denied that",
    "never said", "it was not"); ``lead`` are these words.  ``others`` are further speakers.
    """

    span: Span
    pieces: tuple[Span, ...]
    around: Span
    quoted: bool = True
    speaker: str | None = None
    addressees: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    fragment: bool = False
    closed: bool = True
    english: bool = True
    denies: bool = False
    lead: str = ""
    others: tuple[str, ...] = ()

    def finding(
        self,
        verdict: Verdict,
        *,
        passages: tuple[Citation, ...] = (),
        diff: tuple[DiffPart, ...] = (),
        corrected: str = "",
        notes: tuple[str, ...] = (),
        probability: float | None = None,
        turned: bool = False,
    ) -> Finding:
        """The finding on this claim, without the draft's own words, which have yet to be cut."""
        return Finding(
            self.span,
            "",
            verdict,
            self.quoted,
            listed([self.speaker, *self.others]) if self.speaker else None,
            self.addressees,
            self.sources,
            passages,
            diff,
            corrected,
            notes,
            probability,
            turned,
        )


@dataclass(frozen=True, slots=True)
class DraftClaims:
    """The claims of a draft in their order, and the words in marks that are none.

    ``even`` is the text in which they are to be read: of the same length, with its lines joined.
    """

    text: str
    even: str
    claims: tuple[Claim, ...]
    unchecked: tuple[Unchecked, ...]


def read_draft(text: str) -> DraftClaims:
    """What a draft claims.  Raises InputError for no text, and for more than LONGEST_DRAFT."""
    if not text.strip():
        raise InputError("expected a draft, found no text")
    if len(text) > LONGEST_DRAFT:
        raise InputError(
            f"expected a draft of at most {LONGEST_DRAFT:,} characters, "
            f"found {len(text):,}; split it"
        )
    even = without_markdown(_HALVES.sub("\ufffd", text))
    even = _in_small_letters(without_soft_line_ends(even))
    ends = [b.span.end for b in blocks(even)]
    marks = [q for q in quotations(even, ends) if q.depth == 0]
    found = extract(Article(id="draft", text=even))
    quotes = [q for q in found if q.modality != "hypothetical"]
    claims, unchecked = list[Claim](), list[Unchecked]()
    for group, quote in _quotations_with_statements(marks, quotes):
        claim = _quotation_claim(even, group, quote)
        outer = (q for q in quotes if quote and quote.span in q.span and quote.span != q.span)
        if any(denies(q) for q in outer):
            claim = replace(claim, denies=not claim.denies)
        reason = _no_claim(even, claim, quote)
        if reason:
            unchecked.append(Unchecked(claim.span, claim.span.slice(text), reason))
        else:
            claims.append(claim)
    claims += _reported(even, marks, [q for q in quotes if q.modality == "asserted"])
    paragraphs = [b.span for b in blocks(even)]
    claims = [replace(c, english=_is_english(even, c.span, paragraphs)) for c in claims]
    return DraftClaims(
        text, even, tuple(sorted(claims, key=lambda c: (c.span, c.quoted))), tuple(unchecked)
    )


def without_markdown(text: str) -> str:
    """Return the text with blanks for the marks of emphasis and of quoted lines that a draft in
    Markdown has when it is pasted; its length stays.

    The blanks for the marks of a speaker before a colon go behind this, where they part nothing.
    """
    text = _MARKED_LABEL.sub(lambda m: f"{m[2].strip()}:".ljust(len(m[0])), text)
    return _MARKDOWN.sub(lambda m: " " * len(m[0]), text)


def without_soft_line_ends(text: str) -> str:
    """Return the text with blanks for the line ends that end no paragraph; its length stays.

    Those are line ends inside quotation marks, before a small letter, and behind a line that breaks
    off with a comma, a dash or a semicolon.
    """
    inside = [q.inner for q in quotations(text) if q.closed and q.depth == 0]
    at = 0

    def blank(match: re.Match[str]) -> str:
        nonlocal at
        while at < len(inside) and inside[at].end <= match.start():
            at += 1
        quoted = at < len(inside) and inside[at].start <= match.start()
        broken = text[match.end()].islower() or text[match.start() - 1] in ",-–—;"
        return " " * len(match[0]) if quoted or broken else match[0]

    return _LINE_BREAK.sub(blank, text)


def _in_small_letters(text: str) -> str:
    """Return the text with quotations that are all in capitals written small; its length stays.

    A parser does not read words in capitals.
    """
    pieces, at = list[str](), 0
    for mark in quotations(text):
        words = mark.inner.slice(text)
        if mark.depth == 0 and len(_DRAFT_WORD.findall(words)) > 1 and words.isupper():
            small = "".join(c.lower() if len(c.lower()) == 1 else c for c in words)
            pieces += [text[at : mark.inner.start], small]
            at = mark.inner.end
    return "".join([*pieces, text[at:]])


def _quotations_with_statements(
    marks: Sequence[Quotation], quotes: Sequence[Quote]
) -> Iterator[tuple[list[Quotation], Quote | None]]:
    """Yield groups of quotations, each with the statement that it belongs to, if there is one.

    A group has several quotations where an attribution parts the pieces of one statement.
    """
    groups: dict[tuple[str, int], list[Quotation]] = {}
    owner: dict[tuple[str, int], Quote | None] = {}
    for number, mark in enumerate(marks):
        quote = _quote_of(mark, quotes)
        whole = quote is not None and len(quote.content) > 1 and quote.kind == "direct"
        key = (quote.id, -1) if quote and whole else ("", number)
        groups.setdefault(key, []).append(mark)
        owner[key] = quote
    for key, group in groups.items():
        yield group, owner[key]


def _quote_of(mark: Quotation, quotes: Sequence[Quote]) -> Quote | None:
    """The statement with most of the words of a quotation; the shortest of several."""

    def shared(quote: Quote) -> int:
        return sum(
            max(0, min(s.end, mark.inner.end) - max(s.start, mark.inner.start))
            for s in quote.content
        )

    near = [q for q in quotes if 2 * shared(q) > len(mark.inner)]
    return max(near, key=lambda q: (q.tier == "speech", shared(q), -len(q.span)), default=None)


def _quotation_claim(text: str, group: Sequence[Quotation], quote: Quote | None) -> Claim:
    span = hull(tuple(q.span for q in group))
    around = hull((span, quote.sentence)) if quote else span
    claim = Claim(
        span,
        tuple(q.inner for q in group),
        around,
        fragment=quote is not None and quote.kind != "direct",
        closed=all(q.marked for q in group),
    )
    if quote is None:
        return claim
    claim = _attributed(claim, quote)
    before = text[min(span.start, quote.span.start) : span.start]
    turned = quote.kind != "direct" and is_denied((clauses_of(before) or [""])[-1])
    lead = text[min(span.start, quote.sentence.start) : span.start].strip()
    lead = lead or text[span.end : max(span.end, quote.sentence.end)].strip()
    return replace(claim, denies=claim.denies ^ turned, lead=lead)


def _attributed(claim: Claim, quote: Quote) -> Claim:
    """A claim with those whom the draft names for it."""
    return replace(
        claim,
        speaker=next(iter(_names([quote.speaker])), None) if quote.speaker else None,
        addressees=_names(m for m in quote.addressees if m.basis != "inferred"),
        sources=_names(quote.chain),
        denies=denies(quote) ^ (quote.modality == "negated"),
        others=_names(quote.co_speakers),
    )


def _names(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """The names of those mentioned; in "On Tuesday Holm said" the day is not a part of one, and
    in "Football. Coach Falsen: ..." nothing before the stop is."""
    days = language().days
    found = list[str]()
    for name in (last_sentence(m.name) for m in mentions if m.name):
        first, _, rest = name.partition(" ")
        found.append(rest if rest and first.casefold() in days else name)
    return tuple(found)


def _no_claim(text: str, claim: Claim, quote: Quote | None) -> UncheckedReason | None:
    """Why words in quotation marks are nobody's statement, None if they are one."""
    found = [
        t for t in tokens(text, claim.pieces, edited=True) if t.key not in (ELLIPSIS, BRACKETS)
    ]
    if not found:
        return "too short"
    stated = quote is not None and not claim.fragment and _is_speech(quote, text)
    if not stated and _is_work_title(" ".join(p.slice(text) for p in claim.pieces)):
        return "title"
    if quote is not None and not claim.fragment:
        return None
    if len(found) < (SHORTEST if quote else SHORTEST_UNATTRIBUTED):
        return "too short"
    return None


def _is_speech(quote: Quote, text: str) -> bool:
    """Whether a statement has words of speech, of which "wrote" may as well name a work."""
    cue = words(quote.cue.slice(text)) if quote.cue else []
    return bool(cue) and not any(reporting_forms().get(w) == "write" for w in cue)


def _is_work_title(words: str) -> bool:
    """Whether words are written as the title of a work is: all that carry meaning with a
    capital letter, and no stop behind them."""
    parts = _DRAFT_WORD.findall(words)
    small = asking().stop_words
    telling = [p for p in parts if p.casefold() not in small]
    ended = words.rstrip()[-1:] in ".!?"
    return (
        bool(telling)
        and len(parts) <= LONGEST_WORK_TITLE
        and not ended
        and all(p[0].isupper() for p in telling)
    )


def _reported(text: str, marks: Sequence[Quotation], quotes: Sequence[Quote]) -> Iterator[Claim]:
    """The statements in words of the draft's own, also those that are quoted in part; what
    somebody is said to have said in one of them is a part of it."""
    seen: set[Span] = set()
    outer = [q.span for q in quotes if q.kind != "direct"]
    for quote in quotes:
        nested = any(quote.span in span and quote.span != span for span in outer)
        if quote.kind == "direct" or quote.span in seen or nested:
            continue
        whole = quote.kind == "indirect" and quote.tier == "speech"
        telling = content_stems(" ".join(_outside(text, quote, marks)))
        if len(telling) < (1 if whole else TELLING):
            continue
        seen.add(quote.span)
        yield _attributed(Claim(quote.span, quote.content, quote.sentence, quoted=False), quote)


def _outside(text: str, quote: Quote, marks: Sequence[Quotation]) -> Iterator[str]:
    """The words of a statement that stand outside of quotation marks."""
    for piece in quote.content:
        at = piece.start
        for mark in marks:
            if mark.span.overlaps(piece):
                yield text[at : max(at, mark.span.start)]
                at = max(at, mark.span.end)
        yield text[at : max(at, piece.end)]


def _is_english(text: str, span: Span, paragraphs: Sequence[Span]) -> bool:
    """Whether the paragraph that a claim stands in is in English, as far as its words tell."""
    around = next((p for p in paragraphs if p.overlaps(span)), span)
    found = [w.casefold() for w in _DRAFT_WORD.findall(hull((around, span)).slice(text))]
    found = found[:LANGUAGE_WORDS]
    small = asking().stop_words
    known = sum(w in small for w in found)
    few = known < ENGLISH_WORD_SHARE * len(found)
    return not (few and _at_most(known, len(found), LEAST_IN_ENGLISH) < BY_CHANCE)


def _at_most(count: int, draws: int, share: float) -> float:
    """Return the probability of at most so many successes, by the binomial distribution."""
    return sum(
        math.comb(draws, n) * share**n * (1 - share) ** (draws - n) for n in range(count + 1)
    )
