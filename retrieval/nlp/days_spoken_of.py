"""The days that a sentence speaks of, by its article's own day; and which of several is the sentence's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from retrieval.nlp.analysis import Token, normalise, normalise_with_offsets, stem, tokens
from retrieval.nlp.dated_words import DayMeant, Precision, day_meant
from retrieval.nlp.dates import Period
from retrieval.nlp.time_expressions import TimeExpression, forms_of, time_expressions_in

_FAR = 60  # days; what a relative clause says of a day farther away is background, and no news
_REACH = 8  # words before a day by which it may be told to be planned, or to be said by the way
_NEAR = 4  # words
_DATELINE = re.compile(r"^[^.:؛]{2,60}\([^)]{2,40}\) ?[-–—:]")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_BOUNDARY = re.compile(r"[،,؛;:«»“”\"()]")
_JOINING = re.compile(r" ?(?:و?(?:حتي|الي)|و|-|–|to|and|until|till) ?")
_OPENERS = ("«", "“", '"')
_CLOSERS = ("»", "”", '"')  # «الفرات اليوم» is a newspaper
_FUTURE = re.compile(r"[وف]?س[يتنا]\w{3,}")


class Clause(IntEnum):
    """Where in its sentence a day stands; a smaller one is the likelier to be the sentence's own."""

    MAIN = 0
    REPORTED = 1  # in what somebody is said to have said
    BACKGROUND = 2  # since, until, by, compared with it
    ASIDE = 3  # of another clause: never the sentence's own


@dataclass(frozen=True, slots=True)
class SpokenDay:
    """Days that words of a sentence mean: the words as a slice of it, and how exactly they say it."""

    start: int
    end: int
    period: Period
    precision: Precision
    clause: Clause = Clause.MAIN


def day_of_sentence(sentence: str, published: Period | None) -> SpokenDay | None:
    """Return the days that a sentence speaks of, by the day of its article; None where it names none for certain.

    >>> own = Period("2019-05-15", "2019-05-15")
    >>> day_of_sentence("وصل الوزير، الذي ولد عام 1950، أمس إلى موسكو.", own).period.first
    '2019-05-14'
    >>> day_of_sentence("وصل الوزير الذي ولد عام 1950 إلى موسكو.", own) is None
    True
    """
    own = [one for one in days_in(sentence, published) if one.clause is not Clause.ASIDE]
    if not own:
        return None
    first = min(own, key=lambda one: one.clause)
    within = (one for one in own if one.clause == first.clause and _is_finer(one, first))
    return next(within, first)


def _is_finer(one: SpokenDay, other: SpokenDay) -> bool:
    """Tell whether a day lies within others, and is not all of them."""
    return one.period != other.period and (
        other.period.first <= one.period.first and one.period.last <= other.period.last
    )


def days_in(sentence: str, published: Period | None) -> tuple[SpokenDay, ...]:
    """Return the days that a sentence's words mean in an article of a day, in their order; what is unclear is left out.

    >>> [one.period for one in days_in("من 28 سبتمبر حتى ظهر أمس الثلاثاء", Period("2023-10-11", "2023-10-11"))]
    [Period(first='2023-09-28', last='2023-10-10')]
    """
    expressions = time_expressions_in(sentence)
    if not expressions:
        return ()
    reading = _Reading(sentence, tuple(tokens(sentence)), dateline_end(sentence))
    found: list[SpokenDay] = []
    for place, said in enumerate(expressions):
        if not reading.is_meant(said):
            continue
        previous = expressions[place - 1] if place else None
        meant = day_meant(said, published, is_planned=reading.is_planned(said))
        if meant is None:
            continue
        if found and previous and found[-1].end == previous.end and reading.is_span(previous, said):
            found.append(_joined(found.pop(), said, meant))
        else:
            clause = reading.clause(said, previous, is_far=_is_far(meant.period, published))
            found.append(SpokenDay(said.start, said.end, *meant, clause))
    return tuple(found)


def _joined(first: SpokenDay, said: TimeExpression, last: DayMeant) -> SpokenDay:
    """Return the days from some to what an expression says; it is after these: «من شباط حتى حزيران»."""
    if last.period.last < first.period.first:
        last = day_meant(said, Period(first.period.first, first.period.first), is_planned=True) or last
    if last.period.last < first.period.first:
        return first
    precision = first.precision if first.precision == last.precision else "month"
    return SpokenDay(first.start, said.end, Period(first.period.first, last.period.last), precision, first.clause)


def dateline_end(sentence: str) -> int:
    """Return where the dateline ends that opens a sentence; its day is the article's own."""
    if not ({*"-–—:"} & {*sentence} and "(" in sentence):
        return 0
    normal, offsets = normalise_with_offsets(sentence)
    found = _DATELINE.match(normal)
    return offsets[found.end()] if found else 0


@lru_cache(maxsize=64)
def _words(section: str, name: str) -> frozenset[str]:
    return forms_of(section, name)


def _have(words: Sequence[str], section: str, name: str) -> bool:
    """Tell whether a word of a list is among some, with «و» or «ف» written onto it or not."""
    listed = _words(section, name)
    return any(word in listed or (word[0] in "وف" and word[1:] in listed) for word in words)


def _is_relative(words: Sequence[str]) -> bool:
    """Tell whether a relative clause begins among some words.

    >>> _is_relative(["a", "court", "that", "was", "set", "up"]), _is_relative(["said", "that", "he"])
    (True, False)
    """
    that = any(pair[0] == "that" and _have(pair[1:], "clauses", "relative_that") for pair in pairwise(words))
    return that or _have(words, "clauses", "relative")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sentence with its words, to be asked what stands around an expression of time."""

    sentence: str
    tokens: tuple[Token, ...]
    dateline: int  # its end

    def before(self, at: int, most: int = _REACH) -> list[Token]:
        """Return the last words before an offset."""
        return [token for token in self.tokens if token.end <= at][-most:]

    def after(self, at: int, most: int = 1) -> list[Token]:
        """Return the next words from an offset on."""
        return [token for token in self.tokens if token.start >= at][:most]

    def clause_before(self, at: int) -> list[str]:
        """Return the words before an offset, of those that no sign parts from it."""
        start = max((found.end() for found in _BOUNDARY.finditer(self.sentence, 0, at)), default=0)
        return [token.text for token in self.before(at) if token.start >= start]

    def is_led_by(self, said: TimeExpression, section: str, name: str, most: int = _REACH) -> bool:
        """Tell whether a word of a list stands before an expression, in its clause, with «و» written onto it or not."""
        return _have(self.clause_before(said.start)[-most:], section, name)

    def is_meant(self, said: TimeExpression) -> bool:
        """Tell whether an expression surely says a time, and one of its own."""
        before = [token.text for token in self.before(said.start, 2)]
        after = [token.text for token in self.after(said.end)]
        if _have(before[-1:], "clauses", "habitual") or said.end <= self.dateline or self.is_title(said):
            return False
        parts = said.said
        if "relative" in parts and {*after} & _words("prose", "other_day"):
            return False
        if parts.keys() == {"weekday"} and {*after} & _words("prose", "two_of_them"):
            return False
        if parts.keys() == {"relative"}:
            return self._is_a_day(said, before, after)
        if parts.keys() == {"month"}:
            return self._is_a_month(parts["month"], said)
        is_date_alone = parts.keys() - {"year"} == {"day", "month"} and said.words.startswith(
            (parts["day"], parts["month"])
        )
        return not (is_date_alone and self._is_a_name(said))

    def is_title(self, said: TimeExpression) -> bool:
        """Tell whether an expression is all that stands between quotation marks, as the name of a programme."""
        return self.sentence[: said.start].endswith(_OPENERS) and self.sentence[said.end :].startswith(_CLOSERS)

    def _is_a_name(self, said: TimeExpression) -> bool:
        """Tell whether a day and month name something: «هدنة 19 يناير», and not «في 19 يناير»."""
        before = self.clause_before(said.start)[-2:]
        if "day" in said.said and (not before or said.said["month"].isascii()):
            return before[-1:] == ["of"] and not _have(before[:1], "clauses", "parts_of_days")
        return not _have(before[-1:], "clauses", "leads")

    def _is_a_day(self, said: TimeExpression, before: Sequence[str], after: Sequence[str]) -> bool:
        """Tell whether a word like «اليوم» or «غدا» says a day, and no other thing."""
        word = said.said["relative"]
        if word.endswith("امس") and after[:1] == ["القريب"]:
            return False
        if word == normalise("غدا"):
            return bool(before) or not after or after[0] == normalise("الخميس")
        if word != normalise("اليوم") or said.words != word:  # «صباح اليوم» is surely one
            return True
        following = self.sentence[said.end : said.end + 2].strip()[:1]
        if _have(before[-1:], "prose", "not_today") or following in _CLOSERS:
            return False
        is_reporting = following.isalpha() and _have(after, "clauses", "content")
        is_apart = not following.isalnum() and bool(before)
        return is_apart or is_reporting or self.is_led_by(said, "prose", "telling")

    def _is_a_month(self, names: str, said: TimeExpression) -> bool:
        """Tell whether a month's name alone says when: not «رواتب شباط», and «رجب» and «آب» are other words too."""
        if said.words != names or any(sign in names for sign in "/("):  # «نهاية آذار», "in May"
            return True
        return not self._is_a_name(said)

    def is_planned(self, said: TimeExpression) -> bool:
        """Tell whether what happens then is still to come: «ستعقد الثلاثاء», "will meet on Tuesday"."""
        if self.is_led_by(said, "planned", "not_planned"):
            return False
        is_future = any(map(_is_future, self.clause_before(said.start)))
        return is_future or self.is_led_by(said, "planned", "surely") or self.is_led_by(said, "planned", "maybe", _NEAR)

    def is_span(self, first: TimeExpression, last: TimeExpression) -> bool:
        """Tell whether two expressions are the ends of one span of time."""
        between = _JOINING.fullmatch(normalise(self.sentence[first.end : last.start]))
        if not between:
            return False
        opened = [token.text for token in self.before(first.start, 1)]
        return between.group().strip() not in ("و", "and") or opened in (["بين"], ["between"])

    def clause(self, said: TimeExpression, previous: TimeExpression | None, *, is_far: bool) -> Clause:
        """Return where in the sentence an expression stands; `is_far` tells that its days are no part of the news."""
        near = self.clause_before(said.start)
        if any(found.start() < said.start and said.end <= found.end() for found in _BRACKETED.finditer(self.sentence)):
            return Clause.ASIDE
        is_of_a_thing = said.words.startswith(("لعام", "للعام"))  # «القرار 2254 لعام 2015»
        if is_of_a_thing or _have(near[-1:], "clauses", "outside"):
            return Clause.ASIDE
        since = [token.text for token in self.before(said.start) if previous is None or token.start >= previous.end]
        told = near[-len(since) :] if since else []
        if _is_relative(told) or self._is_by_the_way(near[-_NEAR:]):
            return Clause.ASIDE if is_far else Clause.BACKGROUND
        if _have(near[-_NEAR:], "clauses", "background"):
            return Clause.BACKGROUND
        return Clause.REPORTED if self._is_reported(said.start) else Clause.MAIN

    def _is_by_the_way(self, near: Sequence[str]) -> bool:
        """Tell whether what stands just before a day says it of somebody: «المولود عام 1950», "born in"."""
        return _have(near, "clauses", "aside") and not {"was", "were"} & {*near}

    def _is_reported(self, at: int) -> bool:
        """Tell whether an offset stands in a quotation, or behind a word that opens what is said."""
        opened = self.sentence[:at]
        if opened.count("«") > opened.count("»") or opened.count("“") > opened.count("”"):
            return True
        return _have([token.text for token in self.tokens if token.end <= at], "clauses", "content")


def _is_far(period: Period, own: Period | None) -> bool:
    """Tell whether days lie so far from an article's own that they are no part of its news."""
    if own is None:
        return True
    first, last, own_first, own_last = map(date.fromisoformat, (*period, *own))
    return max((last - first).days, (first - own_last).days, (own_first - last).days) > _FAR


@lru_cache(maxsize=4096)
def _is_future(word: str) -> bool:
    """Tell whether a word is a verb of the future.

    >>> [_is_future(word) for word in ("ستعقد", "سيزور", "سياره", "ستين")]
    [True, True, False, False]
    """
    if not _FUTURE.fullmatch(word):
        return False
    return stem(word) not in {stem(other) for other in _words("planned", "not_future")}
