"""Any retriever of LlamaIndex as a source of passages, so that its nodes stand under the same checks as an index.

A node is an article of one passage: its own text is what is searched, quoted and checked, and offsets count in it.
What it says of itself is taken from its metadata, under our names or LlamaIndex's. The library itself is not needed:
a retriever is what has `retrieve`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from retrieval.errors import SettingsError, UnknownArticleError
from retrieval.index.snapshot import MOST_CACHED, ArticleCache
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.fusion import fuse
from retrieval.search.query import Query, analyse
from retrieval.search.term_matcher import matcher_for
from retrieval.search.text_vocabulary import TextVocabulary
from retrieval.search.weights import FusionWeights
from retrieval.types import Article, Filters, Narrowing, Passage, SearchResult, Span, StoryMember

if TYPE_CHECKING:
    from retrieval.search.vocabulary import Vocabulary

# The retriever's own order is one voice, what a passage covers of the question the others.
NODE_WEIGHTS = FusionWeights(words=0.0, vectors=1.0)
_PATHS = ("path", "file_path", "file_name", "url")  # metadata that says where a node is from, the first that is there


class NodeRetriever(Protocol):
    """What is used of LlamaIndex's `BaseRetriever`."""

    def retrieve(self, str_or_query_bundle: Any, /) -> Sequence[Any]:
        """Return nodes with their scores, best first."""
        ...


class RetrievedNode(NamedTuple):
    """A node as an article of one passage, and how well the retriever says that it fits."""

    article: Article
    passage: Passage
    score: float | None


class GivenNodes:
    """Nodes that were found before, as a retriever that returns them whatever is asked."""

    def __init__(self, nodes: Sequence[Any]) -> None:
        """Take nodes with their scores, best first."""
        self._nodes = nodes

    def retrieve(self, _: Any, /) -> Sequence[Any]:
        """Return them."""
        return self._nodes


class NodeCollection:
    """A retriever as what a question is asked of; see `PassageCollection`."""

    def __init__(self, retriever: NodeRetriever) -> None:
        """Take the retriever."""
        self._retriever = retriever
        self._shown = ArticleCache()

    @contextmanager
    def pin(self) -> Iterator[NodeSource]:
        """Give what answers one question."""
        source = NodeSource(self._retriever)
        yield source
        for article in source.first_articles(MOST_CACHED):
            self._shown.put(article)

    def article_by_id(self, article_id: str) -> Article:
        """Return one of the nodes that were found last.

        Raises:
            UnknownArticleError: none by that id was.
        """
        return _known(self._shown.get(article_id), article_id)


class NodeSource:
    """What a retriever returns for one question, asked once for each wording; see `PassageSource`.

    It knows of no stories and no days, and takes no filters: these are for the retriever to have.
    """

    sources: Sequence[str] = ()
    is_dated = False
    archive = None
    reranker = None

    def __init__(self, retriever: NodeRetriever) -> None:
        """Take the retriever."""
        self._retriever = retriever
        self._found: dict[str, list[RetrievedNode]] = {}
        self._articles: dict[str, Article] = {}

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the words of all nodes that were found."""
        return TextVocabulary(article.text for article in self._articles.values())

    @property
    def article_count(self) -> int:
        """Return how many nodes were found: of the whole collection, a retriever does not tell."""
        return len(self._articles)

    def analyse(self, text: str) -> Query:
        """Return what a question asks for, weighed by the words of what is found for it."""
        nodes = self._nodes(" ".join(text.split()))
        return analyse(text, TextVocabulary(node.article.text for node in nodes), load_lexicon())

    def search(self, query: Query, limit: int, within: Collection[str] | None = None) -> SearchResult:
        """Return the best nodes, best first."""
        found = [node for node in self._nodes(query.text) if within is None or node.article.article_id in within]
        passages = {node.passage.passage_id: node.passage for node in found}
        hits = fuse(matcher_for(query), passages, (), _scored(found), NODE_WEIGHTS)
        return SearchResult(tuple(hits[:limit]))

    def narrow(self, filters: Filters) -> tuple[frozenset[str], Narrowing]:  # noqa: ARG002 - the protocol's
        """Refuse the filters.

        Raises:
            SettingsError: always; a filter that is not heeded would be worse.
        """
        raise SettingsError("This retriever takes no dates and no sources. Give the retriever itself those filters.")

    def article_by_id(self, article_id: str) -> Article:
        """Return a node that was found.

        Raises:
            UnknownArticleError: none by that id was.
        """
        return _known(self._articles.get(article_id), article_id)

    def first_articles(self, limit: int) -> Sequence[Article]:
        """Return some nodes that were found."""
        return list(self._articles.values())[:limit]

    def members(self, ids: Iterable[str]) -> Mapping[str, StoryMember]:  # noqa: ARG002 - the protocol's
        """Return nothing: no stories are known."""
        return {}

    def copies(self, article_id: str, text: str) -> Sequence[StoryMember]:  # noqa: ARG002 - the protocol's
        """Return nothing: no stories are known."""
        return ()

    def _nodes(self, text: str) -> list[RetrievedNode]:
        if text not in self._found:
            given = (retrieved_node(entry.node, entry.score) for entry in self._retriever.retrieve(text))
            found = self._found[text] = [node for node in given if node.article.text.strip()]
            self._articles |= {node.article.article_id: node.article for node in found}
        return self._found[text]


def retrieved_node(node: Any, score: float | None = None) -> RetrievedNode:
    """Return a LlamaIndex node as an article of one passage."""
    text, metadata = node.get_content(), node.metadata
    where = next((str(metadata[key]) for key in _PATHS if metadata.get(key)), node.ref_doc_id or node.node_id)
    known = {key: str(metadata[key]) for key in ("title", "source", "published") if metadata.get(key)}
    article = Article(node.node_id, where, text, (Span(0, len(text)),), **known)
    return RetrievedNode(article, whole_passage(article), score)


def whole_passage(article: Article) -> Passage:
    """Return the one passage of a node."""
    return Passage(article.article_id, 0, len(article.text), article.text)


def _known(article: Article | None, article_id: str) -> Article:
    if article is None:
        raise UnknownArticleError(f"The retriever has found no node {article_id}.")
    return article


def _scored(found: Sequence[RetrievedNode]) -> list[tuple[str, float]]:
    """Return the nodes with scores that fall from the first: the retriever's own where these do, else by rank."""
    scores = [node.score for node in found if node.score is not None]
    is_falling = len(scores) == len(found) and scores == sorted(scores, reverse=True) and min(scores, default=0.0) > 0
    shares = scores if is_falling else [1.0 / (rank + 1) for rank in range(len(found))]
    return [(node.passage.passage_id, score) for node, score in zip(found, shares, strict=True)]
