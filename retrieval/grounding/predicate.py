"""Whether words are a sentence: a verb, or what stands for one in Arabic; a list of names says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from retrieval.grounding.comparison import Comparison
from retrieval.grounding.verbs import verbs_of
from retrieval.nlp.word_lists import normalised, read_word_lists

SHORTEST = 4  # words; fewer are a short answer, which needs no verb
LONGEST_PLACE = 8  # words of a short answer that begins with a preposition: "in the port city of Odessa"

_LISTS = read_word_lists("grounding", "predicate")
_AUXILIARIES, _PARTICLES = normalised(_LISTS["auxiliaries"]), normalised(_LISTS["particles"])
_PREPOSITIONS = normalised(_LISTS["prepositions"])
_NOT_IMPERFECT = normalised(_LISTS["not_imperfect"])
_IMPERFECT = re.compile(r"^[وف]?س?ي[^\W\d]{3,}$|^[وف]?ست[^\W\d]{3,}$")
_TENTH_FORM = re.compile(r"^[وف]?است[^ا\W\d]{2,3}(?:ت|وا|ا)?$")  # «استضافت»; a verbal noun has its alif before the last
_PAST_ENDING = re.compile(r"^[a-z]{3,}(?:ed|ied)$")
_JOINED, _ATTACHED = "وف", "بل"  # and, so; by, for


def missing_predicates(compared: Comparison) -> Iterable[str]:
    """Yield the sentence where it has no predicate."""
    own = compared.own.tokens
    if len(own) < SHORTEST or (own[0].text in _PREPOSITIONS and len(own) <= LONGEST_PLACE):
        return
    found = [token.text for token in own]
    names = set(compared.claim.names.values())
    others = [word for at, word in enumerate(found) if at not in names]
    if not (_is_arabic(others, len(found)) if compared.claim.language == "ar" else _is_english(found)):
        yield compared.own.text


def _is_english(found: Sequence[str]) -> bool:
    """Tell whether an English sentence has a finite verb, and a word between its words."""
    if _AUXILIARIES.isdisjoint(found) and not any(map(_is_english_verb, found)):
        return False
    return not _PARTICLES.isdisjoint(found) or len(found) == SHORTEST


def _is_english_verb(word: str) -> bool:
    return bool(_PAST_ENDING.match(word)) or any(verb.form != "noun" for verb in verbs_of(word))


def _is_arabic(others: Sequence[str], count: int) -> bool:
    """Tell whether an Arabic sentence of so many words has a verb, or what is said of its subject without one.

    A name may look like a verb, so that only the others are asked; and with a verb alone a list of names is none.
    """
    bare = {form for word in others for form in _without_and(word)}
    has_particle = not _PARTICLES.isdisjoint(bare) or any(word[0] in _ATTACHED and len(word) > 3 for word in others)
    if not _AUXILIARIES.isdisjoint(bare) or any(map(_is_arabic_verb, others)):
        return has_particle or len(others) * 2 > count
    indefinite = (word for word in others if not word.startswith(("ال", "وال", "بال", "لل")) and len(word) > 2)
    return has_particle and any(word not in _PARTICLES for word in indefinite)


def _without_and(word: str) -> tuple[str, ...]:
    return (word, word[1:]) if word[0] in _JOINED and len(word) > 2 else (word,)


def _is_arabic_verb(word: str) -> bool:
    if any(form in _NOT_IMPERFECT for form in _without_and(word)):
        return False
    return bool(_IMPERFECT.match(word) or _TENTH_FORM.match(word)) or any(
        verb.form != "noun" for verb in verbs_of(word)
    )
