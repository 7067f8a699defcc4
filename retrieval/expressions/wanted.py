"""What kind of expression answers a question, read from its words: an amount of what, a date, a place, a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from retrieval.expressions.word_tables import MONEY, SPAN_OF_TIME, unit_of, word_table, word_tables
from retrieval.nlp.analysis import tokens
from retrieval.nlp.asking import load_asking_words
from retrieval.nlp.stopwords import ENGLISH_STOP
from retrieval.search.query import Query
from retrieval.types import ExpressionKind

_AMOUNT_ASKS = frozenset(("how many", "how much", "how long", "how far", "how old"))  # of `Asks`
_DATE_PARTS = ("year", "month", "day", "clock")
_PLACE_PARTS = ("country", "city")
_PART_ASKED_BY = frozenset(("اي", "ايه", "ما", "which", "what"))
_LATEST_ASKING = 2  # words before an English question word; a later one begins a clause: "the year when"
_LONGEST_NOUN = 3  # words of what is counted
_MOST_BETWEEN = 2  # words between a question word and the part of a date that it asks for
_ATTRIBUTE_REACH = 3  # words after a question word that name what is measured


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; terms are places in the question's terms."""

    kind: ExpressionKind
    predicates: tuple[int, ...] = ()  # terms one of which says what is asked: «متى توفي», "killed"
    noun: int | None = None  # the term that is counted
    counted: str | None = None  # its word in the question
    counted_in_english: str | None = None  # the same in full, where it is certain: "cholera deaths"
    measures: frozenset[str] = frozenset()  # what an amount's unit may measure
    units: frozenset[str] = frozenset()  # by their English names, where the question names them
    attribute: str | None = None  # length, depth…: what is measured
    part: str | None = None  # of a date or a place: year, month, day, clock, country, city


class _Asked(NamedTuple):
    """A question's words, and where its first words of asking stand: from, and behind them; -1 and 0 for none."""

    words: list[str]
    at: int
    behind: int

    def next(self, most: int) -> list[str]:
        """Return the words from the second word of asking on: "how | old is he", «كم | عدد السكان»."""
        return self.words[self.at + 1 : self.at + 1 + most]


def _read(text: str) -> _Asked:
    found = tokens(text)
    roles = load_asking_words().read(text, found).roles
    at = next((place for place, role in enumerate(roles) if role == "asks"), -1)
    behind = at + 1
    while 0 < behind < len(roles) and roles[behind] == "asks":
        behind += 1
    return _Asked([token.text for token in found], at, behind)


def wanted_expression(query: Query) -> Wanted | None:
    """Return what kind of expression answers a question; None where no single expression does."""
    asked = _read(query.text)
    if query.language == "en" and asked.at > _LATEST_ASKING:
        return None
    if query.asks == "when":
        return Wanted("date", _predicates(query, asked), part=_part(asked.words, _DATE_PARTS))
    if query.asks == "where":
        return Wanted("place", _predicates(query, asked), part=_part(asked.words, _PLACE_PARTS))
    if query.asks == "who":
        return _person(query, asked)
    if query.asks in _AMOUNT_ASKS:
        return _amount(query, asked)
    return _named_amount(query, asked)


def _person(query: Query, asked: _Asked) -> Wanted | None:
    """Return that a person is asked for; None where a person is named and what he is is asked: «من هو النبي سليمان»."""
    content = [word for word in asked.words[asked.at + 1 :] if any(word == term.surface for term in query.terms)]
    is_described = bool({*asked.next(1)} & word_table("questions", "copulas"))
    given = word_table("persons", "given")
    names = [word in given or _is_name(query, word) for word in content[:2]]
    titled = len(content) > 1 and content[0].startswith("ال") and names[1]
    if not content or (is_described and (names[0] or titled)):
        return None
    return Wanted("person", _predicates(query, asked, first=True))


def _is_name(query: Query, word: str) -> bool:
    return any(term.surface == word and (term.kind == "name" or term.keys) for term in query.terms)


def _predicates(query: Query, asked: _Asked, noun: int | None = None, *, first: bool = False) -> tuple[int, ...]:
    """Return the terms that say what is asked of the rest.

    Arabic has the verb, or the noun of one, right after the question word. English has it last, but after a counted
    noun; names are none.
    """
    places = {word: at for at, word in reversed(list(enumerate(asked.words)))}
    start = asked.behind - 1
    if noun is not None:
        start = max(start, places.get(query.terms[noun].surface, -1))
    usable = [
        (places.get(term.surface, -1), number)
        for number, term in enumerate(query.terms)
        if term.kind == "word"
        and not (term.parts or term.keys)
        and number != noun
        and term.surface not in word_table("questions", "light")
    ]
    after = [number for place, number in sorted(usable) if place > start] or [number for _, number in usable]
    return tuple(after[:1] if query.language == "ar" or noun is not None or first else after[-2:])


def _part(asked: Sequence[str], parts: Collection[str]) -> str | None:
    """Return the part that follows a question word: «في أي عام», "which city"."""
    for at, word in enumerate(asked):
        if word in _PART_ASKED_BY:
            beside = {*asked[at + 1 : at + 1 + _MOST_BETWEEN]}
            found = next((part for part in parts if word_table("questions", part) & beside), None)
            if found:
                return found
    return None


def _amount(query: Query, asked: _Asked) -> Wanted | None:
    """Return the amount that is asked for: a percentage, an age, what a unit measures, or a number of something."""
    if {*asked.words} & word_table("questions", "percentage"):
        return Wanted("percentage", _predicates(query, asked))
    first = next((word for word in asked.next(_ATTRIBUTE_REACH) if word not in word_table("numbers", "skipped")), "")
    if first in word_table("questions", "age"):
        return Wanted("age", _predicates(query, asked))
    if first == "often":  # «كل خمس سنوات» is no number
        return None
    noun = _counted(query, asked)
    measure = _measure(noun.word) if noun else None
    if noun and measure:
        predicates = _predicates(query, asked, noun.term)
        return Wanted(_kind_of(measure), predicates, measures=frozenset((measure,)), units=_unit_names(noun.word))
    return _measured(query, asked, first, noun)


def _measured(query: Query, asked: _Asked, first: str, noun: _Counted | None) -> Wanted | None:
    """Return the amount that is asked for by the word after the question word, or by one that speaks of money."""
    said, predicates = {*asked.words}, _predicates(query, asked)
    durations = word_table("questions", "duration")
    lasts = first in durations or (noun is None and bool(said & durations))
    attribute = next((name for name, forms in word_tables("attributes").items() if first in forms), None)
    if lasts or first == "long":  # a strike, or a bridge
        return Wanted(
            "duration", predicates, measures=frozenset((SPAN_OF_TIME,)), attribute=None if lasts else attribute
        )
    if attribute:
        return Wanted("measure", predicates, units=_units_said(asked, attribute), attribute=attribute)
    if said & word_table("questions", "money") and asked.next(1) not in (["عدد"], ["many"]):
        return Wanted("money", predicates, measures=frozenset((MONEY,)))
    return Wanted("number", _predicates(query, asked, noun.term), *noun) if noun else None


def _kind_of(measure: str) -> ExpressionKind:
    kinds: dict[str, ExpressionKind] = {MONEY: "money", SPAN_OF_TIME: "duration"}
    return kinds.get(measure, "measure")


def _units_said(asked: _Asked, attribute: str) -> frozenset[str]:
    """Return the units that a question names; «كم» is none, though it is a kilometre elsewhere."""
    forms = map(unit_of, asked.words[asked.behind :])
    return frozenset(form.unit.english for form in forms if form and form.unit.measure == attribute)


def _unit_names(word: str) -> frozenset[str]:
    """Return the English names of the unit that a word of a question says, as the table of units has them."""
    form = unit_of(word)
    names = {form.unit.english} if form else {word, word.removesuffix("s"), word.replace("er", "re").removesuffix("s")}
    return frozenset((*names, *(f"square {name}" for name in names)))


class _Counted(NamedTuple):
    """What is counted: the term, its word, and its words in English where it is certain where they end."""

    term: int | None  # None for people, who are not looked for: «كم شخصا قتل»
    word: str
    english: str | None = None


def _counted(query: Query, asked: _Asked) -> _Counted | None:
    """Return what is counted: the first word behind those of asking, if it is looked for."""
    if asked.at < 0:
        return None
    terms = {term.surface: number for number, term in enumerate(query.terms) if not term.parts}
    following = [word for word in asked.words[asked.at + 1 :] if word not in word_table("numbers", "skipped")]
    if query.language == "en":
        return _english_noun(following, terms)
    word = following[0] if following else ""
    return _Counted(terms.get(word), word) if word in terms or word in word_table("numbers", "people") else None


def _english_noun(following: Sequence[str], terms: Mapping[str, int]) -> _Counted | None:
    """Return the noun of "how many cholera deaths were"; the first word where no verb tells where it ends."""
    known = {*terms} | word_table("numbers", "people")
    end = next((at for at, word in enumerate(following) if word in word_table("questions", "auxiliaries")), 0)
    head = next((at for at, word in enumerate(following[:end]) if word in ENGLISH_STOP), end)  # "years | in prison"
    nouns = [word for word in following[:head] if word in known]
    if 0 < end <= _LONGEST_NOUN and nouns:
        return _Counted(terms.get(nouns[-1]), nouns[-1], " ".join(following[:end]))
    word = following[0] if following else ""
    return _Counted(terms.get(word), word) if word in known else None


def _measure(word: str) -> str | None:
    """Return what the unit measures that a word of a question says: «كم يوما», "how many dollars"."""
    form = unit_of(word)
    if form:
        return form.unit.measure
    return next((measure for measure, units in word_tables("english_units").items() if word in units), None)


def _named_amount(query: Query, asked: _Asked) -> Wanted | None:
    """Return what a question without a word for amounts asks for: "the price of a barrel", "what did it cost"."""
    first = {*asked.words[:_ATTRIBUTE_REACH]}
    costs = query.language == "en" and query.asks == "what" and {*asked.words[-1:]} & word_table("questions", "costs")
    if costs or first & word_table("questions", "price"):
        return Wanted("money", _predicates(query, asked), measures=frozenset((MONEY,)))
    if first & word_table("questions", "percentage"):
        return Wanted("percentage", _predicates(query, asked))
    return None
