"""The parser's copy of a paragraph: long quotations masked, odd characters replaced.

A parser that reads ``"Yes," Orlov said.`` finds the subject of *said* far more often than
one that reads the three sentences Orlov spoke (Newell et al. 2018 mask in the same way).
The copy carries a map, so every token points back to the original text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Sequence
from dataclasses import dataclass

from index.attribution.quotation_marks import Quotation
from index.types import Span

PLACEHOLDER = "Yes"

_INNER_STOP = re.compile(r"[.!?…][\s\"'’”]+\S")
_ODD = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_STRAIGHT = str.maketrans("“”„‟«»‘’‚\u00a0\u2011\u2015", '""""""\'\'\'\u0020-—')
_BLANKS = " \t\u00a0\u2009\u202f"  # a line end is none: it sets a quotation apart
_IN_NAME = re.compile(r"(?<=\b[AaEeUu]l)-(?=[^\W\d_a-z])")
_IN_NOUN = re.compile(
    r"\b(?:(?:[Cc]o|[Ee]x|[Vv]ice|[Hh]alf|[Ss]tep)-[a-z]{3,}|\d{1,3}-year-old"
    r"|[a-z]{3,}-in-law|[Tt]eam-mates?|[Ee]-mails?)\b"
)
_INCH_MARK = re.compile(r"(?<=\d)\"(?= [a-z])")
_LETTER_RUN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Masked:
    """The parser's copy of one stretch of an article.

    pieces  for each piece of the copy: its offset there, its offset in the article, its
            length in the article, and the number of the quotation it stands for (or None)
    """

    text: str
    pieces: tuple[tuple[int, int, int, int | None], ...]
    starts: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[Span, int | None]:
        """What copy[start:end] stands for, and the quotation if it is a placeholder."""
        first = self.pieces[bisect_right(self.starts, start) - 1]
        last = self.pieces[bisect_right(self.starts, end - 1) - 1]
        if first[3] is not None and first is last:
            return Span(first[1], first[1] + first[2]), first[3]
        low = first[1] if first[3] is not None else first[1] + start - first[0]
        high = last[1] + last[2] if last[3] is not None else last[1] + end - last[0]
        return Span(low, max(high, low + 1)), None


def _last_word(text: str, quotation: Quotation) -> str:
    """The word right before a quotation, or an empty text."""
    before = text[max(0, quotation.span.start - 20) : quotation.span.start].split()
    return before[-1] if before else ""


def is_maskable(text: str, quotation: Quotation, cue_forms: Container[str]) -> bool:
    """Whether a quotation is speech of its own, and no fragment or title in a clause.

    Speech stands apart (at the start of a paragraph or sentence, after a comma or colon),
    or begins like a sentence and ends like one or follows a cue (one of ``cue_forms``), or
    holds several.
    """
    inner = quotation.inner.slice(text)
    words = _LETTER_RUN.findall(inner)
    if quotation.depth or not words:
        return False
    if not quotation.closed or _INNER_STOP.search(inner) or len(words) >= 30:
        return True
    before = text[max(0, quotation.span.start - 3) : quotation.span.start].rstrip(_BLANKS)
    after = text[quotation.span.end : quotation.span.end + 1]
    apart = before == "" or before[-1] in ",:\n.?!—–"
    ends = inner[-1] in ".,!?…—–-" or after in (",", "")
    first = inner.lstrip("[(.…' ‘“")[:1]
    if first.isupper() and len(words) >= 2 and _last_word(text, quotation) in cue_forms:
        return True
    if first.isupper() or first.isdigit():
        if len(words) >= 4 and ends:
            lower = sum(w[0].islower() and len(w) > 3 for w in words[1:])
            return apart or lower > 0
        return apart and (ends or len(words) >= 4)
    if words[0].lower() == "that":
        return False
    return apart and before[-1:] in (",", ":", "—", "–", "\n", "") and len(words) >= 3 and ends


def masked(text: str, span: Span, quotations: Sequence[tuple[int, Quotation]]) -> Masked:
    """The parser's copy of text[span], with these (numbered) quotations masked."""
    out: list[str] = []
    pieces: list[tuple[int, int, int, int | None]] = []
    length = 0

    def put(copy: str, start: int, size: int, number: int | None) -> None:
        nonlocal length
        if copy:
            pieces.append((length, start, size, number))
            out.append(copy)
            length += len(copy)

    at = span.start
    for number, quotation in quotations:
        inner = quotation.inner
        if inner.start < at or inner.end > span.end:
            continue
        put(_parser_text(text[at : inner.start]), at, inner.start - at, None)
        put(PLACEHOLDER, inner.start, inner.end - inner.start, number)
        stop = _stop(text, quotation, span.end)
        # The stop stands inside the mask; the parser wants to see it.
        put(stop, inner.end - 1, 1, None)
        at = inner.end
    put(_parser_text(text[at : span.end]), at, span.end - at, None)
    return Masked("".join(out), tuple(pieces), tuple(p[0] for p in pieces))


def _parser_text(text: str) -> str:
    """The text, code point for code point, as a parser can read it.

    The hyphen of an Arabic article ("al-Assad") and that of a noun for a person ("the
    co-author", "the 51-year-old") is given as one that the tokenizer does not split at: the
    three tokens are often read as three subjects.  A mark for inches ("a 6\" pipe") is given
    as a prime, which is no quotation mark.
    """
    plain = _IN_NAME.sub("\u2011", _ODD.sub(" ", text).translate(_STRAIGHT))
    if inches := _INCH_MARK.findall(plain):
        # Beside other marks the parser's copy keeps what may close a quotation.
        plain = _INCH_MARK.sub("\u2033", plain) if len(inches) == plain.count('"') else plain
    return _IN_NOUN.sub(lambda noun: noun[0].replace("-", "\u2011"), plain)


def _stop(text: str, quotation: Quotation, end: int) -> str:
    """The punctuation after the placeholder: a comma if the sentence goes on."""
    last = text[quotation.inner.end - 1]
    after = text[quotation.span.end : min(end, quotation.span.end + 40)].lstrip()
    if after[:1] in (",", ";", ".") or not after:
        return "" if after else "."
    if last in ".!?…" and after[:1].islower():
        return ","
    return last if last in ",.!?" else ("," if last in "…—-–" else "")
