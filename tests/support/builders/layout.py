"""Answers to be laid out as Telegram messages, and what Telegram makes of the HTML of one."""

from __future__ import annotations

import re

from support.servers.telegram.text import parse_html, tidy
from support.servers.telegram.wire import JSON

from retrieval.types import Answer, Citation, Language, Sentence, Span

INVISIBLE = re.compile("[\u2066-\u2069\u200e\u200f]")


def read(html: str) -> tuple[str, list[JSON]]:
    """Return what Telegram makes of some HTML, which must be without a fault, and within all limits."""
    notes: list[str] = []
    text, entities = tidy(*parse_html(html, notes), notes)
    assert not notes
    assert 0 < len(text) <= 4096
    assert len(html.encode()) <= 32_768
    assert len(entities) <= 100
    return text, entities


def shown(html: str, kind: str) -> list[str]:
    """Return what stands inside the entities of one kind."""
    text, entities = read(html)
    raw = text.encode("utf-16-le")
    found = [entity for entity in entities if kind in entity["type"]]
    return [raw[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le") for e in found]


def ink(text: str) -> str:
    """Return a text without its white space and without invisible marks."""
    return "".join(INVISIBLE.sub("", text).split())


def citation(number: int, quote: str, title: str = "عنوان", matched: tuple[Span, ...] = ()) -> Citation:
    return Citation(
        number=number,
        article_id=title,
        path="a.txt",
        title=title,
        source="وكالة الضفة",
        published="2019-05-14",
        quote=quote,
        start=0,
        end=len(quote),
        score=1.0,
        matched=matched,
    )


def answer(
    sentences: tuple[Sentence, ...], citations: tuple[Citation, ...], mode: str = "llm", language: Language = "ar"
) -> Answer:
    return Answer(
        question="سؤال",
        language=language,
        found=True,
        mode="extractive" if mode == "extractive" else "llm",
        sentences=sentences,
        citations=citations,
        covered=None,
        missing=(),
        seconds=0.1,
        written=len(sentences),
    )


def label_of(article_id: str) -> str:
    return article_id
