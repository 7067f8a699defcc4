"""The setting's dotted names: any language model, embedding model or retriever of LlamaIndex, opened and checked."""

from __future__ import annotations

import asyncio
import inspect
import json
import math
import re
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Any, TypeVar, cast

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.llms.base import BaseLLM
from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.core.llms import CustomLLM

from retrieval.concurrency.threads import Calls, DaemonThreads
from retrieval.embeddings.protocol import Unit
from retrieval.errors import EmbeddingError, SanadError, SettingsError
from retrieval.llms.providers import ProviderHandle

_Kind = TypeVar("_Kind")
Options = Mapping[str, Any]

_PREFIX = "llama-index:"
FORM = f"{_PREFIX}package.module.Class:MODEL"
QUESTION_SECONDS = 15.0  # for the vector of a question: somebody waits
AT_ONCE = 32  # questions that are embedded
_LONGEST_REASON = 200  # code points of what a library says is wrong
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_CLIENTS = ("_aclient", "_async_client", "_async_http_client")
_HOME = ("llama_index", "llms"), ("llama_index", "embeddings"), ("llama_index", "retrievers")


def load_llm(
    name: str, options: str, base_url: str, api_key: str, *, timeout: float, max_tokens: int
) -> ProviderHandle:
    """Return the language model of a `SANAD_LLM` value that begins with `llama-index:`.

    What the settings say of the server, the key, the time and the length is handed on where the class has a field
    for it; the options win.

    Raises:
        SettingsError: the class is not installed, is of another kind, or does not take what it is given.
    """
    offered = {
        "api_key": api_key or None,
        "api_base": base_url or None,
        "base_url": base_url or None,
        "timeout": timeout,
        "request_timeout": timeout,
        "max_tokens": max_tokens,
        "temperature": 0.0,
        "max_retries": 0,  # what is worth trying again is decided in one place, within the time limit
    }
    llm = _made("SANAD_LLM", name, options, offered, BaseLLM, secret=api_key)
    return provider_handle(llm)


def provider_handle(llm: BaseLLM) -> ProviderHandle:
    """Return a model of LlamaIndex as `LLMClient` takes it."""
    own: Any = _Threaded(llm) if isinstance(llm, CustomLLM) else llm
    return ProviderHandle(own, partial(_close, llm))


def load_embedding(name: str, options: str, base_url: str, api_key: str) -> LoadedEmbedder:
    """Return the embedding model of a `SANAD_EMBEDDING` value that begins with `llama-index:`.

    Raises:
        SettingsError: the class is not installed, is of another kind, or does not take what it is given.
    """
    offered = {"api_key": api_key or None, "api_base": base_url or None, "base_url": base_url or None}
    model = _made("SANAD_EMBEDDING", name, options, offered, BaseEmbedding, secret=api_key)
    given = parsed_options("SANAD_EMBEDDING", options)
    shown = f" with {json.dumps(given, sort_keys=True, ensure_ascii=False)}" if given else ""
    return LoadedEmbedder(model, name + shown)


def load_retriever(name: str) -> BaseRetriever:
    """Return the retriever that the factory of a `SANAD_RETRIEVER` value makes, `package.module:factory`.

    Raises:
        SettingsError: there is no such factory, it fails, or it makes something else.
    """
    module, _, factory = name.partition(":")
    if not factory.isidentifier() or not all(part.isidentifier() for part in module.split(".")):
        raise SettingsError(f"SANAD_RETRIEVER: {name!r} is not known; known: package.module:factory.")
    made = _checked_call("SANAD_RETRIEVER", name, _found("SANAD_RETRIEVER", module, factory), {}, "")
    if not isinstance(made, BaseRetriever):
        raise SettingsError(f"SANAD_RETRIEVER: {name} makes a {type(made).__name__}, and a BaseRetriever is needed.")
    return made


def parsed_options(setting: str, options: str) -> dict[str, Any]:
    """Return the options of a setting's JSON.

    Raises:
        SettingsError: it is no JSON object.
    """
    try:
        given = json.loads(options) if options.strip() else {}
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise SettingsError(f'{setting}_OPTIONS: it is no JSON object, such as {{"temperature": 0.2}}.')
    return given


class LoadedEmbedder:
    """An embedding model of LlamaIndex as an index uses it: failures told in our words, and waits that can be ended."""

    unit: Unit = "sentence"

    def __init__(self, model: BaseEmbedding, name: str) -> None:
        """Take the model, and by what name its index is told from others."""
        self.model_name = name
        self.embed_batch_size = model.embed_batch_size
        self.model = model
        self._calls = Calls()
        self._threads = DaemonThreads(AT_ONCE, "embedding")

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of passages.

        Raises:
            EmbeddingError: the model gives none that can be used.
        """
        return self._checked(lambda: self.model.get_text_embedding_batch(texts), len(texts))

    def get_query_embedding(self, query: str) -> list[float]:
        """Return the vector of a question.

        Raises:
            EmbeddingError: the model gives none that can be used.
        """
        asked = partial(self._threads.submit, self.model.get_query_embedding, query)
        return self._checked(lambda: [asked().result(QUESTION_SECONDS)], 1)[0]

    def end(self) -> None:
        """Let nobody wait for the model any longer; see `Endable`."""
        self._calls.end()

    def _checked(self, work: Callable[[], list[list[float]]], expected: int) -> list[list[float]]:
        try:
            vectors = self._calls.run(work)
        except SanadError:
            raise
        except Exception as error:  # each library raises its own
            raise EmbeddingError(
                f"The embedding model {self.model_name} failed ({type(error).__name__}). Look at SANAD_EMBEDDING and "
                "at the server that it asks."
            ) from error
        if len(vectors) != expected or not all(vector and all(map(math.isfinite, vector)) for vector in vectors):
            raise EmbeddingError(f"The embedding model {self.model_name} gives what are no vectors.")
        return vectors


class _Threaded:
    """A model whose asynchronous side only calls the other one, which then runs in a thread: its callers have time."""

    def __init__(self, llm: CustomLLM) -> None:
        self._llm = llm

    async def astream_chat(self, messages: Sequence[ChatMessage]) -> AsyncIterator[ChatResponse]:
        """Return the pieces of a reply, as LlamaIndex's method of that name does."""
        loop, arrived = asyncio.get_running_loop(), asyncio.Queue[ChatResponse | Exception | None]()

        def put(piece: ChatResponse | Exception | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(arrived.put_nowait, piece)

        def read() -> None:
            try:
                for piece in self._llm.stream_chat(messages):
                    put(piece)
                put(None)
            except Exception as error:  # noqa: BLE001 - raised again where the reply is awaited
                put(error)

        async def pieces() -> AsyncIterator[ChatResponse]:
            threading.Thread(target=read, name="sanad-model-call", daemon=True).start()
            while (piece := await arrived.get()) is not None:
                if isinstance(piece, Exception):
                    raise piece
                yield piece

        return pieces()


async def _close(llm: BaseLLM) -> None:
    """Close the connections, where a class keeps its client by a usual name: LlamaIndex has no common way."""
    client = next((getattr(llm, name) for name in _CLIENTS if getattr(llm, name, None) is not None), None)
    close = getattr(client, "aclose", None) or getattr(client, "close", None)
    closing = close() if close else None
    if inspect.isawaitable(closing):
        await closing


def _made(setting: str, name: str, options: str, offered: Options, kind: Callable[..., _Kind], *, secret: str) -> _Kind:
    """Return a model made from its class, the settings and the options."""
    dotted, _, model = name.removeprefix(_PREFIX).partition(":")
    if not _DOTTED.fullmatch(dotted) or not model.strip():
        raise SettingsError(f"{setting}: {name!r} is not known; known: {FORM}.")
    module, _, class_name = dotted.rpartition(".")
    found = _found(setting, module, class_name)
    if not (inspect.isclass(found) and issubclass(found, cast("type[_Kind]", kind))):
        raise SettingsError(f"{setting}: {dotted} is no {getattr(kind, '__name__', kind)} of LlamaIndex.")
    given, known = parsed_options(setting, options), _parameters(found)
    if unknown := sorted(given.keys() - known):
        raise SettingsError(
            f"{setting}_OPTIONS: {class_name} has no {', '.join(unknown)}; it has {', '.join(sorted(known))}."
        )
    own = next((field for field in ("model", "model_name", "model_id") if field in known), None)
    named: dict[str, Any] = {own: model.strip()} if own else {}
    handed = {field: value for field, value in offered.items() if field in known and value is not None}
    made: _Kind = _checked_call(setting, dotted, found, {**handed, **named, **given}, secret)
    return made


def _found(setting: str, module: str, name: str) -> Any:
    try:
        return getattr(import_module(module), name)
    except AttributeError:
        raise SettingsError(f"{setting}: the module {module} has no {name}.") from None
    except ImportError as error:
        parts = tuple(module.split("."))
        if error.name and module.startswith(error.name):
            package = "-".join(parts[:3] if parts[:2] in _HOME else parts[:1]).replace("_", "-")
            raise SettingsError(
                f"{setting}: there is no module {error.name}. Install it in Sanad's folder: "
                f".venv/bin/pip install {package}"
            ) from None
        raise SettingsError(f"{setting}: {module} needs {error.name or error}, which is not installed.") from None


def _parameters(found: type[object]) -> frozenset[str]:
    """Return what a class can be given: the named arguments of its `__init__`, and what that hands on to others."""
    names: set[str] = set()
    for parent in (one for one in found.__mro__ if "__init__" in vars(one)):
        parameters = inspect.signature(parent.__init__).parameters.values()  # type: ignore[misc]
        names |= {one.name for one in parameters if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)}
        if not any(one.kind == one.VAR_KEYWORD for one in parameters):
            break
    else:
        names |= set(getattr(found, "model_fields", {}))
    return frozenset(names - {"self", "callback_manager"})


def _checked_call(setting: str, name: str, make: Callable[..., Any], given: Options, secret: str) -> Any:
    try:
        return make(**given)
    except Exception as error:
        said = " ".join(str(error).split())
        reason = (said.replace(secret, "…") if secret else said)[:_LONGEST_REASON]
        raise SettingsError(f"{setting}: {name} cannot be made ({type(error).__name__}: {reason}).") from error
