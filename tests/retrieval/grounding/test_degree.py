"""All, most, the first, more than: what says more than the text."""

from __future__ import annotations

import pytest
from support.builders.claims import read_against

from retrieval.grounding.degree import overstated

SCHOOLS = "أغلقت الوزارة 12 مدرسة في المدينة بعد أشد عاصفة خلال عشرة أعوام."
EVERYONE = "وافق جميع أعضاء المجلس على القانون، وهو أول قانون من نوعه في البلاد."


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The ministry closed twelve schools in the city.", SCHOOLS),
        ("It was the worst storm in ten years.", SCHOOLS),
        ("أغلقت 12 مدرسة بعد أعنف عاصفة خلال عشرة أعوام.", SCHOOLS),
        ("All members of the council approved the law.", EVERYONE),
        ("Every member backed the law.", EVERYONE),
        ("أقر كل أعضاء المجلس القانون.", EVERYONE),
        ("It is the first law of its kind.", EVERYONE),
        ("تحدث كل من الوزير والنائب.", SCHOOLS),
        ("After all, schools were closed last week.", SCHOOLS),
        ("The minister made the most of it.", SCHOOLS),
    ],
)
def test_what_the_text_says_as_strongly_stands(sentence: str, text: str) -> None:
    assert read_against(overstated, sentence, text) == []


@pytest.mark.parametrize(
    ("sentence", "text", "words"),
    [
        ("All schools in the city were closed.", SCHOOLS, ["All"]),
        ("Every school in the city was closed.", SCHOOLS, ["Every"]),
        ("أغلقت جميع المدارس في المدينة.", SCHOOLS, ["جميع"]),
        ("أغلقت معظم مدارس المدينة.", SCHOOLS, ["معظم"]),
        ("Most schools of the city were closed.", SCHOOLS, ["Most"]),
        ("It was the worst storm since independence.", SCHOOLS, ["since"]),
        ("كانت أشد عاصفة منذ الاستقلال.", SCHOOLS, ["منذ"]),
        ("قتل 4 مدنيين وهي الحصيلة الأعلى.", "وقتل 4 مدنيين في القصف.", ["الأعلى"]),
        ("Four civilians were killed, the highest toll.", "وقتل 4 مدنيين في القصف.", ["highest"]),
        ("Fewer than 7 people died.", "مات 7 أشخاص على الأقل، أي أكثر من 7.", ["Fewer than"]),
    ],
)
def test_what_goes_beyond_the_text_is_found(sentence: str, text: str, words: list[str]) -> None:
    assert read_against(overstated, sentence, text) == words
