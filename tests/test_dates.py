"""Full dates, and what is none."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.dates import EARLIEST_YEAR, date_of


@pytest.mark.parametrize(
    "text",
    [
        "2019-05-14",
        "2019/5/14 10:30",
        "2019-05-14T10:30:00.000+03:00",
        "2019-05-14 10:30 PM GMT",
        "14/5/2019",
        "14.05.2019",
        "05/14/2019",
        "١٤/٠٥/٢٠١٩",
        "14 مايو 2019",
        "۱۴ أيار ۲۰۱۹م",
        "الثلاثاء، 14 أيار/مايو 2019 - الساعة 10:30 صباحاً",
        "الثلاثاء14أيار / مايو 2019",
        "14 من شهر مايو (أيار) من العام 2019",
        "Tuesday, May 14th, 2019",
        "Tue 14 May 2019",
        "14 MAY 2019",
    ],
)
def test_a_full_date_is_read_in_any_form(text: str) -> None:
    assert date_of(text) == "2019-05-14"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "الثلاثاء14أيار / مايو",
        "مايو 2019",
        "2019",
        "5/6/2019",
        "14 أيار / يونيو 2019",
        "30 فبراير 2019",
        "2019-13-45",
        "99/99/2019",
        "0000-00-00",
        "14/9/1440",
        "14 رمضان 1440",
        "في 14 مايو 2019",
        "14 مايو 2019 في سوتشي",
        "٢٢٥٤",
    ],
)
def test_what_states_no_full_date_is_none(text: str) -> None:
    assert date_of(text) is None


@given(st.dates(min_value=date(EARLIEST_YEAR, 1, 1)))
def test_every_iso_date_is_itself(day: date) -> None:
    assert date_of(str(day)) == str(day)
