"""Texts become unit vectors: by the default model, or by any that the user names."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index.errors import InputError, MissingExtra
from index.minilm import MiniLM, sha256
from index.settings import DEFAULT_EMBEDDER

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 8
"""Texts per forward pass; on two cores small batches are faster than large ones."""


@runtime_checkable
class Embedder(Protocol):
    """Anything that turns texts into vectors and can say what it is."""

    name: str
    weights: str
    dimension: int

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows of shape (len(texts), dimension), in order; no texts give (0, dimension)."""
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
    """A model that the user named."""

    def __init__(self, name: str, source: Path | str) -> None:
        weights = _folder_hash(source) if isinstance(source, Path) else ""
        self._model = _load(name, source)
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise InputError(f"the embedder {name!r} does not say its dimension")
        self.name = name
        self.dimension = int(dimension)
        self.weights = weights or _state_hash(self._model)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return _rows(self._model, texts) if texts else _no_rows(self.dimension)


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


def _no_rows(dimension: int) -> NDArray[np.float32]:
    return np.zeros((0, dimension), dtype=np.float32)


def _rows(model: SentenceTransformer, texts: Sequence[str]) -> NDArray[np.float32]:
    rows = model.encode(
        list(texts),
        batch_size=BATCH,
        normalize_embeddings=True,
        show_progress_bar=False,
        convert_to_numpy=True,
    )
    return np.asarray(rows, dtype=np.float32)


def _folder_hash(folder: Path) -> str:
    """One hash over the safetensors files of a folder; pickled weights are never loaded."""
    files = sorted(folder.rglob("*.safetensors"))
    if not files:
        raise InputError(
            f"expected a model folder with .safetensors weights, found none in {folder}"
        )
    return hashlib.sha256("".join(sha256(f) for f in files).encode()).hexdigest()


def _state_hash(model: SentenceTransformer) -> str:
    """Hash of a hub model's parameters, whatever files they came from."""
    digest = hashlib.sha256()
    for key, value in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(value.detach().cpu().contiguous().float().numpy().tobytes())
    return digest.hexdigest()
