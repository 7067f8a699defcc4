"""Cause: a sentence that says why something happened, where the text gives no cause at all or not this one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from retrieval.grounding.alignment import AlignedText
from retrieval.grounding.comparison import Comparison
from retrieval.grounding.phrases import Found, Phrases
from retrieval.nlp.word_lists import read_word_lists

_REACH = 10  # tokens on each side of a word of cause in which the text may give what the sentence gives

_LISTS = read_word_lists("grounding", "cause")
_BEFORE_CAUSE, _BEFORE_EFFECT = Phrases(_LISTS["before_cause"]), Phrases(_LISTS["before_effect"])
_ATTACHED = "بل"  # by, for: «بقصف» gives what something came of, without a word of cause


def unstated_causes(compared: Comparison) -> Iterable[str]:
    """Yield the words by which a sentence gives a cause that no text gives.

    Words that give an effect ("led to") count on the text's side only: a sentence says with them what happened, too.
    """
    own = compared.own
    for found in _BEFORE_CAUSE.find(own.tokens):
        cause = own.terms_in(range(found.last + 1, min(len(own.tokens), found.last + 1 + _REACH)))
        if cause and not any(_gives(text, cause) for text in compared.near):
            yield compared.words(*found)


def _gives(text: AlignedText, cause: set[int]) -> bool:
    """Tell whether a text gives some of these terms as a cause, or as what something came of."""
    for found in (*_BEFORE_CAUSE.find(text.tokens), *_BEFORE_EFFECT.find(text.tokens)):
        if cause & text.terms_in(_around(text, found)):
            return True
    return any(cause & text.terms_at(at) for at in _by_what(text))


def _around(text: AlignedText, found: Found) -> range:
    return range(max(0, found.first - _REACH), min(len(text.tokens), found.last + 1 + _REACH))


def _by_what(text: AlignedText) -> Iterator[int]:
    """Yield the words onto which by or for is written."""
    for at, token in enumerate(text.tokens):
        if len(token.text) > 3 and token.text[0] in _ATTACHED and not token.text.startswith("لا"):
            yield at
