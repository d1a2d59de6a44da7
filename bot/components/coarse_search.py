"""Which of very many vectors may lie nearest to one, found with 8-bit integers: a quarter of the memory is read."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

#: How many are looked at more closely for each that is wanted. Rounding moves a product by less than 0.01, and the
#: fourth hundred of our examples lies farther than the first by several times that.
CANDIDATES = 4
#: The bound above which vectors are looked at is guessed from every so many.
_SAMPLED_EVERY = 16
_OPSET, _FORMAT = 17, 8
_MIDDLE, _REACH = 128, 127


class CoarseSearch:
    """Rounds vectors once, then finds those that may be nearest to one by ONNX Runtime's product of integers."""

    def __init__(self, vectors: np.ndarray) -> None:
        """Take the vectors to search, shape (vectors, width); they are copied, a byte a number."""
        self._count, width = vectors.shape
        step = max(float(np.abs(vectors).max(initial=0.0)), 1e-9) / _REACH
        whole = np.ascontiguousarray(np.rint(vectors.T / step), dtype=np.int8)
        graph = helper.make_graph(
            [helper.make_node("MatMulInteger", ["asked", "vectors", "middle"], ["products"])],
            "coarse-search",
            [helper.make_tensor_value_info("asked", TensorProto.UINT8, [1, width])],
            [helper.make_tensor_value_info("products", TensorProto.INT32, [1, self._count])],
            [numpy_helper.from_array(whole, "vectors"), numpy_helper.from_array(np.uint8(_MIDDLE), "middle")],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_FORMAT)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def likely(self, vector: np.ndarray, count: int) -> np.ndarray:
        """Return the rows, ascending, among which the `count` nearest to `vector`, shape (width,), surely are.

        They are some times as many; all of them where there are not many more.
        """
        sample_size = -(-self._count // _SAMPLED_EVERY)
        place = sample_size - CANDIDATES * count // _SAMPLED_EVERY
        if place <= 0:
            return np.arange(self._count)
        scale = _REACH / max(float(np.abs(vector).max()), 1e-9)
        asked = (np.rint(vector * scale) + _MIDDLE).astype(np.uint8)[None]
        products = self._session.run(None, {"asked": asked})[0][0]
        bound = np.partition(products[::_SAMPLED_EVERY], place)[place]
        rows = np.flatnonzero(products >= bound)
        return rows if len(rows) >= 2 * count else np.arange(self._count)
