"""The attempts at a question, in their order: what is asked of which articles, and what they must say."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from support.builders.vocabulary import analysed

from retrieval.search.filters import ArticleFacts, is_dated, narrow
from retrieval.search.query import Query
from retrieval.search.query_plan import QueryPlan, plan_query
from retrieval.types import Filters, Narrowing, Turn

HELD = [
    ArticleFacts("may", "2019-05-14", None, "رويترز"),
    ArticleFacts("next", "2019-05-15", None, "سبوتنيك"),
    ArticleFacts("undated", None, None, None),
]


class Held:
    """A collection of articles of which the days and the sources are known."""

    def __init__(self, held: Sequence[ArticleFacts] = HELD) -> None:
        self.held = held
        self.analysed: list[str] = []

    @property
    def sources(self) -> list[str]:
        return [one.source for one in self.held if one.source]

    @property
    def is_dated(self) -> bool:
        return any(map(is_dated, self.held))

    def analyse(self, text: str) -> Query:
        self.analysed.append(text)
        return analysed(text)

    def narrow(self, filters: Filters) -> tuple[frozenset[str], Narrowing]:
        return narrow(filters, self.held)


def planned(text: str, options: Filters | None = None, history: Sequence[Turn] = ()) -> QueryPlan:
    return plan_query(text, history, options or Filters(), Held())


def attempts(plan: QueryPlan) -> list[tuple[str, set[str] | None, bool]]:
    return [
        (scope.query.text, None if scope.within is None else set(scope.within), bool(scope.required_words))
        for scope in plan.scopes
    ]


def test_a_question_without_filters_is_one_attempt_at_all_articles() -> None:
    assert attempts(planned("ماذا قال لافروف؟")) == [("ماذا قال لافروف؟", None, False)]


def test_articles_that_state_the_month_go_first_and_those_that_say_it_after_them() -> None:
    plan = planned("ماذا قال لافروف في مايو 2019؟")
    assert attempts(plan) == [
        ("ماذا قال لافروف ؟", {"may", "next"}, False),
        ("ماذا قال لافروف في مايو 2019؟", None, True),
    ]
    assert plan.refusal == 0


def test_of_a_single_day_those_that_say_it_go_first_and_the_next_mornings_last() -> None:
    plan = planned("ماذا قال لافروف في 14 مايو 2019؟")
    assert attempts(plan) == [
        ("ماذا قال لافروف في 14 مايو 2019؟", None, True),
        ("ماذا قال لافروف ؟", {"may"}, False),
        ("ماذا قال لافروف ؟", {"may", "next"}, False),
    ]
    assert plan.refusal == 1


def test_options_bound_every_attempt_and_win_over_words_of_their_kind() -> None:
    plan = planned("ماذا قال لافروف في مايو 2019 بحسب رويترز؟", Filters(source="سبوتنيك"))
    assert attempts(plan) == [
        ("ماذا قال لافروف ؟", {"next"}, False),
        ("ماذا قال لافروف في مايو 2019 ؟", {"next"}, True),
    ]


def test_options_that_leave_no_article_are_one_attempt_without_a_model() -> None:
    (only,) = planned("ماذا قال لافروف في مايو 2019؟", Filters(source="الغارديان")).scopes
    assert (only.within, only.may_ask_model) == (frozenset(), False)
    assert only.refused_filters
    assert only.refused_filters.emptied_by == "source"


def test_words_that_leave_no_article_are_named_by_a_refusal_alone() -> None:
    (every,) = planned("ماذا قال لافروف في مارس 2017؟").scopes
    assert every.within is every.filters is None
    assert every.refused_filters
    assert every.refused_filters.emptied_by == "dates"


@pytest.mark.parametrize(
    ("question", "asking"),
    [
        ("ماذا قال لافروف؟", [True]),
        ("ماذا قال لافروف في مايو 2019؟", [True, False]),
        ("ماذا قال لافروف في 14 مايو 2019؟", [False, True, False]),
    ],
)
def test_a_model_is_asked_in_one_attempt_at_most(question: str, asking: list[bool]) -> None:
    assert [scope.may_ask_model for scope in planned(question).scopes] == asking


def test_a_date_counts_only_where_articles_are_dated() -> None:
    plan = plan_query("ماذا قال لافروف في مايو 2019؟", (), Filters(), Held([HELD[2]]))
    assert attempts(plan) == [("ماذا قال لافروف في مايو 2019؟", None, False)]


def test_a_follow_up_is_said_in_full_by_the_turn_before_it() -> None:
    (only,) = planned("متى كان ذلك؟", history=[Turn("أين التقى لافروف وبومبيو؟", "")]).scopes
    assert only.query.needs_context == "yes"
    assert only.query.expansions[0].text == "متى كان ذلك؟ التقى لافروف وبومبيو"
    assert {way.asks for way in only.query.expansions} == {"when"}


def test_each_text_is_analysed_once() -> None:
    held = Held()
    plan_query("وماذا قال في 14 مايو 2019؟", [Turn("ماذا قال لافروف؟", "")], Filters(), held)
    assert len(held.analysed) == len(set(held.analysed))
