"""What stands on the Telegram bot's buttons, in the language of the person it speaks to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from retrieval.types import Language

Label = Literal[
    "source",
    "earlier",
    "later",
    "other_language",
    "good",
    "bad",
    "wrong_source",
    "delete",
    "keep",
    "arabic",
    "english",
]

LABELS: Mapping[Language, Mapping[Label, str]] = {
    "ar": {
        "source": "المصدر {number}",
        "earlier": "المقطع السابق",
        "later": "المقطع التالي",
        "other_language": "اسأل بالإنجليزية",
        "good": "👍",
        "bad": "👎",
        "wrong_source": "مصدر خاطئ",
        "delete": "احذف",
        "keep": "لا تحذف",
        "arabic": "العربية",
        "english": "English",
    },
    "en": {
        "source": "Source {number}",
        "earlier": "Previous passage",
        "later": "Next passage",
        "other_language": "Ask in Arabic",
        "good": "👍",
        "bad": "👎",
        "wrong_source": "Wrong source",
        "delete": "Delete",
        "keep": "Keep",
        "arabic": "العربية",
        "english": "English",
    },
}


def label(language: Language, key: Label, **values: object) -> str:
    """Return what stands on a button.

    >>> label("en", "source", number=2)
    'Source 2'
    """
    return LABELS[language][key].format(**values)
