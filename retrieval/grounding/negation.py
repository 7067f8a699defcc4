"""Negation in a text: its cues, and the words in the scope of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from retrieval.nlp.analysis import Token, tokens
from retrieval.nlp.stopwords import ARABIC_STOP, ENGLISH_STOP
from retrieval.nlp.word_lists import normalised, read_word_lists

SCOPE = 4  # content words in the scope of a cue, at most
REACH = 40  # words of any kind after it, in which they stand
_CACHE_SIZE = 4096  # texts

_WORDS = read_word_lists("grounding", "negation")
_PARTICLE_CUES, _VERB_CUES = normalised(_WORDS["particles"]), normalised(_WORDS["verbs"])
_IMPLIED = normalised(_WORDS["implied"]) - _PARTICLE_CUES - _VERB_CUES
_PURPOSES = normalised(_WORDS["purposes"])
_CLAUSE_WORDS, _EXCLUSIVES = normalised(_WORDS["clause_words"]), normalised(_WORDS["exclusives"])
_NO_CUES = re.compile(  # what looks like a negation and is none
    r"^(?:(?:و|ف)?لا (?:يزال|تزال|يزالون|زال|زالت|سيما|بد|شك)\b|(?:و|ف)?لم يزل\b|not (?:only|just|merely)\b|no doubt\b"
    r"|(?:و|ف)?ليس فقط\b|(?:و|ف)?لا يقتصر\b|(?:و|ف)?ليس(?:ت)? مجرد\b)"
)
_CLAUSE_MARKS = re.compile(r"[.,;:!?،؛؟…\n]")


@dataclass(frozen=True, slots=True)
class Negation:
    """A negation cue and the content words after it in its scope, nearest first; all by token."""

    cue: int
    scope: tuple[int, ...]
    is_verb: bool = False  # as in "denied" and "refused"
    is_implied: bool = False  # as in "prevented": it answers a negation, and need not be answered by one


@lru_cache(maxsize=_CACHE_SIZE)
def negations(text: str) -> tuple[Negation, ...]:
    """Return a text's negations.

    >>> [negation.scope for negation in negations("لم يتفق الطرفان، ولا يزال الخلاف قائما")]
    [(1, 2)]
    >>> negations("They did not only talk"), [negation.cue for negation in negations("They didn't agree")]
    ((), [2])
    """
    found = tokens(text)
    return tuple(_negation(text, found, at) for at in range(len(found)) if _is_cue(text, found, at))


def _negation(text: str, found: list[Token], at: int) -> Negation:
    form = _form(found[at].text)
    implied = form in _IMPLIED or (at > 0 and found[at - 1].text in _PURPOSES)
    return Negation(at, _scope(text, found, at), form in _VERB_CUES or form in _IMPLIED, implied)


def _is_cue(text: str, found: list[Token], at: int) -> bool:
    word, start, end = found[at]
    following = " ".join(token.text for token in found[at : at + 2])
    if _NO_CUES.match(following):
        return False
    if word == "t":
        return at > 0 and text[start - 1] in "'’" and found[at - 1].text[-1] == "n"
    if word == "الا":
        return text[start:end].startswith("أ")
    return _is_listed(_form(word))


def _form(word: str) -> str:
    """Return the form of a word that the lists have: without the particle before it."""
    bare = word[1:] if word[0] in "وفب" and len(word) > 2 else word
    return bare if _is_listed(bare) else word


def _is_listed(word: str) -> bool:
    return word in _PARTICLE_CUES or word in _VERB_CUES or word in _IMPLIED


def exclusive_cues(text: str) -> tuple[int, ...]:
    """Return the tokens by which a text says what holds through what does not: only, except, unless.

    >>> exclusive_cues("لا يعمل إلا ليلا"), exclusive_cues("It works only at night"), exclusive_cues("طلب ألا يعمل")
    ((2,), (2,), ())
    """
    return tuple(
        at
        for at, token in enumerate(tokens(text))
        if token.text in _EXCLUSIVES or (token.text == "الا" and text[token.start] == "إ")
    )


def _scope(text: str, found: list[Token], at: int) -> tuple[int, ...]:
    scope: list[int] = []
    for other in range(at + 1, min(len(found), at + 1 + REACH)):
        word = found[other].text
        if _CLAUSE_MARKS.search(text[found[other - 1].end : found[other].start]) or word in _CLAUSE_WORDS:
            break
        if is_content(word):
            scope.append(other)
            if len(scope) == SCOPE:
                break
    return tuple(scope)


def is_content(word: str) -> bool:
    """Tell whether a normalised word carries meaning of its own."""
    return word not in ENGLISH_STOP if word.isascii() else word not in ARABIC_STOP
