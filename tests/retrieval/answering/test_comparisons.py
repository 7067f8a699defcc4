"""Whether sources agree: the sides that they take on a value, else what the articles say of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config.wiring import make_sanad
from retrieval.answering.sanad import Sanad
from retrieval.index.index import Index

FIRST = """حريق في سوق الناصرية
المصدر: رويترز
3 يونيو 2019

قتل خمسة أشخاص في حريق اندلع في سوق الخضار بمدينة الناصرية فجر الاثنين، كما قال الدفاع المدني.

وهرعت إلى المكان عشر سيارات إطفاء، وأغلقت الشرطة الطرق المؤدية إليه.
"""
SECOND = """ارتفاع حصيلة ضحايا الناصرية
المصدر: سبوتنيك
4 يونيو 2019

أعلنت مديرية الصحة، الثلاثاء، أن عدد قتلى حريق سوق الناصرية بلغ سبعة، بعد وفاة جريحين في المستشفى.

وطالب تجار السوق بتعويضات عن بضائعهم التي التهمتها النيران.
"""


@pytest.fixture
def sanad(articles: Path, index: Index) -> Iterator[Sanad]:
    (articles / "first.txt").write_text(FIRST, encoding="utf-8")
    (articles / "second.txt").write_text(SECOND, encoding="utf-8")
    index.refresh(articles)
    with make_sanad(index) as made:
        yield made


@pytest.mark.parametrize(
    "question",
    [
        "هل تتفق المصادر على عدد قتلى حريق سوق الناصرية؟",
        "Do the outlets agree on the number of people killed in the Nasiriyah market fire?",
    ],
)
def test_sources_that_differ_are_set_side_by_side(sanad: Sanad, question: str) -> None:
    answer = sanad.ask(question)
    assert answer.archive
    assert (answer.question, answer.archive.intent) == (question, "compare")
    assert [side.value for side in answer.sides] == ["5", "7"]


def test_a_value_that_one_source_gives_is_answered_as_if_it_were_asked(sanad: Sanad) -> None:
    question = "هل اختلفت الصحف في عدد الأمتار التي يبلغها طول جسر النيل؟"
    answer = sanad.ask(question)
    assert (answer.question, answer.sides) == (question, ())
    assert any("1800" in citation.quote for citation in answer.citations)
