"""An article's blocks, sentences and passages, all by offset.

Blocks are what blank lines or single line ends part: titles, sub-headings, paragraphs.
Sentences are found by rules that know abbreviations and initials (after the idea of
Kiss & Strunk 2006, with a fixed table instead of a learned one).  Passages are runs of
whole sentences, long enough to be understood and short enough to be read at a glance.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.lang import READ, language
from index.text.folding import fold
from index.text.time_code import CHAT_STAMP, TIME_CODE
from index.types import Article, Passage, Span

LONGEST_PASSAGE = 600  # code points; about 120 words, well within what MiniLM reads
_LONGEST_HEADING = 90  # code points
_MOST_HEADING_WORDS = 12
_MAX_SENTENCE_CHARACTERS = 5_000  # code points; what has no stop for longer is cut at a blank
_LONGEST_HELD = 20_000  # code points of a passage that a quotation holds together

_LINE = re.compile(r"[^\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_LIST_ITEM = re.compile(r"^\s*(?:[-*•–—·▪]|\(?\d{1,2}[.)])\s")
_ENDS_SENTENCE = re.compile(r"[.!?…:;,][\"'”’»)\]]*\s*$")
_DOUBLE_MARK = re.compile(r"[\"“”„«»]|''|``")
_TRANSCRIPT = re.compile(
    rf"^\s*(?:{TIME_CODE}\s+)?[A-Z][\w .'’-]{{1,40}}:\s|.*\w\s+{TIME_CODE}:?$|{TIME_CODE}\s"
    rf"|{CHAT_STAMP}"
)
_DATELINE = re.compile(
    r"(?P<place>[^\W\d_][\w.’'/ -]{1,30}?"
    r"(?:, (?:[^\W\d_][\w.]+ ?(?:\d{1,2}\b)?|\d{1,2} \w+|\d{4})){0,4})?"
    r"\s*(?:\((?P<agency>[^()\n]{2,30})\)|/(?P<wire>[\w .-]{2,30})/)?\s*(?:[—–―]|--| -)\s*(?=\S)"
)
# The time before an entry of a live report ("14.05 - ").
_ENTRY_TIME = re.compile(r"\d{1,2}[.:]\d{2}(?: ?[-–—:|])? +(?=[^\W\d_a-z]|[“\"])")
_ATTRIBUTION = re.compile(
    r"(?:[^\W\d_a-z][\w.’'-]*\s+){1,6}(?P<cue>[a-z]+)"
    r"(?=[.,;:]|\s+(?:as|in|at|on|to|when|while|during|before|after|of|with|from|[A-Z]\w+day)\b)"
)
# What an agency sets at the end of a story: "###", "-30-", "ENDS", "(MORE)", who worked on it.
_SLUG = re.compile(
    r"[-–—*_#=~\s]{3,}|[-–—*_#=~(\s]{0,9}(?:-\s?30\s?-|END|ENDS|MORE|Ends)[-–—*_#=~).\s]{0,9}|"
    r"[(\[]?(?:(?:Additional )?[Rr]eporting|Writing|Editing|Compiled|Edited|Written) by "
    r"[^.!?]{3,120}[.)\]]*|\(?©.{0,100}|\(?(?:Copyright|COPYRIGHT)\b.{0,100}"
)
# A heading set in marks: what is said as a sentence has its stop.
_MARKED_HEADING = re.compile(r"[“\"‘][^“”\"]{2,80}[^\W_][”\"’]")
# A line of its own above a quotation that tells whose it is.
FROM_LINE = re.compile(
    r"(?:From (?:the )?(?:desk|office)s? of|(?:A )?[Ss]tatement (?:by|from|of)"
    r"|The (?:view|words?) of) (?=\w)"
)
_SIGNATURE = re.compile(r"\s*(?:[—–―]|--?)\s*\w")
_COMPOUND_WORD = re.compile(r"\w+(?:[.'’-]\w+)*")
# Not from within a run of stops: where the whole run ends no sentence, no part of it does.
_BOUNDARY = re.compile(r"(?:(?<![.!?…])[.!?…]++|。|！|？)[\"'”’»)\]]*+(?=\s)")
_NEXT = re.compile(r"\s+([\"'“‘„«(\[—–-]*)(\S)")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or title, without the white space around it."""

    span: Span
    kind: Literal["title", "heading", "paragraph"]


def blocks(text: str, title: str = "") -> list[Block]:
    """The blocks of a text, in order; no text gives none.

    A line is the title if it reads as the given one, or if it stands at the top and the
    lines after it repeat it, or if it is the first and has the shape of a heading.
    """
    lines = [_trimmed(text, m.start(), m.end()) for m in _LINE.finditer(text)]
    spans = [s for s in lines if s is not None]
    wanted = fold(title)
    first = fold(spans[0].slice(text)) if spans and len(spans[0]) < 400 else ""
    repeated = len(spans) > 1 and len(spans[1]) < 400 and fold(spans[1].slice(text)) == first
    out: list[Block] = []
    at_top = True
    for number, span in enumerate(spans):
        line = span.slice(text)
        reading = fold(line) if len(line) < 400 else ""
        if (
            at_top
            and reading
            and (
                reading == wanted
                or (repeated and reading == first)
                or (number == 0 and len(spans) > 1 and not wanted and _is_title(line))
            )
        ):
            out.append(Block(span, "title"))
            continue
        at_top = at_top and number == 0
        following = spans[number + 1].slice(text)[:80] if number + 1 < len(spans) else ""
        heads = _SLUG.fullmatch(line) or (following and _heads(line, following))
        out.append(Block(span, "heading" if heads else "paragraph"))
    return out


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and (text[start].isspace() or text[start] == "\x00"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == "\x00"):
        end -= 1
    return Span(start, end) if start < end else None


def _is_title(line: str) -> bool:
    """A first line that is no sentence, or one set like a title though it ends in a stop."""
    if len(line) > 200 or _TRANSCRIPT.match(line):
        return False
    if not _ENDS_SENTENCE.search(line):
        return not line.startswith(("“", '"', "-", "•"))
    words = _COMPOUND_WORD.findall(line)
    capitals = sum(w[0].isupper() or len(w) < 4 or w[0].isdigit() for w in words)
    return len(words) > 2 and capitals >= 0.8 * len(words) and "." not in line[:-1]


def after_dateline(text: str, block: Span, *, code: str = READ) -> int:
    """Where a paragraph's own words begin, after "MOSCOW, Nov. 7 (TASS) -" or "14.05 -"."""
    if clock := _ENTRY_TIME.match(text, block.start, block.end):
        return clock.end()
    match = _DATELINE.match(text, block.start, min(block.end, block.start + 90))
    if match is None:
        return block.start
    place, agency = match.group("place", "agency")
    known = agency is not None and agency.casefold() in language(code).news_agencies
    known = known or match["wire"] is not None
    named = place is not None and place.split(",")[0].isupper() and len(place) > 2
    sentence = not text[match.end()].islower()
    return match.end() if known or (named and sentence) else block.start


def _heads(line: str, following: str) -> bool:
    """Whether a line is a heading of the one after it, of words or in marks."""
    if FROM_LINE.match(line) and _DOUBLE_MARK.match(following):
        return False
    if _MARKED_HEADING.fullmatch(line):
        return not _SIGNATURE.match(following)
    return _is_heading(line)


def _is_heading(line: str) -> bool:
    """A short line without final stop, quotation marks, bullet or speaker before a colon."""
    return (
        len(line) <= _LONGEST_HEADING
        and len(_COMPOUND_WORD.findall(line)) <= _MOST_HEADING_WORDS
        and line[:1].isupper()
        and not _ENDS_SENTENCE.search(line)
        and not _DOUBLE_MARK.search(line)
        and not _LIST_ITEM.match(line)
        and not _TRANSCRIPT.match(line)
    )


def sentences(text: str, parts: Sequence[Block] | None = None, *, code: str = READ) -> list[Span]:
    """The sentences of the text's paragraphs, in order, without the white space around."""
    parts = blocks(text) if parts is None else parts
    return [s for b in parts if b.kind == "paragraph" for s in sentences_in(text, b.span, code)]


def sentences_in(text: str, block: Span, code: str = READ) -> Iterator[Span]:
    """The sentences within one paragraph."""
    start = block.start
    for match in _BOUNDARY.finditer(text, block.start, block.end):
        if match.end() < block.end and _is_boundary(text, start, match, block.end, code):
            yield from _cut_at_blanks(text, start, match.end())
            start = match.end()
    yield from _cut_at_blanks(text, start, block.end)


def whole_sentences(sentences: Sequence[Span], low: int, high: int) -> Span:
    """The whole sentences, of those given in order, that a stretch stands in; the stretch by
    itself where there are none."""
    first = bisect_right(sentences, low, key=lambda s: s.end)
    beyond = bisect_left(sentences, high, key=lambda s: s.start)
    if first >= beyond:
        return Span(low, high)
    return Span(min(low, sentences[first].start), max(high, sentences[beyond - 1].end))


def _cut_at_blanks(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence, in pieces that end at blanks if it is longer than any sentence is."""
    while end - start > _MAX_SENTENCE_CHARACTERS:
        most = start + _MAX_SENTENCE_CHARACTERS
        at = text.rfind(" ", start + 1, most)
        at = at if at > 0 else most
        if (span := _trimmed(text, start, at)) is not None:
            yield span
        start = at
    if (span := _trimmed(text, start, end)) is not None:
        yield span


def _is_boundary(text: str, start: int, match: re.Match[str], end: int, code: str) -> bool:
    """Whether a sentence ends with these marks: by what stands before and after them."""
    following = _NEXT.match(text, match.end(), end)
    if following is None:
        return True
    opening, letter = following.group(1), following.group(2)
    if letter.islower():
        return False
    if match.group()[-1] in "\"'”’»" and match.group()[0] in "!?…":
        attribution = _ATTRIBUTION.match(text, following.start(2), end)
        if attribution and attribution["cue"] in language(code).cue_forms:
            return False  # "“Where is it?” Mayor Ines Castro asked on Friday."
    if match.group().startswith(".") and len(match.group().rstrip("\"'”’»)]")) == 1:
        at = match.start()
        while at > start and not text[at - 1].isspace() and text[at - 1] not in "(“\"'‘":
            at -= 1
        word = text[at : match.start()]
        words = language(code)
        next_word = _COMPOUND_WORD.match(text, following.start(2))
        next_folded = next_word.group().casefold() if next_word else ""
        if len(word) == 1 and word.isalpha() and word.isupper() and word != "I":
            return False
        # "He was ill. Marsh left" ends a sentence, "Peoria, Ill. Marsh" does not.
        written = word.casefold() if word[:1].isupper() or "." in word else ""
        if written in words.abbreviations or word in words.lower_abbreviations:
            return False
        if "." in word and len(word) <= 6 and word.replace(".", "").isalpha():
            # "U.N. Security", "9 a.m. Monday"; but "... in the U.S. He said" ends one.
            return next_folded in words.sentence_openers or bool(opening)
        if written in words.final_abbreviations:
            return next_folded in words.sentence_openers
    return True


def passages(
    article: Article,
    sentences: Sequence[Span],
    quotations: Sequence[Span],
    *,
    longest: int = LONGEST_PASSAGE,
) -> list[Passage]:
    """Runs of whole sentences of at most about ``longest`` code points, in order.

    Every sentence is in exactly one passage.  Sentences that one quotation holds
    together stay together, up to many pages; a heading between two paragraphs parts them.
    """
    kinds = blocks(article.text, article.title)
    headings = [b.span.start for b in kinds if b.kind != "paragraph"]
    out: list[Passage] = []
    run: list[Span] = []
    for group in _held_together(sentences, quotations):
        apart = run and bisect_right(headings, group[0].start) != bisect_right(
            headings, run[-1].start
        )
        if run and (apart or group[-1].end - run[0].start > longest):
            out.append(_passage_of_run(article, run))
            run = []
        run.extend(group)
    if run:
        out.append(_passage_of_run(article, run))
    return out


def _held_together(sentences: Sequence[Span], quotations: Sequence[Span]) -> Iterator[list[Span]]:
    """The sentences in order, those that a quotation spans as one group."""
    reach, number = 0, 0
    marks = sorted(quotations)
    group: list[Span] = []
    for sentence in sorted(sentences):
        held = bool(group) and sentence.end - group[0].start <= _LONGEST_HELD
        if group and (sentence.start >= reach or not held):
            yield group
            group = []
        group.append(sentence)
        while number < len(marks) and marks[number].start < sentence.end:
            reach = max(reach, marks[number].end)
            number += 1
    if group:
        yield group


def _passage_of_run(article: Article, run: Sequence[Span]) -> Passage:
    """Return the passage that a run of sentences makes; the id names its place."""
    span = Span(run[0].start, run[-1].end)
    return Passage(f"{article.id}#p{span.start}-{span.end}", article.id, span, tuple(run))
