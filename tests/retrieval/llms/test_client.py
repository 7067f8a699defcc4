"""How calls to a model are begun, begun again and ended; `test_faults.py` has what fails on the way."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from time import monotonic

import httpx
import pytest
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, ChatResponseAsyncGen
from support.servers.model import Behaviour, ModelServer, drips, fails, says, silent

from prompts import Prompt
from retrieval.errors import EndedError, ModelError
from retrieval.llms.client import LLMClient
from retrieval.llms.providers import ProviderHandle, make_llm

PROMPT = Prompt("x", "y")
WATCHDOG = 30.0  # seconds, after which a test fails that would else hang


def model(server: ModelServer, concurrency: int = 8) -> LLMClient:
    return LLMClient(make_llm("openai-like:m", server.url, "k", 600, 100), 600, concurrency)


@pytest.mark.parametrize(
    ("behaviour", "concurrency"),
    [
        (silent(), 8),
        (silent("قال"), 8),
        (drips, 8),
        (silent(), 1),  # the others wait for a place
        (fails(429, Retry_After="500"), 8),  # they wait to ask again
    ],
    ids=["mute", "stuck", "dripping", "no place", "busy"],
)
def test_close_lets_everybody_go_at_once(server: ModelServer, behaviour: Behaviour, concurrency: int) -> None:
    server.on("other", behaviour)
    asked = model(server, concurrency)
    with ThreadPoolExecutor(3) as pool:
        waiting: list[Future[str]] = [pool.submit(asked.complete, PROMPT, asked.deadline()) for _ in range(3)]
        until = monotonic() + WATCHDOG
        while len(server.calls) < min(3, concurrency) and monotonic() < until:
            pass
        asked.close()
        assert [type(call.exception(WATCHDOG)) for call in waiting] == [EndedError] * 3
    with pytest.raises(EndedError):
        asked.complete(PROMPT, asked.deadline())


def test_close_of_a_model_that_was_never_asked_ends_it_too(server: ModelServer) -> None:
    asked = model(server)
    asked.close()
    asked.close()
    with pytest.raises(EndedError):
        asked.complete(PROMPT, asked.deadline())
    assert server.calls == []


class Provider:
    """A provider, as far as LlamaIndex's interface is used: each call brings some pieces, then that it is busy."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self.pieces = pieces
        self.calls = 0

    async def astream_chat(self, _: Sequence[ChatMessage]) -> ChatResponseAsyncGen:
        self.calls += 1

        async def reply() -> ChatResponseAsyncGen:
            for piece in self.pieces:
                yield ChatResponse(message=ChatMessage(), delta=piece)
            raise BusyError

        return reply()


class BusyError(Exception):
    """What the providers' libraries raise, with the status of a server that has too much to do."""

    status_code = 429
    response = httpx.Response(429, headers={"Retry-After": "0"})


async def close() -> None:
    """Do nothing: such a provider has no connections."""


@pytest.mark.parametrize(("pieces", "calls"), [([], 2), ([""], 2), (["قال"], 1), (["قال", " الوزير"], 1)])
def test_a_model_is_asked_again_only_as_long_as_it_has_not_begun(pieces: list[str], calls: int) -> None:
    provider = Provider(pieces)
    asked = LLMClient(ProviderHandle(provider, close), 600, 1)
    with closing(asked), pytest.raises(ModelError) as raised:
        asked.complete(PROMPT, asked.deadline())
    assert (raised.value.reason, provider.calls) == ("busy", calls)


def test_what_came_before_a_model_broke_off_comes_once() -> None:
    asked = LLMClient(ProviderHandle(Provider(["قال", " الوزير"]), close), 600, 1)
    with closing(asked):
        reply = asked.stream(PROMPT, asked.deadline())
        assert [next(reply), next(reply)] == ["قال", " الوزير"]
        with pytest.raises(ModelError):
            next(reply)


def test_half_a_character_of_a_reply_is_marked(server: ModelServer) -> None:
    server.on("other", says("قال \ud83dالوزير.", size=100))
    with closing(model(server)) as opened:
        assert opened.complete(PROMPT, monotonic() + WATCHDOG) == "قال \N{REPLACEMENT CHARACTER}الوزير."
