"""Citations: the one place where a quotation is made, and checked against its article; numbered in reading order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from retrieval.citing.passage_source import PassageSource
from retrieval.errors import CitationError
from retrieval.events import SentenceEvent
from retrieval.search.collapse import cap_per_story
from retrieval.search.collapse import outlets as outlets_of
from retrieval.search.term_matcher import Matcher
from retrieval.types import AnswerExpression, Article, Citation, Sentence, SentenceReading, Span


class Evidence(NamedTuple):
    """A slice of an article that says what a sentence says, and how much of it, 0 to 1."""

    article_id: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class GroundedSentence:
    """A sentence of an answer, tied to the places that say it, the best first."""

    text: str
    evidence: tuple[Evidence, ...]
    readings: tuple[SentenceReading, ...] = ("quoted",)

    @property
    def is_quoted(self) -> bool:
        """Tell whether it is the first place's own words, and the others make the same statement."""
        return self.readings == ("quoted",)


def cite(
    article: Article,
    start: int,
    end: int,
    *,
    number: int,
    score: float,
    also_in: tuple[str, ...] = (),
    outlets: tuple[str | None, ...] = (),
    matched: Callable[[str], tuple[Span, ...]] = lambda _: (),
) -> Citation:
    """Return the citation of a slice of an article; `matched` finds the question's words in the quote.

    Raises:
        CitationError: the slice is empty or not inside the article.
    """
    quote = article.text[start:end]
    if not 0 <= start < end <= len(article.text) or not quote.strip():
        raise CitationError(
            f"{article.path}[{start}:{end}] is no slice of the article, which has {len(article.text)} characters."
        )
    return Citation(
        number=number,
        article_id=article.article_id,
        path=article.path,
        title=article.title,
        source=article.source,
        published=article.published,
        quote=quote,
        start=start,
        end=end,
        score=score,
        also_in=also_in,
        outlets=outlets,
        matched=matched(quote),
        dated=article.dated,
        url=article.url,
        fetched=article.fetched,
        sha256=article.sha256,
        text_sha256=article.text_sha256,
    )


def check_citation(citation: Citation, article: Article) -> Citation:
    """Return a citation that is the verbatim slice it says to be.

    Raises:
        CitationError: the article is another one, or its text at the offsets is not the quote.
    """
    if citation.article_id != article.article_id or article.text[citation.start : citation.end] != citation.quote:
        raise CitationError(f"Citation {citation.number} is not what {article.path} says at {citation.start}.")
    return citation


class Citations:
    """The sentences of an answer with their citations, numbered in reading order."""

    def __init__(self, source: PassageSource, matcher: Matcher) -> None:
        """Take where the articles are, and what finds the question's words in a quote."""
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self._source = source
        self._matcher = matcher

    def add(self, sentence: GroundedSentence) -> SentenceEvent:
        """Take a sentence; a statement is cited once a story, and a place that was cited before keeps its number."""
        places: Sequence[Evidence] = sentence.evidence
        if sentence.is_quoted:
            members = self._source.members(place.article_id for place in places)
            places = cap_per_story(places, lambda place: place.article_id, members)
        beside = [place.article_id for place in places] if sentence.is_quoted else []
        own = [self._known(place) or self._cite(place, beside) for place in places]
        added = Sentence(sentence.text, tuple(citation.number for citation in own), sentence.readings)
        self.sentences.append(added)
        return SentenceEvent(added, tuple(own))

    def quote(self, place: Evidence, expression: AnswerExpression | None = None) -> Citation:
        """Return the citation of a place that no sentence leans on, with what in it answers."""
        found = self._known(place) or self._cite(place, ())
        if expression and found.expression != expression:
            found = replace(found, expression=expression)
            self.citations[found.number - 1] = found
        return found

    def _known(self, place: Evidence) -> Citation | None:
        cited = ((citation, (citation.article_id, citation.start, citation.end)) for citation in self.citations)
        return next((citation for citation, at in cited if at == place[:3]), None)

    def _cite(self, place: Evidence, beside: Sequence[str]) -> Citation:
        """Return the next citation, with the articles that say the same: those cited beside it, and its copies."""
        article = self._source.article_by_id(place.article_id)
        copies = self._source.copies(article.article_id, article.text[place.start : place.end])
        also_in = dict.fromkeys((*beside, *(copy.article_id for copy in copies)))
        citation = cite(
            article,
            place.start,
            place.end,
            number=len(self.citations) + 1,
            score=round(place.score, 4),
            also_in=tuple(other for other in also_in if other != article.article_id),
            outlets=outlets_of(article.source, copies),
            matched=self._matcher.spans,
        )
        self.citations.append(check_citation(citation, article))
        return citation
