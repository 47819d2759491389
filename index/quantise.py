"""The default model in the form that it is run in: an ONNX graph in 8-bit integers.

    python -m index.quantise MODEL_FOLDER FILE

Run as a program of its own, once: PyTorch and the quantiser come and go with it.  The
graph gives the mean of the token vectors of each text, of shape (texts, dimension), and
takes `input_ids` and `attention_mask` of shape (texts, word pieces).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

OPSET = 17


def main() -> int:
    folder, file = map(Path, sys.argv[1:])
    with tempfile.TemporaryDirectory(dir=file.parent) as made:
        work = Path(made)
        _export(folder, work / "exported.onnx")
        _quantise(work / "exported.onnx", work / "fused.onnx", work / "int8.onnx")
        (work / "int8.onnx").replace(file)
    return 0


def _export(folder: Path, file: Path) -> None:
    import torch
    from transformers import AutoModel

    model = AutoModel.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, attn_implementation="eager"
    )

    class Pooled(torch.nn.Module):  # type: ignore[misc]  # a class of an untyped library
        """Mean over the tokens that are no padding, as the model was trained."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            tokens = self.model(input_ids=input_ids, attention_mask=attention_mask)[0]
            mask = attention_mask.unsqueeze(-1).to(tokens.dtype)
            return (tokens * mask).sum(1) / mask.sum(1)

    example = torch.ones((2, 16), dtype=torch.int64)
    shape = {0: "texts", 1: "pieces"}
    with torch.inference_mode():
        torch.onnx.export(
            Pooled().eval(),
            (example, example),
            str(file),
            input_names=["input_ids", "attention_mask"],
            output_names=["mean"],
            dynamic_axes={"input_ids": shape, "attention_mask": shape, "mean": {0: "texts"}},
            opset_version=OPSET,
            dynamo=False,  # the other exporter's graph is one that the fusion does not know
        )


def _quantise(exported: Path, fused: Path, file: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers import optimizer

    graph = optimizer.optimize_model(
        str(exported), model_type="bert", num_heads=12, hidden_size=384, opt_level=0
    )
    _unfused_norms(graph.model.graph)
    graph.save_model_to_file(str(fused))
    quantize_dynamic(
        str(fused),
        str(file),
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": 1},  # float: types of fused nodes are not inferred
    )


def _unfused_norms(graph: Any) -> None:
    """Layer norms as sums and instance norms, which do the same over each token's vector.

    onnxruntime's own kernel for the two together adds number by number: it took more than a
    fourth of the time, these take a twentieth.
    """
    from onnx import helper, numpy_helper

    nodes = [
        helper.make_node("Shape", ["input_ids"], ["tokens_shape"], start=1),
        *(
            helper.make_node(
                "ConstantOfShape",
                ["tokens_shape"],
                [name],
                value=numpy_helper.from_array(np.array([value], np.float32)),
            )
            for name, value in (("ones", 1), ("zeros", 0))
        ),
    ]
    for node in graph.node:
        if node.op_type != "SkipLayerNormalization":
            nodes.append(node)
            continue
        epsilon = next(a.f for a in node.attribute if a.name == "epsilon")
        given, skipped, scale, shift, *bias = node.input
        out = node.output[0]
        for number, other in enumerate((skipped, *bias)):
            nodes.append(helper.make_node("Add", [given, other], [f"{out}_sum{number}"]))
            given = f"{out}_sum{number}"
        norm = [f"{out}_norm"]
        nodes += [
            helper.make_node(
                "InstanceNormalization", [given, "ones", "zeros"], norm, epsilon=epsilon
            ),
            helper.make_node("Mul", [*norm, scale], [f"{out}_scaled"]),
            helper.make_node("Add", [f"{out}_scaled", shift], [out]),
        ]
    del graph.node[:]
    graph.node.extend(nodes)


if __name__ == "__main__":
    sys.exit(main())
