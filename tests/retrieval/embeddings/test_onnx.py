"""Embedding models in the ONNX format: a tiny real one, from a folder, from the hub's cache, and from a hub."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr
from support.builders.tiny_model import COMMIT, WORDS, write_cache, write_model

from retrieval.embeddings.factory import make_embedder
from retrieval.embeddings.onnx import MOST_TOKENS, OnnxEmbedding
from retrieval.errors import EmbeddingError, SettingsError
from retrieval.index.index import Index

E5 = "intfloat/multilingual-e5-small"


def model(name: str, cache: Path | None = None, hub: str = "", token: str = "") -> OnnxEmbedding:
    embedder = make_embedder(f"onnx:{name}", hub, SecretStr(token))
    assert isinstance(embedder, OnnxEmbedding)
    embedder.cache_dir = str(cache) if cache else None
    return embedder


def words_of(vector: list[float]) -> dict[str, float]:
    """Return the words that a vector of the tiny model stands for, with their weights."""
    return {word: round(value, 3) for word, value in zip(WORDS, vector, strict=True) if value}


@pytest.mark.parametrize("graph", ["onnx/model.onnx", "model.onnx"])
def test_a_model_is_loaded_from_a_folder(tmp_path: Path, graph: str) -> None:
    embedder = model(str(write_model(tmp_path / "tiny", graph)))
    assert words_of(embedder.get_query_embedding("إدلب سوتشي")) == {"إدلب": 0.707, "سوتشي": 0.707}


def test_a_model_in_the_cache_needs_no_network_and_e5_gets_its_prefixes(tmp_path: Path) -> None:
    write_cache(tmp_path, E5)
    embedder = model(E5, tmp_path)
    assert words_of(embedder.get_query_embedding("إدلب")) == {"query:": 0.707, "إدلب": 0.707}
    assert words_of(embedder.get_text_embedding("إدلب")) == {"passage:": 0.707, "إدلب": 0.707}
    assert words_of(asyncio.run(embedder.aget_query_embedding("إدلب"))) == {"query:": 0.707, "إدلب": 0.707}
    assert embedder.model_name == f"onnx:{E5} with 'query: ' and 'passage: '"


def test_padding_changes_nothing(tmp_path: Path) -> None:
    embedder = model(str(write_model(tmp_path / "tiny")))
    texts = ["إدلب", "سوتشي دمشق دمشق القمح"]
    assert embedder.get_text_embedding_batch(texts) == [embedder.get_text_embedding(text) for text in texts]
    assert words_of(embedder.get_text_embedding_batch(texts)[0]) == {"إدلب": 1.0}


def test_a_model_that_says_so_is_read_by_its_first_token(tmp_path: Path) -> None:
    embedder = model(str(write_model(tmp_path / "tiny", cls=True)))
    assert words_of(embedder.get_text_embedding("دمشق سوتشي")) == {"دمشق": 1.0}


def test_a_model_that_pools_by_itself_is_left_to_it(tmp_path: Path) -> None:
    embedder = model(str(write_model(tmp_path / "tiny", pooled=True)))
    assert words_of(embedder.get_text_embedding("دمشق دمشق سوتشي")) == {"دمشق": 0.894, "سوتشي": 0.447}


def test_a_text_without_tokens_has_the_zero_vector(tmp_path: Path) -> None:
    assert model(str(write_model(tmp_path / "tiny"))).get_text_embedding("") == [0.0] * len(WORDS)


def test_what_a_model_cannot_take_is_cut_off(tmp_path: Path) -> None:
    embedder = model(str(write_model(tmp_path / "tiny")))
    assert words_of(embedder.get_text_embedding("إدلب " * MOST_TOKENS + "سوتشي")) == {"إدلب": 1.0}


def test_nothing_is_loaded_before_it_is_needed(tmp_path: Path) -> None:
    assert model("no/such-model", tmp_path).model_name == "onnx:no/such-model"


def test_an_index_is_made_and_searched_with_it(data: Path, folder: Path, tmp_path: Path) -> None:
    write_cache(tmp_path / "cache", E5)
    with Index.open(data, model(E5, tmp_path / "cache")) as index:
        index.refresh(folder)
        found = index.search("ماذا حدث في سوتشي")
    assert found.failure is None
    assert (found.hits[0].lexical_rank, found.hits[0].vector_rank) == (1, 1)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "tokenizer.json").unlink(), "lacks tokenizer.json"),
        (lambda folder: (folder / "onnx/model.onnx").unlink(), "lacks onnx/model.onnx or model.onnx"),
        (lambda folder: (folder / "onnx/model.onnx").write_bytes(b"no graph"), "cannot be loaded"),
        (lambda folder: (folder / "tokenizer.json").write_bytes(b"{}"), "cannot be loaded"),
    ],
)
def test_a_damaged_model_is_named(tmp_path: Path, damage: object, message: str) -> None:
    folder = write_model(tmp_path / "tiny")
    damage(folder)  # type: ignore[operator]
    with pytest.raises(EmbeddingError, match=message):
        model(str(folder)).get_text_embedding("إدلب")


def test_a_name_that_can_be_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="'no/such/folder' is neither a folder nor a name such as"):
        model("no/such/folder", tmp_path).get_text_embedding("إدلب")


def test_a_missing_package_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(SettingsError, match=r"needs onnxruntime\. Install it .* install -e '\.\[onnx\]'"):
        make_embedder(f"onnx:{E5}")


# The hub.


@contextmanager
def hub(folder: Path, keys: list[str | None]) -> Iterator[str]:
    """Serve one model as the hub does, and note the tokens that come."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    files["README.md"] = Path(__file__)
    tree = [
        {"type": "file", "path": name, "size": path.stat().st_size, "oid": "0" * 40} for name, path in files.items()
    ]
    known = {
        "/api/models/acme/tiny/revision/main": {"id": "acme/tiny", "sha": COMMIT, "siblings": []},
        f"/api/models/acme/tiny/tree/{COMMIT}": tree,
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys.append(self.headers["Authorization"])
            path = self.path.partition("?")[0]
            name = path.removeprefix(f"/acme/tiny/resolve/{COMMIT}/")
            found = path in known or name in files
            body = json.dumps(known[path]).encode() if path in known else files[name].read_bytes() if found else b"{}"
            self.send_response(200 if found else 404)
            for header, value in {"Content-Length": len(body), "ETag": f'"{name}"', "X-Repo-Commit": COMMIT}.items():
                self.send_header(header, str(value))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else body)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's own name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_model_is_fetched_from_a_hub_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    keys: list[str | None] = []
    with hub(write_model(tmp_path / "tiny"), keys) as url:
        embedder = model("acme/tiny", tmp_path / "cache", url, "hf-secret")
        assert words_of(embedder.get_text_embedding("إدلب")) == {"إدلب": 1.0}
        assert set(keys) == {"Bearer hf-secret"}
        assert "hf-secret" not in repr(embedder) + embedder.to_json()
        asked = len(keys)
        assert words_of(model("acme/tiny", tmp_path / "cache", url).get_text_embedding("إدلب")) == {"إدلب": 1.0}
        assert len(keys) == asked
    assert not list((tmp_path / "cache").rglob("README.md"))


def test_a_model_that_the_hub_lacks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    keys: list[str | None] = []
    with (
        hub(write_model(tmp_path / "tiny"), keys) as url,
        pytest.raises(EmbeddingError, match=rf"acme/huge could not be fetched from {url} .*onnx:FOLDER"),
    ):
        model("acme/huge", tmp_path / "cache", url).get_text_embedding("إدلب")
    assert set(keys) == {None}
