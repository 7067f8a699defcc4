"""What a collection knows of its words, and which of them a word means that neither it nor the lexicon knows."""

from __future__ import annotations

from typing import Protocol

from retrieval.nlp.analysis import stem
from retrieval.nlp.clitics import bare_forms, without_affixes
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.spellings import parted, respellings, rewritings
from retrieval.nlp.typing_slips import LONGEST_MISTYPED, SHORTEST_MISTYPED, one_slip_away

MOST_NEAR = 3  # words that a mistyped one may mean


class Vocabulary(Protocol):
    """What a collection knows of its words."""

    def fuzzy_keys(self, key: str) -> frozenset[str]:
        """Return the phonetic keys of the collection that differ from one by a single sound at most."""
        ...

    @property
    def passages(self) -> int:
        """Return how many passages there are."""
        ...

    def document_frequency(self, field: str, term: str) -> int:
        """Return in how many passages a term stands."""
        ...


def is_known_word(word: str, vocabulary: Vocabulary, lexicon: Lexicon) -> bool:
    """Tell whether a normalised Arabic word means something as it stands."""
    return bool(_frequency(word, vocabulary) or lexicon.headwords(word))


def is_guessed(word: str, vocabulary: Vocabulary, lexicon: Lexicon) -> bool:
    """Tell whether no text has a word, and the lexicon only what is left of it without letters that may be its own.

    «اللادقية» is no «أدق» but «اللاذقية», as many say and write it.
    """
    return not _frequency(word, vocabulary) and lexicon.forms.keys().isdisjoint(bare_forms(word))


def respelt(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the words of the collection that an Arabic word may be, written as it is spoken."""
    return tuple(form for form in respellings(word) if _frequency(form, vocabulary))[:MOST_NEAR]


def rewritten(word: str, vocabulary: Vocabulary, lexicon: Lexicon) -> str | None:
    """Return what an unknown Arabic word is written for: a word of the collection, or else of the lexicon."""
    surely, perhaps = rewritings(word), respellings(word)
    forms = (
        *(form for form in surely if _frequency(form, vocabulary)),
        *(form for form in surely if _is_written(form, lexicon)),
        *(form for form in perhaps if _frequency(form, vocabulary)),
        *(form for form in perhaps if _is_written(form, lexicon)),
    )
    return forms[0] if forms else None


def _is_written(word: str, lexicon: Lexicon) -> bool:
    """Tell whether the lexicon has a word as it is written, but for particles and affixes."""
    bare = bare_forms(word)
    return any(form in lexicon.forms for form in (*bare, *(core for form in bare for core in without_affixes(form))))


def stems_of_parts(word: str, vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """Return the stems of two words of the collection that a word without its space is."""
    pairs = (((stem(first)), stem(second)) for first, second in parted(word))
    return tuple(pair for pair in pairs if all(vocabulary.document_frequency("stem", part) for part in pair))


def near_stems(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the stems of the collection that a mistyped Arabic word may mean, the commonest first."""
    own = stem(word)
    if not SHORTEST_MISTYPED <= len(word) <= LONGEST_MISTYPED or len(own) < SHORTEST_MISTYPED - 1:
        return ()
    near = (
        form
        for form in dict.fromkeys(map(stem, one_slip_away(word)))
        if len(form) >= max(len(own), SHORTEST_MISTYPED) - 1
    )
    found = {form: vocabulary.document_frequency("stem", form) for form in near}
    return tuple(sorted(filter(found.__getitem__, found), key=lambda form: -found[form])[:MOST_NEAR])


def near_headwords(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the English headwords that a mistyped word may mean, the likeliest slip first.

    The first letter is seldom mistyped, and with another one most words become a different one: "round", "ground".
    """
    if not SHORTEST_MISTYPED <= len(word) <= LONGEST_MISTYPED:
        return ()
    near = (form for form in one_slip_away(word) if form in lexicon.words and form[0] == word[0])
    return tuple(dict.fromkeys(near))[:MOST_NEAR]


def _frequency(word: str, vocabulary: Vocabulary) -> int:
    return vocabulary.document_frequency("stem", stem(word))
