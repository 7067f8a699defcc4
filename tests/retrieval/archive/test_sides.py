"""Where sources of one event differ: what is shown side by side, and what is no side of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from retrieval.answering.sanad import Sanad
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index
from retrieval.types import Answer

WIRE = """---
source: وكالة المدار
date: 2024-03-05
---
مقتل سبعة عمال في حريق مصنع للنسيج في المحلة

قُتل سبعة أشخاص وأصيب 19 آخرون في حريق اندلع صباح الثلاثاء في مصنع النسيج التابع لشركة الدلتا في مدينة المحلة الكبرى.
وقال مدير الحماية المدنية العميد شريف قنديل إن الحريق بدأ في مخزن القطن وامتد إلى عنبر الصباغة.
"""
CORRECTED = """---
source: جريدة النيل
date: 2024-03-07
---
ارتفاع ضحايا حريق مصنع النسيج في المحلة

ارتفعت حصيلة حريق مصنع النسيج في المحلة الكبرى إلى 11 قتيلا، بعد وفاة أربعة مصابين كانوا في العناية المركزة.
وأوضح مدير الحماية المدنية شريف قنديل أن عدد المصابين 26 مصابا لا 19 كما أعلن، وأن الحريق اندلع في مخزن القطن.
"""
ANOTHER = """---
source: وكالة المدار
date: 2024-01-12
---
حريق في سوق المحلة يودي بثلاثة باعة

لقي ثلاثة أشخاص حتفهم وأصيب خمسة في حريق التهم صباح الجمعة أكشاكا في سوق الخضر بمدينة المحلة الكبرى.
"""


@pytest.fixture(scope="module")
def sanad(tmp_path_factory: pytest.TempPathFactory) -> Sanad:
    return _over(tmp_path_factory.mktemp("sides"), {"wire.txt": WIRE, "nile.txt": CORRECTED, "market.txt": ANOTHER})


_OPEN = ExitStack()


def _over(folder: Path, texts: Mapping[str, str]) -> Sanad:
    (folder / "articles").mkdir()
    for name, text in texts.items():
        (folder / "articles" / name).write_text(text, encoding="utf-8")
    index = _OPEN.enter_context(Index.open(folder / "data", make_embedder("hashing")))
    index.refresh(folder / "articles")
    return Sanad(index)


def _said(answer: Answer) -> list[tuple[str, tuple[str | None, ...], str | None]]:
    return [(side.value, side.outlets, side.day) for side in answer.sides]


@pytest.mark.parametrize(
    "question", ["كم قتيلا سقط في حريق مصنع النسيج؟", "how many people died in the textile factory fire?"]
)
def test_values_that_differ_stand_side_by_side_by_day(sanad: Sanad, question: str) -> None:
    assert _said(sanad.ask(question)) == [
        ("7", ("وكالة المدار",), "2024-03-05"),
        ("11", ("جريدة النيل",), "2024-03-07"),
    ]


@pytest.mark.parametrize(
    "question",
    [
        "هل تتفق المصادر على عدد القتلى في حريق مصنع النسيج؟",
        "Do the outlets agree on how many people died in the textile factory fire?",
        "do the newspapers differ on the number of people killed in the textile factory fire",
    ],
)
def test_whether_sources_agree_is_answered_by_the_values_that_they_give(sanad: Sanad, question: str) -> None:
    answer = sanad.ask(question)
    assert [value for value, _, _ in _said(answer)] == ["7", "11"]
    assert answer.archive
    assert (answer.question, answer.archive.intent, answer.archive.total) == (question, "compare", 2)
    numbers = {citation.number for citation in answer.citations}
    assert {number for row in answer.archive.rows for number in row.citations} <= numbers


@pytest.mark.parametrize("counted", ["عدد قتلى حريق مصنع النسيج", "إجمالي عدد القتلى في حريق مصنع النسيج"])
def test_a_number_of_people_is_compared_where_no_article_says_the_word_number(tmp_path: Path, counted: str) -> None:
    nile = CORRECTED.replace("عدد المصابين 26 مصابا", "المصابين 26")
    answer = _over(tmp_path, {"wire.txt": WIRE, "nile.txt": nile}).ask(f"هل تتفق المصادر على {counted}؟")
    assert [side.value for side in answer.sides] == ["7", "11"]


def test_what_befell_parts_numbers_and_a_correction_is_marked(sanad: Sanad) -> None:
    answer = sanad.ask("كم عدد المصابين في حريق مصنع النسيج بالمحلة؟")
    assert [(side.value, side.is_correction) for side in answer.sides] == [("19", False), ("26", True)]


def test_each_side_is_cited_verbatim_with_its_value_marked(sanad: Sanad) -> None:
    answer = sanad.ask("كم قتيلا سقط في حريق مصنع النسيج؟")
    for side in answer.sides:
        for cited in (answer.citations[number - 1] for number in side.citations):
            assert sanad.article_by_id(cited.article_id).text[cited.start : cited.end] == cited.quote
            assert cited.expression is not None
            assert side.text in cited.quote
            assert cited.quote[cited.expression.start : cited.expression.end] == cited.expression.text


def test_sums_are_said_in_english_with_their_units(tmp_path: Path) -> None:
    texts = {
        f"{day}.txt": f"---\nsource: {source}\ndate: 2024-03-{day}\n---\nكلفة جسر الرستن\n\n"
        f"قالت وزارة النقل إن كلفة إعادة بناء جسر الرستن على نهر العاصي بلغت {cost}."
        for day, source, cost in (("05", "المدار", "1.7 مليار دولار"), ("07", "النيل", "1.9 مليار دولار"))
    }
    answer = _over(tmp_path, texts).ask("how much did rebuilding the Rastan bridge cost?")
    cited = {one.number: one.expression for one in answer.citations}
    said = [cited[side.citations[0]] for side in answer.sides]
    assert [one and one.english for one in said] == ["1.7 billion dollars", "1.9 billion dollars"]


def test_an_english_question_finds_the_event_in_each_form_of_its_verb(tmp_path: Path) -> None:
    told = {
        "12": "ارتفع عدد قتلى غرق المركب قبالة ميناء زليتن إلى 14 قتيلا، بحسب مصدر طبي.",
        "14": "قال خفر السواحل إن 19 شخصا قتلوا في غرق المركب قبالة ميناء زليتن.",
        "15": "صحّح خفر السواحل حصيلة المركب الذي غرقت حمولته معه قبالة ميناء زليتن إلى 16 قتيلا لا 19.",
        "18": "افتتح الوزير مدرسة في مدينة سبها.",
    }
    texts = {f"{day}.txt": f"---\nsource: {day}\ndate: 2024-03-{day}\n---\n{text}\n" for day, text in told.items()}
    answer = _over(tmp_path, texts).ask("how many people died when the boat sank?")
    assert [side.value for side in answer.sides] == ["14", "19", "16"]


def test_another_fire_in_the_same_city_is_no_side(sanad: Sanad) -> None:
    assert "3" not in {side.value for side in sanad.ask("كم قتيلا سقط في حريق المحلة؟").sides}
    assert not sanad.ask("كم قتيلا سقط في حريق سوق الخضر؟").sides


@pytest.mark.parametrize(("where", "sides"), [("", ["7", "9"]), (" في بسيون", [])])
def test_a_figure_of_another_place_is_no_side(tmp_path: Path, where: str, sides: list[str]) -> None:
    near = CORRECTED.replace("إلى 11 قتيلا", f"إلى 9 قتلى{where}")
    asked = "كم قتيلا سقط في حريق مصنع النسيج بالمحلة؟"
    found = _over(tmp_path, {"wire.txt": WIRE, "near.txt": near, "market.txt": ANOTHER}).ask(asked).sides
    assert [side.value for side in found] == sides


def test_where_all_say_the_same_or_only_one_speaks_nothing_is_set_side_by_side(sanad: Sanad) -> None:
    assert not sanad.ask("من هو مدير الحماية المدنية في المحلة؟").sides
    assert not sanad.ask("أين بدأ حريق مصنع النسيج؟").sides
