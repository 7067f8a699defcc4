"""What new articles say for those who wait: each match of a standing query, with its quote; nothing old is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from retrieval.answering.retrieve import MOST_PASSAGES
from retrieval.citing.citations import Citations, Evidence, GroundedSentence
from retrieval.expressions.answer_expression import mark_expressions
from retrieval.index.hybrid import HybridSearch
from retrieval.index.snapshot import Snapshot
from retrieval.nlp.analysis import words
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.collapse import outlets
from retrieval.search.passage_scoring import ReadSentence
from retrieval.search.query import Query
from retrieval.search.standing_queries import StandingQueries, asks_something, sentence_answering, sentence_naming
from retrieval.search.term_matcher import matcher_for
from retrieval.types import Article, Citation, Hit, Passage, StoryMember

_Places = dict[int, list[Passage]]  # of articles, with their passages that may say enough
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

    def matches(self, pinned: Snapshot, waiting: Collection[str], article_ids: Collection[str]) -> list[StandingMatch]:
        """Return what each of some articles, the earliest first, says for the texts that wait."""
        self._prepare(pinned, tuple(sorted(set(waiting))))
        articles = [pinned.article_by_id(article_id) for article_id in article_ids]
        articles.sort(key=lambda one: (one.published or "9999", one.path))
        found: defaultdict[int, _Places] = defaultdict(dict)  # one query after the other, as each has its matcher
        for at, article in enumerate(articles):
            headline = words(article.title or "")
            for passage in pinned.passages_of(article.article_id):
                for query in self._standing.candidates(headline, words(passage.text)):
                    found[query].setdefault(at, []).append(passage)
        matched = [
            (at, self._match(pinned, self._texts[query], articles[at], sentence))
            for query, places in found.items()
            for at, sentence in self._sentences(pinned, self._texts[query], articles, places)
        ]
        return [match for _, match in sorted(matched, key=lambda one: (one[0], one[1].text))]

    def _prepare(self, pinned: Snapshot, texts: tuple[str, ...]) -> None:
        count = pinned.vocabulary.passages
        if count > self._passages * _GROWTH:
            self._analysed, self._passages, self._texts = {}, count, ()
        if texts != self._texts:
            self._analysed = {text: self._analysed.get(text) or pinned.analyse(text) for text in texts}
            self._standing, self._texts = StandingQueries([self._analysed[text] for text in texts]), texts

    def _sentences(
        self, pinned: Snapshot, text: str, articles: Sequence[Article], places: _Places
    ) -> Iterator[tuple[int, ReadSentence]]:
        """Yield the articles that do say enough of a text, by their places, each with the sentence to quote."""
        query = self._analysed[text]
        hits = (
            _hits_in(pinned.hybrid, query, [articles[at].article_id for at in places]) if asks_something(text) else None
        )
        for at, passages in places.items():
            article = articles[at]
            if hits is None:
                sentence = sentence_naming(query, article, passages)
            else:
                sentence = sentence_answering(query, article, hits.get(article.article_id, ()), load_lexicon())
            if sentence:
                yield at, sentence

    def _match(self, pinned: Snapshot, text: str, article: Article, sentence: ReadSentence) -> StandingMatch:
        matcher = matcher_for(self._analysed[text])
        evidence = Evidence(article.article_id, sentence.start, sentence.end, min(sentence.coverage, 1.0))
        (citation,) = Citations(pinned, matcher).add(GroundedSentence(sentence.text, (evidence,))).citations
        if asks_something(text):
            (citation,) = mark_expressions([citation], matcher, load_lexicon())
        return StandingMatch(text, article, citation, tuple(pinned.story_beside(article.article_id)))


def _hits_in(hybrid: HybridSearch, query: Query, article_ids: Sequence[str]) -> Mapping[str, Sequence[Hit]]:
    """Return the passages of some articles that the words find, best first, by article."""
    found = hybrid.candidates(query, None, MOST_PASSAGES * len(article_ids), frozenset(article_ids))
    hits: defaultdict[str, list[Hit]] = defaultdict(list)
    for own, score in found.by_words:
        passage = found.passages[own]
        of_article = hits[passage.article_id]
        of_article.append(Hit(passage, score, len(of_article) + 1, None, score))
    return hits


def printed_by_now(pinned: Snapshot, citation: Citation) -> Citation:
    """Return a citation with the outlets that print it by now; as it was, where its article has gone since."""
    copies = pinned.copies(citation.article_id, citation.quote)
    if not copies:
        return citation
    also_in = tuple(copy.article_id for copy in copies)
    return replace(citation, also_in=also_in, outlets=outlets(citation.source, copies))
