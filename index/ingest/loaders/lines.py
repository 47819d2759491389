"""Lines that were broken to fit a width, joined to the paragraphs that they were.

Wire copy, mail and old archives break lines at some 70 columns, in the middle of sentences and
of words.  A text is only taken for such a one if its own lines show it; any other is left as
it is, letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_NARROWEST, _WIDEST = 40, 110
"""Columns between which a text counts as broken to a width."""

_FULL_LINE_SHARE = 0.6
"""Share of that width below which a line is the last one of its paragraph."""

_MID_SENTENCE = re.compile(r"[\w,;’')–—-]\s*$")
SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*\s*$")
_ITEM = re.compile(r"\s*(?:[-*•–—·▪>|#]|\(?\d{1,2}[.)])\s")
_LINE_LABEL = re.compile(
    r"\s*(?:[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,4}(?: \([^)]{1,30}\))?:|[QA]\.)\s"
)
BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-\u00ad]$")
_SOFT = re.compile(r"(?<![ \n]) \n(?!\n)")


def unwrapped_paragraphs(text: str) -> str:
    """The text with each paragraph on one line, if its lines were broken to a width.

    In any other text only the lines are joined that hang below a speaker's.
    """
    lines = text.splitlines()
    width = _width(lines)
    if not width:
        return _with_hanging_lines(text)
    whole = set(re.findall(r"[^\W\d_]+-[^\W\d_]+", text))
    out: list[str] = []  # with a line end before each line that begins a paragraph
    before = ""
    for line in lines:
        words = line.strip()
        if not out or not _continues_paragraph(before, line, width):
            out += ["\n", words] if out else [words]
        elif BROKEN_WORD.search(out[-1]) and words[:1].islower():
            out[-1] = out[-1] if _is_hyphenated(out[-1], words, whole) else out[-1][:-1]
            out.append(words)
        else:
            out += [" ", words]
        before = line
    return "".join(out)


def _with_hanging_lines(text: str) -> str:
    """The text with each line that goes on below a label ("   A.   He told me to park by the"),
    indented deeper and in the middle of a sentence, joined to it."""
    out: list[str] = []
    label = 0  # columns before the label that the lines below hang from
    for line in text.splitlines(keepends=True):
        before = out[-1].rstrip("\r\n") if out else ""
        hangs = label and _indent(line) >= label and line.strip()[:1].islower()
        if hangs and len(before) >= _NARROWEST and _MID_SENTENCE.search(before):
            out[-1] = f"{before.rstrip()} {line.lstrip()}"
            continue
        label = _indent(line) + 2 if _LINE_LABEL.match(line) else 0
        out.append(line)
    return "".join(out)


def usual_length(lengths: Sequence[int]) -> int:
    """The length that nine tenths of some lines do not go beyond; 0 of none."""
    return sorted(lengths)[len(lengths) * 9 // 10] if lengths else 0


def _width(lines: list[str]) -> int:
    """The columns to which most lines were broken; 0 if they were not."""
    lengths = [len(line.rstrip()) for line in lines if line.strip()]
    usual = usual_length(lengths)
    if not _NARROWEST <= usual <= _WIDEST or max(lengths) > 2 * _WIDEST:
        return 0
    pairs = [(a, b) for a, b in pairwise(lines) if a.strip() and b.strip()]
    broken = sum(
        bool(_MID_SENTENCE.search(a))
        and b.strip()[0].islower()
        and len(a) >= _FULL_LINE_SHARE * usual
        for a, b in pairs
    )
    return usual if broken >= 2 and 6 * broken >= len(pairs) else 0


def _continues_paragraph(before: str, line: str, width: int) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    if not before.strip() or not line.strip() or _ITEM.match(line):
        return False
    ended = SENTENCE_END.search(before)
    if ended and (_indent(line) > _indent(before) + 1 or _LINE_LABEL.match(line)):
        return False
    if before.strip().isupper() and not line.strip().isupper():
        return False  # a headline
    return len(before.rstrip()) >= _FULL_LINE_SHARE * width or line.strip()[0].islower()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_hyphenated(start: str, rest: str, whole: set[str]) -> bool:
    """Whether the word that two lines share has its hyphen elsewhere in the text, too."""
    first = re.search(r"[^\W\d_]+-$", start)
    second = re.match(r"[^\W\d_]+", rest)
    return bool(first and second and f"{first[0]}{second[0]}" in whole)


def reflowed(text: str) -> str:
    """The text of a mail whose lines end in a blank where they go on (RFC 3676)."""
    parts = text.split("\n-- \n", 1)
    return "\n-- \n".join([_SOFT.sub(" ", parts[0]), *parts[1:]])
