"""The public door: `from retrieval import Sanad, Index`; each name is loaded when it is first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.answering.sanad import Sanad
    from retrieval.embeddings.factory import make_embedder
    from retrieval.errors import SanadError
    from retrieval.index.index import Index
    from retrieval.llms.client import LLMClient
    from retrieval.llms.providers import make_llm
    from retrieval.types import (
        Answer,
        Article,
        Citation,
        Filters,
        Hit,
        Passage,
        RefreshReport,
        SearchResult,
        Sentence,
        Turn,
    )  # fmt: skip

__all__ = [
    "Answer", "Article", "Citation", "Filters", "Hit", "Index", "LLMClient", "Passage", "RefreshReport", "Sanad",
    "SanadError", "SearchResult", "Sentence", "Turn", "make_embedder", "make_llm",
]  # fmt: skip
_MODULES = {  # of what does not stand in `types`
    "Sanad": "answering.sanad",
    "make_embedder": "embeddings.factory",
    "SanadError": "errors",
    "Index": "index.index",
    "LLMClient": "llms.client",
    "make_llm": "llms.providers",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'types')}"), name)
