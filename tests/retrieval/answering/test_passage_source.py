"""Another retriever than our index under Sanad: what it must give, and that answers are held to the same promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

import pytest
from support.builders.vocabulary import Counts

from retrieval.answering.sanad import Sanad
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.query import Query, analyse
from retrieval.types import Article, Filters, Hit, Narrowing, Passage, SearchResult, Span, StoryMember

TEXTS = ["التقى لافروف نظيره بومبيو في سوتشي يوم الثلاثاء.", "ضرب زلزال قوي شرق تركيا أمس."]


class Listed:
    """Passages in a list, each an article, all found for every question; without stories, days and sources."""

    vocabulary = Counts()
    sources: Sequence[str] = ()
    archive = None
    reranker = None
    is_dated = False
    article_count = len(TEXTS)

    def __init__(self) -> None:
        self._articles = {
            f"a{at}": Article(f"a{at}", f"{at}.txt", text, (Span(0, len(text)),)) for at, text in enumerate(TEXTS)
        }

    @contextmanager
    def pin(self) -> Iterator[Listed]:
        yield self

    def analyse(self, text: str) -> Query:
        return analyse(text, self.vocabulary, load_lexicon())

    def search(self, _: Query, limit: int, within: AbstractSet[str] | None = None) -> SearchResult:
        passages = (Passage(own, 0, len(article.text), article.text) for own, article in self._articles.items())
        return SearchResult(
            tuple(Hit(passage, 1.0) for passage in passages if within is None or passage.article_id in within)[:limit]
        )

    def narrow(self, filters: Filters) -> tuple[frozenset[str], Narrowing]:
        return frozenset(), Narrowing(filters, 0, len(TEXTS), "dates")

    def article_by_id(self, article_id: str) -> Article:
        return self._articles[article_id]

    def first_articles(self, limit: int) -> list[Article]:
        return list(self._articles.values())[:limit]

    def members(self, _: Iterable[str]) -> dict[str, StoryMember]:
        return {}

    def copies(self, _: str, __: str) -> list[StoryMember]:
        return []


@pytest.mark.parametrize("question", ["أين التقى لافروف وبومبيو؟", "Where did Lavrov meet Pompeo?"])
def test_any_source_of_passages_is_quoted_to_the_letter(question: str) -> None:
    answer = Sanad(Listed()).ask(question)
    assert answer.found
    assert answer.citations[0].quote == TEXTS[0]


def test_what_its_passages_do_not_say_is_refused() -> None:
    answer = Sanad(Listed()).ask("ماذا قال ماكرون لبومبيو؟")
    assert not answer.found
    assert answer.missing == ("ماكرون",)
    assert answer.covered
    assert answer.covered.articles == len(TEXTS)


def test_filters_that_it_does_not_know_leave_nothing() -> None:
    answer = Sanad(Listed()).ask("أين التقى لافروف وبومبيو؟", filters=Filters(since="2019-01-01"))
    assert not answer.found
    assert answer.filters
    assert answer.filters.emptied_by == "dates"
