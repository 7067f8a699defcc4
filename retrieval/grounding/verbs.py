"""The verbs of news in both languages: which meaning a word has as a verb, and in which form it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from retrieval.nlp.analysis import words
from retrieval.nlp.word_lists import normalised, read_word_lists

Form = Literal["past", "present", "noun"]  # in English "noun" is the form in -ing
Group = Literal["speech", "harm", "acts"]

MUTUAL, PLAIN_SPEECH, OF_DOER, OF_SAME_DOER, GOAL, UNDERGOING, ADDRESSED = (
    frozenset(read_word_lists("grounding", "verbs")[name].split())
    for name in ("mutual", "plain_speech", "of_doer", "of_same_doer", "goal", "undergoing", "addressed")
)

_PAST_ENDINGS = ("", "ت", "ا", "تا", "وا", "نا", "ه", "ها", "هم", "هما", "ته", "تها", "تهم", "وه", "وها")
_PRESENT_ENDINGS = ("", "ون", "ان", "وا", "ا", "ه", "ها", "هم", "ونه", "ونها")
_NOUN_ENDINGS = ("", "ه", "ها", "هم", "هما", "ا", "يا", "ات", "ين", "ون", "ان", "ته", "تها", "تهم", "اته", "اتها")
_BEFORE_PAST, _BEFORE_PRESENT = ("", "و", "ف"), ("", "و", "ف", "س", "وس", "فس", "ل", "ول", "فل")
_BEFORE_NOUN = ("", "ال", "و", "وال", "ب", "بال", "ل", "لل", "ف", "ك", "ول", "وب", "ولل", "وبال", "فال")
_PERSONS = "يتنا"  # the first letters of an imperfect
_SHORTEST = 2  # letters that are left of a word
_SOFT, _WEAK = frozenset("اي"), frozenset("اوي")  # last letters of a past, of an imperfect that go before an ending
_CACHE_SIZE = 1 << 15  # words


class Verb(NamedTuple):
    """A meaning that a word may have, and the form in which it has it."""

    meaning: str
    form: Form


@lru_cache(maxsize=_CACHE_SIZE)
def verbs_of(word: str) -> tuple[Verb, ...]:
    """Return what a normalised word may be as a verb, a verbal noun or a participle.

    >>> verbs_of("وطالبت"), verbs_of("سيلتقي")
    ((Verb(meaning='ask', form='past'),), (Verb(meaning='meet', form='present'),))
    >>> verbs_of("accused"), verbs_of("met"), verbs_of("table")
    ((Verb(meaning='accuse', form='past'),), (Verb(meaning='meet', form='past'),), ())
    """
    if word.isascii():
        return _english().get(word, ())
    listed = _arabic()
    return tuple(
        dict.fromkeys(Verb(meaning, form) for form, core in _cores(word) for meaning in listed[form].get(core, ()))
    )


def is_verb(word: str) -> bool:
    """Tell whether a normalised word may be a verb that makes a sentence."""
    return any(verb.form != "noun" for verb in verbs_of(word))


@cache
def similar_meanings(meaning: str) -> frozenset[str]:
    """Return the meanings that may be told as this one, itself among them."""
    groups = (frozenset(group.split()) for group in read_word_lists("grounding", "verbs")["similar"])
    return frozenset({meaning}).union(*(group for group in groups if meaning in group))


@cache
def meanings(group: Group) -> frozenset[str]:
    """Return the meanings of a group of the list."""
    return frozenset(read_word_lists("grounding", "verbs")[group])


def _lines() -> Iterator[tuple[str, list[str]]]:
    for group in ("speech", "harm", "acts"):
        for meaning, listed in read_word_lists("grounding", "verbs")[group].items():
            yield meaning, listed.split("/")


@cache
def _arabic() -> Mapping[Form, Mapping[str, tuple[str, ...]]]:
    """Return the meanings of the words as they are listed, by form."""
    found: dict[Form, dict[str, list[str]]] = {form: defaultdict(list) for form in ("past", "present", "noun")}
    for meaning, (past, present, nouns, _) in _lines():
        for word in words(past):
            found["past"][word].append(meaning)
        for word in words(present):
            found["present"][word[1:]].append(meaning)
        for word in words(nouns):
            found["noun"][word.removesuffix("ه")].append(meaning)
    return {form: {word: tuple(dict.fromkeys(of)) for word, of in words.items()} for form, words in found.items()}


def _cores(word: str) -> Iterator[tuple[Form, str]]:
    """Yield what a word may be an inflection of, as the list has it."""
    for core in _between(word, _BEFORE_PAST, _PAST_ENDINGS):
        yield "past", core
        if core != word:
            yield from (("past", core + soft) for soft in _SOFT)
    for rest in _between(word, _BEFORE_PRESENT, _PRESENT_ENDINGS):
        if rest[0] in _PERSONS:
            yield "present", rest[1:]
            yield from (("present", rest[1:] + weak) for weak in _WEAK)
    for core in _between(word, _BEFORE_NOUN, _NOUN_ENDINGS):
        yield "noun", core


def _between(word: str, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    for prefix in before:
        for ending in after if word.startswith(prefix) else ():
            core = word[len(prefix) : len(word) - len(ending)]
            if len(core) >= _SHORTEST and word.endswith(ending):
                yield core


@cache
def _english() -> Mapping[str, tuple[Verb, ...]]:
    irregular = normalised(read_word_lists("grounding", "verbs")["irregular"])
    found: dict[str, dict[Verb, None]] = defaultdict(dict)
    for meaning, (*_, english) in _lines():
        for word in english.split():
            if word in irregular:
                found[word][Verb(meaning, "past")] = None
            else:
                for form, inflected in _inflected(word):
                    found[inflected][Verb(meaning, form)] = None
    return {word: tuple(verbs) for word, verbs in found.items()}


def _inflected(word: str) -> Iterator[tuple[Form, str]]:
    """Yield the regular forms of an English verb."""
    base = word.removesuffix("e")
    consonant_y = word.endswith("y") and word[-2:-1] not in "aeou"
    yield "present", word
    yield (
        "present",
        word[:-1] + "ies" if consonant_y else word + ("es" if word.endswith(("s", "sh", "ch", "x")) else "s"),
    )
    yield "past", word[:-1] + "ied" if consonant_y else base + "ed"
    yield "noun", base + "ing"
    if len(word) > 2 and word[-1] in "bdgklmnprt" and word[-2] in "aeiou" and word[-3] not in "aeiou":
        yield "past", word + word[-1] + "ed"
        yield "noun", word + word[-1] + "ing"
