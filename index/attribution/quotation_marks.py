"""Which quotation marks belong together, in one pass over the text.

Reporters use “ ” " " '' '' `` '' ‘ ’ ' ' « » „ “; they nest them, reopen them at each
paragraph of a long statement, and forget to close them.  Marks are paired within a
paragraph; one that is still open at its end covers the rest of the paragraph, and counts
as carried over if the next paragraph reopens it (Pouliquen et al. 2007 describe the
convention).  Apostrophes are told from single marks by the letters around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from index.lang import language
from index.types import Span

_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n|\r\n[^\S\n]*\r\n|\u2029")
_MARK = re.compile(r"''|``|[“”„‟«»\"‘’‚']")
_CLOSERS = {
    **{"“": ("”", "“", '"'), "„": ("“", "”", '"'), "‟": ("”", '"'), "«": ("»",), "»": ("«",)},
    **{"``": ("''", '"', "``"), "''": ("''",), '"': ('"', "”")},
    **{"‘": ("’", "'"), "‚": ("‘", "’"), "'": ("'", "’")},
}
_INCHES = re.compile(r'" [a-z]')
_SINGLE_CLOSER = re.compile(r"(?<!\s)[’'](?!\w)")
_MAX_NESTED_MARKS = 3  # marks open at once; more is no nesting but noise
_SINGLE = frozenset("‘’‚'")
_DOUBLE = frozenset('"“')
# A single mark left open further than this was an apostrophe ("’til", "the ’90s").
_LONGEST_SINGLE = 400  # code points


_PERSON = r"(?:[^\W\d_a-z][\w.’'-]*(?:\s+|(?=[,.]))){1,4}"
# ", said Reyes" and ", Ana Reyes said." behind words that have no mark behind them
_WHOSE = re.compile(rf"[,?!]\s+(?:(?P<before>[a-z]+)\s+{_PERSON}|{_PERSON}(?P<behind>[a-z]+)[.,])")


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between two marks that belong together.

    span     with the marks
    inner    without them, white space trimmed
    depth    0 for an outermost quotation
    closed   False if the paragraph ended before a closing mark
    marked   False if it has no closing mark, wherever it ends
    single   set in single marks
    """

    span: Span
    inner: Span
    depth: int = 0
    closed: bool = True
    single: bool = False
    marked: bool = True


@dataclass(slots=True)
class _Open:
    start: int
    after: int
    closers: tuple[str, ...]
    single: bool


def paragraph_ends(text: str) -> list[int]:
    """Offsets at which a paragraph ends (its text excluded), the text's end included."""
    return [m.start() for m in _PARAGRAPH_END.finditer(text)] + [len(text)]


def quotations(text: str, breaks: Iterable[int] | None = None) -> list[Quotation]:
    """The quotations of a text, outermost first where they start together.

    ``breaks`` are offsets at which every open mark is given up; by default the ends of
    paragraphs.  Linear in the length of the text: each mark is seen once and the stack
    of open marks never grows above three.
    """
    ends = sorted(set(breaks)) if breaks is not None else paragraph_ends(text)
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    found: list[Quotation] = []
    start = 0
    for end in ends:
        _scan(text, start, end, found)
        start = end
    found.sort(key=lambda q: (q.span.start, -q.span.end))
    return found


def _scan(text: str, start: int, end: int, found: list[Quotation]) -> None:
    """Add the quotations of one paragraph; a double mark left open covers the rest of it."""
    stack: list[_Open] = []
    for match in _MARK.finditer(text, start, end):
        mark, at = match.group(), match.start()
        if mark in _SINGLE and not _is_quotation_mark(text, at, end, stack):
            continue
        if mark == '"' and _is_inches(text, at, end, stack):
            continue
        depth = _closes(text, mark, at, stack)
        if depth is not None:
            opened = stack[depth]
            del stack[depth:]
            _add_quotation(text, opened, at, match.end(), depth, True, found)
        elif len(stack) < _MAX_NESTED_MARKS and _may_open(text, mark, at, match.end()):
            if stack and mark in _DOUBLE and _begins_anew(text, mark, at, stack[-1]):
                _add_quotation(text, stack.pop(), at, at, len(stack), False, found)
            stack.append(_Open(at, match.end(), _CLOSERS.get(mark, (mark,)), mark in _SINGLE))
    if not stack or stack[0].single:
        return
    close = _end_without_mark(text, stack[0], end)
    if close is None:
        _add_quotation(text, stack[0], end, end, 0, False, found)
        return
    _add_quotation(text, stack[0], close, close, 0, True, found)
    for number, inner in enumerate(found):
        if close <= inner.span.start and inner.span.end <= end and inner.depth:
            found[number] = replace(inner, depth=inner.depth - 1)


def _end_without_mark(text: str, opened: _Open, end: int) -> int | None:
    """Return where a quotation ends whose closing mark is missing: before the first words that say
    who speaks (“It is calm, said Reyes.).

    None where no words say so, and where the next paragraph begins with a mark and goes on with it.
    """
    if text[end : end + 20].lstrip()[:1] == text[opened.start]:
        return None
    for found in _WHOSE.finditer(text, opened.after, end):
        if (found["before"] or found["behind"]) in language().cue_forms:
            return found.start() + 1
    return None


def _is_quotation_mark(text: str, at: int, end: int, stack: list[_Open]) -> bool:
    """Whether a single mark is no apostrophe ("don't", "voters’ lists", "the ’90s")."""
    mark, before, after = text[at], text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if before.isalnum() and after.isalnum():
        return False
    if any(o.single for o in stack):
        if before.isspace() or after.isalnum():
            return mark in "‘‚"
        # "the voters’ choice": a closing mark only if none follows that could be it.
        plural = before in "sS" and after == " " and text[at + 2 : at + 3].islower()
        return not (plural and _SINGLE_CLOSER.search(text, at + 1, min(end, at + 200)))
    if mark in "‘‚":
        return not before.isalnum()
    if mark == "’" or before.isalnum() or not after.isalpha():
        return False
    return bool(_SINGLE_CLOSER.search(text, at + 1, min(end, at + _LONGEST_SINGLE)))


def _is_inches(text: str, at: int, end: int, stack: list[_Open]) -> bool:
    """Whether a straight mark behind a number gives inches ("a 6\" pipe")."""
    measured = _INCHES.match(text, at, end) is not None and text[at - 1 : at].isdigit()
    return measured and (not stack or text.find("”", at, end) > 0)


def _closes(text: str, mark: str, at: int, stack: list[_Open]) -> int | None:
    """The depth in the stack of what this mark closes, or None."""
    for depth in range(len(stack) - 1, -1, -1):
        opened = stack[depth]
        if mark not in opened.closers or (mark in _SINGLE) != opened.single:
            continue
        if opened.after == at or (opened.single and at - opened.start > _LONGEST_SINGLE):
            continue
        before, after = text[at - 1 : at], text[at + len(mark) : at + len(mark) + 1]
        if mark not in "”»’" and before.isspace() and after.isalnum():
            # It opens another one: the first was never closed, or this one is nested.
            return None
        return depth
    return None


def _begins_anew(text: str, mark: str, at: int, last: _Open) -> bool:
    """Whether a mark opens a quotation anew at a sentence's end and nests none in the one
    that is open: the same double mark inside another is a mark that was forgotten."""
    end = at  # backwards: a copy of all since the open mark, at each mark, would add up
    while end > last.after and text[end - 1].isspace():
        end -= 1
    stopped = end > last.after and text[end - 1] in ".!?"
    return stopped and last.closers == _CLOSERS.get(mark)


def _may_open(text: str, mark: str, at: int, after: int) -> bool:
    """Whether a mark has something behind it to open, and is none that closes a word
    ('exercise".') whose own beginning was forgotten."""
    before, following = text[at - 1 : at], text[after : after + 1]
    if mark == "»":  # as printers of German turn them: »so«
        return following.isalnum() and not before.strip()
    if mark == "«" and following.isspace():  # and of French: « ainsi »
        return text[after : after + 2].strip() != "" and not before.isalnum()
    closing = before.isalnum() and not following.isalnum()
    return mark not in "”’" and bool(following) and not following.isspace() and not closing


def _add_quotation(
    text: str, opened: _Open, close: int, end: int, depth: int, closed: bool, out: list[Quotation]
) -> None:
    inner_start, inner_end = opened.after, close
    while inner_start < inner_end and text[inner_start].isspace():
        inner_start += 1
    while inner_end > inner_start and text[inner_end - 1].isspace():
        inner_end -= 1
    if inner_start >= inner_end:
        return
    span_end = end if closed else inner_end
    out.append(
        Quotation(
            Span(opened.start, span_end),
            Span(inner_start, inner_end),
            depth,
            closed,
            opened.single,
            marked=end > close,
        )
    )
