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
وقال د. {سعيد حمدان} إن الحملة تبدأ غدا.
وقال وزير الشباب والرياضة {سعيد حمدان} إن الملعب جاهز.
وروى الشاهد {سعيد حمدان} أن السيارة توقفت.
وقال مدير جمارك دير الزور {سعيد حمدان} إن الرسوم خفضت.
وقالت الناطقة باسم اللجنة {هند حمدان} إن الاتفاق وقع.
وقال مدير تقنية المعلومات في المستشفى {سعيد حمدان} إن العمل عاد.
ورأى أستاذ الاقتصاد بجامعة حلب {سعيد حمدان} أن القرار متأخر.
ونفى المدير العام لوزارة الصحة بالولاية {سعيد حمدان} الخبر.
وقال رئيس اللجنة القاضي {سعيد حمدان} إن الأدلة كافية.
وقال محاميه {سعيد حمدان} إنه سيطعن في الحكم.
مدير التجارة الداخلية في المحافظة المهندس {سعيد حمدان} أوضح أن الدوريات مستمرة.
الوزير {حمدان}: لن نغلق المطار
طالبت النائبة {هند حمدان} بتجميد العقد.
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
نناشد الوزير {حمدان} أن يتدخل.
وقال الوزير والسفير {حمدان} إن الوقت حان.
وقال مكتب الرئيس {حمدان} إن الخبر كاذب.
وقال الناطق باسم الرئيس {حمدان} إن الخبر كاذب.
وقال نظام {حمدان} إن الحرب انتهت.
وقالت زوجة {حمدان} إنه غادر البلاد.
وحذر وزير الخارجية الرئيس {حمدان} من الحرب.
وتدعى المحاسبة {هند حمدان} في البلدة.
وكيل اللاعب {حمدان}: لن نغلق الباب
وأضاف الوزير أن لقاء {حمدان} تأجل.
وقال الوزير في لقاء {حمدان} إن الوقت حان.
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
    return is_speaker(QuoteTokens(before + name + after), len(before), len(before + name))


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
