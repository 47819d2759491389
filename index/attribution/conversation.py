"""The addressees of statements whose own clause does not name them.

A party to a reported conversation speaks to the other one: stated where the clause names
the occasion ("in an interview with X, she said"), inferred where an article gives a
read-out ("A and B had a phone call ... According to A's office, A reiterated ...").
Nothing is inferred for what is said in public after a meeting.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice

from index.attribution.coreference import People
from index.attribution.cues import conjuncts, phrase_span
from index.attribution.letters import Letters
from index.attribution.report import Report
from index.attribution.situation import is_time_or_occasion
from index.attribution.syntax import Sentence, Word
from index.lang import Language
from index.types import Mention, Quote, Span

_MAX_STATEMENTS_TO_ANSWER = 4
"""Statements between a question and its answer, at most."""
_MAX_PARAGRAPHS_ON = 5
"""Paragraphs after its mention for which a conversation is what a read-out is about."""


def add_stated(reports: Sequence[Report], table: Language) -> None:
    """Add to reports the addressees that their own sentence names.

    All of a coordination ("told A, B and C"), the hearers of a verb beside the cue ("addressing
    the crowd, she said", "asked by A, she said"), or the other party of the occasion ("in an
    interview with A").
    """
    for report in reports:
        if report.cue_word is None:
            continue
        report.addressees = [w for w in report.addressees if w.tag not in ("WP", "WDT")]
        for link in report.cue_word.all("prep"):
            noun = link.child("pobj")
            if link.text.lower() == "in" and noun is not None and noun.lemma in table.reply_nouns:
                report.act = "answer"
        if not report.addressees and (asked := _asked(report.cue_word, table)) is not None:
            report.addressees.append(asked)
        if not report.addressees:
            report.addressees += [w for w in _faced(report.cue_word, table) if w.pos != "SPACE"][:1]
        if not report.addressees:
            report.addressees += _addressed(report, table)
        for word in list(report.addressees):
            report.addressees += [
                w for w in conjuncts(word) if w not in report.addressees and not w.quoted
            ]
        if report.addressees:
            continue
        for noun in report.sentence.words:
            if (
                noun.lemma in table.occasion_nouns
                and noun.head.text.lower() in table.during
                and report.cue_word in noun.ancestors()
                and not any(noun.span in span for span in report.content)
                and (other := _partner(noun, table)) is not None
            ):
                report.addressees += [other, *other.all("conj")]
                break


def _addressed(report: Report, table: Language) -> list[Word]:
    """The object of a verb like "tell" or "warn" that stands before what is reported.

    The parser often hangs the clause from that object ("told Odell that ..." as if the
    clause described Odell), and so the verb seems to report nothing to nobody.
    """
    cue = report.cue_word
    if cue is None or cue.lemma not in table.addressing_verbs or cue.child("nsubjpass"):
        return []
    return [
        word
        for word in cue.all("dobj")
        if word.lemma not in table.noun_acts
        and not word.quoted
        and cue.end <= word.start
        and word.end <= report.span.start
    ][:1]


def _asked(cue: Word, table: Language) -> Word | None:
    """Who is asked by a participle: "Asked by Falk whether it was true, Reyes said no"."""
    if cue.tag != "VBN" or cue.lemma not in table.asking_verbs or cue.dep != "advcl":
        return None
    answerer = cue.head.child("nsubj")
    return answerer if answerer is not None and answerer.index > cue.index else None


def _faced(cue: Word, table: Language) -> Iterator[Word]:
    """The hearers of a verb beside the cue, or those who ask the speaker by it."""
    own = cue.child("nsubj", "nsubjpass")
    beside = cue.all("advcl", "acl") + (own.all("acl", "advcl") if own else [])
    if cue.dep in ("conj", "advcl", "xcomp") and own is None:
        beside.append(cue.head)
    for verb in beside:
        if verb.tag == "VBN" and verb.lemma in table.asking_verbs:
            for by in verb.all("agent", "prep"):
                if by.text.lower() == "by" and (asker := by.child("pobj")) is not None:
                    yield asker
        yield from _hearers(verb, table)


def _hearers(verb: Word, table: Language) -> Iterator[Word]:
    """The hearers of a verb like "address" or "speak": its object, or the noun after "to"."""
    frames = table.facing_verbs.get(verb.lemma, frozenset())
    if "dobj" in frames:
        yield from verb.all("dobj")
    for to in verb.all("prep", "dative"):
        if to.text.lower() in frames and (noun := to.child("pobj")) is not None:
            yield noun


_VOCATIVE = re.compile(
    r"[\"“‘'«„]?(?P<name>@\w+|(?:(?:Mr|Mrs|Ms|Dr|Mx)\. )?[^\W\d_a-z][\w’'-]+)(?:, | )"
)


def with_vocatives(text: str, quotes: Sequence[Quote], people: People) -> list[Quote]:
    """The quotes; one without an addressee that begins by calling somebody ("Mr. Reed, you ...")
    gets that person as addressee."""
    out = []
    for quote in quotes:
        first = quote.content[0]
        called = _VOCATIVE.match(text, first.start, first.end)
        if called and not quote.addressees and quote.kind == "direct":
            span = Span(called.start("name"), called.end("name"))
            name = called["name"].split(". ")[-1]
            known = people.labelled(name)
            spoken = first.slice(text).lower()
            comma = text[span.end] == "," and any(w in spoken for w in (" you ", " your "))
            if name[0] == "@" or (comma and (known != name or name != called["name"])):
                quote = replace(quote, addressees=(Mention(span, known, "explicit"),))
        out.append(quote)
    return out


_CALLED = re.compile(r",\s(?P<name>[^\W\d_a-z][\w’'-]+)[.,!?]")


_NAMED = re.compile(r"(?<![\w’'])[^\W\d_a-z][\w-]+(?: [^\W\d_a-z][\w-]+)*")
_NAMES_ONESELF = re.compile(r"\b(?:I am|I['’]m|name is|name['’]s|call(?:s|ed)? me|as) $")


def names_called(text: str, content: Sequence[Span], people: People) -> frozenset[str]:
    """Whom the words of a quotation call by name ("So I did, Pia.") or speak of ("Pia invents
    nothing"): not its speaker."""
    quoted = [span for span in content if text[span.start] in "“\"‘'«„"]
    addressed = {
        bearer
        for span in quoted
        for name in _CALLED.finditer(text, span.start, span.end)
        for bearer in people.bearers(name["name"])
    }
    return frozenset(addressed.union(*(_spoken_of(text, span, people) for span in quoted)))


def _spoken_of(text: str, span: Span, people: People) -> Iterator[str]:
    """The people of whom a quotation speaks by a name that only they bear, and does not do so in
    words of somebody else or to tell who the speaker is."""
    if any(mark in text[span.start + 1 : span.end - 1] for mark in '“"‘'):
        return
    for name in _NAMED.finditer(text, span.start, span.end):
        if _NAMES_ONESELF.search(text, max(span.start, name.start() - 12), name.start()):
            continue
        first, *rest = name[0].split()
        bearers = set(people.bearers(first)).intersection(*(people.bearers(w) for w in rest))
        if len(bearers) == 1:
            yield bearers.pop()


@dataclass(frozen=True, slots=True)
class _Conversation:
    """A conversation of two, and where it was told of."""

    parties: frozenset[str]
    paragraph: int
    span: Span


def with_inferred(
    quotes: Sequence[Quote],
    paragraphs: Sequence[Sequence[Sentence]],
    headings: Sequence[Span],
    people: People,
    table: Language,
) -> list[Quote]:
    """The quotes; one of a read-out gets the other party as its inferred addressee."""
    order = _Order(paragraphs)
    told: dict[tuple[Span, str | None], Quote] = {}
    for quote in quotes:
        if quote.addressees and quote.speaker is not None:
            told.setdefault((quote.sentence, quote.speaker.name), quote)
    audiences = _Audiences(
        audience
        for n, paragraph in enumerate(paragraphs)
        for sentence in paragraph
        for audience in _audiences(n, sentence, people, table)
    )
    letters = Letters(paragraphs, people, table)
    words = _Words(quotes)
    calls = _Conversations(
        call
        for n, paragraph in enumerate(paragraphs)
        for sentence in paragraph
        for call in _calls(n, sentence, people, table)
        if not any(words.overlap(name, call.span) for name in call.parties)
    )
    openers = _Openers(order)
    starts = sorted(h.start for h in headings)
    out: list[Quote] = []
    for quote in quotes:
        if not quote.addressees and quote.modality == "asserted" and quote.speaker:
            answer = _answered(quote, out, order)
            if answer is not None:
                _give_back(out, quote.speaker)
            quote = (
                _with_addressee_before(quote, told.get((quote.sentence, quote.speaker.name)))
                or answer
                or letters.addressed(quote)
                or _before_audience(quote, audiences, order)
                or _in_readout(quote, openers, calls, order, starts)
            )
        out.append(quote)
        openers.add(quote)
    return out


class _Order:
    """In which paragraph an offset lies."""

    def __init__(self, paragraphs: Sequence[Sequence[Sentence]]) -> None:
        found = sorted((s.span.start, n) for n, p in enumerate(paragraphs) for s in p)
        self._starts = [start for start, _ in found]
        self._numbers = [number for _, number in found]

    def paragraph(self, start: int) -> int:
        """The number of the paragraph of the last sentence that begins at or before it."""
        at = bisect_right(self._starts, start) - 1
        return self._numbers[at] if at >= 0 else 0


class _Words:
    """Where the words of each speaker stand: a conversation that one of its own parties
    tells of is only what that party speaks of."""

    def __init__(self, quotes: Sequence[Quote]) -> None:
        said: dict[str, list[Span]] = {}
        for quote in quotes:
            if quote.speaker is not None and quote.speaker.name is not None:
                said.setdefault(quote.speaker.name, []).extend(quote.content)
        self._starts: dict[str, list[int]] = {}
        self._reach: dict[str, list[int]] = {}  # the farthest end up to each of them
        for name, spans in said.items():
            spans.sort()
            self._starts[name] = [s.start for s in spans]
            self._reach[name] = list(accumulate((s.end for s in spans), max))

    def overlap(self, name: str, span: Span) -> bool:
        """Whether a span overlaps words of this speaker."""
        at = bisect_left(self._starts.get(name, ()), span.end) - 1
        return at >= 0 and self._reach[name][at] > span.start


def _calls(
    number: int, sentence: Sentence, people: People, table: Language
) -> Iterator[_Conversation]:
    """The conversations at a distance that a sentence tells of, each of two named parties."""
    for word in sentence.words:
        if word.lemma not in table.occasion_nouns and word.lemma not in table.conversation_verbs:
            continue
        near = {w.text.lower() for w in word.subtree()}
        if word.lemma in table.occasion_nouns and (near & table.remote):
            governor = next((a for a in word.ancestors() if a.pos in ("VERB", "AUX")), None)
            subject = governor.child("nsubj", "nsubjpass") if governor else None
            heads = [subject, *(subject.all("conj") if subject else ()), _partner(word, table)]
        elif word.lemma in table.conversation_verbs and (near & table.remote):
            subject = word.child("nsubj")
            heads = [subject, _partner(word, table)]
        else:
            continue
        # "The prime ministers spoke by phone" names nobody who speaks to the other.
        names = {people.resolve(h)[0] for h in heads if h is not None and h.tag != "NNS"} - {None}
        if len(names) == 2:
            yield _Conversation(frozenset(n for n in names if n), number, word.span)


@dataclass(frozen=True, slots=True)
class _Audience:
    """Somebody who spoke to somebody, and where it was told of."""

    speaker: str
    hearer: Mention
    paragraph: int


class _Conversations:
    """The conversations of each party, in the order of the text."""

    def __init__(self, calls: Iterable[_Conversation]) -> None:
        self._of: dict[str, list[_Conversation]] = {}
        for call in calls:
            for name in call.parties:
                self._of.setdefault(name, []).append(call)

    def before(self, name: str | None, start: int) -> Iterator[_Conversation]:
        """Those of this party that were told of before an offset, nearest first."""
        own = self._of.get(name or "", [])
        for at in range(bisect_right(own, start, key=lambda c: c.span.end) - 1, -1, -1):
            yield own[at]


def _audiences(
    number: int, sentence: Sentence, people: People, table: Language
) -> Iterator[_Audience]:
    """Who spoke to whom in a sentence: "Moe testified before the panel"."""
    for verb in sentence.words:
        own, hearer = verb.child("nsubj"), next(_hearers(verb, table), None)
        if own is None or hearer is None or verb.quoted or verb.pos != "VERB":
            continue
        if {w.text.lower() for w in verb.subtree()} & table.remote:
            continue  # "Lund spoke to Reyes by phone": what she says of it is to others
        speaker = people.resolve(own)[0]
        if speaker is not None and not is_time_or_occasion(hearer, table):
            name, _ = people.resolve(hearer)
            yield _Audience(speaker, Mention(phrase_span(hearer), name, "inferred"), number)


class _Audiences:
    """Whom each speaker spoke to in each paragraph."""

    def __init__(self, audiences: Iterable[_Audience]) -> None:
        self._of: dict[tuple[str, int], list[Mention]] = {}
        for audience in audiences:
            place = audience.speaker, audience.paragraph
            self._of.setdefault(place, []).append(audience.hearer)
        # The nearest end from each of them on: it tells which is the last before an offset.
        self._ends = {
            place: list(accumulate((h.span.end for h in reversed(hearers)), min))[::-1]
            for place, hearers in self._of.items()
        }

    def last(self, speaker: str | None, paragraph: int, start: int) -> Mention | None:
        """The last one whom this speaker was said to speak to, before an offset."""
        place = speaker or "", paragraph
        at = bisect_right(self._ends.get(place, ()), start) - 1
        return self._of[place][at] if at >= 0 else None


def _before_audience(quote: Quote, audiences: _Audiences, order: _Order) -> Quote | None:
    """With the audience before which its speaker was said to speak, in the same paragraph."""
    if quote.speaker is None or quote.time is not None:
        return None  # "... on Monday.  On Tuesday she said": to others
    here = order.paragraph(quote.sentence.start)
    hearer = audiences.last(quote.speaker.name, here, quote.span.start)
    return replace(quote, addressees=(hearer,)) if hearer is not None else None


def _partner(word: Word, table: Language) -> Word | None:
    """The noun behind "with" or "to" below a word."""
    for child in word.all("prep", "dative"):
        if child.text.lower() in table.partner_prepositions:
            return child.child("pobj")
    return None


def _with_addressee_before(quote: Quote, first: Quote | None) -> Quote | None:
    """With the addressee that the same speaker has before it in the same sentence ("told B
    ..., underscoring ..."); ``first`` is that speaker's first quote there that has one."""
    if first is None or first.span.start >= quote.span.start:
        return None
    return replace(quote, addressees=tuple(_inferred(m) for m in first.addressees))


def _answered(quote: Quote, before: Sequence[Quote], order: _Order) -> Quote | None:
    """With the one who spoke last in the same paragraph, if this is an answer."""
    passing = {m.name for m in quote.chain}  # "Lund, a spokesman said, answered" Reyes, not him
    near = (
        q
        for q in reversed(before[-_MAX_STATEMENTS_TO_ANSWER:])
        if not (q.speaker and q.speaker.name in passing)
    )
    last = next(near, None)
    if (
        quote.act != "answer"
        or quote.speaker is None
        or last is None
        or last.speaker is None
        or last.tier != "speech"
        or last.modality != "asserted"
        or last.speaker.name in (None, quote.speaker.name)
        or order.paragraph(last.sentence.start) != order.paragraph(quote.sentence.start)
    ):
        return None
    return replace(quote, addressees=(_inferred(last.speaker),))


def _give_back(before: list[Quote], answerer: Mention) -> None:
    """Let a question that is answered right behind it be put to who answers it; in place."""
    last = before[-1]
    if last.act == "ask" and not last.addressees and last.speaker != answerer:
        before[-1] = replace(last, addressees=(_inferred(answerer),))


_RELAYING_ACTS = frozenset({"say", "announce"})
"""Acts by which somebody who opens a paragraph can pass on what it goes on to tell."""


class _Openers:
    """What was said in each paragraph so far, by whom."""

    _MOST = 64
    """Speakers of a paragraph among whom the one who opened it is looked for."""

    def __init__(self, order: _Order) -> None:
        self._order = order
        self._of: dict[int, dict[str | None, list[tuple[int, Quote]]]] = {}
        self._count = 0

    def add(self, quote: Quote) -> None:
        """Take the next quote."""
        self._count += 1
        if quote.speaker is None:
            return
        here = self._of.setdefault(self._order.paragraph(quote.sentence.start), {})
        own = here.setdefault(quote.speaker.name, [])
        # Only one that ends sooner than all before it can be the first before some offset.
        if not own or quote.sentence.end < own[-1][1].sentence.end:
            own.append((self._count, quote))

    def first(self, paragraph: int, parties: frozenset[str], start: int) -> Quote | None:
        """The first one of a paragraph whose sentence ends before an offset, by nobody of
        these."""
        speakers = islice(self._of.get(paragraph, {}).items(), self._MOST)
        found = [
            next((q for q in own if q[1].sentence.end <= start), None)
            for name, own in speakers
            if name not in parties
        ]
        return min((q for q in found if q is not None), key=lambda q: q[0], default=(0, None))[1]


def _in_readout(
    quote: Quote, openers: _Openers, calls: _Conversations, order: _Order, headings: Sequence[int]
) -> Quote:
    """With the other party of the conversation that a read-out is about, if this is one."""
    speaker = quote.speaker.name if quote.speaker else None
    here = order.paragraph(quote.sentence.start)
    found: _Conversation | None = None
    for call in calls.before(speaker, quote.span.start):
        if here - call.paragraph > _MAX_PARAGRAPHS_ON or _parted(
            call.span.end, quote.span.start, headings
        ):
            break  # and so is what lies farther back
        if here >= call.paragraph:
            found = call
            break
    if found is None or quote.speaker is None:
        return quote
    opener = openers.first(here, found.parties, quote.sentence.start)
    if opener is not None and opener.act not in _RELAYING_ACTS:
        opener = None  # who accuses or argues speaks in their own cause
    if not quote.chain and opener is None:
        return quote
    other = next(name for name in found.parties if name != speaker)
    chain = quote.chain or ((opener.speaker,) if opener and opener.speaker else ())
    told = Mention(found.span, other, "inferred")
    return replace(quote, addressees=(told,), chain=chain)


def _parted(end: int, start: int, headings: Sequence[int]) -> bool:
    """Whether a heading begins between two offsets."""
    return bisect_left(headings, end) < bisect_left(headings, start)


def _inferred(mention: Mention) -> Mention:
    return replace(mention, basis="inferred")
