"""The expression of a quote that answers a question, and the quotes in which there is none for certain."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import analysed

from retrieval.expressions.answer_expression import find_expression
from retrieval.expressions.wanted import wanted_expression
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.term_matcher import Matcher
from retrieval.types import AnswerExpression


def answering(question: str, quote: str) -> AnswerExpression | None:
    matcher = Matcher(analysed(question))
    wanted = wanted_expression(matcher.question)
    found = find_expression(quote, matcher, wanted, load_lexicon()) if wanted else None
    assert found is None or quote[found.start : found.end] == found.text
    return found


COLLAPSE = "قُتل تسعة أشخاص وأصيب 23 آخرون في انهيار جسر السدرة صباح الثلاثاء 14 تشرين الثاني 2023."


@pytest.mark.parametrize(
    ("question", "quote", "text", "english"),
    [
        ("كم شخصا قتل في انهيار جسر السدرة؟", COLLAPSE, "تسعة أشخاص", None),
        ("How many people were killed in the bridge collapse?", COLLAPSE, "تسعة أشخاص", "9 people"),
        ("How many people were injured in the bridge collapse?", COLLAPSE, "23 آخرون", "23 people"),
        ("كم شاحنة عبرت الجسر؟", "عبرت الجسر 42 شاحنة، منها 27 سورية.", "42 شاحنة", None),
        ("كم بلغت كلفة جسر النيل؟", "وبلغت كلفة جسر النيل 14 مليار دينار.", "14 مليار دينار", None),
        ("How much did the bridge cost?", "بلغت كلفة الجسر 1,9 مليار دينار.", "1,9 مليار دينار", "1.9 billion dinars"),
        ("كم يوما استمر إضراب المعلمين؟", "استمر إضراب المعلمين 12 يوما.", "12 يوما", None),
        ("كم طول جسر السدرة؟", "ويبلغ طول جسر السدرة 160 مترا.", "160 مترا", None),
        ("متى بني جسر السدرة؟", "بني جسر السدرة عام 1979، وأُهّل في 2021.", "عام 1979", None),
        ("When was the bridge built?", "بني الجسر عام 1979.", "عام 1979", "1979"),
        ("متى انتهت الحرب؟", "وانتهت الحرب في 2 أيلول 1945.", "2 أيلول 1945", None),
        ("أين ولد الوزير؟", "ولد الوزير في مدينة الموصل عام 1950.", "مدينة الموصل", None),
        ("Where was the agreement signed?", "ووُقّع الاتفاق في القاهرة عام 1950.", "القاهرة", "Cairo"),
        ("من أسس الدولة العثمانية؟", "أسس الدولة العثمانية عثمان الأول بن أرطغرل.", "عثمان الأول بن أرطغرل", None),
        ("ما نسبة المشاركة في الانتخابات؟", "بلغت نسبة المشاركة في الانتخابات 45%.", "45%", None),
    ],
)  # fmt: skip
def test_the_expression_that_answers_is_found(question: str, quote: str, text: str, english: str | None) -> None:
    found = answering(question, quote)
    assert found
    assert (found.text, found.english) == (text, english)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("كم جريحا سقط؟", "قُتل تسعة أشخاص في الانهيار."),  # the dead, not the injured
        ("كم معلمة فصلت قبل الإضراب؟", "التزمت 41 مدرسة بالإضراب."),  # schools
        ("متى توفي الوزير؟", "ولد الوزير في 17 ديسمبر 1886 في القرية."),  # born
        ("متى تأسست جامعة هارفارد؟", "تأسست جامعة تورنتو في 15 مارس 1827."),  # another one
        ("كم طول الجسر؟", "على مسافة 200 متر من الجسر."),  # a distance
        ("أين ولد الوزير؟", "سافر الوزير إلى القاهرة."),
        ("من قتل الحسين بن علي؟", "وهو اليوم الذي قتل فيه الحسين بن علي."),  # the name that is asked about
        ("How many lanes does the bridge have?", "انهار الجسر قبل أربعة أيام."),
        ("متى وقع؟", "وقع عام 1979."),  # of what is not said
        ("متى كان الجفاف أشد من جفاف سنة 2005؟", "كان الجفاف أشد من جفاف سنة 2005."),  # what the question says itself
        ("متى انتهت الحرب؟", "بدأت الحرب في 1 أيلول 1939 وانتهت في 2 أيلول 1945."),  # of whom stands by the other
    ],
)
def test_where_it_is_not_certain_nothing_is_marked(question: str, quote: str) -> None:
    assert answering(question, quote) is None
