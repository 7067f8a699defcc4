"""Passages, quotes and articles as LlamaIndex has them; ids, offsets and metadata are those of the index."""

from __future__ import annotations

from llama_index.core.schema import Document, NodeRelationship, NodeWithScore, RelatedNodeInfo, TextNode

from retrieval.stores.vectors.rows import NOT_FOR_MODELS, passage_metadata
from retrieval.types import Article, Citation, Passage


def node_of(passage: Passage, article: Article, score: float | None = None) -> NodeWithScore:
    """Return a passage; its offsets count code points of the article's text."""
    metadata = passage_metadata(passage, article)
    node = TextNode(
        id_=passage.passage_id,
        text=passage.text,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=list(NOT_FOR_MODELS),
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=article.article_id)},
        start_char_idx=passage.start,
        end_char_idx=passage.end,
    )
    return NodeWithScore(node=node, score=score)


def cited_node(citation: Citation) -> NodeWithScore:
    """Return a quotation; its score is how much of the question the quote covers."""
    passage = Passage(citation.article_id, citation.start, citation.end, citation.quote)
    known = {"title": citation.title, "source": citation.source, "published": citation.published}
    return node_of(passage, Article(citation.article_id, citation.path, "", (), **known), citation.score)


def document_of(article: Article) -> Document:
    """Return an article; the same text has the same id on every machine, whatever its file is called."""
    known = {
        "article_id": article.article_id,
        "path": article.path,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published": article.published,
    }
    metadata = {name: value for name, value in known.items() if value is not None}
    return Document(
        id_=article.article_id,
        text=article.text,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=["article_id", "path"],
    )
