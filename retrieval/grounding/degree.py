"""Degree: how many of the things that there are, and whether none goes beyond, where the text says less."""

from __future__ import annotations

from collections.abc import Iterable

from retrieval.grounding.alignment import AlignedText
from retrieval.grounding.comparison import Comparison
from retrieval.grounding.negation import is_content
from retrieval.grounding.phrases import Found, Phrases
from retrieval.nlp.quantities import Quantity
from retrieval.nlp.word_lists import normalised, read_word_lists

_REACH = 6  # tokens after a word of degree in which stands what it is said of
_BESIDE = 2  # tokens between a number and the words that bound it

_LISTS = read_word_lists("grounding", "degree")
_UNIVERSAL, _NOT_UNIVERSAL = Phrases(_LISTS["universal"]), Phrases(_LISTS["not_universal"])
_MAJORITY = Phrases(_LISTS["majority"])
_SUPERLATIVE, _NOT_SUPERLATIVE = Phrases(_LISTS["superlative"]), Phrases(_LISTS["not_superlative"])
_ABOVE, _BELOW = Phrases(_LISTS["above"]), Phrases(_LISTS["below"])
_SINCE = frozenset({"since", "منذ"})
_NOT = normalised(_LISTS["not"])
_RANGES = Phrases(_LISTS["ranges"])


def overstated(compared: Comparison) -> Iterable[str]:
    """Yield the words by which a sentence says more than the texts: all, most, the first, more than, since ever."""
    own, near = compared.own, compared.near
    for found in _quantifiers(own):
        if not any(_quantifiers(text) for text in near):
            yield compared.words(*found)
    for found in _free(own, _MAJORITY):
        if not any(_free(text, _MAJORITY) or _quantifiers(text) for text in near) and _is_partitive(own, found):
            yield compared.words(*found)
    for found in _free(own, _SUPERLATIVE):
        if not any(_free(text, _SUPERLATIVE) for text in near):
            yield compared.words(*found)
        else:
            yield from _unsaid_ranges(compared, found)
    yield from _unsaid_bounds(compared)


def _free(text: AlignedText, phrases: Phrases) -> list[Found]:
    """Return where a text has phrases that say no other thing together with their neighbours."""
    idioms = [*_NOT_UNIVERSAL.find(text.tokens), *_NOT_SUPERLATIVE.find(text.tokens)]
    taken = {at for found in idioms for at in range(found.first, found.last + 1)}
    return [found for found in phrases.find(text.tokens) if found.first not in taken]


def _quantifiers(text: AlignedText) -> list[Found]:
    return _free(text, _UNIVERSAL)


def _is_partitive(text: AlignedText, found: Found) -> bool:
    """Tell whether "most" is said of things, and is no part of a comparison ("the most important")."""
    return not text.tokens[found.first].text.isascii() or found.first == 0 or text.tokens[found.first - 1].text != "the"


def _unsaid_ranges(compared: Comparison, found: Found) -> Iterable[str]:
    """Yield up to where a sentence says that none goes beyond, where the texts do not say it."""
    own, near = compared.own, compared.near
    for span in _RANGES.find(own.tokens):
        if not found.last < span.first <= found.last + 2 * _REACH:
            continue
        after = range(span.last + 1, min(len(own.tokens), span.last + 1 + _REACH))
        content = [at for at in after if is_content(own.tokens[at].text)][:2]
        terms = own.terms_in(content)
        said = _is_since(own, span) and any(terms & text.terms_in(range(len(text.tokens))) for text in near)
        if not said and not any(list(_RANGES.find(text.tokens)) for text in near):
            yield compared.words(*span)


def _is_since(text: AlignedText, span: Found) -> bool:
    """Tell whether a range is given by what it begins with, so that a text may give it by its words alone."""
    return span.first == span.last and text.tokens[span.first].text.removeprefix("و") in _SINCE


def _unsaid_bounds(compared: Comparison) -> Iterable[str]:
    """Yield the bounds that a sentence sets to a number and the texts do not: more than, less than."""
    own, near = compared.own, compared.near
    for bounds, opposite in ((_ABOVE, _BELOW), (_BELOW, _ABOVE)):
        for found in _unnegated(own, bounds):
            number = next((one for one in own.quantities if _is_beside(one, found) and not one.is_year), None)
            if number is None or number.kind != "number":
                continue
            same = [(text, other) for text in near for other in text.quantities if number.agrees(other)]
            if same and all(_is_bounded(text, other, opposite) for text, other in same):
                yield compared.words(*found)


def _is_bounded(text: AlignedText, number: Quantity, bounds: Phrases) -> bool:
    return any(_is_beside(number, found) for found in _unnegated(text, bounds))


def _unnegated(text: AlignedText, bounds: Phrases) -> list[Found]:
    """Return where a text has bounds that no negation turns round: «لا تتجاوز»."""
    found = bounds.find(text.tokens)
    return [one for one in found if not one.first or text.tokens[one.first - 1].text not in _NOT]


def _is_beside(number: Quantity, found: Found) -> bool:
    """Tell whether words that bound a number stand before it, or close behind it and what it counts."""
    return 1 <= number.first - found.last <= _BESIDE or 1 <= found.first - number.last <= _BESIDE
