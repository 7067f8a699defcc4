"""Embedding models behind a server: the protocols of OpenAI and of Ollama, behind LlamaIndex's interface.

LlamaIndex's own clients are not used: they show the key in their repr and send it along in their events, take
what is not set from other programs' variables, retry within retries, and take too few vectors for enough.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

import httpx
import numpy as np
from pydantic import PrivateAttr, SecretStr

from retrieval.concurrency.clients import EndableClient
from retrieval.concurrency.retries import RetryPolicy, seconds_to_wait
from retrieval.embeddings.prefixed import PrefixedEmbedding, check_url, checked_key
from retrieval.errors import EmbeddingError, SettingsError

BATCH = 32  # passages in a request
PLACES = {"openai": "https://api.openai.com/v1", "ollama": "http://localhost:11434"}
_CONNECTING = 10.0  # seconds, at most
PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})  # statuses that another try may not meet
LONGEST_REASON = 200  # characters of what a server says

FOR_PASSAGES = RetryPolicy(tries=4, timeout=300.0, first_pause=1.0, longest_pause=60.0)
FOR_QUESTION = RetryPolicy(tries=2, timeout=15.0, first_pause=0.5, longest_pause=2.0)  # somebody waits


class _PassingError(EmbeddingError):
    """A failure that another try may not meet."""

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after  # seconds


class ServerEmbedding(PrefixedEmbedding):
    """A model that a server runs; passages go to it when they are indexed, questions when they are asked."""

    protocol: Literal["openai", "ollama"]
    base_url: str
    model: str
    for_passages: RetryPolicy = FOR_PASSAGES
    for_question: RetryPolicy = FOR_QUESTION
    _client: httpx.Client = PrivateAttr()
    _key: SecretStr = PrivateAttr()

    def __init__(self, api_key: SecretStr | None = None, **fields: Any) -> None:
        """Take the key apart from the fields, which LlamaIndex shows and sends along."""
        super().__init__(**fields)
        self._key = api_key or SecretStr("")
        key = self._key.get_secret_value()
        self._client = EndableClient(self._calls, headers={"Authorization": f"Bearer {key}"} if key else {})
        weakref.finalize(self, self._client.close)

    @classmethod
    def make(cls, provider: str, described: Mapping[str, str], base_url: str, api_key: SecretStr | None) -> Self:
        """Return the model of a provider, with what the settings say of its place.

        Raises:
            SettingsError: the provider lacks a setting, or one has a value that cannot work.
        """
        place = (base_url or PLACES.get(provider, "")).rstrip("/")
        if not place:
            raise SettingsError(
                f"SANAD_EMBEDDING_BASE_URL: {provider} needs the server's address, such as http://localhost:8080/v1."
            )
        if provider == "openai" and not (api_key and api_key.get_secret_value()):
            raise SettingsError("SANAD_EMBEDDING_API_KEY: openai needs a key. For a server without one: openai-like.")
        check_url(place)
        protocol = "ollama" if provider == "ollama" else "openai"
        return cls(checked_key(api_key), protocol=protocol, base_url=place, embed_batch_size=BATCH, **described)

    def _embed_questions(self, texts: list[str]) -> list[list[float]]:
        return self._ask(texts, self.for_question)

    def _embed_passages(self, texts: list[str]) -> list[list[float]]:
        return self._ask(texts, self.for_passages)

    def _ask(self, texts: list[str], policy: RetryPolicy) -> list[list[float]]:
        """Return the vectors of some texts, tried as often as a policy allows."""
        tries = policy.retrying(
            lambda error: error.retry_after if isinstance(error, _PassingError) else None, self._calls.pause
        )
        return tries(self._ask_once, texts, policy.timeout)

    def _ask_once(self, texts: list[str], timeout: float) -> list[list[float]]:
        path = "/api/embed" if self.protocol == "ollama" else "/embeddings"
        try:
            response = self._client.post(
                self.base_url + path,
                json={"model": self.model, "input": texts},
                timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECTING)),
            )
        except httpx.TimeoutException as error:
            raise EmbeddingError(f"{self._place} did not answer within {timeout:g} seconds. Is it busy?") from error
        except httpx.HTTPError as error:
            reason = self._clean(str(error) or type(error).__name__)
            raise _PassingError(
                f"{self._place} cannot be reached ({reason}). Start it, or correct SANAD_EMBEDDING_BASE_URL."
            ) from error
        if response.status_code != httpx.codes.OK:
            raise self._refusal(response)
        try:
            vectors = np.asarray(_vectors(response.json()), dtype=np.float64)
        except (ValueError, TypeError, KeyError, AttributeError) as error:  # of JSON, of its shape, of its numbers
            raise _PassingError(
                f"{self._place} answered with what are no vectors. Is it an embedding model?"
            ) from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or not vectors.size or not np.isfinite(vectors).all():
            raise EmbeddingError(
                f"{self._place} answered {len(texts)} texts with {len(vectors) if vectors.ndim else 0} vectors, "
                "or with empty ones. Is it an embedding model?"
            )
        lists: list[list[float]] = vectors.tolist()
        return lists

    @property
    def _place(self) -> str:
        return f"The embedding server {self.base_url}"

    def _refusal(self, response: httpx.Response) -> EmbeddingError:
        """Return what a reply that is no success means, and what to do about it."""
        status, reason = response.status_code, self._clean(_reason(response))
        said = f"{status}: {reason}" if reason else f"{status}"
        if status in (401, 403):
            return EmbeddingError(f"{self._place} refuses the key ({said}). Correct SANAD_EMBEDDING_API_KEY.")
        if status == 404:
            pull = f" Fetch it: ollama pull {self.model}" if self.protocol == "ollama" else ""
            return EmbeddingError(
                f"{self._place} has no model {self.model}, or no embeddings under that address ({said}). "
                f"Correct SANAD_EMBEDDING or SANAD_EMBEDDING_BASE_URL.{pull}"
            )
        if status not in PASSING:
            return EmbeddingError(f"{self._place} refuses ({said}).")
        wait = seconds_to_wait(response.headers.get("Retry-After")) or 0.0
        when = f" in {wait:.0f} seconds" if wait else " later"
        return _PassingError(f"{self._place} cannot answer now ({said}). Try again{when}.", wait)

    def _clean(self, text: str) -> str:
        """Return what a server said, short, on one line, and without the key, which some repeat."""
        key = self._key.get_secret_value()
        shown = text.replace(key, "…") if key else text
        return " ".join("".join(letter if letter.isprintable() else " " for letter in shown).split())[:LONGEST_REASON]


def _vectors(reply: Any) -> Sequence[Sequence[float]]:
    """Return the vectors of either protocol's reply, in the order of the texts."""
    if "embeddings" in reply:
        return list(reply["embeddings"])
    return [entry["embedding"] for entry in sorted(reply["data"], key=lambda entry: int(entry["index"]))]


def _reason(response: httpx.Response) -> str:
    """Return what either protocol's error reply says, or nothing."""
    try:
        error = response.json()["error"]
        return str(error["message"] if isinstance(error, dict) else error)
    except (ValueError, KeyError, TypeError):
        return ""
