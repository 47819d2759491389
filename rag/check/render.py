"""A check as text, Markdown, CSV and JSON, the last with schema.org's ClaimReview."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from index.storage.export import guarded
from index.text.escape import markdown, on_one_line
from rag.check.types import MEANING, Check, DiffPart, Finding, Verdict
from rag.json_form import citation_form
from rag.types import Citation, listed

SCOPE = "The archive is not the world: what is not on record here may still have been said."

NEAREST = frozenset({Verdict.NOT_ON_RECORD, Verdict.NOTHING_FOUND})
"""Verdicts whose passages are no evidence."""

COLUMNS = (
    *("verdict", "grave", "quoted", "draft", "speaker", "addressees", "start", "end"),
    *("differs", "notes", "archive", "archive_speaker", "archive_addressees", "according_to"),
    *("outlet", "date", "title", "url", "article", "article_start", "article_end"),
)


def as_text(check: Check) -> str:
    """The findings worst first, then what was not checked, and the counts; each on lines of its
    own, in which what comes from draft and archive makes no further line."""
    lines: list[str] = []
    for finding in check.worst_first:
        lines += _finding_lines(finding)
    if check.unchecked:
        shown = ", ".join(f"{on_one_line(u.words)} ({u.reason})" for u in check.unchecked)
        lines.append(f"not checked: {shown}")
    lines.append(summary(check))
    if any(f.verdict in NEAREST for f in check.findings):
        lines.append(SCOPE)
    return "\n".join(lines)


def summary(check: Check) -> str:
    """What became of a draft, in one line."""
    if not check.findings:
        return "No quotation and no attributed statement was found in the draft."
    counts = ", ".join(f"{n} {verdict.value}" for verdict, n in check.counts.items())
    grave = sum(f.grave for f in check.findings)
    archive = f"{check.articles:,} article{'' if check.articles == 1 else 's'}"
    told = f"{len(check.findings)} checked against {archive}: {counts}"
    left = f"; {len(check.unchecked)} not checked" if check.unchecked else ""
    return f"{told}; {grave} grave{left}." if grave else f"{told}{left}."


def label(finding: Finding) -> str:
    """The verdict, and whether it is grave, in words."""
    return f"{finding.verdict.value} (grave)" if finding.grave else finding.verdict.value


def _finding_lines(finding: Finding) -> Iterator[str]:
    by = f" — {finding.speaker}" if finding.speaker else ""
    to = f" to {listed(finding.addressees)}" if finding.addressees else ""
    yield f"{label(finding)}: {on_one_line(finding.words)}{by}{to}"
    if differs := differences(finding.diff):
        yield f"    Differs: {differs}."
    for note in finding.notes:
        yield f"    {on_one_line(note)}"
    for passage in finding.passages:
        nearest = "Nearest, no evidence: " if finding.verdict in NEAREST else ""
        yield f"    {nearest}{_passage_line(passage)}"


def differences(parts: Sequence[DiffPart]) -> str:
    """What differs between draft and archive, in words; "" if nothing does."""
    return "; ".join(_difference(part) for part in parts if part.change != "same")


def _difference(part: DiffPart) -> str:
    draft, archive = f"“{on_one_line(part.draft)}”", f"“{on_one_line(part.archive)}”"
    told = {
        "missing": f"{archive} is missing",
        "added": f"{draft} is added",
        "changed": f"{draft} stands for {archive}",
        "left out": f"{archive} is left out",
    }[part.change]
    return f"{told} ({part.weight})" if part.weight else told


def _passage_line(passage: Citation) -> str:
    said = on_one_line(passage.quote)
    by = passage.speaker or "nobody named"
    to = f" to {listed(passage.addressees)}" if passage.addressees else ""
    via = f", according to {listed(passage.chain)}" if passage.chain else ""
    return f"{said} — {by}{to}{via} [{source(passage)}]"


def source(passage: Citation) -> str:
    """Where a passage stands, on one line."""
    article = passage.article
    parts = (article.outlet, article.title or article.id, article.published)
    where = on_one_line(", ".join(filter(None, parts)))
    return f"{where}, characters {passage.start} to {passage.end}"


def as_markdown(check: Check) -> str:
    """The check as Markdown, in which no draft and no article can put mark-up."""
    blocks = [f"# Check of {markdown(check.name or 'a draft')}", markdown(summary(check))]
    for number, finding in enumerate(check.worst_first, 1):
        by = f" — {markdown(finding.speaker)}" if finding.speaker else ""
        blocks.append(f"## {number}. {label(finding)}")
        blocks.append(f"{MEANING[finding.verdict].capitalize()}.")
        blocks.append(f"> {markdown(finding.words)}{by}")
        told = [f"Differs: {markdown(differences(finding.diff))}."] if _differs(finding) else []
        told += [markdown(note) for note in finding.notes]
        blocks += [" ".join(told)] if told else []
        kind = "Nearest, no evidence" if finding.verdict in NEAREST else "Archive"
        blocks += [f"{kind}: {markdown(_passage_line(passage))}" for passage in finding.passages]
    if check.unchecked:
        blocks.append("## Not checked")
        blocks.append("\n".join(f"- {markdown(u.words)} ({u.reason})" for u in check.unchecked))
    if any(f.verdict in NEAREST for f in check.findings):
        blocks.append(f"*{SCOPE}*")
    return "\n\n".join(blocks) + "\n"


def _differs(finding: Finding) -> bool:
    return any(part.change != "same" for part in finding.diff)


def as_csv(check: Check) -> str:
    """A row for each finding, with its first passage; no cell is a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for finding in check.worst_first:
        row: list[object] = [
            *(finding.verdict.value, finding.grave, finding.quoted, finding.words),
            *(finding.speaker or "", "; ".join(finding.addressees)),
            *(finding.span.start, finding.span.end),
            *(differences(finding.diff), " ".join(finding.notes)),
            *(_csv_cells(finding.passages[0]) if finding.passages else [""] * 11),
        ]
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue()


def _csv_cells(passage: Citation) -> list[object]:
    article = passage.article
    return [
        *(passage.quote, passage.speaker or "", "; ".join(passage.addressees)),
        *("; ".join(passage.chain), article.outlet, article.published, article.title),
        *(article.url, article.id, passage.start, passage.end),
    ]


def as_json(check: Check) -> dict[str, Any]:
    """The check as JSON values; offsets are code points, those of a finding in the draft, those
    of a passage in its article."""
    return {
        "draft": check.name or None,
        "passes": check.passes,
        "articles": check.articles,
        "counts": {verdict.value: n for verdict, n in check.counts.items()},
        "findings": [_finding_json(finding, check) for finding in check.findings],
        "unchecked": [
            {"start": u.span.start, "end": u.span.end, "words": u.words, "reason": u.reason}
            for u in check.unchecked
        ],
    }


def _finding_json(finding: Finding, check: Check) -> dict[str, Any]:
    return {
        "verdict": finding.verdict.value,
        "meaning": MEANING[finding.verdict],
        "grave": finding.grave,
        "quoted": finding.quoted,
        "start": finding.span.start,
        "end": finding.span.end,
        "words": finding.words,
        "speaker": finding.speaker,
        "addressees": list(finding.addressees),
        "sources": list(finding.sources),
        "diff": [
            {"change": p.change, "draft": p.draft, "archive": p.archive, "weight": p.weight or None}
            for p in finding.diff
        ],
        "notes": list(finding.notes),
        "corrected": finding.corrected or None,
        "probability": finding.probability,
        "passages": [citation_form(passage).model_dump() for passage in finding.passages],
        "claim_review": _claim_review(finding, check),
    }


def _claim_review(finding: Finding, check: Check) -> dict[str, Any]:
    """The fields of schema.org's ClaimReview that fit: there is no rating on a scale."""
    claim: dict[str, Any] = {"@type": "Claim", "text": finding.words}
    if finding.speaker:
        claim["author"] = {"@type": "Thing", "name": finding.speaker}
    if check.name:
        claim["appearance"] = {"@type": "CreativeWork", "name": check.name}
    told = [differences(finding.diff), *finding.notes]
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "claimReviewed": finding.words,
        "itemReviewed": claim,
        "reviewRating": {
            "@type": "Rating",
            "alternateName": label(finding),
            "ratingExplanation": " ".join(filter(None, [MEANING[finding.verdict] + ".", *told])),
        },
    }
