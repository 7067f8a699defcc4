"""The public door: `from retrieval import Sanad, Index`; each name is loaded when it is first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.answering.sanad import Sanad as Sanad
    from retrieval.embeddings.hashing import make_embedder as make_embedder
    from retrieval.errors import SanadError as SanadError
    from retrieval.index.index import Index as Index
    from retrieval.llms.client import LLMClient as LLMClient
    from retrieval.llms.providers import make_llm as make_llm
    from retrieval.types import Answer as Answer
    from retrieval.types import Article as Article
    from retrieval.types import Citation as Citation
    from retrieval.types import Filters as Filters
    from retrieval.types import Hit as Hit
    from retrieval.types import Passage as Passage
    from retrieval.types import RefreshReport as RefreshReport
    from retrieval.types import SearchResult as SearchResult
    from retrieval.types import Sentence as Sentence
    from retrieval.types import Turn as Turn

_MODULES = {
    "Sanad": "answering.sanad",
    "Index": "index.index",
    "LLMClient": "llms.client",
    "SanadError": "errors",
    "make_embedder": "embeddings.hashing",
    "make_llm": "llms.providers",
    **dict.fromkeys(("Answer", "Article", "Citation", "Filters", "Hit", "Passage", "RefreshReport"), "types"),
    **dict.fromkeys(("SearchResult", "Sentence", "Turn"), "types"),
}
__all__ = tuple(_MODULES)


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
