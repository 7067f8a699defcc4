"""Who says it."""

from __future__ import annotations

import pytest
from support.builders.claims import read_scene

from retrieval.grounding.speakers import misattributed

TALKS = (
    "قال وزير الخارجية المصري سامح شكري إن بلاده ترفض تهجير السكان. وأضاف أن المعبر سيبقى مفتوحا أمام الجرحى. "
    "من جهته، شدد وزير الخارجية الأردني أيمن الصفدي على ضرورة وقف إطلاق النار فورا."
)
TOLL = "أعلنت وزارة الصحة مقتل 15 شخصا في الانفجار، بينما تحدث الدفاع المدني عن 40 جريحا نقلوا إلى المستشفيات."
REPORT = "تجاوز عدد النازحين مئة ألف منذ بداية الشهر، بحسب الأمم المتحدة."


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Shoukry said Egypt rejects the displacement of residents.", TALKS),
        ("The Egyptian minister added that the crossing would stay open for the wounded.", TALKS),
        ("قال شكري إن المعبر سيبقى مفتوحا أمام الجرحى.", TALKS),
        ("Safadi stressed the need for an immediate ceasefire.", TALKS),
        ("A ceasefire is needed at once, in the words of Safadi.", TALKS),
        ("The crossing will stay open for the wounded.", TALKS),
        ("قتل 15 شخصا في الانفجار بحسب وزارة الصحة.", TOLL),
        ("More than 100,000 people were displaced, according to the United Nations.", REPORT),
        ("قالت الأمم المتحدة إن عدد النازحين تجاوز مئة ألف.", REPORT),
        (
            "More than 100,000 people were displaced, the UN office told reporters.",
            "وقال مكتب الأمم المتحدة للشؤون الإنسانية للصحافيين إن عدد النازحين تجاوز مئة ألف.",
        ),
    ],
)
def test_who_says_it_in_the_text_stands(sentence: str, text: str) -> None:
    assert read_scene(misattributed, sentence, text) == []


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Safadi said Egypt rejects the displacement of residents.", TALKS),
        ("قال الوزير الأردني إن المعبر سيبقى مفتوحا أمام الجرحى.", TALKS),
        ("Shoukry stressed the need for an immediate ceasefire.", TALKS),
        ("شدد شكري على ضرورة وقف إطلاق النار فورا.", TALKS),
        ("شدد الوزير المصري على ضرورة وقف إطلاق النار فورا.", TALKS),
        ("قتل 15 شخصا في الانفجار بحسب الدفاع المدني.", TOLL),
    ],
)
def test_what_another_says_is_found(sentence: str, text: str) -> None:
    assert read_scene(misattributed, sentence, text)
