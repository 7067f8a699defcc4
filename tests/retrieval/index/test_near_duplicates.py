"""Copies of one story, told from news that only looks alike."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations, count
from pathlib import Path

import pytest
from support.builders.wire import COPIES, STORY, TEMPLATES, WIRE

from retrieval.corpus.articles import read_article
from retrieval.index.near_duplicates import (
    BANDS,
    are_copies,
    bands,
    components,
    number_stories,
    own_text,
    profile,
    sketch,
    worth_comparing,
)

SEEDS = sorted((Path(__file__).parents[3] / "seeds").glob("*.txt"))


def copies(one: str, other: str) -> bool:
    there, back = are_copies(profile(one), profile(other)), are_copies(profile(other), profile(one))
    assert there == back
    return there


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_known_however_an_outlet_prints_it(name: str) -> None:
    assert copies(WIRE, COPIES[name])


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_found_without_looking_at_all_articles(name: str) -> None:
    one, other = sketch(profile(WIRE)), sketch(profile(COPIES[name]))
    assert set(bands(one.minhash)) & set(bands(other.minhash))
    assert worth_comparing(one, [sketch(profile(STORY[0])), other]) == [False, True]


@pytest.mark.parametrize("name", TEMPLATES)
def test_news_by_one_template_is_not_one_story(name: str) -> None:
    assert not copies(*TEMPLATES[name])
    assert copies(TEMPLATES[name][0], TEMPLATES[name][0])


@pytest.mark.parametrize("one", range(len(STORY)))
def test_paragraphs_of_one_subject_are_no_copies(one: int) -> None:
    assert not any(copies(STORY[one], other) for other in STORY if other != STORY[one])


def test_the_seeds_are_five_stories_though_two_quote_the_same_conference() -> None:
    texts = [own_text(article.text, article.body) for article in (read_article(s.parent, s, {}) for s in SEEDS)]
    assert not any(copies(one, other) for one, other in combinations(texts, 2))
    first, last = profile(texts[0]).shingles, profile(texts[4]).shingles
    assert 0.2 < len(first & last) / min(len(first), len(last)) < 0.3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("افتتح الوزير جسر النيل الجديد في أسوان أمس", "افتتح الوزيرُ جسر النيل الجديد في اسوان أمس.", True),
        ("افتتح الوزير جسر النيل الجديد في أسوان أمس", "افتتح الوزير جسر النيل الجديد في أسوان اليوم", False),
        ("عاجل", "عاجل", True),
        ("عاجل", "خبر عاجل", False),
        ("", "", False),
        ("…", "عاجل", False),
    ],
)
def test_short_articles_are_copies_only_if_nearly_identical(one: str, other: str, same: bool) -> None:
    assert copies(one, other) is same


def test_one_number_put_right_in_a_long_story_leaves_it_that_story() -> None:
    assert copies(f"{WIRE} وبلغت الكلفة 5 ملايين.", f"{WIRE} وبلغت الكلفة 6 ملايين.")


def test_a_signature_is_the_same_in_every_process() -> None:
    code = (
        "import sys\nfrom retrieval.index.near_duplicates import profile, sketch\n"
        "print([*map(bytes.hex, sketch(profile(sys.argv[1])))])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, WIRE], capture_output=True, check=True, encoding="utf-8", timeout=60
    )
    assert ran.stdout.strip() == str([*map(bytes.hex, sketch(profile(WIRE)))])


def test_a_text_without_words_has_no_sketch() -> None:
    assert sketch(profile("…")) == (b"", b"")
    assert bands(b"") == worth_comparing(sketch(profile("…")), []) == []
    assert len(set(bands(sketch(profile("عاجل")).minhash))) == BANDS


@pytest.mark.parametrize("name", ["exchange rates", "tolls"])
def test_news_by_template_is_told_apart_by_its_sketches_alone(name: str) -> None:
    one, other = (sketch(profile(text)) for text in TEMPLATES[name])
    assert worth_comparing(one, [other, one]) == [False, True]


def test_links_make_groups_whatever_their_order() -> None:
    links = {"a": {"b"}, "b": {"a", "c"}, "c": {"b"}, "d": {"e"}, "e": {"d"}}
    for order in ("abcdef", "fedcba", "cafebd"):
        assert set(components(order, links)) == {frozenset("abc"), frozenset("de")}


@pytest.mark.parametrize(
    ("groups", "held", "inherited", "numbers"),
    [
        (["ab"], {}, {}, {"a": 9, "b": 9}),
        (["abc"], {"a": 4, "b": 4}, {}, {"a": 4, "b": 4, "c": 4}),
        (["abcd"], {"a": 4, "b": 4, "c": 2, "d": 2}, {}, dict.fromkeys("abcd", 2)),
        (["ab", "cde"], dict.fromkeys("abcde", 4), {}, {"a": 9, "b": 9, "c": 4, "d": 4, "e": 4}),
        (["xy"], {"a": 4, "b": 4}, {"x": 4, "y": 4}, {"x": 4, "y": 4}),
        (["ax"], {"a": 7}, {"x": 4}, {"a": 7, "x": 7}),
    ],
    ids=["new", "joined", "merged", "fallen apart", "all edited", "moved to another"],
)
def test_a_story_keeps_its_number(
    groups: list[str], held: dict[str, int], inherited: dict[str, int], numbers: dict[str, int]
) -> None:
    assert number_stories(map(frozenset, groups), held, inherited, count(9)) == numbers
