"""From settings to finished parts: the only such place. The heavy libraries load here, when first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings
    from retrieval.index import Index
    from retrieval.sanad import Sanad


def open_index(settings: Settings) -> Index:
    """Return the index in the data folder; nothing is written yet.

    Raises:
        IndexDamagedError: the data folder holds something that cannot be read.
    """
    from retrieval.embedders import make_embedder
    from retrieval.index import Index

    return Index.open(settings.data_dir, make_embedder(settings.embedding))


def make_sanad(index: Index) -> Sanad:
    """Return what answers questions from an index."""
    from retrieval.sanad import Sanad

    return Sanad(index)
