"""The values by which sentences answer how many, how much, how long, when or who: each with what it is a value of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from retrieval.answer_sides import SideKind
from retrieval.archive.outcomes import ANYBODY, counting_words, is_part, outcome_asked, outcome_of, people_counted
from retrieval.expressions.amounts import Amount, amounts_in
from retrieval.expressions.candidates import candidates_in
from retrieval.expressions.known_names import consonants
from retrieval.expressions.moments import moments_in
from retrieval.expressions.quote_reading import QuoteReading
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.expressions.wanted import Wanted, wanted_expression
from retrieval.expressions.word_tables import MONEY, SPAN_OF_TIME, unit_of, word_table, word_tables
from retrieval.nlp.analysis import stem, words
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.dates import Period
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.quantities import quantities_in
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import WEIGHTS
from retrieval.types import Span

_NOTHING = Wanted("number")
_SHORTEST_ROOT = 3  # consonants by which a plural is known
_RATE_REACH = 4  # words behind a number in which a text says that it is one of each day or month


@dataclass(frozen=True, slots=True)
class AskedValue:
    """What a question asks the value of."""

    kind: SideKind
    wanted: Wanted  # of no use where the kind is "whether"
    matcher: Matcher
    outcome: str | None = None  # of the people who are counted

    @property
    def is_of_anybody(self) -> bool:
        """Tell whether people are counted whoever they are: the dead, and not dead soldiers."""
        counted = self.wanted.counted
        return counted is None or counted in word_table("numbers", "people") or outcome_of(counted) is not None


@dataclass(frozen=True, slots=True)
class StatedValue:
    """A value that a sentence states, as a slice of it; only values of one `subject` can be compared."""

    span: Span
    value: str  # in digits; a day as YYYY-MM-DD; a name as it stands; yes or no
    subject: str  # who or what is counted, or what the unit measures
    nearness: float  # of what the question says, 0 to 1
    amount: Amount | None = None  # of a number
    period: Period | None = None  # of a day, a month or a year
    names: frozenset[str] = frozenset()  # stems, of a person

    @property
    def unit(self) -> str | None:
        """Return what the value is measured in, in English."""
        if self.amount is None:
            return None
        named = self.amount.unit.english if self.amount.unit else None
        return "per cent" if self.amount.is_percentage else named

    @property
    def is_exact(self) -> bool:
        """Tell whether it is given as exact."""
        return self.amount is None or self.amount.about is None

    @property
    def number(self) -> float:
        """Return the number, to sort by; 0 of what is none."""
        return (self.amount and self.amount.value) or 0.0


def asked_value(matcher: Matcher) -> AskedValue | None:
    """Return what a question asks the value of; None where it asks for no value."""
    query = matcher.question
    wanted = wanted_expression(query)
    if wanted is None and {*words(query.text)} & counting_words("tolls") and (outcome := outcome_asked(query.text)):
        return AskedValue("number", Wanted("number"), matcher, outcome)
    if query.asks == "yes_no":
        return AskedValue("whether", _NOTHING, matcher)
    if wanted is None or wanted.kind == "place":
        return None
    outcome = _outcome(wanted, matcher) if wanted.kind == "number" else None
    if wanted.kind == "number" and query.asks == "how much" and outcome is None:  # «قديش جمعت الشركة؟»
        wanted = Wanted("money", wanted.predicates, measures=frozenset((MONEY,)))
    return AskedValue(wanted.kind, wanted, matcher, outcome)


def is_unit(word: str) -> bool:
    """Tell whether a normalised word of a question is a unit of measure, in Arabic or English."""
    return unit_of(word) is not None or any(word in units for units in word_tables("english_units").values())


def _outcome(wanted: Wanted, matcher: Matcher) -> str | None:
    """Return what befell those who are counted: the noun says it, or the word that says what is asked of them."""
    terms = matcher.question.terms
    if wanted.counted is None or wanted.counted in word_table("numbers", "people"):
        return outcome_asked(matcher.question.text)
    own = outcome_of(wanted.counted)
    return own or next(filter(None, (outcome_of(terms[at].surface) for at in wanted.predicates)), None)


def stated_values(text: str, asked: AskedValue, lexicon: Lexicon) -> list[StatedValue]:
    """Return the values of the kind that is asked for, in a sentence's order."""
    if asked.kind in ("number", "percentage") and not any(one.kind == "number" for one in quantities_in(text)):
        return []  # most sentences
    reading = QuoteReading(text, asked.matcher, asked.wanted, lexicon)
    return [
        _value(reading, span, amount, subject)
        for span, amount, subject in _found(reading, asked, lexicon)
        if not _is_rate(reading.quote, span, asked)
        and not (is_part(reading.quote, span) and (asked.outcome is None or asked.is_of_anybody))
    ]


def _value(reading: QuoteReading, span: Span, amount: Amount, subject: str) -> StatedValue:
    own, stated = _stated(reading.quote, span, amount)
    return StatedValue(own, f"{amount.value or 0:.12g}", subject, reading.nearness(span), stated)


def _found(reading: QuoteReading, asked: AskedValue, lexicon: Lexicon) -> Iterator[tuple[Span, Amount, str]]:
    if asked.outcome:
        yield from _people(reading, asked)
    if asked.outcome and asked.is_of_anybody:
        return
    found = [(one.span, one.stated) for one in candidates_in(reading, lexicon)]
    if asked.kind == "number":
        known = {one.first for _, one in found if isinstance(one, Amount)}
        found += [one for one in _plurals(reading) if one[1].first not in known]
    others = _others(reading, asked)
    for span, amount in found:
        if not isinstance(amount, Amount) or amount.value is None or _is_other(reading, asked, span, amount):
            continue
        if asked.kind != "number" or amount.first not in others:
            yield span, amount, _subject(amount)


def _people(reading: QuoteReading, asked: AskedValue) -> Iterator[tuple[Span, Amount, str]]:
    """Yield the numbers of people whom befell what is asked; none of all since a day."""
    dated = {at for one in moments_in(reading.quote.text) for at in reading.quote.inside(one.start, one.end)}
    for one in people_counted(reading.quote, dated):
        if one.outcome != asked.outcome or _is_since(reading.quote, one.span, asked):
            continue
        if asked.is_of_anybody or _is_noun(reading, one.span.end):
            yield one.span, one.amount, one.who if asked.is_of_anybody else ANYBODY


def _others(reading: QuoteReading, asked: AskedValue) -> set[int]:
    """Return where numbers stand of people whom something else befell than what is asked: the dead are no cases."""
    is_said = reading.predicate() >= WEIGHTS.said
    return {
        one.amount.first
        for one in people_counted(reading.quote, ())
        if asked.outcome or not (is_said and _is_noun(reading, one.span.end))
    }


def _is_other(reading: QuoteReading, asked: AskedValue, span: Span, amount: Amount) -> bool:
    """Tell whether an amount is of something else: an age, the rest of a span of time, men where women are asked."""
    if asked.kind == "duration":
        return _is_age(reading.quote, amount, asked) or _is_rest(reading.quote, amount)
    return asked.kind == "number" and _is_of_another_gender(reading, span.end)


def _is_noun(reading: QuoteReading, at: int) -> bool:
    """Tell whether a word is the noun that a question counts, in any number: «بيتا», «بيوت»."""
    noun, counted = reading.wanted.noun, reading.wanted.counted
    if noun is None or counted is None:
        return False
    root = consonants(stem(counted))
    is_form = root == consonants(stem(reading.quote.words[at]))
    return reading.score(at, (noun,)) >= WEIGHTS.said or (is_form and len(root) >= _SHORTEST_ROOT)


def _is_of_another_gender(reading: QuoteReading, at: int) -> bool:
    """Tell whether men are counted where women are asked for: «1150 معلما» and not «معلمة»."""
    counted, word = reading.wanted.counted or "", reading.quote.words[at]
    return counted.endswith("ه") and not word.endswith(("ه", "ات")) and stem(word.removesuffix("ا")) == stem(counted)


def _plurals(reading: QuoteReading) -> Iterator[tuple[Span, Amount]]:
    """Yield the numbers of what a question counts in a plural that its word is not found by: «610 بيوت بلاستيكية».

    A root of two letters counts where the question's next word follows too.
    """
    counted = reading.wanted.counted
    root = consonants(stem(counted)) if counted else ""
    for amount in amounts_in(reading.quote):
        at = amount.end + 1
        if amount.unit or amount.is_excluded or amount.is_percentage or not reading.quote.are_joined(amount.end, at):
            continue
        if root and root == consonants(stem(reading.quote.words[at])):
            goes_on = reading.quote.are_joined(at, at + 1) and reading.is_asked(at + 1)
            if len(root) >= _SHORTEST_ROOT or goes_on:
                yield Span(amount.start, at), amount


def _subject(amount: Amount) -> str:
    """Return what a value is one of: times and sums of any unit can be compared, what is counted has none."""
    return amount.unit.measure if amount.unit else "per cent" if amount.is_percentage else ANYBODY


def _is_age(quote: QuoteTokens, amount: Amount, asked: AskedValue) -> bool:
    """Tell whether a span of time is somebody's age: «نقولا عبيد (61 عاما)»."""
    is_time = amount.unit is not None and amount.unit.measure == SPAN_OF_TIME
    in_brackets = amount.first > 0 and quote.gap(amount.first - 1).strip() == "(" and ")" in quote.gap(amount.end)
    return asked.kind == "duration" and is_time and in_brackets


def _stated(quote: QuoteTokens, span: Span, amount: Amount) -> tuple[Span, Amount]:
    """Return the slice of the text that states a value, with «لم» before it: «لم يتجاوز تسع مدارس»."""
    start = span.start
    if amount.about == "more than" and quote.words[max(start - 1, 0)] in ("لم", "لا") and start:
        return quote.span(start - 1, span.end), replace(amount, about="at most")
    first, end = quote.span(start, span.end)
    is_open = ")" in quote.text[first:end] and "(" not in quote.text[first:end]
    return Span(first - (is_open and quote.text[first - 1 : first] == "("), end), amount


def _is_since(quote: QuoteTokens, span: Span, asked: AskedValue) -> bool:
    """Tell whether a number is of all since a day: «مقتل 19 شخصا منذ بداية الأسبوع»."""
    first, last = span
    while first and quote.are_joined(first - 1, first):
        first -= 1
    while quote.are_joined(last, last + 1):
        last += 1
    said = not counting_words("since").isdisjoint(quote.words[first : last + 1])
    return said and counting_words("since").isdisjoint(words(asked.matcher.question.text))


def _is_rest(quote: QuoteTokens, amount: Amount) -> bool:
    """Tell whether an amount of time is only a part of what is said: «سنة وشهرين», «يومين ونصف»."""
    before, behind = quote.words[max(amount.start - 1, 0)], quote.words[amount.end + 1 : amount.end + 2]
    is_added = amount.start > 0 and quote.words[amount.start][0] == "و" and unit_of(before) is not None
    return is_added or any(word.removeprefix("و") in counting_words("halves") for word in behind)


def _is_rate(quote: QuoteTokens, span: Span, asked: AskedValue) -> bool:
    """Tell whether a number is one of each day or the like, which is no total of an event."""
    first = span.start
    while first and quote.are_joined(first - 1, first):
        first -= 1
    behind = quote.words[span.end + 1 : span.end + 1 + _RATE_REACH]
    near = {form for word in (*quote.words[first : span.start], *behind) for form in bare_forms(word)}
    phrases = {" ".join(pair) for pair in pairwise(behind)}
    said = bool(near & counting_words("rate")) or bool(phrases & counting_words("rate_phrases"))
    return said and not {*words(asked.matcher.question.text)} & counting_words("rate")


def are_comparable(one: StatedValue, other: StatedValue) -> bool:
    """Tell whether two values are of the same who or what, in one unit or both in units of time.

    No currency is held against another. Yes answers no where it affirms all that is denied.
    """
    if one.subject == "whether" and one.value != other.value:
        denied, affirmed = (one, other) if one.value == "no" else (other, one)
        return denied.names <= affirmed.names
    if one.amount is None or other.amount is None:
        return one.subject == other.subject
    return one.subject == other.subject and _rate(one.amount, other.amount) is not None


def _rate(one: Amount, other: Amount) -> tuple[float, float] | None:
    """Return what one of a value's unit is in another's, at least and at most; None where that is not known."""
    if one.unit == other.unit:
        return 1.0, 1.0
    if one.unit is None or other.unit is None:
        return None
    pair = one.unit.english, other.unit.english
    if one.unit.measure == SPAN_OF_TIME and {*pair} <= _DAYS.keys():
        low, high = (_DAYS[pair[0]][end] / _DAYS[pair[1]][1 - end] for end in (0, 1))
        return low, high
    return None


def agree(one: StatedValue, other: StatedValue) -> bool:
    """Tell whether two values say the same, as far as they are exact."""
    if one.amount and other.amount:
        return one.subject == other.subject and _may_equal(one.amount, other.amount)
    if one.period and other.period:
        return max(one.period.first, other.period.first) <= min(one.period.last, other.period.last)
    return one.value == other.value or (one.subject == "person" and bool(one.names & other.names))


def _may_equal(one: Amount, other: Amount) -> bool:
    values = one.value, other.value
    rate = _rate(one, other)
    if None in values or rate is None:
        return False
    if rate != (1.0, 1.0):
        return rate[0] * (one.value or 0) <= (other.value or 0) <= rate[1] * (one.value or 0)
    return one.value == other.value or _is_within(one, other) or _is_within(other, one)


def _is_within(one: Amount, other: Amount) -> bool:
    """Tell whether a value may be what another one says in round numbers, or as a bound."""
    assert one.value is not None
    assert other.value is not None
    low, high = _BOUNDS.get(other.about or "", (1.0, 1.0))
    if low * other.value <= one.value <= high * other.value:
        return True
    digits = f"{other.value:.0f}".rstrip("0")
    return other.value >= _ROUNDED and _rounded(one.value, max(len(digits), 2)) == other.value


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


# How far from what is said a value may be that is still the same: «نحو 60» is 58, «أكثر من 60» is 64 and not 90.
_BOUNDS: Mapping[str, tuple[float, float]] = {
    "about": (0.9, 1.1),
    "more than": (1.0, 1.2),
    "at least": (1.0, 1.2),
    "less than": (0.8, 1.0),
    "at most": (0.8, 1.0),
}
_DAYS: Mapping[str, tuple[float, float]] = {"day": (1, 1), "week": (7, 7), "month": (28, 31), "year": (365, 366)}
_ROUNDED = 1000.0  # from which values are given in round numbers
