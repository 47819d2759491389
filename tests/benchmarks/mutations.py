"""Drafts made of stored statements by rules, each with what is true of it.

What is altered, and how, is known, so that nobody has to judge the verdicts of a check: a kept
statement differs in its typography alone, a mutation by one step that is told.
"""

from __future__ import annotations

import random
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.search.catalog import Catalog
from index.types import Quote
from rag.ranking.polarity import denies

NEGATIONS = frozenset("not no never nobody nothing none neither nor cannot without nowhere".split())
FILLERS = tuple(
    """really certainly today clearly again soon still always often probably simply together quietly
    finally gladly only never not if""".split()
)
NAMES = tuple("Oslo Brenner Halvorsen Tokyo Castellane Reyes Dubois Lima Ottawa Karlsen".split())
OTHERS = tuple(
    """harbour winter silence engine garden bread mirror orchestra candle horse window marble
    travels breaks carries forgets paints follows heavy sudden purple gentle hollow""".split()
)
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])")
_NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve twenty thirty".split()
_EDGES = " \t\n\"'“”„«»‘’`.,;:!?()[]—–―-"


@dataclass(frozen=True, slots=True)
class Statement:
    """A stored statement: its words without outer marks, and who is on record for it."""

    words: str
    speaker: str
    addressees: tuple[str, ...]
    chain: tuple[str, ...]
    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Case:
    """A paragraph of a draft, and what is true of it.

    ``verdicts`` are those that are right; ``grave`` is what a finding has to say, None where
    either is right.
    """

    kind: str
    text: str
    verdicts: tuple[str, ...]
    grave: bool | None = None
    words: str = ""
    speaker: str = ""


def statements(catalog: Catalog) -> list[Statement]:
    """The statements of named people in an archive that are speech and not denied, in order."""
    ids = [row[0] for row in catalog.rows("SELECT id FROM quotes ORDER BY id")]
    quotes = list(catalog.quotes(ids))
    denied = [(q.article_id, q.span) for q in quotes if denies(q)]
    return [
        s
        for q in quotes
        if not any(q.article_id == a and q.span in span for a, span in denied)
        if (s := _statement(q, catalog)) is not None
    ]


def _statement(quote: Quote, catalog: Catalog) -> Statement | None:
    speaker = quote.speaker.name if quote.speaker else None
    if not speaker or not speaker[:1].isupper() or "," in speaker or quote.co_speakers:
        return None
    if quote.modality != "asserted" or quote.tier != "speech":
        return None
    text = catalog.article(quote.article_id).text
    words = " ".join(" ".join(_bare(s.slice(text)) for s in quote.content).split())
    if len(words.split()) < 4 or re.search(r"[\"“”„«»]", words):
        return None
    person = catalog.person_of.get(speaker, speaker)
    told = tuple(m.name for m in quote.addressees if _is_plain(m.name) and m.basis != "inferred")
    chain = tuple(m.name for m in quote.chain if m.name)
    return Statement(words, person, told, chain, quote.kind, quote.id)


def _is_plain(name: str | None) -> bool:
    return bool(name) and not re.search(r"[\"“”„«»:]", str(name))


def _bare(piece: str) -> str:
    return re.sub(r"^[\"“„«`‘']+|[\"”»“`’']+(?=[,.]?\s*$)", "", piece.strip())


FRAMES = (
    "“{ended}” {speaker} {tail}.",
    "“{ended}” {tail} {speaker}.",
    "{speaker} {tail}: “{whole}”",
    "On Tuesday {speaker} {tail}: “{whole}”",
    "“{ended}” {speaker} {tail} in an interview on Monday evening.",
    "{speaker}, who was asked about it twice, {tail}, “{whole}”",
)


def said(words: str, speaker: str, tail: str = "said") -> str:
    """A paragraph in which somebody says these words, in one of the usual forms."""
    ended = words if words[-1] in "?!" else f"{words.rstrip('.,;: ')},"
    whole = words if words[-1] in "?!" else f"{words.rstrip('.,;: ')}."
    frame = FRAMES[zlib.crc32(words.encode()) % len(FRAMES) if tail == "said" else 0]
    return frame.format(ended=ended, whole=whole, speaker=speaker, tail=tail)


# -- kept --------------------------------------------------------------------------------------

MARKS = (("“", "”"), ('"', '"'), ("«", "»"), ("„", "“"), ("''", "''"), ("‘", "’"))


def typography(words: str, speaker: str, draw: random.Random) -> str:
    """The same words as another desk would set them."""
    steps: list[Callable[[str], str]] = [
        lambda t: t.replace("’", "'") if "’" in t else t.replace("'", "’"),
        lambda t: re.sub(r"\s*[—–]\s*|\s+-\s+", draw.choice([" - ", "—", " – "]), t),
        lambda t: t.upper(),
        lambda t: t[:1].lower() + t[1:],
        _plain_letters,
        lambda t: unicodedata.normalize("NFD", t),
        lambda t: _wrapped(t, draw.randint(24, 60)),
        lambda t: t.replace("…", "...") if "…" in t else t.replace("...", "…"),
        lambda t: t.replace(" ", "\u00a0", 1),
    ]
    for step in draw.sample(steps, draw.randint(1, 3)):
        words = step(words)
    opening, closing = draw.choice(MARKS)
    if opening in ("‘", "''") and re.search(r"['’]", words):
        opening, closing = "“", "”"
    ended = words if words[-1] in "?!" else f"{words.rstrip('.,;: ')},"
    return f"{opening}{ended}{closing} {speaker} said."


def _plain_letters(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return "".join(c for c in apart if not unicodedata.combining(c))


def _wrapped(text: str, width: int) -> str:
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


# -- mutations ---------------------------------------------------------------------------------


def core(word: str) -> str:
    return word.strip(_EDGES).casefold().replace("’", "'")


def is_negation(word: str) -> bool:
    return core(word) in NEGATIONS or core(word).endswith("n't")


def is_number(word: str) -> bool:
    return bool(_NUMBER.search(word)) or core(word) in _NUMBER_WORDS


def places(words: Sequence[str], wanted: Callable[[str], bool]) -> list[int]:
    return [n for n, w in enumerate(words) if core(w) and wanted(w)]


def dropped(words: Sequence[str], at: int) -> str:
    """The words without one; the stop behind it stays."""
    left = [*words[:at], *words[at + 1 :]]
    return " ".join(left)


def added(words: Sequence[str], at: int, word: str) -> str:
    return " ".join([*words[:at], word, *words[at:]])


def changed(words: Sequence[str], at: int, word: str) -> str:
    old = words[at]
    return " ".join([*words[:at], old.replace(old.strip(_EDGES), word), *words[at + 1 :]])


def other_number(word: str, draw: random.Random) -> str:
    """Another number in the same form."""
    if core(word) in _NUMBER_WORDS:
        return draw.choice([n for n in _NUMBER_WORDS if n != core(word)])
    digits = _NUMBER.search(word)
    assert digits is not None
    at = draw.choice([n for n, c in enumerate(digits[0]) if c.isdigit()])
    figure = draw.choice([d for d in "123456789" if d != digits[0][at]])
    return f"{digits[0][:at]}{figure}{digits[0][at + 1 :]}"


STEPS = ("drop", "add", "change", "swap", "negate", "number", "name", "letter", "double", "cut")


def mutated(text: str, draw: random.Random) -> tuple[str, str]:
    """The words with one step of alteration, and which; never the words as they were."""
    while True:
        step = draw.choice(STEPS)
        found = _step(text.split(), step, draw)
        if found and _cores(found) != _cores(text):
            return found, step


def _cores(text: str) -> list[str]:
    """The words of a text, without the dashes that stand between them."""
    return [c for c in map(core, text.split()) if c]


def _step(words: list[str], step: str, draw: random.Random) -> str:
    real = places(words, lambda _: True)
    at = draw.choice(real)
    if step == "drop":
        return dropped(words, at)
    if step == "add":
        return added(words, at, draw.choice(FILLERS + OTHERS))
    if step == "change":
        return changed(words, at, draw.choice(OTHERS))
    if step == "swap":
        return " ".join([*words[:at], *words[at : at + 2][::-1], *words[at + 2 :]])
    if step == "double":
        return added(words, at, words[at].strip(_EDGES))
    if step == "cut":
        width = draw.randint(1, 4)
        return (
            " ".join([*words[:at], "…", *words[at + width :]])
            if 0 < at < len(words) - width
            else ""
        )
    if step == "negate":
        found = places(words, is_negation)
        return dropped(words, draw.choice(found)) if found else added(words, at, "not")
    if step == "number":
        found = places(words, is_number)
        return (
            changed(words, at := draw.choice(found), other_number(words[at], draw)) if found else ""
        )
    if step == "name":
        found = places(words[1:], lambda w: w.strip(_EDGES)[:1].isupper() and core(w) != "i")
        return changed(words, draw.choice(found) + 1, draw.choice(NAMES)) if found else ""
    letters = [n for n, c in enumerate(words[at]) if c.isalpha()]
    if not letters:
        return ""
    put = draw.choice(letters)
    letter = draw.choice([c for c in "abdefgklmnoprstuw" if c != words[at][put].casefold()])
    return " ".join(
        [*words[:at], words[at][:put] + letter + words[at][put + 1 :], *words[at + 1 :]]
    )


# -- the kinds of a draft ----------------------------------------------------------------------


def cases(known: Sequence[Statement], foreign: Sequence[str], count: int, seed: str) -> list[Case]:
    """At most ``count`` paragraphs of every kind; ``foreign`` are words that nobody of the
    archive said."""
    draw = random.Random(seed)
    direct = [s for s in known if s.kind == "direct"]
    made: list[Case] = []
    for kind, make in _KINDS.items():
        pool = (
            direct
            if kind != "direct made of indirect"
            else [s for s in known if s.kind == "indirect"]
        )
        found = [c for s in draw.sample(pool, len(pool)) for c in make(s, direct, draw)]
        made += found[:count]
    people = sorted({s.speaker for s in direct})
    for words in draw.sample(list(foreign), min(count, len(foreign))):
        speaker = draw.choice(people)
        made.append(
            Case("invented", said(words, speaker), ("not on record",), None, words, speaker)
        )
    return made


Maker = Callable[[Statement, Sequence[Statement], random.Random], Iterator[Case]]
ANY_ALTERED = ("altered", "cut", "stitched", "reported, not quoted")


def _case(
    kind: str,
    words: str,
    statement: Statement,
    verdicts: tuple[str, ...],
    grave: bool | None = None,
) -> Case:
    return Case(
        kind,
        said(words, statement.speaker, _tail(statement)),
        verdicts,
        grave,
        words,
        statement.speaker,
    )


def _tail(statement: Statement) -> str:
    """The attribution with whoever passed the words on."""
    via = f", according to {statement.chain[0]}" if statement.chain else ""
    return f"said{via}"


def _kept(s: Statement, _: Sequence[Statement], __: random.Random) -> Iterator[Case]:
    yield _case("kept whole", s.words, s, ("exact",), False)


def _set(s: Statement, _: Sequence[Statement], draw: random.Random) -> Iterator[Case]:
    if not s.chain:
        yield Case(
            "kept whole, other typography",
            typography(s.words, s.speaker, draw),
            ("exact",),
            False,
            s.words,
            s.speaker,
        )


def _told(s: Statement, _: Sequence[Statement], __: random.Random) -> Iterator[Case]:
    if s.addressees and not s.chain:
        text = said(s.words, s.speaker, f"told {s.addressees[0]}")
        yield Case("kept whole, addressee named", text, ("exact",), False, s.words, s.speaker)


def _elided(s: Statement, _: Sequence[Statement], draw: random.Random) -> Iterator[Case]:
    words = s.words.split()
    if len(words) < 8:
        return
    width = draw.randint(1, 4)
    at = draw.randint(2, len(words) - width - 2)
    left = words[at : at + width]
    if any(w[-1] in ".?!" for w in words[at - 1 : at + width]):
        return
    text = " ".join([*words[:at], "…", *words[at + width :]])
    grave = True if any(map(is_negation, left)) else None
    yield _case("re-quoted by ellipsis", text, s, ("cut",), grave)


def _plain_word(word: str) -> bool:
    return not (is_negation(word) or is_number(word))


def _dropped(s: Statement, _: Sequence[Statement], draw: random.Random) -> Iterator[Case]:
    words = s.words.split()
    if found := places(words, _plain_word):
        yield _case("a word dropped", dropped(words, draw.choice(found)), s, ANY_ALTERED)


def _added(s: Statement, _: Sequence[Statement], draw: random.Random) -> Iterator[Case]:
    words = s.words.split()
    at = draw.randint(0, len(words))
    yield _case("a word added", added(words, at, draw.choice(OTHERS)), s, ANY_ALTERED)


def _changed(s: Statement, _: Sequence[Statement], draw: random.Random) -> Iterator[Case]:
    words = s.words.split()
    if found := places(words, _plain_word):
        yield _case(
            "a word changed",
            changed(words, draw.choice(found), draw.choice(OTHERS)),
            s,
            ANY_ALTERED,
        )


def _unnegated(s: Statement, _: Sequence[Statement], draw: random.Random) -> Iterator[Case]:
    words = s.words.split()
    found = places(words, is_negation)
    if found:
        at = draw.choice(found)
        short = core(words[at]).removesuffix("n't")
        stripped = core(words[at]).endswith("n't") and draw.random() < 0.5
        text = (
            changed(words, at, {"wo": "will", "ca": "can"}.get(short, short))
            if stripped
            else dropped(words, at)
        )
        yield _case("negation dropped", text, s, ANY_ALTERED, True)


def _negated(s: Statement, _: Sequence[Statement], draw: random.Random) -> Iterator[Case]:
    words = s.words.split()
    text = added(words, draw.randint(1, len(words) - 1), draw.choice(["not", "never"]))
    yield _case("negation added", text, s, ANY_ALTERED, True)


def _numbered(s: Statement, _: Sequence[Statement], draw: random.Random) -> Iterator[Case]:
    words = s.words.split()
    if found := places(words, is_number):
        at = draw.choice(found)
        yield _case(
            "number changed",
            changed(words, at, other_number(words[at], draw)),
            s,
            ANY_ALTERED,
            True,
        )


def _renamed(s: Statement, _: Sequence[Statement], draw: random.Random) -> Iterator[Case]:
    words = s.words.split()
    found = [
        n
        for n in range(1, len(words))
        if words[n].strip(_EDGES)[:1].isupper()
        and core(words[n])[:1] != "i"
        and words[n - 1][-1] not in ".?!:"
    ]
    if found:
        yield _case(
            "name changed",
            changed(words, draw.choice(found), draw.choice(NAMES)),
            s,
            ANY_ALTERED,
            True,
        )


def _other_speaker(s: Statement, pool: Sequence[Statement], draw: random.Random) -> Iterator[Case]:
    own = {t.speaker for t in pool if t.words == s.words}
    other = draw.choice([t.speaker for t in pool if t.speaker not in own])
    if s.speaker.split()[-1] != other.split()[-1]:
        yield Case(
            "speaker swapped", said(s.words, other), ("other speaker",), None, s.words, other
        )


def _other_addressee(
    s: Statement, pool: Sequence[Statement], draw: random.Random
) -> Iterator[Case]:
    if s.addressees and not s.chain:
        other = draw.choice(
            [t.speaker for t in pool if t.speaker != s.speaker and t.speaker not in s.addressees]
        )
        yield Case(
            "addressee swapped",
            said(s.words, s.speaker, f"told {other}"),
            ("other addressee",),
            None,
            s.words,
            s.speaker,
        )


def _unsourced(s: Statement, _: Sequence[Statement], __: random.Random) -> Iterator[Case]:
    if s.chain:
        yield Case(
            "relayer dropped", said(s.words, s.speaker), ("other source",), None, s.words, s.speaker
        )


def _unreported(s: Statement, _: Sequence[Statement], __: random.Random) -> Iterator[Case]:
    words = s.words.removeprefix("that ")
    if len(words.split()) >= 5:
        yield _case(
            "direct made of indirect", words[:1].upper() + words[1:], s, ("reported, not quoted",)
        )


def _stitched(s: Statement, pool: Sequence[Statement], draw: random.Random) -> Iterator[Case]:
    others = [
        t
        for t in pool
        if t.speaker == s.speaker
        and t.id != s.id
        and t.words not in s.words
        and s.words not in t.words
    ] or [t for t in pool if t.speaker != s.speaker]
    other = draw.choice(others)
    first = s.words.rstrip(".,;: ")
    joint = draw.choice([". ", ", ", " … ", " "])
    yield _case("two stitched", f"{first}{joint}{other.words}", s, ("stitched",))


_KINDS: dict[str, Maker] = {
    "kept whole": _kept,
    "kept whole, other typography": _set,
    "kept whole, addressee named": _told,
    "re-quoted by ellipsis": _elided,
    "a word dropped": _dropped,
    "a word added": _added,
    "a word changed": _changed,
    "negation dropped": _unnegated,
    "negation added": _negated,
    "number changed": _numbered,
    "name changed": _renamed,
    "speaker swapped": _other_speaker,
    "addressee swapped": _other_addressee,
    "relayer dropped": _unsourced,
    "direct made of indirect": _unreported,
    "two stitched": _stitched,
}


# -- articles made by rules, for what real ones have too seldom --------------------------------

_GIVEN = "Agnes Bertil Corinna Dorian Elvira Fabian Greta Hakon Irma Jarl".split()
_SURNAMES = "Aldermoor Brightwell Castellan Dunmore Everley Farrow Grantham Hollis".split()
_RELAYERS = (
    "the Interior Ministry", "the state agency Norpress", "spokeswoman Petra Lindgren", "Reuters",
    "the Presidential Press Service", "his lawyer, Tomas Brandt", "the Daily Courier",
    "a statement of the Harbour Board", "the mayor's office", "Foreign Ministry spokesman Ruben Adler",
)  # fmt: skip
_RELAYED = (
    "“{ended}” {speaker} said, according to {relayer}.",
    "According to {relayer}, {speaker} said: “{words}.”",
    "{relayer} quoted {speaker} as saying: “{words}.”",
    "“{ended}” {speaker} said on Tuesday, {relayer} reported.",
)


def relayed(words: Sequence[str]) -> list[dict[str, str]]:
    """An article for each of some statements, which somebody else passes on in it."""
    made = []
    for number, (said_, speaker) in enumerate(zip(words, _people(), strict=False)):
        relayer = _RELAYERS[number % len(_RELAYERS)]
        frame = _RELAYED[number // len(_RELAYERS) % len(_RELAYED)]
        text = frame.format(ended=f"{said_},", words=said_, speaker=speaker, relayer=relayer)
        made.append({"id": f"relayed-{number}", "text": f"{text[0].upper()}{text[1:]}"})
    return made


def corrections(
    words: Sequence[str], draw: random.Random
) -> tuple[list[dict[str, str]], list[Case]]:
    """Pairs of an article and a later note that its quotation was wrong; and drafts with these
    wrong words."""
    articles, found = [], []
    for number, (said_, speaker) in enumerate(zip(words, reversed(_people()), strict=False)):
        right = added(said_.split(), draw.randint(1, len(said_.split()) - 1), "not")
        note = f"Correction: An earlier report misquoted {speaker} as saying “{said_}.” The words were “{right}.”"
        articles.append(
            {
                "id": f"wrong-{number}",
                "date": "2031-02-01",
                "text": f"“{said_},” {speaker} said on Monday.",
            }
        )
        articles.append({"id": f"note-{number}", "date": "2031-02-03", "text": note})
        found.append(
            Case("corrected later", said(said_, speaker), ("out of date",), None, said_, speaker)
        )
    return articles, found


def _people() -> list[str]:
    return [f"{given} {surname}" for surname in _SURNAMES for given in _GIVEN]
