"""Hedges: a charge or another's word that a sentence tells as a fact, where the text keeps its distance from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from retrieval.grounding.alignment import AlignedText
from retrieval.grounding.comparison import Comparison, sentence_tokens
from retrieval.grounding.negation import is_content
from retrieval.grounding.phrases import Phrases
from retrieval.grounding.verbs import meanings, verbs_of
from retrieval.nlp.word_lists import read_word_lists

CHARGED = 0.5  # the share of a sentence's content, by the rarity of its words, that a charge must say
MORE = 1.25  # times what the rest of the passages says of it
CALLED = 2  # content words after "what he called" that are another's

_LISTS = read_word_lists("grounding", "hedges")
_CHARGES = frozenset(_LISTS["charges"].split())
_DISTANCE, _CALLED = Phrases(_LISTS["distance"]), Phrases(_LISTS["called"])
_QUOTES = frozenset("\"“”«»‘’'")


def dropped_hedges(compared: Comparison) -> Iterable[str]:
    """Yield what a sentence asserts by itself and the texts only have somebody charge or call so."""
    if _keeps_distance(compared.own):
        return
    claim = compared.claim
    charged, plain = 0.0, 0.0
    for text in compared.whole:
        within = [_charged(text, sentence) for sentence in sentence_tokens(text)]
        for sentence, scope in zip(sentence_tokens(text), within, strict=True):
            charged = max(charged, sum(claim.weights[term] for term in text.terms_in(scope)))
            outside = [at for at in sentence if at not in scope]
            plain = max(plain, sum(claim.weights[term] for term in text.terms_in(outside)))
    if claim.total and charged >= CHARGED * claim.total and charged >= MORE * plain:
        yield compared.own.text
    yield from _called_by_others(compared)


def _keeps_distance(own: AlignedText) -> bool:
    """Tell whether a sentence tells what somebody says, or keeps its distance by a word."""
    says = any(verb.meaning in meanings("speech") for token in own.tokens for verb in verbs_of(token.text))
    return says or any(True for _ in _DISTANCE.find(own.tokens))


def _charged(text: AlignedText, sentence: range) -> range:
    """Return the tokens of a sentence that stand under a charge; none where there is none."""
    for at in sentence:
        if any(verb.meaning in _CHARGES for verb in verbs_of(text.tokens[at].text)):
            return range(at, sentence.stop)
    return range(sentence.stop, sentence.stop)


def _called_by_others(compared: Comparison) -> Iterator[str]:
    """Yield the sentence's words for what the texts name only as somebody calls it."""
    for text in compared.near:
        others = {at for found in _CALLED.find(text.tokens) for at in _content_after(text, found.last)}
        terms = text.terms_in(others) - text.terms_in(at for at in range(len(text.tokens)) if at not in others)
        for at, token in enumerate(compared.own.tokens):
            quoted = any(mark in compared.own.text[max(0, token.start - 1) : token.end + 1] for mark in _QUOTES)
            if compared.own.terms_at(at) & terms and not quoted:
                yield compared.words(at, at)


def _content_after(text: AlignedText, at: int) -> list[int]:
    following = range(at + 1, min(len(text.tokens), at + 1 + 2 * CALLED))
    return [other for other in following if is_content(text.tokens[other].text)][:CALLED]
