"""The numbers of people in a text, each with what befell those that it counts."""

from __future__ import annotations

import pytest

from retrieval.archive.outcomes import outcome_asked, people_counted
from retrieval.expressions.quote_tokens import QuoteTokens

CASES = {
    "قُتل تسعة أشخاص وأصيب 23 آخرون بجروح": [("killed", 9, ""), ("injured", 23, "")],
    "لقي سبعة عمال مصرعهم في حريق": [("killed", 7, "")],
    "إن خمسة أشخاص على الأقل لقوا حتفهم، وإن غطاسين استُدعوا": [("killed", 5, "")],
    "ارتفع عدد الجرحى إلى 31، فيما بقي القتلى ثمانية": [("injured", 31, ""), ("killed", 8, "")],
    "وبذلك ترتفع الحصيلة، وفق روايته، إلى عشرة": [("killed", 10, "")],
    "مقتل 12 شخصا بينهم أربعة أطفال": [("killed", 12, "")],
    "إن ثلاثة من القتلى أفراد عائلة واحدة": [],
    "اعتقلت الشرطة 14 متظاهرا وأفرجت عن ثلاثة": [("detained", 14, "")],
    "نزحت 200 عائلة من البلدة": [("displaced", 200, "")],
    "ارتفع العدد إلى 11 قتيلا، بعد وفاة أربعة مصابين": [("killed", 11, "")],
    "مقتل خمسة جنود وسبعة مدنيين": [("killed", 5, "armed"), ("killed", 7, "civilians")],
    "أغلقت الوزارة 12 مدرسة": [],
    "قُتل في 3 آذار وأصيب في 2019": [],
}


@pytest.mark.parametrize("text", CASES)
def test_each_number_of_people_goes_with_what_befell_them(text: str) -> None:
    found = people_counted(QuoteTokens(text), _of_dates(text))
    assert [(one.outcome, one.amount.value, one.who) for one in found] == CASES[text]


def _of_dates(text: str) -> set[int]:
    return {at for at, word in enumerate(QuoteTokens(text).words) if word in ("3", "2019")}


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("كم عدد ضحايا الحريق؟", "killed"),
        ("كم جريحا نقل إلى المستشفى؟", "injured"),
        ("how many people were arrested at the protest?", "detained"),
        ("how many families were displaced?", "displaced"),
        ("كم مدرسة أغلقت؟", None),
    ],
)
def test_a_question_says_what_befell_those_whom_it_counts(question: str, outcome: str | None) -> None:
    assert outcome_asked(question) == outcome
