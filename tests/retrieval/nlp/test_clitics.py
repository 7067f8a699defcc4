"""What is written onto an Arabic word."""

from __future__ import annotations

import pytest

from retrieval.nlp.clitics import bare_forms, is_inflection, without_affixes, without_article, without_lam


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("القاهره", ["القاهره", "قاهره"]),
        ("وبالقاهره", ["وبالقاهره", "بالقاهره", "القاهره", "قاهره"]),
        ("للقاهره", ["للقاهره", "لقاهره", "قاهره"]),
        ("كتب", ["كتب"]),  # three letters are a word of their own
        ("ال", ["ال", ""]),
        ("و" * 61, ["و" * 61]),
    ],
)
def test_particles_go_one_after_the_other_and_then_the_article(word: str, expected: list[str]) -> None:
    assert list(bare_forms(word)) == expected


@pytest.mark.parametrize(
    ("particles", "expected"),
    [(0, ["وبالقاهره"]), (1, ["وبالقاهره", "بالقاهره"]), (2, [*"وبالقاهره بالقاهره".split(), "القاهره", "قاهره"])],
)
def test_no_more_particles_go_than_may(particles: int, expected: list[str]) -> None:
    assert list(bare_forms("وبالقاهره", particles)) == expected


@pytest.mark.parametrize(
    ("word", "without"), [("لرويترز", "رويترز"), ("للشرق", "الشرق"), ("رويترز", "رويترز"), ("ل", ""), ("", "")]
)
def test_an_article_after_lam_is_written_out_again(word: str, without: str) -> None:
    assert without_lam(word) == without


def test_the_article_goes_only_where_a_word_begins_with_it() -> None:
    assert [without_article(word) for word in ("القاهره", "بالقاهره", "الالماني")] == ["قاهره", "بالقاهره", "الماني"]


@pytest.mark.parametrize("word", ["يبحثون", "وبحثا", "ستبحث", "لتبحثها"])
def test_what_is_an_inflection_of_a_core_has_it_among_what_is_left_without_affixes(word: str) -> None:
    assert is_inflection(word, "بحث")
    assert any("بحث" in left for left in without_affixes(word))
    assert min(map(len, without_affixes(word))) >= 3
