"""What a question asks for, and the terms that are looked for."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import analysed

from retrieval.nlp.analysis import normalise, stem
from retrieval.search.query import LONGEST_QUESTION, MOST_TERMS, Query, Term
from retrieval.search.weights import WEIGHTS


def term(question: Query, surface: str) -> Term:
    return next(term for term in question.terms if term.surface == surface)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("من التقى بومبيو؟", "who"),
        ("متى التقيا؟", "when"),
        ("أين عقد الاجتماع؟", "where"),
        ("في أي مدينة عقد الاجتماع؟", "where"),
        ("كم عدد القتلى؟", "how many"),
        ("ما عدد القتلى؟", "how many"),
        ("لماذا تعثرت اللجنة؟", "why"),
        ("في أي عام صدر القرار؟", "when"),
        ("ماذا قال لافروف؟", "what"),
        ("هل خرج من المدينة؟", "yes_no"),
        ("Who met Pompeo?", "who"),
        ("When did they meet?", "when"),
        ("What year was it?", "when"),
        ("Where did they meet?", "where"),
        ("How many were killed?", "how many"),
        ("Why did it stall?", "why"),
        ("What did Lavrov say?", "what"),
    ],
)
def test_the_kind_of_answer_is_told_from_the_question_word(text: str, asks: str) -> None:
    assert analysed(text).asks == asks


@pytest.mark.parametrize(
    ("text", "surface", "kind", "sure"),
    [
        ("What did Pompeo say?", "pompeo", "name", True),
        ("what did pompeo say?", "pompeo", "name", True),
        ("What did Zubizarreta say?", "zubizarreta", "name", False),
        ("What about the earthquake?", "earthquake", "word", False),
        ("What did BSKYB say?", "bskyb", "word", False),
        ("resolution 2254", "2254", "number", True),
        ("القرار ٢٢٥٤", "2254", "number", True),
        ("ماذا قال بومبيو؟", "بومبيو", "name", True),
        ("ماذا قال زوبيزاريتا؟", "زوبيزاريتا", "name", False),
        ("متى كان الزلزال؟", "الزلزال", "word", False),
        ("ماذا قالت الخارجية الألمانية؟", "الالمانيه", "name", True),
    ],
)
def test_names_and_numbers_are_told_from_words(text: str, surface: str, kind: str, sure: bool) -> None:
    found = term(analysed(text), surface)
    assert (found.kind, found.is_named_entity) == (kind, sure)


def test_question_words_are_no_terms() -> None:
    assert [term.surface for term in analysed("من هو الذي كان في إدلب؟").terms] == ["ادلب"]
    assert [term.surface for term in analysed("Who was it that was in Idlib?").terms] == ["idlib"]


def test_a_multi_word_term_stands_beside_its_words_and_covers_them() -> None:
    question = analysed("the Security Council")
    assert [term.surface for term in question.terms] == ["security council", "security", "council"]
    assert question.terms[0].parts == ("security", "council")
    assert ("مجلس", "امن") in [alternative.stems for alternative in question.terms[0].alternatives]


def test_equivalents_weigh_less_the_further_they_stand_from_the_first() -> None:
    weights = [alternative.weight for alternative in term(analysed("agreement"), "agreement").alternatives[:-1]]
    assert weights[0] == 1.0
    assert weights == sorted(weights, reverse=True)


def test_an_arabic_word_brings_its_synonyms_at_a_lower_weight() -> None:
    alternatives = {found.stems: found.weight for found in term(analysed("النازحين"), "النازحين").alternatives}
    assert max(alternatives, key=lambda stems: alternatives[stems]) == ("نازح",)
    assert alternatives[("نزوح",)] == alternatives[("مشرد",)] == WEIGHTS.synonym


def test_the_rarer_a_term_the_more_it_weighs() -> None:
    question = analysed("سوريا إدلب", سور=90, ادلب=5)
    assert term(question, "ادلب").idf > term(question, "سوريا").idf > 0
    assert question.max_idf > term(question, "ادلب").idf


def test_a_possessive_is_no_word() -> None:
    assert [term.surface for term in analysed("Lavrov's plan, Putin’s visit").terms] == [
        "lavrov",
        "plan",
        "putin",
        "visit",
    ]


@pytest.mark.parametrize("text", ["", " \n\t ", "؟", "😀😀", "\x00\x1b", "من", "the", "\ud800"])
def test_a_question_without_content_has_no_terms(text: str) -> None:
    assert analysed(text).terms == ()


def test_a_question_without_an_end_is_cut_and_its_terms_are_bounded() -> None:
    question = analysed(" ".join(f"كلمة{number}" for number in range(5_000)))
    assert len(question.text) <= LONGEST_QUESTION
    assert len(question.terms) <= MOST_TERMS


@pytest.mark.parametrize("typed", ["اللادقيه", "باللادقية"])
def test_a_word_that_only_looks_like_an_inflection_may_be_one_of_the_articles_as_it_is_spoken(typed: str) -> None:
    latakia = stem(normalise("اللاذقية"))
    spelt = {way.stems for one in analysed(f"الخبز {typed}", **{latakia: 3}).terms for way in one.alternatives}
    assert (latakia,) in spelt
    assert (latakia,) not in {way.stems for way in term(analysed(f"الخبز {typed}"), normalise(typed)).alternatives}
