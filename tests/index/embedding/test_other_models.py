"""Another model is one setting: with its prompts, its own kind of tokenizer, in any language."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.embedding import minilm
from index.embedding.embed import Embedder, load_embedder
from index.embedding.minilm import MiniLM
from index.errors import IndexUnusable
from index.indexing.build import add
from index.settings import Settings

QUESTION = "Who wants to close the old bridge?"
PROMPTS = {"query": "query: ", "passage": "passage: "}
LINES = (
    "The mayor said that the bridge would be closed in spring.",
    "Die Ministerin sagte am Montag, die Brücke werde gesperrt.",
    "Le maire a déclaré que le pont serait fermé au printemps.",
    "Başbakan köprünün ilkbaharda kapatılacağını söyledi.",
    "市長は橋を春に閉鎖すると述べた。",
)


@pytest.fixture(scope="module")
def prompted(tmp_path_factory) -> Path:
    """The model that is shipped, with prompts as E5 and its kin have them."""
    folder = tmp_path_factory.mktemp("prompted") / "model"
    shutil.copytree(minilm._model_folder(), folder)
    file = folder / "config_sentence_transformers.json"
    kept = json.loads(file.read_text()) if file.is_file() else {}
    file.write_text(json.dumps({**kept, "prompts": PROMPTS}))
    return folder


@pytest.fixture(scope="module")
def multilingual(tmp_path_factory) -> Path:
    """A model of two small random layers over word pieces of five languages (Unigram)."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("multilingual")
    marks = ["<pad>", "<unk>", "<s>", "</s>"]
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=300, special_tokens=marks, unk_token="<unk>")
    tokenizer.train_from_iterator(LINES * 20, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 2), ("</s>", 3)]
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", unk_token="<unk>", model_max_length=128
    )
    sizes = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = BertConfig(vocab_size=len(fast), intermediate_size=64, **sizes)
    BertModel(config).eval().save_pretrained(folder / "bert")
    fast.save_pretrained(folder / "bert")
    words = Transformer(str(folder / "bert"))
    SentenceTransformer(modules=[words, Pooling(48)]).save(str(folder / "model"))
    return folder / "model"


def test_both_are_embedders(multilingual):
    assert isinstance(MiniLM(), Embedder)
    assert isinstance(load_embedder(str(multilingual)), Embedder)


def test_queries_and_documents_get_the_prompts_that_the_model_names(prompted):
    plain, model = load_embedder(str(minilm._model_folder())), load_embedder(str(prompted))
    for encode, prompt in (
        (model.encode_query, PROMPTS["query"]),
        (model.encode_document, PROMPTS["passage"]),
    ):
        with_prompt = plain.encode_document([prompt + QUESTION]).vectors
        assert np.allclose(encode([QUESTION]).vectors, with_prompt, atol=1e-5)
        assert not np.allclose(encode([QUESTION]).vectors, plain.encode_query([QUESTION]).vectors)


def test_the_pieces_of_a_prompt_are_no_part_of_the_text(prompted):
    plain, model = load_embedder(str(minilm._model_folder())), load_embedder(str(prompted))
    (expected,) = plain.encode_query([QUESTION]).tokens
    for encode in (model.encode_query, model.encode_document):
        (found,) = encode([QUESTION]).tokens
        assert found is not None
        for part in ("starts", "ends", "ids", "left_out"):
            assert np.array_equal(getattr(found, part), getattr(expected, part))


def test_a_query_is_not_taken_for_the_document_of_the_same_words(prompted):
    model = load_embedder(str(prompted))
    first = model.encode_query([QUESTION]).vectors
    document = model.encode_document([QUESTION]).vectors
    assert not np.allclose(first, document)
    assert np.array_equal(model.encode_query([QUESTION]).vectors, first)


@pytest.mark.parametrize("part", ["config_sentence_transformers.json", "tokenizer.json"])
def test_what_vectors_depend_on_is_in_the_fingerprint(prompted, tmp_path, part):
    fingerprint = load_embedder(str(prompted)).fingerprint
    for changed in (False, True):
        folder = tmp_path / f"{changed}" / "model"
        shutil.copytree(prompted, folder)
        if changed:
            file = folder / part
            file.write_text(file.read_text() + " ")
        assert (load_embedder(str(folder)).fingerprint != fingerprint) == changed


@pytest.mark.parametrize("line", LINES)
def test_pieces_of_any_language_stand_where_their_offsets_say(multilingual, line):
    (found,) = load_embedder(str(multilingual)).encode_document([line]).tokens
    assert found is not None
    assert found.vectors.shape == (len(found.ids), 48)
    covered = {n for a, b in zip(found.starts, found.ends, strict=True) for n in range(a, b)}
    assert {n for n, c in enumerate(line) if c.isalnum()} <= covered
    assert not any(line[a:b].startswith(" ") for a, b in zip(found.starts, found.ends, strict=True))


def test_one_setting_indexes_and_answers_with_it(multilingual, tmp_path, monkeypatch):
    from rag import OnRecord

    article = "“The bridge will be closed in spring,” Mayor Ines Halvorsen told reporters.\n"
    (tmp_path / "bridge.txt").write_text(article)
    monkeypatch.setenv("ONRECORD_EMBEDDER", str(multilingual))
    monkeypatch.setenv("ONRECORD_INDEX", str(tmp_path / "index"))
    add([tmp_path / "bridge.txt"], Settings.from_environment())
    with OnRecord.open() as bot:
        found = bot.answer("What did Halvorsen tell reporters?")
        assert [c.quote for c in found.citations] == ["“The bridge will be closed in spring,”"]
    monkeypatch.delenv("ONRECORD_EMBEDDER")
    with pytest.raises(IndexUnusable, match=r"made with other parts \(embedder model against"):
        OnRecord.open()
