"""Whether words say something of the kind that a question asks for: a name, a time, a figure, a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from retrieval.nlp.asking import Asks
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.lexicon import Lexicon

_YEAR = re.compile(r"1\d{3}|20\d\d")
_DUALS = frozenset(  # two of a unit, which Arabic says in one word
    "ساعتين ساعتان يومين يومان اسبوعين اسبوعان شهرين شهران عامين عامان سنتين سنتان دقيقتين دقيقتان مرتين مرتان "
    "الفين الفان مئتين مئتان مليونين مليونان".split()
)
_REASONS = frozenset(
    "لان لانه لانها لانهم بسبب نتيجه جراء بهدف لكي كي سبب اجل لذلك نظرا بفضل ادي ادت مما بغيه اثر خشيه".split()
)


def is_of_kind(word: str, asks: Asks, lexicon: Lexicon) -> bool:
    """Tell whether a normalised word says something of the kind that is asked for; False where any word may.

    >>> from retrieval.nlp.lexicon import load_lexicon
    >>> [is_of_kind(word, "how many", load_lexicon()) for word in ("سبعه", "18", "قتيلا")]
    [True, True, False]
    """
    return asks in _SAYS and _SAYS[asks](word, lexicon)


def _is_name(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word of an article looks like a name: the lexicon has it as one, or does not have it at all."""
    headwords = lexicon.headwords(word)
    return not word[0].isdigit() and (not headwords or any(headword in lexicon.names for headword in headwords))


def _is_time(word: str, lexicon: Lexicon) -> bool:
    return bool(_YEAR.fullmatch(word)) or any(form in lexicon.time_words for form in bare_forms(word))


def _is_figure(word: str, lexicon: Lexicon) -> bool:
    return word[0].isdigit() or word in _DUALS or any(form in lexicon.number_words for form in bare_forms(word))


def _is_reason(word: str, _: Lexicon) -> bool:
    return any(form in _REASONS for form in bare_forms(word))


_SAYS: Mapping[Asks, Callable[[str, Lexicon], bool]] = {
    "who": _is_name,
    "when": _is_time,
    "how many": _is_figure,
    "how much": _is_figure,
    "how long": _is_figure,
    "why": _is_reason,
}
