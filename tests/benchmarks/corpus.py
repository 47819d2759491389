"""Generated news articles with the quotes in them, for archives of any size.

To parse 100,000 passages would take hours, so these articles come analysed: whoever
writes a sentence knows its speaker, addressee and reporting words.  Sentences and passages
are cut by the project's own code.  All people, places and bodies are invented (given names
and surnames are drawn apart, from Faker's lists).

How often somebody speaks follows a power law, and so do topics and the plainer words; new
people keep turning up as the archive grows, as they do in the news.  Article N is the same
in every archive that has it.

Vectors: POOL statements are embedded by the real embedder, and so are the topics.  A
quote's vector is that of a statement like it, with seeded noise; a passage's is the mean
of those of its topic and statements, with noise.  So near ones are as near as in real news,
and 100,000 cost seconds.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property

import numpy as np
from faker.providers.lorem.en_US import Provider as Words
from faker.providers.person.en_US import Provider as Names
from numpy.typing import NDArray

from index.embedding.embed import Embedder
from index.storage.store import Analysed
from index.text.segment import passages, sentences
from index.types import Article, Kind, Mention, Modality, Quote, Span

POOL = 2000
"""Statements that are really embedded."""

NOISE = 0.6
"""Length of the noise beside a vector of length 1: two statements on one topic then have
a cosine of some .75 at most, as in real news."""

OFFICES = tuple(
    """Prime Minister|Foreign Minister|Finance Minister|Defence Minister|Health Minister|President
    |Mayor|Governor|Ambassador|Senator|General|Judge|Chancellor|Commissioner|Spokesman|Director
    |Chairman|Professor|Coach|Bishop|Deputy|Chief Executive|Analyst|Lawyer""".replace(
        "\n    ", ""
    ).split("|")
)
KINDS = tuple(
    """coastal|rural|northern|southern|eastern|western|winter|summer|emergency|regional|federal|
    municipal|public|private|joint|foreign|military|civil|mountain|river|urban|island|border|grain|
    steel|timber|cotton|copper|fishing|mining|dairy|solar|nuclear|railway|airport|harbour|school|
    hospital|prison|pension""".replace("\n    ", "").split("|")
)
THINGS = tuple(
    """ferry|subsidy|tariff|treaty|budget|inquiry|strike|corridor|ceasefire|blockade|election|reform|
    tax|levy|licence|contract|merger|pipeline|bridge|tunnel|depot|quota|ban|boycott|audit|census|
    curfew|embargo|fund|grant|loan|lease|permit|pact|patrol|plan|project|ruling|sanction|scheme|
    survey|shipment|summit|tender|trial|truce|verdict|visa|vaccine|warehouse|waiver|watchdog|
    workshop|zone|reservoir|refinery|archive|academy|barracks|checkpoint""".replace(
        "\n    ", ""
    ).split("|")
)
CLAUSES = tuple(
    """{place} will not give up the {topic} before the spring|the {topic} costs {place} more than
    it brings|nobody in {place} was asked about the {topic}|the {topic} has to be settled by the
    {month} session|talks on the {topic} will go on in {place}|the {topic} was agreed in {place}
    behind closed doors|there is no money left in {place} for the {topic}|the {topic} must be
    open to everybody in {place}|the courts of {place} will look into the {topic}|{place} has
    kept every promise on the {topic}|the {topic} is a mistake that {place} will regret|a vote on
    the {topic} cannot wait until {month}|{place} wants guarantees before it signs the {topic}|
    the {topic} saved hundreds of jobs in {place}|the army of {place} has nothing to do with the
    {topic}|the figures on the {topic} that {place} gave out are wrong|the {topic} will be
    finished in {month}, a year late|{place} needs the {topic} more than its neighbours do|work
    on the {topic} in {place} has stopped since {month}|the {topic} helps only those in {place}
    who are rich already""".replace("\n    ", " ").split("|")
)
CLAUSES = tuple(clause.strip() for clause in CLAUSES)
MONTHS = tuple("January March April June July August September October November".split())
DAYS = tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
SYLLABLES = tuple(
    "ar bel cor dra el fen gal hol is jor kar lun mor nar ost pel rin sol tar".split()
)
ENDINGS = tuple("ia land mark ford stan burg more vale ona wick".split())
OUTLETS = ("Norland Wire", "Kestria Post", "The Volmark Herald", "Dorn Today", "Aldmoor Times")
FIRST_DAY = date(2019, 1, 1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented: ``name`` in full, with an office somewhere."""

    name: str
    office: str
    place: str

    @property
    def surname(self) -> str:
        return self.name.split()[-1]


@cache
def place(number: int) -> str:
    draw = random.Random(f"place {number}")
    parts = "".join(draw.choice(SYLLABLES) for _ in range(draw.choice((1, 2, 2))))
    return (parts + draw.choice(ENDINGS)).capitalize()


@cache
def person(number: int) -> Person:
    """The person of a rank: the first speaks most often."""
    draw = random.Random(f"person {number}")
    given, surname = (draw.choice(tuple(n)) for n in (Names.first_names, Names.last_names))
    return Person(f"{given} {surname}", draw.choice(OFFICES), place(int(300 * draw.random() ** 2)))


def topic(number: int) -> str:
    kind, thing = divmod(number, len(THINGS))
    return f"{KINDS[kind % len(KINDS)]} {THINGS[(thing + 7 * kind) % len(THINGS)]}"


TOPICS = len(KINDS) * len(THINGS)


@dataclass(slots=True)
class _Text:
    """A text that is being written, and where its parts stand."""

    written: str = ""
    drafts: list[_Draft] = field(default_factory=list)

    def add(self, words: str) -> Span:
        start = len(self.written)
        self.written += words
        return Span(start, len(self.written))


@dataclass(slots=True)
class _Draft:
    content: list[Span]
    kind: Kind
    cue: Span
    act: str
    modality: Modality
    speaker: Mention
    addressees: list[Mention]
    chain: list[Mention]
    core: int


class Corpus:
    """The generator.  ``embedder`` gives the vectors that all others are made of."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def analysed(self, articles: range) -> Iterator[Analysed]:
        """The articles of these numbers, each with all that is stored of it."""
        for number in articles:
            yield self._article(number)

    @cached_property
    def _pool(self) -> NDArray[np.float32]:
        """Vectors of POOL statements, shape (POOL, dimension)."""
        return self._embedder.encode_document([_core(number) for number in range(POOL)]).vectors

    @cached_property
    def _topics(self) -> NDArray[np.float32]:
        return self._embedder.encode_document(
            [f"the {topic(number)}" for number in range(TOPICS)]
        ).vectors

    def _article(self, number: int) -> Analysed:
        draw = random.Random(f"article {number}")
        about, day = _rank(draw, TOPICS, 1.6), FIRST_DAY + timedelta(days=draw.randrange(2200))
        text = _Text()
        title = (
            f"{place(_rank(draw, 300, 2))} weighs {topic(about)} after {draw.choice(_plain())} row"
        )
        text.add(f"{title}\n\n")
        known, cast = 100 + int(8 * number**0.8), dict[int, Person]()
        while len(cast) < 4:
            one = _rank(draw, known, 2.6)
            cast[one] = person(one)
        for _ in range(draw.randrange(6, 13)):
            _paragraph(text, draw, about, list(cast.values()))
        whole = text.written.rstrip()
        article = Article(
            id=f"made-{number:06d}",
            text=whole,
            title=title,
            outlet=draw.choice(OUTLETS),
            published=day.isoformat(),
        )
        cut = sentences(whole)
        quotes = [_quote(article, draft, cut) for draft in text.drafts]
        marked = [span for draft in text.drafts if draft.kind == "direct" for span in draft.content]
        parts = passages(article, cut, marked)
        noise = np.random.default_rng(number)
        stated = np.stack([self._pool[d.core] for d in text.drafts])
        vectors = [self._topics[about] + _around(p.span, quotes, stated) for p in parts]
        return Analysed(
            article,
            tuple(parts),
            tuple(quotes),
            _noisy(np.stack(vectors), noise),
            _noisy(stated, noise),
        )


def _rank(draw: random.Random, most: int, power: float) -> int:
    """A number below ``most``, low ones far more often."""
    return int(most * draw.random() ** power)


@cache
def _plain() -> tuple[str, ...]:
    """English words of more than four letters, in an order of their own."""
    found = [word for word in Words.word_list if len(word) > 4 and word.islower()]
    return tuple(sorted(found, key=lambda w: random.Random(w).random()))


def _core(number: int) -> str:
    draw = random.Random(f"core {number}")
    return _clause(draw, number % TOPICS)


def _clause(draw: random.Random, about: int) -> str:
    filled = {"topic": topic(about), "place": place(_rank(draw, 300, 2))}
    return draw.choice(CLAUSES).format(**filled, month=draw.choice(MONTHS))


def _paragraph(text: _Text, draw: random.Random, about: int, cast: Sequence[Person]) -> None:
    for _ in range(draw.choice((2, 3, 3, 4))):
        if draw.random() < 0.3 or not text.drafts:
            _statement(text, draw, about, cast)
        else:
            _filler(text, draw)
        text.add(" ")
    text.written = text.written.rstrip()
    text.add("\n\n")


def _filler(text: _Text, draw: random.Random) -> None:
    """A sentence that nobody speaks; its rarer words come from a long tail."""
    words = [_plain()[_rank(draw, len(_plain()), 1.5)] for _ in range(4)]
    where, body = place(_rank(draw, 300, 2)), place(_rank(draw, 4000, 1.2))
    text.add(
        draw.choice(
            (
                "The {0} in {where} followed weeks of {1} over the {2} and a {3}.",
                "Residents of {where} described the {0} as a {1} with little {2} or {3}.",
                "Shares of {body} Holdings fell on a {0} about {1}, {2} and {3}.",
                "The {body} district has lived with {0}, {1} and a {2} {3} since the war.",
                "A {0} near {where} was closed in {month} for {1}, and the {2} went to {3}.",
                "In {where} the {0} of the {1} drew a {2} of about {count} to the {3}.",
            )
        ).format(
            *words, where=where, body=body, month=draw.choice(MONTHS), count=draw.randrange(9999)
        )
    )


def _statement(text: _Text, draw: random.Random, about: int, cast: Sequence[Person]) -> None:
    """A sentence in which somebody says something, and the note of who says it to whom."""
    speaker, addressee = draw.sample(cast, 2)
    clause, direct = _clause(draw, about), draw.random() < 0.5
    relay = "Reuters" if draw.random() < 0.06 else ""
    chain, told, content = list[Mention](), list[Mention](), list[Span]()
    modality: Modality = "asserted" if draw.random() < 0.96 else "negated"
    if direct:
        content.append(text.add(f"“{clause[0].upper()}{clause[1:]},”"))
        text.add(" ")
    elif relay:
        text.add("According to ")
        chain.append(Mention(text.add(relay), relay))
        text.add(", ")
    who = _named(text, draw, speaker)
    text.add(" ")
    to = draw.random() < 0.35 and modality == "asserted"
    verb, act = ("told", "say") if to else draw.choice(_CUES)
    if modality == "negated":
        text.add("never ")
    cue = text.add(verb)
    if to:
        text.add(" ")
        told.append(_named(text, draw, addressee))
    if direct:
        text.add(f" in {place(_rank(draw, 300, 2))} on {draw.choice(DAYS)}.")
    else:
        text.add(" ")
        content.append(text.add(f"that {clause}"))
        text.add(".")
    kind: Kind = "direct" if direct else "indirect"
    note = _Draft(content, kind, cue, act, modality, who, told, chain, about % POOL)
    text.drafts.append(note)


_CUES = (
    *(("said", "say"),) * 5,
    *(("warned", "warn"), ("added", "say"), ("promised", "promise"), ("denied", "deny")),
)


def _named(text: _Text, draw: random.Random, who: Person) -> Mention:
    """Somebody by office and name, by name, by surname, or of a place."""
    form = draw.choice(("{office} {name}", "{name}", "{surname}", "{place}’s {office} {name}"))
    words = form.format(office=who.office, name=who.name, surname=who.surname, place=who.place)
    return Mention(text.add(words), who.name)


def _quote(article: Article, draft: _Draft, cut: Sequence[Span]) -> Quote:
    low = min(draft.content[0].start, draft.cue.start, draft.speaker.span.start)
    high = max(draft.content[-1].end, draft.cue.end, draft.speaker.span.end)
    touching = [s for s in cut if s.start < high and low < s.end]
    span = Span(draft.content[0].start, draft.content[-1].end)
    return Quote(
        id=f"{article.id}#q{span.start}-{span.end}",
        article_id=article.id,
        content=tuple(draft.content),
        sentence=Span(min(low, touching[0].start), max(high, touching[-1].end)),
        kind=draft.kind,
        cue=draft.cue,
        act=draft.act,
        speaker=draft.speaker,
        addressees=tuple(draft.addressees),
        chain=tuple(draft.chain),
        modality=draft.modality,
    )


def _around(
    span: Span, quotes: Sequence[Quote], stated: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The sum of the vectors of the statements that stand in a passage."""
    inside = [n for n, quote in enumerate(quotes) if quote.sentence.overlaps(span)]
    found: NDArray[np.float32] = stated[inside].sum(axis=0)
    return found


def _noisy(rows: NDArray[np.float32], noise: np.random.Generator) -> NDArray[np.float32]:
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    added = noise.normal(size=rows.shape, scale=NOISE / np.sqrt(rows.shape[1]))
    rows = rows + added.astype(np.float32)
    found: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found
