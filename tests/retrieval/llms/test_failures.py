"""What servers say of a request that they do not take, told without a key."""

from __future__ import annotations

import httpx
import pytest
from ollama import ResponseError
from openai import APIError, BadRequestError

from retrieval.errors import ModelError
from retrieval.llms.failures import LONGEST_WORDS, model_error
from retrieval.types import LLMFailure

REQUEST = httpx.Request("POST", "http://localhost/v1/chat/completions")


def rejected(message: str, status: int = 400) -> BadRequestError:
    return BadRequestError(message, response=httpx.Response(status, request=REQUEST), body={"message": message})


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 4096 tokens. However, you requested 5012 tokens.",
        "request (9412 tokens) exceeds the available context size (8192 tokens), try increasing it",
        "Requested tokens (5012) exceed context window of 2048",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "The input is too large to process. increase the physical batch size",
    ],
)
@pytest.mark.parametrize("status", [400, 500])
def test_overflow_is_known_by_the_words_of_each_server(message: str, status: int) -> None:
    error = model_error(rejected(message, status), begun=False)
    assert isinstance(error, ModelError)
    assert (error.reason, error.said) == ("too_long", message)


@pytest.mark.parametrize(
    ("error", "reason", "said"),
    [
        (rejected("response_format is not supported"), "rejected", "response_format is not supported"),
        (ResponseError("model is\nloading", 503), "busy", "model is loading"),
        (APIError("x", REQUEST, body={"error": {"message": "overloaded"}}), "broken", "overloaded"),
        (APIError("x", REQUEST, body=None), "broken", None),
        (rejected("your key sk-1234567 is bad", 401), "refused", None),
        (rejected("the key hunter2 and sk-abcdefgh"), "rejected", "the key … and …"),
        (rejected("x" * 1000), "rejected", "x" * LONGEST_WORDS),
    ],
)
def test_server_s_words_are_told_on_one_line_without_keys(
    error: Exception, reason: LLMFailure, said: str | None
) -> None:
    told = model_error(error, begun=False, secret="hunter2")
    assert isinstance(told, ModelError)
    assert (told.reason, told.said) == (reason, said)
