"""Quotations within quotations: what somebody says that somebody else said.

“My father always said, ‘Measure twice,’” recalled Dina Falk: her father's words, through her.
The outer words are hers all the same, and stay a statement of hers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from index.attribution.quotation_marks import quotations
from index.lang import Language
from index.people.names import begins_name, without_titles
from index.types import Basis, Mention, Quote, Span

_CAPITALISED = r"[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w.’'-]+){0,4}"
_TOLD_BEFORE = re.compile(
    rf"(?:^|[\s“\"‘'])(?P<who>(?:[Mm]y|[Oo]ur|[Tt]he|[Aa]n?) (?:[a-z]+ )??[a-z]+"
    rf"(?:, (?P<apposed>{_CAPITALISED}),)?|{_CAPITALISED})"
    r" (?:always |once |then |just |only |even |(?P<habit>used to ))?(?P<cue>[a-z]+)"
    r"(?: (?:me|us|him|her|them|to (?:me|us|him|her|them)))?[,:]?\s?$"
)
_LONGEST_LEAD_IN = 120  # code points before an inner quotation in which its speaker is looked for
_FIRST_PERSON_OWNER = re.compile(r"(?:my|our|your) (?=\w)", re.IGNORECASE)


def with_nested(
    text: str,
    quotes: Sequence[Quote],
    labelled: Callable[[str], str | None],
    table: Language,
) -> list[Quote]:
    """The quotes, with those within the quoted words of a named speaker among them.

    ``labelled`` tells whom a name means in the article.  The words of somebody who is only
    "he" there stay a part of the outer ones.
    """
    taken = {q.span for q in quotes}
    found = [
        inner
        for quote in quotes
        if quote.kind == "direct" and quote.speaker is not None and quote.speaker.name
        for inner in _quotes_within(text, quote, quote.speaker, labelled, table)
        if inner.span not in taken
    ]
    return sorted([*quotes, *found], key=lambda q: (q.span.start, -q.span.end))


def named_after(name: str | None, owner: str | None) -> str | None:
    """Who "my father" is where the one who says so is known: "Dina Falk's father"."""
    if name is None or owner is None or _FIRST_PERSON_OWNER.match(name) is None:
        return name
    return f"{owner}'s {_FIRST_PERSON_OWNER.sub('', name, count=1)}"


def _quotes_within(
    text: str,
    quote: Quote,
    speaker: Mention,
    labelled: Callable[[str], str | None],
    table: Language,
) -> Iterator[Quote]:
    for span in quote.content:
        for mark in quotations(span.slice(text)):
            if mark.depth != 1 or not mark.marked:
                continue
            start = span.start + mark.span.start
            lead = text[max(span.start, start - _LONGEST_LEAD_IN) : start]
            told = _TOLD_BEFORE.search(lead)
            if told is None or not _is_reporting(told, table):
                continue
            who = told["apposed"] or told["who"]
            name, basis = _inner_speaker(who, speaker.name, labelled, table)
            if not name:
                continue
            at = start - len(lead) + told.start("who")
            words = Span(start, span.start + mark.span.end)
            yield replace(
                quote,
                id=f"{quote.article_id}#q{words.start}-{words.end}",
                content=(words,),
                cue=Span(*(start - len(lead) + n for n in told.span("cue"))),
                act=table.verb_acts.get(table.lemmas.get(told["cue"], ""), "say"),
                speaker=Mention(Span(at, at + len(told["who"])), name, basis),
                co_speakers=(),
                addressees=(),
                chain=(replace(speaker, basis="inferred"),),
                time=None,
                place=None,
            )


def _is_reporting(told: re.Match[str], table: Language) -> bool:
    if told["habit"]:
        return told["cue"] in table.clausal_verbs
    return told["cue"] in table.cue_forms


def _inner_speaker(
    who: str, owner: str | None, labelled: Callable[[str], str | None], table: Language
) -> tuple[str | None, Basis]:
    """Whom the words before an inner quotation name; None or an empty name if nobody."""
    first, *rest = who.split()
    if first.lower() in ("my", "our"):
        return named_after(who, owner), "coreference"
    if first.lower() in ("the", "a", "an"):
        human = rest[-1] in table.role_nouns or rest[-1] in table.naming.people_nouns
        human = human or rest[-1] in table.naming.occupations
        return (" ".join(rest) if human else ""), "explicit"
    if not begins_name(first, table):
        return "", "explicit"
    return labelled(without_titles(who, table)), "explicit"
