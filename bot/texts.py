"""What Sanad itself says to the person who asks, in the language of the question.

What an operator reads (help, summaries, errors) is English and stands where it is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from retrieval.types import Language

Key = Literal[
    "greeting",
    "frame",
    "declined",
    "missing",
    "nearest",
    "nothing_held",
    "no_passages",
    "sources",
    "no_sources",
    "unknown_source",
    "unknown_command",
    "did_you_mean",
    "see_help",
    "stopped",
    "help",
]

TEXTS: Mapping[Language, Mapping[Key, str]] = {
    "ar": {
        "greeting": "سند: في المجموعة {articles}. اسأل عنها بالعربية أو الإنجليزية؛ والأوامر في /help",
        "frame": "جاء في المقالات بلغتها:",
        "declined": "لا أجد في المقالات جوابًا عن هذا السؤال.",
        "missing": "لم يرد فيها ذكر {words}.",
        "nearest": "في المجموعة {articles}، وأقربها إلى سؤالك:",
        "nothing_held": "لا مقالات في المجموعة بعد.",
        "no_passages": "لا ترد هذه الكلمات في أي مقالة.",
        "sources": "المصادر:",
        "no_sources": "لا مصادر بعد: اطرح سؤالًا أولًا.",
        "unknown_source": "لا مصدر بالرقم {number}؛ أرقام مصادر الجواب الأخير من 1 إلى {last}.",
        "unknown_command": "لا أمر باسم {command}.",
        "did_you_mean": "لعلك تقصد {command}؟",
        "see_help": "الأوامر في /help",
        "stopped": "توقفت.",
        "help": (
            "اكتب سؤالك بالعربية أو الإنجليزية، ويأتيك الجواب منقولًا بنصه من المقالات.\n"
            "/sources    مصادر الجواب الأخير\n"
            "/sources 2  المصدر رقم 2 في موضعه من المقالة\n"
            "/articles   قائمة المقالات\n"
            "/help       هذه الأوامر\n"
            "/quit       إنهاء المحادثة"
        ),
    },
    "en": {
        "greeting": "Sanad holds {articles}. Ask about them in Arabic or English; /help lists the commands.",
        "frame": "From the articles, in their own words:",
        "declined": "The articles hold no answer to this question.",
        "missing": "They do not mention {words}.",
        "nearest": "The collection holds {articles}; nearest to your question:",
        "nothing_held": "The collection holds no articles yet.",
        "no_passages": "No article has any of these words.",
        "sources": "Sources:",
        "no_sources": "There are no sources yet: ask a question first.",
        "unknown_source": "There is no source {number}; those of the last answer run from 1 to {last}.",
        "unknown_command": "There is no command {command}.",
        "did_you_mean": "Did you mean {command}?",
        "see_help": "/help lists the commands.",
        "stopped": "Stopped.",
        "help": (
            "Ask in Arabic or English; the answer is quoted from the articles, word for word.\n"
            "/sources    the sources of the last answer\n"
            "/sources 2  source 2 in its place in the article\n"
            "/articles   the articles\n"
            "/help       these commands\n"
            "/quit       end the conversation"
        ),
    },
}


def say(language: Language, key: Key, **values: object) -> str:
    """Return one of Sanad's sentences, with its placeholders filled.

    >>> say("en", "unknown_command", command="/hepl")
    'There is no command /hepl.'
    """
    return TEXTS[language][key].format(**values)


def count_articles(count: int, language: Language) -> str:
    """Return a number of articles in words; Arabic as the subject of its sentence.

    >>> [count_articles(count, "ar") for count in (1, 2, 5, 40, 103, 100)]
    ['مقالة واحدة', 'مقالتان', '5 مقالات', '40 مقالة', '103 مقالات', '100 مقالة']
    >>> count_articles(1, "en"), count_articles(5, "en")
    ('1 article', '5 articles')
    """
    if language == "en":
        return f"{count} article" if count == 1 else f"{count} articles"
    if count in (1, 2):
        return ("مقالة واحدة", "مقالتان")[count - 1]
    return f"{count} مقالات" if 3 <= count % 100 <= 10 else f"{count} مقالة"


def listed(words: Sequence[str], language: Language) -> str:
    """Return words as a list in prose, each in quotation marks.

    >>> listed(["Paris", "2031"], "en"), listed(["باريس", "ترامب"], "ar")
    ('“Paris” or “2031”', '«باريس» ولا «ترامب»')
    """
    quoted = [f"«{word}»" if language == "ar" else f"“{word}”" for word in words]
    if language == "ar":
        return " ولا ".join(quoted)
    return " or ".join(", ".join(quoted).rsplit(", ", 1))
