"""Whether a name is who says what a sentence reports: «وقال وزير الدفاع سيرغي شويغو إن…», "according to Shoigu".

Nothing rather than another man's words: between a verb of speech and the name stand only words of his office.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from retrieval.archive.office_words import is_one_office, is_owner, is_title, may_be_office
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.grounding.phrases import Phrases
from retrieval.grounding.verbs import meanings, verbs_of
from retrieval.nlp.word_lists import normalised, read_word_lists

_REACH = 14  # tokens between a verb of speech and the name
_ENGLISH_REACH = 3
_WORDS = read_word_lists("archive", "speech")
_SAYING, _OF_PEOPLE = (frozenset(_WORDS[kind].split()) & meanings("speech") for kind in ("saying", "of_people"))
_WITH_CONTENT, _ALSO, _THAT, _SAYING_SO, _RELAYING, _FROM, _HIS_WORDS = (
    normalised(_WORDS[kind]) for kind in ("with_content", "also", "that", "saying_so", "relaying", "from", "his_words")
)
_BETWEEN, _BEFORE_SUBJECT, _OWNED, _GOVERNING = (
    normalised(_WORDS[kind]) for kind in ("between", "before_subject", "owned", "governing")
)
_ACCORDING = Phrases(read_word_lists("grounding", "clauses")["according"])
_OPENS_SPEECH = re.compile(r"[:«“\"”]")
_ENDS = re.compile(r"[.؟?!؛;:\n«»“”\"]")
_JOINED = "وف"
_FIRST_PERSON = ("ن", "ا")  # letters that begin an imperfect of ours
_TAKING = "بلك"  # particles on a name that is no subject


def is_speaker(quote: QuoteTokens, begin: int, finish: int) -> bool:
    """Tell whether whoever a slice of a sentence names says what it reports."""
    own = [at for at, token in enumerate(quote.tokens) if token.start < finish and token.end > begin]
    if not own:
        return False
    first, last = own[0], own[-1]
    if quote.words[first].isascii():
        return _is_english_speaker(quote, first, last)
    particles = quote.text[quote.tokens[first].start : begin]
    is_taken = any(letter in _TAKING for letter in particles)
    if is_taken:
        return _is_source_before(quote, first)
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
        if _is_end(quote, at):
            return False
        if _is_source(quote, at):
            return not is_owner(quote, at, first)
        if _is_relayed(quote, at, last):
            return not is_owner(quote, at, first)
        if _is_speech(quote, at):
            may_act = not _is_speech(quote, at, _OF_PEOPLE) or is_one_office(quote, at, first)
            return may_act and not is_owner(quote, at, first) and _has_content(quote, at, last)
        if not (may_be_office(quote, at, first) or _is_office_of_source(quote, at)):
            return False
    return False


def _is_source(quote: QuoteTokens, at: int) -> bool:
    """Tell whether a phrase as "according to" ends at a token."""
    found = (_ACCORDING.at(quote.tokens, begin) for begin in range(max(at - 3, 0), at + 1))
    return any(one is not None and one.last == at for one in found)


def _is_source_before(quote: QuoteTokens, first: int) -> bool:
    """Tell whether "according to" stands right before a name with its particle: «وفقا لحمدان»."""
    return first > 0 and _is_source(quote, first - 1) and not _ENDS.search(quote.gap(first - 1))


def _is_relayed(quote: QuoteTokens, at: int, last: int) -> bool:
    """Tell whether a token is the «عن» of whom somebody quotes: «نقلت الوكالة عن لافروف قوله»."""
    if quote.words[at] not in _FROM:
        return False
    relaying = (before for before in range(at - 1, max(at - 1 - _REACH, -1), -1) if quote.words[before] in _RELAYING)
    begins = next(relaying, None)
    is_clause = begins is not None and not any(_is_end(quote, between) for between in range(begins, at))
    return is_clause and any(word in _THAT | _HIS_WORDS for word in quote.words[last + 1 : last + 1 + _REACH])


def _is_office_of_source(quote: QuoteTokens, at: int) -> bool:
    """Tell whether a word is an office behind "according to", with the «ل» of «وفقا لوزير»."""
    word = quote.words[at]
    return at > 0 and word[0] == "ل" and is_title(word[1:]) and _is_source(quote, at - 1)


def _is_before_verb(quote: QuoteTokens, first: int, last: int) -> bool:
    """Tell whether a name is the subject of the verb of speech behind it: «إن لافروف أكد»."""
    if not _begins_clause(quote, first):
        return False
    for at in range(last + 1, min(last + 1 + _REACH, len(quote))):
        if _is_end(quote, at - 1):
            return False
        if _is_speech(quote, at):
            return quote.words[at][0] not in _JOINED and _has_content(quote, at, at)
        if not may_be_office(quote, at, len(quote)):
            return False
    return False


def _begins_clause(quote: QuoteTokens, first: int) -> bool:
    """Tell whether a clause begins with a name and the words of his office before it."""
    for at in range(first - 1, max(first - 1 - _REACH, -1), -1):
        if _is_end(quote, at) or quote.words[at] in _BEFORE_SUBJECT:
            return not is_owner(quote, at, first)
        if not may_be_office(quote, at, first):
            return False
    return first <= _REACH and not is_owner(quote, -1, first)


def _is_heading(quote: QuoteTokens, first: int, last: int) -> bool:
    """Tell whether a sentence is a name with a colon and what he says: «الوزير حمدان: لن ننسحب»."""
    is_leading = all(may_be_office(quote, at, first) for at in range(first)) and not is_owner(quote, -1, first)
    return is_leading and ":" in quote.gap(last) and last + 1 < len(quote)


def _is_speech(quote: QuoteTokens, at: int, wanted: frozenset[str] = _SAYING) -> bool:
    word = quote.words[at]
    is_ours = word.lstrip(_JOINED)[:1] in _FIRST_PERSON  # «نناشد الوزير», «أقول»
    forms = ("past",) if is_ours and not word.isascii() else ("past", "present")
    is_listed = wanted is _SAYING and (word in _ALSO or (word[0] in _JOINED and word[1:] in _ALSO))
    return is_listed or any(verb.form in forms and verb.meaning in wanted for verb in verbs_of(word))


def _is_end(quote: QuoteTokens, at: int) -> bool:
    """Tell whether what is said behind a token belongs to another clause; «د.» is short for a title."""
    is_short = len(quote.words[at]) == 1 and quote.gap(at).strip() == "."
    return not is_short and bool(_ENDS.search(quote.gap(at)))


def _has_content(quote: QuoteTokens, verb: int, after: int) -> bool:
    """Tell whether what is said follows a name, for the verbs that say little by themselves."""
    word = quote.words[verb]
    if not any(form in _WITH_CONTENT for form in (word, word[1:], word[:-1], word[1:-1])):
        return True
    return any(
        bool(_OPENS_SPEECH.search(quote.gap(at))) or (at > after and quote.words[at] in _THAT)
        for at in range(after, len(quote))
    )


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
