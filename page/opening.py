"""What the page shows before anything is asked: the corpus, examples, the filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from page.visible import attribute, isolated
from page.words import KINDS, count, date


@dataclass(frozen=True, slots=True)
class Corpus:
    """What an index holds, as far as the page speaks of it."""

    counts: dict[str, int]
    dates: tuple[str, str] = ("", "")
    people: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()


def corpus_line(corpus: Corpus) -> str:
    """'35 articles · 451 quotes · 171 speakers · 1 May to 8 November 2020'."""
    parts = [
        count(corpus.counts.get("articles", 0), "article"),
        count(corpus.counts.get("quotes", 0), "quote"),
        count(corpus.counts.get("speakers", 0), "speaker"),
    ]
    if first := corpus.dates[0]:
        first, last = date(first), date(corpus.dates[1])
        parts.append(first if first == last else f"{first} to {last}")
    return " · ".join(f"<span>{isolated(part)}</span>" for part in parts)


def masthead(line: str) -> str:
    """The name of the page, and one line on what stands behind it."""
    return (
        '<header class="masthead"><h1>OnRecord</h1>'
        f'<p class="corpus">{line}</p></header>'
    )


def welcome(examples: Sequence[str]) -> str:
    """What to ask, with questions that have an answer in this corpus."""
    items = "".join(
        f'<li><button type="button" class="example" data-ask="{attribute(q)}">{isolated(q)}'
        "</button></li>"
        for q in examples
    )
    tried = f'<h3>Questions with an answer here</h3><ul class="examples">{items}</ul>' if items else ""
    return (
        '<section class="welcome"><h2>Who said what, to whom?</h2>'
        "<p>Every answer is made of the articles’ own words, with the passage beside it. "
        "What is not on record gets a plain no.</p>"
        f'{tried}<p class="hint">More articles: <code>python -m index add PATH</code></p></section>'
    )


def trouble(message: str) -> str:
    """The page where no index can be read: what is wrong, and what to do."""
    return (
        '<section class="welcome"><h2>No articles to answer from yet</h2>'
        f'<p class="message">{isolated(message)}</p>'
        "<p>This page looks again at each question; there is no need to restart it.</p></section>"
    )


def drawer(corpus: Corpus) -> str:
    """Filters over all quotes."""
    people = "".join(f'<option value="{attribute(name)}">' for name in corpus.people)
    outlets = "".join(
        f'<option value="{attribute(name)}">{isolated(name)}</option>' for name in corpus.outlets
    )
    kinds = "".join(f'<option value="{kind}">{name}</option>' for kind, (name, _) in KINDS.items())
    return (
        f'<datalist id="people-list">{people}</datalist>'
        '<details class="drawer"><summary>Browse all quotes</summary><form class="browse">'
        "<label>Speaker<input name=speaker list=people-list autocomplete=off></label>"
        "<label>Addressee<input name=addressee list=people-list autocomplete=off></label>"
        f'<label>Outlet<select name=outlet><option value="">Any</option>{outlets}</select></label>'
        f'<label>Kind<select name=kind><option value="">Any</option>{kinds}</select></label>'
        "<label>From<input name=since type=date></label>"
        "<label>Until<input name=until type=date></label>"
        '<button type="submit" class="tool">Show quotes</button></form></details>'
    )


COMPOSER = (
    '<form class="composer"><label class="unseen" for="question">Your question</label>'
    '<textarea id="question" rows="1" placeholder="What did … tell … ?" '
    'autocomplete="off" spellcheck="false"></textarea>'
    '<button type="submit" class="ask">Ask</button>'
    '<button type="button" class="stop" hidden>Stop</button>'
    '<p class="status" role="status" aria-live="polite"></p></form>'
)
