"""The moments that quotes name, and how English says them."""

from __future__ import annotations

import pytest

from retrieval.expressions.moments import moments_in


@pytest.mark.parametrize(
    ("text", "words", "english"),
    [
        ("وقع يوم الثلاثاء 3 مارس 2021 قرب المدينة", "يوم الثلاثاء 3 مارس 2021", "Tuesday 3 March 2021"),
        ("شُيّد عام 1979 قرب النهر", "عام 1979", "1979"),
        ("موقوف منذ آب/أغسطس 2022", "آب/أغسطس 2022", "August 2022"),
        ("توفي في الثالث من كانون الأول متأثرا", "الثالث من كانون الأول", "3 December"),
        ("تصرف في نهاية نيسان", "نهاية نيسان", "the end of April"),
        ("حتى صباح الخميس 7 آذار", "صباح الخميس 7 آذار", "Thursday 7 March"),
        ("وقع مساء أمس قرب الجسر", "مساء أمس", None),
        ("تبدأ الأسبوع المقبل", "الأسبوع المقبل", None),
        ("انهار الساعة السابعة والثلث صباحا", "الساعة السابعة والثلث صباحا", None),
        ("تأسست سنة 148 هـ على يده", "سنة 148 هـ", None),
        ("مفتوح من شباط/فبراير حتى حزيران/يونيو", "شباط/فبراير حتى حزيران/يونيو", None),
        ("في القرن التاسع عشر الميلادي", "القرن التاسع عشر الميلادي", None),
    ],
)
def test_a_moment_is_told_whole_and_in_english_where_that_is_certain(
    text: str, words: str, english: str | None
) -> None:
    (moment,) = moments_in(text)
    assert (text[moment.start : moment.end], moment.english) == (words, english)


@pytest.mark.parametrize(
    "text",
    [
        "عمّان، 14 آذار/مارس 2024 (الرافد) - أعلنت اللجنة",  # a dateline
        "ألبرت أينشتاين (14 مارس 1879) عالم",  # in brackets
        "رجب طيب أردوغان رئيس",  # a name
        "ويعد اليوم أكبر سوق",  # nowadays
    ],
)
def test_what_names_no_moment_of_what_is_told_answers_nothing(text: str) -> None:
    assert not any(moment.is_telling for moment in moments_in(text))
