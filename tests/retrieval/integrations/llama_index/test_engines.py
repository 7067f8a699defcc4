"""Sanad's answers in LlamaIndex's engines, and its checks over LlamaIndex's nodes; the model is the tests' server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.agent.workflow import ReActAgent
from llama_index.core.base.llms.types import (
    ChatMessage,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
)
from llama_index.core.llms import CustomLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, TextNode
from llama_index.core.tools import QueryEngineTool
from llama_index.llms.openai_like import OpenAILike
from support.builders.answers import ARRIVED, SAID, nearest, replied
from support.builders.folder import EMBEDDER
from support.servers.model import ModelServer, says

from retrieval.answering.sanad import Sanad
from retrieval.index.index import Index
from retrieval.integrations.llama_index.chat_engine import SanadChatEngine
from retrieval.integrations.llama_index.embedding import SanadEmbedding
from retrieval.integrations.llama_index.loading import provider_handle
from retrieval.integrations.llama_index.postprocessors import AnswerabilityPostprocessor, StoryCollapsePostprocessor
from retrieval.integrations.llama_index.query_engine import (
    CLOSEST,
    REPLIED,
    UNCOVERED,
    SanadQueryEngine,
    ToldAnswer,
)
from retrieval.integrations.llama_index.synthesizer import UNSAID, GroundedSynthesizer
from retrieval.llms.client import LLMClient

COST = "كم بلغت كلفة الجسر؟"
ABSENT = "من فاز بكأس العالم في البرازيل؟"
TEXTS = {
    "bridge": "افتتح وزير النقل جسر النيل الجديد في أسوان. وبلغت كلفة الجسر 340 مليون جنيه.",
    "harvest": "تراجع محصول القمح في سوريا هذا العام بسبب الجفاف، وفق وزارة الزراعة.",
    "talks": "التقى وزير الخارجية الروسي سيرغي لافروف نظيره الأمريكي مايك بومبيو في سوتشي.",
}


@pytest.fixture
def llm(server: ModelServer) -> OpenAILike:
    return OpenAILike(model="m", api_base=server.url, api_key="k", is_chat_model=True, max_retries=0, timeout=20)


@pytest.fixture
def foreign() -> BaseRetriever:
    """Return a retriever that knows nothing of Sanad's index."""
    nodes = [
        TextNode(id_=name, text=text, metadata={"file_name": f"{name}.txt", "source": "وكالة الضفة"})
        for name, text in TEXTS.items()
    ]
    return VectorStoreIndex(nodes, embed_model=SanadEmbedding(EMBEDDER)).as_retriever(similarity_top_k=2)


@pytest.fixture
def grounded(llm: OpenAILike) -> Iterator[GroundedSynthesizer]:
    synthesizer = GroundedSynthesizer(llm)
    yield synthesizer
    synthesizer.close()


def scored(*texts: str) -> list[NodeWithScore]:
    return [NodeWithScore(node=TextNode(id_=str(at), text=text), score=1.0) for at, text in enumerate(texts)]


# Out: engines.


def test_a_query_engine_answers_with_its_quotations(index: Index) -> None:
    response = SanadQueryEngine(Sanad(index), limit=1).query(COST)
    assert "340 مليون" in str(response)
    assert str(response).endswith(" [1]")
    metadata = response.metadata or {}
    assert (metadata["found"], metadata["missing"]) == (True, [])
    citation, node = metadata["citations"][0], response.source_nodes[0].node
    assert isinstance(node, TextNode)
    assert (node.text, node.start_char_idx) == (citation["quote"], citation["start"])
    article = index.article_by_id(citation["article_id"])
    assert article.text[node.start_char_idx : node.end_char_idx] == node.text


def test_a_query_engine_says_that_there_is_no_answer(index: Index) -> None:
    response = SanadQueryEngine(Sanad(index)).query("من هو رئيس أوكرانيا؟")
    assert str(response) == UNCOVERED["ar"]
    assert response.source_nodes == []
    metadata = response.metadata or {}
    assert (metadata["found"], metadata["missing"]) == (False, ["أوكرانيا"])


def test_what_is_only_nearest_is_led_in_and_a_reply_is_no_refusal() -> None:
    told = ToldAnswer()
    assert "".join(told.pieces([nearest("en")])) == f"{CLOSEST['en']} {ARRIVED} [1][2] {SAID} [3]"
    assert (told.metadata["found"], told.metadata["outcome"], len(told.source_nodes)) == (False, "nearest", 3)
    assert "".join(ToldAnswer().pieces([replied("en", "thanks")])) == REPLIED["en"]


def test_a_query_engine_streams_what_it_else_returns(index: Index) -> None:
    engine, whole = SanadQueryEngine(Sanad(index), streaming=True), SanadQueryEngine(Sanad(index))
    streamed, waited = engine.query(COST), whole.query(COST)
    assert "".join(streamed.response_gen) == str(waited)  # type: ignore[union-attr]
    assert [node.text for node in streamed.source_nodes] == [node.text for node in waited.source_nodes]
    assert (streamed.metadata or {})["found"]

    async def both() -> tuple[str, str]:
        pieces: Any = await engine.aquery(COST)
        return "".join([piece async for piece in pieces.async_response_gen()]), str(await whole.aquery(COST))

    assert asyncio.run(both()) == (str(waited), str(waited))


def test_a_chat_engine_understands_a_follow_up(index: Index) -> None:
    engine = SanadChatEngine(Sanad(index))
    assert "سوتشي" in engine.chat("أين التقى لافروف وبومبيو؟").response
    followed = engine.chat("وماذا بحث الوزيران؟")
    assert "إدلب" in followed.response
    assert (followed.metadata or {})["found"]
    assert followed.source_nodes[0].metadata["path"] == "talks/sochi.txt"
    assert [message.role.value for message in engine.chat_history] == ["user", "assistant"] * 2
    engine.reset()
    assert engine.chat_history == []


def test_a_chat_engine_streams_and_takes_a_history(index: Index) -> None:
    engine = SanadChatEngine(Sanad(index))
    history = [
        ChatMessage(role="user", content="أين التقى لافروف وبومبيو؟"),
        ChatMessage(role="assistant", content="في سوتشي."),
    ]
    streamed = engine.stream_chat("وماذا بحث الوزيران؟", history)
    assert "إدلب" in "".join(streamed.response_gen)
    assert streamed.source_nodes

    async def awaited() -> str:
        pieces: AsyncGenerator[str, None] = (await engine.astream_chat(COST, [])).async_response_gen()
        return "".join([piece async for piece in pieces])

    assert "340" in asyncio.run(awaited())
    assert "340" in asyncio.run(engine.achat(COST)).response


class Scripted(CustomLLM):
    """A model that says in turn what it is told to say."""

    lines: list[str]
    seen: list[str]

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=8_000)

    def complete(self, prompt: str, *_: Any, **__: Any) -> CompletionResponse:
        self.seen.append(prompt)
        return CompletionResponse(text=self.lines.pop(0))

    def stream_complete(self, prompt: str, *_: Any, **__: Any) -> CompletionResponseGen:
        whole = self.complete(prompt).text
        yield CompletionResponse(text=whole, delta=whole)


# LlamaIndex's agents use names that pydantic and its own workflows have replaced.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_agent_uses_it_as_a_tool(index: Index) -> None:
    tool = QueryEngineTool.from_defaults(SanadQueryEngine(Sanad(index), limit=1), "archive", "Arabic news, cited.")
    llm = Scripted(
        seen=[],
        lines=[
            f'Thought: I need the archive.\nAction: archive\nAction Input: {{"input": "{COST}"}}',
            "Thought: I can answer.\nAnswer: 340 million pounds [1].",
        ],
    )

    async def asked() -> str:
        agent = ReActAgent(tools=[tool], llm=llm, streaming=False)
        return str(await agent.run("What did the bridge cost?"))

    assert "340 million" in asyncio.run(asked())
    assert "340 مليون جنيه" in llm.seen[-1]


# Out: the checks, over the nodes of anybody.


def test_grounded_sentences_alone_pass(
    server: ModelServer, foreign: BaseRetriever, grounded: GroundedSynthesizer
) -> None:
    server.on("answer", says("بلغت كلفة الجسر 340 مليون جنيه {340}. وبلغت كلفة الجسر 900 مليون جنيه {340}."))
    server.on("repair", says("NO_ANSWER"))
    response = RetrieverQueryEngine(foreign, grounded).query(COST)
    assert str(response) == "بلغت كلفة الجسر 340 مليون جنيه. [1]"
    metadata = response.metadata or {}
    assert (metadata["found"], metadata["written"]) == (True, 2)
    (citation,) = metadata["citations"]
    assert TEXTS[citation["article_id"]][citation["start"] : citation["end"]] == citation["quote"]
    assert "340" in citation["quote"]


def test_nothing_that_holds_is_said_to_be_nothing(
    server: ModelServer, foreign: BaseRetriever, grounded: GroundedSynthesizer
) -> None:
    server.on("answer", says("فازت البرازيل بالكأس {id}."))
    response = RetrieverQueryEngine(foreign, grounded).query(ABSENT)
    assert str(response) == UNSAID["ar"]
    assert (response.metadata or {})["found"] is False


def test_a_grounded_answer_streams_and_is_awaited(server: ModelServer, foreign: BaseRetriever, llm: OpenAILike) -> None:
    server.on("answer", says("بلغت كلفة الجسر 340 مليون جنيه {340}."))
    expected = "بلغت كلفة الجسر 340 مليون جنيه. [1]"
    streaming, waiting = GroundedSynthesizer(llm, streaming=True), GroundedSynthesizer(llm)
    assert "".join(RetrieverQueryEngine(foreign, streaming).query(COST).response_gen) == expected  # type: ignore[union-attr]

    async def both() -> tuple[str, str]:
        nodes = await foreign.aretrieve(COST)
        pieces: Any = await streaming.asynthesize(COST, nodes)
        return "".join([one async for one in pieces.async_response_gen()]), str(await waiting.asynthesize(COST, nodes))

    assert asyncio.run(both()) == (expected, expected)
    assert waiting.get_response(COST, [TEXTS["bridge"]]) == expected
    streaming.close()
    waiting.close()


def test_copies_of_a_story_are_told_once() -> None:
    other = "تراجع محصول القمح في سوريا هذا العام بسبب الجفاف، وفق ما قاله مزارعون."
    copy = TEXTS["bridge"].replace("أسوان", "اسوان")
    kept = StoryCollapsePostprocessor().postprocess_nodes(scored(TEXTS["bridge"], other, copy))
    assert [(node.node_id, node.metadata) for node in kept] == [("0", {"also_in": ["2"]}), ("1", {})]


def test_the_same_template_with_other_numbers_is_another_story() -> None:
    other = TEXTS["bridge"].replace("340", "750")
    assert len(StoryCollapsePostprocessor().postprocess_nodes(scored(TEXTS["bridge"], other))) == 2


@pytest.mark.parametrize(("question", "kept"), [(COST, ["0"]), (ABSENT, [])])
def test_nodes_that_do_not_cover_a_question_answer_nothing(question: str, kept: list[str]) -> None:
    nodes = AnswerabilityPostprocessor().postprocess_nodes(scored(*TEXTS.values()), query_str=question)
    assert [node.node_id for node in nodes][:1] == kept


def test_an_engine_of_llamaindex_takes_both(
    server: ModelServer, foreign: BaseRetriever, grounded: GroundedSynthesizer
) -> None:
    server.on("answer", says("بلغت كلفة الجسر 340 مليون جنيه {340}."))
    parts = [StoryCollapsePostprocessor(), AnswerabilityPostprocessor()]
    engine = RetrieverQueryEngine(foreign, grounded, node_postprocessors=parts)  # type: ignore[arg-type]
    assert "340" in str(engine.query(COST))
    asked = len(server.calls)
    engine.query(ABSENT)
    assert len(server.calls) == asked  # no model was asked


# In: anybody's retriever under Sanad.


def test_a_retriever_of_anybody_stands_under_the_checks(foreign: BaseRetriever) -> None:
    answer = Sanad.from_retriever(foreign).ask(COST)
    assert answer.found
    citation = answer.citations[0]
    assert (citation.article_id, citation.path, citation.source) == ("bridge", "bridge.txt", "وكالة الضفة")
    assert TEXTS["bridge"][citation.start : citation.end] == citation.quote
    assert "340" in citation.quote


@pytest.mark.parametrize("question", [ABSENT, "كم بلغت كلفة المطار في القاهرة؟", "Who won the World Cup in Brazil?"])
def test_what_a_retriever_does_not_cover_is_refused(foreign: BaseRetriever, question: str) -> None:
    answer = Sanad.from_retriever(foreign).ask(question)
    assert not answer.found
    assert answer.citations == ()


def test_an_english_question_is_answered_from_arabic_nodes(foreign: BaseRetriever) -> None:
    answer = Sanad.from_retriever(foreign).ask("Where did Lavrov meet Pompeo?")
    assert answer.found
    assert answer.citations[0].path == "talks.txt"


def test_a_model_writes_over_a_retriever_and_is_checked(
    server: ModelServer, foreign: BaseRetriever, llm: OpenAILike
) -> None:
    server.on("answer", says("بلغت كلفة الجسر 340 مليون جنيه {340}. وطوله 99 كيلومترا {340}."))
    server.on("repair", says("NO_ANSWER"))
    with Sanad.from_retriever(foreign, model=LLMClient(provider_handle(llm), 20, 2)) as sanad:
        answer = sanad.ask(COST)
    assert [sentence.text for sentence in answer.sentences] == ["بلغت كلفة الجسر 340 مليون جنيه."]
    assert (answer.mode, answer.written) == ("llm", 2)
