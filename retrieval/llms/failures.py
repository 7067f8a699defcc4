"""What went wrong on the way to a language model, told in our words and in those of its server."""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx

from retrieval.concurrency.retries import seconds_to_wait
from retrieval.errors import ModelError, SanadError
from retrieval.nlp.display import one_line
from retrieval.types import LLMFailure

LONGEST_WORDS = 300  # code points of what a server says

_BROKEN_OFF = (httpx.RemoteProtocolError, httpx.ReadError)
_REASONS: Mapping[int, LLMFailure] = {
    400: "rejected",
    401: "refused",
    403: "refused",
    404: "unknown_model",
    408: "slow",
    413: "too_long",
    422: "rejected",
    429: "busy",
    503: "busy",
    504: "slow",
    529: "busy",  # Anthropic's
}
# As OpenAI, llama.cpp, vLLM, Ollama, Anthropic and llama-cpp-python say that a prompt is longer than the context.
_TOO_LONG = re.compile(
    r"context[_ ](?:length|size|window)|maximum context|exceed_context|too many tokens"
    r"|(?:prompt|input)\b.{0,40}too long|too large to process|exceeds? .{0,30}\b(?:context|n_ctx|tokens)\b",
    re.IGNORECASE,
)
_KEY = re.compile(r"(?i)\b(?:sk|pk|key|bearer)[-_ ][\w.*-]{4,}")


def model_error(error: BaseException, *, begun: bool, secret: str = "") -> SanadError:
    """Return what went wrong as one of our own errors, whichever library it comes from; `secret` stands in none."""
    if isinstance(error, SanadError):
        return error
    words = _server_words(error, secret)
    is_too_long = bool(words and _TOO_LONG.search(words))
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status > 0:
        headers = getattr(getattr(error, "response", None), "headers", {})
        reason = "too_long" if is_too_long else _REASONS.get(status, "broken")
        said = None if reason == "refused" else words  # what is said of a key may repeat it
        return ModelError(reason, status, seconds_to_wait(headers.get("retry-after")), said)
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"APITimeoutError", "TimeoutException", "TimeoutError"}:
        return ModelError("slow")
    broke_off = isinstance(error, _BROKEN_OFF) or isinstance(error.__cause__, _BROKEN_OFF)
    if broke_off or (begun and isinstance(error, httpx.TransportError)):
        return ModelError("cut")
    if names & {"APIConnectionError", "ConnectionError", "TransportError"}:
        return ModelError("unreachable")
    return ModelError("too_long" if is_too_long else "broken", said=words)


def _server_words(error: BaseException, secret: str) -> str | None:
    """Return what a server wrote of an error, on one line; None where it wrote nothing that can be read."""
    body = getattr(error, "body", None)  # of openai and anthropic
    if isinstance(body, dict):
        body = body.get("error", body)
    if isinstance(body, dict):
        body = body.get("message")
    said = body or getattr(error, "error", None)  # of ollama
    if not isinstance(said, str) or not said.strip():
        return None
    if secret:
        said = said.replace(secret, "…")
    return one_line(_KEY.sub("…", said))[:LONGEST_WORDS]
