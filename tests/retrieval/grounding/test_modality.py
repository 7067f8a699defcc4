"""What happened, what is to come, and what is only planned."""

from __future__ import annotations

import pytest
from support.builders.claims import read_against

from retrieval.grounding.modality import changed_modality

DAM = "تعتزم الحكومة الإثيوبية بناء سد جديد، وستبدأ الأعمال في مارس المقبل."
VISIT = "زار الرئيس الفرنسي بيروت أمس والتقى رئيس الوزراء اللبناني."
DEAL = "ينص الاتفاق على سحب القوات من المدينة وإعادة الأسرى خلال أسبوع."
TRIAL = "يحاكم الرجل بتهمة اختلاس أموال الشركة."
DEMAND = "دعا الوزير إلى إغلاق المطار ورفع الرواتب."


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The Ethiopian government plans to build a new dam.", DAM),
        ("Ethiopia will build a new dam.", DAM),
        ("تخطط الحكومة الإثيوبية لبناء سد.", DAM),
        ("The French president visited Beirut.", VISIT),
        ("زار الرئيس الفرنسي بيروت.", VISIT),
        ("The forces are to withdraw from the city under the deal.", DEAL),
        ("The man is on trial on charges of embezzling company money.", TRIAL),
        ("The minister called for the airport to be closed.", DEMAND),
        ("طلب الوزير إغلاق المطار.", DEMAND),
    ],
)
def test_what_the_text_holds_alike_stands(sentence: str, text: str) -> None:
    assert read_against(changed_modality, sentence, text) == []


@pytest.mark.parametrize(
    ("sentence", "text", "words"),
    [
        ("The Ethiopian government built a new dam.", DAM, ["built"]),
        ("بنت الحكومة الإثيوبية سدا جديدا.", DAM, ["بنت"]),
        ("The French president will visit Beirut.", VISIT, ["visit"]),
        ("سيزور الرئيس الفرنسي بيروت.", VISIT, ["سيزور"]),
        ("The forces have withdrawn from the city.", DEAL, ["withdrawn"]),
        ("أعيد الأسرى وسُحبت القوات من المدينة.", DEAL, ["وسُحبت"]),
        ("The man embezzled company money.", TRIAL, ["embezzled"]),
        ("The minister closed the airport.", DEMAND, ["closed"]),
        ("أغلق الوزير المطار.", DEMAND, ["أغلق"]),
    ],
)
def test_a_plan_told_as_a_fact_is_found_and_a_fact_told_as_a_plan(sentence: str, text: str, words: list[str]) -> None:
    assert read_against(changed_modality, sentence, text) == words
