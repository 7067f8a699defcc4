"""Sums, pure: whether a message asks for a calculation and for nothing else."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from retrieval.nlp.analysis import normalise, words
from retrieval.nlp.word_lists import read_word_lists
from retrieval.search.phrase_lists import expand

_APOSTROPHE = re.compile("['’]")


class _Forms(NamedTuple):
    bare: re.Pattern[str]  # a sum by itself, with signs that stand in nothing else: "12*7" is one, "12/7" may be a date
    led: re.Pattern[str]  # after words that lead to a sum, or before those that ask for its result
    ordered: re.Pattern[str]  # after an order to calculate


def is_sum(text: str) -> bool:
    """Tell whether a message is a sum, in figures or in words.

    >>> [is_sum(text) for text in ("12*7", "what is 5+5?", "كم حاصل ضرب ١٧ في ٢٣", "كم يساوي خمسة زائد خمسة؟")]
    [True, True, True, True]
    >>> [is_sum(text) for text in ("9/11", "2019-05-14", "what is 9/11?", "كم يساوي الدولار؟", "12 + 7 killed")]
    [False, False, False, False, False]
    """
    said = words(text)
    if not any(word[0].isdigit() for word in said) and _numbers().isdisjoint(said):
        return False  # without the forms, which take their time to be made
    plain = " ".join(_APOSTROPHE.sub("", normalise(text)).split()).strip(" ?؟.!:")
    return any(form.fullmatch(plain) for form in _forms())


@cache
def _numbers() -> frozenset[str]:
    return frozenset(words(read_word_lists("search", "small_talk")["sums"]["numbers"]))


@cache
def _forms() -> _Forms:
    data = read_word_lists("search", "small_talk")["sums"]
    number = rf"(?:\d+(?:[.,]\d+)*|\b(?:{'|'.join(_numbers())})\b)"
    operand = rf"[(\s]*[-−]?{number}(?: (?:and |و ?)?{number})*\s?%?[)\s]*"
    sure = rf"(?:\s?[+*×÷^]\s?|\s(?:{_any(data['signs'])})\s)"
    anyhow = rf"(?:{sure}|\s[-−–/]\s|\s(?:{_any(data['led_signs'])})\s)"
    ends = rf"(?:\s?=|(?:\s?=)?\s?(?:{_any(data['tails'])}))"
    led_to = rf"(?:{_any(data['leads'])})\s(?:the )?"
    function = rf"(?:{_any(data['functions'])})\s?"
    whole = rf"{operand}(?:{anyhow}{operand})+"
    of_function = rf"(?:{led_to})?{function}{operand}(?:\s?(?:في|علي|من|و|and|by|,)\s?{operand})*"
    return _Forms(
        re.compile(rf"{operand}(?:{sure}{operand})+"),
        re.compile(rf"{led_to}{whole}{ends}?|{whole}{ends}|{of_function}{ends}?"),
        re.compile(rf"(?:{_any(data['outright'])})\s[\d\s.,()+*/×÷^−=-]*\d[\d\s.,()+*/×÷^−=-]*"),
    )


def _any(lines: str) -> str:
    """Return a pattern for any phrase of a list, the longest first."""
    return "|".join(sorted((" ".join(phrase) for phrase in expand(lines)), key=len, reverse=True))
