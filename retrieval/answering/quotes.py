"""A model's quote, found in the text that it was taken from: what is shown is the text's own slice, or nothing."""

from __future__ import annotations

import re

from retrieval.nlp.sentences import sentences
from retrieval.types import Passage, Span

WIDEST_QUOTE = 3  # sentences

# What is left out, put in or typed otherwise without changing a word: diacritics, the dagger alif, tatweel, hidden
# characters. Quotation marks and brackets are taken for one another, as prompts have other ones than articles.
_LEFT_OUT = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_SAME = str.maketrans("«»“”„‟‘’‚`[【［<‹]】］>›", '""""""' + "''''" + "(((((" + ")))))")
_EDGES = " \"'.…،,؛;:!؟?"


def find_quote(quote: str, text: str) -> Span | None:
    """Return the slice of a text that a quote is, word for word and in whole words; None where it is none.

    >>> find_quote("إنّ الاجتماعَ  استغرق ساعتين.", "قال إن الاجتماع استغرق ساعتين وربعا")
    Span(start=4, end=29)
    >>> find_quote("استغرق ... ساعتين", "استغرق حوالي ساعتين"), find_quote("ساعة", "ساعتين")
    (None, None)
    """
    wanted = _folded(quote)[0].strip(_EDGES)
    if not wanted:
        return None
    folded, places = _folded(text)
    found = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded)
    if found is None:
        return None
    end = places[found.end() - 1] + 1
    while end < len(text) and _LEFT_OUT.match(text, end):  # a last letter's diacritics are its own
        end += 1
    return Span(places[found.start()], end)


def quoted_passage(quote: str, passage: Passage) -> Passage | None:
    """Return the sentences of a passage in which a quote stands; None where it does not, or is longer than a quote."""
    span = find_quote(quote, passage.text)
    if span is None:
        return None
    around = [one for one in sentences(passage.text) if one[0] < span.end and span.start < one[1]]
    if not 0 < len(around) <= WIDEST_QUOTE:
        return None
    start, end = around[0][0], around[-1][1]
    return Passage(passage.article_id, passage.start + start, passage.start + end, passage.text[start:end])


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text without what changes no word, its white space as single spaces, and where each letter stood."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text.translate(_SAME)):
        own = " " if letter.isspace() else letter
        if _LEFT_OUT.match(own) or (own == " " and letters[-1:] == [" "]):
            continue
        letters.append(own)
        places.append(place)
    return "".join(letters), places
