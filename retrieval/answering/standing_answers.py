"""What new articles say for those who wait: each match of a standing query, with its quote; nothing old is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import NamedTuple

from retrieval.citing.citations import Citations, Evidence, GroundedSentence
from retrieval.expressions.answer_expression import mark_expressions
from retrieval.index.snapshot import Snapshot
from retrieval.nlp.analysis import words
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.collapse import outlets
from retrieval.search.query import Query
from retrieval.search.standing_queries import StandingQueries, asks_something, sentence_answering, sentence_naming
from retrieval.search.term_matcher import Matcher
from retrieval.types import Article, Citation, Passage, StoryMember

_GROWTH = 1.1  # of the collection, after which what its words weigh is looked up anew


@dataclass(frozen=True, slots=True)
class StandingMatch:
    """A new article that says what somebody waits for."""

    text: str  # that waits
    article: Article
    citation: Citation
    copies: tuple[StoryMember, ...]  # the other articles of its story


class _Candidate(NamedTuple):
    """An article that may say enough, its place among the new ones, the passages that may, and all its words."""

    at: int
    article: Article
    passages: Sequence[Passage]
    words: AbstractSet[str]


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
        found: defaultdict[int, dict[int, list[Passage]]] = defaultdict(dict)  # by query, then by article
        said: list[set[str]] = []  # the words of each article
        for at, article in enumerate(articles):
            headline = words(article.title or "")
            said.append(set(headline))
            for passage in pinned.passages_of(article.article_id):
                own = words(passage.text)
                said[at].update(own)
                for query in self._standing.candidates(headline, own):
                    found[query].setdefault(at, []).append(passage)
        matched = [
            (at, match)
            for query, places in found.items()  # one after the other, as each has a matcher
            for at, match in self._matched(
                pinned, query, [_Candidate(at, articles[at], own, said[at]) for at, own in places.items()]
            )
        ]
        return [match for _, match in sorted(matched, key=lambda one: (one[0], one[1].text))]

    def _prepare(self, pinned: Snapshot, texts: tuple[str, ...]) -> None:
        count = pinned.vocabulary.passages
        if count > self._passages * _GROWTH:
            self._analysed, self._passages, self._texts = {}, count, ()
        if texts != self._texts:
            self._analysed = {text: self._analysed.get(text) or pinned.analyse(text) for text in texts}
            self._standing, self._texts = StandingQueries([self._analysed[text] for text in texts]), texts

    def _matched(
        self, pinned: Snapshot, query: int, candidates: Sequence[_Candidate]
    ) -> Iterator[tuple[int, StandingMatch]]:
        """Yield what some articles do say for a query, with their places."""
        text, lexicon = self._texts[query], load_lexicon()
        matcher, asks = Matcher(self._analysed[text]), asks_something(text)
        for at, article, passages, said in candidates:
            matcher.pass_over(self._standing.silent(query, said))
            if asks:
                sentence = sentence_answering(matcher, article, pinned.passages_of(article.article_id), lexicon)
            else:
                sentence = sentence_naming(matcher, article, passages)
            if sentence is None:
                continue
            evidence = Evidence(article.article_id, sentence.start, sentence.end, min(sentence.coverage, 1.0))
            (citation,) = Citations(pinned, matcher).add(GroundedSentence(sentence.text, (evidence,))).citations
            if asks:
                (citation,) = mark_expressions([citation], matcher, lexicon)
            yield at, StandingMatch(text, article, citation, tuple(pinned.story_beside(article.article_id)))


def printed_by_now(pinned: Snapshot, citation: Citation) -> Citation:
    """Return a citation with the outlets that print it by now; as it was, where its article has gone since."""
    copies = pinned.copies(citation.article_id, citation.quote)
    if not copies:
        return citation
    also_in = tuple(copy.article_id for copy in copies)
    return replace(citation, also_in=also_in, outlets=outlets(citation.source, copies))
