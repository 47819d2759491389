"""The default model in the form that it is run in: an ONNX graph in 8-bit integers.

    python -m index.embedding.quantise MODEL_FOLDER FILE

The graph is written node by node from the weights, for one text without padding: it takes
`input_ids` of shape (1, word pieces), needs no attention mask, and gives the mean of the
vectors of the tokens, of shape (1, dimension), and these vectors themselves, turned by the
matrix in ROTATION_FILE into fewer dimensions, of shape (1, word pieces, fewer).  Run as a
program of its own, once: the quantiser and the weights in full precision come and go with it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

OPSET = 17
LAYERS, HEADS, EPSILON = 6, 12, 1e-12  # as the model's config.json has them
CONTRIB = "com.microsoft"
"""The domain of the nodes that onnxruntime has and ONNX has not."""

ROTATION_FILE = Path(__file__).parent / "minilm_tokens.npy"
"""What turns the vectors of tokens into fewer dimensions, of shape (384, 128): the first
principal components of the model's own table of word vectors, turned at random so that all
dimensions have the same deviation (tests/benchmarks/late.py makes it)."""

Weights = dict[str, NDArray[np.float32]]


def main() -> int:
    folder, file = map(Path, sys.argv[1:])
    with tempfile.TemporaryDirectory(dir=file.parent) as made:
        full, int8 = Path(made) / "full.onnx", Path(made) / "int8.onnx"
        _write_graph(_read(folder), full, np.load(ROTATION_FILE).astype(np.float32))
        _quantise(full, int8)
        int8.replace(file)
    return 0


def _read(folder: Path) -> Weights:
    """The weights of a model folder by their names."""
    from safetensors.numpy import load_file

    weights: Weights = load_file(folder / "model.safetensors")
    return weights


def _write_graph(weights: Weights, file: Path, turn: NDArray[np.float32] | None = None) -> None:
    """The graph in full precision; without ``turn`` tokens have all of their dimensions."""
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph(weights)
    graph.tokens(turn)
    made = helper.make_graph(
        graph.nodes,
        "tokens-and-their-mean",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "pieces"])],
        [
            helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, "dimension"]),
            helper.make_tensor_value_info("tokens", TensorProto.FLOAT, [1, "pieces", "fewer"]),
        ],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
    onnx.save(helper.make_model(made, opset_imports=opsets, ir_version=8), file)


def _quantise(full: Path, file: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        str(full),
        str(file),
        per_channel=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=["tokens"],
        extra_options={"DefaultTensorType": 1},  # float: types of contributed nodes are not known
    )


class _Graph:
    """A BERT encoder that is being written; a node and what it gives have one name."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def tokens(self, turn: NDArray[np.float32] | None) -> None:
        """All of it, from the word pieces to their vectors and the mean of these."""
        table = "embeddings.{}_embeddings.weight".format
        # There is one text, and so one token type: its vector goes with the positions.
        positions = self.weights[table("position")] + self.weights[table("token_type")][0]
        self._row_lengths()
        words = self._constant("word", self.weights[table("word")])
        self._node("Gather", "words", words, "input_ids")
        start = self._constant("start", np.array([0]))
        self._node("Slice", "positions", self._constant("position", positions), start, "pieces")
        tokens = self._norm("embeddings", "words", "positions", key="embeddings.LayerNorm")[1]
        for number in range(LAYERS):
            tokens = self._layer(f"encoder.layer.{number}", tokens)
        if turn is None:
            self._node("Identity", "tokens", tokens)
        else:
            self._node("MatMul", "tokens", tokens, self._constant("turn", turn))
        self._node("ReduceMean", "mean", tokens, axes=[1], keepdims=0)

    def _layer(self, layer: str, tokens: str) -> str:
        given = [
            self._dense(f"{layer}.attention.self.{part}", tokens)
            for part in ("query", "key", "value")
        ]
        attended = f"{layer}.attended"
        self._node("MultiHeadAttention", attended, *given, domain=CONTRIB, num_heads=HEADS)
        out = self._dense(f"{layer}.attention.output.dense", attended)
        norm = f"{layer}.attention.output.LayerNorm"
        normed, tokens = self._norm(norm, tokens, out, key=norm)
        # The norm's scale and shift make outliers, for which 8 bits are few; here they are
        # taken into the weights.  In the attention that makes the vectors worse.
        inner = self._dense(f"{layer}.intermediate.dense", normed, norm=norm)
        self._node("Gelu", f"{layer}.gelu", inner, domain=CONTRIB)
        out = self._dense(f"{layer}.output.dense", f"{layer}.gelu")
        return self._norm(f"{layer}.output", tokens, out, key=f"{layer}.output.LayerNorm")[1]

    def _dense(self, key: str, given: str, norm: str = "") -> str:
        """A matrix product and a bias, which onnxruntime runs as one; ``norm`` is taken in."""
        weight, bias = self.weights[f"{key}.weight"], self.weights[f"{key}.bias"]
        if norm:
            bias = bias + weight @ self.weights[f"{norm}.bias"]
            weight = weight * self.weights[f"{norm}.weight"]
        self._node("MatMul", f"{key}.product", given, self._constant(f"{key}.weight", weight.T))
        return self._node("Add", key, f"{key}.product", self._constant(f"{key}.bias", bias))

    def _norm(self, name: str, given: str, added: str, key: str) -> tuple[str, str]:
        """The layer norm of a sum: without its scale and shift, and with them.

        As an instance norm, which does the same over each token's vector: onnxruntime's own
        kernel of a layer norm and a sum adds number by number: it took more than a fourth of the
        time, these take a twentieth.
        """
        scale, shift = (
            self._constant(f"{name}.{part}", self.weights[f"{key}.{part}"])
            for part in ("weight", "bias")
        )
        self._node("Add", f"{name}.sum", given, added)
        normed = self._node(
            "InstanceNormalization",
            f"{name}.normed",
            f"{name}.sum",
            "ones",
            "zeros",
            epsilon=EPSILON,
        )
        self._node("Mul", f"{name}.scaled", normed, scale)
        return normed, self._node("Add", f"{name}.tokens", f"{name}.scaled", shift)

    def _row_lengths(self) -> None:
        """How many word pieces there are, and a one and a zero for each: what norms ask for."""
        from onnx import numpy_helper

        self._node("Shape", "pieces", "input_ids", start=1)
        for name, number in (("ones", 1), ("zeros", 0)):
            value = numpy_helper.from_array(np.array([number], np.float32))
            self._node("ConstantOfShape", name, "pieces", value=value)

    def _node(self, kind: str, name: str, *given: str, **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, [*given], [name], name=name, **attributes))
        return name

    def _constant(self, name: str, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


if __name__ == "__main__":
    sys.exit(main())
