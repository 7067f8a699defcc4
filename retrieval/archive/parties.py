"""Who a sentence says attacked, where it is no person: «مسلحون من رعاة الوادي هاجموا القرية»."""

from __future__ import annotations

from functools import cache

from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.expressions.word_tables import word_table
from retrieval.nlp.analysis import stem
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.nlp.word_lists import normalised, read_word_lists
from retrieval.types import Span

_LONGEST = 5  # words of a party's name


def is_attack(word: str) -> bool:
    """Tell whether a normalised word says that somebody attacks.

    >>> [is_attack(word) for word in ("هاجموا", "fired", "فاز")]
    [True, True, False]
    """
    return _is(word, "acts")


def attacker_in(text: str) -> tuple[Span, frozenset[str]] | None:
    """Return the words that name the only party that attacks in a sentence, and their stems; None for none or two.

    >>> text = "حين أطلق مسلحون من أم سدرة النار على رعاة"
    >>> span, _ = attacker_in(text)
    >>> text[slice(*span)]
    'مسلحون من أم سدرة'
    """
    quote = QuoteTokens(text)
    found = []
    for at, word in enumerate(quote.words):
        if _is(word, "heads"):
            end = _end(quote, at)
            follows = quote.are_joined(end, end + 1) and is_attack(quote.words[end + 1])
            if follows or (at and quote.are_joined(at - 1, at) and is_attack(quote.words[at - 1])):
                found.append((at, end))
    if len(found) != 1 or found[0][0] == found[0][1]:
        return None
    first, last = found[0]
    names = frozenset(stem(word) for word in quote.words[first + 1 : last + 1] if word not in ARABIC_STOP)
    return (quote.span(first, last), names) if names else None


def _end(quote: QuoteTokens, head: int) -> int:
    """Return the last word of a party's name, given its first: before a verb, a particle or what is fired."""
    end = head
    while end - head + 1 < _LONGEST and quote.are_joined(end, end + 1):
        word = quote.words[end + 1]
        is_from = word == "من" and end == head
        is_place = word in word_table("places", "heads") or word == "ام"  # وادي, بلدة; «أم سدرة»
        if not (is_from or is_place) and (_ends_name(word) or word in ARABIC_STOP):
            break
        end += 1
    return end


def _ends_name(word: str) -> bool:
    return word[0] in "بلوف" or is_attack(word) or _is(word, "fired")


def _is(word: str, kind: str) -> bool:
    return not _words(kind).isdisjoint(bare_forms(word) if not word.isascii() else (word,))


@cache
def _words(kind: str) -> frozenset[str]:
    return normalised(read_word_lists("archive", "sides")["parties"][kind])
