"""Numbers with their nouns: in Arabic the noun takes its form from the number and its case from the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from retrieval.types import Language

Noun = Literal[
    "article",
    "passage",
    "question",
    "answer",
    "rating",
    "watch",
    "file",
    "person",
    "second",
    "minute",
    "hour",
    "day",
    "time",
    "outlet",
]
Case = Literal["subject", "object", "after"]  # after a preposition, or as the second part of a genitive


class Forms(NamedTuple):
    """An Arabic noun: one of it (as subject, as object), two of it (as subject, otherwise), three to ten."""

    one: str
    one_object: str
    two: str
    two_otherwise: str
    few: str
    feminine: bool = False


FORMS: Mapping[Noun, Forms] = {
    "article": Forms("مقالة", "مقالة", "مقالتان", "مقالتين", "مقالات", feminine=True),
    "passage": Forms("مقطع", "مقطعًا", "مقطعان", "مقطعين", "مقاطع"),
    "question": Forms("سؤال", "سؤالًا", "سؤالان", "سؤالين", "أسئلة"),
    "answer": Forms("جواب", "جوابًا", "جوابان", "جوابين", "أجوبة"),
    "rating": Forms("تقييم", "تقييمًا", "تقييمان", "تقييمين", "تقييمات"),
    "watch": Forms("متابعة", "متابعة", "متابعتان", "متابعتين", "متابعات", feminine=True),
    "file": Forms("ملف", "ملفًا", "ملفان", "ملفين", "ملفات"),
    "person": Forms("شخص", "شخصًا", "شخصان", "شخصين", "أشخاص"),
    "second": Forms("ثانية", "ثانية", "ثانيتان", "ثانيتين", "ثوانٍ", feminine=True),
    "minute": Forms("دقيقة", "دقيقة", "دقيقتان", "دقيقتين", "دقائق", feminine=True),
    "hour": Forms("ساعة", "ساعة", "ساعتان", "ساعتين", "ساعات", feminine=True),
    "day": Forms("يوم", "يومًا", "يومان", "يومين", "أيام"),
    "time": Forms("مرة", "مرة", "مرتان", "مرتين", "مرات", feminine=True),
    "outlet": Forms("مصدر", "مصدرًا", "مصدران", "مصدرين", "مصادر"),
}
IRREGULAR: Mapping[Noun, str] = {"person": "people", "watch": "watches"}


def counted(count: int, noun: Noun, language: Language, case: Case = "subject") -> str:
    """Return a number with its noun.

    >>> [counted(count, "question", "ar", "object") for count in (1, 2, 3, 11, 100, 103)]
    ['سؤالًا واحدًا', 'سؤالين', '3 أسئلة', '11 سؤالًا', '100 سؤال', '103 أسئلة']
    >>> counted(1, "second", "ar", "after"), counted(2, "day", "ar"), counted(2, "person", "en")
    ('ثانية واحدة', 'يومان', '2 people')
    """
    if language == "en":
        return f"{count} {noun}" if count == 1 else f"{count} {IRREGULAR.get(noun, noun + 's')}"
    forms = FORMS[noun]
    if count == 1:
        single = "واحدة" if forms.feminine else "واحدًا" if case == "object" else "واحد"
        return f"{forms.one_object if case == 'object' else forms.one} {single}"
    if count == 2:
        return forms.two if case == "subject" else forms.two_otherwise
    last = count % 100
    if 3 <= last <= 10:
        return f"{count} {forms.few}"
    return f"{count} {forms.one_object if last > 10 else forms.one}"
