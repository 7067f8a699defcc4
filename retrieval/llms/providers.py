"""Language models by LlamaIndex's interface; each provider is imported only when it is chosen."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from retrieval.errors import SettingsError
from retrieval.nlp.word_lists import read_word_lists

if TYPE_CHECKING:
    from llama_index.core.base.llms.base import BaseLLM

OPENAI = "https://api.openai.com/v1"
OLLAMA = "http://localhost:11434"
CONTEXT_WINDOW = 12_288  # tokens; what the rules, the passages, a conversation and an answer need at most
NO_KEY = "none"  # sent where no key is set, lest the libraries look for one in the environment

THINKING_TOKENS = 4000  # that a model which thinks before it writes may think, beside those that it may write

Close = Callable[[], Awaitable[None]]
Schema = Mapping[str, Any]
AnswerForm = Literal["json", "lines", "cited"]


class ProviderHandle(NamedTuple):
    """A language model, what closes its connections, and what its provider can do."""

    llm: BaseLLM
    close: Close
    secret: str = ""  # its key, which is never told
    schema: Callable[[Schema], Mapping[str, Any]] | None = None  # how a JSON schema is asked for
    cites: bool = False  # it cites documents by itself


def make_llm(name: str, base_url: str, api_key: str, timeout: float, max_tokens: int) -> ProviderHandle:
    """Return the language model of a `SANAD_LLM` value.

    Raises:
        SettingsError: the provider is not known or not installed, or something that it needs is not set.
    """
    provider, _, model = name.partition(":")
    if provider not in _MAKERS or not model:
        known = ", ".join(f"{provider}:MODEL" for provider in _MAKERS)
        raise SettingsError(f"SANAD_LLM: {name!r} is not known; known: none, {known}.")
    extra, make = _MAKERS[provider]
    try:
        return make(model.strip(), base_url.strip(), api_key, timeout, max_tokens)
    except ImportError as error:
        raise SettingsError(
            f"SANAD_LLM={name} needs a library that is not installed ({error.name}). "
            f"Install it in Sanad's folder: .venv/bin/pip install -e '.[{extra}]'"
        ) from None


def _openai(model: str, base_url: str, api_key: str, timeout: float, max_tokens: int) -> ProviderHandle:
    if not api_key:
        raise SettingsError("SANAD_LLM=openai:… needs a key. Set SANAD_LLM_API_KEY.")
    return _by_openai(model, base_url or OPENAI, api_key, timeout, max_tokens, is_openai=True)


def _openai_like(model: str, base_url: str, api_key: str, timeout: float, max_tokens: int) -> ProviderHandle:
    if not base_url:
        raise SettingsError(
            "SANAD_LLM=openai-like:… needs the server's address. Set SANAD_LLM_BASE_URL, as http://localhost:8080/v1."
        )
    return _by_openai(model, base_url, api_key, timeout, max_tokens, is_openai=False)


def _by_openai(
    model: str, base_url: str, api_key: str, timeout: float, max_tokens: int, *, is_openai: bool
) -> ProviderHandle:
    """Return a model behind OpenAI's protocol; OpenAI itself has another name for the bound on what is written."""
    import httpx
    from llama_index.llms.openai_like import OpenAILike

    client = httpx.AsyncClient(timeout=timeout, follow_redirects=True)
    most = max_tokens + (THINKING_TOKENS if is_reasoning(model) else 0)
    llm = OpenAILike(
        model=model,
        api_base=base_url,
        api_key=api_key or NO_KEY,
        is_chat_model=True,
        context_window=CONTEXT_WINDOW,
        temperature=1.0 if is_openai and is_reasoning(model) else 0.0,  # OpenAI's take their own default alone, 1
        max_tokens=None if is_openai else most,
        additional_kwargs={"max_completion_tokens": most} if is_openai else {},
        max_retries=0,  # what is worth trying again is decided in one place, within the time limit
        timeout=timeout,
        async_http_client=client,
    )
    return ProviderHandle(llm, client.aclose, api_key, _openai_schema)


def _openai_schema(schema: Schema) -> Mapping[str, Any]:
    """Return how OpenAI's protocol asks for a JSON schema; vLLM and llama.cpp have it too."""
    return {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": schema},
        }
    }


@cache
def _reasoning() -> re.Pattern[str]:
    return re.compile("|".join(read_word_lists("llms", "reasoning_models")["names"]), re.IGNORECASE)


def is_reasoning(model: str) -> bool:
    """Tell whether a model is known to think before it writes.

    >>> [is_reasoning(name) for name in ("o3-mini", "openai/gpt-5.1", "qwen3:8b", "gpt-4o", "llama3.2:3b")]
    [True, True, True, False, False]
    """
    return bool(_reasoning().search(model))


def _ollama(model: str, base_url: str, api_key: str, timeout: float, max_tokens: int) -> ProviderHandle:
    from llama_index.llms.ollama import Ollama
    from ollama import AsyncClient

    address = base_url or OLLAMA
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    client = AsyncClient(host=address, timeout=timeout, headers=headers)
    llm = Ollama(
        model=model,
        base_url=address,
        request_timeout=timeout,
        temperature=0.0,
        context_window=CONTEXT_WINDOW,
        additional_kwargs={"num_predict": max_tokens + (THINKING_TOKENS if is_reasoning(model) else 0)},
        thinking=False,  # some cannot be kept from it
        async_client=client,
    )
    return ProviderHandle(llm, client.close, api_key, lambda schema: {"format": schema})


def _anthropic(model: str, base_url: str, api_key: str, timeout: float, max_tokens: int) -> ProviderHandle:
    if not api_key:
        raise SettingsError("SANAD_LLM=anthropic:… needs a key. Set SANAD_LLM_API_KEY.")
    from retrieval.llms.anthropic_citations import CitingAnthropic

    most = max_tokens + (THINKING_TOKENS if is_reasoning(model) else 0)
    llm: Any = CitingAnthropic(model, base_url, api_key, timeout, most)
    return ProviderHandle(llm, llm.client.close, api_key, cites=True)


_MAKERS: Mapping[str, tuple[str, Callable[[str, str, str, float, int], ProviderHandle]]] = {
    "openai": ("llm", _openai),
    "ollama": ("ollama", _ollama),
    "anthropic": ("anthropic", _anthropic),
    "openai-like": ("llm", _openai_like),
}
