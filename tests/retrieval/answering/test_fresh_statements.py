from __future__ import annotations

import pytest
from support.builders.folder import analysed

from retrieval.answering.fresh_statements import fresh_statements, unsaid_of
from retrieval.citing.citations import Evidence, GroundedSentence
from retrieval.index.index import Index
from retrieval.nlp.lexicon import load_lexicon
from retrieval.types import Turn

OPENED = "افتتح وزير النقل جسر النيل الجديد في أسوان يوم الثلاثاء."
COST = "بلغت كلفة الجسر 340 مليون جنيه."
SHORTER = "يختصر الجسر زمن الرحلة كثيرا."
CAUSE = "تراجع المحصول بسبب الجفاف."


def statement(text: str, score: float = 1.0, article: str = "a") -> GroundedSentence:
    return GroundedSentence(text, (Evidence(article, 0, len(text), score),))


def answered(index: Index, question: str, *statements: GroundedSentence, told: str = "") -> list[str]:
    found = fresh_statements(analysed(index, question), statements, [Turn("?", told)], load_lexicon())
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("ومتى؟", [OPENED]),
        ("when?", [OPENED]),
        ("وكم؟", [COST]),
        ("وين؟", [OPENED]),
        ("ليش؟", [CAUSE]),
        ("why?", [CAUSE]),
    ],
)
def test_a_bare_question_gets_what_says_what_it_asks_for(index: Index, question: str, says: list[str]) -> None:
    assert answered(index, question, *map(statement, (OPENED, COST, SHORTER, CAUSE))) == says


def test_what_was_said_before_answers_again_only_where_it_says_it(index: Index) -> None:
    assert answered(index, "ومتى؟", statement(OPENED), told=OPENED) == [OPENED]
    assert answered(index, "ومتى؟", statement(COST), told=COST) == []
    assert answered(index, "ومتى وصل الوزير؟", statement(COST), statement(SHORTER), told=COST) == [SHORTER]


@pytest.mark.parametrize("question", ["what else?", "وشو كمان؟", "وبعدين؟", "وماذا أيضا؟", "and then?"])
def test_a_question_for_more_gets_what_was_not_said(index: Index, question: str) -> None:
    assert answered(index, question, statement(OPENED), statement(COST), told=f"«{OPENED}» [1]") == [COST]
    assert answered(index, question, statement(OPENED), told=OPENED) == []


def test_what_hardly_speaks_of_the_subject_is_no_answer(index: Index) -> None:
    near, far = statement(SHORTER), statement(OPENED, 0.3)
    assert answered(index, "ومتى؟", near, far) == []


def test_articles_that_were_quoted_count_sooner_than_others(index: Index) -> None:
    said = statement(COST)
    assert answered(index, "ومتى؟", said, statement(OPENED, 0.65), told=COST) == [OPENED]
    assert answered(index, "ومتى؟", said, statement(OPENED, 0.65, "b"), told=COST) == []


def test_another_follow_up_keeps_its_answers(index: Index) -> None:
    assert answered(index, "ومن حضر الافتتاح؟", statement(OPENED), told=OPENED) == [OPENED]


@pytest.mark.parametrize(
    ("question", "unsaid"), [("ومتى؟", "when"), ("why?", "why"), ("what else?", "more"), ("مين؟", "who")]
)
def test_what_is_not_said_has_its_name(index: Index, question: str, unsaid: str) -> None:
    assert unsaid_of(analysed(index, question)) == unsaid
