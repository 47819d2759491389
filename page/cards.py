"""A citation as a quote card."""

from __future__ import annotations

from index.types import Span
from page.visible import attribute, isolated, shown
from page.words import BASES, KINDS, date, listed
from rag.types import Citation


def card(citation: Citation, anchor: str = "", *, near: bool = False) -> str:
    """The words, who said them to whom, according to whom, and where that stands.

    ``anchor`` names the passage in the evidence pane, "" if it is not shown there.
    ``near`` is for what only comes close: the card says that it is no answer.
    """
    label = "Not an answer" if near else f"{citation.number}"
    number = f'<span class="number">{label}</span>'
    if anchor:
        number = f'<a class="opener" href="#{attribute(anchor)}">{number} Show in the article</a>'
    return (
        f'<li class="card {"near" if near else "cited"}">{number}{words(citation)}'
        f'{attributed(citation)}<p class="origin">{origin(citation)} {badges(citation)}</p></li>'
    )


def words(citation: Citation) -> str:
    """The quotation; what an article wrote between its parts is set apart."""
    kind = citation.kind or "passage"
    text, source = citation.article.text, citation.source
    parts: list[str] = []
    position = citation.start
    for span in source.content if source else (Span(citation.start, citation.end),):
        if span.start > position:
            parts.append(f'<span class="between">{shown(text[position : span.start])}</span>')
        parts.append(shown(span.slice(text)))
        position = span.end
    return f'<blockquote class="words {kind}" dir="auto">{"".join(parts)}</blockquote>'


def attributed(citation: Citation) -> str:
    """Speaker, reporting words, addressees, and who passed the words on."""
    if citation.kind is None:
        return ""
    parts = [person(citation.speaker, "speaker") if citation.speaker else _unnamed(citation)]
    if citation.addressees:
        parts.append('<span class="arrow" aria-label="to">→</span>')
        parts.append(", ".join(person(name, "addressee") for name in citation.addressees))
        if citation.source and all(m.basis == "inferred" for m in citation.source.addressees):
            parts.append('<span class="aside">(inferred)</span>')
    if citation.cue:
        parts.append(f'<span class="cue-word">{isolated(citation.cue)}</span>')
    if citation.chain:
        parts.append(f'<span class="relay">according to {isolated(listed(citation.chain))}</span>')
    return f'<p class="attributed">{" ".join(parts)}</p>'


def person(name: str, role: str) -> str:
    """A name in its role."""
    return f'<strong class="person {role}">{isolated(name)}</strong>'


def _unnamed(citation: Citation) -> str:
    speaker = citation.source.speaker if citation.source else None
    as_written = speaker.span.slice(citation.article.text) if speaker else "Speaker not stated"
    return f'<span class="speaker">{isolated(as_written)}</span>'


def origin(citation: Citation) -> str:
    """Outlet, date and title of the article."""
    article = citation.article
    outlet = f'<span class="outlet">{isolated(article.outlet)}</span>' if article.outlet else ""
    day = f"<time>{isolated(date(article.published))}</time>" if article.published else ""
    title = f"<cite>{isolated(article.title or article.id)}</cite>"
    return '<span class="dot" aria-hidden="true"> · </span>'.join(
        filter(None, (outlet, day, title))
    )


def badges(citation: Citation) -> str:
    """What kind of quote it is, and how its speaker is known."""
    if citation.kind is None:
        return '<span class="badge passage" title="A sentence, with no speaker">Passage</span>'
    kind, kind_means = KINDS[citation.kind]
    basis, basis_means = BASES.get(citation.attribution, BASES["unknown"])
    return (
        f'<span class="badge {citation.kind}" title="{kind_means}">{kind}</span>'
        f'<span class="badge {citation.attribution}" title="{basis_means}">{basis}</span>'
    )
