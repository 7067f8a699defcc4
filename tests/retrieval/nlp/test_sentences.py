"""The sentences of a text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.nlp.sentences import sentences

ARABIC_AND_OTHERS = st.text(alphabet=st.characters(codec="utf-8")) | st.text(
    alphabet='ابتةىئؤءأإآـًٌٍَُِّْٰﷲﻻ٠٩۰۹،؛؟!.…«»“”()[]"\n\r\t \u00a0\u200f\u202eAzçğ0123,'
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال نعم. وقال لا؟ ثم ذهب! وعاد… انتهى", ["قال نعم.", "وقال لا؟", "ثم ذهب!", "وعاد…", "انتهى"]),
        ("سطر أول\nسطر ثان", ["سطر أول", "سطر ثان"]),
        ("بلغ 3.5 ملايين. ثم", ["بلغ 3.5 ملايين.", "ثم"]),
        ("قال د. علي حسن. ثم", ["قال د. علي حسن.", "ثم"]),
        ("The U.S. Army left. He stayed.", ["The U.S. Army left.", "He stayed."]),
        ("قال: «ذهبنا. وعدنا». ثم نام.", ["قال: «ذهبنا. وعدنا».", "ثم نام."]),
        ("قال: “ذهبنا. وعدنا.” ثم نام.", ["قال: “ذهبنا. وعدنا.” ثم نام."]),
        ("قال: «لم يغلق. ثم نام.", ["قال: «لم يغلق.", "ثم نام."]),
        ("اتفقا؛ لكنهما اختلفا", ["اتفقا؛", "لكنهما اختلفا"]),
        ("www.example.com موقع. نعم", ["www.example.com موقع.", "نعم"]),
        ("وافق النواب.وقال الرئيس نعم", ["وافق النواب.", "وقال الرئيس نعم"]),
        ("وافقوا جميعًا.و قال «نعم».ثم خرج.", ["وافقوا جميعًا.", "و قال «نعم».", "ثم خرج."]),
        ("جاء مكتوبًا (بخط اليد).وعاد.", ["جاء مكتوبًا (بخط اليد).", "وعاد."]),
        ("نقلت أ.ف.ب عن د.علي أن 3.5 كم.م", ["نقلت أ.ف.ب عن د.علي أن 3.5 كم.م"]),
        ("في القرن 3 ق.م وعلى موقع example.com.jo كتبه", ["في القرن 3 ق.م وعلى موقع example.com.jo كتبه"]),
        ("حضر أ.د.سامي ود.ب.أ", ["حضر أ.د.سامي ود.ب.أ"]),
        ("", []),
        (" \n\u00a0\n ", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(ARABIC_AND_OTHERS)
def test_sentences_hold_all_the_ink_of_a_text_in_order(text: str) -> None:
    spans = sentences(text)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))
    assert "".join("".join(text[start:end] for start, end in spans).split()) == "".join(text.split())
