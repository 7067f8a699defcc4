"""Whether two articles tell of one event: by what they name, what rare words they share, and the days they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from retrieval.archive.outcomes import counting_words, outcome_of
from retrieval.archive.parties import is_attack
from retrieval.archive.side_marks import is_correction
from retrieval.archive.side_values import AskedValue
from retrieval.citing.passage_source import PassageSource
from retrieval.expressions.word_tables import word_table
from retrieval.nlp.analysis import stem, words
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.dates import Period
from retrieval.nlp.days_spoken_of import Clause, days_in
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.query import Term
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import WEIGHTS
from retrieval.types import Article, Span

LONGEST_WINDOW = 150  # days between two articles of one event: an inquiry reports months after it
_WINDOW_OF_A_STATE = 30  # days in which what may change is told as it was
_PLACE_REACH = 2  # words behind a value: «في», and a name
_FRESH = 4  # days within which reports of one event mostly come; later ones must share more with the first
_LEAST_SHARED, _SURELY_SHARED = 5, 8  # rare stems; chosen on the made newsroom, where other events share 6 at most
_LEAST_NAMED = 0.6  # of the idf of what names the event in a question, for an article to be about it
_LEAST_BESIDE_A_NAME = 0.35  # the same where it says a name of the question
_LEAST_SAID = 0.5  # of the question's idf that the first report says
_LEAST_SAID_OF_A_MEASURE = 0.4  # the same; what its sentence says of the question is asked too
_LEAST_SAID_IN_TRANSLATION = 0.35  # the same; not all that is said is recognised
_MOST_RARE = 6  # passages that have a rare stem; of a large collection more, by its root
_PERFECT, _SHORTEST_VERB = ("ت", "وا"), 3  # endings of «غرقت» and «غرقوا»; letters of a verb without them
_MOST_KEPT = 128  # articles


@dataclass(frozen=True, slots=True)
class EventReport:
    """An article as a report of an event, and the slice of one of its sentences that states a value."""

    article: Article
    sentence: str
    value: Span


class EventReader:
    """Tells whether an article reports the event that a first one reports."""

    def __init__(self, source: PassageSource, asked: AskedValue, first: EventReport) -> None:
        """Take what is asked, and the first report."""
        self._source, self._matcher, self._first = source, asked.matcher, first
        self._is_dated = asked.outcome is not None  # people come to harm on the day of the event
        self._most = max(_MOST_RARE, int(source.article_count**0.5))
        self._days: list[Period] = []
        said = self._said(first.article)
        self._naming = naming_terms(asked)
        self._asked = [at for at in self._naming if said[at] >= WEIGHTS.said]
        predicates = () if asked.outcome else asked.wanted.predicates  # what befell people is told in many words
        self._predicates = [at for at in predicates if said[at] >= WEIGHTS.said]
        self._story = self._story_of(first.article)

    def is_asked_about(self) -> bool:
        """Tell whether the first report says each name of the question, and most of what else names the event."""
        terms, idfs = self._matcher.question.terms, self._matcher.idfs
        if any(_is_name(terms[at]) and at not in self._asked for at in self._naming):
            return False
        telling = [at for at in self._naming if not (terms[at].word is None and terms[at].keys)]  # no unknown English
        said = sum(idfs[at] for at in telling if at in self._asked)
        is_named = any(_is_name(terms[at]) for at in self._asked)
        may_be_named = any(terms[at].word is None and terms[at].keys for at in self._asked)
        if is_named and self._matcher.is_translated:
            return True  # of the other words not all are recognised
        least = _LEAST_BESIDE_A_NAME if is_named or may_be_named else _LEAST_NAMED
        return said >= least * sum(idfs[at] for at in telling)

    def same_event(self, others: Sequence[EventReport]) -> list[bool]:
        """Tell of each of some reports, the likeliest first, whether it is of the event; each adds its days."""
        found = []
        for other in others:
            found.append(self._is_same(other))
            if found[-1]:
                self._days += event_days(other)
        return found

    def _is_same(self, other: EventReport) -> bool:
        if other.article.article_id == self._first.article.article_id:
            return True
        if self._story is not None and self._story_of(other.article) == self._story:
            return True
        gap = _days_between(self._first.article.published, other.article.published)
        if (gap or 0) > self._window(other) or not self._says_what_is_asked(other.article) or self._days_differ(other):
            return False
        if _is_elsewhere(other, self._first) or _is_elsewhere(self._first, other):
            return False
        least = _LEAST_SHARED if gap is not None and gap <= _FRESH else _SURELY_SHARED
        return self._shared(other.article) >= least

    def _window(self, other: EventReport) -> int:
        """Return how many days may lie between a report and the first one.

        The dead stay as many; a price or a share changes, but where one report puts the other right.
        """
        is_fixed = self._is_dated or is_correction(other.sentence) or is_correction(self._first.sentence)
        return LONGEST_WINDOW if is_fixed else _WINDOW_OF_A_STATE

    def _says_what_is_asked(self, article: Article) -> bool:
        """Tell whether an article says what the first one says of the question: each name, and most of the rest."""
        said, terms, idfs = self._said(article), self._matcher.question.terms, self._matcher.idfs
        for at in said_in_another_form(self._matcher, _words_of(self._first.article.text), _words_of(article.text)):
            said[at] = max(said[at], WEIGHTS.said)
        if any(said[at] < WEIGHTS.said and _is_name(terms[at]) and not terms[at].is_country for at in self._asked):
            return False
        asked = {*self._asked, *self._predicates}
        whole, least = sum(idfs[at] for at in asked), _LEAST_SAID if self._is_dated else _LEAST_SAID_OF_A_MEASURE
        least = _LEAST_SAID_IN_TRANSLATION if self._matcher.is_translated else least
        return sum(idfs[at] for at in asked if said[at] >= WEIGHTS.said) >= least * whole

    def _said(self, article: Article) -> list[float]:
        return self._matcher.term_scores(_words_of(article.text))

    def _shared(self, article: Article) -> int:
        """Return how many rare stems an article shares with the first one."""
        frequency = self._source.vocabulary.document_frequency
        common = _stems_of(self._first.article.text) & _stems_of(article.text)
        return sum(frequency("stem", one) <= self._most for one in common)

    def _story_of(self, article: Article) -> int | None:
        member = self._source.members([article.article_id]).get(article.article_id)
        return member.story if member else None

    def _days_differ(self, other: EventReport) -> bool:
        """Tell whether a report gives a day of its event, and none that a report of this one gave."""
        if not self._is_dated:
            return False
        theirs = event_days(other)
        return bool(self._days and theirs) and not any(
            _are_near(one, another) for one in self._days for another in theirs
        )


def said_in_another_form(matcher: Matcher, first: Sequence[str], other: Sequence[str]) -> set[int]:
    """Return the terms of an English question that a text says by another form of the word by which a first one does.

    The word list that translates a question has a verb in one form only: «غرق», and not «غرقت».
    """
    if not matcher.is_translated:
        return set()
    forms = {_without_person(word) for word in other}
    return {
        at
        for at, idf in enumerate(matcher.idfs)
        if idf and any(_without_person(first[place]) in forms for place in matcher.places(first, at))
    }


def _without_person(word: str) -> str:
    """Return the stem of a word without the ending of a verb in the perfect.

    >>> [_without_person(word) for word in ("غرق", "غرقت", "غرقوا", "الغرق")] == ["غرق"] * 4
    True
    """
    ending = next((one for one in _PERFECT if word.endswith(one) and len(word) - len(one) >= _SHORTEST_VERB), "")
    return stem(word.removesuffix(ending))


def _is_name(term: Term) -> bool:
    """Tell whether a term is a name for certain, or a number."""
    return term.kind != "word"


def _is_elsewhere(report: EventReport, other: EventReport) -> bool:
    """Tell whether a value is said of a place that another article does not name: «120 هكتارا في بجاية»."""
    following = words(report.sentence[report.value.end :])[:_PLACE_REACH]
    if len(following) < _PLACE_REACH or following[0] != "في":
        return False
    lexicon, place = load_lexicon(), following[1]
    meant = lexicon.forms.get(place) or lexicon.forms.get(stem(place), ())
    is_name = not meant or bool(lexicon.names & {*meant})
    return is_name and stem(place) not in _stems_of(other.article.text)


def naming_terms(asked: AskedValue) -> list[int]:
    """Return the terms of a question that name its event: not who is counted, nor what befell or is asked of them."""
    idfs = asked.matcher.idfs
    return [
        at
        for at, term in enumerate(asked.matcher.question.terms)
        if idfs[at] and at not in asked.wanted.predicates and not _is_told_in_many_words(term.surface, asked)
    ]


def _is_told_in_many_words(word: str, asked: AskedValue) -> bool:
    """Tell whether a word of a question says what happened to whom, which every report says in its own words."""
    is_of_attack = asked.kind == "person" and is_attack(word)
    return is_of_attack or word in word_table("numbers", "people") or outcome_of(word) is not None


def event_days(report: EventReport) -> list[Period]:
    """Return the days that a report gives to what it counts; none of an announcement: «أعلنت الخميس ارتفاع الحصيلة»."""
    text, start = report.sentence, report.value.start
    before = {form for word in words(text[:start]) for form in bare_forms(word)}
    if before & counting_words("announced"):
        return []
    own = report.article.published
    found = days_in(text, Period(own, own) if own else None)
    return [one.period for one in found if one.precision == "day" and one.clause <= Clause.REPORTED]


def _days_between(one: str | None, other: str | None) -> int | None:
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days) if one and other else None


def _are_near(one: Period, other: Period) -> bool:
    """Tell whether two periods overlap, or are a day apart: an event of the night is of either day."""
    first, second = sorted((one, other))
    return (date.fromisoformat(second.first) - date.fromisoformat(first.last)).days <= 1


@lru_cache(maxsize=_MOST_KEPT)
def _words_of(text: str) -> tuple[str, ...]:
    return tuple(words(text))


@lru_cache(maxsize=_MOST_KEPT)
def _stems_of(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in _words_of(text) if not word[0].isdigit())
