"""What Sanad itself says to the person who asks, in the language of the question; the words are in texts.*.toml.

What an operator reads (help, summaries, errors) is English and stands where it is said.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from textwrap import shorten

from bot.rendering.plurals import counted
from retrieval.archive_types import ArchiveIntent
from retrieval.types import Language, LLMFailure, SentenceReading, SmallTalk, Unsaid

TextKey = str  # a key of a table [texts]; the tests look up what is given or returned as one

HERE = Path(__file__).parent
BOTH: tuple[Language, ...] = ("ar", "en")  # for whoever writes neither
_MOST_SERVER_WORDS = 200  # code points of what a server says that are shown


@cache
def read_texts(folder: Path, language: Language) -> Mapping[str, Mapping[str, str]]:
    """Return what a room says in a language: the tables of its file of texts, by name."""
    return tomllib.loads((folder / f"texts.{language}.toml").read_text(encoding="utf-8"))


def notice(language: Language, trouble: LLMFailure, server_words: str | None = None, *, written: bool) -> str:
    """Return the line that says why a model's answer is missing, or incomplete where some of it was `written`.

    >>> notice("en", "slow", written=False)
    'The language model did not answer in time; this is quoted from the articles instead.'
    >>> notice("en", "cut", "out of memory", written=True)
    'The language model broke off before its end (its server: “out of memory”); these sentences of it passed the check.'
    """
    instead = read_texts(HERE, language)["instead"]
    follows = instead.get(trouble, instead["written"]) if written else instead["quoted"]
    return failure_text(language, trouble, server_words) + follows


def failure_text(language: Language, trouble: LLMFailure, server_words: str | None = None) -> str:
    """Return why a language model did not answer, as the beginning of a sentence, with its server's own words."""
    words = shorten(server_words or "", _MOST_SERVER_WORDS, placeholder="…")
    said = say(language, "server_said", words=words) if words else ""
    return read_texts(HERE, language)["notices"][trouble] + said


def readings_text(language: Language, readings: Sequence[SentenceReading]) -> str:
    """Return what was done with a sentence of a model's answer, for it to be judged by.

    >>> readings_text("en", ("compared", "read_twice")), readings_text("ar", ("quoted",))
    ('numbers and names compared, read twice', 'منقولة بنصها')
    """
    done = read_texts(HERE, language)["readings"]
    return ("، " if language == "ar" else ", ").join(done[reading] for reading in readings)


def reply_text(language: Language, reply: SmallTalk) -> str:
    """Return what is said to a message that asks nothing of the articles.

    >>> reply_text("en", "thanks")
    'You are welcome. Ask on whenever you like.'
    """
    return read_texts(HERE, language)["replies"][reply].strip()


def unsaid_text(language: Language, unsaid: Unsaid) -> str:
    """Return the line that says what the articles do not say of a conversation's subject.

    >>> unsaid_text("en", "when"), unsaid_text("ar", "why")
    ('The articles do not say when.', 'لا تقول المقالات لماذا كان ذلك.')
    """
    return read_texts(HERE, language)["unsaid"][unsaid]


def archive_text(language: Language, intent: ArchiveIntent, subject: str | None, **values: object) -> str:
    """Return what leads to the rows of an answer about the archive, on a subject or on all articles.

    >>> archive_text("en", "count", "Idlib", articles="2 articles")
    '“Idlib” is mentioned in 2 articles'
    """
    texts = read_texts(HERE, language)["archive_of_all" if subject is None else "archive"]
    return texts[intent].format(subject=subject, **values)


def say(language: Language, key: TextKey, **values: object) -> str:
    """Return one of Sanad's sentences, with its placeholders filled.

    >>> say("en", "unknown_command", command="/hepl")
    'There is no command /hepl.'
    """
    return read_texts(HERE, language)["texts"][key].format(**values)


def date_in_words(day: str, language: Language) -> str:
    """Return a day, a month or a year, given as 2019-05-14, 2019-05 or 2019, as prose has it.

    >>> date_in_words("2019-05-14", "ar"), date_in_words("2019-05", "en"), date_in_words("2019", "en")
    ('14 مايو 2019', 'May 2019', '2019')
    """
    year, *rest = day.split("-")
    month = [read_texts(HERE, language)["months"][str(int(number))] for number in rest[:1]]
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
