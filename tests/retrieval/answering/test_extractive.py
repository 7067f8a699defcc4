"""Which sentences the extractive answerer chooses."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import found_in

from retrieval.answering.extractive import ExtractedStatement, best_statements
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.sentence_ranking import rank_sentences


def statements(question: str, *texts: str, limit: int = 3) -> list[ExtractedStatement]:
    found = found_in(question, *texts)
    return best_statements(rank_sentences(found, load_lexicon()).sentences, found.hits, limit)


def said(statement: ExtractedStatement) -> str:
    return statement.sentence.sentence.text


@pytest.mark.parametrize(
    ("question", "text", "best"),
    [
        ("متى وقع الزلزال؟", "وقع الزلزال في الشرق. وقع الزلزال يوم الجمعة.", "وقع الزلزال يوم الجمعة."),
        ("كم قتل في القصف؟", "قتل مدنيون في القصف العنيف أمس. قتل في القصف 12 مدنيا.", "قتل في القصف 12 مدنيا."),
        ("كم قتل في القصف؟", "قتل مدنيون في القصف أمس. قتل في القصف سبعة مدنيين.", "قتل في القصف سبعة مدنيين."),
        ("من زار المدينة؟", "زار المدينة الوفد الكبير أمس. زار المدينة شويغو أمس.", "زار المدينة شويغو أمس."),
        ("لماذا تعثرت اللجنة؟", "تعثرت اللجنة مرة أخرى أمس. تعثرت اللجنة بسبب خلافات.", "تعثرت اللجنة بسبب خلافات."),
        ("When was the earthquake?", "وقع الزلزال في الشرق. وقع الزلزال يوم الجمعة.", "وقع الزلزال يوم الجمعة."),
    ],
)
def test_the_sentence_that_answers_the_question_word_comes_first(question: str, text: str, best: str) -> None:
    assert said(statements(question, text)[0]) == best


def test_the_same_statement_in_several_articles_is_said_once() -> None:
    found = statements(
        "ماذا بحثنا في إدلب؟",
        "قال بومبيو: “بحثنا تخفيض التصعيد في إدلب بشمال سوريا”.",
        "وأكد الوزير «بحثنا تخفيض التصعيد في إدلب بشمال سوريا».",
    )
    assert len(found) == 1
    assert [other.place for other in found[0].others] == [1]


def test_an_articles_own_repetition_is_no_second_citation() -> None:
    text = "بحثنا تخفيض التصعيد في إدلب بشمال سوريا."
    found = statements("ماذا بحثنا في إدلب؟", f"{text} {text}")
    assert len(found) == 1
    assert found[0].others == ()


def test_no_more_than_the_limit_is_said_and_the_best_first() -> None:
    text = " ".join(f"زار الوفد المدينة رقم {number} للمرة الأولى." for number in range(9))
    found = statements("ماذا زار الوفد؟", text, limit=2)
    assert len(found) == 2
    assert found[0].sentence.score >= found[1].sentence.score


def test_a_much_weaker_sentence_is_left_unsaid() -> None:
    found = statements("متى وقع الزلزال في شرق تركيا؟", "وقع الزلزال في شرق تركيا يوم الجمعة.", "الطقس جميل.")
    assert [said(statement) for statement in found] == ["وقع الزلزال في شرق تركيا يوم الجمعة."]


def test_nothing_found_is_nothing_said() -> None:
    assert statements("متى وقع الزلزال؟") == []


def test_a_headline_is_not_the_first_where_a_sentence_says_it() -> None:
    text = "افتتاح جسر السدرة في الكوت\n\nافتتح الوزير جسر السدرة في الكوت يوم الثلاثاء بعد عامين من العمل."
    found = statements("متى افتتح جسر السدرة؟", text)
    assert said(found[0]).startswith("افتتح الوزير")
