"""Whether a name is who says what a sentence reports: «وقال وزير الدفاع سيرغي شويغو إن…», "according to Shoigu".

Nothing rather than another man's words: between a verb of speech and the name stand only words of his office.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from retrieval.expressions.known_names import place_in_english
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.expressions.word_tables import word_table
from retrieval.grounding.phrases import Phrases
from retrieval.grounding.verbs import meanings, verbs_of
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.lexicon import load_lexicon
from retrieval.nlp.word_lists import normalised, read_word_lists

_REACH = 10  # tokens between a verb of speech and the name
_ENGLISH_REACH = 3
_WORDS = read_word_lists("archive", "speech")
_SAYING = frozenset(_WORDS["saying"].split()) & meanings("speech")
_WITH_CONTENT, _THAT, _SAYING_SO, _BETWEEN, _BEFORE_SUBJECT, _OWNED, _GOVERNING = (
    normalised(_WORDS[kind])
    for kind in ("with_content", "that", "saying_so", "between", "before_subject", "owned", "governing")
)
_ACCORDING = Phrases(read_word_lists("grounding", "clauses")["according"])
_OPENS_SPEECH = re.compile(r"[:«“\"”]")
_ENDS = re.compile(r"[.؟?!؛;:\n«»“”\"]")
_JOINED = "وف"


def is_speaker(quote: QuoteTokens, first: int, last: int) -> bool:
    """Tell whether whoever some tokens of a sentence name says what it reports."""
    if quote.words[first].isascii():
        return _is_english_speaker(quote, first, last)
    return _is_after_verb(quote, first, last) or _is_before_verb(quote, first, last) or _is_heading(quote, first, last)


def continues_speech(quote: QuoteTokens) -> bool:
    """Tell whether a sentence goes on with what was said before, by the same speaker: «وأضاف أن», «وتابع: …»."""
    if len(quote) < 2 or quote.words[0].isascii() or quote.words[0][0] != "و":
        return False
    return _is_speech(quote, 0) and (
        quote.words[1] in _THAT
        or (quote.words[1] in _SAYING_SO and bool(_OPENS_SPEECH.search(quote.gap(1))))
        or bool(_OPENS_SPEECH.search(quote.gap(0)))
    )


def _is_after_verb(quote: QuoteTokens, first: int, last: int) -> bool:
    """Tell whether a verb of speech, or "according to", stands before a name, and nothing but his office between."""
    for at in range(first - 1, max(first - 1 - _REACH, -1), -1):
        if _ENDS.search(quote.gap(at)):
            return False
        if _is_source(quote, at):
            return True
        if _is_speech(quote, at):
            return not _is_governed(quote, first) and not _is_owned(quote, at, first) and _has_content(quote, at, last)
        if not (_is_office(quote, at) or _is_office_of_source(quote, at)):
            return False
    return False


def _is_source(quote: QuoteTokens, at: int) -> bool:
    """Tell whether a phrase as "according to" ends at a token."""
    found = (_ACCORDING.at(quote.tokens, begin) for begin in range(max(at - 3, 0), at + 1))
    return any(one is not None and one.last == at for one in found)


def _is_office_of_source(quote: QuoteTokens, at: int) -> bool:
    """Tell whether a word is an office behind "according to", with the «ل» of «وفقا لوزير»."""
    word = quote.words[at]
    return at > 0 and word[0] == "ل" and _is_title(word[1:]) and _is_source(quote, at - 1)


def _is_before_verb(quote: QuoteTokens, first: int, last: int) -> bool:
    """Tell whether a name is the subject of the verb of speech behind it: «إن لافروف أكد»."""
    if _is_governed(quote, first) or not _begins_clause(quote, first):
        return False
    for at in range(last + 1, min(last + 1 + _REACH, len(quote))):
        if _ENDS.search(quote.gap(at - 1)):
            return False
        if _is_speech(quote, at):
            return quote.words[at][0] not in _JOINED and _has_content(quote, at, at)
        if not _is_office(quote, at):
            return False
    return False


def _begins_clause(quote: QuoteTokens, first: int) -> bool:
    """Tell whether a clause begins with a name and the words of his office before it."""
    for at in range(first - 1, max(first - 1 - _REACH, -1), -1):
        if _ENDS.search(quote.gap(at)) or quote.words[at] in _BEFORE_SUBJECT:
            return True
        if not _is_office(quote, at):
            return False
    return first <= _REACH


def _is_heading(quote: QuoteTokens, first: int, last: int) -> bool:
    """Tell whether a sentence is a name with a colon and what he says: «لافروف: لن ننسحب»."""
    return first == 0 and ":" in quote.gap(last) and last + 1 < len(quote)


def _is_speech(quote: QuoteTokens, at: int) -> bool:
    return any(verb.form != "noun" and verb.meaning in _SAYING for verb in verbs_of(quote.words[at]))


def _has_content(quote: QuoteTokens, verb: int, after: int) -> bool:
    """Tell whether what is said follows a name, for the verbs that say little by themselves."""
    word = quote.words[verb]
    if not any(form in _WITH_CONTENT for form in (word, word[1:], word[:-1], word[1:-1])):
        return True
    return any(
        bool(_OPENS_SPEECH.search(quote.gap(at))) or (at > after and quote.words[at] in _THAT)
        for at in range(after, len(quote))
    )


def _is_governed(quote: QuoteTokens, first: int) -> bool:
    """Tell whether a particle on a name, or a small word before it, makes it no subject: «لشويغو»."""
    token = quote.tokens[first]
    return quote.text[token.start] in "بلك" and _particle_is_off(quote, first)


def _particle_is_off(quote: QuoteTokens, first: int) -> bool:
    word = quote.words[first]
    known = load_lexicon().forms
    return (
        word not in known
        and word not in word_table("persons", "given")
        and (word[1:] in known or word[1:] in word_table("persons", "given") or word.startswith("لل"))
    )


def _is_owned(quote: QuoteTokens, verb: int, first: int) -> bool:
    """Tell whether a name only says whose somebody is who speaks: «قال محامي القذافي», «قال محامي الرئيس بوتين»."""
    for at in range(verb + 1, first):
        if _is_title(quote.words[at]) and not quote.words[at].startswith("ال"):
            following = at + 1
            if following == first or (_is_title(quote.words[following]) and not _parted(quote, at)):
                return True
    return False


def _parted(quote: QuoteTokens, at: int) -> bool:
    return "،" in quote.gap(at) or "," in quote.gap(at)


def _is_office(quote: QuoteTokens, at: int) -> bool:
    """Tell whether a word may stand between a verb and a name without being somebody else's."""
    word = quote.words[at]
    if word in _BETWEEN or word.startswith("ال") or _is_title(word):
        return True
    if word.startswith("لل"):
        return not _is_title(f"ال{word[2:]}")
    return place_in_english(word, load_lexicon()) is not None and word[0] not in "بلكوف"


@cache
def _titles() -> frozenset[str]:
    return word_table("persons", "titles")


def _is_title(word: str) -> bool:
    return any(form in _titles() for form in bare_forms(word, particles=0))


def _is_english_speaker(quote: QuoteTokens, first: int, last: int) -> bool:
    """Tell whether an English sentence has a name say something: "Lavrov said", "according to Lavrov"."""
    following = list(_beside(quote, range(last + 1, min(last + 1 + _ENGLISH_REACH, len(quote)))))
    if following[:1] and quote.words[following[0]] in _OWNED:
        return False
    if first and quote.words[first - 1] in _GOVERNING and not _is_source(quote, first - 1):
        return False
    before = list(_beside(quote, range(first - 1, max(first - 1 - _ENGLISH_REACH, -1), -1)))
    if first and _is_source(quote, first - 1):
        return True
    near = (next((at for at in side if quote.words[at] not in _BETWEEN), None) for side in (following, before))
    return any(at is not None and _is_speech(quote, at) and _is_past_or_first(quote, at) for at in near)


def _beside(quote: QuoteTokens, places: Iterable[int]) -> Iterator[int]:
    """Yield the places up to the first that a sentence's mark parts from those before it."""
    for at in places:
        yield at
        if _ENDS.search(quote.gap(at)):
            return


def _is_past_or_first(quote: QuoteTokens, at: int) -> bool:
    """Tell whether an English word is a verb here: «said», «says», and not "a state"."""
    return any(verb.form == "past" for verb in verbs_of(quote.words[at])) or quote.words[at].endswith("s")
