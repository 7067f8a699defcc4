"""How many people a text says were killed, hurt, missing…: each number with what befell those that it counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from retrieval.expressions.amounts import Amount, amounts_in
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.expressions.word_tables import word_table
from retrieval.nlp.analysis import words
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.nlp.word_lists import normalised, read_word_lists
from retrieval.types import Span

ANYBODY = ""  # who is counted where no others are named: «قتيلا», «شخصا»
_BACK, _LONGEST_BACK = 8, 12  # words before a number that may say what befell; more where nobody is named behind it
_AHEAD = 4  # words behind those who are counted: «خمسة أشخاص على الأقل لقوا حتفهم»


@dataclass(frozen=True, slots=True)
class PeopleCounted:
    """A number of people, with its tokens, what befell them and who they are."""

    amount: Amount
    span: Span  # tokens, the end inclusive
    outcome: str
    who: str  # soldiers, children…, where they are only some of the people there; ANYBODY otherwise


@cache
def _outcomes() -> Mapping[str, str]:
    listed = read_word_lists("archive", "sides")["outcomes"]
    return {word: outcome for outcome, own in reversed(listed.items()) for word in normalised(own)}


def outcome_of(word: str) -> str | None:
    """Return what befell people, as a normalised word says it.

    >>> [outcome_of(word) for word in ("القتلي", "واصيب", "وفيات", "مدرسه", "injured")]
    ['killed', 'injured', 'killed', None, 'injured']
    """
    known = _outcomes()
    return next((known[form] for form in bare_forms(word) if form in known), None)


def outcome_asked(text: str) -> str | None:
    """Return what befell those whom a question counts; None where it asks of no such thing.

    >>> outcome_asked("how many people were wounded in the blast"), outcome_asked("كم مدرسة أضربت؟")
    ('injured', None)
    """
    return next((found for word in words(text) if (found := outcome_of(word))), None)


def people_counted(quote: QuoteTokens, taken: Collection[int]) -> list[PeopleCounted]:
    """Return the numbers of a quote that count people to whom something befell; `taken` are tokens of dates."""
    amounts = [one for one in amounts_in(quote) if one.unit is None and not one.is_percentage and not one.is_span]
    numbers = {at for one in amounts for at in range(one.first, one.last + 1)}
    found = []
    for amount in amounts:
        if amount.is_excluded or amount.first in taken:
            continue
        one = _counted(quote, amount, numbers - {*range(amount.first, amount.last + 1)})
        if one:
            found.append(one)
    return found


def _counted(quote: QuoteTokens, amount: Amount, numbers: Collection[int]) -> PeopleCounted | None:
    noun = _noun_after(quote, amount)
    if noun is None:
        outcome = _before(quote, amount.start, numbers, alone=True)
        return PeopleCounted(amount, Span(amount.start, amount.end), outcome, ANYBODY) if outcome else None
    word = quote.words[noun]
    own = outcome_of(word)
    if own and noun > amount.end + 1:
        return None  # «ثلاثة من القتلى» are some of them
    if own and outcome_of(quote.words[max(amount.start - 1, 0)]) not in (own, None):
        return None  # «وفاة أربعة مصابين»: neither all the dead nor all the wounded
    people = word in word_table("numbers", "people")
    outcome = own or _before(quote, amount.start, numbers) or _behind(quote, noun, numbers)
    if outcome is None or is_part(quote, Span(amount.start, noun)):
        return None
    return PeopleCounted(amount, Span(amount.start, noun), outcome, ANYBODY if own or people else _kind_of_people(word))


def _kind_of_people(word: str) -> str:
    """Return whom a word names, where they are only some of the people at an event.

    >>> [_kind_of_people(word) for word in ("جنود", "مدنيين", "راكبا")]
    ['armed', 'civilians', '']
    """
    kinds = read_word_lists("archive", "sides")["kinds_of_people"]
    forms = {*bare_forms(word)}
    return next((kind for kind, listed in kinds.items() if not forms.isdisjoint(normalised(listed))), ANYBODY)


def _noun_after(quote: QuoteTokens, amount: Amount) -> int | None:
    """Return the token of those who are counted, as it follows their number: «9 أشخاص», «خمسة من العمال»."""
    at = amount.end + 1
    if not quote.are_joined(amount.end, at):
        return None
    if quote.words[at] == "من" and quote.are_joined(at, at + 1):
        return at + 1
    word = quote.words[at]
    is_other = word in ARABIC_STOP or word[0] in "وف" or (outcome_of(word) is None and word[0] in "بل")
    return None if is_other and word not in word_table("numbers", "people") else at


def is_part(quote: QuoteTokens, span: Span) -> bool:
    """Tell whether a number is one of a part and its whole: «بينهم ثلاثة أطفال», «ست حالات من الـ17»."""
    before, behind = quote.words[max(span.start - 2, 0) : span.start], quote.words[span.end + 1 : span.end + 4]
    whole = [word for word in behind[1:] if word != "ال"]
    is_of_others = behind[:1] == ["من"] and bool(whole) and whole[0][0].isdigit()
    return is_of_others or before == ["من", "ال"] or bool({*before} & counting_words("part"))


def _before(quote: QuoteTokens, start: int, numbers: Collection[int], *, alone: bool = False) -> str | None:
    """Return what befell, as the nearest word before a number says it.

    Commas may stand between where nobody is named behind the number: «ترتفع الحصيلة، وفق روايته، إلى عشرة».
    """
    leading = {form for word in quote.words[max(start - 1, 0) : start + 1] for form in bare_forms(word)}
    named = not leading.isdisjoint(counting_words("named"))
    goes_on = quote.words[start][0] == "و"  # «خمسة جنود وسبعة مدنيين»
    crossing = named or (alone and not leading.isdisjoint(word_table("numbers", "linking")))
    for at in range(start - 1, max(start - 1 - (_LONGEST_BACK if alone or named else _BACK), -1), -1):
        gap = quote.gap(at)
        is_another = at in numbers and not goes_on
        if is_another or quote.words[at] in counting_words("part") or set(gap) & set(".؛;:؟?!\n("):
            return None
        if not crossing and set(gap) & set("،,"):
            return None
        found = outcome_of(quote.words[at])
        if found:
            return found
    return None


def _behind(quote: QuoteTokens, noun: int, numbers: Collection[int]) -> str | None:
    for at in range(noun + 1, min(noun + 1 + _AHEAD, len(quote))):
        if at in numbers or not quote.are_in_one_clause(at - 1, at):
            return None
        found = outcome_of(quote.words[at])
        if found:
            return found
    return None


@cache
def counting_words(kind: str) -> frozenset[str]:
    """Return the words of a list of `data/sides.toml` about numbers, normalised; a phrase's words parted by spaces."""
    listed = read_word_lists("archive", "sides")["counting"][kind]
    return frozenset(word.replace("_", " ") for word in normalised(listed))
