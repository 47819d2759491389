"""To whom a statement was made when its own clause does not say.

A party to a reported conversation speaks to the other one: stated where the clause names
the occasion ("in an interview with X, she said"), inferred where an article gives a
read-out ("A and B had a phone call ... According to A's office, A reiterated ...").
Nothing is inferred for what is said in public after a meeting.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.attribution.coreference import People
from index.attribution.cues import conjuncts, phrase_span
from index.attribution.report import Report
from index.attribution.situation import is_situation
from index.attribution.syntax import Sentence, Word
from index.lang import Language
from index.types import Mention, Quote, Span

_REACH = 5
"""Paragraphs after its mention for which a conversation is what a read-out is about."""


def add_stated(reports: Sequence[Report], table: Language) -> None:
    """Give reports the addressees that their own sentence names: all of a coordination
    ("told A, B and C"), whoever is faced ("addressing the crowd, she said", "asked by A,
    she said"), or the other party of the occasion ("in an interview with A")."""
    for report in reports:
        if report.cue_word is None:
            continue
        report.addressees = [w for w in report.addressees if w.tag not in ("WP", "WDT")]
        for link in report.cue_word.all("prep"):
            noun = link.child("pobj")
            if link.text.lower() == "in" and noun is not None and noun.lemma in table.reply_nouns:
                report.act = "answer"
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


def _faced(cue: Word, table: Language) -> Iterator[Word]:
    """Whom the speaker addresses, or is asked by, in a verb beside the cue."""
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
    """Whom a verb like "address" or "speak" is turned to: its object, or behind "to"."""
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
    """The quotes, those that begin by calling somebody ("Mr. Reed, you ...") with that
    person as addressee, if nobody else is."""
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


@dataclass(frozen=True, slots=True)
class _Call:
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
    """The quotes, those of a read-out with the other party as inferred addressee."""
    order = _Order(paragraphs)
    told: dict[Span, list[Quote]] = {}
    for quote in quotes:
        if quote.addressees:
            told.setdefault(quote.sentence, []).append(quote)
    audiences = [
        audience
        for n, paragraph in enumerate(paragraphs)
        for sentence in paragraph
        for audience in _audiences(n, sentence, people, table)
    ]
    calls = [
        call
        for n, paragraph in enumerate(paragraphs)
        for sentence in paragraph
        for call in _calls(n, sentence, people, table)
        if not any(_tells(quote, call) for quote in quotes)
    ]
    out: list[Quote] = []
    for quote in quotes:
        if not quote.addressees and quote.modality == "asserted" and quote.speaker:
            quote = (
                _beside(quote, told.get(quote.sentence, ()))
                or _answered(quote, out, order)
                or _before_audience(quote, audiences, order)
                or _in_readout(quote, out, calls, order, headings)
            )
        out.append(quote)
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


def _tells(quote: Quote, call: _Call) -> bool:
    """Whether the conversation is only what one of its parties speaks of."""
    return (
        quote.speaker is not None
        and quote.speaker.name in call.parties
        and any(span.overlaps(call.span) for span in quote.content)
    )


def _calls(number: int, sentence: Sentence, people: People, table: Language) -> Iterator[_Call]:
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
        names = {people.resolve(h)[0] for h in heads if h is not None} - {None}
        if len(names) == 2:
            yield _Call(frozenset(n for n in names if n), number, word.span)


@dataclass(frozen=True, slots=True)
class _Audience:
    """Somebody who spoke to somebody, and where it was told of."""

    speaker: str
    hearer: Mention
    paragraph: int


def _audiences(
    number: int, sentence: Sentence, people: People, table: Language
) -> Iterator[_Audience]:
    """Who spoke to whom in a sentence: "Moe testified before the panel"."""
    for verb in sentence.words:
        own, hearer = verb.child("nsubj"), next(_hearers(verb, table), None)
        if own is None or hearer is None or verb.quoted or verb.pos != "VERB":
            continue
        speaker = people.resolve(own)[0]
        if speaker is not None and not is_situation(hearer, table):
            name, _ = people.resolve(hearer)
            yield _Audience(speaker, Mention(phrase_span(hearer), name, "inferred"), number)


def _before_audience(quote: Quote, audiences: Sequence[_Audience], order: _Order) -> Quote | None:
    """With the audience before which its speaker was said to speak, in the same paragraph."""
    if quote.speaker is None or quote.time is not None:
        return None  # "... on Monday.  On Tuesday she said": to others
    here = order.paragraph(quote.sentence.start)
    for audience in reversed(audiences):
        hearer = audience.hearer
        if (
            audience.speaker == quote.speaker.name
            and audience.paragraph == here
            and hearer.span.end <= quote.span.start
        ):
            return replace(quote, addressees=(hearer,))
    return None


def _partner(word: Word, table: Language) -> Word | None:
    """The noun behind "with" or "to" below a word."""
    for child in word.all("prep", "dative"):
        if child.text.lower() in table.partner_prepositions:
            return child.child("pobj")
    return None


def _beside(quote: Quote, quotes: Sequence[Quote]) -> Quote | None:
    """With the addressee that the same speaker has in the same sentence ("told B ...,
    underscoring ...")."""
    for other in quotes:
        if (
            other.sentence == quote.sentence
            and other.addressees
            and other.speaker is not None
            and quote.speaker is not None
            and other.speaker.name == quote.speaker.name
            and other.span.start < quote.span.start
        ):
            return replace(quote, addressees=tuple(_inferred(m) for m in other.addressees))
    return None


def _answered(quote: Quote, before: Sequence[Quote], order: _Order) -> Quote | None:
    """With the one who spoke last in the same paragraph, if this is an answer."""
    last = before[-1] if before else None
    if (
        quote.act != "answer"
        or quote.speaker is None
        or last is None
        or last.speaker is None
        or last.tier != "speech"
        or last.speaker.name in (None, quote.speaker.name)
        or order.paragraph(last.sentence.start) != order.paragraph(quote.sentence.start)
    ):
        return None
    return replace(quote, addressees=(_inferred(last.speaker),))


def _in_readout(
    quote: Quote,
    before: Sequence[Quote],
    calls: Sequence[_Call],
    order: _Order,
    headings: Sequence[Span],
) -> Quote:
    """With the other party of the conversation that a read-out is about, if this is one."""
    speaker = quote.speaker.name if quote.speaker else None
    here = order.paragraph(quote.sentence.start)
    call = next(
        (
            c
            for c in reversed(calls)
            if speaker in c.parties
            and 0 <= here - c.paragraph <= _REACH
            and c.span.end <= quote.span.start
            and not any(c.span.end <= h.start < quote.span.start for h in headings)
        ),
        None,
    )
    if call is None or quote.speaker is None:
        return quote
    opener = next(
        (
            q
            for q in before
            if order.paragraph(q.sentence.start) == here
            and q.speaker is not None
            and q.speaker.name not in call.parties
            and q.sentence.end <= quote.sentence.start
        ),
        None,
    )
    if not quote.chain and opener is None:
        return quote
    other = next(name for name in call.parties if name != speaker)
    chain = quote.chain or ((opener.speaker,) if opener and opener.speaker else ())
    told = Mention(call.span, other, "inferred")
    return replace(quote, addressees=(told,), chain=chain)


def _inferred(mention: Mention) -> Mention:
    return replace(mention, basis="inferred")
