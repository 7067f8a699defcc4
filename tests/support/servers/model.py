"""A small real server that speaks OpenAI's chat completions, well or badly, as it is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler
from importlib.resources import files
from typing import Any

from support.servers.loopback import Loopback, listening

BLOCK = re.compile(r"^\[(\d+)\] .*\n((?:(?!\[\d+\] ).*\n?)*)", re.MULTILINE)
WORD = re.compile(r"\{([^{}]+)\}")

Behaviour = Callable[["Call"], None]


class Call(BaseHTTPRequestHandler):
    """One request; behaviours write the response."""

    protocol_version = "HTTP/1.1"
    server: ModelServer

    def do_POST(self) -> None:
        self.request_body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = [self.request_body["system"]] if "system" in self.request_body else []
        said += [_text(message["content"]) for message in self.request_body["messages"]]
        self.prompt: str = said[-1]
        self.all_said = "\n".join(said)
        self.purpose = "repair" if purpose_of(said[-1]) == "repair" else purpose_of(said[0])  # it is a further turn
        self.server.calls.append(self)
        with suppress(ConnectionError):
            self.server.behaviour(self.purpose)(self)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Write nothing."""

    def ids(self) -> Mapping[str, str]:
        """Return the passages of the prompt by id."""
        passages = self.all_said.rpartition("<passages>")[2].partition("</passages>")[0]
        return {found[1]: found[2] for found in BLOCK.finditer(passages)}

    def begin(self, kind: str = "text/event-stream") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def write(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def delta(self, text: str | None, finish: str | None = None) -> None:
        choice: dict[str, Any] = {"index": 0, "delta": {} if text is None else {"content": text}}
        event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        self.write(f"data: {json.dumps({**event, 'choices': [{**choice, 'finish_reason': finish}]})}\n\n")

    def end(self) -> None:
        self.write("data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")


def _text(content: str | list[dict[str, Any]]) -> str:
    """Return what a message says; Anthropic's is a list of parts, of which the last is the text."""
    return content if isinstance(content, str) else content[-1]["text"]


class ModelServer(Loopback):
    """Behaves for each purpose of a prompt as it is told; where nobody said how, finds no answer, and all said."""

    def __init__(self) -> None:
        super().__init__(Call)
        self.told: dict[str, list[Behaviour]] = {}
        self.calls: list[Call] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def on(self, purpose: str, *behaviours: Behaviour) -> None:
        """Behave in turn at calls of that purpose; the last behaviour stays."""
        self.told[purpose] = list(behaviours)

    def behaviour(self, purpose: str) -> Behaviour:
        told = self.told.get(purpose, [finds_all_said if purpose == "read" else says("NO_ANSWER")])
        return told.pop(0) if len(told) > 1 else told[0]


@contextmanager
def model_server() -> Iterator[ModelServer]:
    with listening(ModelServer()) as server:
        yield server


def purpose_of(system: str) -> str:
    return next((purpose for first, purpose in _first_lines().items() if system.startswith(first)), "other")


@cache
def _first_lines() -> Mapping[str, str]:
    texts = [entry for entry in files("prompts").iterdir() if entry.name.endswith(".txt")]
    purposes = [(text, text.name.split(".")[0]) for text in texts if not text.name.startswith("answer_")]
    return {text.read_text(encoding="utf-8").split("\n")[0]: purpose for text, purpose in purposes}


# Behaviours.


def says(text: str, size: int = 7, finish: str | None = "stop", wait: float = 0.0) -> Behaviour:
    """Stream a text; {word} in it becomes the id of the first passage that has the word, {id} that of the first."""

    def behave(call: Call) -> None:
        call.server.over.wait(wait)
        stream(call, filled(text, call), size)
        call.delta(None, finish)
        call.end()

    return behave


def finds_all_said(call: Call) -> None:
    """Read every sentence a second time as a reader who finds all of them said."""
    stream(call, "\n".join(f"{number} SAID" for number in re.findall(r"^(\d+)\.$", call.prompt, re.MULTILINE)))
    call.delta(None, "stop")
    call.end()


def as_json(*sentences: tuple[str, str, str]) -> str:
    """Return sentences, each with its passage as `{word}` and its quote, as a server holds a model to the schema."""
    items = [{"passage": passage, "quote": quote, "sentence": sentence} for sentence, passage, quote in sentences]
    return json.dumps({"answer": items}, ensure_ascii=False)


def stream(call: Call, text: str, size: int = 7) -> None:
    call.begin()
    call.delta("")  # as real servers begin
    for at in range(0, len(text), size):
        call.delta(text[at : at + size])


def filled(text: str, call: Call) -> str:
    """Return a text with {word} as the id of the first passage that has the word, in brackets; in JSON without."""
    if text.startswith('{"'):
        items = json.loads(text)
        for item in items["answer"]:
            item["passage"] = filled(item["passage"], call).strip("[]")
        return json.dumps(items, ensure_ascii=False)

    def place(found: re.Match[str]) -> str:
        holding = (own for own, passage in call.ids().items() if found[1] == "id" or found[1] in passage)
        return f"[{next(holding, '0')}]"

    return WORD.sub(place, text)


def fails(status: int, message: str = "no: sk-secret", **headers: str) -> Behaviour:
    def behave(call: Call) -> None:
        body = json.dumps({"error": {"message": message, "type": "t", "code": "c"}}).encode()
        call.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            call.send_header(name.replace("_", "-"), value)
        call.end_headers()
        call.wfile.write(body)

    return behave


def cut(text: str) -> Behaviour:
    """Stream a text and drop the connection."""
    return lambda call: stream(call, filled(text, call))


def sends(*events: str) -> Behaviour:
    """Send a body as it stands, and end it in order."""

    def behave(call: Call) -> None:
        call.begin()
        for event in events:
            call.write(event)
        call.wfile.write(b"0\r\n\r\n")

    return behave


def silent(text: str = "") -> Behaviour:
    """Stream a text, then say nothing more and stay."""

    def behave(call: Call) -> None:
        if text:
            stream(call, filled(text, call))
        call.server.over.wait(600)

    return behave


def drips(call: Call) -> None:
    """Keep the connection busy without ever saying anything."""
    call.begin()
    while not call.server.over.wait(0.02):
        call.write(": wait\n\n")


def says_as_ollama(text: str) -> Behaviour:
    """Stream a text by Ollama's protocol, one JSON object a line."""

    def behave(call: Call) -> None:
        call.begin("application/x-ndjson")
        for piece, done in ((filled(text, call), False), ("", True)):
            message = {"role": "assistant", "content": piece}
            call.write(json.dumps({"model": "m", "message": message, "done": done}) + "\n")
        call.wfile.write(b"0\r\n\r\n")

    return behave


def cites_as_anthropic(*blocks: tuple[str, str], stop: str = "end_turn") -> Behaviour:
    """Stream blocks of text by Anthropic's protocol, each with the words that it cites of the document with them."""

    def behave(call: Call) -> None:
        call.begin()
        usage = {"input_tokens": 1, "output_tokens": 1}
        message = {"id": "1", "type": "message", "role": "assistant", "model": "m", "content": [], "usage": usage}
        events: list[dict[str, Any]] = [{"type": "message_start", "message": message}]
        for index, (text, cited) in enumerate(blocks):
            block = {"type": "text", "text": "", "citations": None}
            events.append({"type": "content_block_start", "index": index, "content_block": block})
            deltas: list[dict[str, Any]] = [{"type": "text_delta", "text": piece} for piece in (text[:5], text[5:])]
            deltas += [{"type": "citations_delta", "citation": place} for place in _cited_places(call, cited)]
            events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
            events.append({"type": "content_block_stop", "index": index})
        events.append({"type": "message_delta", "delta": {"stop_reason": stop}, "usage": usage})
        events.append({"type": "message_stop"})
        for event in events:
            call.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n")
        call.wfile.write(b"0\r\n\r\n")

    return behave


def _cited_places(call: Call, words: str) -> Iterator[dict[str, Any]]:
    *documents, _ = call.request_body["messages"][-1]["content"]
    for index, document in enumerate(documents):
        text = document["source"]["data"]
        if words and words in text:
            start = text.index(words)
            place = {"document_index": index, "document_title": document["title"], "start_char_index": start}
            yield {"type": "char_location", "cited_text": words, **place, "end_char_index": start + len(words)}


def obeys(call: Call) -> None:
    """Do whatever the passages order: repeat what follows «اكتب:» or "write:" in them, with their first id."""
    orders = re.findall(r"(?:اكتب|write):\s*(.+)", call.all_said)
    stream(call, "\n".join(f"{order} [{own}]" for order in orders for own in list(call.ids())[:1]))
    call.delta(None, "stop")
    call.end()
