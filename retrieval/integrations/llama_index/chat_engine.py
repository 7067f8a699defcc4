"""Sanad as a LlamaIndex chat engine: a follow-up is understood by the turns before it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Sequence

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.chat_engine.types import AgentChatResponse, BaseChatEngine, StreamingAgentChatResponse

from retrieval.answering.answer_request import NO_FILTERS
from retrieval.answering.sanad import Sanad
from retrieval.integrations.llama_index.query_engine import ToldAnswer, turns_of
from retrieval.integrations.llama_index.synthesizer import in_threads
from retrieval.types import Filters


class SanadChatEngine(BaseChatEngine):
    """Answers as `SanadQueryEngine` does, and remembers; a history that is given takes the place of what it knows."""

    def __init__(self, sanad: Sanad, limit: int = 3, filters: Filters = NO_FILTERS) -> None:
        """Take what answers, in how many sentences at most, and which articles may answer."""
        self._sanad, self._limit, self._filters = sanad, limit, filters
        self._history: list[ChatMessage] = []

    @property
    def chat_history(self) -> list[ChatMessage]:
        """Return what was said, the oldest first."""
        return list(self._history)

    def reset(self) -> None:
        """Forget what was said."""
        self._history.clear()

    def chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """Answer a message."""
        told = ToldAnswer()
        text = "".join(self._pieces(told, message, chat_history))
        return AgentChatResponse(text, source_nodes=told.source_nodes, metadata=told.metadata)

    async def achat(self, message: str, chat_history: list[ChatMessage] | None = None) -> AgentChatResponse:
        """Answer a message in a thread."""
        return await asyncio.to_thread(self.chat, message, chat_history)

    def stream_chat(self, message: str, chat_history: list[ChatMessage] | None = None) -> StreamingAgentChatResponse:
        """Answer a message sentence by sentence; the source nodes are there with the last one."""
        told = ToldAnswer()

        def stream() -> Generator[ChatResponse, None, None]:
            yield from map(_delta, self._pieces(told, message, chat_history))

        response = StreamingAgentChatResponse(chat_stream=stream(), is_writing_to_memory=False)
        response.source_nodes = told.source_nodes
        return response

    async def astream_chat(
        self, message: str, chat_history: list[ChatMessage] | None = None
    ) -> StreamingAgentChatResponse:
        """Answer a message sentence by sentence, each written in a thread."""
        told = ToldAnswer()

        async def stream() -> AsyncGenerator[ChatResponse, None]:
            async for piece in in_threads(self._pieces(told, message, chat_history)):
                yield _delta(piece)

        response = StreamingAgentChatResponse(achat_stream=stream(), is_writing_to_memory=False)
        response.source_nodes = told.source_nodes
        return response

    def _pieces(
        self, told: ToldAnswer, message: str, history: Sequence[ChatMessage] | None
    ) -> Generator[str, None, None]:
        """Yield the answer's sentences; once all are told, they are remembered."""
        if history is not None:
            self._history = list(history)
        said = [(one.role.value, one.content or "") for one in self._history]
        events = self._sanad.stream(message, turns_of(said), self._limit, self._filters)
        text = ""
        for piece in told.pieces(events):
            text += piece
            yield piece
        self._history += [
            ChatMessage(role=MessageRole.USER, content=message),
            ChatMessage(role=MessageRole.ASSISTANT, content=text),
        ]


def _delta(piece: str) -> ChatResponse:
    return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=piece), delta=piece)
