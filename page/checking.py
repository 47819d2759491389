"""A checked draft: its text with labelled marks, and the verdicts, worst first, each with the
draft's words and the archive's side by side."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from index.errors import InputError
from index.text.escape import on_one_line
from page.adding import BEAT
from page.cards import attributed, origin, quotation_html
from page.escape import isolated, shown
from page.evidence import Highlight, marked
from page.markup import button, data_address
from page.service import Desk
from rag.check.render import (
    NEAREST,
    SCOPE,
    as_csv,
    as_json,
    as_markdown,
    differences,
    label,
    summary,
)
from rag.check.types import MEANING, Check, Finding, Verdict
from rag.types import Citation, listed

PASTED = 100_000
"""Characters of a draft that is pasted into the page; longer ones go to the command line."""

NAME = "check-of-a-draft"


def checked(desk: Desk, text: str) -> Iterator[str]:
    """HTML of the progress, and last of the whole check.  Raises OnRecordError."""
    if len(text) > PASTED:
        raise InputError(
            f"expected at most {PASTED:,} pasted characters, found {len(text):,}; "
            "run: python -m rag --check FILE"
        )
    told = (0, 0)

    def progress(*at: int) -> None:
        nonlocal told
        told = (at[0], at[1])

    with ThreadPoolExecutor(1, thread_name_prefix="check") as aside:
        work = aside.submit(desk.check, text, progress)
        before = None
        while not work.done():
            if told != before:
                before = told
                yield _checking_progress(*told)
            time.sleep(BEAT)
        yield check_html(work.result())


def _checking_progress(done: int, whole: int) -> str:
    if not whole:
        return '<p class="note" role="status">Reading the draft …</p>'
    return (
        f'<p class="note" role="status">Checked {done} of {whole} statements</p>'
        f'<progress max="{whole}" value="{done}"></progress>'
    )


def check_html(check: Check) -> str:
    """The whole of a check, as HTML."""
    worst = check.worst_first
    numbers = {id(finding): n for n, finding in enumerate(worst, 1)}
    items = "".join(_finding_item(finding, n) for n, finding in enumerate(worst, 1))
    scope = f'<p class="note">{shown(SCOPE)}</p>' if worst else ""
    verdicts = f'<h3>Verdicts, worst first</h3><ol class="cards">{items}</ol>' if worst else ""
    return (
        f'<section class="check"><p class="outcome" role="status">{shown(summary(check))}</p>'
        f"{_exports(check) if worst else ''}{verdicts}{scope}{_unchecked(check)}"
        f'<details class="draft" open><summary>The draft, with its quotations marked</summary>'
        f"{_draft(check, numbers)}</details></section>"
    )


def _finding_item(finding: Finding, number: int) -> str:
    """A verdict, why, and both passages side by side."""
    told = [f"{MEANING[finding.verdict].capitalize()}."]
    differs = differences(finding.diff)
    told += [f"Differs: {differs}."] if differs else []
    told += finding.notes
    reasons = "".join(f"<li>{shown(on_one_line(note))}</li>" for note in told)
    archive = "Nearest in the archive, no evidence" if finding.verdict in NEAREST else "Archive"
    return (
        f'<li class="card claim {slug(finding)}" id="finding-{number}">'
        f'<span class="number" aria-hidden="true">{number}</span><div class="content">'
        f'<h4 class="label">{shown(_heading(finding))}</h4><ul class="reasons">{reasons}</ul>'
        f'<div class="beside"><div><p class="side">Draft</p>{_claim(finding)}</div>'
        f'<div><p class="side">{archive}</p>{_passages(finding)}</div></div>'
        f'<p class="actions">{_finding_actions(finding)}</p></div></li>'
    )


def _heading(finding: Finding) -> str:
    text = label(finding)
    return text[0].upper() + text[1:]


def slug(finding: Finding) -> str:
    """The class of a verdict: what is grave, what is to be looked at, and what passes."""
    if finding.grave:
        return "grave"
    return "passes" if finding.verdict.passes else "look"


def _claim(finding: Finding) -> str:
    """Words of the draft, and who said them to whom according to whom."""
    who = f"by {finding.speaker or 'nobody named'}"
    who += f", to {listed(finding.addressees)}" if finding.addressees else ""
    who += f", according to {listed(finding.sources)}" if finding.sources else ""
    return (
        f'<p class="attributed">{isolated(who)}:</p>'
        f'<blockquote class="words" dir="auto">{shown(finding.words)}</blockquote>'
    )


def _passages(finding: Finding) -> str:
    return "".join(map(_passage, finding.passages)) or '<p class="note">Nothing.</p>'


def _passage(passage: Citation) -> str:
    opened = ""
    if passage.source is not None:
        opened = button("select", "Show in the article", "quiet", quote=passage.source.id)
    return (
        f"{attributed(passage)}{quotation_html(passage)}"
        f'<p class="origin">{origin(passage)}</p>{opened}'
    )


def _finding_actions(finding: Finding) -> str:
    if not finding.corrected or finding.verdict in NEAREST:
        return ""
    return button("copy", "Copy the archive's words", "quiet", text=finding.corrected)


def _unchecked(check: Check) -> str:
    if not check.unchecked:
        return ""
    items = "".join(f"<li>{isolated(u.words)} ({u.reason})</li>" for u in check.unchecked)
    return f'<details class="unchecked"><summary>Not checked</summary><ul>{items}</ul></details>'


def _draft(check: Check, numbers: dict[int, int]) -> str:
    """The draft in paragraphs, each finding in its own labelled mark."""
    found: Sequence[Finding] = [
        f for f in check.findings if f.quoted or f.verdict is not Verdict.SUPPORTED
    ]
    marks = [Highlight(f.span, slug(f), text=f"{numbers[id(f)]}: {_heading(f)}") for f in found]
    return marked(check.text, marks)


def _exports(check: Check) -> str:
    """Links that save the check; they carry it themselves, for nothing of it stays here."""
    values = json.dumps(as_json(check), ensure_ascii=False, indent=2) + "\n"
    files = (
        ("md", "text/markdown", as_markdown(check)),
        ("csv", "text/csv", as_csv(check)),
        ("json", "application/json", values),
    )
    links = []
    for form, media, content in files:
        encoding = "utf-8-sig" if form == "csv" else "utf-8"
        href = data_address(f"{media};charset=utf-8", content.encode(encoding, "replace"))
        links.append(f'<a download="{NAME}.{form}" href="{href}">{form.upper()}</a>')
    return f'<p class="exports">Save as {", ".join(links)}</p>'
