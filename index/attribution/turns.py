"""Who has the floor: the turns of transcripts and interviews, and the letters of a mail.

A turn begins at a label: a name before a colon ("DANA WHITLOCK, HOST (voice-over): ..."), on
a line of its own beside a time code ("Petra Voss  0:12"), or "Q" and "A".  A letter begins at
its header ("From: ...", "On Monday, Ada Reed wrote:").  What stands in a turn was said in
these words, so it is direct speech without marks; what it reports in turn is passed on by its
speaker.  Who asked whom follows from the order of the turns.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.attribution import hearings
from index.attribution.nested import named_after
from index.attribution.quotation_marks import quotations
from index.lang import Language, language
from index.people.given_names import gender_of
from index.people.names import begins_name, is_title
from index.text.folding import fold
from index.text.segment import Block, whole_sentences
from index.text.time_code import CHAT_STAMP, TIME_CODE
from index.types import Basis, Mention, Quote, Span

LONGEST_STATEMENT = 1200
"""Code points of a paragraph of a turn that are one statement, about what the embedder reads;
a longer one is cut between sentences."""

_LABEL_WORD = r"[^\W\d_][\w.'’-]*"
_LABEL_NAME = rf"(?:(?:@|[ru]/)[\w.]+|{_LABEL_WORD}(?: (?:{_LABEL_WORD}|\d{{1,2}})){{0,5}})"
_TURN = re.compile(
    rf"(?:{CHAT_STAMP}|{TIME_CODE}\s+(?:[-–—]\s+)?)?"
    rf"(?:(?:(?:[Cc]omment|[Pp]ost(?:ed)?|[Rr]eply) (?:by|from)|From) )?(?P<name>{_LABEL_NAME})"
    rf"(?:, (?P<role>[^:“”\"()\n]{{2,80}}))?(?: ?\([^()\n]{{1,40}}\)){{0,2}}"
    rf"(?: {{0,3}}{TIME_CODE})?:(?=\s|$)"
)
_INITIAL = re.compile(r"(?P<name>Q|A)(?:[.:](?=\s)|\s{2,}(?=\S))")
_OFFICE_LABEL = re.compile(
    rf"The [^:()“”\"\n]{{3,90}} \((?P<name>{_LABEL_WORD}(?: {_LABEL_WORD}){{1,4}})\):(?=\s)"
)
_ITEM_NUMBER = re.compile(r"\d{1,3}\.\s+(?=[^\W\d_])")
_NAMELESS_LABEL = re.compile(
    r"(?:speaker|person|voice|host|guest|interviewer|moderator|caller|presenter)"
    r"(?: [a-z]| \d{1,2})?$",
    re.IGNORECASE,
)
_INTRODUCES_ONESELF = re.compile(
    r"\b(?:I['’]m|I am|[Mm]y name is|[Mm]y name['’]s)"
    r" (?P<name>[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w.’'-]+){1,3}(?<=\w))"
)
_OWN_LINE = re.compile(
    rf"(?:(?P<time>{TIME_CODE})\s{{1,4}}(?P<name>{_LABEL_NAME})"
    rf"|(?P<name_>{_LABEL_NAME})\s{{1,4}}(?P<time_>{TIME_CODE}))$"
)
_NAME_ALONE = re.compile(rf"{_LABEL_WORD}(?: {_LABEL_WORD}){{1,4}}")
# A line of a list of those who take part: "Yuna Falk - Chief Financial Officer".
_LISTED = re.compile(
    rf"^(?P<name>{_LABEL_WORD}(?: {_LABEL_WORD}){{1,3}}) ?[-–—]{{1,2}} [^\W\d_a-z]"
    r"[^\n.!?]{2,60}$",
    re.MULTILINE,
)
_CALL_LABELS = frozenset(("operator", "moderator"))
_LONGEST_NAME_LINE = 50  # code points of a name that has a line of its own
_LABEL_CODE = re.compile(TIME_CODE)
_LEADING_CODE = re.compile(rf"\s*(?P<time>{TIME_CODE})\s+(?=\S)")
_BRACKETED_ASIDE = re.compile(r"[\[(][^\[\]()\n]{1,60}[\])]")
_LAST_ASIDES = re.compile(r"(?:\s*[\[(][^\[\]()\n]{1,30}[\])])+$")
_FROM = re.compile(r"From: +(?P<name>[^<\n]{2,60}?)\s*(?:<[^<>\n]*>)?$")
_HEADER = re.compile(r"(?:To|Cc|Date|Sent|Subject|Reply-To): *(?P<value>[^\n]*)$")
_WROTE = re.compile(r"On [^\n]{6,80}?, (?P<name>[^<,\n]{2,60}?)(?: <[^<>\n]*>)? wrote:$")
_SEPARATOR = re.compile(
    r"-{3,} ?(?:Original|Forwarded) [Mm]essage ?-{3,}$|Begin forwarded message:$"
)
_GREETING = re.compile(r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b.{0,60}$", re.I)
_FAREWELL = re.compile(
    r"(?:(?:best|kind|warm)?\s*(?:regards|wishes)|yours\b.*|cheers|best|thanks)\W*$", re.I
)
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Mm]e|[Uu]s)\b")
_YOU = re.compile(r"\b[Yy]ou(?:r|rs|rself)?\b")
_SHORT_NAME = rf"{_LABEL_WORD}(?: {_LABEL_WORD}){{1,2}}(?<=\w)"
_BYLINE = re.compile(rf"[Bb]y (?P<name>{_LABEL_WORD}(?: {_LABEL_WORD}){{1,3}}(?<=\w))\W*$")
_CREDIT = re.compile(
    rf"\b(?:[Ii]nterview(?:ed)?|[Ww]ords|[Tt]ext|[Ss]tory) by (?P<name>{_SHORT_NAME})"
)
_FULL_NAME = re.compile(r"(?<![\w’'])[^\W\d_a-z][\w.'’-]+(?: [^\W\d_a-z][\w.'’-]+){1,2}(?<=\w)")
_GUEST = re.compile(
    rf"\b(?:[Ii]nterview|[Cc]onversation|Q ?& ?A|Q and A) with (?P<name>{_SHORT_NAME})"
)
_QUESTION_LINE = re.compile(r"\W{0,3}[^\W\d_a-z][^“”\"?\n]*\?\W{0,3}")
_OF_ANOTHER = re.compile(r"\b[Yy]ou(?:r|rs)?\b")
_OF_ONESELF = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Mm]yself)\b")
_LONGEST_QUESTION = 300
_STOPS = re.compile(r"[.!?…–—-][\"'”’»)\]]*$")
_MIN_SENTENCE_WORDS = 8
"""So many words behind a label are a sentence even without a full stop."""

_QUESTION = re.compile(r"\?[\"”’)\]]*$")
_PARTICLES = frozenset(
    "al bin bint da de del den der di dos du el el- ibn la le ten ter van von y".split()
)
_ASKER_LABELS = frozenset(("q", "question", "interviewer"))
_ANSWERER_LABELS = frozenset(("a", "answer", "interviewee"))
_MAX_SHORT_ANSWER_WORDS = 12
"""An answer of at most so many words is shown with its question."""

_MOST_PARAGRAPHS = 12
"""Paragraphs without a label that a turn may go on for."""


@dataclass(frozen=True, slots=True)
class Label:
    """Where a turn begins: the name there, and what of the block are its words.

    ``words`` is None for a label on a line of its own; ``quoted`` where a quotation in marks
    fills the rest of the block, ``letter`` for the header of a letter, ``inferred`` where the
    block has no name and ``name`` is where the article names who must be speaking.  ``meant`` is
    where a hearing names whom "Q" or "A" stands for there.
    """

    block: int
    name: Span
    words: Span | None
    time: Span | None = None
    quoted: bool = False
    letter: bool = False
    told: Span | None = None  # to whom a letter is addressed
    inferred: bool = False
    meant: Span | None = None

    def names(self, text: str) -> str:
        """The words that name who speaks."""
        return (self.meant or self.name).slice(text)


@dataclass(slots=True)
class SpeakerTurn:
    """What somebody says before the next one does: its words, a span for each paragraph."""

    label: Label
    words: list[Span] = field(default_factory=list)
    times: list[Span | None] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)


def speaker_turns(text: str, blocks: Sequence[Block], table: Language) -> list[SpeakerTurn]:
    """The turns of a text in their order; none where it is prose."""
    labels, doubtful = _letter_headers(text, blocks), frozenset[int]()
    if not labels:
        found = [_turn_label(text, n, b, table) for n, b in enumerate(blocks)]
        labels = _accepted(text, blocks, found, table)
        doubtful = frozenset(f.block for f in found if f is not None and f.words is not None)
        doubtful -= {f.block for f in labels}
        hearing = hearings.hearing_of(text, [b.span for b in blocks])
        labels = [replace(f, meant=hearing.meant(f.block, f.name.slice(text))) for f in labels]
        doubtful |= hearing.formal
        first = labels[0].block if labels else len(blocks)
        labels = [*_unlabelled_interview(text, blocks[:first]), *labels]
    return [t for t in _with_paragraphs(text, blocks, labels, doubtful) if t.words]


# -- where turns begin ------------------------------------------------------------------


def _turn_label(text: str, number: int, block: Block, table: Language) -> Label | None:
    """The label with which a block may begin."""
    span = block.span
    start = span.start + (text[span.start] in "“\"'")
    end = min(span.end, start + 240)
    if block.kind == "title":
        return None
    if own := _OWN_LINE.fullmatch(text, start, span.end) if len(span) < 120 else None:
        behind = "" if own["name"] else "_"
        when = Span(*own.span(f"time{behind}"))
        return Label(number, Span(*own.span(f"name{behind}")), None, when)
    if numbered := _ITEM_NUMBER.match(text, start, end):
        start = numbered.end()
    found = _INITIAL.match(text, start, end) or _OFFICE_LABEL.match(text, start, end)
    found = found or _turn_match(text, start, end, table)
    if found is None:
        alone = len(span) <= _LONGEST_NAME_LINE and _NAME_ALONE.fullmatch(text, start, span.end)
        return Label(number, span, None) if alone else None
    code = _LABEL_CODE.search(text, start, found.end())
    time = Span(*code.span()) if code else None
    name = Span(*found.span("name"))
    words, later = _without_code(text, found.end(), span.end)
    if words is None:
        return Label(number, name, None, time)
    inner = quotations(words.slice(text))
    filled = bool(inner) and inner[0].span.start == 0 and inner[0].span.end >= len(words) - 1
    return Label(number, name, words, time or later, quoted=filled)


def _turn_match(text: str, start: int, end: int, table: Language) -> re.Match[str] | None:
    """A name before a colon, perhaps with a role; not where a verb says so instead ("Owen
    Tarrant, an engineer, said: ...")."""
    found = _TURN.match(text, start, end)
    told = found["role"].split() if found is not None and found["role"] else ()
    return None if any(w in table.cue_forms for w in told) else found


def _without_code(text: str, start: int, end: int) -> tuple[Span | None, Span | None]:
    """The words of a stretch, without the time code before and the asides behind them."""
    code = _LEADING_CODE.match(text, start, end)
    time = Span(*code.span("time")) if code else None
    start = code.end() if code else start
    while start < end and text[start].isspace():
        start += 1
    aside = _LAST_ASIDES.search(text, max(start, end - 120), end)
    end = aside.start() if aside else end
    said = any(c.isalnum() for c in text[start:end])
    return (Span(start, end) if said else None), time


def _accepted(
    text: str, blocks: Sequence[Block], found: Sequence[Label | None], table: Language
) -> list[Label]:
    """The labels that name speakers, and are not those of a list ("Venue: Town Hall")."""
    candidates = [
        c
        for c in found
        if c is not None
        and _is_name(c.name.slice(text), table)
        and (c.quoted or not _is_headline(text, c))
    ]
    if not candidates:
        return []
    often = Counter(fold(c.name.slice(text)) for c in candidates)
    labelled = {c.block for c in candidates}
    prose = "\n".join(b.span.slice(text) for n, b in enumerate(blocks) if n not in labelled)
    written = frozenset(re.findall(_LABEL_WORD, prose))
    listed = frozenset(fold(m["name"]) for m in _LISTED.finditer(prose))
    capitals = sum(_is_capitals(c.name.slice(text)) for c in candidates) > 1
    sure: set[int] = set()
    for label in candidates:
        name = label.name.slice(text)
        takes_part = fold(name) in listed or (bool(listed) and fold(name) in _CALL_LABELS)
        again = often[fold(name)] > 1 and _is_person(name, table)
        if _is_bare(label) and not (takes_part or again):
            continue  # a heading
        surname = name.split()[-1]
        told = takes_part or often[fold(name)] > 1 or _is_person(name, table)
        named = surname in written and surname.lower() not in written
        told = told or (named and not capitals)  # else a headline: "Reed: ..." beside "REED: ..."
        said = label.time is not None or _is_said(text, label)
        if _is_capitals(name) or _is_handle(name) or (told and said):
            sure.add(label.block)
    _add_beside(text, candidates, sure, table)
    bare = [c for c in candidates if c.block in sure and _is_bare(c)]
    if len({fold(c.name.slice(text)) for c in bare}) == 1:
        sure -= {c.block for c in bare}  # one heading that comes again
    if len(sure) > 1:
        return [c for c in candidates if c.block in sure]
    return [
        c for c in candidates if c.block in sure and (c.quoted or _is_capitals(c.name.slice(text)))
    ]


def _is_headline(text: str, label: Label) -> bool:
    """Whether what stands behind a label is written like a headline, with a capital to each word
    ("Ada Reyes: It Is Not a Radical Idea"), as nobody's speech is."""
    line = label.words.slice(text) if label.words is not None else ""
    if re.search(r"[.!?…]\s", line) or _FIRST_PERSON.search(line):
        return False  # several sentences, or somebody's own
    words = line.split()
    long = [w.strip("‘’“”\"'") for w in words]
    long = [w for w in long if len(w) > 3 and w[0].isalpha()]
    return len(words) > 4 and len(long) > 3 and all(w[0].isupper() for w in long)


def _is_bare(label: Label) -> bool:
    """Whether a label is a line with nothing but a name, as headings are."""
    return label.words is None and label.time is None


def _is_said(text: str, label: Label) -> bool:
    """Whether what stands behind a label is a sentence, and no entry of a list ("12 points")."""
    if label.words is None:
        return True
    words = label.words.slice(text)
    return bool(_STOPS.search(words)) or len(words.split()) >= _MIN_SENTENCE_WORDS


def _add_beside(text: str, candidates: Sequence[Label], sure: set[int], table: Language) -> None:
    """Take labels that stand next to one that surely is a speaker's: of a name in full, before
    a quotation, or before a question that the other one answers."""
    for pair in (itertools.pairwise(candidates), itertools.pairwise(reversed(candidates))):
        for known, label in pair:
            if known.block not in sure or abs(known.block - label.block) > 2:
                continue
            name = label.name.slice(text)
            full = " " in name and _is_said(text, label)
            if _is_bare(label):
                full = full and known.words is None and _is_person(name, table)
            if full or (label.quoted and known.quoted):
                sure.add(label.block)
    for label, known in itertools.pairwise(candidates):
        asked = label.words is not None and _QUESTION.search(label.words.slice(text))
        if asked and known.block == label.block + 1 and known.block in sure:
            sure.add(label.block)


def _is_name(name: str, table: Language) -> bool:
    """Whether words before a colon have the shape of a name, and are no heading of a part."""
    if _is_handle(name) or name in ("Q", "A"):
        return True
    words = name.split()
    folded = {fold(w).strip(".") for w in words}
    if folded & (table.editorial_labels | table.days | table.months) or fold(words[0]) in (
        table.sentence_openers - {"the"}
    ):
        return False
    if fold(name) in table.naming.places:
        return False
    return all(w[0].isupper() or w.isdigit() or w.lower() in _PARTICLES for w in words)


def _is_capitals(name: str) -> bool:
    letters = [c for c in name if c.isalpha()]
    return name.isupper() and (len(letters) > 1 or name in ("Q", "A"))


def _is_handle(name: str) -> bool:
    """Whether a name is one that an account has ("@ada_reed", "u/ada", "Fen_Voter99")."""
    return name.startswith(("@", "r/", "u/")) or "_" in name


def _is_person(name: str, table: Language) -> bool:
    return begins_name(name.split()[0], table)


def _letter_headers(text: str, blocks: Sequence[Block]) -> list[Label]:
    """The headers of letters: of a mail, and of those that it answers or passes on."""
    out: list[Label] = []
    for number, block in enumerate(blocks):
        line = block.span
        if len(line) > 200:
            continue
        wrote = _WROTE.match(text, line.start, line.end)
        given = _FROM.match(text, line.start, line.end)
        below = [
            found
            for b in blocks[number + 1 : number + 5]
            if (found := _HEADER.match(text, b.span.start, b.span.end))
        ]
        if wrote or (given and (below or not number)):
            told = next((f for f in below if f[0].startswith("To:") and f["value"]), None)
            hearer = _display_name(text, told) if told and given else None
            found = wrote or given
            assert found is not None
            out.append(Label(number, Span(*found.span("name")), None, letter=True, told=hearer))
    return out


def _display_name(text: str, told: re.Match[str]) -> Span | None:
    """The name in front of an address ("Desk <desk@example.org>"), if there is one alone."""
    name = told["value"].partition("<")[0].strip()
    if not name or "@" in name or "," in name or ";" in name:
        return None
    start = text.index(name, told.start("value"))
    return Span(start, start + len(name))


def _unlabelled_interview(text: str, blocks: Sequence[Block]) -> list[Label]:
    """The turns of an interview without labels: questions on lines of their own, and below each
    the answer of whom the lines before the first of them call the guest ("an interview with Sol
    Hart"), or of the one person whom they name."""
    asked = [
        n
        for n, b in enumerate(blocks)
        if n
        and len(b.span) <= _LONGEST_QUESTION
        and _QUESTION_LINE.fullmatch(text, b.span.start, b.span.end)
    ]
    if asked:
        asked = sorted({*asked, *_put_to_the_guest(text, blocks, asked)})
    answered = [n for n in asked if n + 1 < len(blocks) and n + 1 not in asked]
    personal = sum(bool(_OF_ONESELF.search(blocks[n + 1].span.slice(text))) for n in answered)
    if len(answered) < 2 or 2 * personal < len(answered):
        return []
    intro = blocks[: asked[0]]
    byline = next((m for b in intro if (m := _BYLINE.match(text, b.span.start, b.span.end))), None)
    people = _named_in(text, [b for b in intro if not byline or b.span.start != byline.start()])
    if byline is None:
        low, high = blocks[0].span.start, intro[-1].span.end
        byline = _CREDIT.search(text, low, high)
        people = {n: s for n, s in people.items() if byline is None or n != byline["name"]}
    if guest := _GUEST.search(text, blocks[0].span.start, intro[-1].span.end):
        speaker = Span(*guest.span("name"))
    elif len(people) == 1:
        (speaker,) = people.values()
    else:
        return []
    out: list[Label] = []
    for number in answered:
        if byline:
            asker = Span(*byline.span("name"))
            out.append(Label(number, asker, blocks[number].span, inferred=True))
        out.append(Label(number, speaker, None, inferred=True))
    return out


def _put_to_the_guest(text: str, blocks: Sequence[Block], asked: Sequence[int]) -> Iterator[int]:
    """The paragraphs between two answers that say "you" and not "I": the interviewer's, though
    they are no question ("The fund turned you down twice.")."""
    for number in range(asked[0] + 2, len(blocks) - 1):
        own = blocks[number].span.slice(text)
        alone = not {number - 1, number, number + 1} & {*asked}
        short = len(own) <= _LONGEST_QUESTION and not _OF_ONESELF.search(own)
        if alone and short and _OF_ANOTHER.search(own):
            yield number


def _named_in(text: str, blocks: Sequence[Block]) -> dict[str, Span]:
    """The people whom some paragraphs name in full, each with where that is first: by a given
    name that is known, or else more than once."""
    found: dict[str, Span] = {}
    names = [
        name
        for block in blocks
        for name in _FULL_NAME.finditer(text, block.span.start, block.span.end)
    ]
    often = Counter(name[0] for name in names)
    for name in names:
        if gender_of(name[0].split()[0]) or often[name[0]] > 1:
            found.setdefault(name[0], Span(*name.span()))
    return found


# -- what belongs to them ---------------------------------------------------------------


def _with_paragraphs(
    text: str, blocks: Sequence[Block], labels: Sequence[Label], doubtful: frozenset[int]
) -> Iterator[SpeakerTurn]:
    """The turns of the labels, each with its paragraphs up to the next one."""
    names = {fold(label.name.slice(text)).split()[-1] for label in labels}
    for at, label in enumerate(labels):
        turn = SpeakerTurn(label)
        if label.words is not None:
            turn.words.append(label.words)
            turn.times.append(label.time)
            turn.blocks.append(label.block)
        last = at + 1 == len(labels)
        beyond = len(blocks) if last else labels[at + 1].block
        # Somebody else's words may follow a label that could not be told from a heading.
        beyond = next((n for n in range(label.block + 1, beyond) if n in doubtful), beyond)
        if label.letter:
            _fill_letter(text, turn, blocks, beyond)
        elif not label.quoted:
            beyond = min(beyond, label.block + 1 + _MOST_PARAGRAPHS)
            if last:  # what follows the last label may be the reporter's own
                beyond = min(beyond, label.block + 2) if label.words is None else label.block + 1
            own = fold(label.names(text)).split()[-1]
            _fill(text, turn, blocks, beyond, names, own)
        yield turn


def _fill(
    text: str,
    turn: SpeakerTurn,
    blocks: Sequence[Block],
    beyond: int,
    names: set[str],
    own: str,
) -> None:
    """Add the paragraphs with which a turn goes on, up to one that is narration."""
    for number in range(turn.label.block + 1, beyond):
        block = blocks[number]
        line = block.span.slice(text)
        if block.kind != "paragraph" or _is_narration(line, names, own):
            return
        if _BRACKETED_ASIDE.fullmatch(line):
            continue
        words, time = _without_code(text, block.span.start, block.span.end)
        if words is not None:
            turn.words.append(words)
            turn.times.append(time or turn.label.time)
            turn.blocks.append(number)


def _is_narration(line: str, names: set[str], own: str) -> bool:
    """Whether a paragraph between turns is the reporter's: it quotes one of the speakers, or names
    the one whose turn it would be, who says "I"."""
    marked = any(m in line for m in '“”"«»')
    words = {fold(w) for w in re.findall(_LABEL_WORD, line)}
    if marked and words & names:
        return True
    return len(own) > 3 and own in words and not _FIRST_PERSON.search(line)


def _fill_letter(text: str, turn: SpeakerTurn, blocks: Sequence[Block], beyond: int) -> None:
    """Add the paragraphs of a letter that its writer wrote as "I" or "we"."""
    found: list[tuple[int, Span]] = []
    greeted = personal = 0
    for number in range(turn.label.block + 1, beyond):
        span = blocks[number].span
        line = span.slice(text)
        if _SEPARATOR.match(line) or line == "--":
            break
        if _HEADER.match(line):
            continue
        if len(line) < 80 and (_GREETING.match(line) or _FAREWELL.match(line)):
            greeted = 1
            continue
        if len(line.split()) <= 4 and not line.endswith((".", "!", "?")):
            continue  # a sign-off, a bullet, a heading
        found.append((number, span))
        personal += bool(_FIRST_PERSON.search(_outside_marks(line)))
    if personal and (greeted or 2 * personal >= len(found)):
        for number, span in found:
            turn.words.append(span)
            turn.times.append(None)
            turn.blocks.append(number)


def _outside_marks(line: str) -> str:
    out, at = [], 0
    for found in quotations(line):
        if found.depth == 0:
            out.append(line[at : found.span.start])
            at = found.span.end
    return "".join([*out, line[at:]])


# -- who they are, and what was said ----------------------------------------------------


class Roster:
    """Who the labels of an article name."""

    def __init__(
        self,
        text: str,
        blocks: Sequence[Block],
        found: Sequence[SpeakerTurn],
        author: str,
        labelled: Callable[[str], str | None],
        table: Language,
    ) -> None:
        """``labelled`` tells whom a surname means among those whom the prose names."""
        self._labelled, self._table = labelled, table
        self._names: dict[str, str | None] = {}
        self._introduced = _introduced(text, found)
        labels = (t.label.names(text) for t in found)
        self._labels = list(dict.fromkeys(_without_title(label, table) for label in labels))
        self._by_end = _by_edge(self._labels, last=True)
        self._by_start = _by_edge(self._labels, last=False)
        intro = blocks[: found[0].label.block] if found else ()
        lines = [b.span.slice(text) for b in intro]
        self._named_before = {n for line in lines for n in _FULL_NAME.findall(line)}
        self._words_before = [re.findall(_LABEL_WORD, line) for line in lines]
        byline = next((m["name"] for line in lines if (m := _BYLINE.match(line))), "")
        self._asks = self._known(byline or author)
        examined = any(t.label.meant is not None for t in found)
        self._answers = None if examined else self._interviewee(text, intro)

    def name(self, label: str) -> str | None:
        """Whom a label names, in full where it is known; None for "Q" of nobody knows whom."""
        if label not in self._names:
            self._names[label] = self._named(label)
        return self._names[label]

    def _named(self, label: str) -> str | None:
        role = fold(label).strip(".")
        if role in _ASKER_LABELS:
            return self._asks
        if role in _ANSWERER_LABELS:
            return self._answers
        return self._known(label)

    def _known(self, label: str) -> str | None:
        bare = _without_title(label, self._table)
        full = self._fuller(bare)
        known = self._labelled(full)
        if known and fold(known) != fold(full):
            return _cased(known)
        if 2 <= len(full) <= 3 and full.isupper():
            return self._of_initials(full)
        if fold(full) in self._introduced:
            return self._introduced[fold(full)]
        return _cased(self._given(full), titled=bare != label) or None

    def _given(self, surname: str) -> str:
        """A surname with the one given name before it in the lines before the first turn."""
        found = {
            f"{first} {last}"
            for line in self._words_before
            for first, last in itertools.pairwise(line)
            if fold(last) == fold(surname) and self._may_be_given(first)
        }
        return found.pop() if len(found) == 1 and " " not in surname else surname

    def _may_be_given(self, word: str) -> bool:
        naming, plain = self._table.naming, fold(word).strip(".")
        known = (naming.occupations, self._table.role_nouns, self._table.sentence_openers)
        other = is_title(word, self._table) or any(plain in words for words in known)
        return word[:1].isupper() and not other and bool(gender_of(word) or len(word) > 1)

    def _of_initials(self, letters: str) -> str:
        """The one name before the first turn that begins with these letters, if there is one."""
        found = {n for n in self._named_before if "".join(w[0] for w in n.split()) == letters}
        return found.pop() if len(found) == 1 else letters

    def _fuller(self, label: str) -> str:
        """The one label in full that a surname or a given name is a part of."""
        wanted = fold(label)
        for by in (self._by_end, self._by_start):
            longer = {n for n in by.get(wanted, ()) if fold(n) != wanted}
            if len(longer) == 1:
                return longer.pop()
            if longer:
                break
        return label

    def _interviewee(self, text: str, intro: Sequence[Block]) -> str | None:
        """The one person whom the lines before the first turn name, the reporter apart."""
        others = [
            n
            for n in self._labels
            if fold(n) not in _ASKER_LABELS | _ANSWERER_LABELS and self._known(n) != self._asks
        ]
        if len(others) == 1:
            return self._known(others[0])
        names = set(_named_in(text, [b for b in intro if not _BYLINE.match(b.span.slice(text))]))
        names.discard(self._asks or "")
        return names.pop() if len(names) == 1 else None


def _introduced(text: str, found: Sequence[SpeakerTurn]) -> dict[str, str]:
    """The names by which speakers introduce themselves whose labels name nobody ("Speaker 2"), by
    label."""
    out: dict[str, set[str]] = {}
    for turn in found:
        label = turn.label.names(text)
        if _NAMELESS_LABEL.fullmatch(label):
            names = (_INTRODUCES_ONESELF.search(text, w.start, w.end) for w in turn.words)
            out.setdefault(fold(label), set()).update(m["name"] for m in names if m)
    return {label: names.pop() for label, names in out.items() if len(names) == 1}


def _by_edge(labels: Sequence[str], *, last: bool) -> Mapping[str, list[str]]:
    """The labels by each run of their last (or first) words."""
    out: dict[str, list[str]] = {}
    for label in labels:
        words = fold(label).split()
        for at in range(1, len(words)):
            out.setdefault(" ".join(words[at:] if last else words[:at]), []).append(label)
    return out


def _without_title(label: str, table: Language) -> str:
    words = label.split()
    while len(words) > 1 and is_title(words[0], table) and words[1][0].isalpha():
        words.pop(0)
    return " ".join(words)


def _cased(name: str, titled: bool = False) -> str:
    """A name in capitals as it is written in prose; a short one that no title stands before may
    be an acronym."""
    short = len(name) < 5 and " " not in name and not titled
    if not name.isupper() or "_" in name or short:
        return name
    return re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), name.replace("’S", "’s"))


def turn_statements(
    article_id: str,
    text: str,
    found: Sequence[SpeakerTurn],
    roster: Roster,
    sentences: Sequence[Span],
) -> list[Quote]:
    """What was said in each turn: a quote for a paragraph, or for some 1200 characters of it."""
    out: list[Quote] = []
    names = [roster.name(t.label.names(text)) for t in found]
    alone = len({n for n in names if n}) == 2
    for at, turn in enumerate(found):
        told = _turn_addressees(text, found, names, at, alone)
        act = _speech_act(text, found, names, at)
        for number, (words, time) in enumerate(zip(turn.words, turn.times, strict=True)):
            labelled = (turn.label.letter or not number) and not turn.label.inferred
            basis: Basis = "explicit" if labelled else "inferred"
            for first, piece in enumerate(_statement_spans(words, sentences)):
                opens = not number and not first and words is turn.label.words
                opens = opens and not turn.label.inferred
                low = turn.label.name.start if opens else piece.start
                if not number and not first and act == "answer" and len(turn.words) == 1:
                    low = _with_question(text, found[at - 1], piece, low)
                colon = Span(turn.label.name.end, turn.label.name.end + 1) if opens else None
                out.append(
                    Quote(
                        id=f"{article_id}#q{piece.start}-{piece.end}",
                        article_id=article_id,
                        content=(piece,),
                        sentence=whole_sentences(sentences, low, piece.end),
                        kind="direct",
                        cue=colon,
                        act=act,
                        speaker=Mention(turn.label.name, names[at], basis),
                        addressees=told,
                        time=time,
                    )
                )
    return out


def _with_question(text: str, before: SpeakerTurn, answer: Span, low: int) -> int:
    """Where what has to be read with an answer begins: a short one ("By four months.") is only
    understood together with its question."""
    if len(answer.slice(text).split()) > _MAX_SHORT_ANSWER_WORDS or len(before.words) > 1:
        return low
    question = before.label.name.start if not before.label.inferred else before.words[0].start
    return question if low - question <= LONGEST_STATEMENT else low


def _turn_addressees(
    text: str, found: Sequence[SpeakerTurn], names: Sequence[str | None], at: int, alone: bool
) -> tuple[Mention, ...]:
    """To whom a turn was said: a letter to whom it names; a question to who answers it, an
    answer to who asked, and where only two speak what says "you" to the other."""
    label = found[at].label
    if label.letter:
        return (Mention(label.told, label.told.slice(text), "explicit"),) if label.told else ()
    if label.quoted:
        return ()
    before = at - 1 if at and names[at - 1] not in (None, names[at]) else None
    after = at + 1 if at + 1 < len(found) and names[at + 1] not in (None, names[at]) else None
    other = None
    spoken = "\n".join(w.slice(text) for w in found[at].words)
    faced = alone and _YOU.search(spoken)
    if after is not None and (_is_question_turn(text, found[at]) or (faced and before is None)):
        other = after
    elif before is not None and (_is_question_turn(text, found[before]) or faced):
        other = before
    if other is None:
        return ()
    return (Mention(found[other].label.name, names[other], "inferred"),)


def _speech_act(
    text: str, found: Sequence[SpeakerTurn], names: Sequence[str | None], at: int
) -> str:
    if _is_question_turn(text, found[at]):
        return "ask"
    before = at and names[at - 1] != names[at] and _is_question_turn(text, found[at - 1])
    return "answer" if before and not found[at].label.letter else "say"


def _is_question_turn(text: str, turn: SpeakerTurn) -> bool:
    return not turn.label.letter and bool(_QUESTION.search(turn.words[-1].slice(text)))


def _statement_spans(words: Span, sentences: Sequence[Span]) -> Iterator[Span]:
    """A paragraph of a turn, in runs of whole sentences of about LONGEST_STATEMENT code points."""
    start = words.start
    at = bisect_right(sentences, start, key=lambda s: s.end)
    end = start
    while at < len(sentences) and sentences[at].start < words.end:
        beyond = min(sentences[at].end, words.end)
        if end > start and beyond - start > LONGEST_STATEMENT:
            yield Span(start, end)
            start = max(sentences[at].start, end)
        end = beyond
        at += 1
    yield Span(start, words.end)


def passed_on(text: str, quotes: Sequence[Quote], said: Sequence[Quote]) -> list[Quote]:
    """The quotes, those within somebody's turn as that speaker passes them on.

    What speakers say of themselves ("I told him") is their own turn already.
    """
    ordered = sorted(said, key=lambda q: q.span)
    starts = [q.span.start for q in ordered]
    taken = {q.id for q in said}
    out: list[Quote] = []
    for quote in quotes:
        at = bisect_right(starts, quote.span.start) - 1
        turn = ordered[at] if at >= 0 and quote.span.start < ordered[at].span.end else None
        if turn is None:
            out.append(quote)
            continue
        if quote.id in taken or turn.speaker is None:
            continue
        whose = _as_faced(text, quote, turn)
        if _is_of_another(whose, turn):
            out.append(_relayed_by_speaker(text, whose, turn.speaker))
    return out


def _as_faced(text: str, quote: Quote, turn: Quote) -> Quote:
    """A quotation of "you", in the words of a turn, as that of the one whom the turn faces: "You
    told us that it was “a rounding error”."."""
    speaker = quote.speaker
    faced = turn.addressees[0].name if len(turn.addressees) == 1 else None
    you = speaker is not None and speaker.span.slice(text).lower() == "you"
    said = quote.cue is not None and quote.cue.slice(text).lower() in language("en").cue_forms
    if speaker is None or not (you and said) or faced is None or quote.kind == "indirect":
        return quote
    return replace(quote, speaker=Mention(speaker.span, faced, "coreference"), addressees=())


def _relayed_by_speaker(text: str, quote: Quote, speaker: Mention) -> Quote:
    """A statement as the speaker of the turn around it tells it: "told me" is told to them."""
    told = tuple(
        Mention(m.span, speaker.name, "coreference")
        if m.name is None and m.span.slice(text).lower() in ("me", "us")
        else m
        for m in quote.addressees
    )
    owned = quote.speaker and replace(
        quote.speaker, name=named_after(quote.speaker.name, speaker.name)
    )
    return replace(quote, speaker=owned, addressees=told, chain=quote.chain or (speaker,))


def _is_of_another(quote: Quote, turn: Quote) -> bool:
    """Whether a statement within a turn is told of somebody else, by name or description."""
    speaker = quote.speaker
    if speaker is None or speaker.name is None or speaker.basis == "inferred":
        return False
    own = turn.speaker.name if turn.speaker else None
    return fold(speaker.name) not in ("i", "we", "you", fold(own or ""))
