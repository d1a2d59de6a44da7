"""The encoder as an ONNX graph in 8-bit integers: the word vectors of one sentence in, its vector and its states out.

Looking word vectors up stays outside the graph: their table is the larger part of the weights, and so stays on disk.
Weights become 8-bit integers with a scale an output; activations are quantized as they come (`DynamicQuantizeLinear`).
"""

from __future__ import annotations

from typing import Any, List, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from bot.encoder.weights import PackedWeights, dequantize

#: What the graph is fed: word vectors with positions added. Scales of activations are shared by all that is computed at
#: once, so several sentences at once would colour one another.
INPUT = "words"
#: What it gives: a vector of length 1.
OUTPUT = "vector"
#: What it also gives where it is asked for: what each piece has come to mean in its sentence.
STATES = "states"
_OPSET = 17
#: ONNX Runtime's own kinds of nodes.
_RUNTIME_DOMAIN = "com.microsoft"
_FORMAT = 8


def make_graph(weights: PackedWeights) -> onnx.ModelProto:
    """Return the encoder that the weights describe."""
    return _Builder(weights).make()


class _Builder:
    """Collects nodes and constants; every method returns the name of what it computes."""

    def __init__(self, weights: PackedWeights) -> None:
        self._weights = weights
        self._sizes = weights.sizes
        self._nodes: List[onnx.NodeProto] = []
        self._constants: List[onnx.TensorProto] = []

    def make(self) -> onnx.ModelProto:
        s = self._sizes
        self._constant("thirds", np.full(3, s.width, np.int64))
        x = self._normalize(INPUT, "emb.ln", "x")
        for layer in range(s.layers):
            x = self._layer(x, f"l{layer}.")
        x = self._node("Identity", [x], STATES)
        mean = self._node("ReduceMean", [x], "mean", axes=[1], keepdims=0)
        self._node("LpNormalization", [mean], OUTPUT, axis=1, p=2)
        graph = helper.make_graph(
            self._nodes,
            "sentence-encoder",
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [1, "words", s.width])],
            [
                helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, s.width]),
                helper.make_tensor_value_info(STATES, TensorProto.FLOAT, [1, "words", s.width]),
            ],
            self._constants,
        )
        kinds = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_RUNTIME_DOMAIN, 1)]
        model = helper.make_model(graph, opset_imports=kinds, ir_version=_FORMAT)
        onnx.checker.check_model(model)
        return model

    def _layer(self, x: str, at: str) -> str:
        """One layer of a transformer, normalized after each half (Devlin et al. 2019)."""
        attended = self._attention(x, at)
        x = self._normalize(self._node("Add", [x, attended], at + "sum1"), at + "aln", at + "x1")
        inner = self._linear(self._quantize(x, at + "fi.in"), [at + "fi"], self._sizes.width)
        # By a hyperbolic tangent (Hendrycks and Gimpel 2016, section 2), which is computed faster than the integral.
        inner = self._node("FastGelu", [inner], at + "gelu", domain=_RUNTIME_DOMAIN)
        out = self._linear(self._quantize(inner, at + "fo.in"), [at + "fo"], self._sizes.inner)
        return self._normalize(self._node("Add", [x, out], at + "sum2"), at + "oln", at + "x2")

    def _attention(self, x: str, at: str) -> str:
        """All heads at once, their queries, keys and values by one product of matrices."""
        joined = self._linear(self._quantize(x, at + "in"), [at + part for part in "qkv"], self._sizes.width)
        parts = [f"{joined}.{part}" for part in "qkv"]
        self._nodes.append(helper.make_node("Split", [joined, "thirds"], parts, name=at + "split", axis=2))
        seen = self._node("MultiHeadAttention", parts, at + "seen", domain=_RUNTIME_DOMAIN, num_heads=self._sizes.heads)
        return self._linear(self._quantize(seen, at + "ao.in"), [at + "ao"], self._sizes.width)

    def _normalize(self, x: str, tensor: str, out: str) -> str:
        constants = [self._constant(f"{tensor}.{part}", self._weights.floats(f"{tensor}.{part}")) for part in "wb"]
        return self._node("LayerNormalization", [x, *constants], out, axis=-1, epsilon=self._sizes.epsilon)

    def _quantize(self, x: str, out: str) -> str:
        outputs = [f"{out}.{part}" for part in ("quantized", "scale", "zero")]
        self._nodes.append(helper.make_node("DynamicQuantizeLinear", [x], outputs, name=out))
        return out

    def _linear(self, x: str, tensors: Sequence[str], inputs: int) -> str:
        """Multiply a quantized input by matrices side by side and add their offsets, for ONNX Runtime in one step."""
        name = "+".join(tensors)
        rows = np.concatenate([dequantize(self._weights.blocks(tensor + ".w", inputs)) for tensor in tensors])
        offsets = np.concatenate([self._weights.floats(tensor + ".b") for tensor in tensors])
        matrix = rows.T
        scale = (np.abs(matrix).max(axis=0) / 127).astype(np.float32)
        whole = self._constant(name + ".w", np.clip(np.rint(matrix / scale), -127, 127).astype(np.int8))
        product = self._node("MatMulInteger", [x + ".quantized", whole, x + ".zero"], name + ".whole")
        product = self._node("Cast", [product], name + ".float", to=TensorProto.FLOAT)
        scales = self._node("Mul", [x + ".scale", self._constant(name + ".scale", scale)], name + ".scales")
        product = self._node("Mul", [product, scales], name + ".product")
        return self._node("Add", [product, self._constant(name + ".b", offsets)], name + ".out")

    def _node(self, kind: str, inputs: List[str], out: str, **attributes: Any) -> str:
        self._nodes.append(helper.make_node(kind, inputs, [out], name=out, **attributes))
        return out

    def _constant(self, name: str, value: np.ndarray) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name
