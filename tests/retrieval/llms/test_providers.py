"""What each provider is asked for: a schema in its own way, no thoughts where it lets them be, room where not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest
from support.servers.model import ModelServer, says, says_as_ollama, sends

from prompts import Prompt, Said
from retrieval.errors import ModelError
from retrieval.llms.client import LLMClient
from retrieval.llms.providers import THINKING_TOKENS, make_llm

PROMPT = Prompt("x", "y", (Said("user", "a"), Said("assistant", "b")))
SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


def body_of_request(server: ModelServer, name: str) -> Mapping[str, Any]:
    address = server.url.removesuffix("/v1") if name.startswith("ollama") else server.url
    server.on("other", says_as_ollama("نعم") if name.startswith("ollama") else says("نعم"))
    with closing(LLMClient(make_llm(name, address, "k", 20, 100), 20, 1)) as model:
        assert model.form == "json"
        assert model.complete(PROMPT, model.deadline(), SCHEMA) == "نعم"
    body: Mapping[str, Any] = server.calls[-1].request_body
    return body


@pytest.mark.parametrize("name", ["openai-like:m", "openai:gpt-4o-mini", "ollama:m"])
def test_earlier_turns_stand_between_the_rules_and_the_question(server: ModelServer, name: str) -> None:
    messages = body_of_request(server, name)["messages"]
    assert [(one["role"], one["content"]) for one in messages] == [
        ("system", "x"),
        ("user", "a"),
        ("assistant", "b"),
        ("user", "y"),
    ]


def test_openai_s_protocol_has_the_schema_as_response_format(server: ModelServer) -> None:
    body = body_of_request(server, "openai-like:m")
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "strict": True, "schema": SCHEMA},
    }
    assert (body["max_tokens"], body["temperature"]) == (100, 0.0)


def test_ollama_has_the_schema_as_format_and_does_not_think(server: ModelServer) -> None:
    body = body_of_request(server, "ollama:llama3.2")
    assert (body["format"], body["think"], body["options"]["num_predict"]) == (SCHEMA, False, 100)


@pytest.mark.parametrize("name", ["openai:o4-mini", "openai:gpt-5.1"])
def test_openai_s_reasoning_models_get_no_temperature_but_their_own_and_room_to_think(
    server: ModelServer, name: str
) -> None:
    body = body_of_request(server, name)
    assert (body["temperature"], body["max_completion_tokens"]) == (1.0, 100 + THINKING_TOKENS)
    assert "max_tokens" not in body


def test_other_models_that_think_get_room_too(server: ModelServer) -> None:
    assert body_of_request(server, "openai-like:deepseek-r1")["max_tokens"] == 100 + THINKING_TOKENS
    assert body_of_request(server, "ollama:gpt-oss:20b")["options"]["num_predict"] == 100 + THINKING_TOKENS


def test_a_first_word_that_comes_late_ends_the_wait_long_before_the_deadline(server: ModelServer) -> None:
    server.on("other", says("نعم", wait=30))
    with (
        closing(LLMClient(make_llm("openai-like:m", server.url, "k", 20, 100), 600, 1, 0.3)) as model,
        pytest.raises(ModelError) as raised,
    ):
        model.complete(PROMPT, model.deadline())
    assert raised.value.reason == "late"


def test_a_model_that_thinks_is_waited_for(server: ModelServer) -> None:
    def thinks(call: Any) -> None:
        call.begin()
        for field in ("content", "reasoning_content"):  # the first piece of a reply tells its role alone
            choice = {"index": 0, "delta": {field: "hm" if field == "reasoning_content" else ""}}
            event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
            call.write(f"data: {json.dumps(event)}\n\n")
        call.server.over.wait(3)
        call.delta("نعم")
        call.delta(None, "stop")
        call.end()

    server.on("other", thinks)
    with closing(LLMClient(make_llm("openai-like:m", server.url, "k", 20, 100), 600, 1, 2)) as model:
        assert model.complete(PROMPT, model.deadline()) == "نعم"


def test_an_error_within_a_stream_is_told_in_the_server_s_words(server: ModelServer) -> None:
    server.on("other", sends('data: {"error": {"message": "the context size is exceeded"}}\n\n'))
    with (
        closing(LLMClient(make_llm("openai-like:m", server.url, "k", 20, 100), 20, 1)) as model,
        pytest.raises(ModelError) as raised,
    ):
        model.complete(PROMPT, model.deadline())
    assert (raised.value.reason, raised.value.said) == ("too_long", "the context size is exceeded")
