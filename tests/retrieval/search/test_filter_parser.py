"""What a question's words say of days and sources."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.search.filter_parser import parse_filters
from retrieval.types import Filters

SOURCES = ["رويترز العربية نت وكالات", "الشرق الأوسط", "سبوتنيك"]
MAY = ("2019-05-01", "2019-05-31")


@pytest.mark.parametrize(
    ("question", "since", "until", "bare"),
    [
        ("ماذا قال لافروف في مايو 2019؟", *MAY, "ماذا قال لافروف ؟"),
        ("ماذا قال لافروف في شهر أيار / مايو من العام ٢٠١٩؟", *MAY, "ماذا قال لافروف ؟"),
        ("ماذا قال لافروف خلال رمضان 1440 هـ؟", "2019-05-06", "2019-06-03", "ماذا قال لافروف ؟"),
        ("ماذا قال لافروف يوم 14 مايو 2019؟", "2019-05-14", "2019-05-14", "ماذا قال لافروف ؟"),
        ("ماذا قال لافروف في 2019 عن إدلب؟", "2019-01-01", "2019-12-31", "ماذا قال لافروف عن إدلب؟"),
        ("منذ مايو 2019 ماذا قال لافروف؟", "2019-05-01", None, "ماذا قال لافروف؟"),
        ("ماذا قال لافروف بعد مايو 2019؟", "2019-06-01", None, "ماذا قال لافروف ؟"),
        ("ماذا قال لافروف قبل 14 مايو 2019؟", None, "2019-05-13", "ماذا قال لافروف ؟"),
        ("ماذا قال لافروف حتى عام 2019؟", None, "2019-12-31", "ماذا قال لافروف ؟"),
        ("ماذا قال لافروف بين مايو ويونيو 2019؟", "2019-05-01", "2019-06-30", "ماذا قال لافروف ؟"),
        ("ماذا قال لافروف من مايو 2019 إلى يونيو 2020؟", "2019-05-01", "2020-06-30", "ماذا قال لافروف ؟"),
        ("ماذا قال لافروف بعد مايو 2019 وقبل 2021؟", "2019-06-01", "2020-12-31", None),
        ("ماذا قال لافروف بعد 9999-12-31؟", "9999-12-31", None, None),
        ("ماذا جاء في مقالات مايو 2019 عن إدلب؟", *MAY, None),
        ("What did Lavrov say in May 2019?", *MAY, "What did Lavrov say ?"),
        ("What did Lavrov say on May 14, 2019?", "2019-05-14", "2019-05-14", "What did Lavrov say ?"),
        ("What did Lavrov say since May 2019?", "2019-05-01", None, "What did Lavrov say ?"),
        ("What did Lavrov say before May 14, 2019?", None, "2019-05-13", "What did Lavrov say ?"),
        ("What did Lavrov say between May and June 2019?", "2019-05-01", "2019-06-30", "What did Lavrov say ?"),
        ("What do articles from May 2019 say of Idlib?", *MAY, None),
    ],
)
def test_days_in_a_question_are_a_filter(question: str, since: str, until: str, bare: str | None) -> None:
    parsed = parse_filters(question, list)
    assert parsed.filters == Filters(since, until)
    assert bare is None or parsed.bare == bare


@pytest.mark.parametrize(
    "question",
    [
        "ماذا قال لافروف؟",
        "ماذا قال لافروف في مايو؟",  # of which year?
        "ماذا قال لافروف في 5/6/2019؟",  # May or June?
        "متى صدر القرار 2254؟",
        "ما هو القرار ٢٢٥٤ في مجلس الأمن؟",
        "ما بنود الاتفاقية الموقعة في 17 سبتمبر 2018؟",  # the agreement is of that day
        "What does the agreement signed in September 2018 say?",
        "ماذا قال لافروف عن اتفاق 2018؟",
        "ماذا قال لافروف في 31 شباط 2019؟",
        "ماذا قال لافروف بعد 2020 وقبل 2019؟",
    ],
)
def test_what_names_no_days_of_publication_for_certain_is_no_filter(question: str) -> None:
    assert parse_filters(question, list).filters == Filters()
    assert parse_filters(question, list).bare == question


@pytest.mark.parametrize(
    ("question", "source", "bare"),
    [
        ("ماذا قال لافروف بحسب رويترز؟", "رويترز", "ماذا قال لافروف ؟"),
        ("ماذا قال لافروف نقلًا عن سبوتنيك؟", "سبوتنيك", "ماذا قال لافروف ؟"),
        ("وفقًا لرويترز، ماذا قال لافروف؟", "رويترز", "ماذا قال لافروف؟"),
        ("ماذا قال لافروف وفقا للشرق الأوسط؟", "الشرق الأوسط", "ماذا قال لافروف ؟"),
        ("ماذا قال لافروف حسب صحيفة الشرق الأوسط عن إدلب؟", "صحيفة الشرق الأوسط", "ماذا قال لافروف عن إدلب؟"),
        ("ماذا جاء في صحيفة الشرق الأوسط عن إدلب؟", "الشرق الأوسط", "ماذا جاء عن إدلب؟"),
        ("What did Lavrov say according to Asharq al-Awsat?", "Asharq al-Awsat", "What did Lavrov say ?"),
        ("According to Reuters, what did Lavrov say?", "Reuters", "what did Lavrov say?"),
        ("What did Reuters report about Lavrov?", "Reuters", "What did about Lavrov?"),
    ],
)
def test_a_source_that_articles_state_is_a_filter(question: str, source: str, bare: str) -> None:
    parsed = parse_filters(question, lambda: SOURCES)
    assert parsed.filters == Filters(source=source)
    assert parsed.bare == bare


@pytest.mark.parametrize(
    "question",
    [
        "ماذا قال لافروف بحسب الغارديان؟",
        "كم مدنيا قتلوا بحسب المرصد السوري؟",
        "How many were killed according to the Syrian Observatory?",
        "What did Lavrov say?",
        "ماذا قالت رويترز؟",
        "هل زار لافروف الشرق الأوسط؟",
    ],
)
def test_another_name_is_no_filter(question: str) -> None:
    assert parse_filters(question, lambda: SOURCES).filters == Filters()


def test_days_and_a_source_stand_side_by_side() -> None:
    parsed = parse_filters("ماذا قال لافروف في مايو 2019 بحسب رويترز؟", lambda: SOURCES)
    assert parsed.filters == Filters(*MAY, "رويترز")
    assert parsed.left(dates=True, source=False) == "ماذا قال لافروف بحسب رويترز؟"
    assert parsed.left(dates=False, source=True) == "ماذا قال لافروف في مايو 2019 ؟"
    assert parsed.left(dates=True, source=True) == "ماذا قال لافروف ؟"


_WORDS = (
    "في منذ بعد قبل بين و من إلى بحسب نقلًا عن رويترز مايو 2019 14 according to in since May Reuters ، ؟ لافروف".split()
)


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(_WORDS), max_size=10).map(" ".join)))
def test_no_question_makes_it_fail(question: str) -> None:
    filters, whole, *_ = parse_filters(question, lambda: SOURCES)
    assert whole == question
    assert not (filters.since and filters.until) or filters.since <= filters.until
