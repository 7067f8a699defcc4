"""Sanad as a LlamaIndex query engine, and so as a tool of its agents."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, AsyncStreamingResponse, Response, StreamingResponse
from llama_index.core.callbacks.base import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle

from retrieval.answering.answer_request import NO_FILTERS
from retrieval.answering.sanad import Sanad
from retrieval.events import Event, SentenceEvent
from retrieval.integrations.llama_index.nodes import cited_node
from retrieval.integrations.llama_index.synthesizer import cited_sentence, in_threads
from retrieval.types import Answer, Filters, Language, Turn

UNCOVERED: dict[Language, str] = {
    "ar": "لا تقول المقالات شيئًا عن هذا السؤال.",
    "en": "The articles say nothing about this question.",
}
CLOSEST: dict[Language, str] = {
    "ar": "لا تقول المقالات ذلك؛ أقرب ما فيها:",
    "en": "The articles do not say this; closest to it:",
}
REPLIED: dict[Language, str] = {  # to small talk, whatever it is
    "ar": "أجيب عن الأسئلة من المقالات؛ فاسأل عما فيها بالعربية أو الإنجليزية.",
    "en": "I answer questions from the articles; ask about them in Arabic or English.",
}


class SanadQueryEngine(BaseQueryEngine):
    """Answers with cited sentences, or that the articles hold no answer.

    The response's `source_nodes` are the quotations, in the order of their numbers; its metadata say whether an
    answer was `found`, which words of the question are `missing`, and the `citations` with all that is known of them.
    """

    def __init__(
        self,
        sanad: Sanad,
        limit: int = 3,
        filters: Filters = NO_FILTERS,
        *,
        streaming: bool = False,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        """Take what answers, in how many sentences at most, and which articles may answer."""
        super().__init__(callback_manager)
        self._sanad, self._limit, self._filters, self._streaming = sanad, limit, filters, streaming

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        told = ToldAnswer()
        pieces = told.pieces(self._events(query_bundle))
        if self._streaming:
            return StreamingResponse(pieces, source_nodes=told.source_nodes, metadata=told.metadata)
        return Response("".join(pieces), source_nodes=told.source_nodes, metadata=told.metadata)

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        if not self._streaming:
            return await asyncio.to_thread(self._query, query_bundle)
        told = ToldAnswer()
        pieces = in_threads(told.pieces(self._events(query_bundle)))
        return AsyncStreamingResponse(pieces, source_nodes=told.source_nodes, metadata=told.metadata)

    def _events(self, query_bundle: QueryBundle) -> Iterable[Event]:
        return self._sanad.stream(query_bundle.query_str, (), self._limit, self._filters)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


class ToldAnswer:
    """An answer as text, piece by piece; its source nodes and its metadata are complete with the last one."""

    def __init__(self) -> None:
        self.source_nodes: list[NodeWithScore] = []
        self.metadata: dict[str, Any] = {}

    def pieces(self, events: Iterable[Event]) -> Generator[str, None, None]:
        """Yield each sentence once it has passed its readings, with the numbers of its citations."""
        said = 0
        for event in events:
            if isinstance(event, SentenceEvent):
                yield " " * bool(said) + cited_sentence(event.sentence.text, event.sentence.citations)
                said += 1
            elif isinstance(event, Answer) and event.parts:
                yield "\n".join(f"{part.question} {''.join(self.pieces([part]))}" for part in event.parts)
                self._note(event)
            elif isinstance(event, Answer):
                if event.outcome == "nearest":
                    yield CLOSEST[event.language] + " "
                for sentence in event.sentences[said:]:
                    yield " " * bool(said) + cited_sentence(sentence.text, sentence.citations)
                    said += 1
                self._complete(event)
                if not said:
                    yield (REPLIED if event.reply else UNCOVERED)[event.language]

    def _complete(self, answer: Answer) -> None:
        self.source_nodes += [cited_node(citation) for citation in answer.citations]
        self._note(answer)

    def _note(self, answer: Answer) -> None:
        self.metadata |= {
            "found": answer.found,
            "outcome": answer.outcome,
            "missing": list(answer.missing),
            "citations": [asdict(citation) for citation in answer.citations],
            "language": answer.language,
            "mode": answer.mode,
            "nearest": list(answer.covered.nearest) if answer.covered else [],
        }


def turns_of(messages: Sequence[tuple[str, str]]) -> list[Turn]:
    """Return the questions of a conversation with their answers, from who said what.

    >>> turns_of([("system", "x"), ("user", "من؟"), ("assistant", "لافروف."), ("user", "متى؟")])
    [Turn(question='من؟', answer='لافروف.')]
    """
    turns, asked = [], ""
    for role, text in messages:
        if role == "user":
            asked = text
        elif role == "assistant" and asked:
            turns.append(Turn(asked, text))
            asked = ""
    return turns
