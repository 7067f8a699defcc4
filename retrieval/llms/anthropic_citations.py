"""Anthropic's models by its own protocol, which cites documents: a citation becomes a marker with its quote.

Its models take no schema beside citations, and the newest no temperature, so that none is sent.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, NamedTuple

from prompts import PromptDocument

LONGEST_TITLE = 200  # code points; longer ones are refused

_SENTENCE_END = re.compile(r"[.!?؟…][»”\"’)]*\s*$|\n\s*$")
_GOES_ON: Mapping[str, Any] = {"done": False}
_ENDS: Mapping[str, str] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
}


class ReplyPiece(NamedTuple):
    """A piece of a reply, as a client of ours reads it."""

    delta: str
    raw: Mapping[str, Any]
    additional_kwargs: Mapping[str, Any]


class CitingAnthropic:
    """A model of Anthropic's, as far as a client of ours asks."""

    def __init__(self, model: str, base_url: str, api_key: str, timeout: float, max_tokens: int) -> None:
        """Take what the settings say; nothing is sent yet."""
        from anthropic import AsyncAnthropic

        self._model, self._max_tokens = model, max_tokens
        self.client = AsyncAnthropic(api_key=api_key, base_url=base_url or None, timeout=timeout, max_retries=0)

    async def astream_chat(
        self, messages: Sequence[Any], documents: Sequence[PromptDocument] = ()
    ) -> AsyncIterator[ReplyPiece]:
        """Return the pieces of a reply to messages of LlamaIndex's; `documents` stand before the last one."""
        from anthropic import omit

        system, *others = messages
        *earlier, last = [{"role": one.role.value, "content": one.content or ""} for one in others]
        content = [*map(_document, documents), {"type": "text", "text": last["content"]}]
        told: Any = [*earlier, {"role": "user", "content": content}]
        stream = await self.client.messages.create(
            model=self._model,
            max_tokens=self._max_tokens,
            system=system.content or omit,
            messages=told,
            stream=True,
        )
        return _pieces(stream, documents)


def _document(document: PromptDocument) -> Mapping[str, Any]:
    return {
        "type": "document",
        "source": {"type": "text", "media_type": "text/plain", "data": document.text},
        "title": document.title[:LONGEST_TITLE],
        "citations": {"enabled": True},
    }


async def _pieces(stream: Any, documents: Sequence[PromptDocument]) -> AsyncIterator[ReplyPiece]:
    """Yield a reply as it comes; where documents are cited sentence by sentence, as citations come behind a text."""
    text, cited, end = "", list[Any](), ""
    async with stream:
        async for event in stream:
            if event.type == "message_delta":
                end = event.delta.stop_reason or end
            delta = event.delta if event.type == "content_block_delta" else None
            if delta and delta.type == "thinking_delta":
                yield ReplyPiece("", _GOES_ON, {"thinking_delta": delta.thinking})
            elif delta and delta.type == "text_delta":
                text += delta.text
            elif delta and delta.type == "citations_delta":
                cited.append(delta.citation)
            is_whole = event.type == "content_block_stop" and _SENTENCE_END.search(text)
            if text and (not documents or is_whole):
                yield ReplyPiece(marked_citations(text, cited, documents), _GOES_ON, {})
                text, cited = "", []
    rest = marked_citations(text, cited, documents)
    yield ReplyPiece(rest, {"done": bool(end), "done_reason": _ENDS.get(end, end)}, {})


def marked_citations(text: str, cited: Sequence[Any], documents: Sequence[PromptDocument]) -> str:
    """Return sentences with the markers of their citations behind them, and behind the last marker its quote."""
    known = [one for one in cited if 0 <= one.document_index < len(documents)]
    if not known:
        return text
    first, *others = dict.fromkeys(documents[one.document_index].document_id for one in known)
    quote = " ".join(known[0].cited_text.split())
    return f"{text.rstrip()} {''.join(f'[{own}]' for own in [*others, first])} «{quote}»\n"
