"""Who said what to whom in the seed article, and properties that hold for any text."""

from __future__ import annotations

import cProfile
import pstats
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import extract_quotes
from index.attribution.extract import segmented
from index.text.folding import fold, folded
from index.types import Article

SEED = Path(__file__).parents[3] / "seeds" / "turkey-russia-karabakh-2020-11-08.txt"
ERDOGAN, PUTIN = "Recep Tayyip Erdoğan", "Vladimir Putin"
DIRECTORATE, KREMLIN = "Presidential Communications Directorate", "Kremlin"

SEED_QUOTES = [
    # the words begin with, speaker, cue, addressees with their basis, chain, kind
    ("President Recep Tayyip", DIRECTORATE, "announced", [], [], "indirect"),
    ("“that Armenia must", ERDOGAN, "reiterated", [(PUTIN, "inferred")], [DIRECTORATE], "direct"),
    (
        "that Azerbaijan’s counter",
        ERDOGAN,
        "noting",
        [(PUTIN, "inferred")],
        [DIRECTORATE],
        "indirect",
    ),
    ("that the Armenian admin", ERDOGAN, "told", [(PUTIN, "explicit")], [], "indirect"),
    ("“that ending the conflict", ERDOGAN, "underscoring", [(PUTIN, "inferred")], [], "direct"),
    ("that Erdoğan and Putin", KREMLIN, "echoed", [], [], "indirect"),
    ("his contacts with", PUTIN, "informed", [(ERDOGAN, "inferred")], [KREMLIN], "indirect"),
    ("that the two ministers", "Diplomatic sources", "informed", [], [], "indirect"),
    ("that he had a phone", ERDOGAN, "informed", [], [], "mixed"),
    ("what he heard from", ERDOGAN, "said", [], [], "indirect"),
    ("“We are close to victory", ERDOGAN, "saying", [], [], "direct"),
]


@pytest.fixture(scope="module")
def seed():
    text = SEED.read_text(encoding="utf-8")
    return text, extract_quotes(text)


@pytest.mark.parametrize("row", SEED_QUOTES, ids=lambda r: r[0])
def test_a_quote_of_the_seed_is_attributed_as_its_article_says(seed, row):
    text, quotes = seed
    begins, speaker, cue, addressees, chain, kind = row
    (quote,) = [q for q in quotes if text[q.span.start :].startswith(begins)]
    assert quote.speaker.name == speaker
    assert quote.cue.slice(text) == cue
    assert [(m.name, m.basis) for m in quote.addressees] == addressees
    assert [m.name for m in quote.chain] == chain
    assert quote.kind == kind
    assert quote.modality == "asserted"


def test_the_title_a_heading_and_a_motto_are_no_quotes(seed):
    text, quotes = seed
    words = [s.slice(text) for q in quotes for s in q.content]
    assert not any(
        "intensify talks" in w or "two states" in w or "drawing near" in w for w in words
    )


def test_empty_text_has_no_quotes():
    assert extract_quotes("") == extract_quotes(" \n\n ") == []


ODD = st.text(
    alphabet=st.sampled_from("“”\"'‘’«»„ \n.,;:İıa\u0301\u202e\x00😀sé—-AB"), max_size=200
)


@settings(max_examples=60, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
@given(st.one_of(ODD, st.text(max_size=120)).map(lambda t: f"Ana Ruiz said {t} on Monday. {t}"))
def test_no_text_raises_and_every_span_lies_in_it(text):
    for quote in extract_quotes(text):
        mentions = [m for m in (quote.speaker, *quote.addressees, *quote.chain) if m]
        spans = [*quote.content, quote.sentence, *(m.span for m in mentions)]
        assert all(span.end <= len(text) for span in spans)
        assert list(quote.content) == sorted(quote.content)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_a_folded_stretch_leads_back_to_its_original(text):
    found = folded(text)
    assert found.text == fold(text)
    for start in range(len(found.text)):
        span = found.span(start, start + 1)
        assert found.text[start] in fold(f"x{span.slice(text)}x")


def calls(text: str) -> int:
    """How many functions are called to read a text: what grows with it, whatever the machine."""
    profile = cProfile.Profile()
    profile.runcall(extract_quotes, text)
    return pstats.Stats(profile).total_calls


@pytest.mark.parametrize(
    "unit",
    [
        "“It was late.” ",
        "Ana Ruiz spoke to the panel. Ruiz said it was late. ",
        "Ana Ruiz spoke with Deniz Kaya by phone. Ruiz said it was late. ",
        "“",
        "'",
        "“A b,” he said. ",
        "Ann, ",
        "Ann told Bob that ",
        "(a ",
        "Q: a\n\nA: b\n\n",
    ],
)
def test_the_work_grows_with_the_length_of_the_text_and_no_faster(unit):
    short, long = ((unit * n)[:n] for n in (1_000, 4_000))
    calls(short)
    assert calls(long) < 6 * calls(short)


def test_a_sentence_that_never_stops_is_cut_at_blanks_and_every_span_is_right():
    words = "the mayor who met Ana in Arden and "
    text = f"A report\n\nAna Ruiz told Deniz Kaya that {words * 2_000}it was late."
    parts = segmented(Article("a", text))
    spans = [s for p in parts for s in p.sentences]
    assert max(map(len, spans)) <= 5_000
    assert all(len(p.span) < 30_000 for p in parts)
    assert " ".join(s.slice(text) for s in spans) == text.partition("\n\n")[2]
    assert {q.speaker.name for q in extract_quotes(text) if q.speaker} >= {"Ana Ruiz"}


def test_a_long_quotation_is_one_quote_however_long_it_is():
    text = f"A report\n\n“{'It was late in Arden. ' * 3_000}It was,” Ana Ruiz said."
    (quote,) = extract_quotes(text)
    assert (quote.kind, quote.speaker.name) == ("direct", "Ana Ruiz")
    assert quote.span.slice(text)[0] + quote.span.slice(text)[-1] == "“”"
