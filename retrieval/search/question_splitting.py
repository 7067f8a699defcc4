"""Several questions in one message, pure: where one ends and the next begins.

A part is a question by its mark, or by the word that it begins with; what is neither stays with the part before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from retrieval.nlp.analysis import Token, tokens, words
from retrieval.nlp.stopwords import ARABIC_STOP, ENGLISH_STOP
from retrieval.search.question_words import is_asking, question_words, without_and

MOST_QUESTIONS = 3  # of a message that are answered
LONGEST_SPLIT = 1_000  # code points; a longer text is rather pasted than asked

_PART = re.compile(r"[^؟?\n]*[؟?]+[»”\"')\s]*|[^؟?\n]+\n?|\n")
_MARKED = re.compile(r"[؟?][»”\"')\s]*$")
_QUOTED = re.compile(r"[؟?]+[»”\"'][)\s]*$")
_LISTED = re.compile(r"^(?:\d{1,2}[.)]|[-–•*])\s+")
_AND = "و"


def split_questions(text: str) -> list[str]:
    """Return the questions of a message, in order; the message itself where it is one question or none.

    >>> split_questions("متى وقع الانهيار وكم عدد الضحايا؟ ومن المسؤول؟")
    ['متى وقع الانهيار', 'وكم عدد الضحايا؟', 'ومن المسؤول؟']
    >>> split_questions("Who met Assad and when?"), split_questions("When and where did they meet?")
    (['Who met Assad', 'and when?'], ['When and where did they meet?'])
    >>> split_questions("The bridge fell. Who built it?"), split_questions("من أين وإلى أين ذهب؟")
    (['The bridge fell. Who built it?'], ['من أين وإلى أين ذهب؟'])
    """
    if len(text) > LONGEST_SPLIT:
        return [text]
    parts: list[str] = []
    for part in _PART.findall(text):
        if parts and not (_is_question(part, after=parts[-1]) and _is_question(parts[-1])):
            parts[-1] += part
        else:
            parts.append(part)
    asked = [_LISTED.sub("", question.strip()) for part in parts for question in _unjoined(part)]
    return asked if len(asked) > 1 else [text]


def _is_question(part: str, after: str = "") -> bool:
    """Tell whether a part is a question of its own; a mark inside a quotation ends none."""
    said, known = words(part), question_words()
    if not said:
        return False
    opens = is_asking(without_and(said[0])) or said[0] in known.also_opening
    is_marked = _MARKED.search(part) is not None
    if len(said) == 1:
        return is_marked and opens
    return opens or (is_marked and not _QUOTED.search(after))


def _unjoined(part: str) -> Iterator[str]:
    """Yield the questions of a part, parted before "and" or «و» with a word of asking."""
    said, begun = tokens(part), 0
    for at in range(1, len(said)):
        if _begins_another(said, begun, at):
            yield part[said[begun].start : said[at].start].rstrip(" ,،;؛")
            begun = at
    yield part[said[begun].start :] if begun else part


def _begins_another(said: Sequence[Token], begun: int, at: int) -> bool:
    """Tell whether another question begins at a word, after one that began before it and can stand alone."""
    known, before = question_words(), [word.text for word in said[begun:at]]
    asks = [word.text for word in said[at:]]
    if asks[0] == "and":
        asks = asks[1:]
    elif asks[0].startswith(_AND) and len(asks[0]) > 1:
        asks[0] = asks[0].removeprefix(_AND)
    else:
        return False
    if not asks or not _stands_alone(before):
        return False
    follows = known.joined_before.get(asks[0], frozenset())
    return asks[0] in known.joined or (asks[0] in known.joined_before and (len(asks) == 1 or asks[1] in follows))


def _stands_alone(said: Sequence[str]) -> bool:
    """Tell whether words are a question that says what it is about."""
    known = question_words()
    rest = [word for word in said[1:] if word not in ARABIC_STOP and word not in ENGLISH_STOP]
    return is_asking(without_and(said[0])) and bool(rest) and said[-1] not in known.unfinished
