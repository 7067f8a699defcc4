"""What Sanad itself says to the person who asks, in the language of the question.

What an operator reads (help, summaries, errors) is English and stands where it is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from bot.rendering.plurals import counted
from retrieval.types import Language, LLMFailure

Key = Literal[
    "greeting",
    "frame",
    "declined",
    "missing",
    "nearest",
    "nothing_held",
    "narrowed",
    "from_source",
    "published",
    "none_from_source",
    "none_published",
    "none_from_source_published",
    "undated",
    "in_period",
    "on_day",
    "since_day",
    "until_day",
    "from_day_to_day",
    "no_passages",
    "sources",
    "no_sources",
    "unknown_source",
    "unknown_command",
    "did_you_mean",
    "see_help",
    "searching",
    "reading",
    "writing",
    "lexical_only",
    "verified",
    "left_out",
    "no_why",
    "why_asked",
    "why_words",
    "why_model_words",
    "why_passages",
    "why_rank",
    "why_open",
    "why_closed",
    "why_checks",
    "why_holds",
    "why_fails",
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
        "narrowed": "البحث مقصور على مقالات {conditions}.",
        "from_source": "مصدرها {source}",
        "published": "نُشرت {when}",
        "none_from_source": "لا توجد مقالة مصدرها {source}.",
        "none_published": "لا توجد مقالة نُشرت {when}.",
        "none_from_source_published": "لا توجد مقالة مصدرها {source} ونُشرت {when}.",
        "undated": "واستُبعدت لخلوها من تاريخ كامل: {articles}.",
        "in_period": "في {period}",
        "on_day": "في {day}",
        "since_day": "منذ {day}",
        "until_day": "حتى {day}",
        "from_day_to_day": "من {first} إلى {last}",
        "no_passages": "لا ترد هذه الكلمات في أي مقالة.",
        "sources": "المصادر:",
        "no_sources": "لا مصادر بعد: اطرح سؤالًا أولًا.",
        "unknown_source": "لا مصدر بالرقم {number}؛ أرقام مصادر الجواب الأخير من 1 إلى {last}.",
        "unknown_command": "لا أمر باسم {command}.",
        "did_you_mean": "لعلك تقصد {command}؟",
        "see_help": "الأوامر في /help",
        "searching": "أبحث…",
        "reading": "أقرأ {passages}…",
        "writing": "أكتب…",
        "lexical_only": "تعذر البحث بالمتجهات الآن؛ فهذا ما وجده البحث بالكلمات وحدها.",
        "verified": "تحققت من {verified} من {written} من الجمل.",
        "left_out": "تحققت من {verified} من {written} من الجمل، وحذفت ما سواها.",
        "no_why": "لا جواب أشرحه بعد: اطرح سؤالًا أولًا.",
        "why_asked": "السؤال كما فُهم: {question}",
        "why_words": "بحثت عن:",
        "why_model_words": "وأضاف النموذج اللغوي: {words}",
        "why_passages": "وجدت:",
        "why_rank": "{score} · بالكلمات {words} · بالمتجهات {vectors}",
        "why_open": "في المقاطع جواب: بلغت تغطيتها {figure}، والحد الأدنى {threshold}.",
        "why_closed": "ليس في المقاطع جواب: بلغت تغطيتها {figure}، والحد الأدنى {threshold}.",
        "why_checks": "فحص الجمل:",
        "why_holds": "ثبتت {figure}",
        "why_fails": "لم تثبت {figure} : {problems}",
        "help": (
            "اكتب سؤالك بالعربية أو الإنجليزية، ويأتيك الجواب منقولًا بنصه من المقالات.\n"
            "/sources    مصادر الجواب الأخير\n"
            "/sources 2  المصدر رقم 2 في موضعه من المقالة\n"
            "/why        كيف جاء الجواب الأخير\n"
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
        "narrowed": "Only articles {conditions} were searched.",
        "from_source": "from {source}",
        "published": "published {when}",
        "none_from_source": "No article is from {source}.",
        "none_published": "No article was published {when}.",
        "none_from_source_published": "No article from {source} was published {when}.",
        "undated": "Left out, as they state no full date: {articles}.",
        "in_period": "in {period}",
        "on_day": "on {day}",
        "since_day": "since {day}",
        "until_day": "until {day}",
        "from_day_to_day": "from {first} to {last}",
        "no_passages": "No article has any of these words.",
        "sources": "Sources:",
        "no_sources": "There are no sources yet: ask a question first.",
        "unknown_source": "There is no source {number}; those of the last answer run from 1 to {last}.",
        "unknown_command": "There is no command {command}.",
        "did_you_mean": "Did you mean {command}?",
        "see_help": "/help lists the commands.",
        "searching": "Searching…",
        "reading": "Reading {passages}…",
        "writing": "Writing…",
        "lexical_only": "The vectors could not be searched just now; this was found by words alone.",
        "verified": "{verified} of {written} sentences verified.",
        "left_out": "{verified} of {written} sentences verified; the others were left out.",
        "no_why": "There is no answer to explain yet: ask a question first.",
        "why_asked": "The question as understood: {question}",
        "why_words": "Searched for:",
        "why_model_words": "Added by the language model: {words}",
        "why_passages": "Found:",
        "why_rank": "{score} · by words {words} · by vectors {vectors}",
        "why_open": "The passages cover it: {figure}, where {threshold} is needed.",
        "why_closed": "The passages do not cover it: {figure}, where {threshold} is needed.",
        "why_checks": "The sentences, checked:",
        "why_holds": "holds {figure}",
        "why_fails": "fails {figure} : {problems}",
        "help": (
            "Ask in Arabic or English; the answer is quoted from the articles, word for word.\n"
            "/sources    the sources of the last answer\n"
            "/sources 2  source 2 in its place in the article\n"
            "/why        how the last answer came about\n"
            "/articles   the articles\n"
            "/help       these commands\n"
            "/quit       end the conversation"
        ),
    },
}

MONTHS: Mapping[Language, Sequence[str]] = {
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(),
    "en": "January February March April May June July August September October November December".split(),
}

# Why a configured model's answer is missing, or incomplete where sentences of it were verified.
NOTICES: Mapping[Language, Mapping[LLMFailure, str]] = {
    "ar": {
        "unreachable": "تعذر الاتصال بالنموذج اللغوي",
        "refused": "رفض خادم النموذج اللغوي المفتاح",
        "unknown_model": "لا يعرف الخادم هذا النموذج اللغوي",
        "busy": "النموذج اللغوي مشغول الآن",
        "broken": "تعطل خادم النموذج اللغوي",
        "cut": "انقطع كلام النموذج اللغوي قبل تمامه",
        "slow": "لم يجب النموذج اللغوي في الوقت المحدد",
        "empty": "لم يكتب النموذج اللغوي شيئًا",
        "declined": "امتنع النموذج اللغوي عن الإجابة",
        "no_answer": "لم يجد النموذج اللغوي في المقاطع جوابًا",
        "language": "أجاب النموذج اللغوي بلغة غير لغة السؤال",
        "unsupported": "لم تثبت المقالات ما كتبه النموذج اللغوي",
    },
    "en": {
        "unreachable": "The language model could not be reached",
        "refused": "The language model's server refused the key",
        "unknown_model": "The server does not know this language model",
        "busy": "The language model is busy just now",
        "broken": "The language model's server failed",
        "cut": "The language model broke off before its end",
        "slow": "The language model did not answer in time",
        "empty": "The language model wrote nothing",
        "declined": "The language model declined to answer",
        "no_answer": "The language model found no answer in the passages",
        "language": "The language model answered in another language than the question's",
        "unsupported": "The articles do not bear out what the language model wrote",
    },
}
INSTEAD: Mapping[Language, tuple[str, str]] = {
    "ar": ("؛ فهذا من المقالات بنصها.", "؛ وهذا ما تحققت منه."),
    "en": ("; this is quoted from the articles instead.", "; this is what was verified."),
}


def notice(language: Language, trouble: LLMFailure, *, verified: bool) -> str:
    """Return the line that says why a model's answer is missing, or incomplete where some of it was verified.

    >>> notice("en", "slow", verified=False)
    'The language model did not answer in time; this is quoted from the articles instead.'
    """
    return NOTICES[language][trouble] + INSTEAD[language][verified]


def say(language: Language, key: Key, **values: object) -> str:
    """Return one of Sanad's sentences, with its placeholders filled.

    >>> say("en", "unknown_command", command="/hepl")
    'There is no command /hepl.'
    """
    return TEXTS[language][key].format(**values)


def date_in_words(day: str, language: Language) -> str:
    """Return a day, a month or a year, given as 2019-05-14, 2019-05 or 2019, as prose has it.

    >>> date_in_words("2019-05-14", "ar"), date_in_words("2019-05", "en"), date_in_words("2019", "en")
    ('14 مايو 2019', 'May 2019', '2019')
    """
    year, *rest = day.split("-")
    month = [MONTHS[language][int(number) - 1] for number in rest[:1]]
    return " ".join([*(str(int(number)) for number in rest[1:]), *month, year])


def count_articles(count: int, language: Language) -> str:
    """Return a number of articles in words; Arabic as the subject of its sentence.

    >>> [count_articles(count, "ar") for count in (1, 2, 5, 40, 103, 100)]
    ['مقالة واحدة', 'مقالتان', '5 مقالات', '40 مقالة', '103 مقالات', '100 مقالة']
    >>> count_articles(1, "en"), count_articles(5, "en")
    ('1 article', '5 articles')
    """
    return counted(count, "article", language)


def count_outlets(count: int, language: Language) -> str:
    """Return how many other outlets print something, after what is known of the first.

    >>> [count_outlets(count, "ar") for count in (1, 2, 3)]
    ['ونشرته وسيلة إعلامية أخرى', 'ونشرته وسيلتان إعلاميتان أخريان', 'ونشرته 3 وسائل إعلامية أخرى']
    >>> count_outlets(11, "ar"), count_outlets(1, "en"), count_outlets(2, "en")
    ('ونشرته 11 وسيلة إعلامية أخرى', '+1 outlet', '+2 outlets')
    """
    if language == "en":
        return f"+{count} outlet" if count == 1 else f"+{count} outlets"
    if count == 2:
        return "ونشرته وسيلتان إعلاميتان أخريان"
    number = "" if count == 1 else f"{count} "
    return f"ونشرته {number}{'وسائل إعلامية' if 3 <= count % 100 <= 10 else 'وسيلة إعلامية'} أخرى"


def count_passages(count: int, language: Language) -> str:
    """Return a number of passages in words; Arabic as the object of its sentence.

    >>> [count_passages(count, "ar") for count in (1, 2, 5, 11)]
    ['مقطعًا واحدًا', 'مقطعين', '5 مقاطع', '11 مقطعًا']
    >>> count_passages(1, "en"), count_passages(5, "en")
    ('1 passage', '5 passages')
    """
    return counted(count, "passage", language, "object")


def listed(words: Sequence[str], language: Language) -> str:
    """Return words as a list in prose, each in quotation marks.

    >>> listed(["Paris", "2031"], "en"), listed(["باريس", "ترامب"], "ar")
    ('“Paris” or “2031”', '«باريس» ولا «ترامب»')
    """
    quoted = [f"«{word}»" if language == "ar" else f"“{word}”" for word in words]
    if language == "ar":
        return " ولا ".join(quoted)
    return " or ".join(", ".join(quoted).rsplit(", ", 1))
