"""The passages behind the buttons: a quote in its article as the index has it now, and what stands before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from bot.rendering.answer_lines import LabelOf
from bot.storage.answer_codec import citation_of
from bot.telegram.messages.layout import Message, passage_messages, source_messages
from retrieval.errors import UnknownArticleError
from retrieval.types import Answer, Article, Citation, Language, Passage, Span

if TYPE_CHECKING:
    from retrieval.index.index import Index


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage as messages, and which one of its article it is; 0 for a quote with its surroundings."""

    messages: Sequence[Message]
    number: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """Why a passage cannot be shown any more."""

    reason: Literal["article_changed", "article_gone"]


def cited(body: Mapping[str, Any], number: str) -> Citation | None:
    """Return a citation of a kept answer by its number; None where it has none of that number."""
    for row in body["citations"]:
        if str(row["number"]) == number:
            return citation_of(row)
    return None


def around(index: Index, citation: Citation, language: Language) -> Shown | Changed:
    """Return a quote in its place in the article."""
    found = quoted_article(index, citation)
    if isinstance(found, Changed):
        return found
    article, passages = found
    at = next((at for at, one in enumerate(passages) if one.start <= citation.start < one.end), None)
    earlier, later = at is not None and at > 0, at is not None and at + 1 < len(passages)
    messages = source_messages(article, citation, language, earlier=earlier, later=later)
    return Shown(_led(messages, citation.number, passages, at or 0))


def beside(index: Index, citation: Citation, start: int, language: Language) -> Shown | Changed:
    """Return the passage that begins at an offset of a citation's article."""
    found = quoted_article(index, citation)
    if isinstance(found, Changed):
        return found
    article, passages = found
    at = next((at for at, one in enumerate(passages) if one.start == start), None)
    if at is None:
        return Changed("article_changed")
    span = Span(passages[at].start, passages[at].end)
    messages = passage_messages(article, span, language, earlier=at > 0, later=at + 1 < len(passages))
    return Shown(_led(messages, citation.number, passages, at), at + 1, len(passages))


def quoted_article(index: Index, citation: Citation) -> tuple[Article, Sequence[Passage]] | Changed:
    """Return the article of a citation with its passages, if it still says what was quoted."""
    passages = index.catalog.passages_of(citation.article_id)
    if not passages:
        return Changed("article_changed" if index.catalog.article_at(citation.path) else "article_gone")
    article = index.article_by_id(citation.article_id)
    if article.text[citation.start : citation.end] != citation.quote:
        return Changed("article_changed")
    return article, passages


def known_label(index: Index, found: Answer) -> LabelOf:
    """Return what the articles of an answer are called, those too that are gone since."""
    titles = {citation.article_id: citation.title or citation.path for citation in found.citations}

    def label_of(article_id: str) -> str:
        try:
            return index.article_by_id(article_id).label
        except UnknownArticleError:
            return titles.get(article_id, article_id)

    return label_of


def _led(messages: Sequence[Message], number: int, passages: Sequence[Passage], at: int) -> list[Message]:
    """Return messages whose buttons say to which passage they lead."""
    starts = {"earlier": passages[max(at - 1, 0)].start, "later": passages[min(at + 1, len(passages) - 1)].start}
    return [
        replace(
            message,
            buttons=tuple(
                tuple(replace(button, action=f"passage:{number}:{starts[button.action]}") for button in row)
                for row in message.buttons
            ),
        )
        for message in messages
    ]
