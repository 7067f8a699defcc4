from __future__ import annotations

import pytest

from retrieval.search.question_splitting import LONGEST_SPLIT, split_questions


@pytest.mark.parametrize(
    "questions",
    [
        "متى وقع الانهيار|وكم عدد الضحايا؟|ومن المسؤول؟",
        "من التقى الأسد|ومتى؟",
        "وين صار الانفجار|وكم واحد مات",
        "مين رئيس البلدية|وشو قال عن الجسر",
        "ما سبب الحريق|وما عدد الضحايا؟",
        "من أبرز المشاركين|وما هي مواقفهم؟",
        "انهار الجسر؟|مات حدا؟",
        "Who is Lavrov?|When did he die?",
        "How many people died|and how many were injured?",
        "what happened|and why",
        'Who wrote "Who\'s Afraid of Virginia Woolf?"|and when?',
        "متى؟|وأين؟|ومن؟",
    ],
)
def test_each_question_of_a_message_is_a_part(questions: str) -> None:
    assert split_questions(questions.replace("|", " ")) == questions.split("|")


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("من هو لافروف\nمتى مات", ["من هو لافروف", "متى مات"]),
        ("1. Who died?\n2) When?\n- Where?", ["Who died?", "When?", "Where?"]),
    ],
)
def test_a_question_a_line(text: str, questions: list[str]) -> None:
    assert split_questions(text) == questions


@pytest.mark.parametrize(
    "text",
    [
        "من أين وإلى أين ذهب الوفد؟",
        "متى وأين التقى لافروف وبومبيو؟",
        "كيف ولماذا انهار الجسر؟",
        "ما أسباب الحرب ومن ثم نتائجها؟",
        "ما قاله الوزير وما فعله؟",
        "من قال «من أنا؟» في الفيلم؟",
        "في نهاية العام كم كان عدد السكان؟ (تقريبًا)؟",
        "When and where did they meet?",
        "What is the difference between who and whom?",
        "Between what and what latitude is it?",
        "What happened before and when the war ended?",
        'Who said "What is truth?" in the film?',
        "The bridge fell. Who built it?",
        "Who built it? I need it for a report.",
        "ومتى كان ذلك؟ التقى لافروف وبومبيو",
        "why???",
        "؟",
        "",
        "Who is it? " * LONGEST_SPLIT,
    ],
)
def test_one_question_stays_one(text: str) -> None:
    assert split_questions(text) == [text]
