"""Any class of LlamaIndex, opened by the settings' dotted names."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from support.servers.model import ModelServer, says, silent

from bot.config.settings import Settings
from bot.config.wiring import make_model, make_sanad, open_embedder, open_index
from prompts import Prompt
from retrieval.errors import EmbeddingError, ModelError, SettingsError
from retrieval.integrations.llama_index.loading import load_embedding, load_llm, load_retriever
from retrieval.types import Filters

OPENAI_LIKE = "llama-index:llama_index.llms.openai_like.OpenAILike:m"
MOCK_LLM = "llama-index:llama_index.core.llms.mock.MockLLM:m"
MOCK_EMBEDDING = "llama-index:llama_index.core.embeddings.mock_embed_model.MockEmbedding:m"
KEY = "sk-secret"
ROOT = Path(__file__).parents[4]


def settings(server: ModelServer, options: str = '{"is_chat_model": true}', **more: float) -> Settings:
    return Settings(
        llm=OPENAI_LIKE, llm_base_url=server.url, llm_api_key=SecretStr(KEY), llm_options=SecretStr(options), **more
    )


def test_a_class_of_llamahub_answers_by_one_setting(articles: Path, server: ModelServer) -> None:
    server.on("answer", says("بلغت كلفة الجسر 340 مليون جنيه {340}."))
    chosen = settings(server)
    with open_index(chosen) as index, make_sanad(index, chosen) as sanad:
        index.refresh(articles)
        answer = sanad.ask("كم بلغت كلفة الجسر؟")
    assert (answer.mode, answer.sentences[0].text) == ("llm", "بلغت كلفة الجسر 340 مليون جنيه.")
    assert server.calls[-1].headers["Authorization"] == f"Bearer {KEY}"
    assert server.calls[-1].request_body["max_tokens"] == chosen.llm_max_tokens
    assert server.calls[-1].request_body["temperature"] == 0.0


def test_options_win_over_what_the_settings_say_elsewhere(server: ModelServer) -> None:
    model = make_model(settings(server, '{"is_chat_model": true, "temperature": 0.7, "max_tokens": 5}'))
    assert model
    server.on("other", says("نعم"))
    assert model.complete(Prompt("x", "y"), model.deadline()) == "نعم"
    model.close()
    body = server.calls[-1].request_body
    assert (body["temperature"], body["max_tokens"], body["model"]) == (0.7, 5, "m")


def test_its_deadline_holds(server: ModelServer) -> None:
    server.on("other", silent("قال"))
    model = make_model(settings(server, llm_timeout=0.5))
    assert model
    with pytest.raises(ModelError, match="slow"):
        model.complete(Prompt("x", "y"), model.deadline())
    model.close()


def test_a_model_without_an_asynchronous_side_of_its_own_is_asked_in_a_thread() -> None:
    model = make_model(Settings(llm=MOCK_LLM, llm_options=SecretStr('{"max_tokens": 3}')))
    assert model
    assert model.complete(Prompt("x", "y"), model.deadline()).split() == ["text", "text", "text"]
    model.close()


def test_an_embedding_makes_and_searches_an_index(articles: Path) -> None:
    chosen = Settings(embedding=MOCK_EMBEDDING, embedding_options=SecretStr('{"embed_dim": 8}'))
    with open_index(chosen) as index:
        index.refresh(articles)
        found = index.search("كم بلغت كلفة الجسر؟", 1)
    assert found.failure is None
    assert found.hits[0].passage.text.startswith("افتتح وزير النقل")


def test_an_embedding_goes_by_its_class_its_model_and_its_options() -> None:
    names = {load_embedding(MOCK_EMBEDDING, json.dumps({"embed_dim": size}), "", "").model_name for size in (8, 9)}
    assert names == {f'{MOCK_EMBEDDING} with {{"embed_dim": {size}}}' for size in (8, 9)}


def test_an_embedding_that_fails_says_so_in_our_words() -> None:
    embedder = load_embedding("llama-index:failing_parts.FailingEmbedding:m", "", "", "")
    with pytest.raises(EmbeddingError, match=r"failing_parts.FailingEmbedding:m failed \(RuntimeError\)"):
        embedder.get_query_embedding("سند")
    with pytest.raises(EmbeddingError, match="what are no vectors"):
        embedder.get_text_embedding_batch(["سند"])


@pytest.fixture(autouse=True)
def _failing_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "failing_parts.py").write_text(
        "from llama_index.core.base.embeddings.base import BaseEmbedding\n"
        "class FailingEmbedding(BaseEmbedding):\n"
        "    def _get_query_embedding(self, query): raise RuntimeError('no')\n"
        "    async def _aget_query_embedding(self, query): raise RuntimeError('no')\n"
        "    def _get_text_embedding(self, text): return [float('nan')]\n"
        "class Locked(FailingEmbedding):\n"
        "    api_key: str = ''\n"
        "    def __init__(self, api_key=''): raise ValueError(f'the key {api_key} is wrong')\n"
        "def nothing(): return None\n"
        "def archive():\n"
        "    from llama_index.core import VectorStoreIndex\n"
        "    from llama_index.core.schema import TextNode\n"
        "    from retrieval.integrations.llama_index.embedding import SanadEmbedding\n"
        "    node = TextNode(text='بلغت كلفة القناة 75 مليون جنيه.', metadata={'file_name': 'canal.txt'})\n"
        "    return VectorStoreIndex([node], embed_model=SanadEmbedding()).as_retriever()\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("llama-index:m", "", "'llama-index:m' is not known; known: llama-index:package.module.Class:MODEL"),
        ("llama-index:a.B:", "", "is not known"),
        ("llama-index:llama_index.llms.nowhere.Llm:m", "", "pip install llama-index-llms-nowhere"),
        ("llama-index:no_such_thing.Llm:m", "", "pip install no-such-thing"),
        ("llama-index:llama_index.core.llms.mock.Nobody:m", "", "llama_index.core.llms.mock has no Nobody"),
        (MOCK_EMBEDDING, "", "MockEmbedding is no BaseLLM of LlamaIndex"),
        ("llama-index:json.loads:m", "", "json.loads is no BaseLLM"),
        (MOCK_LLM, "{", "SANAD_LLM_OPTIONS: it is no JSON object"),
        (MOCK_LLM, "[1]", "SANAD_LLM_OPTIONS: it is no JSON object"),
        (MOCK_LLM, '{"warmth": 1}', "SANAD_LLM_OPTIONS: MockLLM has no warmth; it has "),
        (MOCK_LLM, '{"max_tokens": "many"}', "MockLLM cannot be made (ValidationError"),
    ],
)
def test_what_cannot_work_is_said_with_the_way_out(name: str, options: str, said: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_llm(name, options, "", "", timeout=5, max_tokens=100)
    assert said in str(error.value)


def test_a_key_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as error:
        load_embedding("llama-index:failing_parts.Locked:m", "", "", KEY)
    assert "the key … is wrong" in str(error.value)


def test_embedding_settings_reach_the_class() -> None:
    with pytest.raises(SettingsError, match="pip install llama-index-embeddings-nowhere"):
        open_embedder(Settings(embedding="llama-index:llama_index.embeddings.nowhere.Embedding:m"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("failing_parts", "is not known; known: package.module:factory"),
        ("failing_parts:", "is not known"),
        ("failing_parts:absent", "the module failing_parts has no absent"),
        ("failing_parts:nothing", "makes a NoneType, and a BaseRetriever is needed"),
    ],
)
def test_a_retriever_that_cannot_be_made_is_said(name: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        load_retriever(name)


def test_a_retriever_takes_the_place_of_the_index_by_one_setting(articles: Path) -> None:
    chosen = Settings(retriever="failing_parts:archive")
    with open_index(chosen) as index:
        answer = make_sanad(index, chosen).ask("كم بلغت كلفة القناة؟")
        assert [citation.path for citation in answer.citations] == ["canal.txt"]
        assert not make_sanad(index, chosen).ask("كم بلغت كلفة الجسر؟").found


def test_a_retriever_says_that_it_takes_no_filters(articles: Path) -> None:
    chosen = Settings(retriever="failing_parts:archive")
    with open_index(chosen) as index, pytest.raises(SettingsError, match="takes no dates and no sources"):
        make_sanad(index, chosen).ask("كم بلغت كلفة القناة؟", filters=Filters(since="2020-01-01"))


def test_the_terminal_answers_from_a_retriever(articles: Path, tmp_path: Path) -> None:
    environment = {"PYTHONPATH": f"{ROOT}:{tmp_path}", "PYTHONUTF8": "1", "SANAD_RETRIEVER": "failing_parts:archive"}
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "كم بلغت كلفة القناة؟"],
        capture_output=True, check=True, encoding="utf-8", env=environment, timeout=60,
    )  # fmt: skip
    assert "بلغت كلفة القناة 75 مليون جنيه" in ran.stdout
    assert "canal.txt" in ran.stdout
