"""Texts become unit vectors: by the default model, or by any that the user names."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index.embedding.minilm import MiniLM, model_sha256
from index.embedding.tokens import Encoded, TokenVectors, unit
from index.errors import InputError, MissingExtra
from index.settings import DEFAULT_EMBEDDER

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TEXTS_PER_PASS = 8
"""Texts per forward pass; on two cores small batches are faster than large ones."""

TOKEN_DIMENSION = 128
"""Dimensions of the vectors of tokens at most."""

Task = Literal["query", "document"]

_PROMPTS = (("query",), ("document", "passage", "corpus"))
"""The names under which sentence-transformers keeps the prompts of queries and of documents."""

_CONFIGURING = ("*.safetensors", "*.json", "*.txt", "*.model")
"""The files of a model folder that vectors depend on: weights, tokenizer, pooling, prompts."""


@runtime_checkable
class Embedder(Protocol):
    """Anything that turns texts into vectors and can say what it is.

    name          what ``--embedder`` and the status of an index call it
    dimension     of its vectors
    fingerprint   a hash of all that its vectors depend on; indexes of two fingerprints are
                  never mixed
    """

    name: str
    dimension: int
    fingerprint: str

    def encode_query(self, texts: Sequence[str]) -> Encoded:
        """The vectors of texts that are asked with, and those of their word pieces."""
        ...

    def encode_document(self, texts: Sequence[str], *, tokens: bool = True) -> Encoded:
        """The vectors of texts that are looked up, and those of their word pieces.

        Without ``tokens`` the model is spared the word pieces, of which it then gives None.
        No texts give vectors of shape (0, dimension).
        """
        ...


@functools.cache
def load_embedder(name: str = DEFAULT_EMBEDDER) -> Embedder:
    """The default embedder, or any sentence-transformers model by hub name or folder.

    The default says what it is without being loaded; its first text loads it.
    Raises MissingExtra if the libraries or the default weights are absent, InputError
    if the weights are not the pinned ones or the named model cannot be loaded.
    """
    if name == DEFAULT_EMBEDDER:
        return MiniLM()
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _Named(folder.name, folder)
    return _Named(name, name)


class _Named:
    """A model that the user named, with the prompts that it was trained with, if it names any.

    Token vectors are projected by a fixed random matrix into at most 128 dimensions, because no
    principal components are known for such a model.  A model whose first module is no
    transformer with a fast tokenizer has no token vectors; neither has the part of a text beyond
    the length that the model reads.
    """

    def __init__(self, name: str, source: Path | str) -> None:
        fingerprint = _folder_hash(source) if isinstance(source, Path) else ""
        self._model = _load(name, source)
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise InputError(f"the embedder {name!r} does not say its dimension")
        self.name = name
        self.dimension = int(dimension)
        self.fingerprint = fingerprint or _state_hash(self._model)
        self._turn: NDArray[np.float32] | None = None
        self._query, self._document = (self._prompt(names) for names in _PROMPTS)
        self._last = functools.lru_cache(maxsize=64)(self._pass)

    def _prompt(self, names: Sequence[str]) -> str:
        """Return the prompt that the model expects, found by its names; "" for none."""
        prompts = self._model.prompts
        usual = self._model.default_prompt_name
        return next((prompts[name] for name in (*names, usual) if prompts.get(name)), "")

    def encode_query(self, texts: Sequence[str]) -> Encoded:
        return self._encoded(tuple(texts), "query")

    def encode_document(self, texts: Sequence[str], *, tokens: bool = True) -> Encoded:
        return self._encoded(tuple(texts), "document")  # the word pieces cost nothing more

    def _encoded(self, texts: tuple[str, ...], task: Task) -> Encoded:
        if not texts:
            return Encoded(np.zeros((0, self.dimension), dtype=np.float32), [])
        return self._last(texts, task) if len(texts) == 1 else self._pass(texts, task)

    def _pass(self, texts: tuple[str, ...], task: Task) -> Encoded:
        """Return the vectors of one text or more, with the token vectors of these passes."""
        query = task == "query"
        prompt = self._query if query else self._document
        encode = self._model.encode_query if query else self._model.encode_document
        made: list[dict[str, Any]] = encode(
            list(texts),
            prompt=prompt,
            batch_size=TEXTS_PER_PASS,
            normalize_embeddings=True,
            show_progress_bar=False,
            output_value=None,
        )
        rows = np.stack([one["sentence_embedding"].cpu().numpy() for one in made])
        found = [self._tokens(text, prompt, one) for text, one in zip(texts, made, strict=True)]
        return Encoded(unit(rows), found)

    def _tokens(self, text: str, prompt: str, made: dict[str, Any]) -> TokenVectors | None:
        """The tokens of a text, None if the model does not tell where in it they stand.

        Those of the prompt before it are dropped.
        """
        tokenizer = self._model.tokenizer
        if "token_embeddings" not in made or not getattr(tokenizer, "is_fast", False):
            return None
        ids = made["input_ids"][made["attention_mask"].bool()].tolist()
        vectors = made["token_embeddings"][: len(ids)].float().cpu().numpy()
        read = tokenizer(
            prompt + text, truncation=True, max_length=len(ids), return_offsets_mapping=True
        )
        if read["input_ids"] != ids or len(vectors) != len(ids):  # it reads texts otherwise
            return None
        if self._turn is None:
            self._turn = _random_turn(vectors.shape[1])
        before = len(prompt)
        spans = [(max(0, a - before), max(0, b - before)) for a, b in read["offset_mapping"]]
        return TokenVectors.of(text, vectors @ self._turn, spans, ids)


def _load(name: str, source: Path | str) -> SentenceTransformer:
    local = isinstance(source, Path)
    if local:  # before the first import: the hub library reads these once
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging
    except ImportError as error:
        raise MissingExtra(
            "sentence-transformers is not installed; run: pip install onrecord"
        ) from error
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        return SentenceTransformer(
            str(source),
            device="cpu",
            local_files_only=local,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, RuntimeError) as error:
        reason = next(iter(str(error).strip().splitlines()), "no reason given")
        raise InputError(
            f"cannot load the embedder {name!r} ({reason}); expected {DEFAULT_EMBEDDER}, "
            "a folder, or the name of a sentence-transformers model"
        ) from error


def _random_turn(dimension: int) -> NDArray[np.float32]:
    """Return orthonormal columns drawn from a fixed seed, for a random projection.

    The matrix has the shape (dimension, width), where width is TOKEN_DIMENSION or, for a smaller
    model, the largest multiple of four within its dimension (Johnson & Lindenstrauss 1984).
    """
    width = min(dimension, TOKEN_DIMENSION) // 4 * 4  # as many as fill bytes
    drawn = np.random.RandomState(0).normal(size=(dimension, dimension))  # a frozen sequence
    turn: NDArray[np.float32] = np.linalg.qr(drawn)[0][:, :width].astype(np.float32)
    return turn


def _folder_hash(folder: Path) -> str:
    """Return one SHA-256 over the files of a model folder on which its vectors depend.

    Raises:
        InputError: if there are no .safetensors weights; pickled ones are never loaded.
    """
    if not any(folder.rglob("*.safetensors")):
        raise InputError(
            f"expected a model folder with .safetensors weights, found none in {folder}"
        )
    files = sorted({file for pattern in _CONFIGURING for file in folder.rglob(pattern)})
    named = (f"{f.relative_to(folder).as_posix()} {model_sha256(f)}" for f in files if f.is_file())
    return hashlib.sha256("\n".join(named).encode()).hexdigest()


def _state_hash(model: SentenceTransformer) -> str:
    """Return one SHA-256 over the modules, prompts, tokenizer and parameters of a loaded model.

    It does not depend on the names and the number of the files that the model was loaded from.
    """
    digest = hashlib.sha256(f"{model!r}{sorted(model.prompts.items())}".encode())
    words = getattr(model.tokenizer, "backend_tokenizer", None)
    digest.update(words.to_str().encode() if words is not None else b"")
    for key, value in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(value.detach().cpu().contiguous().float().numpy().tobytes())
    return digest.hexdigest()
