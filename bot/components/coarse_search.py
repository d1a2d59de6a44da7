"""Which of very many vectors may lie nearest to one, found with 8-bit integers: a quarter of the memory is read."""

from __future__ import annotations

from pathlib import Path
from typing import List

import numpy as np

from bot.encoder.session import open_session

#: How many are looked at more closely for each that is wanted. Rounding moves a product by less than 0.01, and the
#: fourth hundred of our examples lies farther than the first by several times that.
CANDIDATES = 4
#: The bound above which vectors are looked at is guessed from every so many.
_SAMPLED_EVERY = 16
_ASKED, _PRODUCTS = "asked", "products"
_OPSET, _FORMAT = 17, 8
_MIDDLE, _REACH = 128, 127


class CoarseSearch:
    """Finds those that may be nearest to a few vectors, by ONNX Runtime's product of integers."""

    @staticmethod
    def write(vectors: np.ndarray, path: Path) -> None:
        """Write the graph that multiplies with vectors, shape (vectors, width), rounded to a byte a number."""
        # Whoever only searches has no need of it, and of the 20 MB that it takes.
        import onnx
        from onnx import TensorProto, helper, numpy_helper

        step = max(float(np.abs(vectors).max(initial=0.0)), 1e-9) / _REACH
        whole = np.ascontiguousarray(np.rint(vectors.T / step), dtype=np.int8)
        graph = helper.make_graph(
            [helper.make_node("MatMulInteger", [_ASKED, "vectors", "middle"], [_PRODUCTS])],
            "coarse-search",
            [helper.make_tensor_value_info(_ASKED, TensorProto.UINT8, ["rows", len(whole)])],
            [helper.make_tensor_value_info(_PRODUCTS, TensorProto.INT32, ["rows", len(vectors)])],
            [numpy_helper.from_array(whole, "vectors"), numpy_helper.from_array(np.uint8(_MIDDLE), "middle")],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_FORMAT)
        onnx.save(model, str(path))

    def __init__(self, path: Path) -> None:
        # One product needs no memory of its own beside what it returns.
        self._session = open_session(path, keeps_memory=False)
        self._count = int(self._session.get_outputs()[0].shape[1])

    def likely(self, vectors: np.ndarray, count: int) -> List[np.ndarray]:
        """Return, for each of a few vectors, the rows, ascending, among which its `count` nearest surely are.

        They are some times as many; all of them where there are not many more.
        """
        sample_size = -(-self._count // _SAMPLED_EVERY)
        place = sample_size - CANDIDATES * count // _SAMPLED_EVERY
        if place <= 0:
            return [np.arange(self._count)] * len(vectors)
        scales = _REACH / np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
        asked = (np.rint(vectors * scales) + _MIDDLE).astype(np.uint8)
        return [
            self._above(products, place, 2 * count) for products in self._session.run([_PRODUCTS], {_ASKED: asked})[0]
        ]

    def _above(self, products: np.ndarray, place: int, least: int) -> np.ndarray:
        bound = np.partition(products[::_SAMPLED_EVERY], place)[place]
        rows = np.flatnonzero(products >= bound)
        return rows if len(rows) >= least else np.arange(self._count)
