"""multilingual-e5-small as the core asks for it: loaded when first needed, texts side by side on all processors."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from retrieval.concurrency.threads import Calls, DaemonThreads
from retrieval.embeddings.e5.graph import WIDTH
from retrieval.embeddings.e5.processor import largest_weight, processor_count
from retrieval.embeddings.e5.texts import PASSAGE, QUERY, readable_text
from retrieval.embeddings.e5.weights_file import SHA256
from retrieval.errors import EmbeddingError
from retrieval.reranking import Relevance, Reranker, SentenceInContext

if TYPE_CHECKING:
    from retrieval.embeddings.e5.cross_encoder import CrossEncoder
    from retrieval.embeddings.e5.encoder import E5Encoder
    from retrieval.embeddings.e5.weights import Floats

LONGEST_QUERY = 2000  # characters; some 500 tokens of Arabic, which one window holds
MOST_THREADS = 8  # each has activations of its own, 10 MB at the longest window
_BATCH = 64  # passages


class E5Embedder:
    """Gives vectors of 384 dimensions and length 1; usable from several threads.

    Args:
        file: The weights, which `weights_file` knows.
        threads: How many passages are embedded at a time; as many as there are processors, unless given.
        largest: What the largest 8-bit weight is; as this processor wants it, unless given.
        reranks: Whether sentences are read together with questions, too.
        learnt: The file of what the reranker has learnt; that of the project, unless given.
    """

    embed_batch_size = _BATCH
    unit: Literal["sentence"] = "sentence"

    def __init__(
        self, file: Path, threads: int = 0, largest: int = 0, *, reranks: bool = True, learnt: Path | None = None
    ) -> None:
        self._file, self._learnt = file, learnt
        self._largest = largest or largest_weight()
        self.model_name = f"e5-{SHA256[:8]}-int8-{WIDTH}-{self._largest}"  # with all that changes a vector
        most = threads or min(processor_count(), MOST_THREADS)
        self._threads = DaemonThreads(most, "e5")
        self._reading = DaemonThreads(most, "reranker")  # so that no question waits behind passages
        self._calls = Calls()
        self._loading = threading.Lock()
        self._loaded: E5Encoder | None = None
        self._reranks = reranks
        self._cross_encoder: CrossEncoder | None = None
        self._no_reranker = ""  # why it cannot be loaded

    @property
    def reranker(self) -> Reranker | None:
        """Return what reads a question and sentences together: this same model, with adapters."""
        return self if self._reranks else None

    def read(self, question: str, sentences: Sequence[SentenceInContext]) -> list[Relevance]:
        """Return how well sentences answer a question; see `Reranker`.

        Raises:
            EmbeddingError: the model cannot be loaded.
            EndedError: it was told to end.
        """
        self._calls.check()
        cross_encoder = self._loaded_cross_encoder(self._encoder())
        self._calls.check()
        return cross_encoder.read(question, sentences, self._calls.check)

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
                try:
                    self._loaded = self._load()
                except Exception as error:  # onnxruntime raises its own, and ImportError where it does not load
                    raise EmbeddingError(
                        f"The embedding model e5 cannot be loaded from {self._file} ({type(error).__name__}: {error}). "
                        "Choose another: SANAD_EMBEDDING=hashing needs nothing."
                    ) from error
            return self._loaded

    def _load(self) -> E5Encoder:
        from retrieval.embeddings.e5.encoder import load_encoder

        return load_encoder(self._file, self._largest)

    def _loaded_cross_encoder(self, encoder: E5Encoder) -> CrossEncoder:
        """Return the cross-encoder; what failed once is not tried again."""
        with self._loading:
            if self._no_reranker:
                raise EmbeddingError(self._no_reranker)
            if self._cross_encoder is None:
                try:
                    self._cross_encoder = self._load_cross_encoder(encoder)
                except Exception as error:  # numpy and zipfile raise many kinds for a damaged file
                    self._no_reranker = (
                        f"The reranker cannot be loaded ({type(error).__name__}: {error}). "
                        "Leave it out: SANAD_RERANKER=none."
                    )
                    raise EmbeddingError(self._no_reranker) from error
            return self._cross_encoder

    def _load_cross_encoder(self, encoder: E5Encoder) -> CrossEncoder:
        from retrieval.embeddings.e5.cross_encoder import load_cross_encoder
        from retrieval.embeddings.e5.cross_encoder_weights import read_cross_encoder_weights
        from retrieval.embeddings.e5.weights import read_weights

        learnt = read_cross_encoder_weights(self._learnt)
        return load_cross_encoder(encoder, read_weights(self._file), learnt, self._largest, self._reading)
