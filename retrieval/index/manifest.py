"""What decides how an index is made; an index made with anything else is another index, in a folder of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from retrieval.embeddings.protocol import Embedder
from retrieval.errors import EmbeddingError
from retrieval.extraction.chunking import CHUNKING_VERSION
from retrieval.nlp.analysis import ANALYSIS_VERSION
from retrieval.stores.database import CATALOG_VERSION
from retrieval.stores.vectors.embedded_store import EMBEDDED_STORE
from retrieval.stores.vectors.protocol import VectorStore
from retrieval.stores.vectors.rows import ROWS_VERSION


def build_config(embedder: Embedder, vectors: VectorStore = EMBEDDED_STORE) -> dict[str, str]:
    """Return what decides how an index is made; an index made with anything else is another index."""
    return {
        "embedding": embedder.model_name,
        "vectors": vectors.name,
        "rows": f"{ROWS_VERSION}, a {embedder.unit} each",
        "chunking": str(CHUNKING_VERSION),
        "analysis": str(ANALYSIS_VERSION),
        "catalog": str(CATALOG_VERSION),
    }


def index_folder(data_dir: Path, config: Mapping[str, str]) -> Path:
    """Return the folder of the index that is made so."""
    fingerprint = hashlib.sha256(json.dumps(dict(config), sort_keys=True).encode()).hexdigest()[:8]
    return data_dir / f"index-{fingerprint}"


def check_dimensions(held: int | None, given: int, model_name: str, folder: Path) -> None:
    """Refuse a vector that does not go with those of the index in a folder, which has none where None is held.

    Raises:
        EmbeddingError: it has other dimensions.
    """
    if held not in (None, given):
        raise EmbeddingError(
            f"The embedding model {model_name} gives vectors of {given} dimensions, and the index holds {held}: "
            f"it is another model by the same name. Delete the folder {folder} and run: sanad index"
        )


def explain_rebuild(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Return the line that says why an index cannot be used any more.

    >>> explain_rebuild({"embedding": "hashing-1", "analysis": "1"}, {"embedding": "hashing-1", "analysis": "2"})
    'The index was made with analysis 1, this is analysis 2: built anew beside the old one.'
    """
    parts = [part for part in new if old.get(part) != new[part]]
    before = " and ".join(f"{part} {old.get(part, 'unknown')}" for part in parts)
    now = " and ".join(f"{part} {new[part]}" for part in parts)
    return f"The index was made with {before}, this is {now}: built anew beside the old one."
