"""A citation as a quote card."""

from __future__ import annotations

from index.types import Span
from page.visible import attribute, isolated, shown
from page.words import BASES, KINDS, date, listed
from rag.types import Citation


def card(citation: Citation, turn: int, *, near: bool = False) -> str:
    """The words, who said them to whom, according to whom, and where that stands.

    ``near`` is for what only comes close: the card says that it is no answer.
    """
    number = citation.number
    pointer = f'data-turn="{turn}" data-number="{number}" data-near="{int(near)}"'
    label = "Not an answer" if near else f"{number}"
    name = f"Show near miss {number}" if near else f"Show passage {number}"
    return (
        f'<li class="card {"near" if near else "cited"}" {pointer}>'
        f'<button type="button" class="opener" {pointer} aria-label="{name} in its article">'
        f'<span class="number">{label}</span></button>'
        f'<div class="substance">{words(citation)}{attributed(citation)}'
        f'<p class="origin">{origin(citation)}</p>'
        f'<p class="card-tools">{badges(citation)}{copy_button(citation)}</p></div></li>'
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
    """A name that leads to everything they said."""
    return (
        f'<button type="button" class="person {role}" data-person="{attribute(name)}" '
        f'data-role="{role}" title="Everything on record from and to them">{isolated(name)}</button>'
    )


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


def copy_button(citation: Citation) -> str:
    return (
        f'<button type="button" class="tool copy" data-copy="{attribute(quotable(citation))}">'
        "Copy</button>"
    )


def quotable(citation: Citation) -> str:
    """The words with their attribution, as plain text to paste."""
    article = citation.article
    who = citation.speaker or "speaker not stated"
    to = f" to {listed(citation.addressees)}" if citation.addressees else ""
    relayed = f", according to {listed(citation.chain)}" if citation.chain else ""
    kind = KINDS[citation.kind][0].lower() if citation.kind else "passage"
    source = ", ".join(
        filter(None, (article.outlet, article.title or article.id, date(article.published)))
    )
    said = f"{who}{to}{relayed} ({kind}). " if citation.kind else ""
    return f"{citation.quote}\n— {said}{source}{f', {article.url}' if article.url else ''}"
