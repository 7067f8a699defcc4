"""Anthropic's protocol, over a server that speaks it: its own citations are the quotes of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from support.servers.model import ModelServer, cites_as_anthropic, fails

from bot.config.settings import Settings
from bot.config.wiring import make_sanad
from prompts import PromptDocument
from retrieval.answering.sanad import Sanad
from retrieval.index.index import Index
from retrieval.llms.anthropic_citations import marked_citations

pytest.importorskip("anthropic", reason="the extra anthropic is not installed")

SOCHI = "أين التقى لافروف وبومبيو؟"
QUOTE = "سيرغي لافروف نظيره الأمريكي مايك بومبيو في سوتشي"
TRUE = "التقى لافروف وبومبيو في سوتشي."


@pytest.fixture
def sanad(index: Index, server: ModelServer) -> Iterator[Sanad]:
    server.on("read", cites_as_anthropic(("1 SAID", "")))
    settings = Settings(llm="anthropic:m", llm_base_url=server.url.removesuffix("/v1"), llm_api_key="sk-secret")
    with make_sanad(index, settings) as made:
        yield made


def test_sentence_stands_with_what_the_model_cites(sanad: Sanad, server: ModelServer, index: Index) -> None:
    server.on("answer", cites_as_anthropic((TRUE, QUOTE)))
    answer = sanad.ask(SOCHI)
    assert [(said.text, said.readings) for said in answer.sentences] == [(TRUE, ("compared", "read_twice"))]
    (citation,) = answer.citations
    assert QUOTE in citation.quote
    assert index.article_by_id(citation.article_id).text[citation.start : citation.end] == citation.quote


def test_sentence_may_come_in_several_blocks(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", cites_as_anthropic(("التقى لافروف وبومبيو ", ""), ("في سوتشي", QUOTE), (".", "")))
    assert [said.text for said in sanad.ask(SOCHI).sentences] == [TRUE]


def test_passages_are_documents_and_neither_temperature_nor_schema_is_sent(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", cites_as_anthropic((TRUE, QUOTE)))
    sanad.ask(SOCHI)
    body, read = (call.request_body for call in server.calls)
    *documents, question = body["messages"][-1]["content"]
    assert {document["type"] for document in documents} == {"document"}
    assert all(document["citations"] == {"enabled": True} for document in documents)
    assert SOCHI in question["text"]
    assert not {"temperature", "response_format", "tools"} & body.keys()
    assert [part["type"] for part in read["messages"][-1]["content"]] == ["text"]


def test_reply_that_is_refused_or_cut_is_told(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", cites_as_anthropic(("", ""), stop="refusal"))
    assert sanad.ask(SOCHI).notice == "declined"
    server.on("answer", cites_as_anthropic((TRUE, QUOTE), ("وبحث", ""), stop="max_tokens"))
    answer = sanad.ask(SOCHI)
    assert (answer.notice, [said.text for said in answer.sentences]) == ("cut", [TRUE])


def test_server_s_words_are_told(sanad: Sanad, server: ModelServer) -> None:
    server.on("answer", fails(400, message="prompt is too long: 210000 tokens > 200000 maximum"))
    answer = sanad.ask(SOCHI)
    assert (answer.notice, answer.server_words) == ("too_long", "prompt is too long: 210000 tokens > 200000 maximum")


def test_first_citation_gives_the_quote_and_others_their_documents_once() -> None:
    documents = [PromptDocument(own, "", "") for own in ("12", "34")]
    cited = [
        SimpleNamespace(document_index=at, cited_text=text) for at, text in ((0, "أ\nب"), (1, "ج"), (0, "د"), (7, "ه"))
    ]
    assert marked_citations("نعم.\n", cited, documents) == "نعم. [34][12] «أ ب»\n"
    assert marked_citations("نعم.\n", cited[3:], documents) == "نعم.\n"
