"""Where a sentence states an age, a sum, a number of something, a reason; and what only looks like it."""

from __future__ import annotations

import pytest

from retrieval.nlp.analysis import words
from retrieval.search.asked_details import Detail
from retrieval.search.stated_details import StatedIn, is_left_open, stated_places


def stated(detail: Detail, text: str, counted: str = "") -> list[str]:
    found = words(text)
    places = [at for at, word in enumerate(found) if counted and word.startswith(counted)]
    sentence = StatedIn(text, found, range(len(found)), places)
    return [found[at] for at in stated_places(detail, sentence)]


@pytest.mark.parametrize(
    ("detail", "text", "expected"),
    [
        ("age", "ويشد صياد، 56 عاماً، مشحوفه", ["56"]),
        ("age", "سائق يبلغ من العمر 43", ["العمر"]),
        ("age", "السائق مراد (53) أقر بذلك", ["53"]),
        ("age", "قاد القطار طوال 31 سنة", []),
        ("age", "قبل نحو 20 عاماً", []),
        ("age", "حكمت عليه المحكمة بالسجن 15 سنة", []),
        ("age", "سجن 15 سنة", []),
        ("means", "وصل بسيارة أجرة", ["بسياره"]),
        ("means", "زار بيروت ثم بغداد", []),
        ("money", "بكلفة 45 مليون دينار", ["45", "مليون"]),
        ("money", "والدخول مجاني", ["مجاني"]),
        ("money", "نقل 45 طناً", []),
        ("share", "بلغت 65.9 في المئة", ["65.9"]),
        ("share", "بلغت 18%", ["18"]),
        ("duration", "انتظر أسبوعين", ["اسبوعين"]),
        ("duration", "بعد 40 ساعة", ["40"]),
        ("duration", "حضر 40 طالباً", []),
        ("reason", "تأجل المهرجان بسبب المطر", ["بسبب"]),
        ("reason", "تأجل المهرجان إلى أجل غير مسمى", ["اجل"]),
        ("speech", "وأوضح الوزير أن القرار صدر", ["واوضح"]),
        ("yes_no", "وأوضح الوزير أن القرار صدر", []),
    ],
)
def test_a_detail_is_stated_by_words_of_its_kind(detail: Detail, text: str, expected: list[str]) -> None:
    assert stated(detail, text) == expected


@pytest.mark.parametrize(
    ("text", "counted", "is_stated"),
    [
        ("قتل 14 راكباً وأصيب آخرون", "راكب", True),
        ("أعطاه جرعتين من اللقاح", "جرعت", True),
        ("بلغ عدد المنازل المنهارة 840 منزلاً", "المنازل", True),
        ("تضم المدرسة عشرات التلاميذ", "التلاميذ", True),
        ("نجا الطفل من الحادث ومعه خمس نساء و14 رجلاً", "الطفل", False),
        ("يتصدر الدوري لاعب عمره 20 عاماً", "لاعب", False),
    ],
)
def test_the_very_noun_is_counted(text: str, counted: str, is_stated: bool) -> None:
    assert bool(stated("count", text, counted)) == is_stated


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("طلب عدم ذكر اسمه", True),
        ("ولم تحدد الوزارة موعداً", True),
        ("من دون الكشف عن قيمة العقد", True),
        ("حددت الوزارة موعداً", False),
        ("كشفت الشركة قيمة العقد", False),
    ],
)
def test_what_is_left_open_is_told(text: str, is_open: bool) -> None:
    assert is_left_open(words(text)) == is_open
