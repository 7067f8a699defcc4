"""What is read of the file of weights."""

from __future__ import annotations

import numpy as np
from support.builders.e5 import e5_weights, needs_e5

from retrieval.embeddings.e5.weights import Architecture, dequantise


def test_a_block_has_its_scale_and_the_halves_of_its_bytes() -> None:
    scale = np.array([0.5], dtype="<f2").tobytes()
    packed = bytes([0x08 | number % 16 << 4 for number in range(16)])  # zeros first, then -8 to 7
    (weights,) = dequantise(np.frombuffer(scale + packed, np.uint8).reshape(1, 18))
    assert weights.dtype == np.float32
    assert weights.tolist() == [0.0] * 16 + [(number - 8) / 2 for number in range(16)]


def test_blocks_keep_their_shape() -> None:
    assert dequantise(np.zeros((3, 2, 18), np.uint8)).shape == (3, 2, 32)


@needs_e5
def test_the_sizes_are_those_of_the_model() -> None:
    sizes = e5_weights().architecture
    assert sizes == Architecture(384, 12, 12, 1536, 250_037, 512, sizes.epsilon)
    assert np.float32(sizes.epsilon) == np.float32(1e-12)


@needs_e5
def test_the_vocabulary_is_that_of_the_model() -> None:
    words = e5_weights().vocabulary
    assert len(words.pieces) == len(words.scores) == 250_002
    assert (words.pieces[words.first], words.pieces[words.last], words.pieces[words.unknown]) == (
        "<s>",
        "</s>",
        "<unk>",
    )
    assert [words.pieces[control] for control in words.controls] == ["<s>", "</s>", "<pad>", "<unk>", "<mask>"]
    assert (words.pieces[665], words.rewritten[ord("ﻻ")], words.rewritten[ord("\t")]) == ("▁م", "لا", " ")


@needs_e5
def test_no_piece_reaches_over_a_space_so_that_words_can_be_cut_alone() -> None:
    assert [piece for piece in e5_weights().vocabulary.pieces if "▁" in piece[1:] or " " in piece] == []


@needs_e5
def test_the_words_are_not_read_into_memory() -> None:
    words = e5_weights().blocks["emb.word"]
    assert not words.flags.owndata
    assert words.size == 250_037 * 384 // 32 * 18
