"""Garbled Arabic is told from what only looks unusual: lists, verse, other languages, names of other peoples."""

from __future__ import annotations

import re

import pytest

from retrieval.nlp.legibility import garble_of

NEWS = (
    "أعلنت بلدية المرفأ أمس أن أعمال ترميم السوق القديمة ستستمر حتى نهاية الخريف، وأن أصحاب المحال سيعودون إليها بعد"
    " ذلك. وقال رئيس البلدية إن الكلفة بلغت نصف ما كان مقدرا، ودعا السكان إلى حضور الافتتاح."
)
LEGIBLE = {
    "news": NEWS,
    "short": "مرحبا",
    "dialect": "شو بدك تعمل هلق؟ أنا رايح عالسوق جيب شوية خضرة وبعدين منشوف إذا فينا نروح عند خالتي المسا.",
    "verse": "قفا نبك من ذكرى حبيب ومنزل بسقط اللوى بين الدخول فحومل فتوضح فالمقراة لم يعف رسمها",
    "Quran": "ٱلْحَمْدُ لِلَّهِ رَبِّ ٱلْعَالَمِينَ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ مَالِكِ يَوْمِ ٱلدِّينِ إِيَّاكَ نَعْبُدُ",
    "Persian names": "محمد جواد ظريف، حسن روحاني، علي أكبر ولايتي، غلام حسين إيجئي، عباس عراقجي، بيجن زنغنة",
    "Persian": "وزیر امور خارجه گفت که مذاکرات درباره این برنامه ادامه خواهد یافت و گزارش کامل آن به زودی منتشر می‌شود",
    "Urdu": "وزیر اعظم نے کہا ہے کہ حکومت عوام کو سہولیات فراہم کرنے کے لیے تمام وسائل بروئے کار لا رہی ہے",
    "list": "\n".join(
        f"{at}. {word}" for at, word in enumerate("طحين سكر زيت ملح أرز عدس برغل شاي قهوة صابون".split() * 3)
    ),
    "table": "\n".join(f"{year} | {year * 3} | {year / 7:.2f}" for year in range(1990, 2024)),
    "English": "The ministers met in the harbour town on Friday and agreed to reopen the old market before winter.",
    "French": "Le président a été réélu à l'Élysée où il a déclaré qu'il était très fier d'être là, à côté",
    "Vietnamese": "Thủ tướng đã phát biểu tại hội nghị về vấn đề phát triển kinh tế xã hội của đất nước",
    "Russian": "Министр иностранных дел заявил, что переговоры продолжатся на следующей неделе в столице страны.",
}


@pytest.mark.parametrize("text", LEGIBLE.values(), ids=LEGIBLE)
def test_what_is_legible_is_not_called_garbled(text: str) -> None:
    assert garble_of(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (NEWS.encode().decode("cp1252", "replace"), "mojibake"),
        (NEWS.encode().decode("latin-1"), "mojibake"),
        (NEWS.encode().decode("cp1256", "replace"), "mojibake"),
        (NEWS.encode("cp1256").decode("cp1252", "replace"), "mojibake"),
        (NEWS.encode().decode("latin-1").encode().decode("latin-1"), "mojibake"),
        (re.sub(r"\w+", lambda word: word[0][::-1], NEWS), "mirrored"),
        ("\n".join(line[::-1] for line in NEWS.split("، ")), "mirrored"),
        (NEWS.translate(str.maketrans("ابتثجحخدرسعفقكلمنهوي", "يوهنملكقفعسردخحجثتبا")), "letters"),
    ],
    ids=["1252", "Latin-1", "1256", "1256 as 1252", "twice", "words reversed", "lines reversed", "letters exchanged"],
)
def test_garbled_text_is_told(text: str, kind: str) -> None:
    assert garble_of(text) == kind


def test_a_garbled_quarter_is_enough_and_a_garbled_word_is_not() -> None:
    garbled = NEWS.encode().decode("cp1252", "replace")
    assert garble_of(f"{NEWS}\n{NEWS}\n{garbled}") == "mojibake"
    assert garble_of(f"{NEWS}\n«Ø§Ù„»\n{NEWS}") is None
