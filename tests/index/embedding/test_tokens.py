"""Late interaction: the word pieces of an index, and what a question finds in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from index.embedding import minilm
from index.embedding.embed import load_embedder
from index.embedding.minilm import MiniLM
from index.embedding.tokens import (
    Coded,
    Tokens,
    TokensWriter,
    TokenVectors,
    coded,
    decoded,
    moved,
    unit,
)
from index.embedding.tokens_across import TokensAcross
from index.errors import IndexUnusable
from index.indexing.build import add, rebuild, remove
from index.search.across import Places
from index.settings import Settings
from index.storage.snapshot import Generation
from index.types import Span

QUESTION = "What did the mayor, Ana Ruiz, promise about the bridge?"
BRIDGE = "Mayor Ana Ruiz said the bridge would open in May. The works took two years."
HEADED = "Weir closed\n\nThe weir was shut on Monday. “It is safe,” Ada Holm said."


@pytest.fixture(scope="module")
def reader(seed_index):
    generation = Generation(seed_index)
    yield generation
    generation.close()


def asked(text: str = QUESTION) -> TokenVectors:
    found = load_embedder().encode_query([text]).tokens[0]
    assert found is not None
    return found


def arrays(index: Path) -> dict[str, bytes]:
    (folder,) = index.glob("segments/*/tokens")
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def drawn(count: int, seed: int = 0, width: int = 128) -> np.ndarray:
    return unit(np.random.default_rng(seed).normal(size=(count, width)))


def question_of(vectors: np.ndarray, ids: list[int] | None = None) -> TokenVectors:
    places = np.arange(len(vectors))
    numbers = np.array(ids if ids is not None else places, np.int64)
    return TokenVectors(vectors, places, places + 1, numbers, np.zeros(len(vectors), bool))


def made(folder: Path, articles: list[list[Coded]], sentences: int = 1) -> TokensAcross:
    writer = TokensWriter(folder)
    for parts in articles:
        writer.add(parts, [0])
    writer.write()
    return across(Tokens(folder), len(articles), sentences)


def across(tokens: Tokens, articles: int, sentences: int) -> TokensAcross:
    """The word pieces of an index that has one segment."""
    words = SimpleNamespace(articles=Places([articles]), count=sentences)
    parts = [SimpleNamespace(tokens=tokens, dead=())]
    return TokensAcross(parts, words, lambda name: int(name[1:]))


def pieces(starts: list[int], vectors: np.ndarray, ids: list[int] | None = None) -> Coded:
    numbers = np.array(ids if ids is not None else starts, np.int64)
    return Coded(np.array(starts, np.int64), numbers, coded(vectors))


# -- one text --------------------------------------------------------------------------


def test_word_pieces_have_unit_vectors_offsets_and_a_flag_for_punctuation():
    found = asked()
    parts = [QUESTION[a:b] for a, b in zip(found.starts, found.ends, strict=True)]
    assert parts[:6] == ["What", "did", "the", "mayor", ",", "Ana"]
    assert [p for p, out in zip(parts, found.left_out, strict=True) if out] == [",", ",", "?"]
    assert found.vectors.shape == (len(parts), 128)
    assert np.allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-5)
    assert len(set(found.ids[[4, 7]].tolist())) == 1


def test_a_question_costs_one_pass(monkeypatch):
    model, passes = MiniLM(), []
    run = MiniLM._run
    monkeypatch.setattr(MiniLM, "_run", lambda *given: passes.append(1) or run(*given))
    vector, found = (
        model.encode_document([QUESTION]).vectors[0],
        model.encode_query([QUESTION]).tokens[0],
    )
    assert (len(passes), len(vector)) == (1, 384)
    rows, (same,) = model.encode_document([QUESTION])
    assert len(passes) == 1
    assert np.array_equal(rows[0], vector)
    assert same is found


def test_of_a_long_text_every_word_has_a_vector_but_only_its_beginning_the_vector():
    words = [f"word{n} of the harbour" for n in range(150)]
    text = ", ".join(words)
    found = asked(text)
    assert len(found.ids) > 2 * minilm.WORD_PIECES
    assert np.all(np.diff(found.starts) > 0)
    assert text[found.starts[-1] : found.ends[-1]] == "harbour"
    short = text[: found.ends[minilm.WORD_PIECES - 3]]
    model = load_embedder()
    assert np.array_equal(
        model.encode_document([text]).vectors, model.encode_document([short]).vectors
    )
    kept = asked(short).vectors
    assert np.allclose(found.vectors[: len(kept)], kept, atol=1e-5)


@pytest.mark.parametrize("text", ["", " ", "…", "?!", "🙂", "\x00"])
def test_a_text_without_a_word_has_nothing_to_compare(text, reader):
    found = asked(text)
    assert found.left_out.all()
    assert not reader.tokens.weights(found).any()
    packed = Coded.of(found).packed()
    assert len(Coded.unpacked(packed).starts) == 0
    number = reader.catalog.article_ids()[0]
    assert not reader.tokens.similarities(found, [(number, 0, 500)]).any()


def test_what_is_packed_is_unpacked():
    found = Coded.of(asked())
    again = Coded.unpacked(found.packed())
    for part in ("starts", "ids", "codes"):
        assert np.array_equal(getattr(found, part), getattr(again, part))


def test_two_bits_a_dimension_keep_the_direction():
    rows = drawn(500)
    assert coded(rows).shape == (500, 32)
    assert np.sum(decoded(coded(rows)) * rows, axis=1).min() > 0.88
    assert np.mean(np.sum(decoded(coded(rows)) * rows, axis=1)) > 0.93


def test_pieces_of_joined_spans_move_to_where_the_spans_are():
    joined, spans = "abc defg", [Span(10, 13), Span(40, 44)]
    found = moved(pieces([0, 2, 4, 7], drawn(4)), spans)
    assert [joined[s] for s in (0, 2, 4, 7)] == ["a", "c", "d", "g"]
    assert found.starts.tolist() == [10, 12, 40, 43]


# -- MaxSim ----------------------------------------------------------------------------


def test_maxsim_is_that_of_sentence_transformers(tmp_path):
    from sentence_transformers.util import maxsim

    rows, question = drawn(90, 1), question_of(drawn(7, 2))
    tokens = made(
        tmp_path / "t", [[pieces(list(range(40)), rows[:40])], [pieces([*range(50)], rows[40:])]]
    )
    spans = [("a0", 0, 40), ("a1", 0, 50), ("a1", 10, 12), (0, 39, 90)]
    documents = [rows[:40], rows[40:], rows[50:52], rows[39:40]]
    best = tokens.similarities(question, spans)
    exact = maxsim([question.vectors], [decoded(coded(d)) for d in documents]).numpy()[0]
    assert np.allclose(best.sum(axis=1), exact, atol=1e-3)
    full = maxsim([question.vectors], documents).numpy()[0]
    assert np.abs(best.sum(axis=1) - full).max() / len(question.ids) < 0.05


def test_what_is_left_out_and_what_has_no_pieces_is_zero(tmp_path):
    question = replace(question_of(drawn(3, 2)), left_out=np.array([False, True, False]))
    tokens = made(tmp_path / "t", [[pieces([5, 9], drawn(2))], []])
    best = tokens.similarities(
        question, [("a0", 0, 10), ("a0", 6, 9), ("a1", 0, 50), ("a0", 10, 99)]
    )
    assert best.shape == (4, 3)
    assert np.all((best != 0) == [[True, False, True], *[[False] * 3] * 3])
    assert tokens.similarities(question, []).shape == (0, 3)


def test_of_passages_that_overlap_the_first_counts(tmp_path):
    rows = drawn(5)
    tokens = made(tmp_path / "t", [[pieces([0, 4, 8], rows[:3]), pieces([8, 12], rows[3:])]])
    best = tokens.similarities(question_of(rows), [("a0", 8, 9), ("a0", 0, 20)])
    assert best[0, 2] > 0.88
    assert best[0, 3] < 0.5
    assert (best[1, [0, 1, 2, 4]] > 0.88).all()


def test_equal_pieces_are_equally_near_wherever_they_stand(tmp_path):
    rows = drawn(37, 3)
    copies = [[pieces([*range(37)], rows)] for _ in range(9)]
    tokens = made(tmp_path / "t", copies)
    for asked_for in (1, 3, 8, 13, 40):
        best = tokens.similarities(
            question_of(drawn(asked_for, 4)), [(f"a{n}", 0, 37) for n in range(9)]
        )
        assert (best == best[0]).all()


def test_rare_pieces_weigh_more_than_frequent_and_unknown_ones_most(tmp_path):
    parts = [
        [pieces([0, 4], drawn(2), [7, 8])],
        [pieces([0], drawn(1), [7])],
        [pieces([3], drawn(1), [7])],
    ]
    tokens = made(tmp_path / "t", parts, sentences=3)
    weights = tokens.weights(question_of(drawn(3), [7, 8, 90_000]))
    assert np.allclose(
        weights, np.log(1 + (3 - np.array([3, 1, 0]) + 0.5) / (np.array([3, 1, 0]) + 0.5))
    )
    assert 0 < weights[0] < weights[1] < weights[2]


def test_an_index_without_pieces_has_nothing_to_compare(tmp_path):
    tokens = made(tmp_path / "t", [[], []])
    assert not tokens
    assert not tokens.similarities(question_of(drawn(2)), [("a0", 0, 9)]).any()
    assert (tokens.weights(question_of(drawn(2))) > 0).all()


# -- an index --------------------------------------------------------------------------


def test_each_statement_and_sentence_is_a_slice_of_the_pass_of_its_passage(reader):
    catalog, question, model = reader.catalog, asked(), load_embedder()
    assert reader.tokens
    passages = [
        (article, Span(start, end))
        for article, start, end in catalog.rows('SELECT article_id, "start", "end" FROM passages')
    ]
    sentences = [catalog.sentence(n) for n in range(catalog.words.count)]
    spans = [(catalog.article_at(s.article).id, s.span) for s in sentences]
    spans += [(q.article_id, q.span) for q in catalog.quotes_at(range(catalog.counts()["quotes"]))]
    best = reader.tokens.similarities(question, [(a, s.start, s.end) for a, s in spans])
    for (article_id, span), found in zip(spans, best, strict=True):
        text, rows = catalog.article(article_id).text, []
        for article, passage in passages:
            if article == article_id and passage.overlaps(span):
                tokens = model.encode_query([passage.slice(text)]).tokens[0]
                at = tokens.starts + passage.start
                rows.append(tokens.vectors[(at >= span.start) & (at < span.end) & ~tokens.left_out])
        expected = (question.vectors @ decoded(coded(np.concatenate(rows))).T).max(axis=1)
        assert np.allclose(found, np.where(question.left_out, 0, expected), atol=1e-4)


def test_a_statement_that_no_passage_covers_has_the_pieces_of_its_own_pass(tmp_path, monkeypatch):
    monkeypatch.setattr(minilm, "WORD_PIECES", 16)
    monkeypatch.setattr(minilm, "WINDOWS", 1)
    text = "The sluice was shut on Monday, and nobody in town knows why or for how long. “It is safe for the swans,” Ada Holm said."
    (tmp_path / "holm.txt").write_text(text)
    settings = Settings(tmp_path / "i")
    add([tmp_path / "holm.txt"], settings)
    reader = Generation(settings.index)
    (article,) = reader.catalog.article_ids()
    at = {word: (article, text.index(word), text.index(word) + len(word)) for word in text.split()}
    best = reader.tokens.similarities(
        asked("swans Monday said"), [at["swans,”"], at["Monday,"], at["said."]]
    )
    assert np.flatnonzero(best.max(axis=1) > 0.3).tolist() == [0, 1]
    assert not best[2].any()  # in the sentence, but beyond what is read, and in no statement
    reader.close()
    rebuild(settings)
    (tmp_path / "holm.txt").write_text(text + " It rained.")
    assert add([tmp_path / "holm.txt"], settings).updated == 1
    reader = Generation(settings.index)
    assert reader.tokens.similarities(asked("swans"), [at["swans,”"]]).max() > 0.3
    reader.close()


def test_pieces_are_found_beyond_what_the_model_reads_at_once(tmp_path):
    said = " ".join(f"The lock number {n} will be repaired before the winter." for n in range(60))
    (tmp_path / "locks.txt").write_text(f"“{said} The ferry is for sale,” Ada Holm said.")
    settings = Settings(tmp_path / "i")
    add([tmp_path / "locks.txt"], settings)
    reader = Generation(settings.index)
    (article,) = reader.catalog.article_ids()
    text = reader.catalog.article(article).text
    start = text.index("The ferry")
    ((*best,),) = reader.tokens.similarities(asked("ferry"), [(article, start, start + 20)])
    assert max(best) > 0.3
    reader.close()


def test_added_one_by_one_or_derived_again_the_arrays_are_the_same(tmp_path):
    files = []
    for name, text in (("b", BRIDGE), ("a", HEADED), ("c", BRIDGE.replace("bridge", "school"))):
        files.append(tmp_path / f"{name}.txt")
        files[-1].write_text(text)
    one, by_one = Settings(tmp_path / "one"), Settings(tmp_path / "by-one")
    add(sorted(files), one)
    for file in files:
        add([file], by_one)
    expected = arrays(one.index)
    assert arrays(by_one.index) == expected
    rebuild(by_one)
    assert arrays(by_one.index) == expected
    remove([str(files[2])], by_one)
    assert len(arrays(by_one.index)["codes.npy"]) < len(expected["codes.npy"])
    add([files[2]], by_one)
    assert arrays(by_one.index) == expected


def test_the_pieces_of_a_removed_article_are_nowhere_any_more(tmp_path):
    for name, text in (("bridge", BRIDGE), ("canary", HEADED)):
        (tmp_path / f"{name}.txt").write_text(text)
    settings = Settings(tmp_path / "i")
    add([tmp_path / "bridge.txt", tmp_path / "canary.txt"], settings)
    codes = Coded.of(asked(HEADED.split("\n\n")[1])).codes.tobytes()[:64]

    def holders() -> int:
        return sum(codes in f.read_bytes() for f in settings.index.rglob("*") if f.is_file())

    assert holders() == 1
    remove([str(tmp_path / "canary.txt")], settings)
    assert holders() == 0


@pytest.mark.parametrize("name", ["codes", "places", "bases", "frequencies"])
def test_an_array_that_is_not_as_it_was_made_is_refused_by_name(tmp_path, name):
    (tmp_path / "bridge.txt").write_text(BRIDGE)
    settings = Settings(tmp_path / "i")
    add([tmp_path / "bridge.txt"], settings)
    (file,) = settings.index.glob(f"segments/*/tokens/{name}.npy")
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(IndexUnusable, match=rf"tokens/{name}\.npy differs.*rebuild"):
        Generation(settings.index)


# -- other models ----------------------------------------------------------------------


def test_another_model_has_pieces_too():
    model = load_embedder(str(minilm._model_folder()))
    rows, (found,) = model.encode_document([QUESTION])
    assert found is not None
    ours = asked()
    for part in ("starts", "ends", "ids", "left_out"):
        assert np.array_equal(getattr(found, part), getattr(ours, part))
    assert found.vectors.shape == ours.vectors.shape
    assert np.array_equal(model.encode_document([QUESTION]).vectors, rows)
    assert model.encode_query([QUESTION]).tokens[0] is model.encode_query([QUESTION]).tokens[0]
    assert np.sum(rows * load_embedder().encode_document([QUESTION]).vectors) > 0.98
    several, tokens = model.encode_document([QUESTION, "No.", BRIDGE])
    assert np.allclose(several[0], rows[0], atol=1e-5)
    assert [len(t.ids) for t in tokens if t] == [
        len(asked(t).ids) for t in (QUESTION, "No.", BRIDGE)
    ]


def test_a_model_without_pieces_makes_an_index_without(tmp_path, monkeypatch):
    run = MiniLM.encode_document

    def without(self, texts, *, tokens=True):
        return run(self, texts, tokens=False)

    monkeypatch.setattr(MiniLM, "encode_document", without)
    (tmp_path / "bridge.txt").write_text(HEADED)
    settings = Settings(tmp_path / "i")
    add([tmp_path / "bridge.txt"], settings)
    reader = Generation(settings.index)
    assert not reader.tokens
    reader.close()
