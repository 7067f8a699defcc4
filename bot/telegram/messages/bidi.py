"""Pure: texts made ready for Telegram: nothing in them that it removes, and mixed directions that read right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from retrieval.nlp.analysis import language_of
from retrieval.nlp.display import for_screen, isolate, one_line, visible
from retrieval.types import Language

MARKS: Mapping[Language, str] = {"ar": "\u200f", "en": "\u200e"}
_STRONG: Mapping[Language, tuple[str, ...]] = {"ar": ("R", "AL"), "en": ("L",)}

INVISIBLE = "\u200e\u200f\u061c\u2066\u2067\u2068\u2069"  # what an Arabic keyboard may put before a command
_REPEATED_MARKS = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")  # Telegram spoils all but the last of them
_REMOVED = re.compile("[\u0333\u033f\u030a]")  # combining lines and ring, which Telegram takes away
_RINGED = re.compile("[^\u0333\u033f\u030a]\u030a")


def sendable(text: str) -> str:
    r"""Return a text as Telegram will show it, so that nothing changes on the way.

    Control characters show as signs, and bidi controls go (as on a terminal); a ring is composed with its letter
    where Unicode has the two as one, and dropped otherwise.

    >>> sendable("A\u030astro\u0333m \x07\u202eabc\u200f\u200e")
    'Åstrom ␇abc\u200e'
    """
    text = _RINGED.sub(lambda found: unicodedata.normalize("NFC", found.group()), visible(text))
    return _REPEATED_MARKS.sub("", _REMOVED.sub("", text))


def shortened(text: str, most: int) -> str:
    """Return a text of so many code points at most, cut between two words.

    >>> shortened("one two three", 10), shortened("one two", 10)
    ('one two…', 'one two')
    """
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


def begins_well(line: str, language: Language) -> bool:
    """Tell whether a line is laid out in a language's direction by Telegram Desktop.

    It goes by the first strong letter, and unlike UAX #9 it looks into isolates too.
    """
    classes = (unicodedata.bidirectional(letter) for letter in line)
    first = next((found for found in classes if found in ("L", "R", "AL")), None)
    return first in _STRONG[language]


def localised(text: str, language: Language) -> str:
    r"""Return a text of Sanad's own in its language, with what runs the other way isolated.

    >>> localised("Reuters: مقتل 3 في 2019-05-14", "ar")
    '\u2066Reuters\u2069: مقتل 3 في \u20662019-05-14\u2069'
    """
    mark = MARKS[language]  # tells the line's direction, whatever it begins with
    lines = sendable(text).split("\n")
    return "\n".join(for_screen(mark + line.lstrip("".join(MARKS.values()))).removeprefix(mark) for line in lines)


def title_language(title: str, language: Language) -> Language:
    """Return the language in whose direction a title is laid out; one without letters goes by what is around it.

    >>> title_language("لقاء في أنقرة", "en"), title_language("2254", "en")
    ('ar', 'en')
    """
    return language_of(title) if any(letter.isalpha() for letter in title) else language


def inset(text: str, language: Language) -> str:
    r"""Return a title, a name or a question in one line, isolated as a whole where it is of the other language.

    >>> inset("What did Lavrov say?", "ar")
    '\u2066What did Lavrov say?\u2069'
    """
    text = one_line(sendable(text))
    own = title_language(text, language)
    inner = localised(text, own)
    return inner if own == language else isolate(inner, "rtl" if own == "ar" else "ltr")
