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

from index.attribution.notices import correcting
from index.lang import language
from index.text.confusables import oddity
from index.text.folding import fold, words
from index.types import Article, Mention, Span, hull
from rag.answering.excerpts import excerpt
from rag.answering.refusal import refusal
from rag.lang import asking, wording
from rag.people import surname
from rag.ranking.time_and_place import place_in, time_in
from rag.types import Draft, Evidence, Line, Name, Number, Part, Question, Ranking, Slice, Words

HELP = (
    "I answer who said what, to whom, and according to whom, from the articles that are indexed "
    "here, in their own words."
)

WELCOME = "You are welcome."

_ARTICLES = ("the ", "a ", "an ")
_CONTRACTION = re.compile(r"['’](?:s|d|ll|re|ve)\b")


def compose(question: Question, ranking: Ranking, suggestions: Sequence[str] = ()) -> Draft:
    """Return the draft of an answer: a line for each cited sentence, in the order of the evidence,
    and behind them the notes; or one line that says why nothing is on record.

    ``suggestions`` are questions to ask, for a question that only asks for help.
    """
    if question.kind == "help":
        asked = [Line((Words("- "), Name(q))) for q in suggestions]
        lead = WELCOME if set(words(question.text)) & asking().thanking else HELP
        lead = f"{lead} Ask, for instance:" if asked else lead
        return Draft((Line((Words(lead),)), *asked), ranking, question, tuple(suggestions))
    if not ranking.evidence:
        return Draft((Line((Words(refusal(question, ranking)),)),), ranking, question)
    groups = _grouped(question, ranking.evidence)
    dated = _of_several_days(ranking.evidence)
    lines = [_answer_line(question, group, dated) for group in groups]
    if ranking.verdict:
        head = Words(f"{ranking.verdict.capitalize()}: ")
        lines[0] = Line((head, *lines[0].parts))
    if ranking.more:
        shown, found = len(ranking.evidence), len(ranking.evidence) + ranking.more
        lines.append(Line((Words(f"{shown} of {found} statements on record are shown."),)))
    return Draft((*lines, *_notes(ranking.evidence)), ranking, question)


MAX_DESCRIPTION_WORDS = 4
"""Words of a description, at most, that is shown behind a pronoun."""


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
    """Return the evidence by the sentences that carry it, in the order of the first of each."""
    groups: list[_Group] = []
    for number, item in enumerate(evidence, 1):
        around = excerpt(item)
        for group in groups:
            same = group.article.id == item.article.id and group.shown.overlaps(around)
            if same and _lead(question, group.first, group.shown) == _lead(question, item, around):
                group.shown = hull((group.shown, around))
                group.items.append((number, item))
                break
        else:
            groups.append(_Group(item.article, around, [(number, item)]))
    return groups


def _answer_line(question: Question, group: _Group, dated: bool) -> Line:
    """Return a sentence of an article behind its lead-in, with names and numbers put into it."""
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
    """Yield the slices of a sentence, with numbers behind the cited words and names behind pronouns
    and descriptions."""
    quoted: list[Span] = []
    names: dict[int, list[Part]] = {}
    numbers: dict[int, list[Part]] = {}
    named: set[str] = set()
    for number, item in group.items:
        pieces = item.quote.content if item.quote and item.span == item.quote.span else (item.span,)
        quoted += pieces
        behind: dict[int, list[Part]] = {}
        for at, name in _names_to_insert(item, group.shown):
            if name not in named and at not in names:
                behind.setdefault(at, []).append(Name(name))
                named.add(name)
        names |= behind  # "they" may be several, by one piece of evidence
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
    return [Words(" ["), *_joined_with_and(names), Words("]")] if names else []


def _names_to_insert(item: Evidence, around: Span) -> Iterator[tuple[int, str]]:
    """Yield (offset, name) for each participant whom the sentence does not name.

    There the sentence has a pronoun or a description.  Nothing is yielded where the name itself
    stands shortly before it ("Reed said that he"), or for a relative pronoun ("Reed, who").
    """
    quote, text = item.quote, item.article.text
    if quote is None:
        return
    speaker = (quote.speaker,) if quote.speaker else ()
    for mention in (*speaker, *quote.co_speakers, *quote.addressees, *quote.chain):
        pronoun = language().person_pronouns.get(mention.span.slice(text).casefold())
        described = _description(mention) if pronoun else ""
        called = not described and _is_called_by_name(mention, text)
        if not _stands_in(mention, around) or pronoun == "r" or called:
            continue
        if not _is_named_nearby(str(mention.name), item, around.start, mention.span.start):
            yield _behind(mention.span, text), described or str(mention.name)


def _description(mention: Mention) -> str:
    """Return what a pronoun stands for where that has no name ("the ministry"), if it is short."""
    name = mention.name or ""
    own = name.split()
    plain = bool(own) and len(own) <= MAX_DESCRIPTION_WORDS and not name[:1].isupper()
    owned = plain and own[0] in language().person_pronouns
    return f"the {name}" if plain and not owned else ""


def _behind(span: Span, text: str) -> int:
    """Return where a name goes: behind the pronoun alone in "he and his wife", behind "he’s"."""
    first = re.compile(r"\w+").match(text, span.start)
    alone = first and first[0].casefold() in wording().subject_pronouns
    end = first.end() if first and alone else span.end
    contraction = _CONTRACTION.match(text, end)
    return contraction.end() if contraction else end


def _is_called_by_name(mention: Mention, text: str) -> bool:
    """Return whether the words of a mention tell who it is as well as its name does."""
    if not mention.name or not mention.name[:1].isupper():
        return True
    own = _word_set(mention.name) - asking().stop_words
    return bool(own & _word_set(mention.span.slice(text)))


def _is_named_nearby(name: str, item: Evidence, start: int, end: int) -> bool:
    """Return whether a stretch of the article names somebody outside the cited words.

    The last word of the name has to stand there, and not as the name of somebody else: "Anna Reed"
    does not name "Ivo Reed".
    """
    cited = item.quote.content if item.quote else (item.span,)
    others = _word_set(name) | asking().stop_words | language().titles
    before = ""
    for word in re.finditer(r"\w+|[^\w\s.]", item.article.text[start:end]):
        inside = any(span.start <= start + word.start() < span.end for span in cited)
        own = not before[:1].isupper() or fold(before) in others
        if own and not inside and fold(word[0]) == surname(name):
            return True
        before = word[0]
    return False


def _word_set(text: str) -> set[str]:
    return set(words(text))


def _lead(question: Question, item: Evidence, around: Span) -> tuple[Part, ...]:
    """Return who speaks, to whom and according to whom, as far as the shown sentence does not
    say."""
    quote, text = item.quote, item.article.text
    if quote is None:
        return ()
    parts: list[Part] = []
    if quote.speaker and not _is_shown(quote.speaker, item, around):
        together = (quote.speaker, *quote.co_speakers)
        parts += _joined_with_and([_name_part(m, text) for m in together])
        parts += _hedge(quote.speaker)
    asked = bool(question.addressees) or question.kind == "to_whom"
    sentence = _word_set(around.slice(text))
    told = [
        m
        for m in quote.addressees
        if m.name and not _is_pronoun(m.name) and not _stands_in(m, around)
        if surname(m.name) not in sentence
    ]
    if asked and told:
        parts += [
            Words(" to " if parts else "To "),
            *_joined_with_and([_name_part(m, text) for m in told]),
        ]
        parts += _hedge(told[0])
    relayed = [m for m in quote.chain if not _stands_in(m, around)]
    if relayed:
        according = ", according to " if parts else "According to "
        parts += [Words(according), *_joined_with_and([_name_part(m, text) for m in relayed])]
    if parts and isinstance(parts[0], Name):
        parts[0] = Name(f"{parts[0].text[:1].upper()}{parts[0].text[1:]}")
    return tuple(parts)


def _is_shown(speaker: Mention, item: Evidence, around: Span) -> bool:
    """Return whether a sentence has its speaker, or at least the name, outside the cited words."""
    return _stands_in(speaker, around) or (
        speaker.name is not None and _is_named_nearby(speaker.name, item, around.start, around.end)
    )


def _stands_in(mention: Mention, around: Span) -> bool:
    """Return whether a sentence itself has the mention, as more than an inference from it."""
    return mention.basis != "inferred" and mention.span in around


def _hedge(mention: Mention) -> list[Part]:
    return [Words(" (inferred)")] if mention.basis == "inferred" else []


def _fact(question: Question, group: _Group) -> Part | None:
    """Return the time, place or name that a question asks for, which then stands first; None where
    the sentence does not have it for certain."""
    item = group.first
    quote, text = item.quote, item.article.text
    if question.kind == "when":
        when = quote.time if quote and quote.time else time_in(text, group.shown)
        return _slice_of(item.article, when) if when else None
    if question.kind == "where":
        where = quote.place if quote and quote.place else place_in(text, group.shown)
        return _slice_of(item.article, where) if where else None
    speaker = quote.speaker if quote else None
    if question.kind == "who_said" and speaker and _is_called_by_name(speaker, text):
        return _called_in_full(speaker, group)
    return None


def _called_in_full(speaker: Mention, group: _Group) -> Part | None:
    """Return the name of a speaker whom the shown sentence calls by a part of it ("Lund said")."""
    name = speaker.name or ""
    whole = fold(name) in fold(group.shown.slice(group.article.text))
    inside = _stands_in(speaker, group.shown)
    return Name(name) if name[:1].isupper() and inside and not whole else None


def _slice_of(article: Article, span: Span) -> Slice:
    return Slice(article.id, span.start, span.end, span.slice(article.text))


def _name_part(mention: Mention, text: str) -> Part:
    """Return a name, or the article's own words for somebody who has none ("the board").

    A name keeps the "the" that the article has before it ("the Volmark Herald").
    """
    phrase, name = within(mention.span.slice(text)), mention.name
    if not name or not name[:1].isupper():
        return Name(name if name and _is_pronoun(phrase) else phrase)
    _, _, bare = phrase.partition(" ")
    return Name(phrase if phrase.startswith(_ARTICLES) and fold(bare) == fold(name) else name)


def _is_pronoun(phrase: str) -> bool:
    return phrase.casefold() in language().person_pronouns


def within(phrase: str) -> str:
    """Return a phrase as it stands within a sentence: its article loses the capital."""
    article, _, rest = phrase.partition(" ")
    return f"{article.lower()} {rest}" if article in ("A", "An", "The") else phrase


def _joined_with_and(names: Sequence[Part]) -> list[Part]:
    """Return the parts for "A", "A and B" or "A, B and C"."""
    found: list[Part] = []
    for at, name in enumerate(names):
        if at:
            found.append(Words(" and " if at == len(names) - 1 else ", "))
        found.append(name)
    return found


def _of_several_days(evidence: Sequence[Evidence]) -> bool:
    """Return whether the statements are of different days, all of them known."""
    days = [e.article.published for e in evidence]
    return all(days) and len(set(days)) > 1


def _when(item: Evidence) -> str:
    """Return the day and the outlet of a piece of evidence: "2020-11-08, The Post"."""
    return ", ".join(filter(None, (item.article.published[:10], item.article.outlet)))


def _notes(evidence: Sequence[Evidence]) -> Iterator[Line]:
    """Yield a warning for each name, or word of a bare sentence, that only looks like another;
    and what an article corrects of what is cited."""
    yield from _correction_notes(evidence)
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


def _correction_notes(evidence: Sequence[Evidence]) -> Iterator[Line]:
    """Yield each notice by which an article corrects a cited statement, once."""
    told = set[tuple[str, Span]]()
    for item in evidence:
        people = item.quote and (item.quote.speaker, *item.quote.co_speakers)
        names = [m.name for m in people or () if m and m.name]
        notice = correcting(item.article.text, item.span, names)
        if notice is not None and (item.article.id, notice) not in told:
            told.add((item.article.id, notice))
            yield Line((Words("The article corrects this: "), _slice_of(item.article, notice)))
