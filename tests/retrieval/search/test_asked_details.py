"""Which detail a question asks for, in written Arabic, in dialects and in English."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import analysed

from retrieval.search.asked_details import Detail, asked_detail


@pytest.mark.parametrize(
    ("question", "detail"),
    [
        ("كم عمر السائق؟", "age"),
        ("سلوى عندها كام سنة", "age"),
        ("how old is the driver", "age"),
        ("كم كلف ترميم الجسر", "money"),
        ("what was the price of the ticket", "money"),
        ("what fine did the club get", "money"),
        ("كم نسبة المشاركة في الانتخابات", "share"),
        ("كم يوماً أغلق الجسر", "duration"),
        ("how long was the bridge closed", "duration"),
        ("كم جريح في الاحتجاجات", "count"),
        ("how many children were vaccinated", "count"),
        ("متى يفتح الجسر", "date"),
        ("وين صار الحادث", "place"),
        ("مين افتتح الجسر", "person"),
        ("شو اسم المهندس", "name"),
        ("what is the name of the lawyer", "name"),
        ("which company built the bridge", "which"),
        ("ليش تأجل المهرجان", "reason"),
        ("ماذا قال الوزير عن الرواتب", "speech"),
        ("what did the minister say about wages", "speech"),
        ("هل عاد القطار", "yes_no"),
        ("what did the committee decide", "other"),
        ("شحال من يوم بقا الطريق مسدود", "duration"),
        ("how many days was it closed", "duration"),
        ("قداش عمرو السائق", "age"),
        ("كم قتيلا سقط من يوم الأحد", "count"),
        ("كم عدد القتلى من شهر رمضان", "count"),
        ("كم هدفا سجل عمرو", "count"),
        ("how many old houses fell", "count"),
        ("how many people aged 18 voted", "count"),
        ("كم رجل دين قتل", "count"),
        ("how many workers were paid", "count"),
        ("how many fine arts students are there", "count"),
    ],
)
def test_the_detail_is_read_from_the_words_of_asking(question: str, detail: Detail) -> None:
    assert asked_detail(analysed(question)) == detail
