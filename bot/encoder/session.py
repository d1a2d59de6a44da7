"""ONNX Runtime as everything here uses it: on one core, quiet."""

from __future__ import annotations

from pathlib import Path

import onnxruntime


def open_session(path: Path, keeps_memory: bool = True) -> onnxruntime.InferenceSession:
    """Return what runs the graph of a file; `keeps_memory`: whether what a run needed is held on to, for the next."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = keeps_memory
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
