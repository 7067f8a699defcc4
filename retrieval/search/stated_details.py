"""Where the words of a sentence state a detail of some kind: an age, a sum, a number of something, a name, a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from retrieval.nlp.analysis import normalise, words
from retrieval.nlp.clitics import bare_forms, without_article
from retrieval.nlp.lexicon import load_lexicon
from retrieval.nlp.word_lists import normalised, read_word_lists
from retrieval.search.answer_kinds import is_of_kind
from retrieval.search.asked_details import Detail, units_of_time

# Words from a number to what makes it one of a kind: «مليون و200 ألف دينار», «يبلغ من العمر نحو 40».
_TO_CURRENCY, _TO_UNIT, _TO_YEARS, _TO_PERCENT, _TO_AGE = 4, 3, 2, 3, 4
_BEFORE_NOUN, _BEHIND_NOUN, _TO_LINK = 3, 5, 2  # «أكثر من 18 منشأة», «عدد المنازل المنهارة بلغ 840»
_TO_NAME = 2
_MOST_BEFORE = 2  # words that may say years to be no age: «قبل نحو 20 عاما»
_SHORTEST_DUAL = 5  # letters; a shorter word that ends so is mostly none
_DUAL = ("ان", "ين")
_SHORTEST_WAY = 5  # letters of a word behind «ب», as in «بسيارة»
_IN_BRACKETS = re.compile(r"\(\s?(\d{1,2})\s?\)")
_QUOTED = re.compile('[«"“]([^»"”]+)[»"”]')
_PERCENT_SIGN = re.compile("[%٪]")


class StatedIn(NamedTuple):
    """A sentence in which a detail may be stated, with what the question has of its words."""

    text: str
    words: Sequence[str]  # normalised
    new: Sequence[int]  # places of the words that the question does not have
    counted: Sequence[int] = ()  # and of those that say the first thing that it names

    def figures(self) -> set[int]:
        """Return the places of numbers, in digits or in words."""
        return {at for at in self.new if is_of_kind(self.words[at], "how many", load_lexicon())}

    def said(self, name: str) -> list[int]:
        """Return the places of the words of a list, behind particles too."""
        return [at for at, word in enumerate(self.words) if not _stated(name).isdisjoint(bare_forms(word))]

    def has_behind(self, at: int, most: int, name: str) -> bool:
        """Tell whether a word of a list follows a place, within some words."""
        return any(not _stated(name).isdisjoint(bare_forms(word)) for word in self.words[at + 1 : at + 1 + most])


def stated_places(detail: Detail, sentence: StatedIn) -> Sequence[int]:
    """Return the places of the words of a sentence that state a detail of a kind; none for a kind without words."""
    return sorted(set(_STATING[detail](sentence))) if detail in _STATING else ()


def is_left_open(found: Sequence[str]) -> bool:
    """Tell whether normalised words say that something is not known or not told.

    >>> is_left_open(words("ولم يُكشف عن هوية السائق")), is_left_open(words("كشف عن هوية السائق"))
    (True, False)
    """
    return any(
        word.lstrip("وف") in _not_told()
        and any(tuple(found[at + 1 : at + 1 + len(rest)]) == rest for rest in _not_told()[word.lstrip("وف")])
        for at, word in enumerate(found)
    )


@cache
def _stated(name: str) -> frozenset[str]:
    return normalised(read_word_lists("search", "details")["stated"][name])


@cache
def _not_told() -> Mapping[str, Sequence[tuple[str, ...]]]:
    """Return what follows the first word of each form that says something not to be known."""
    forms = [tuple(words(form)) for form in read_word_lists("search", "details")["stated"]["not_told"].split(",")]
    return {first: [form[1:] for form in forms if form[0] == first] for first in {form[0] for form in forms}}


def _ages(sentence: StatedIn) -> Iterator[int]:
    """Yield where ages stand: «البالغ من العمر 43», «صيهود، 56 عاما،», «(43)», but not «قبل 20 عاما»."""
    figures = sentence.figures()
    yield from (at for at in sentence.said("age") if figures.intersection(range(at - _TO_AGE + 1, at + _TO_AGE + 1)))
    for at in figures:
        before = sentence.words[max(0, at - _MOST_BEFORE) : at]
        if sentence.has_behind(at, _TO_YEARS, "years") and not any(
            not _stated("not_of_age").isdisjoint(bare_forms(word)) for word in before
        ):
            yield at
    yield from sentence.said("times_of_life")
    in_brackets = {normalise(found[1]) for found in _IN_BRACKETS.finditer(sentence.text)}
    yield from (at for at in figures if sentence.words[at] in in_brackets)


def _sums(sentence: StatedIn) -> Iterator[int]:
    yield from (at for at in sentence.figures() if sentence.has_behind(at, _TO_CURRENCY, "currencies"))
    yield from sentence.said("free")


def _shares(sentence: StatedIn) -> Iterator[int]:
    figures = sentence.figures()
    found = [at for at in figures if sentence.has_behind(at, _TO_PERCENT, "percent")]
    if not found and _PERCENT_SIGN.search(sentence.text):
        found = [at for at in figures if sentence.words[at][0].isdigit()]
    yield from (*found, *sentence.said("fractions"))


def _counts(sentence: StatedIn) -> Iterator[int]:
    """Yield where the very noun is counted: «14 راكبا», «جرعتين», «عدد المنازل المنهارة بلغ 840»."""
    figures, found = sentence.figures(), sentence.words
    for at in sentence.counted:
        linked = range(at + 1, at + 1 + _BEHIND_NOUN)
        links = any(
            not _stated("linking").isdisjoint(bare_forms(word)) for word in found[max(0, at - _TO_LINK) : linked.stop]
        )
        if (
            figures.intersection(range(at - _BEFORE_NOUN, at + 2))
            or (links and figures.intersection(linked))
            or (found[at].endswith(_DUAL) and len(found[at]) >= _SHORTEST_DUAL)
            or (at and not _stated("vague").isdisjoint(bare_forms(found[at - 1])))
        ):
            yield at


def _durations(sentence: StatedIn) -> Iterator[int]:
    for at in sentence.figures():
        if any(not units_of_time().isdisjoint(bare_forms(word)) for word in sentence.words[at : at + 1 + _TO_UNIT]):
            yield at
    yield from sentence.said("spans")


def _dates(sentence: StatedIn) -> Iterator[int]:
    return (at for at in sentence.new if is_of_kind(sentence.words[at], "when", load_lexicon()))


def _names(sentence: StatedIn) -> Iterator[int]:
    return (at for at in sentence.new if is_of_kind(sentence.words[at], "who", load_lexicon()))


def _named_things(sentence: StatedIn) -> Iterator[int]:
    """Yield where the very noun has a name behind it: «شركة سواعد أربيل», «مستشفى «الأمل»»."""
    names = set(_names(sentence))
    quoted = {word for found in _QUOTED.finditer(sentence.text) for word in words(found[1])[:1]}
    for at in sentence.counted:
        behind = range(at + 1, min(at + 1 + _TO_NAME, len(sentence.words)))
        if names.intersection(behind) or any(sentence.words[place] in quoted for place in behind):
            yield at


def _places(sentence: StatedIn) -> Iterator[int]:
    yield from _names(sentence)
    yield from set(sentence.said("places")).intersection(sentence.new)


def _ways(sentence: StatedIn) -> Iterator[int]:
    yield from sentence.said("means")
    yield from (at for at, word in enumerate(sentence.words) if word[0] == "ب" and _is_word_behind_letter(word))


def _is_word_behind_letter(word: str) -> bool:
    """Tell whether a word means what it means without its first letter: «بسيارة», not «بيروت»."""
    headwords = load_lexicon().headwords
    return len(word) >= _SHORTEST_WAY and headwords(word) == headwords(without_article(word[1:])) != ()


_STATING: Mapping[Detail, Callable[[StatedIn], Iterator[int]]] = {
    "age": _ages,
    "share": _shares,
    "money": _sums,
    "amount": lambda sentence: iter(sentence.figures()),
    "count": _counts,
    "duration": _durations,
    "date": _dates,
    "place": _places,
    "person": _names,
    "name": _names,
    "which": _named_things,
    "reason": lambda sentence: iter(sentence.said("reasons")),
    "means": _ways,
    "speech": lambda sentence: iter(sentence.said("speech")),
}
