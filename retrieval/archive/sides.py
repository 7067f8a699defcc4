"""Who says what: the values that sources of one event give for what a question asks, where these differ.

Compared is only what one and the same word counts, or one unit measures, in articles of one event. Each article is
heard once, by the sentence that answers best, and by those in which it puts another figure right; the copies of one
story speak with one voice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from retrieval.answer_sides import Side, SideKind
from retrieval.archive.affirmed import affirmed_value
from retrieval.archive.certain_values import asks_for_one, certain_value
from retrieval.archive.outcomes import counting_words
from retrieval.archive.side_events import EventReader, EventReport, naming_terms, said_in_another_form
from retrieval.archive.side_marks import contradicted_in, holds_against, is_correction, is_denied, is_total, looks_back
from retrieval.archive.side_values import (
    AskedValue,
    StatedValue,
    agree,
    are_comparable,
    asked_value,
    is_unit,
    stated_values,
)
from retrieval.archive.voices import voice_of
from retrieval.citing.citations import Citations, Evidence
from retrieval.citing.passage_source import PassageSource
from retrieval.expressions.english_expression import amount_in_english
from retrieval.nlp.analysis import stem, words
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.lexicon import Lexicon, load_lexicon
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search.collapse import cap_per_story
from retrieval.search.passage_scoring import ReadSentence, read
from retrieval.search.sentence_ranking import Ranking
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import WEIGHTS
from retrieval.types import AnswerExpression, Article, Hit, Passage

_WITHIN = 6.0  # log odds below the best sentence; a measure in a less likely one is of something else
_WITHIN_WIDELY = 9.0  # the same of what is told from other things by more: a unit that is asked for, a party
_BY_WORDS = 4.0  # log odds for a sentence that stands where all of the question is said
_LOOKS_BACK = 3.0  # log odds; what an article adds of the days before, it has from others
_HOLDS_AGAINST = 1.5  # log odds; of two figures of an article, its own
_AS_MUCH = 0.4  # of what the first statement says of the question, by idf, for another one to be of the same thing
# The same, of kinds of which an article has many.
_AS_MUCH_OF: Mapping[SideKind, float] = {"number": 0.5, "percentage": 0.78, "whether": 0.8}
_HARDLY_SAID = 0.35  # of the question, by idf; then the two sentences must share as many stems
_LEAST_SHARED = 4
_AS_MUCH_IN_TRANSLATION = 0.35  # not all that is said is recognised
_AS_MUCH_IN_ANOTHER_UNIT = 0.7
_OPENING = 400  # code points: the lead of a news article


@dataclass(frozen=True, slots=True)
class _Statement:
    """A sentence of an article that states a value."""

    article: Article
    sentence: ReadSentence
    value: StatedValue
    score: float  # how likely the sentence answers, by its rank and by what it says of the question
    local: tuple[float, ...]  # how strongly each term of the question is said where it stands
    voice: str  # an outlet, or an article whose outlet is not known

    @property
    def report(self) -> EventReport:
        """Return it as a report of an event."""
        return EventReport(self.article, self.sentence.text, self.value.span)

    @property
    def beside(self) -> list[str]:
        """Return the words of the sentence and of its article's opening."""
        return [*self.sentence.words, *words(f"{self.article.title or ''} {self.article.text[:_OPENING]}")]

    @property
    def day(self) -> str:
        """Return the article's day, to sort by; one without comes last."""
        return self.article.published or "9999"

    @property
    def said(self) -> str:
        """Return the words that state the value."""
        return self.sentence.text[slice(*self.value.span)]

    @property
    def evidence(self) -> Evidence:
        """Return the place of the sentence."""
        return Evidence(self.article.article_id, self.sentence.start, self.sentence.end, min(self.sentence.after, 1.0))

    def expression(self, asked: AskedValue) -> AnswerExpression | None:
        """Return the words that state the value, as what answers in the quote; of yes and no there are none."""
        if asked.kind == "whether":
            return None
        is_english = asked.matcher.question.language == "en"
        amount = self.value.amount
        english = amount_in_english(amount, asked.wanted) if is_english and amount else None
        return AnswerExpression(self.said, *self.value.span, asked.kind, english)


def sides(
    source: PassageSource, matcher: Matcher, hits: Sequence[Hit], ranking: Ranking, cited: Citations
) -> tuple[Side, ...]:
    """Return what sources of an event say that a question asks about, by day, where at least two of them differ.

    `hits` and the ranking of their sentences are what answers the question; what the sides say is cited in `cited`.
    """
    asked = asked_value(matcher)
    statements = sorted(_statements(source, asked, hits, ranking), key=lambda one: -one.score) if asked else []
    if asked is None or not statements or not asks_for_one(asked):
        return ()
    heard = _heard(_of_one_event(source, asked, statements))
    groups = _grouped(heard)
    return tuple(_side(source, group, asked, cited) for group in groups) if _differ(heard) else ()


def _statements(
    source: PassageSource, asked: AskedValue, hits: Sequence[Hit], ranking: Ranking
) -> Iterator[_Statement]:
    """Yield what the sentences state, in their order."""
    lexicon = load_lexicon()
    best = ranking.sentences[0].score if ranking.sentences else 0.0
    for one in ranking.sentences:
        if asked.outcome is None and one.score < best - (
            _WITHIN_WIDELY if asked.wanted.units or asked.kind == "person" else _WITHIN
        ):
            continue
        passage = hits[one.place].passage
        article = source.article_by_id(passage.article_id)
        values = _values(article, one.sentence, asked, lexicon)
        if values:
            local = _local_scores(asked.matcher, article, passage, one.sentence)
            voice = voice_of(article, source.sources)
            for value in values:
                if not is_denied(one.sentence.text, value.span):
                    score = one.score + _BY_WORDS * (asked.matcher.coverage(local) + value.nearness)
                    score -= _LOOKS_BACK * looks_back(one.sentence.text)
                    score += _HOLDS_AGAINST * holds_against(one.sentence.text, value.span)
                    yield _Statement(article, one.sentence, value, score, local, voice)


def _values(article: Article, sentence: ReadSentence, asked: AskedValue, lexicon: Lexicon) -> list[StatedValue]:
    """Return what a sentence states of the kind that is asked for."""
    if asked.kind == "whether":
        value = affirmed_value(sentence, asked)
    elif asked.kind in ("date", "person"):
        value = certain_value(sentence.text, article.published, asked, lexicon)
    else:
        return stated_values(sentence.text, asked, lexicon)
    return [value] if value else []


def _local_scores(matcher: Matcher, article: Article, passage: Passage, sentence: ReadSentence) -> tuple[float, ...]:
    """Return how strongly each term is said where a sentence stands: in it, before it, or at the article's opening."""
    known = read(matcher, passage).sentences
    before = known[known.index(sentence) - 1].term_scores if sentence != known[0] else ()
    opening = matcher.term_scores(words(f"{article.title or ''} {article.text[:_OPENING]}"))
    beside = [max(pair) for pair in zip(opening, before or opening, strict=True)]
    return tuple(max(own, WEIGHTS.context * other) for own, other in zip(sentence.term_scores, beside, strict=True))


def _of_one_event(source: PassageSource, asked: AskedValue, statements: Sequence[_Statement]) -> list[_Statement]:
    """Return the statements of the event that the likeliest one is of, and of what it counts; none of another's."""
    first = statements[0]
    reader = EventReader(source, asked, first.report)
    if not reader.is_asked_about():
        return []
    found = [one for one in statements if are_comparable(one.value, first.value) and _says_as_much(asked, first, one)]
    same = reader.same_event([one.report for one in found])
    return [one for one, is_same in zip(found, same, strict=True) if is_same]


def _says_as_much(asked: AskedValue, first: _Statement, other: _Statement) -> bool:
    """Tell whether a statement says most of what the first one does of the question where it stands.

    Neither the land of all that is told nor a unit tells one thing from another. Of what befell people only what names
    the event counts: that is told in many words.
    """
    counting = {*naming_terms(asked)} if asked.outcome else {*range(len(first.local))}
    alike = said_in_another_form(asked.matcher, first.beside, other.beside) if asked.outcome else ()
    terms = [
        (term, idf * own, idf * (own if at in alike else min(theirs, own)))
        for at, (term, idf, own, theirs) in enumerate(
            zip(asked.matcher.question.terms, asked.matcher.idfs, first.local, other.local, strict=True)
        )
        if own >= WEIGHTS.said and at in counting and not (term.is_country or is_unit(term.surface))
    ]
    if asked.outcome is None and any(term.kind == "number" and not theirs for term, _, theirs in terms):
        return False
    if asked.kind == "number" and asked.outcome is None and not _says_predicate(asked, first, other):
        return False
    hardly = asked.outcome is None and asked.matcher.coverage(first.local) < _HARDLY_SAID
    if hardly and len(_stems(first.sentence) & _stems(other.sentence)) < _LEAST_SHARED:
        return False
    least = _AS_MUCH_OF.get(asked.kind, _AS_MUCH)
    if asked.outcome:
        least = _AS_MUCH_IN_TRANSLATION if asked.matcher.is_translated else _AS_MUCH
    least = least if first.value.unit == other.value.unit else _AS_MUCH_IN_ANOTHER_UNIT
    return sum(theirs for _, _, theirs in terms) >= least * sum(own for _, own, _ in terms)


def _says_predicate(asked: AskedValue, first: _Statement, other: _Statement) -> bool:
    """Tell whether a statement says what is asked of the rest, where the first one does."""
    terms = [at for at in asked.wanted.predicates if first.local[at] >= WEIGHTS.said]
    return not terms or any(other.local[at] >= WEIGHTS.context * WEIGHTS.said for at in terms)


def _stems(sentence: ReadSentence) -> frozenset[str]:
    return frozenset(stem(word) for word in sentence.words if word not in ARABIC_STOP and not word[0].isdigit())


def _heard(statements: Sequence[_Statement]) -> list[_Statement]:
    """Return what counts of each article: its likeliest statement, and what contradicts a figure of the others."""
    first: dict[str, _Statement] = {}
    for one in statements:
        first.setdefault(one.article.article_id, one)
    said = {one.value.number for one in first.values() if one.value.amount}
    return [*first.values(), *(one for one in statements if one not in first.values() and _adds(one, first, said))]


def _adds(one: _Statement, first: Mapping[str, _Statement], said: Collection[float]) -> bool:
    own = first[one.article.article_id]
    if one.value.amount is None or agree(own.value, one.value):
        return False
    if is_total(one.sentence.text, one.value.span):
        return True
    if own.sentence.start == one.sentence.start:
        return _is_contrasted(one.sentence.text, own.value, one.value)
    return bool(contradicted_in(one.sentence.text) & {*said})


def _is_contrasted(text: str, first: StatedValue, second: StatedValue) -> bool:
    """Tell whether a sentence sets two values against each other: «41 مدرسة، بينما قدرت الوزارة العدد بـ17 مدرسة»."""
    (_, start), (end, _) = sorted((first.span, second.span))
    between = {form for word in words(text[start:end]) for form in bare_forms(word)}
    around = between | {*words(text[end:])}
    return bool(between & counting_words("against")) and bool(around & counting_words("attributed"))


def _grouped(heard: Iterable[_Statement]) -> list[list[_Statement]]:
    """Return the statements by what they say, each value in the order of the days, as the values are."""
    groups: list[list[_Statement]] = []
    for one in sorted(heard, key=lambda one: (not one.value.is_exact, one.day)):  # exact ones lead
        group = next((group for group in groups if agree(group[0].value, one.value)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    ordered = (sorted(group, key=lambda one: one.day) for group in groups)
    return sorted(ordered, key=lambda group: (group[0].day, group[0].value.number))


def _differ(heard: Sequence[_Statement]) -> bool:
    """Tell whether two outlets differ in what each says last, or one of them sets two values against each other."""
    last: dict[str, _Statement] = {}
    for one in sorted(heard, key=lambda one: one.day):
        own = last.get(one.voice)
        if own and own.article == one.article and not agree(own.value, one.value):
            return True
        last[one.voice] = one
    return any(not agree(one.value, other.value) for one, other in combinations(last.values(), 2))


def _side(source: PassageSource, group: Sequence[_Statement], asked: AskedValue, cited: Citations) -> Side:
    """Return a side, its quotes cited: one of each outlet, and of the copies of a story the earliest."""
    voices = {one.voice: one for one in reversed(group)}
    outlets = [one for one in group if voices[one.voice] is one]
    members = source.members(one.article.article_id for one in outlets)
    spoken = cap_per_story(outlets, lambda one: one.article.article_id, members)
    numbers = [cited.quote(one.evidence, one.expression(asked)).number for one in spoken]
    first = group[0]
    return Side(
        text=first.said,
        kind=asked.kind,
        value=first.value.value,
        unit=first.value.unit,
        outlets=tuple(one.article.source for one in spoken),
        day=first.article.published,
        is_correction=any(is_correction(one.sentence.text) for one in group),
        citations=tuple(numbers),
    )
