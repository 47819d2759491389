"""The evidence pane: a whole article, the passage and who takes part in it marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from index.types import Article, Mention, Span
from page.cards import attributed, person, quotation_html
from page.escape import isolated, publisher_link, shown
from page.markup import button, data, radio_choices
from page.quoting import attributed_quote
from page.words import BASES, KINDS, ROLES, date
from rag.types import Citation

_PARAGRAPH = re.compile(r"[^\n]+")

LABELS = {
    "quote": "Quote",
    "speaker": "Speaker",
    "addressee": "To",
    "cue": "Reporting words",
    "relay": "According to",
}

WRONG = {part: f"Wrong {name}" for part, name in ROLES.items()}
"""What a reader can report of a statement."""

NOTHING = (
    '<div class="blank"><p class="blank-title">The article appears here</p>'
    "<p>Choose a quote or a number: the whole article opens at the passage, and marks who says "
    'what to whom.</p><p class="specimen"><mark class="speaker" data-label="Speaker">The mayor'
    '</mark> <mark class="cue" data-label="Reporting words">told</mark> <mark class="addressee" '
    'data-label="To">the harbour board</mark>: <mark class="quote" data-label="Quote">'
    "“The bridge opens on Friday.”</mark></p></div>"
)
"""Before anything is shown, with a made-up sentence to learn the marks from."""

NO_EVIDENCE = (
    '<div class="blank" data-top="1"><p class="blank-title">No passage to show</p>'
    "<p>Choose any quote, number or name: it opens here.</p></div>"
)


@dataclass(frozen=True, slots=True, order=True)
class Highlight:
    """A stretch of a text and the part it plays; ``text`` is its label, where that is not the
    name of the part."""

    span: Span
    role: str
    anchor: str = ""
    basis: str = ""
    text: str = ""

    @property
    def label(self) -> str:
        """What a reader sees before the words: an inferred part says so."""
        if self.text:
            return self.text
        inferred = ", inferred" if self.basis == "inferred" else ""
        return LABELS[self.role] + inferred


def evidence(
    citation: Citation,
    *,
    report: bool = False,
    listed: str = "",
    **place: str | int,
) -> str:
    """The article of a citation, whole, the passage in it marked.

    ``place`` tells the desk which citation this is; ``report`` opens the form for corrections;
    ``listed`` is a way back to the list that it was chosen from.
    """
    article = citation.article
    title = article.title or article.id
    back = listed or button("back", "Back to the answer", "quiet back")
    copy = button("copy", "Copy quote", "quiet", text=attributed_quote(citation))
    return (
        f'<article class="sheet"{data(**place)}><p class="bar-line">{back}<span class="bar-title" '
        f'aria-hidden="true">{isolated(title)}</span>{copy}</p><header>'
        f'<h2 class="headline">{isolated(title)}</h2>'
        f'<p class="origin">{_byline(citation)}</p>{legend(citation)}'
        f"{_error_form(citation, report, place) if citation.source else ''}</header>"
        f'<div class="body">{body(article, highlights(citation, "passage"))}</div></article>'
    )


def _error_form(citation: Citation, opened: bool, place: dict[str, str | int]) -> str:
    """The form that tells what is wrong; what is right may be left open."""
    return (
        f'<details class="report"{" open" if opened else ""}>'
        f"<summary{data(top=1) if opened else ''}>Suggest a correction</summary>"
        f'<form class="fields"{data(do="apply", **place)}><div class="now">{attributed(citation)}'
        f"{quotation_html(citation)}</div>{radio_choices('What is wrong?', 'part', WRONG)}"
        '<label>What the article says instead<input name="value" list="people" '
        'autocomplete="off" aria-describedby="report-hint"></label>'
        '<p class="note" id="report-hint">A name, or words, exactly as they stand in the '
        "article. Left empty: not known.</p>"
        '<button type="submit" class="do">Send the suggestion</button></form></details>'
    )


def _byline(citation: Citation) -> str:
    article = citation.article
    parts = [
        isolated(article.outlet),
        isolated(article.author),
        isolated(date(article.published)),
        publisher_link(article.url, citation.quote, "Open at the publisher"),
    ]
    dot = '<span class="dot" aria-hidden="true"> · </span>'
    return dot.join(part for part in parts if part and part != isolated(""))


def legend(citation: Citation) -> str:
    """Who takes part, by which words, and how each of them is known."""
    quote = citation.source
    rows = []
    kind = KINDS[citation.kind][0] if citation.kind else "Passage"
    rows.append(("quote", isolated(kind)))
    if citation.speaker:
        basis = BASES.get(citation.attribution, BASES["unknown"])[0]
        rows.append(("speaker", f"{person(citation.speaker, 'speaker')} {_basis_html(basis)}"))
    for mention in quote.addressees if quote else ():
        name = mention.name or mention.span.slice(citation.article.text)
        basis = BASES[mention.basis][0]
        rows.append(("addressee", f"{person(name, 'addressee')} {_basis_html(basis)}"))
    if citation.cue:
        rows.append(("cue", f"<q>{isolated(citation.cue)}</q>"))
    rows += [("relay", isolated(name)) for name in citation.chain]
    items = "".join(
        f'<div class="key"><dt class="{role}">{LABELS[role]}</dt><dd>{value}</dd></div>'
        for role, value in rows
    )
    return f'<dl class="legend">{items}</dl>'


def _basis_html(basis: str) -> str:
    return f'<span class="aside">{basis.lower()}</span>'


def highlights(citation: Citation, anchor: str = "") -> list[Highlight]:
    """What to mark, in the order of the text; a bare sentence is a quote for this purpose."""
    quote = citation.source
    if quote is None:
        return [Highlight(Span(citation.start, citation.end), "quote", anchor)]
    first, *others = quote.content
    found = [Highlight(first, "quote", anchor), *(Highlight(span, "quote") for span in others)]
    if quote.cue:
        found.append(Highlight(quote.cue, "cue"))
    for role, mentions in (
        ("speaker", (quote.speaker,)),
        ("addressee", quote.addressees),
        ("relay", quote.chain),
    ):
        found += [
            Highlight(m.span, role, basis=m.basis) for m in mentions if isinstance(m, Mention)
        ]
    return sorted(found)


def body(article: Article, marks: list[Highlight]) -> str:
    """The article's text in paragraphs; its headline, shown above, is not repeated."""
    text = article.text
    headline, first = article.title.strip(), min((m.span.start for m in marks), default=0)
    begun = 0
    for start, end in _paragraph_bounds(text):
        if text[start:end].strip() != headline or end > first:
            break
        begun = end
    return marked(text, marks, begun)


def marked(text: str, marks: list[Highlight], begun: int = 0) -> str:
    """A text in paragraphs, with its marks; what stands before ``begun`` is left out."""
    return "".join(
        f'<p dir="auto">{_marked(text, *at, marks)}</p>' for at in _paragraph_bounds(text, begun)
    )


def _paragraph_bounds(text: str, begun: int = 0) -> Iterator[tuple[int, int]]:
    """Start and end of each line that is not blank."""
    return (m.span() for m in _PARAGRAPH.finditer(text, begun) if m.group().strip())


def _marked(text: str, start: int, end: int, marks: list[Highlight]) -> str:
    """text[start:end] with every stretch that plays a part inside its own <mark>.

    Overlapping parts are cut where one of them begins or ends, so that no element has to
    cross another.  Only the first piece of each part carries its label.
    """
    here = [m for m in marks if m.span.start < end and m.span.end > start]
    edges = {start, end}
    for mark in here:
        edges |= {max(start, mark.span.start), min(end, mark.span.end)}
    cuts = sorted(edges)
    pieces = []
    for left, right in pairwise(cuts):
        roles = [m for m in here if m.span.start <= left and right <= m.span.end]
        pieces.append(_piece(text[left:right], left, roles))
    return "".join(pieces)


def _piece(words: str, left: int, roles: list[Highlight]) -> str:
    if not roles:
        return shown(words)
    names = list(dict.fromkeys(m.role for m in roles))
    begun = [m.label for m in roles if m.span.start == left]
    label = f' data-label="{", ".join(dict.fromkeys(begun))}"' if begun else ""
    here = any(m.anchor and m.span.start == left for m in roles)
    anchor = ' data-passage="1" tabindex="-1"' if here else ""
    return f'<mark class="{" ".join(names)}"{anchor}{label}>{shown(words)}</mark>'
