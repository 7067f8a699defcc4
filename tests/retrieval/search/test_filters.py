"""Which articles pass filters, and what is said of those that do not."""

from __future__ import annotations

import pytest

from retrieval.search.filters import ArticleFacts, merge_filters, narrow
from retrieval.types import Filters

MAY = ("2019-05-01", "2019-05-31")


def test_an_option_wins_over_a_word_of_its_kind() -> None:
    assert merge_filters(Filters(since="2020-01-01"), Filters(*MAY, "رويترز")) == Filters("2020-01-01", None, "رويترز")
    assert merge_filters(Filters(source="سبوتنيك"), Filters(*MAY, "رويترز")) == Filters(*MAY, "سبوتنيك")


HELD = [
    ArticleFacts("may", "2019-05-14", None, "رويترز"),
    ArticleFacts("june", "2019-06-20", None, "الشرق الأوسط"),
    ArticleFacts("month", None, "مايو 2019", None),
    ArticleFacts("hijri", "2019-05-19", "14 رمضان 1440 هـ", None),
    ArticleFacts("weekday", None, "الثلاثاء 14 مايو", "رويترز"),
    ArticleFacts("nothing", None, None, None),
]


@pytest.mark.parametrize(
    ("filters", "passing", "undated"),
    [
        (Filters(*MAY), {"may", "month", "hijri"}, 2),
        (Filters("2019-05-14", "2019-05-14"), {"may"}, 3),  # the month may be that day's, or not
        (Filters(since="2019-06-01"), {"june"}, 2),
        (Filters(source="Reuters"), {"may", "weekday"}, 0),
        (Filters(*MAY, "Reuters"), {"may"}, 1),
    ],
)
def test_articles_pass_by_what_they_state(filters: Filters, passing: set[str], undated: int) -> None:
    found, narrowing = narrow(filters, HELD)
    assert found == passing
    assert (narrowing.articles, narrowing.undated, narrowing.emptied_by) == (len(passing), undated, None)


@pytest.mark.parametrize(
    ("filters", "emptied_by"),
    [
        (Filters(source="الغارديان"), "source"),
        (Filters(since="2021-01-01"), "dates"),
        (Filters(since="2019-06-01", source="Reuters"), "both"),
        (Filters(since="2021-01-01", source="Reuters"), "dates"),
        (Filters(since="2021-01-01", source="الغارديان"), "source"),
    ],
)
def test_the_filter_that_leaves_nothing_is_named(filters: Filters, emptied_by: str) -> None:
    found, narrowing = narrow(filters, HELD)
    assert not found
    assert narrowing.emptied_by == emptied_by
