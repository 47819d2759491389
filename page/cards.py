"""A citation as a quote card."""

from __future__ import annotations

from index.text.confusables import oddity
from index.types import Span
from page.escape import isolated, shown
from page.markup import button
from page.quoting import attributed_quote, speakers
from page.words import BASES, KINDS, count, date
from rag.types import Citation, listed


def card(
    citation: Citation,
    *,
    near: bool = False,
    label: str = "",
    **place: str | int,
) -> str:
    """Who said it to whom, according to whom; the words; and where they stand.

    ``place`` tells the desk which citation this is (turn and number, or quote).
    ``near`` is for what only comes close: the card says that it is no answer.
    """
    label = label or str(citation.number)
    number = button("select", label, "number", f"Statement {label}: show in the article", **place)
    flag = '<p class="flag">Not an answer</p>' if near else ""
    actions = button("select", "Article", "quiet opens", "Show in the article", **place)
    actions += button("copy", "Copy", "quiet", "Copy quote", text=attributed_quote(citation))
    if citation.source:
        wrong = {"report": 1, **place}
        actions += button("select", "Correct", "quiet", "Suggest a correction", **wrong)
    return (
        f'<li class="card {"near" if near else "cited"}">{number}<div class="content">{flag}'
        f"{attributed(citation)}{quotation_html(citation)}"
        f'<div class="foot"><p class="origin"><span class="where">{origin(citation)}</span> '
        f'<span class="badges">{badges(citation)}</span></p><p class="actions">{actions}</p></div>'
        "</div></li>"
    )


def quotation_html(citation: Citation) -> str:
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
    named = (person(name, "speaker") for name in speakers(citation))
    parts = [", ".join(named) or _unnamed(citation)]
    if citation.addressees:
        parts.append("to")
        parts.append(", ".join(person(name, "addressee") for name in citation.addressees))
        if citation.source and all(m.basis == "inferred" for m in citation.source.addressees):
            parts.append('<span class="aside">(inferred)</span>')
    if citation.cue:
        cue = citation.cue[:1].lower() + citation.cue[1:]  # it may begin a sentence there
        parts.append(f'<span class="cue-word">{isolated(cue)}</span>')
    if citation.chain:
        parts[-1] += ","
        parts.append(f'<span class="relay">according to {isolated(listed(citation.chain))}</span>')
    return f'<p class="attributed">{" ".join(parts)}<span class="colon">:</span></p>'


def person(name: str, role: str) -> str:
    """A name in its role; choosing it shows all they said, or all they were told.

    A name that only looks like another one is marked, and says why.
    """
    does = "everything that they said" if role == "speaker" else "everything said to them"
    chosen = {role: name}
    classes, title = f"person {role}", f"{name}: {does}"
    if odd := oddity(name):
        classes, title = f"{classes} odd", f"{name} ({odd}): {does}"
    return button("expand", isolated(name), classes, title, **chosen)


def _unnamed(citation: Citation) -> str:
    speaker = citation.source.speaker if citation.source else None
    as_written = speaker.span.slice(citation.article.text) if speaker else "Speaker not stated"
    return f'<span class="speaker unnamed">{isolated(as_written)}</span>'


def origin(citation: Citation) -> str:
    """Outlet, date and title of the article, and the time in a recording."""
    article = citation.article
    outlet = f'<span class="outlet">{isolated(article.outlet)}</span>' if article.outlet else ""
    day = f"<time>{isolated(date(article.published))}</time>" if article.published else ""
    title = f"<cite>{isolated(article.title or article.id)}</cite>"
    at = citation.recorded_at
    when = f'<time class="code">{isolated(at)}</time>' if at else ""
    also = f'<span class="copies">also in {count(len(citation.copies), "other article")}</span>'
    return '<span class="dot" aria-hidden="true"> · </span>'.join(
        filter(None, (outlet, day, title, when, also if citation.copies else ""))
    )


def badges(citation: Citation) -> str:
    """What kind of quote it is, and how its speaker is known where no word names them."""
    if citation.kind is None:
        return _badge("passage", "Passage", "A sentence of the article, with no speaker")
    kind, kind_means = KINDS[citation.kind]
    found = _badge(citation.kind, kind, kind_means)
    if citation.attribution == "explicit":  # nothing to doubt, and the evidence says it
        return found
    basis, basis_means = BASES.get(citation.attribution, BASES["unknown"])
    if citation.attribution == "inferred":
        basis = f"Speaker {basis.lower()}"
    return found + _badge(citation.attribution, basis, basis_means)


def _badge(name: str, label: str, means: str) -> str:
    return f'<span class="badge {name}" title="{means}">{label}</span>'
