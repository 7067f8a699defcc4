"""Language models by LlamaIndex's interface; each provider is imported only when it is chosen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from retrieval.errors import SettingsError

if TYPE_CHECKING:
    from llama_index.core.base.llms.base import BaseLLM

OPENAI = "https://api.openai.com/v1"
OLLAMA = "http://localhost:11434"
CONTEXT_WINDOW = 8192  # tokens; what the passages and an answer need at most
NO_KEY = "none"  # sent where no key is set, lest the libraries look for one in the environment

Close = Callable[[], Awaitable[None]]


class ProviderHandle(NamedTuple):
    """A language model, and what closes its connections."""

    llm: BaseLLM
    close: Close


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
    return _openai_like(model, base_url or OPENAI, api_key, timeout, max_tokens)


def _openai_like(model: str, base_url: str, api_key: str, timeout: float, max_tokens: int) -> ProviderHandle:
    if not base_url:
        raise SettingsError(
            "SANAD_LLM=openai-like:… needs the server's address. Set SANAD_LLM_BASE_URL, as http://localhost:8080/v1."
        )
    import httpx
    from llama_index.llms.openai_like import OpenAILike

    client = httpx.AsyncClient(timeout=timeout, follow_redirects=True)
    llm = OpenAILike(
        model=model,
        api_base=base_url,
        api_key=api_key or NO_KEY,
        is_chat_model=True,
        context_window=CONTEXT_WINDOW,
        temperature=0.0,
        max_tokens=max_tokens,
        max_retries=0,  # what is worth trying again is decided in one place, within the time limit
        timeout=timeout,
        async_http_client=client,
    )
    return ProviderHandle(llm, client.aclose)


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
        additional_kwargs={"num_predict": max_tokens},
        async_client=client,
    )
    return ProviderHandle(llm, client.close)


def _anthropic(model: str, base_url: str, api_key: str, timeout: float, max_tokens: int) -> ProviderHandle:
    if not api_key:
        raise SettingsError("SANAD_LLM=anthropic:… needs a key. Set SANAD_LLM_API_KEY.")
    from llama_index.llms.anthropic import Anthropic

    llm = Anthropic(
        model=model,
        base_url=base_url or None,
        api_key=api_key,
        temperature=0.0,
        timeout=timeout,
        max_tokens=max_tokens,
        max_retries=0,
    )
    return ProviderHandle(llm, llm._aclient.close)  # noqa: SLF001 - the library gives no other hold on its connections


_MAKERS: Mapping[str, tuple[str, Callable[[str, str, str, float, int], ProviderHandle]]] = {
    "openai": ("llm", _openai),
    "ollama": ("ollama", _ollama),
    "anthropic": ("anthropic", _anthropic),
    "openai-like": ("llm", _openai_like),
}
