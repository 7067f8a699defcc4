"""Which questions are about the archive, and which are not: tried on whole lists of both."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from retrieval.archive.intents import LONGEST_ASKED, archive_question
from retrieval.search.small_talk import small_talk
from retrieval.types import Filters

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "answering" / "golden.toml"
ASKED = tomllib.loads((HERE / "intents.toml").read_text(encoding="utf-8"))
QUESTIONS = [
    (half, intent, question)
    for half, intents in ASKED.items()
    for intent, by_language in intents.items()
    for questions in by_language.values()
    for question in questions
]
LEAST_RIGHT = 0.95


def about_events() -> list[str]:
    newsroom = (HERE / "questions_about_events.txt").read_text(encoding="utf-8").splitlines()[1:]
    golden = tomllib.loads(GOLDEN.read_text(encoding="utf-8"))
    return [*newsroom, *(entry["question"] for entry in golden.values())]


def taken_for(question: str) -> str | None:
    asked = archive_question(question)
    return asked.intent if asked else small_talk(question)


def test_the_list_has_ten_intents_with_four_wordings_a_language_and_each_once() -> None:
    for intents in ASKED.values():
        assert len(intents) == 10
        assert {len(questions) for by_language in intents.values() for questions in by_language.values()} == {4}
    assert len({question for _, _, question in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("half", ASKED)
def test_wordings_are_taken_for_what_they_ask(half: str) -> None:
    own = [(intent, question) for each, intent, question in QUESTIONS if each == half]
    wrong = [(question, intent, taken_for(question)) for intent, question in own if taken_for(question) != intent]
    assert len(wrong) <= (1 - LEAST_RIGHT) * len(own), wrong


@pytest.mark.parametrize("question", about_events())
def test_no_question_about_events_is_taken_for_one_about_the_archive(question: str) -> None:
    assert archive_question(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "كم قتيلا في إدلب؟",
        "ما التطورات التي سبقت الانفجار؟",
        "ما اسم الحزب الجديد الذي أسسه الوزير؟",
        "ما قضية المحكمة التي ألغت القانون؟",
        "How many times has the bridge collapsed?",
        "How often do floods hit the village?",
        "Which timeline was agreed in the contract?",
        "What is the name of the latest film?",
        "كم مقالا كتب خاشقجي عن اليمن؟",
        "كم خبرا كاذبا نشر الحساب؟",
        "ما آخر تصريح للوزير؟",
        "من ذكر اسم الوزير في المحكمة؟",
        "ماذا ورد في بيان الرئاسة؟",
        "ما مصادر الطاقة في الأردن؟",
        "ما هي الفترة التي حددتها المحكمة للطعن؟",
        "متى نشرت الوزارة أرقام الضحايا؟",
        "هل اتفقت الدول على وقف النار؟",
        "قارن القاضي بين الشاهدين؟",
        "How many articles did the parliament adopt?",
        "How many articles does the treaty have?",
        "Which articles of the constitution mention religion?",
        "How many reports of torture did the committee receive?",
        "Which sources of water were closed?",
        "Who covered the cost of the bridge?",
        "What is the latest date for registration?",
        "When was the last attack on the hospital?",
        "Do the two countries agree on the border?",
        "What did the minister say about the sources of the money?",
        "Which newspapers were closed by the government?",
        "How long a period did the ceasefire cover?",
        "What article was published in 1937?",
        "What period does the contract cover?",
        "What was said in court about the driver?",
        "Where was Shoigu?",
        *("Who is it?", "who are you", "how old are you?", "where are you from?", "When did it start?", "who wrote it"),
        *("when was it written?", "Where is it?", "How many are there?", "من أين أنت؟", "كم عمرك؟", "متى كان ذلك؟"),
        *("what was written on the sign at the bridge", "what is the background of the judge?"),
        *(
            "متى آخر مرة رمم فيها الجسر؟",
            "شو قالت الوزارة عن التقارير؟",
            "من الذي كتب عن الجسر؟",
            "ما مصادر المياه في كوستي؟",
        ),
        *(
            "which newspaper published the apology",
            "how old is the bridge?",
            "what does the report say about the driver",
        ),
        *("كم تقريرا أصدرت لجنة التحقيق؟", "ما المواد التي تضمنها الاتفاق؟", "هل ذكر الوزير اسم الشركة؟"),
        *(
            "do the two sides agree on the terms?",
            "compare the price of bread in Tripoli and Benghazi",
            "ما آخر حصيلة للقتلى؟",
        ),
        "compare",
        "latest",
        "",
        "؟",
    ],
)
def test_questions_that_share_words_with_those_about_the_archive_are_none(question: str) -> None:
    assert archive_question(question) is None


@pytest.mark.parametrize(
    ("question", "subject", "filters"),
    [
        ("كم مقالا عن إدلب في مايو 2019؟", "إدلب", Filters("2019-05-01", "2019-05-31")),
        ("How many articles mention Idlib since May 2019?", "Idlib", Filters("2019-05-01")),
        ("أي المقالات تذكر لافروف بحسب رويترز؟", "لافروف", Filters(source="رويترز")),
        ("Which articles from Reuters mention Lavrov?", "Lavrov", Filters(source="Reuters")),
        ("Which articles of May 2019 mention Lavrov?", "Lavrov", Filters("2019-05-01", "2019-05-31")),
        ("كم مقالا من رويترز؟", "", Filters(source="رويترز")),
        ("latest news from Reuters", "", Filters(source="Reuters")),
        ("ماذا قالت رويترز عن إدلب؟", "إدلب", Filters(source="رويترز")),
        ("What does Reuters say about Idlib?", "Idlib", Filters(source="Reuters")),
        ("please, which articles mention Shoigu, thanks", "Shoigu", Filters()),
        ("لو سمحت كم مقالا عن إدلب عندك؟", "إدلب", Filters()),
    ],
)
def test_the_subject_is_what_is_asked_about_without_days_and_sources(
    question: str, subject: str, filters: Filters
) -> None:
    asked = archive_question(question, lambda: ["رويترز"])
    assert asked
    assert (asked.subject, asked.filters) == (subject, filters)


def test_who_is_no_source_of_the_archive_is_none_of_a_question() -> None:
    assert archive_question("What did Lavrov say about Idlib?", lambda: ["رويترز"]) is None
    assert archive_question("ماذا قال لافروف عن إدلب؟", lambda: ["رويترز"]) is None


def test_a_text_that_is_told_asks_nothing_of_the_archive() -> None:
    assert archive_question("Which articles mention Idlib? " + "x" * LONGEST_ASKED) is None


@pytest.mark.parametrize(
    ("question", "intent", "filters"),
    [
        ("أي المقالات عندك من الرافد؟", "list", Filters(source="الرافد")),
        ("كل مقالات شهر ديسمبر 2023", "list", Filters("2023-12-01", "2023-12-31")),
        ("Which articles are from الرافد?", "list", Filters(source="الرافد")),
        ("List the articles published in November 2023", "list", Filters("2023-11-01", "2023-11-30")),
        ("كم مقالا نشر الرافد؟", "count", Filters(source="الرافد")),
        ("How many articles did الرافد publish?", "count", Filters(source="الرافد")),
    ],
)
def test_articles_may_be_asked_for_by_a_day_or_an_outlet_alone(question: str, intent: str, filters: Filters) -> None:
    assert archive_question(question, lambda: ["الرافد"]) == (intent, "", filters)
