"""How strongly a text says the terms of a question."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import analysed

from retrieval.nlp.analysis import words
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import WEIGHTS


def strength(question: str, surface: str, text: str) -> float:
    matcher = Matcher(analysed(question))
    at = [term.surface for term in matcher.question.terms].index(surface)
    return matcher.term_scores(words(text))[at]


@pytest.mark.parametrize(
    ("question", "surface", "text", "least", "most"),
    [
        ("الزلزال", "الزلزال", "ضرب زلزال المدينة", 1.0, 1.0),
        ("الزلزال", "الزلزال", "هزات في المدينة", 0.0, 0.4),
        ("الزلزال", "الزلزال", "مباراة في المدينة", 0.0, 0.0),
        ("النازحين", "النازحين", "موجة نزوح", 0.4, 0.4),
        ("شويجو", "شويجو", "قال شويغو", WEIGHTS.by_key, WEIGHTS.by_key),
        ("Shoigu", "shoigu", "قال شويجو", WEIGHTS.by_key, 1.0),
        ("Tebboune", "tebboune", "قال تبون", WEIGHTS.by_key, 1.0),
        ("Zuhairan", "zuhairan", "قال زهيران", WEIGHTS.by_key, 1.0),
        ("Zuhairan", "zuhairan", "قال زهران", 0.0, 0.0),
        ("India", "india", "سافر الوفد للهند", 1.0, 1.0),
        ("India", "india", "قالت المعلمة هند", 0.0, 0.0),
        ("رئيس الهند", "الهند", "وبالهند آثار", 1.0, 1.0),
        ("رئيس الهند", "الهند", "قالت المعلمة هند", 0.0, 0.0),
        ("القاهرة", "القاهره", "بقرار المجلس", 0.0, 0.0),  # a name that is known is no ordinary word
        ("Geneva", "geneva", "من جانبه قال", 0.0, 0.0),
        ("زهير", "زهير", "قال وزير سوريا", 0.0, 0.0),
        ("Salahuddin", "salahuddin", "طلب صلاحالدين", WEIGHTS.by_key, WEIGHTS.by_key),
        ("earthquake", "earthquake", "ضرب زلزال المدينة", 1.0, 1.0),
        ("earthquake", "earthquake", "هزة أرضية", 0.6, 0.9),
        ("earthquake", "earthquake", "هزة في الرأس", 0.0, 0.0),
        ("بحث", "بحث", "وبحثا القرار", WEIGHTS.by_inflection, WEIGHTS.by_inflection),
        ("بحث", "بحث", "في هذا المبحث", 0.0, 0.5),
        ("12", "12", "قتل اثنا عشر مدنيا", WEIGHTS.spelt_out, WEIGHTS.spelt_out),
        ("12", "12", "قتل عشرة مدنيين", 0.0, 0.0),
        ("seven", "seven", "قتل 7 أشخاص", WEIGHTS.spelt_out, WEIGHTS.spelt_out),
        ("سبعة", "سبعه", "قتل 7 أشخاص", WEIGHTS.spelt_out, WEIGHTS.spelt_out),
        ("15th", "15", "في القرن الخامس عشر", WEIGHTS.spelt_out, WEIGHTS.spelt_out),
        ("2254", "2254", "القرار ٢٢٥٤", 1.0, 1.0),
        ("2254", "2254", "القرار 2245", 0.0, 0.0),
        ("والمسؤولون", "والمسوولون", "قال مسؤول", 0.5, 1.0),
    ],
)
def test_a_text_says_a_term_as_strongly_as_its_best_word(
    question: str, surface: str, text: str, least: float, most: float
) -> None:
    assert least <= strength(question, surface, text) <= most


def test_a_multi_word_term_that_is_said_covers_its_words() -> None:
    assert strength("a no-fly zone", "fly", "فرض حظر جوي") == 1.0
    assert strength("a no-fly zone", "fly", "فرض حظر بري") == 0.0


def test_coverage_weighs_terms_by_their_rarity() -> None:
    matcher = Matcher(analysed("زلزال سوريا", سور=90, زلزال=1))
    rare, frequent = matcher.term_scores(["زلزال"]), matcher.term_scores(["سوريا"])
    assert matcher.coverage(rare) > 0.9
    assert matcher.coverage(frequent) < 0.1
    assert matcher.coverage(matcher.term_scores(["زلزال", "سوريا"])) == 1.0


def test_a_question_without_terms_is_covered_by_nothing() -> None:
    matcher = Matcher(analysed("من؟"))
    assert matcher.coverage(matcher.term_scores(["زلزال"])) == 0.0
    assert matcher.pairs_share(["زلزال"]) == 0.0


def test_the_share_of_word_pairs_counts_neighbours_only() -> None:
    matcher = Matcher(analysed("وزير الدفاع الروسي"))
    assert matcher.pairs_share(words("قال وزير الدفاع الروسي")) == 1.0
    assert matcher.pairs_share(words("وزير الدفاع")) == 0.5
    assert matcher.pairs_share(words("الدفاع عن وزير")) == 0.0


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("من افتتح جسر النيل؟", "وافتتح الوزير جسرَ النيلِ، أمس", ["وافتتح", "جسرَ النيلِ"]),
        ("What did Shoigu say about the Security Council?", "قال شويغو في مجلس الأمن", ["شويغو", "مجلس الأمن"]),
        ("من؟", "قال شويغو", []),
        ("زلزال", "وقع الـزلـزالُ أمس", ["الـزلـزالُ"]),
    ],
)
def test_the_words_of_a_text_that_say_the_question_are_known_to_the_letter(
    question: str, text: str, expected: list[str]
) -> None:
    assert [text[start:end] for start, end in Matcher(analysed(question)).spans(text)] == expected


@pytest.mark.parametrize(
    ("question", "is_translated"),
    [("Who met Lavrov?", True), ("متى كان ذلك؟ Lavrov meet Pompeo", True), ("من التقى لافروف؟", False)],
)
def test_a_question_is_translated_where_most_of_it_was_asked_in_english(question: str, is_translated: bool) -> None:
    assert Matcher(analysed(question)).is_translated == is_translated
