"""Who says what a sentence reports: by its verb or its source, and nobody who is only named in it."""

from __future__ import annotations

import pytest

from retrieval.archive.said_by import continues_speech, is_speaker
from retrieval.expressions.quote_tokens import QuoteTokens

SPEAKING = """
وقال {سعيد حمدان} إن الجسر سيفتح غدا.
أكد وزير النقل العراقي، {سعيد حمدان}، أن الرحلات مستمرة.
وأوضح المتحدث باسم الوزارة أن {سعيد حمدان} أكد موقفه السابق.
وكان {حمدان} شدد على أن القرار نهائي.
وأعلن رئيس الوزراء {سعيد حمدان} استقالته.
نفى {حمدان} وجود خلافات داخل الحكومة.
وحذر الأمين العام للأمم المتحدة {سعيد حمدان} من كارثة.
بحسب {حمدان} فإن العمل انتهى.
ووفقا لوزير النقل {سعيد حمدان} توقفت الرحلات.
{حمدان}: لن نغلق المطار
الوزير {حمدان} يقول إن الأزمة ستنتهي.
وأشار {حمدان} في المؤتمر إلى ضرورة الإصلاح.
وذكر {حمدان} أن عدد الجرحى ارتفع.
{Hamdan} said that the bridge will open.
The bridge will open, said {Hamdan}.
According to {Hamdan}, the bridge will open.
"""
SILENT = """
قال المدير لـ{حمدان} إن الجسر مغلق.
وقال محامي {حمدان} إن موكله بريء.
وقال محامي الرئيس {حمدان} إن موكله بريء.
قالت الوزارة إن الوزير {حمدان} بحث الأمر مع نظيره.
والتقى الوزير {حمدان} وقال إن اللقاء كان مثمرا.
وقال الناطق باسم {حمدان} إن الخبر كاذب.
وأكد المدير خلال لقائه {حمدان} أن العمل مستمر.
استقبل {حمدان} الوفد في مكتبه.
تحدث {حمدان} مع نظيره هاتفيا.
قال سالم لنظيره {حمدان} إن الوقت حان.
انتهى اجتماع {حمدان}. قال الحاضرون إنه كان طويلا.
{Hamdan}'s lawyer said that he is innocent.
A lawyer for {Hamdan} said that he is innocent.
The minister met {Hamdan} in Cairo.
"""


def told(line: str) -> bool:
    before, _, rest = line.partition("{")
    name, _, after = rest.partition("}")
    quote = QuoteTokens(before + name + after)
    own = [at for at, token in enumerate(quote.tokens) if token.end > len(before) and token.start < len(before + name)]
    return is_speaker(quote, own[0], own[-1])


@pytest.mark.parametrize("line", SPEAKING.split("\n")[1:-1])
def test_a_speaker_is_told(line: str) -> None:
    assert told(line)


@pytest.mark.parametrize("line", SILENT.split("\n")[1:-1])
def test_nobody_speaks_who_is_only_named(line: str) -> None:
    assert not told(line)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("وأضاف أن الموعد لم يحدد.", True),
        ("وتابع: «لن نتراجع».", True),
        ("وأضاف قائلا: «لن نتراجع».", True),
        ("وأضاف المدير أن الموعد لم يحدد.", False),
        ("أضاف أن الموعد لم يحدد.", False),
        ("ووصل الوفد إلى المدينة.", False),
    ],
)
def test_a_sentence_goes_on_with_what_was_said_where_it_names_no_other_speaker(sentence: str, expected: bool) -> None:
    assert continues_speech(QuoteTokens(sentence)) == expected
