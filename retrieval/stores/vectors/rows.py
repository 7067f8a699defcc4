"""What a row of Chroma holds of a sentence or of a passage, for us and for whoever else reads the collection.

Beside the vector stand the text as the document, and metadata that can be filtered by. LlamaIndex's
`ChromaVectorStore` makes its nodes from two keys more, `_node_content` and `_node_type`, as
`llama_index.core.vector_stores.utils.node_to_metadata_dict` writes them; a library that takes a second to import is
not imported for them. What the metadata say of an article is what was known when its rows were written: the
catalog knows of a file that has moved since, the row learns of it when its segment is merged. `article_id` holds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.stores.vectors.protocol import VectorRow
from retrieval.types import Article, Passage

if TYPE_CHECKING:
    from retrieval.stores.vectors.protocol import Vectors

ROWS_VERSION = 3  # of what a row holds; another one makes an index rebuild itself
NOT_FOR_MODELS = (
    "article_id",
    "path",
    "start",
    "end",
    "passage_start",
    "passage_end",
)  # metadata that a language model is not shown
_SOURCE = "1"  # LlamaIndex's NodeRelationship.SOURCE


def passage_metadata(passage: Passage, article: Article) -> dict[str, str | int]:
    """Return what is known of a passage besides its text; what its article does not say is left out."""
    known: dict[str, str | int | None] = {
        "article_id": passage.article_id,
        "path": article.path,
        "title": article.title,
        "source": article.source,
        "published": article.published,
        "start": passage.start,
        "end": passage.end,
    }
    return {name: value for name, value in known.items() if value is not None}


def row_of(own: Passage, passage: Passage, article: Article, vector: Sequence[float] | Vectors) -> VectorRow:
    """Return the row of a slice of an article, which is a passage or lies in one."""
    metadata = passage_metadata(own, article)
    if own != passage:
        metadata |= {"passage_start": passage.start, "passage_end": passage.end}
    node = {
        "id_": own.passage_id,
        "metadata": metadata,
        "excluded_embed_metadata_keys": list(metadata),
        "excluded_llm_metadata_keys": list(NOT_FOR_MODELS),
        "relationships": {_SOURCE: {"node_id": own.article_id}},
        "start_char_idx": own.start,
        "end_char_idx": own.end,
    }
    content = {"_node_content": json.dumps(node, ensure_ascii=False), "_node_type": "TextNode"}
    # LlamaIndex finds and deletes the nodes of a document by the last of these
    return VectorRow(own.passage_id, vector, own.text, {**metadata, **content, "document_id": own.article_id})


def as_chroma(rows: Sequence[VectorRow]) -> dict[str, Any]:
    """Return rows as a collection takes them."""
    return {
        "ids": [row.row_id for row in rows],
        "embeddings": np.array([row.vector for row in rows], dtype=np.float32),
        "documents": [row.text for row in rows],
        "metadatas": [dict(row.metadata) or None for row in rows],  # Chroma takes no empty one
    }
