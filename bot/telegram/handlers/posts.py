"""Pure: the posts that people forward or reply to, and what they ask of one."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

from retrieval.nlp.analysis import normalise, words
from retrieval.nlp.sentences import sentences

MOST_STATEMENTS = 3  # of a post that are asked about, one after the other
MOST_STATED_WORDS = 40  # of one of them
_FEWEST_WORDS = 3  # fewer are a label or a sign-off
_ADDRESS = re.compile(r"\S+://\S+|\bwww\.\S+|\b[\w.-]+\.(?:com|net|org|me|tv)/\S*|(?<!\w)@\w+", re.IGNORECASE)
_LABEL = re.compile(r"[^|:\n–—-]{1,20}[|:–—-]+")  # what may stand as a label before the news
_SYMBOLS = frozenset(("So", "Sk", "Me", "Co"))
_WORD_OF_TAG = str.maketrans("#_", "  ")


def statements_of(post: str) -> list[str]:
    r"""Return the first statements of a post, each to be asked about, without labels, addresses and signs.

    >>> statements_of("🔴 عاجل | شويغو يبحث مع أكار الوضع في #إدلب_السورية\nhttps://t.me/news @news_channel")
    ['شويغو يبحث مع أكار الوضع في إدلب السورية']
    """
    text = _without_symbols(_ADDRESS.sub(" ", post).translate(_WORD_OF_TAG))
    found = []
    for start, end in sentences(text):
        stated = " ".join(_unlabelled(text[start:end]).split()[:MOST_STATED_WORDS])
        if len(words(stated)) >= _FEWEST_WORDS:
            found.append(stated)
    whole = " ".join(text.split()[:MOST_STATED_WORDS])
    return found[:MOST_STATEMENTS] or ([whole] if words(whole) else [])


def only_points(text: str) -> bool:
    """Tell whether words say no more than that a post is meant: a question of their own is none of that.

    >>> only_points("ماذا تقول المقالات عن هذا؟"), only_points("Is this true?"), only_points("متى كان ذلك؟")
    (True, True, False)
    """
    said = words(text)
    return bool(said) and all(word in _known("pointing") for word in said)


def _unlabelled(sentence: str) -> str:
    """Return a sentence without the labels before it."""
    rest = sentence.strip()
    while found := _LABEL.match(rest):
        if normalise(found.group().rstrip("|:–—- ")).strip() not in _known("labels"):
            break
        rest = rest[found.end() :].strip()
    return rest


def _without_symbols(text: str) -> str:
    """Return a text without emoji and what composes them."""
    return "".join(" " if unicodedata.category(one) in _SYMBOLS or one == "\ufe0f" else one for one in text)


@cache
def _known(name: str) -> frozenset[str]:
    listed = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))[name]
    return frozenset(words(listed) if isinstance(listed, str) else map(normalise, listed))
