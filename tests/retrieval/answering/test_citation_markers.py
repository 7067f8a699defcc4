from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.citation_markers import Marked, MarkerParser, parse

ROOT = Path(__file__).parents[3]
PIECES = st.sampled_from(
    [
        *"[]【】［］,،.؟!…\n \"»'*-#د",
        "[1]",
        "[١، ٢]",
        "【3】",
        "12",
        "3.5",
        " Mr. X",
        "U.S. ",
        "1. ",
        "اتفق ",
        "met ",
        "…»",
    ]
)


def parsed(*pieces: str) -> list[Marked]:
    parser = MarkerParser()
    return [marked for piece in pieces for marked in parser.feed(piece)] + parser.finish()


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("x [1].", ("1",)),
        ("x. [1]", ("1",)),
        ("x [1, 2].", ("1", "2")),
        ("x [1][2].", ("1", "2")),
        ("x [2] [1].", ("2", "1")),
        ("x【1】.", ("1",)),
        ("x ［12］.", ("12",)),
        ("x [١٢].", ("12",)),
        ("x [۱۲، ۳].", ("12", "3")),
        ("x [1، 2].", ("1", "2")),
        ("x [1；2].".replace("；", ";"), ("1", "2")),
        ("x [ 1 ].", ("1",)),
        ("x [01][1].", ("1",)),
        ("x.", ()),
        ("x [sic].", ()),
    ],
)
def test_ids_are_read_however_they_are_written(written: str, ids: tuple[str, ...]) -> None:
    (marked,) = parsed(written)
    assert marked.ids == ids


@pytest.mark.parametrize(
    ("reply", "sentences"),
    [
        ("A met Bob [1]. They agreed [2].", ["A met Bob.", "They agreed."]),
        ("A met Bob. [1] They agreed. [2]", ["A met Bob.", "They agreed."]),
        ("قُتل 3.5 في المئة [1]. قال د. علي نعم [2].", ["قُتل 3.5 في المئة.", "قال د. علي نعم."]),
        ("- **A** met B [1]\n- `C` left [2]", ["A met B", "C left"]),
        ("1. A met B [1].\n2. C left [2].", ["A met B.", "C left."]),
        ("# Answer\n\nA met Mr. B of the U.S. [1].", ["Answer", "A met Mr. B of the U.S."]),
        ("قال: «نعم.» [1] وغادر؟ [2]", ["قال: «نعم.»", "وغادر؟"]),
        ("", []),
        (" [1] ", []),
    ],
)
def test_reply_becomes_plain_sentences(reply: str, sentences: list[str]) -> None:
    assert [marked.text for marked in parsed(reply)] == sentences


def test_sentence_is_given_out_when_the_next_one_begins() -> None:
    parser = MarkerParser()
    assert parser.feed("A met Bob. ") == []
    assert parser.feed("[1") == []
    assert parser.feed("2] T") == [Marked("A met Bob.", ("12",))]


def test_line_end_gives_a_sentence_out_at_once() -> None:
    assert MarkerParser().feed("A met B [1].\n") == [Marked("A met B.", ("1",))]


@given(st.lists(PIECES, max_size=25).map("".join), st.lists(st.integers(0, 60), max_size=12))
def test_any_chunking_gives_the_same_sentences(reply: str, cuts: list[int]) -> None:
    bounds = sorted({0, len(reply), *(min(cut, len(reply)) for cut in cuts)})
    pieces = [reply[start:end] for start, end in pairwise(bounds)]
    assert parsed(*pieces) == parsed(reply) == parsed(*reply)


QUOTED = Marked("A met B.", ("12",), "التقى «أ» وب. ثم افترقا")


@pytest.mark.parametrize(
    ("reply", "sentences"),
    [
        ("A met B. [12] «التقى «أ» وب. ثم افترقا»\nC left [3].", [QUOTED, Marked("C left.", ("3",))]),
        ("A met B [12]. «التقى «أ» وب. ثم افترقا».", [QUOTED]),
        ("X came [1]. A met B. [12]: “التقى «أ» وب. ثم افترقا”", [Marked("X came.", ("1",)), QUOTED]),
        ("A met B. [12] «التقى «أ» وب. ثم افترقا» C left. [3] «ذهب ج»", [QUOTED, Marked("C left.", ("3",), "ذهب ج")]),
        ("He said «نعم» to B [12].", [Marked("He said «نعم» to B.", ("12",))]),
        ("A met B [12] «التقى", [Marked("A met B «التقى", ("12",))]),
    ],
)
def test_words_behind_a_marker_are_the_quote(reply: str, sentences: list[Marked]) -> None:
    assert parsed(reply) == parsed(*reply) == sentences


@given(st.lists(PIECES, max_size=25).map("".join))
def test_no_marker_is_left_in_a_sentence(reply: str) -> None:
    assert all(parse(marked.text).ids == () for marked in parsed(reply))


@pytest.mark.parametrize(
    ("reply", "text", "ids"),
    [
        ("بين [2011 2012 2013 2014 2015 2016 2017 2018", "بين [2011 2012 2013 2014 2015 2016 2017 2018", ()),
        ("نما [2011, 2012, 2013, 2014, 2015, 2016, 2017, 2018 م].", None, ()),
        (f"قال [{'1' * 5000}].", f"قال [{'1' * 5000}].", ()),
        ("قال [123456789].", "قال.", ("123456789",)),
    ],
)
def test_brackets_of_many_numbers_are_soon_read(reply: str, text: str | None, ids: tuple[str, ...]) -> None:
    code = "import sys; from retrieval.answering.citation_markers import parse; sys.exit(repr(parse(sys.argv[1])))"
    ran = subprocess.run([sys.executable, "-c", code, reply], capture_output=True, check=False, timeout=60, cwd=ROOT)
    assert ran.stderr.decode().strip() == repr(Marked(text or reply, ids))


def test_marker_ends_with_its_line_however_the_reply_is_cut() -> None:
    reply = "اتفق الوزيران. [1,\n2] ثم غادرا."
    assert parsed(reply) == parsed(*reply)
