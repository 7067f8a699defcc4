"""From settings to finished parts: the only such place. The heavy libraries load here, when first needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config.settings import Settings
    from bot.storage.database import Database
    from retrieval.answering.sanad import Sanad
    from retrieval.connectors.web import Limits
    from retrieval.corpus.isolation import ReadingBounds
    from retrieval.embeddings.protocol import Embedder
    from retrieval.index.index import Index
    from retrieval.llms.client import LLMClient
    from retrieval.stores.vectors.protocol import VectorStore
    from retrieval.stores.vectors.server import ServerVectors

LLAMA_INDEX = "llama-index:"  # what begins the name of a class of LlamaIndex


def open_index(settings: Settings) -> Index:
    """Return the index in the data folder; nothing is written yet.

    Raises:
        SettingsError: the embedding model cannot be had as it is set.
        IndexDamagedError: the data folder holds something that cannot be read.
    """
    from retrieval.index.index import Index

    return Index.open(settings.data_dir, open_embedder(settings), open_vector_store(settings), reading_bounds(settings))


def open_vector_store(settings: Settings) -> VectorStore:
    """Return where the vectors are; nothing is sent to a server yet."""
    if not settings.chroma_url:
        from retrieval.stores.vectors.embedded_store import EMBEDDED_STORE

        return EMBEDDED_STORE
    return open_server(settings)


def open_server(settings: Settings) -> ServerVectors:
    """Return the Chroma server of the settings; nothing is sent to it yet."""
    from retrieval.stores.vectors.server import ServerVectors

    token = settings.chroma_token.get_secret_value()
    return ServerVectors(settings.chroma_url, token, settings.chroma_tenant, settings.chroma_database)


def open_embedder(settings: Settings) -> Embedder:
    """Return the embedding model; nothing is loaded or called yet.

    Raises:
        SettingsError: there is no such model, or it lacks a setting or a package.
    """
    key = settings.embedding_api_key
    if settings.embedding.startswith(LLAMA_INDEX):
        from retrieval.integrations.llama_index.loading import load_embedding

        options = settings.embedding_options.get_secret_value()
        return load_embedding(settings.embedding, options, settings.embedding_base_url, key.get_secret_value())
    from retrieval.embeddings.factory import make_embedder

    reranks = settings.reranker == "e5"
    return make_embedder(settings.embedding, settings.embedding_base_url, key, _e5_file(settings), reranks=reranks)


def stand_in_notice(settings: Settings) -> str:
    """Return, on one line, why hashing stands in for the embedding model that is set; empty where it does not."""
    from retrieval.embeddings.factory import why_hashing

    return why_hashing(settings.embedding, _e5_file(settings))


def _e5_file(settings: Settings) -> Path | None:
    return Path(settings.e5_file).expanduser() if settings.e5_file else None


def database_file(settings: Settings) -> Path | None:
    """Return the file in which the bot's conversations lie; None where they are on a server.

    Raises:
        SettingsError: it is not set, and there is no home folder.
    """
    from bot.config.settings import data_home
    from bot.storage.database_file import default_file

    if not settings.database_url:
        return default_file(data_home(), settings.telegram_token.get_secret_value())
    scheme, _, name = settings.database_url.partition("?")[0].partition(":///")
    return Path(name).absolute() if scheme.startswith("sqlite") and name else None


def open_database(settings: Settings, say: Callable[[str], None]) -> Database:
    """Return the bot's database, and say where it is; one that an earlier version left here is moved to its place.

    Raises:
        SanadError: it cannot be used.
    """
    from bot.operations.redaction import redactor, secrets_in
    from bot.storage.database import Database
    from bot.storage.database_file import settle_database

    file, url = database_file(settings), settings.database_url
    if file and not url:
        file, news = settle_database(file)
        url = f"sqlite:///{file}"
        if news:
            say(news)
    database = Database(url)
    say(f"Conversations are kept in {file or redactor(secrets_in(url))(url)}.")
    return database


def make_sanad(index: Index, settings: Settings | None = None) -> Sanad:
    """Return what answers questions from an index, or from the retriever of the settings, with their language model.

    Raises:
        SettingsError: the retriever or the model cannot be made as the settings say.
    """
    from retrieval.answering.sanad import Sanad

    if settings is None:
        return Sanad(index)
    model = make_model(settings)
    reader = make_reader(settings, model)
    tokens = settings.llm_passage_tokens
    if settings.retriever:
        from retrieval.integrations.llama_index.loading import load_retriever

        retriever = load_retriever(settings.retriever)
        return Sanad.from_retriever(retriever, model=model, reader=reader, passage_tokens=tokens)
    return Sanad(index, model=model, reader=reader, passage_tokens=tokens)


def make_model(settings: Settings) -> LLMClient | None:
    """Return the language model of the settings; None where none is chosen.

    Raises:
        SettingsError: its provider is not installed, or something that it needs is not set.
    """
    if settings.llm == "none":
        return None
    from retrieval.llms.client import LLMClient
    from retrieval.llms.providers import make_llm

    place = settings.llm_base_url, settings.llm_api_key.get_secret_value()
    timeout, max_tokens = settings.llm_timeout, settings.llm_max_tokens
    if settings.llm.startswith(LLAMA_INDEX):
        from retrieval.integrations.llama_index.loading import load_llm

        options = settings.llm_options.get_secret_value()
        provided = load_llm(settings.llm, options, *place, timeout=timeout, max_tokens=max_tokens)
    else:
        provided = make_llm(settings.llm, *place, timeout, max_tokens)
    return LLMClient(provided, timeout, settings.llm_concurrency, settings.llm_first_token)


def make_reader(settings: Settings, model: LLMClient | None) -> LLMClient | None:
    """Return the model that reads a model's sentences again, which may be that model; None where there is none.

    Raises:
        SettingsError: it cannot be made as the settings say.
    """
    if model is None or settings.reader_llm == "none":
        return None
    if settings.reader_llm == "same":
        return model
    own = {
        "llm": settings.reader_llm,
        "llm_base_url": settings.reader_llm_base_url or settings.llm_base_url,
        "llm_api_key": settings.reader_llm_api_key
        if settings.reader_llm_api_key.get_secret_value()
        else settings.llm_api_key,
    }
    return make_model(settings.model_copy(update=own))


def reading_bounds(settings: Settings) -> ReadingBounds:
    """Return what reading one file may cost."""
    from retrieval.corpus.isolation import ReadingBounds

    return ReadingBounds(settings.file_seconds, settings.ocr)


def make_limits(settings: Settings) -> Limits:
    """Return what a page or a feed may take to be fetched."""
    from retrieval.connectors.web import Limits

    return Limits(allow_private=settings.allow_private_addresses)
