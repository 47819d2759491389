"""The corpus to look at: who speaks how often, to whom, and when; each mark a button."""

from __future__ import annotations

from index.search.statistics import StatementCounts
from page.escape import isolated, shown
from page.markup import button
from page.words import count

SPEAKERS = 12
MATRIX = 8
"""People on either side of the matrix: more do not fit a phone or an eye."""

MONTHS = 36


def corpus(found: StatementCounts, holdings: str) -> str:
    """Bars, a matrix of speaker and addressee, and a timeline."""
    if not found.speakers:
        return '<p class="note">No statements are indexed yet.</p>'
    return (
        f'<p class="note">{shown(holdings)}. Choose a mark to read its statements.</p>'
        f"{_speakers(found)}{_matrix(found)}{_months(found)}"
    )


def _speakers(found: StatementCounts) -> str:
    most = found.speakers[0][1]
    rows = [f"<li>{_bar(name, n, most, speaker=name)}</li>" for name, n in found.speakers]
    first, rest = "".join(rows[:SPEAKERS]), "".join(rows[SPEAKERS:])
    more = (
        f'<details class="menu"><summary>{count(len(rows) - SPEAKERS, "other speaker")}</summary>'
        f'<ol class="bars" start="{SPEAKERS + 1}">{rest}</ol></details>'
    )
    return f'<h2>Who speaks</h2><ol class="bars">{first}</ol>{more if rest else ""}'


def _bar(label: str, n: int, most: int, **wanted: str | int) -> str:
    inner = (
        f'<span class="bar-name">{isolated(label)}</span>'
        f'<span class="bar-track" aria-hidden="true"><span class="bar-fill" '
        f'style="width:{100 * n / most:.1f}%"></span></span><span class="bar-count">{n:,}</span>'
    )
    return button("expand", inner, "bar", f"{label}: {count(n, 'statement')}", **wanted)


def _matrix(found: StatementCounts) -> str:
    if not found.pairs:
        return ""
    speakers = list(dict.fromkeys(a for a, _, _ in found.pairs))[:MATRIX]
    told = list(dict.fromkeys(b for a, b, _ in found.pairs if a in speakers))[:MATRIX]
    counts = {(a, b): n for a, b, n in found.pairs}
    most = max(counts.values())
    head = "".join(f'<th scope="col"><span>{isolated(name)}</span></th>' for name in told)
    rows = "".join(
        f'<tr><th scope="row">{isolated(a)}</th>'
        + "".join(f"<td>{_cell(a, b, counts.get((a, b), 0), most)}</td>" for b in told)
        + "</tr>"
        for a in speakers
    )
    return (
        "<h2>Who speaks to whom</h2>"
        '<div class="scroll" tabindex="0" role="region" aria-label="Who speaks to whom">'
        '<table class="matrix"><caption class="unseen">Statements by speaker (rows) and '
        f'addressee (columns)</caption><thead><tr><td class="corner">speaker ↓ to →</td>{head}'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(speaker: str, addressee: str, n: int, most: int) -> str:
    if not n:
        return '<span class="none" aria-label="none">·</span>'
    depth = 1 + round(3 * n / most)
    title = f"{speaker} to {addressee}: {count(n, 'statement')}"
    return button(
        "expand", f"{n:,}", f"cell depth-{depth}", title,
        speaker=speaker, addressee=addressee,
    )  # fmt: skip


def _months(found: StatementCounts) -> str:
    if not found.months:
        return ""
    shown_months = found.months[-MONTHS:]
    most = max(n for _, n in shown_months)
    rows = "".join(f"<li>{_bar(month, n, most, month=month)}</li>" for month, n in shown_months)
    notes = []
    if len(found.months) > MONTHS:
        notes.append(f"the last {MONTHS} months with statements are shown")
    if found.undated:
        notes.append(f"{count(found.undated, 'statement')} in articles without a date")
    note = f'<p class="note">{shown("; ".join(notes))}</p>' if notes else ""
    return f'<h2>When</h2><ol class="bars months">{rows}</ol>{note}'
