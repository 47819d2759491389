"""Correction notices: what an article takes back of itself, mostly at its end.

A quotation that a notice gives to somebody else is no longer its first speaker's.  A statement
that has a word or a number which a notice speaks of is one that it corrects.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from index.attribution.quotation_marks import quotations
from index.people.names import without_titles
from index.text.folding import fold
from index.types import Article, Mention, Quote, Span

_NOTICE = re.compile(
    r"[*\[(]?(?:"
    r"(?:Correction|Clarification|Amendment|Erratum|CORRECTION|CLARIFICATION)s?\b[^\n]{0,60}?[:.—–-]"
    r"|(?:Editor[’']?s[’']? note|EDITOR[’']?S NOTE|Note|Update)\b[^\n]{0,40}?[:—–-]"
    r"(?=[^\n]*\b(?:correct|amend|earlier version))"
    r"|(?:This|The) (?:article|story|piece|report|headline)\b[^\n]{0,40}\b(?:was|has been|were)"
    r" (?:corrected|amended|updated to correct)"
    r"|(?:An|In an) (?:earlier|previous|original) version of this (?:article|story|piece|report))"
)
_TERM = re.compile(r"\d[\d.,]*|(?<![.!?:“\"] )(?<!^)\b[^\W\d_a-z][\w’'-]*")
_OF_NAMES = re.compile(r"\b(?:misspel|mis-spel|name[sd]?\b|misidentif|title\b)", re.IGNORECASE)
_MISATTRIBUTED = re.compile(r"attribut(?:ed|es|ion)\b|\bwho said\b|\bwas said by\b", re.IGNORECASE)
_SAID_BY = re.compile(
    r"\b(?:[Tt]hey|[Ii]t|[Tt]h(?:e|ese|ose|is|at) (?:words?|quotes?|quotations?|remarks?|comments?"
    r"|statements?|lines?))\b (?:(?:was|were|is|are|had been|should be|should have been) )?"
    r"(?:in fact |actually |really )?(?:(?:said|made|spoken|uttered|written|posted) by"
    r"|(?:came |comes |come )?from|(?:attributed|credited) to|belongs? to) "
    r"(?P<who>(?:[^.;“”\"\n]|\b(?:Rev|Dr|Mr|Mrs|Ms|Prof|Sen|Gov|St|Sgt|Lt|Capt)\.(?= )){2,90}?)"
    r"(?=(?<!\b[A-Z][a-z])(?<!\bRev)(?<!\bMrs)(?<!\bSgt)(?<!\bSen)(?<!\bGov)(?<!\bProf)(?<!\bCapt)"
    r"\.(?:\s|[)\]*_]|$)|;|, not\b|, who\b| and not\b|$)"
)
_FIRST_AND_LAST_NAME = re.compile(r"[^\W\d_a-z][\w.’'-]*(?: [^\W\d_a-z][\w.’'-]*)+")
_CLEFT = re.compile(
    r"\b[Ii]t was (?P<name>[^\W\d_][^,“”\"\n]{1,60}?)(?:,? (?:and |rather than |instead of )?"
    r"(?:not )?[^,“”\"\n]{2,60},)? who (?:said|told|wrote|made)\b[^“”\"\n]{0,60}$"
)
_BOILERPLATE = re.compile(r"(?:An|In an) (?:earlier|previous|original) version of this \w+")


def notices(text: str) -> list[Span]:
    """The paragraphs that are correction notices, in order.  Linear in the text."""
    found, start = [], 0
    for line in text.splitlines(keepends=True):
        body = line.strip()
        if _NOTICE.match(body):
            at = start + line.index(body)
            found.append(Span(at, at + len(body)))
        start += len(line)
    return found


def correcting(text: str, statement: Span, speakers: Sequence[str]) -> Span | None:
    """The notice that speaks of a word or a number of a statement, or of its speaker's name."""
    said = statement.slice(text)
    words = {fold(w) for w in re.findall(r"\w[\w’'-]*", said)}
    names = {fold(w) for name in speakers for w in name.split()}
    for notice in notices(text):
        if notice.overlaps(statement):
            continue
        told = _BOILERPLATE.sub("", notice.slice(text))
        terms = {fold(t).rstrip(".,") for t in _TERM.findall(told)}
        if (terms - names) & words or (terms & names and _OF_NAMES.search(told)):
            return notice
    return None


def withdrawn(
    article: Article, quotes: Sequence[Quote], labelled: Callable[[str], str | None]
) -> list[Quote]:
    """The quotes; those whose very words a notice gives to another speaker as not said, and with
    them what the notice gives to that one.

    ``labelled`` tells whom a name as it stands in the notice means.
    """
    text = article.text
    found = [n for n in notices(text) if _MISATTRIBUTED.search(text, n.start, n.end)]
    if not found:
        return list(quotes)
    starts = [n.start for n in found]
    quotes = [*quotes, *_given_to_others(article, found, quotes, labelled)]

    def around(quote: Quote) -> Span | None:
        at = bisect_right(starts, quote.span.start) - 1
        return found[at] if at >= 0 and quote.span in found[at] else None

    quotes = [
        q if (notice := around(q)) is None else _set_right(text, q, notice, labelled)
        for q in quotes
    ]
    disputed = {
        _without_edge_marks(q.inner.slice(notice.slice(text)))
        for notice in found
        for q in quotations(notice.slice(text))
    } - {""}
    right = {
        _without_edge_marks(span.slice(text)): q.speaker.name
        for q in quotes
        if around(q) is not None and q.speaker and q.speaker.name
        for span in q.content
    }
    out = []
    for quote in quotes:
        speaker = quote.speaker
        if speaker is not None and around(quote) is None:
            said = {_without_edge_marks(span.slice(text)) for span in quote.content}
            if any(right.get(words) != speaker.name for words in said & disputed):
                quote = replace(quote, modality="negated")
        out.append(quote)
    return out


def _given_to_others(
    article: Article,
    found: Sequence[Span],
    quotes: Sequence[Quote],
    labelled: Callable[[str], str | None],
) -> Iterator[Quote]:
    """Yield the quotations that a notice names before it says whose they were ("... attributed
    the words “...” to A. They were said by B."), where no statement has them."""
    text, taken = article.text, [q.span for q in quotes]
    for notice in found:
        own = [q for q in quotations(notice.slice(text)) if q.depth == 0]
        told = _SAID_BY.search(text, notice.start + own[-1].span.end, notice.end) if own else None
        if told is None or len(own) != 1:
            continue
        words = Span(notice.start + own[0].span.start, notice.start + own[0].span.end)
        name = _FIRST_AND_LAST_NAME.findall(told["who"])
        if any(words.overlaps(other) for other in taken) or not name:
            continue
        yield Quote(
            id=f"{article.id}#q{words.start}-{words.end}",
            article_id=article.id,
            content=(words,),
            sentence=notice,
            kind="direct",
            speaker=Mention(
                Span(*told.span("who")), labelled(without_titles(name[-1])), "explicit"
            ),
        )


def _set_right(
    text: str, quote: Quote, notice: Span, labelled: Callable[[str], str | None]
) -> Quote:
    """A quotation in a notice, by whom the notice says: "It was X, not Y, who said ..."."""
    before = max(text.rfind(". ", notice.start, quote.span.start) + 1, notice.start)
    told = _CLEFT.search(text[before : quote.span.start])
    if told is None:
        return quote
    span = Span(before + told.start("name"), before + told.end("name"))
    speaker = Mention(span, labelled(told["name"]), "explicit")
    return replace(quote, speaker=speaker, co_speakers=())


def _without_edge_marks(words: str) -> str:
    return fold(words).strip("“”\"'‘’.,!?;: ")
