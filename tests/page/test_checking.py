"""The check of a draft as HTML: inert, labelled, and worst first."""

from __future__ import annotations

import base64
import json
import re

import pytest

from index.errors import InputError
from page.checking import PASTED, check_html, checked
from page.service import Desk

DRAFT = (
    "“Armenia must withdraw from the Azerbaijani lands,” Vladimir Putin said.\n\n"
    "“<img src=x onerror=alert(1)> the harbour cats are counted twice a year,” Erdoğan said.\n\n"
    "According to the Presidential Communications Directorate, Erdoğan reiterated “that Armenia "
    "must withdraw from the Azerbaijani lands under its occupation.”"
)


@pytest.fixture(scope="module")
def desk(seed_index) -> Desk:
    return Desk(seed_index)


@pytest.fixture(scope="module")
def html(desk) -> str:
    return list(checked(desk, DRAFT))[-1]


def test_nothing_of_a_draft_is_mark_up(html):
    assert "<img" not in html
    assert "&lt;img" in html


def test_the_worst_comes_first_and_says_so_in_words(html):
    labels = re.findall(r'<h4 class="label">([^<]+)</h4>', html)
    assert labels[0] == "Other speaker (grave)"
    assert labels[-1] == "Exact"


def test_every_finding_is_marked_in_the_draft_with_its_number_and_its_verdict(html):
    draft = html.partition('<details class="draft"')[2]
    labels = re.findall(r'data-label="([^"]+)"', draft)
    assert "1: Other speaker (grave)" in labels
    assert len(labels) == 3


def test_both_passages_stand_side_by_side_and_lead_to_the_article(html):
    first = html.partition('id="finding-1"')[2].partition("</li></ol>")[0]
    assert first.index(">Draft<") < first.index(">Archive<")
    assert 'data-do="select"' in first


def test_what_is_nearest_is_no_evidence(html):
    assert "Nearest in the archive, no evidence" in html
    assert "The archive is not the world" in html


def test_the_files_to_save_are_in_the_page_and_nowhere_else(html):
    links = dict(re.findall(r'download="check-of-a-draft\.(\w+)" href="data:[^,]+,([^"]+)"', html))
    assert links.keys() == {"md", "csv", "json"}
    assert 'href="data:application/json;charset=utf-8;base64,' in html
    whole = json.loads(base64.b64decode(links["json"]))
    assert [f["verdict"] for f in whole["findings"]] == ["other speaker", "not on record", "exact"]
    assert base64.b64decode(links["csv"]).startswith(b"\xef\xbb\xbfverdict,")


def test_progress_comes_first(desk):
    assert 'role="status"' in next(checked(desk, DRAFT))


@pytest.mark.parametrize("text", ["", "x" * (PASTED + 1)])
def test_what_is_no_draft_is_refused_in_one_line(desk, text):
    with pytest.raises(InputError, match=r"^expected "):
        list(checked(desk, text))


def test_a_draft_without_quotations_says_so(desk):
    found = check_html(desk.check("It rained.", lambda *_: None))
    assert "No quotation and no attributed statement was found" in found
    assert "<ol" not in found
