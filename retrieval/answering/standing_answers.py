"""What new articles say for those who wait: each match of a standing query, with its quote; nothing old is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.citing.citations import Citations, Evidence, GroundedSentence
from retrieval.expressions.answer_expression import mark_expressions
from retrieval.index.hybrid import HybridSearch
from retrieval.index.snapshot import Snapshot
from retrieval.nlp.analysis import words
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.collapse import outlets
from retrieval.search.fusion import CANDIDATES
from retrieval.search.passage_scoring import ReadSentence
from retrieval.search.query import Query
from retrieval.search.standing_queries import StandingQueries, asks_something, sentence_answering, sentence_naming
from retrieval.search.term_matcher import matcher_for
from retrieval.types import Article, Citation, Hit, StoryMember

_GROWTH = 1.1  # of the collection, after which what its words weigh is looked up anew


@dataclass(frozen=True, slots=True)
class StandingMatch:
    """A new article that says what somebody waits for."""

    text: str  # that waits
    article: Article
    citation: Citation
    copies: tuple[StoryMember, ...]  # the other articles of its story


class StandingAnswers:
    """Finds what new articles say for texts that wait; what was worked out of the texts is kept."""

    def __init__(self) -> None:
        self._analysed: dict[str, Query] = {}
        self._passages = 0  # of the collection, when the texts were analysed
        self._standing = StandingQueries(())
        self._texts: tuple[str, ...] = ()

    def matches(
        self, pinned: Snapshot, waiting: Collection[str], article_ids: Collection[str]
    ) -> Iterator[StandingMatch]:
        """Yield what each of some articles, the earliest first, says for the texts that wait."""
        self._prepare(pinned, tuple(sorted(set(waiting))))
        articles = (pinned.article_by_id(article_id) for article_id in article_ids)
        for article in sorted(articles, key=lambda one: (one.published or "9999", one.path)):
            for place in self._standing.candidates(words(article.text)):
                text = self._texts[place]
                if sentence := self._sentence(pinned, text, article):
                    yield self._match(pinned, text, article, sentence)

    def _prepare(self, pinned: Snapshot, texts: tuple[str, ...]) -> None:
        count = pinned.vocabulary.passages
        if count > self._passages * _GROWTH:
            self._analysed, self._passages, self._texts = {}, count, ()
        if texts != self._texts:
            self._analysed = {text: self._analysed.get(text) or pinned.analyse(text) for text in texts}
            self._standing, self._texts = StandingQueries([self._analysed[text] for text in texts]), texts

    def _sentence(self, pinned: Snapshot, text: str, article: Article) -> ReadSentence | None:
        query = self._analysed[text]
        if not asks_something(text):
            return sentence_naming(query, article, pinned.passages_of(article.article_id))
        return sentence_answering(query, article, _hits_in(pinned.hybrid, query, article.article_id), load_lexicon())

    def _match(self, pinned: Snapshot, text: str, article: Article, sentence: ReadSentence) -> StandingMatch:
        matcher = matcher_for(self._analysed[text])
        evidence = Evidence(article.article_id, sentence.start, sentence.end, min(sentence.coverage, 1.0))
        (citation,) = Citations(pinned, matcher).add(GroundedSentence(sentence.text, (evidence,))).citations
        if asks_something(text):
            (citation,) = mark_expressions([citation], matcher, load_lexicon())
        return StandingMatch(text, article, citation, tuple(pinned.story_beside(article.article_id)))


def _hits_in(hybrid: HybridSearch, query: Query, article_id: str) -> Sequence[Hit]:
    """Return the passages of one article that the words find, best first."""
    found = hybrid.candidates(query, None, CANDIDATES, frozenset([article_id]))
    return [Hit(found.passages[own], score, rank, None, score) for rank, (own, score) in enumerate(found.by_words, 1)]


def printed_by_now(pinned: Snapshot, citation: Citation) -> Citation:
    """Return a citation with the outlets that print it by now; as it was, where its article has gone since."""
    copies = pinned.copies(citation.article_id, citation.quote)
    if not copies:
        return citation
    also_in = tuple(copy.article_id for copy in copies)
    return replace(citation, also_in=also_in, outlets=outlets(citation.source, copies))
