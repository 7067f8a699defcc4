"""How a sentence stands to a value that it states: whether it denies it, or puts another one right by it."""

from __future__ import annotations

from functools import cache

from retrieval.archive.outcomes import counting_words
from retrieval.expressions.amounts import amounts_in
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.nlp.analysis import words
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.word_lists import normalised, read_word_lists
from retrieval.types import Span

_BEFORE = 6  # words before a figure, in its clause, that may deny it
_ONLY_REACH = 2  # words behind a figure
_TOTAL_REACH = 8  # words before a figure that may say that it is a total
_CLAUSE_ENDS = ".،؛:!?؟\n"


def contradicted_in(text: str) -> frozenset[float]:
    """Return the numbers that a sentence says to be wrong beside the right one.

    >>> contradicted_in("يثبت أن وزنها 41 طناً وليس 60 طناً"), contradicted_in("قتل 5 أشخاص")
    (frozenset({60.0}), frozenset())
    """
    quote = QuoteTokens(text)
    excluded = [one for one in amounts_in(quote) if one.is_excluded and one.value is not None]
    negated = (one for one in excluded if {*quote.words[max(one.start - 2, 0) : one.start]} & _marks("not"))
    return frozenset(one.value for one in negated if one.value is not None)


def is_correction(text: str) -> bool:
    """Tell whether a sentence puts what was said before right.

    >>> is_correction("عدّلت الوزارة الحصيلة إلى 11 قتيلا"), is_correction("قتل 11 شخصا")
    (True, False)
    """
    said = (form for word in words(text) for form in bare_forms(word))
    return bool(contradicted_in(text)) or not _marks("corrected").isdisjoint(said)


def is_denied(text: str, value: Span) -> bool:
    """Tell whether a value is told only to be denied.

    >>> text = "أما الحديث عن 41 مدرسة فلا أساس له من الصحة"
    >>> is_denied(text, Span(text.index("41"), text.index("فلا"))), is_denied("شارك 41 معلما", Span(5, 13))
    (True, False)
    """
    opening = max(text.rfind(mark, 0, value.start) for mark in _CLAUSE_ENDS) + 1
    before = words(text[opening : value.start])[-_BEFORE:]
    if any(form in _marks("denying") for word in before for form in bare_forms(word)):
        return True
    rest = QuoteTokens(text[value.end :])
    upto = next((one.start for one in amounts_in(rest)), len(rest))
    behind = " ".join(word.removeprefix("ف") for word in rest.words[:upto])
    return any(f" {phrase} " in f" {behind} " for phrase in _marks("denied"))


def is_tentative(text: str) -> bool:
    """Tell whether a sentence says what may be, is planned or is asked, and not what is.

    >>> is_tentative("قد ترتفع الأسعار"), is_tentative("ارتفعت الأسعار")
    (True, False)
    """
    return "؟" in text or not counting_words("expected").isdisjoint(words(text))


def holds_against(text: str, value: Span) -> bool:
    """Tell whether a value is held against others: «أربعة منازل فقط».

    >>> holds_against("أزالت أربعة منازل فقط", Span(6, 17)), holds_against("أزالت أربعة منازل", Span(6, 17))
    (True, False)
    """
    return not _marks("only").isdisjoint(words(text[value.end :])[:_ONLY_REACH])


def looks_back(text: str) -> bool:
    """Tell whether a sentence adds what was known before: «وكانت المديرية تحدثت عن 340 بيتا».

    >>> looks_back("وكان الدفاع المدني أعلن مقتل خمسة"), looks_back("قتل خمسة")
    (True, False)
    """
    return {*words(text)[:1]} <= _marks("looking_back")


def is_total(text: str, value: Span) -> bool:
    """Tell whether a value is said to be a total, and not one that was: «ترتفع الحصيلة، وفق روايته، إلى عشرة».

    >>> text = "وبذلك ترتفع الحصيلة إلى عشرة"
    >>> is_total(text, Span(text.index("عشرة"), len(text))), is_total("قتل عشرة", Span(4, 8))
    (True, False)
    """
    before = {form for word in words(text[: value.start])[-_TOTAL_REACH:] for form in bare_forms(word)}
    said = bool(before & counting_words("total"))
    return said and not {*words(text)} & counting_words("elsewhere")


@cache
def _marks(kind: str) -> frozenset[str]:
    listed = read_word_lists("archive", "sides")["marks"][kind]
    return frozenset(word.replace("_", " ") for word in normalised(listed))
