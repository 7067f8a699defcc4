"""Embedding models behind a server: real requests to a small real server, which misbehaves on order."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from support.servers.embedding import EmbeddingServer, Reply, serving

from retrieval.concurrency.retries import RetryPolicy
from retrieval.embeddings.factory import make_embedder
from retrieval.embeddings.hashing import embed
from retrieval.embeddings.http import BATCH, ServerEmbedding
from retrieval.embeddings.prefixed import check_url
from retrieval.errors import EmbeddingError, SettingsError

KEY = "sk-secret-0123456789"
QUICK = RetryPolicy(tries=3, timeout=5.0, first_pause=0.001, longest_pause=2.0)
BUSY = Reply(429, b'{"error": {"message": "slow down"}}', {"Retry-After": "0"})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingServer]:
    monkeypatch.setenv("NO_PROXY", "*")
    with serving() as server:
        yield server


def model(server: EmbeddingServer, name: str = "openai-like:tiny", key: str = KEY) -> ServerEmbedding:
    embedder = make_embedder(name, server.url, SecretStr(key))
    assert isinstance(embedder, ServerEmbedding)
    embedder.for_passages = embedder.for_question = QUICK
    return embedder


@pytest.mark.parametrize(
    ("name", "path"),
    [("openai-like:tiny", "/embeddings"), ("openai:tiny", "/embeddings"), ("ollama:tiny", "/api/embed")],
)
def test_each_protocol_gives_the_vectors_in_the_order_of_the_texts(
    server: EmbeddingServer, name: str, path: str
) -> None:
    texts = ["إدلب", "سوتشي", "دمشق"]
    embedder = model(server, name)
    assert embedder.get_text_embedding_batch(texts) == [embed(text)[:64] for text in texts]
    assert embedder.get_query_embedding("حلب") == embed("حلب")[:64]
    assert server.asked == [{"model": "tiny", "input": texts}, {"model": "tiny", "input": ["حلب"]}]
    assert set(server.paths) == {path}
    assert set(server.keys) == {f"Bearer {KEY}"}


def test_without_a_key_none_is_sent(server: EmbeddingServer) -> None:
    model(server, key="").get_query_embedding("حلب")
    assert server.keys == [None]


def test_a_question_may_be_embedded_from_async_code(server: EmbeddingServer) -> None:
    assert asyncio.run(model(server).aget_query_embedding("حلب")) == embed("حلب")[:64]


def test_many_texts_go_in_batches(server: EmbeddingServer) -> None:
    vectors = model(server).get_text_embedding_batch([str(number) for number in range(BATCH + 1)])
    assert len(vectors) == BATCH + 1
    assert [len(asked["input"]) for asked in server.asked] == [BATCH, 1]


def test_a_model_of_the_e5_family_gets_its_prefixes(server: EmbeddingServer) -> None:
    server.orders = [Reply(body=b'{"embeddings": [[1, 2]]}')] * 2
    embedder = model(server, "ollama:multilingual-e5-small")
    embedder.get_text_embedding("نص")
    embedder.get_query_embedding("سؤال")
    assert server.texts == ["passage: نص", "query: سؤال"]
    assert embedder.model_name == "ollama:multilingual-e5-small with 'query: ' and 'passage: '"


@pytest.mark.parametrize(
    "reply",
    [BUSY, Reply(429), Reply(500), Reply(503), Reply(body=b"<html>"), Reply(body=b"[]"), Reply(body=b'{"data": [{}]}')],
    ids=["429 with Retry-After", "429", "500", "503", "no JSON", "no object", "no vectors"],
)
def test_what_may_pass_is_tried_again(server: EmbeddingServer, reply: Reply) -> None:
    server.orders = [reply, reply]
    assert model(server).get_query_embedding("حلب") == embed("حلب")[:64]
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (BUSY, "cannot answer now (429: slow down). Try again later."),
        (Reply(500, b"<html>"), "cannot answer now (500). Try again later."),
        (Reply(body=b"{"), "answered with what are no vectors. Is it an embedding model?"),
    ],
)
def test_what_does_not_pass_is_given_up_after_some_tries(server: EmbeddingServer, reply: Reply, message: str) -> None:
    server.orders = [reply] * 9
    with pytest.raises(EmbeddingError) as caught:
        model(server).get_text_embedding("نص")
    assert str(caught.value) == f"The embedding server {server.url} {message}"
    assert len(server.asked) == QUICK.tries


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (
            Reply(401, b'{"error": {"message": "bad key"}}'),
            "refuses the key (401: bad key). Correct SANAD_EMBEDDING_API_KEY",
        ),
        (Reply(403), "refuses the key (403)"),
        (Reply(400, b'{"error": {"message": "too\\u001b[31m long"}}'), "refuses (400: too [31m long)."),
        (Reply(302, headers={"Location": "http://127.0.0.1:1/"}), "refuses (302)."),
        (Reply(429, headers={"Retry-After": "3600"}), "cannot answer now (429). Try again in 3600 seconds."),
        (Reply(body=b'{"data": []}'), "answered 1 texts with 0 vectors"),
        (Reply(body=b'{"embeddings": [[1], [2]]}'), "answered 1 texts with 2 vectors"),
        (Reply(body=b'{"embeddings": [[]]}'), "or with empty ones"),
        (Reply(body=b'{"embeddings": [[NaN]]}'), "or with empty ones"),
    ],
)
def test_what_will_not_pass_is_said_at_once(server: EmbeddingServer, reply: Reply, message: str) -> None:
    server.orders = [reply]
    with pytest.raises(EmbeddingError) as caught:
        model(server).get_query_embedding("حلب")
    assert message in str(caught.value)
    assert len(server.asked) == 1


def test_vectors_of_unequal_length_are_refused(server: EmbeddingServer) -> None:
    server.orders = [Reply(body=b'{"embeddings": [[1, 2], [1]]}')] * 3
    with pytest.raises(EmbeddingError, match="what are no vectors"):
        model(server).get_text_embedding_batch(["نص", "آخر"])


def test_a_model_that_the_server_lacks_is_named_with_the_way_to_get_it(server: EmbeddingServer) -> None:
    with pytest.raises(EmbeddingError, match=r"has no model bge-m3.*try pulling.*SANAD_EMBEDDING.*ollama pull bge-m3$"):
        model(server, "ollama:bge-m3").get_query_embedding("حلب")


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(
            EmbeddingError, match=rf"{url} cannot be reached .*Start it, or correct SANAD_EMBEDDING_BASE"
        ):
            model(EmbeddingServer(url=url)).get_query_embedding("حلب")


def test_a_server_that_stays_silent_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        embedder = model(EmbeddingServer(url=f"http://127.0.0.1:{silent.getsockname()[1]}"))
        embedder.for_question = RetryPolicy(tries=2, timeout=0.05, first_pause=0.001, longest_pause=0.0)
        with pytest.raises(EmbeddingError, match=r"did not answer within 0\.05 seconds"):
            embedder.get_query_embedding("حلب")


def test_the_key_is_shown_nowhere(server: EmbeddingServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    embedder = model(server)
    server.orders = [Reply(401, json.dumps({"error": f"no such key: {KEY}"}).encode())]
    with pytest.raises(EmbeddingError) as caught:
        embedder.get_query_embedding("حلب")
    shown = [
        str(caught.value),
        repr(embedder),
        str(embedder),
        embedder.to_json(),
        str(embedder.to_payload()),
        caplog.text,
    ]
    assert not [text for text in shown if KEY in text]
    assert "no such key: …" in str(caught.value)


@pytest.mark.parametrize("key", ["sk-a b", "sk-a\nb", "sk-مفتاح"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(SettingsError, match="SANAD_EMBEDDING_API_KEY: it holds characters") as caught:
        make_embedder("openai:tiny", api_key=SecretStr(key))
    assert key not in str(caught.value)


def test_spaces_around_a_key_do_not_count(server: EmbeddingServer) -> None:
    model(server, key=f" {KEY}\n").get_query_embedding("حلب")
    assert server.keys == [f"Bearer {KEY}"]


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://x", "http://", "http://x:port", "http://["])
def test_an_address_that_cannot_be_one_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match=r"SANAD_EMBEDDING_BASE_URL: .* is no address such as"):
        check_url(url)


def test_a_password_in_the_address_is_refused_and_not_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        make_embedder("ollama:tiny", "http://me:hunter2@localhost")
    assert str(caught.value) == (
        "SANAD_EMBEDDING_BASE_URL: it holds a password. Put that into SANAD_EMBEDDING_API_KEY."
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("openai:text-embedding-3-small", "SANAD_EMBEDDING_API_KEY: openai needs a key"),
        ("openai-like:bge-m3", "SANAD_EMBEDDING_BASE_URL: openai-like needs the server's address"),
    ],
)
def test_a_setting_that_a_provider_lacks_is_named(name: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        make_embedder(name)


def test_ollama_is_looked_for_on_this_machine() -> None:
    embedder = make_embedder("ollama:bge-m3")
    assert isinstance(embedder, ServerEmbedding)
    assert embedder.base_url == "http://localhost:11434"
