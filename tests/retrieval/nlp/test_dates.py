"""Dates as they are written, full and not, in both calendars; and what is none."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.nlp.dates import EARLIEST_YEAR, MONTH_OF, Period, date_of, period_of, stated_date

ROOT = Path(__file__).parents[3]
FULL = [
    # digits
    ("2019-05-14", "2019-05-14"),
    ("2019/5/14", "2019-05-14"),
    ("2019/5/14 10:30", "2019-05-14"),
    ("2019-05-14T10:30:00.000+03:00", "2019-05-14"),
    ("2019-05-14 10:30 PM GMT", "2019-05-14"),
    ("14-05-2019", "2019-05-14"),
    ("14/5/2019", "2019-05-14"),
    ("14.05.2019", "2019-05-14"),
    ("05/14/2019", "2019-05-14"),
    ("١٤/٠٥/٢٠١٩", "2019-05-14"),
    ("۱۴-۰۵-۲۰۱۹", "2019-05-14"),
    ("14/5/2019م", "2019-05-14"),
    ("7/7/2019", "2019-07-07"),  # one reading, whichever way round
    ("05/06/2019 (DD/MM/YYYY)", "2019-06-05"),
    ("05/06/2019 mm/dd/yyyy", "2019-05-06"),
    ("05/06/2019 يوم/شهر/سنة", "2019-06-05"),
    ("الأربعاء 05/06/2019", "2019-06-05"),  # 6 May was a Monday
    ("10:30 - 14 مايو 2019", "2019-05-14"),
    ("العدد 14778 - الثلاثاء 14 مايو 2019", "2019-05-14"),
    # the Levant
    ("14 كانون الثاني 2019", "2019-01-14"),
    ("14 شباط 2019", "2019-02-14"),
    ("14 آذار 2019", "2019-03-14"),
    ("14 نيسان 2019", "2019-04-14"),
    ("14 أيار 2019", "2019-05-14"),
    ("14 حزيران 2019", "2019-06-14"),
    ("14 تموز 2019", "2019-07-14"),
    ("14 آب 2019", "2019-08-14"),
    ("14 أيلول 2019", "2019-09-14"),
    ("14 تشرين الأول 2019", "2019-10-14"),
    ("14 تشرين الثاني 2019", "2019-11-14"),
    ("14 كانون الأول 2019", "2019-12-14"),
    ("12 كانون 2 2020", "2020-01-12"),
    ("7 تشرین 1 2020", "2020-10-07"),  # a Persian ya
    ("7 تشرین الأول 2020", "2020-10-07"),
    ("12 كانون ثاني 2020", "2020-01-12"),
    ("3 ك1 2020", "2020-12-03"),
    ("20-حزيران-2021", "2021-06-20"),
    ("20/حزيران/2021", "2021-06-20"),
    ("الأحد، 20 حزيران 2021", "2021-06-20"),
    ("حزيران 20، 2021", "2021-06-20"),
    ("1 مايس 2021", "2021-05-01"),
    ("14-11-2023 / 08:05 بتوقيت بغداد", "2023-11-14"),
    ("الأربعاء 13 ديسمبر/كانون الأول 2023 (التوقيت المحلي لتركيا)", "2023-12-13"),
    ("الأحد 3 آذار 2024 | 04:12 م", "2024-03-03"),
    # Persian and Kurdish months
    ("۱۴ مه ۲۰۱۹", "2019-05-14"),
    ("3ی ئایار 2021", "2021-05-03"),
    ("10 کانوونی دووەم 2021", "2021-01-10"),
    # Egypt and the Gulf
    ("1 يناير 2019", "2019-01-01"),
    ("14 فبراير، 2019", "2019-02-14"),
    ("14 يونيه 2019", "2019-06-14"),
    ("14 يوليو لسنة 2019", "2019-07-14"),
    ("14 من شهر مايو (أيار) من العام 2019", "2019-05-14"),
    ("الثلاثاء 14 أيار / مايو 2019", "2019-05-14"),
    ("الثلاثاء14أيار / مايو 2019", "2019-05-14"),
    ("17 سبتمبر أيلول 2018", "2018-09-17"),
    ("14 كانون الثاني/يناير 2019", "2019-01-14"),
    ("الثلاثاء، 14 أيار/مايو 2019 - الساعة 10:30 صباحاً", "2019-05-14"),
    ("۱۴ أيار ۲۰۱۹م", "2019-05-14"),
    # the Maghreb
    ("14 جانفي 2019", "2019-01-14"),
    ("14 فيفري 2019", "2019-02-14"),
    ("14 أفريل 2019", "2019-04-14"),
    ("14 ماي 2019", "2019-05-14"),
    ("14 جوان 2019", "2019-06-14"),
    ("14 جويلية 2019", "2019-07-14"),
    ("14 أوت 2019", "2019-08-14"),
    ("١٤ غشت ٢٠١٩", "2019-08-14"),
    ("14 يوليوز 2019", "2019-07-14"),
    ("14 شتنبر 2019", "2019-09-14"),
    ("14 نونبر 2019", "2019-11-14"),
    ("14 دجنبر 2019", "2019-12-14"),
    ("15 جوان/حزيران 2020", "2020-06-15"),
    # beside a day of the week
    ("أحد, 20 يونيو 2021 22:30:00 +0000", "2021-06-20"),
    ("يوم الأحد الموافق 20/6/2021م", "2021-06-20"),
    ("الأحد الموافق 20 حزيران 2021", "2021-06-20"),
    # English
    ("20-Jun-2021", "2021-06-20"),
    ("Sun, 20 Jun 2021 22:30:00 GMT", "2021-06-20"),
    ("Tuesday, May 14th, 2019", "2019-05-14"),
    ("Tue 14 May 2019", "2019-05-14"),
    ("14 MAY 2019", "2019-05-14"),
    ("14th of May, 2019", "2019-05-14"),
    ("Sept. 1, 2019", "2019-09-01"),
    # Hijri
    ("١٤ رمضان 1440 هـ", "2019-05-19"),
    ("14 رمضان 1440", "2019-05-19"),
    ("1 محرم 1441هـ", "2019-08-31"),
    ("١ ذو الحجة ١٤٤٠ هـ", "2019-08-02"),
    ("20 جمادى الآخرة 1440 هجرية", "2019-02-25"),
    ("3 ربيع الثاني 1440", "2018-12-10"),
    ("14/9/1440 هـ", "2019-05-19"),
    ("1440/9/14هـ", "2019-05-19"),
    ("3 جماد الثاني 1443", "2022-01-06"),
    ("3 جمادى الآخر 1443هـ", "2022-01-06"),
    ("14 Ramadan 1440 AH", "2019-05-19"),
    ("الأربعاء 9 رمضان 1440", "2019-05-15"),  # sighted a day later than Umm al-Qura has it
    # both calendars
    ("الأربعاء - 10 شهر رمضان 1440 هـ - 15 مايو 2019 مـ رقم العدد [14778]", "2019-05-15"),
    ("9 رمضان 1440 هـ الموافق 14 مايو 2019", "2019-05-14"),
    ("14 مايو 2019 (9 رمضان 1440 هـ)", "2019-05-14"),
    ("15 مايو 2019 / 9 رمضان 1440", "2019-05-15"),  # a day apart, by sighting
]
OPEN = [  # something is left open
    "12 كانون 2",
    "الثلاثاء14أيار / مايو",
    "14 مايو",
    "May 14",
    "14th of May",
    "29 شباط",
    "9 رمضان",
    "الثلاثاء",
    "اليوم الثلاثاء",
    "Tuesday",
    "5/6/2019",
    "05-06-2019",
    "5/6/1440 هـ",
]
NONE = [
    "",
    "14 أيار / يونيو 2019",
    "14 أيار / يونيو",
    "30 فبراير 2019",
    "31 شباط",
    "31 شباط 2019",
    "29 فبراير 2019",
    "30 رمضان 1440",  # it had 29 days
    "31 رمضان",
    "14 رمضان 1240",  # before the calendar's tables
    "2019-13-45",
    "99/99/2019",
    "0000-00-00",
    "14/9/1440",  # no calendar is named
    "14 مايو 1440",
    "الاثنين 14 مايو 2019",  # it was a Tuesday
    "10 رمضان 1440 هـ - 25 مايو 2019",
    "في 14 مايو 2019",
    "14 مايو 2019 في سوتشي",
    "2019",
    "٢٢٥٤",
    "2254.5",
    "٢٠١٩/٥/١٤م",  # «م» follows a year
    "مايو",
    "كانون 2",
    "أحد",  # one, or nobody
    "الموافق",
    "منذ 3 ساعات",
    "قبل يومين",
    "أمس",
    "22 - 28 نيسان 2024",  # a week
    "14",
]


@pytest.mark.parametrize(("text", "day"), FULL)
def test_a_full_date_is_read_in_any_form(text: str, day: str) -> None:
    assert date_of(text) == day


@pytest.mark.parametrize("text", OPEN)
def test_what_leaves_something_open_is_a_date_that_is_not_completed(text: str) -> None:
    stated = stated_date(text)
    assert stated
    assert stated.period is None
    assert date_of(text) is None


@pytest.mark.parametrize("text", NONE)
def test_what_states_no_date_or_an_impossible_one_is_none(text: str) -> None:
    assert stated_date(text) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", "2019-01-01", "2019-12-31"),
        ("عام ٢٠١٩", "2019-01-01", "2019-12-31"),
        ("2019-05", "2019-05-01", "2019-05-31"),
        ("5/2019", "2019-05-01", "2019-05-31"),
        ("مايو 2019", "2019-05-01", "2019-05-31"),
        ("شهر أيار/مايو من العام 2019", "2019-05-01", "2019-05-31"),
        ("Feb 2020", "2020-02-01", "2020-02-29"),
        ("رمضان 1440 هـ", "2019-05-06", "2019-06-03"),
        ("ذو الحجة 1440", "2019-08-02", "2019-08-30"),
        ("14 مايو 2019", "2019-05-14", "2019-05-14"),
    ],
)
def test_a_day_a_month_and_a_year_are_periods(text: str, first: str, last: str) -> None:
    assert period_of(text) == Period(first, last)


@pytest.mark.parametrize(
    "text", ["", "مايو", "14 مايو", "5/6/2019", "2254", "1440", "2019-13", "أيار/يونيو 2019", "now"]
)
def test_what_names_no_days_for_certain_is_no_period(text: str) -> None:
    assert period_of(text) is None


@given(st.dates(min_value=date(EARLIEST_YEAR, 1, 1)))
def test_every_iso_date_is_itself(day: date) -> None:
    assert date_of(str(day)) == str(day)


@given(st.dates(min_value=date(EARLIEST_YEAR, 1, 1)), st.sampled_from(sorted(MONTH_OF)), st.booleans())
def test_a_date_in_any_name_of_its_month_comes_back(day: date, name: str, indic: bool) -> None:
    written = f"{day.day} {name} {day.year}"
    if indic:
        written = written.translate({ord("0") + digit: 0x660 + digit for digit in range(10)})
    try:
        wanted = day.replace(month=MONTH_OF[name]).isoformat()
    except ValueError:
        wanted = None
    assert date_of(written) == wanted


_PIECES = st.lists(
    st.one_of(
        st.sampled_from(sorted(MONTH_OF)),
        st.sampled_from(
            ["رمضان", "هـ", "الثلاثاء", "/", "-", "،", " ", "الموافق", "(", ")", "العدد", "١٤", "2019", "1440"]
        ),
        st.integers(0, 99_999).map(str),
    ),
    max_size=8,
)


@given(st.one_of(st.text(max_size=200), _PIECES.map(" ".join), _PIECES.map("".join)))
def test_no_text_makes_it_fail(text: str) -> None:
    stated, day, period = stated_date(text), date_of(text), period_of(text)
    assert day is None or date.fromisoformat(day)
    assert period is None or date.fromisoformat(period.first) <= date.fromisoformat(period.last)
    assert stated is None or stated.day == day


@pytest.mark.parametrize(
    "text",
    [
        " | ".join(map(str, range(1, 35))),
        "1," * 80,
        "2019 | " * 22,
        "2019،" * 32,
        "1 مايو | " * 17,
        "14 مايو 2019 - " * 10,
        "العدد " * 26,
        "10:30 - " * 20,
    ],
)
def test_list_of_numbers_is_no_date_and_soon_known_to_be_none(text: str) -> None:
    code = "import sys; from retrieval.nlp.dates import period_of\n"
    code += "from retrieval.extraction.metadata import statement_of\n"
    code += "print(period_of(sys.argv[1]), statement_of(sys.argv[1][:120]))"
    ran = subprocess.run([sys.executable, "-c", code, text], capture_output=True, check=True, timeout=60, cwd=ROOT)
    assert ran.stdout.split() == [b"None", b"None"]
