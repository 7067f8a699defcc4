"""multilingual-e5-small as the core asks for it: loaded when first needed, texts side by side on all processors."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from retrieval.concurrency.threads import Calls, DaemonThreads
from retrieval.embeddings.e5.graph import WIDTH
from retrieval.embeddings.e5.processor import largest_weight, processor_count
from retrieval.embeddings.e5.weights_file import SHA256
from retrieval.errors import EmbeddingError

if TYPE_CHECKING:
    from retrieval.embeddings.e5.encoder import E5Encoder
    from retrieval.embeddings.e5.weights import Floats

QUERY, PASSAGE = "query: ", "passage: "  # what the model was trained to see before each
LONGEST_QUERY = 2000  # characters; some 500 tokens of Arabic, which one window holds
MOST_THREADS = 8  # each has activations of its own, 10 MB at the longest window
_BATCH = 64  # passages
_UNREADABLE = re.compile("[\ud800-\udfff\0]")  # no text: halves of a surrogate pair, and NUL


class E5Embedder:
    """Gives vectors of 384 dimensions and length 1; usable from several threads.

    Args:
        file: The weights, which `weights_file` knows.
        threads: How many passages are embedded at a time; as many as there are processors, unless given.
        largest: What the largest 8-bit weight is; as this processor wants it, unless given.
    """

    embed_batch_size = _BATCH
    unit: Literal["sentence"] = "sentence"

    def __init__(self, file: Path, threads: int = 0, largest: int = 0) -> None:
        self._file = file
        self._largest = largest or largest_weight()
        self.model_name = f"e5-{SHA256[:8]}-int8-{WIDTH}-{self._largest}"  # with all that changes a vector
        self._threads = DaemonThreads(threads or min(processor_count(), MOST_THREADS), "e5")
        self._calls = Calls()
        self._loading = threading.Lock()
        self._loaded: E5Encoder | None = None

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of passages.

        Raises:
            EmbeddingError: the model cannot be loaded.
            EndedError: it was told to end.
        """
        encoder = self._encoder()

        def vector(text: str) -> Floats:
            self._calls.check()
            return encoder.vector(encoder.token_ids(PASSAGE + readable_text(text)), self._calls.check)

        asked = [self._threads.submit(vector, text) for text in texts]
        return [one.result().tolist() for one in asked]

    def get_query_embedding(self, query: str) -> list[float]:
        """Return the vector of a question, in this thread; one that is very long is cut.

        Raises:
            EmbeddingError: the model cannot be loaded.
            EndedError: it was told to end.
        """
        self._calls.check()
        encoder = self._encoder()
        ids = encoder.token_ids(QUERY + readable_text(query[:LONGEST_QUERY]))
        found: list[float] = encoder.vector(ids[: encoder.window]).tolist()
        return found

    def end(self) -> None:
        """Let nobody wait for vectors any longer; see `Endable`."""
        self._calls.end()

    def _encoder(self) -> E5Encoder:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> E5Encoder:
        try:
            from retrieval.embeddings.e5.encoder import load_encoder

            return load_encoder(self._file, self._largest)
        except Exception as error:  # onnxruntime raises its own, and ImportError where its library does not load
            raise EmbeddingError(
                f"The embedding model e5 cannot be loaded from {self._file} ({type(error).__name__}: {error}). "
                "Choose another: SANAD_EMBEDDING=hashing needs nothing."
            ) from error


def readable_text(text: str) -> str:
    """Return a text without what is none, and without the spaces around it.

    >>> readable_text(" سند" + chr(0xD83D) + chr(0) + " ")
    'سند'
    """
    return _UNREADABLE.sub(" ", text).strip()
