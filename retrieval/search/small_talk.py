"""Small talk, pure: what a message is that asks nothing of the articles, and a question without its courtesies.

A message is small talk where all of its words are: "hi, who are you?" is, "hi, who is the mayor?" is a question with a
courtesy before it. The words are in small_talk.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import chain, pairwise
from typing import NamedTuple

from retrieval.nlp.analysis import Token, tokens, words
from retrieval.nlp.word_lists import read_word_lists
from retrieval.search.foreign_languages import is_foreign
from retrieval.search.phrase_lists import expand
from retrieval.search.question_words import is_asking, question_words, without_and
from retrieval.search.sums import is_sum
from retrieval.types import SmallTalk

INTRODUCES: AbstractSet[SmallTalk] = frozenset(("greeting", "about", "help", "order"))  # with examples of what is held
_MOST_WORDS = 25  # of a message that may be small talk as a whole
_MOST_AFTER = 8  # words of courtesies after a question

_LAUGHS = re.compile(r"ه{2,}|خ{3,}|(?:ها){2,}ه?|(?:h[aei]|ja){2,}h?|lo+l+|l+m+a+o+|x+d+")
_LENGTHENED = re.compile(r"(.)\1{2,}")
_REPEATED = re.compile(r"(.)\1+")
_PAUSE = re.compile(r"[.,،;؛:!?؟…\n]|\s[-–—]+\s|[^\w\s'’\"«»()]{2,}")
_QUOTES = frozenset('«"“')
_CONTRACTED = frozenset("s m re t ll ve d".split())
_AND = "و"


class _Phrases(NamedTuple):
    """Phrases as tuples of words, with their kinds; the kind of words that only accompany others is None."""

    kinds: Mapping[tuple[str, ...], SmallTalk | None]
    longest: int
    squeezed: Mapping[str, str]  # words of phrases without doubled letters, to how they are written
    priority: Sequence[SmallTalk]
    before_question: AbstractSet[SmallTalk]
    after_question: AbstractSet[SmallTalk]
    joined: AbstractSet[tuple[str, ...]]  # courtesies that a question word may follow without a pause
    emoji: Mapping[SmallTalk, AbstractSet[str]]


class _Orders(NamedTuple):
    """What an order begins with, and which words within how many others make it one; none where any does."""

    heads: Mapping[tuple[str, ...], tuple[AbstractSet[str], int]]
    longest: int


class _Part(NamedTuple):
    """Words of a message that are one phrase: where they end, and its kind."""

    end: int
    kind: SmallTalk | None


def small_talk(text: str) -> SmallTalk | None:
    """Return what a message is that asks nothing of the articles; None where it may.

    >>> [small_talk(text) for text in ("Hiii there!", "شكراااا كتير", "انت مين", "😂😂", "12*7", "Wer ist das?")]
    ['greeting', 'thanks', 'about', 'laughter', 'maths', 'foreign']
    >>> small_talk("شكرا، وكم قتيل سقط؟"), small_talk("Who thanked the mayor?")
    (None, None)
    """
    if is_sum(text):
        return "maths"
    if not any(letter.isalnum() for letter in text):
        return _by_emoji(text) if text.strip() else None
    said = _words(text)
    if _is_order([word.text for word in said]):
        return "order"
    kinds = _whole([word.text for word in said]) if len(said) <= _MOST_WORDS else None
    if kinds:
        return next(kind for kind in _phrases().priority if kind in kinds)
    return "foreign" if is_foreign(text) else None


def without_courtesies(text: str) -> str:
    """Return a question without the courtesies before and after it; a text that is none but courtesies as it is.

    >>> without_courtesies("شكرا، وكم قتيل سقط؟"), without_courtesies("hello who is the mayor of Homs? thanks!")
    ('وكم قتيل سقط؟', 'who is the mayor of Homs?')
    >>> without_courtesies("سلام الشجعان: من قالها؟"), without_courtesies("Hello Kitty's inventor")
    ('سلام الشجعان: من قالها؟', "Hello Kitty's inventor")
    """
    said = _words(text)
    if not said or not _QUOTES.isdisjoint(text[: said[0].start]):
        return text
    spoken = [word.text for word in said]
    pauses = [_PAUSE.search(text[one.end : other.start]) is not None for one, other in pairwise(said)]
    first = _first_of_question(spoken, pauses)
    last = _last_of_question(spoken, pauses, first)
    if first == 0 and last == len(said):
        return text
    start = said[first].start if first else 0
    end = said[last].start if last < len(said) else len(text)
    return text[start:end].strip(" \t\n-–—,،;؛")


def _first_of_question(spoken: Sequence[str], pauses: Sequence[bool]) -> int:
    """Return the place of the first word that is no courtesy; 0 where that is not sure."""
    at = best = 0
    while part := next((part for part in _parts(spoken, at) if _is_courteous(part)), None):
        if part.end == len(spoken) or (at == 0 and part.kind is None):  # what only accompanies others begins nothing
            break
        is_joined = tuple(spoken[at : part.end]) in _phrases().joined
        at = part.end
        if (pauses[at - 1] and not spoken[at].isdigit()) or (is_joined and _opens_question(spoken[at])):
            best = at
    return best


def _opens_question(word: str) -> bool:
    return is_asking(without_and(word)) or word in question_words().also_opening


def _last_of_question(spoken: Sequence[str], pauses: Sequence[bool], first: int) -> int:
    """Return the place after the last word of a question, where a pause parts it from courtesies."""
    for at in range(max(first + 1, len(spoken) - _MOST_AFTER), len(spoken)):
        if pauses[at - 1] and (kinds := _whole(spoken[at:])) and kinds <= _phrases().after_question:
            return at
    return len(spoken)


def _is_courteous(part: _Part) -> bool:
    return part.kind is None or part.kind in _phrases().before_question


def _whole(spoken: Sequence[str]) -> frozenset[SmallTalk]:
    """Return the kinds of the phrases that words are as a whole; none where a word is left over."""
    reached: dict[int, tuple[_Part, ...]] = {0: ()}  # the fewest phrases with which each word is reached
    for at in range(len(spoken)):
        for part in _parts(spoken, at) if at in reached else ():
            if part.end not in reached or len(reached[part.end]) > len(reached[at]) + 1:
                reached[part.end] = (*reached[at], part)
    return frozenset(part.kind for part in reached.get(len(spoken), ()) if part.kind)


def _parts(spoken: Sequence[str], at: int) -> Iterator[_Part]:
    """Yield the phrases that begin at a word, the longest first."""
    known = _phrases()
    if at < len(spoken) and _LAUGHS.fullmatch(spoken[at]):
        yield _Part(at + 1, "laughter")
    for length in range(min(known.longest, len(spoken) - at), 0, -1):
        phrase = tuple(spoken[at : at + length])
        for variant in (phrase, (phrase[0].removeprefix(_AND), *phrase[1:])):
            if variant in known.kinds:
                yield _Part(at + length, known.kinds[variant])
                break


def _words(text: str) -> list[Token]:
    """Return the words of a message; a contraction is one word, and lengthened letters are as a phrase has them."""
    said: list[Token] = []
    for word in tokens(text):
        joint = text[said[-1].end : word.start] if said else ""
        if word.text in _CONTRACTED and joint in ("'", "’"):
            said[-1] = Token(said[-1].text + word.text, said[-1].start, word.end)
        else:
            said.append(word)
    return [word._replace(text=_plain(word.text)) for word in said]


def _plain(word: str) -> str:
    if not _LENGTHENED.search(word):
        return word
    return _phrases().squeezed.get(_REPEATED.sub(r"\1", word), word)


def _by_emoji(text: str) -> SmallTalk:
    said = (kind for letter in text for kind, known in _phrases().emoji.items() if letter in known)
    return next(said, "wordless")


def _is_order(spoken: Sequence[str]) -> bool:
    """Tell whether a message begins with an order to write, translate or amuse, after courtesies or none."""
    orders, at = _orders(), 0
    while at < len(spoken) and (part := next((part for part in _parts(spoken, at) if _is_courteous(part)), None)):
        if any(_begins(spoken[at:], orders)):
            return True
        at = part.end
    return any(_begins(spoken[at:], orders))


def _begins(spoken: Sequence[str], orders: _Orders) -> Iterator[bool]:
    for length in range(1, min(orders.longest, len(spoken)) + 1):
        if (head := tuple(spoken[:length])) in orders.heads:
            objects, reach = orders.heads[head]
            yield not objects or not objects.isdisjoint(spoken[length : length + reach])


@cache
def _phrases() -> _Phrases:
    data = read_word_lists("search", "small_talk")
    kinds: dict[tuple[str, ...], SmallTalk | None] = {}
    for kind, lines in data["phrases"].items():
        for phrase in expand(lines):
            if kind != "filler":
                kinds[phrase] = kind
            else:
                kinds.setdefault(phrase, None)
    joined = {phrase for phrase, kind in kinds.items() if kind is None or kind in data["joined_to_question"]}
    return _Phrases(
        kinds=kinds,
        longest=max(map(len, kinds)),
        squeezed={_REPEATED.sub(r"\1", word): word for word in set(chain.from_iterable(kinds))},
        priority=data["priority"],
        before_question=frozenset(data["before_question"]),
        after_question=frozenset(data["after_question"]),
        joined=joined.union(expand(data["also_joined"])).difference(expand(data["never_joined"])),
        emoji={kind: frozenset(signs) for kind, signs in data["emoji"].items()},
    )


@cache
def _orders() -> _Orders:
    data = read_word_lists("search", "small_talk")["orders"]
    heads = dict.fromkeys(expand(data["verbs"]), (frozenset(words(data["objects"])), data["reach"]))
    told = (frozenset(words(data["told"])), data["near"])
    heads |= {head: told for head in expand(data["tellers"]) if head not in heads}
    heads |= dict.fromkeys(expand(data["outright"]), (frozenset(), 0))
    return _Orders(heads, max(map(len, heads)))
