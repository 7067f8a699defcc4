"""Replies in whichever form a model writes them, cut into whichever pieces."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.citation_markers import Marked
from retrieval.answering.reply_parser import ReplyParser

ITEMS = [
    {"passage": "41", "quote": 'قال "نعم" {في} [بيان]', "sentence": "وافق الوزير."},
    {"passage": "57", "quote": "لا", "sentence": "رفض الاتحاد."},
]
WHOLE = [Marked("وافق الوزير.", ("41",), 'قال "نعم" {في} [بيان]'), Marked("رفض الاتحاد.", ("57",), "لا")]
JSON = json.dumps({"answer": ITEMS}, ensure_ascii=False)


def parsed(*pieces: str) -> list[Marked]:
    parser = ReplyParser()
    return [marked for piece in pieces for marked in parser.feed(piece)] + parser.finish()


@pytest.mark.parametrize(
    "reply",
    [
        JSON,
        json.dumps({"answer": ITEMS}, indent=2),
        json.dumps(ITEMS),
        f"```json\n{JSON}\n```",
        f"{JSON}\nI hope this helps.",
        f'<think>{{"answer": []}}</think>\n{JSON}',
    ],
)
def test_json_is_read_however_it_is_wrapped_and_cut(reply: str) -> None:
    assert parsed(reply) == parsed(*reply) == WHOLE


@given(st.lists(st.integers(0, len(JSON)), max_size=8))
def test_any_pieces_give_the_same_sentences(cuts: list[int]) -> None:
    pieces = [JSON[start:end] for start, end in pairwise(sorted({0, len(JSON), *cuts}))]
    assert parsed(*pieces) == WHOLE


def test_sentence_is_given_out_as_soon_as_it_is_whole() -> None:
    parser = ReplyParser()
    assert parser.feed(JSON[: JSON.index("رفض")]) == WHOLE[:1]
    assert parser.feed("رفض الا") == []
    assert parser.feed('تحاد."') == WHOLE[1:]


@pytest.mark.parametrize("at", range(0, len(JSON), 7))
def test_reply_that_breaks_off_gives_whole_sentences_alone(at: int) -> None:
    assert parsed(JSON[:at]) in ([], WHOLE[:1], WHOLE)


@pytest.mark.parametrize(
    "reply",
    ['{"answer": []}', "{}", "[]", "", "{", '{"answer": [{"passage": "41"}]}', '{"answer": [4, null]}', "```json\n"],
)
def test_reply_without_a_sentence_has_none(reply: str) -> None:
    assert [
        marked for marked in parsed(reply) if any(letter.isalpha() for letter in marked.text)
    ] == [] or reply == "```json\n"


def test_passage_may_be_a_number_and_the_list_alone() -> None:
    assert parsed('[{"sentence": "نعم قال.", "passage": [41]}]') == [Marked("نعم قال.", ("41",))]


@pytest.mark.parametrize("reply", ["<think>A is [1].\nB?</think>\nA met Bob [1].", "\n<think>\n</think>A met Bob [1]."])
def test_thoughts_are_left_out(reply: str) -> None:
    assert parsed(reply) == parsed(*reply) == [Marked("A met Bob.", ("1",))]


def test_thoughts_that_never_end_say_nothing() -> None:
    assert parsed("<think>A met B [1].\nC left [2].\n") == []
