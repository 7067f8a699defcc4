"""Modality: whether a text holds that something happened, will happen, or is only planned, wished or possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from functools import cache
from itertools import islice
from typing import Literal

from retrieval.grounding.alignment import AlignedText
from retrieval.grounding.comparison import Comparison
from retrieval.grounding.verbs import meanings, similar_meanings, verbs_of
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.word_lists import normalised, read_word_lists

Modality = Literal["happened", "to come", "unreal", "open"]  # "open": the form tells nothing

GOVERNED = 5  # tokens before a verb or a verbal noun in which stands what makes it a plan
SENTENCE = 60  # tokens before it in which its sentence may say that it is only agreed
BESIDE_FACT = 6  # tokens on each side in which the two texts must meet to be of the same thing
MOST_VERBS = 12  # of a sentence that are looked at
SHARED = 1  # terms in which they meet

_LISTS = read_word_lists("grounding", "modality")
_PLANNING = frozenset(_LISTS["planning"].split())
_UNREAL, _REAL = normalised(_LISTS["unreal"]), normalised(_LISTS["real"])
_WISHED, _TO_COME = normalised(_LISTS["wished"]), normalised(_LISTS["to_come"])
_MODALS, _FUTURE = normalised(_LISTS["modals"]), normalised(_LISTS["future"])
_PROVISIONS = normalised(_LISTS["provisions"])
_CLAUSE_ENDS = frozenset(".;:!?؛؟…\n")
_FUTURE_PREFIXES = ("س", "وس", "فس")
_CONDITIONS = frozenset({"if", "unless"})
_OF_NOUNS = "ة"  # no verb ends in it
_NEGATIONS = frozenset({"لم", "لن", "لا", "not", "never"})


def changed_modality(compared: Comparison) -> Iterable[str]:
    """Yield what happened in a sentence and is but planned in the texts, or is to come in it and has happened there."""
    own = compared.own
    for at, happening in islice(_happening_at(own), MOST_VERBS):
        mood = modality_at(own, at)
        if mood not in ("happened", "to come"):
            continue
        alike = happening.union(*map(similar_meanings, happening))
        there = [found for text in compared.near for found in _same(own, at, alike, text)]
        if there and mood == "happened" and set(there) <= {"unreal", "to come"}:
            yield compared.words(at, at)
        if mood == "to come" and "happened" in there and not {"unreal", "to come"} & set(there):
            yield compared.words(at, at)


def _happening_at(own: AlignedText) -> Iterator[tuple[int, frozenset[str]]]:
    """Yield the verbs of a sentence by which something happens, each with its meanings."""
    for at, token in enumerate(own.tokens):
        happening = _happenings() & {verb.meaning for verb in verbs_of(token.text) if verb.form != "noun"}
        if happening:
            yield at, happening


@cache
def _happenings() -> frozenset[str]:
    return (meanings("harm") | meanings("acts")) - frozenset(_LISTS["lasting"].split())


def _same(own: AlignedText, at: int, happening: Set[str], text: AlignedText) -> Iterator[Modality]:
    """Yield how a text holds what a verb of the sentence says, wherever it says it of something that both name."""
    around = own.terms_in(_around(own, at)) - own.terms_at(at)
    for other, token in enumerate(text.tokens):
        same = any(verb.meaning in happening for verb in verbs_of(token.text))
        if same and len(around & text.terms_in(_around(text, other))) >= SHARED:
            yield modality_at(text, other)


def _around(text: AlignedText, at: int) -> Iterator[int]:
    near = range(max(0, at - BESIDE_FACT), min(len(text.tokens), at + BESIDE_FACT + 1))
    return (other for other in near if other != at)


def modality_at(text: AlignedText, at: int) -> Modality:
    """Return how a text holds what one of its words says."""
    return _english(text, at) if text.tokens[at].text.isascii() else _arabic(text, at)


def _arabic(text: AlignedText, at: int) -> Modality:
    word = text.tokens[at].text
    forms = {verb.form for verb in verbs_of(word)}
    if "noun" in forms and text.text[text.tokens[at].end - 1] == _OF_NOUNS:
        forms = {"noun"}
    before = _before(text, at)
    last = before[-1] if before else ""
    if _NEGATIONS & {*before[-1:], *(form for one in before[-1:] for form in bare_forms(one))}:
        return "open"
    if forms == {"past"} or ("past" in forms and (not before or last == "قد" or word[0] in "وف")):
        return "unreal" if last in ("اذا", "لو") else "happened"
    if "present" in forms and "noun" not in forms:
        if word.startswith(_FUTURE_PREFIXES) or last in _TO_COME:
            return "to come"
        return "unreal" if last in _WISHED else "open"
    provided = any(not _PROVISIONS.isdisjoint(bare_forms(one, particles=1)) for one in _before(text, at, SENTENCE))
    return "unreal" if provided else _governed(before)


def _governed(before: list[str]) -> Modality:
    """Return how a verbal noun is held by the words before it, the nearest first."""
    for word in reversed(before):
        forms = bare_forms(word)
        if not _REAL.isdisjoint(forms):
            return "happened"
        to_come = word.startswith(_FUTURE_PREFIXES) and any(verb.form == "present" for verb in verbs_of(word))
        if to_come or not _UNREAL.isdisjoint(forms) or any(verb.meaning in _PLANNING for verb in verbs_of(word)):
            return "unreal"
    return "open"


def _before(text: AlignedText, at: int, reach: int = GOVERNED) -> list[str]:
    """Return the words before a token in its clause, as far as they may govern it."""
    start = at
    while start > max(0, at - reach):
        gap = text.text[text.tokens[start - 1].end : text.tokens[start].start]
        if any(mark in _CLAUSE_ENDS for mark in gap):
            break
        start -= 1
    return [token.text for token in text.tokens[start:at]]


def _english(text: AlignedText, at: int) -> Modality:
    before = _before(text, at)
    near = before[-3:]
    if not _NEGATIONS.isdisjoint(near) or not _CONDITIONS.isdisjoint(before):
        return "open"
    is_infinitive = near[-1:] == ["to"] or near[-2:] == ["to", "be"]
    if _FUTURE & set(near) or (is_infinitive and _FUTURE & set(before)):
        return "to come"
    if is_infinitive or _MODALS & set(near):
        return "unreal"
    return "happened" if any(verb.form == "past" for verb in verbs_of(text.tokens[at].text)) else "open"
