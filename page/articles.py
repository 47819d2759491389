"""The articles to look through: searched by title and limited to an outlet."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Article
from page.escape import isolated, shown, typed
from page.markup import button, data
from page.words import count, date

ARTICLES = 60
"""Articles that are listed at most; a search finds the others."""

ArticleCounts = Sequence[tuple[Article, int]]
"""Articles, and how many statements each of them reports."""


def articles(found: ArticleCounts, total: int, words: str, outlet: str) -> str:
    """A field to search, and the articles, the newest first."""
    rows = "".join(
        f"<li>{button('expand', isolated(a.title or a.id), 'title', article=a.id)}"
        f'<p class="note">{_origin(a, statements)}</p></li>'
        for a, statements in found
    )
    held = count(total, "article")
    told = held if total == len(found) else f"{len(found)} of {held}, search for others"
    return (
        f'<form class="search"{data(do="submit")}><label>Words of the title<input name="words" '
        f'value="{typed(words)}" maxlength="200" autocomplete="off"></label>'
        f'<label>Outlet<input name="outlet" value="{typed(outlet)}" list="outlets" '
        'maxlength="200" autocomplete="off"></label>'
        '<button type="submit" class="do">Search</button></form>'
        f'<p class="note" role="status">{shown(told)}, newest first.</p>'
        f'<ol class="articles">{rows}</ol>'
    )


def _origin(article: Article, statements: int) -> str:
    facts = (article.outlet, date(article.published), count(statements, "statement"))
    return " · ".join(isolated(fact) for fact in facts if fact)
