"""Sentences in, vectors out."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import List, Optional, Sequence

import numpy as np
import onnxruntime
from sentencepiece import SentencePieceProcessor

from bot.encoder.build import GRAPH, META, PIECES, POSITIONS, WORDS
from bot.encoder.graph import INPUT, OUTPUT
from bot.encoder.weights import dequantize

#: The model was trained with this before what is asked; see its card.
PREFIX = "query: "
#: Of a longer sentence the first and the last half of so many pieces count: background often comes before the question.
MAX_PIECES = 192


_in_use: Optional["SentenceEncoder"] = None


def put_in_use(encoder: "SentenceEncoder") -> None:
    """Let the encoder of the model that was loaded last be found by whoever can encode ahead."""
    global _in_use
    _in_use = encoder


def find_in_use() -> Optional["SentenceEncoder"]:
    """Return the encoder of the model that was loaded last, None before there is one."""
    return _in_use


class SentenceEncoder:
    """Gives each text a vector of length 1; texts that mean the same lie close, also across languages.

    A text's vector depends on nothing but the text. `threads` is how many texts are worked on at once.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
        self._pieces = SentencePieceProcessor(model_file=str(folder / PIECES))
        self._words = np.load(folder / WORDS, mmap_mode="r")
        self._positions = np.load(folder / POSITIONS)
        meta = json.loads((folder / META).read_text(encoding="utf-8"))
        self._replacements = {int(character): text for character, text in meta["replacements"].items()}
        self._threads = threads

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        return int(self._positions.shape[1])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row a text, shape (texts, width), 32-bit floats."""
        if self._threads == 1 or len(texts) == 1:
            rows = [self._encode(text) for text in texts]
        else:
            # ONNX Runtime lets go of the interpreter while it works, so threads use the cores.
            with ThreadPoolExecutor(self._threads) as pool:
                rows = list(pool.map(self._encode, texts))
        return np.concatenate(rows) if rows else np.zeros((0, self.width), dtype=np.float32)

    def _encode(self, text: str) -> np.ndarray:
        pieces = self._cut(text)
        words = dequantize(self._words[pieces]) + self._positions[: len(pieces)]
        (vector,) = self._session.run([OUTPUT], {INPUT: words[None]})
        return np.asarray(vector)

    def _cut(self, text: str) -> List[int]:
        plain = (PREFIX + text).translate(self._replacements)
        pieces: List[int] = self._pieces.encode(plain, add_bos=True, add_eos=True)
        if len(pieces) > MAX_PIECES:
            half = MAX_PIECES // 2
            pieces = [*pieces[:half], *pieces[-half:]]
        return pieces
