"""What embedding models behind LlamaIndex's interface share: prefixes, calls that can be ended, checked settings."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from urllib.parse import urlsplit

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr, SecretStr

from retrieval.concurrency.threads import Calls
from retrieval.embeddings.protocol import Unit
from retrieval.errors import SettingsError


class PrefixedEmbedding(BaseEmbedding):
    """A model that sees each question and each passage behind the prefix that it was trained with."""

    query_prefix: str = ""
    passage_prefix: str = ""
    unit: Unit = "sentence"
    _calls: Calls = PrivateAttr(default_factory=Calls)

    def end(self) -> None:
        """End all calls; see `Endable`."""
        self._calls.end()

    @abstractmethod
    def _embed_questions(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of questions, prefix included."""

    @abstractmethod
    def _embed_passages(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of passages, prefix included."""

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._embed_questions([self.query_prefix + query])[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._embed_passages([self.passage_prefix + text for text in texts])


def check_url(url: str) -> None:
    """Refuse what is no address of a server, and one that holds a password, which errors would show.

    Raises:
        SettingsError: it is refused.
    """
    try:
        parts = urlsplit(url)
        works = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        works = False
    if works and "@" in parts.netloc:
        raise SettingsError("SANAD_EMBEDDING_BASE_URL: it holds a password. Put that into SANAD_EMBEDDING_API_KEY.")
    if not works:
        raise SettingsError(f"SANAD_EMBEDDING_BASE_URL: {url!r} is no address such as http://localhost:8080/v1.")


def checked_key(api_key: SecretStr | None) -> SecretStr | None:
    """Return a key without the spaces around it; one that no header can carry is refused, and not shown.

    Raises:
        SettingsError: it is refused.
    """
    key = api_key.get_secret_value().strip() if api_key else ""
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise SettingsError("SANAD_EMBEDDING_API_KEY: it holds characters that no key has. Copy it once more.")
    return SecretStr(key) if key else None
