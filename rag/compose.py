"""Evidence becomes a draft: the article's own sentences, and only a few words of ours.

A draft is lines of parts (`rag.types.Part`).  What an article says is a slice of it, whole
sentences, so that verb, negation, hedge and source stand as the article has them.  Words of
ours are fixed lead-ins: who speaks, to whom and according to whom, where the sentence itself
does not name them; a date; a yes or no.  No verb is conjugated and no quotation mark is put.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.folding import fold
from index.scripts import oddity
from index.types import Article, Mention, Span
from rag.lang import asking
from rag.refusal import refusal
from rag.situation import place_in, time_in
from rag.types import Draft, Evidence, Line, Name, Number, Part, Question, Ranking, Slice, Words

HELP = (
    "I answer who said what, to whom, and according to whom, from the articles that are indexed "
    "here, in their own words."
)


def compose(question: Question, ranking: Ranking, suggestions: Sequence[str] = ()) -> Draft:
    """The draft of an answer: one line for each sentence that is cited, in the order of the
    evidence, then what has to be noted; or one line that says why there is nothing.

    ``suggestions`` are questions to ask, for a question that only asks for help.
    """
    if question.kind == "help":
        asked = [Line((Words("- "), Name(q))) for q in suggestions]
        lead = f"{HELP} Ask, for instance:" if asked else HELP
        return Draft((Line((Words(lead),)), *asked), ranking, question, tuple(suggestions))
    if not ranking.evidence:
        return Draft((Line((Words(refusal(question, ranking)),)),), ranking, question)
    groups = _grouped(question, ranking.evidence)
    dated = _of_several_days(ranking.evidence)
    lines = [_line(question, group, dated) for group in groups]
    if ranking.verdict:
        head = Words(f"{ranking.verdict.capitalize()}: ")
        lines[0] = Line((head, *lines[0].parts))
    if ranking.more:
        shown, found = len(ranking.evidence), len(ranking.evidence) + ranking.more
        lines.append(Line((Words(f"{shown} of {found} statements on record are shown."),)))
    return Draft((*lines, *_notes(ranking.evidence)), ranking, question)


@dataclass(slots=True)
class _Group:
    """The evidence of one sentence, or of sentences that overlap, with its numbers."""

    article: Article
    shown: Span
    items: list[tuple[int, Evidence]] = field(default_factory=list)

    @property
    def first(self) -> Evidence:
        return self.items[0][1]


def _grouped(question: Question, evidence: Sequence[Evidence]) -> list[_Group]:
    """The evidence by the sentences that carry it, in the order of the first of each."""
    groups: list[_Group] = []
    for number, item in enumerate(evidence, 1):
        around = _around(item)
        for group in groups:
            same = group.article.id == item.article.id and group.shown.overlaps(around)
            if same and _lead(question, group.first, group.shown) == _lead(question, item, around):
                start = min(group.shown.start, around.start)
                group.shown = Span(start, max(group.shown.end, around.end))
                group.items.append((number, item))
                break
        else:
            groups.append(_Group(item.article, around, [(number, item)]))
    return groups


def _around(item: Evidence) -> Span:
    """The whole sentences that carry a piece of evidence."""
    span, sentence = item.span, item.sentence
    return Span(min(span.start, sentence.start), max(span.end, sentence.end))


def _line(question: Question, group: _Group, dated: bool) -> Line:
    """A sentence of an article behind its lead-in, with names and numbers put into it."""
    parts: list[Part] = []
    if dated:
        parts += [Name(_when(group.first)), Words(": ")]
    lead = _lead(question, group.first, group.shown)
    if fact := _fact(question, group):
        parts += [fact, Words(": ")]
    elif lead:
        parts += [*lead, Words(": ")]
    parts += _sentence(group)
    if copies := max(len(item.copies) for _, item in group.items):
        parts.append(Words(f" (also in {copies} other{'s' if copies > 1 else ''})"))
    return Line(tuple(parts))


def _sentence(group: _Group) -> Iterator[Part]:
    """The slices of a sentence, cut where cited words begin and end, where a name is put
    behind a pronoun or a description, and where a number stands."""
    quoted: list[Span] = []
    names: dict[int, list[Part]] = {}
    numbers: dict[int, list[Part]] = {}
    for number, item in group.items:
        pieces = item.quote.content if item.quote and item.span == item.quote.span else (item.span,)
        quoted += pieces
        for at, name in _names(item, group.shown):
            if Name(name) not in names.setdefault(at, []):
                names[at].append(Name(name))
        end = max(item.span.end, max(piece.end for piece in pieces))
        numbers.setdefault(end, []).extend((Words(" "), Number(number)))
    inserts = {at: [*_bracketed(names.get(at, [])), *numbers.get(at, [])] for at in names | numbers}
    cuts = {group.shown.start, group.shown.end, *inserts}
    cuts |= {edge for span in quoted for edge in (span.start, span.end)}
    edges = sorted(cut for cut in cuts if group.shown.start <= cut <= group.shown.end)
    text = group.article.text
    yield from inserts.get(group.shown.start, ())
    for start, end in itertools.pairwise(edges):
        cited = any(span.start <= start and end <= span.end for span in quoted)
        yield Slice(group.article.id, start, end, text[start:end], cited)
        yield from inserts.get(end, ())


def _bracketed(names: Sequence[Part]) -> list[Part]:
    return [Words(" ["), *_listed(names), Words("]")] if names else []


def _names(item: Evidence, shown: Span) -> Iterator[tuple[int, str]]:
    """Where a sentence has a pronoun or a description for who takes part, and the name."""
    quote = item.quote
    if quote is None:
        return
    speaker = (quote.speaker,) if quote.speaker else ()
    for mention in (*speaker, *quote.co_speakers, *quote.addressees, *quote.chain):
        inside = shown.start <= mention.span.start and mention.span.end <= shown.end
        if inside and mention.basis != "inferred" and not _is_named(mention, item.article.text):
            yield mention.span.end, str(mention.name)


def _is_named(mention: Mention, text: str) -> bool:
    """Whether the words of a mention tell who it is as well as its name does."""
    if not mention.name or not mention.name[:1].isupper():
        return True
    written = set(re.findall(r"\w+", fold(mention.span.slice(text))))
    own = set(re.findall(r"\w+", fold(mention.name))) - asking("en").stop_words
    return bool(own & written)


def _lead(question: Question, item: Evidence, shown: Span) -> tuple[Part, ...]:
    """Who speaks, to whom and according to whom, as far as the shown sentence does not say."""
    quote, text = item.quote, item.article.text
    if quote is None:
        return ()
    parts: list[Part] = []
    if quote.speaker and not _stands_in(quote.speaker, shown):
        together = (quote.speaker, *quote.co_speakers)
        parts += _listed([_called(m, text) for m in together])
        parts += _hedge(quote.speaker)
    asked = bool(question.addressees) or question.kind == "to_whom"
    sentence = shown.slice(text)
    told = [
        m
        for m in quote.addressees
        if m.name and not _stands_in(m, shown) and not _is_named_in(m.name, sentence)
    ]
    if asked and told:
        parts += [Words(" to " if parts else "To "), *_listed([_called(m, text) for m in told])]
        parts += _hedge(told[0])
    relayed = [m for m in quote.chain if not _stands_in(m, shown)]
    if relayed:
        according = ", according to " if parts else "According to "
        parts += [Words(according), *_listed([_called(m, text) for m in relayed])]
    return tuple(parts)


def _stands_in(mention: Mention, shown: Span) -> bool:
    """Whether a sentence itself has the mention, as more than an inference from it."""
    return (
        shown.start <= mention.span.start
        and mention.span.end <= shown.end
        and (mention.basis != "inferred")
    )


def _is_named_in(name: str, sentence: str) -> bool:
    """Whether a sentence has the last word of a name."""
    last = re.findall(r"\w+", fold(name))[-1:]
    return bool(last) and last[0] in re.findall(r"\w+", fold(sentence))


def _hedge(mention: Mention) -> list[Part]:
    return [Words(" (inferred)")] if mention.basis == "inferred" else []


def _fact(question: Question, group: _Group) -> Part | None:
    """What a question for a person, a time or a place asks for, to stand first; None where
    the sentence does not have it for certain."""
    item = group.first
    quote, text = item.quote, item.article.text
    if question.kind == "when":
        when = quote.time if quote and quote.time else time_in(text, group.shown)
        return _cut(item.article, when) if when else None
    if question.kind == "where":
        where = quote.place if quote and quote.place else place_in(text, group.shown)
        return _cut(item.article, where) if where else None
    speaker = quote.speaker if quote else None
    if question.kind == "who_said" and speaker and _is_named(speaker, text):
        return _called_in_full(speaker, group)
    return None


def _called_in_full(speaker: Mention, group: _Group) -> Part | None:
    """The name of a speaker whom the shown sentence calls by a part of it ("Lund said")."""
    name = speaker.name or ""
    whole = fold(name) in fold(group.shown.slice(group.article.text))
    inside = _stands_in(speaker, group.shown)
    return Name(name) if name[:1].isupper() and inside and not whole else None


def _cut(article: Article, span: Span) -> Slice:
    return Slice(article.id, span.start, span.end, span.slice(article.text))


def _called(mention: Mention, text: str) -> Part:
    """A name, or the article's own words for somebody who has none ("the board")."""
    if mention.name and mention.name[:1].isupper():
        return Name(mention.name)
    return Name(within(mention.span.slice(text)))


def within(phrase: str) -> str:
    """A phrase as it stands within a sentence: its article loses the capital."""
    article, _, rest = phrase.partition(" ")
    return f"{article.lower()} {rest}" if article in ("A", "An", "The") else phrase


def _listed(names: Sequence[Part]) -> list[Part]:
    """The parts for "A", "A and B" or "A, B and C"."""
    found: list[Part] = []
    for at, name in enumerate(names):
        if at:
            found.append(Words(" and " if at == len(names) - 1 else ", "))
        found.append(name)
    return found


def _of_several_days(evidence: Sequence[Evidence]) -> bool:
    """Whether the statements are of different days, all of them known."""
    days = [e.article.published for e in evidence]
    return all(days) and len(set(days)) > 1


def _when(item: Evidence) -> str:
    return ", ".join(filter(None, (item.article.published[:10], item.article.outlet)))


def _notes(evidence: Sequence[Evidence]) -> Iterator[Line]:
    """A warning for each name, or word of a bare sentence, that only looks like another."""
    names: list[str | None] = []
    for item in evidence:
        if quote := item.quote:
            people = (quote.speaker, *quote.co_speakers, *quote.addressees, *quote.chain)
            names += [m.name for m in people if m]
        else:
            names += [item.speaker, *re.findall(r"\w+", item.span.slice(item.article.text))]
    for name in dict.fromkeys(filter(None, names)):
        if odd := oddity(name):
            yield Line((Words("Note the name "), Name(name), Words(f": {odd}.")))
