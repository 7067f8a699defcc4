"""Words that part a message into questions, or carry a conversation on, as question_words.toml has them."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from typing import NamedTuple

from retrieval.nlp.analysis import tokens, words
from retrieval.nlp.asking import load_asking_words
from retrieval.nlp.word_lists import read_word_lists

_AND = ("و", "ف")
_MOST_KEPT = 4096  # words of which it is remembered whether they ask


class QuestionWords(NamedTuple):
    """Normalised words of Arabic, its dialects and English, by what they do in a question."""

    also_opening: AbstractSet[str]
    joined: AbstractSet[str]
    joined_before: Mapping[str, AbstractSet[str]]
    unfinished: AbstractSet[str]
    more: AbstractSet[str]
    little: AbstractSet[str]


@cache
def question_words() -> QuestionWords:
    """Return the words, read once."""
    data = read_word_lists("search", "question_words")

    def listed(name: str) -> frozenset[str]:
        return frozenset(words(data[name]))

    return QuestionWords(
        also_opening=listed("also_opening"),
        joined=listed("joined"),
        joined_before={words(name)[0]: frozenset(words(said)) for name, said in data["joined_before"].items()},
        unfinished=listed("unfinished"),
        more=listed("more"),
        little=listed("little"),
    )


@lru_cache(maxsize=_MOST_KEPT)
def is_asking(word: str) -> bool:
    """Tell whether a normalised word asks by itself.

    >>> is_asking("متي"), is_asking("وين"), is_asking("who"), is_asking("وزير")
    (True, True, True, False)
    """
    return bool(found := tokens(word)) and load_asking_words().read(word, found).roles == ("asks",)


def without_and(word: str) -> str:
    """Return a word of asking, or of asking for more, without the «و» or «ف» before it; another as it is.

    >>> without_and("ومتي"), without_and("وين"), without_and("فليش"), without_and("وزير")
    ('متي', 'وين', 'ليش', 'وزير')
    """
    rest = word[1:]
    is_joined = word.startswith(_AND) and len(rest) > 1 and (rest in question_words().more or is_asking(rest))
    return rest if is_joined else word
