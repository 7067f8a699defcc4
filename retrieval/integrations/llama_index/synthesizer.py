"""A response synthesizer whose every sentence was checked against what it cites, for any nodes and any model."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncGenerator, Generator, Sequence
from dataclasses import asdict
from typing import Any

from llama_index.core.base.response.schema import AsyncStreamingResponse, Response, StreamingResponse
from llama_index.core.llms import LLM
from llama_index.core.prompts.mixin import PromptDictType
from llama_index.core.response_synthesizers import BaseSynthesizer
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from retrieval.answering.generation import Generation, Request, sentence_check
from retrieval.answering.prompt_passages import MOST_PASSAGES_SHOWN, PASSAGE_TOKENS, prompt_passages
from retrieval.answering.retriever_source import GivenNodes, NodeSource, whole_passage
from retrieval.citing.citations import Citations
from retrieval.expressions.answer_expression import mark_expressions
from retrieval.integrations.llama_index.loading import provider_handle
from retrieval.llms.client import LLMClient
from retrieval.nlp.analysis import language_of
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.term_matcher import matcher_for
from retrieval.types import Language

UNSAID: dict[Language, str] = {
    "ar": "لا تقول المقاطع المسترجعة جوابًا عن هذا السؤال.",
    "en": "The passages found do not answer this question.",
}


class GroundedSynthesizer(BaseSynthesizer):
    """Has a model answer from nodes, and lets those sentences pass that the nodes say: numbers, names, negations.

    A sentence ends with the numbers of its citations, as «[1]»; they are listed in the response's metadata, with the
    node (as `article_id`) and the offsets in its text. Where no sentence holds, the response says that none does.
    """

    def __init__(
        self,
        llm: LLM,
        limit: int = 3,
        *,
        streaming: bool = False,
        timeout: float = 60.0,
        concurrency: int = 32,
        read_twice: bool = False,
        **options: Any,
    ) -> None:
        """Take the model, how many sentences an answer may have, and bounds as for Sanad's own models.

        With `read_twice` the model reads its sentences again beside what they cite, in one call more.
        """
        super().__init__(llm=llm, streaming=streaming, **options)
        self._limit = limit
        self._client = LLMClient(provider_handle(llm), timeout, concurrency)
        self._reader = self._client if read_twice else None
        weakref.finalize(self, self._client.close)

    def close(self) -> None:
        """End the model's calls and its thread."""
        self._client.close()

    def synthesize(
        self,
        query: str | QueryBundle,
        nodes: list[NodeWithScore],
        additional_source_nodes: Sequence[NodeWithScore] | None = None,
        **_: Any,
    ) -> Response | StreamingResponse:
        """Return the answer to a question; streamed sentence by sentence where that was chosen."""
        written = _Written(query, nodes, additional_source_nodes or ())
        pieces = self._pieces(written)
        if self._streaming:
            return StreamingResponse(pieces, source_nodes=written.source_nodes, metadata=written.metadata)
        return Response("".join(pieces), source_nodes=written.source_nodes, metadata=written.metadata)

    async def asynthesize(
        self,
        query: str | QueryBundle,
        nodes: list[NodeWithScore],
        additional_source_nodes: Sequence[NodeWithScore] | None = None,
        **_: Any,
    ) -> Response | AsyncStreamingResponse:
        """Return the answer to a question, written in a thread."""
        written = _Written(query, nodes, additional_source_nodes or ())
        if self._streaming:
            pieces = in_threads(self._pieces(written))
            return AsyncStreamingResponse(pieces, source_nodes=written.source_nodes, metadata=written.metadata)
        text = await asyncio.to_thread(lambda: "".join(self._pieces(written)))
        return Response(text, source_nodes=written.source_nodes, metadata=written.metadata)

    def get_response(self, query_str: str, text_chunks: Sequence[str], **_: Any) -> str:
        """Return the answer from bare texts."""
        nodes = [NodeWithScore(node=TextNode(text=text)) for text in text_chunks]
        return "".join(self._pieces(_Written(query_str, nodes, ())))

    async def aget_response(self, query_str: str, text_chunks: Sequence[str], **_: Any) -> str:
        """Return the answer from bare texts, written in a thread."""
        return await asyncio.to_thread(self.get_response, query_str, text_chunks)

    def _pieces(self, written: _Written) -> Generator[str, None, None]:
        """Yield the sentences that hold, or that there is none."""
        source, metadata, lexicon = written.source, written.metadata, load_lexicon()
        query = source.analyse(written.question)
        articles = source.first_articles(MOST_PASSAGES_SHOWN)
        matcher = matcher_for(query)
        cited = Citations(source, matcher)

        check = sentence_check(source, lexicon)
        if articles:
            found = ((whole_passage(article), article) for article in articles)
            asked = Request(query.text, written.language, self._limit)
            generation = Generation(self._client, check, prompt_passages(found, PASSAGE_TOKENS), asked, self._reader)
            for held in generation.sentences(self._client.deadline()):
                added = cited.add(held)
                yield " " * metadata["found"] + cited_sentence(added.sentence.text, added.sentence.citations)
                metadata["found"] = True
            metadata |= {"notice": generation.notice, "written": generation.written}
        metadata["citations"] += [asdict(citation) for citation in mark_expressions(cited.citations, matcher, lexicon)]
        if not metadata["found"]:
            yield UNSAID[written.language]

    def _get_prompts(self) -> PromptDictType:
        """Return none: the prompts are Sanad's, as the check leans on their form."""
        return {}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        """Take none."""


class _Written:
    """A response that is being written."""

    def __init__(self, query: str | QueryBundle, nodes: Sequence[NodeWithScore], more: Sequence[NodeWithScore]) -> None:
        self.question = query if isinstance(query, str) else query.query_str
        self.language = language_of(self.question)
        self.source = NodeSource(GivenNodes(nodes))
        self.source_nodes = [*nodes, *more]
        self.metadata: dict[str, Any] = {"found": False, "citations": []}


def cited_sentence(text: str, numbers: Sequence[int]) -> str:
    """Return a sentence with the numbers of what it cites.

    >>> cited_sentence("التقيا في سوتشي.", (1, 3))
    'التقيا في سوتشي. [1][3]'
    """
    return f"{text} {''.join(f'[{number}]' for number in numbers)}"


async def in_threads(pieces: Generator[str, None, None]) -> AsyncGenerator[str, None]:
    """Yield what a generator does, each step in a thread."""
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece
