"""A model's help before the search: a follow-up said in full, and Arabic words that an article may use."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from prompts import Prompt, prompt
from retrieval.answering.conversation import LONGEST_TURN
from retrieval.answering.weights import ANSWER_WEIGHTS
from retrieval.errors import ModelError
from retrieval.llms.prompt_injection import neutralise_delimiters
from retrieval.nlp.analysis import language_of, stem, words
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search.query import LONGEST_QUESTION, Alternative, Query, Term
from retrieval.types import Turn

if TYPE_CHECKING:
    from retrieval.llms.client import LLMClient

MOST_WORDS = 8  # taken from a model
PREPARING = 0.25  # of the time for an answer: what a model may take before anything is searched

_ARABIC = re.compile(r"[\u0621-\u064a]{2,}")


def rewrite_followup(client: LLMClient, query: Query, history: Sequence[Turn], deadline: float) -> str | None:
    """Return a follow-up as a model says it in full; None where the model is of no use."""
    told = "\n".join(
        f"- {neutralise_delimiters(turn.question)[:LONGEST_TURN]}\n"
        f"  {neutralise_delimiters(turn.answer)[:LONGEST_TURN]}"
        for turn in history
    )
    asked = prompt("rewrite", query.language, history=told, question=neutralise_delimiters(query.text))
    first = next((line.strip() for line in _reply(client, asked, deadline).splitlines() if line.strip()), "")
    is_useful = 0 < len(first) <= LONGEST_QUESTION and language_of(first) == query.language
    return first if is_useful else None


def search_words(client: LLMClient, query: Query, deadline: float) -> tuple[str, ...]:
    """Return the Arabic words that a model adds to a question's own; none where it is of no use."""
    reply = _reply(client, prompt("search_words", query.language, question=query.text), deadline)
    known = {own for term in query.terms for way in term.alternatives for own in way.stems}
    line = next((line for line in reply.splitlines() if _ARABIC.search(line)), "")
    new = (word for word in words(line) if _ARABIC.fullmatch(word) and word not in ARABIC_STOP)
    by_stem = {stem(word): word for word in reversed(list(new)) if stem(word) not in known}
    return tuple(reversed(by_stem.values()))[:MOST_WORDS]


def with_search_words(query: Query, added: Sequence[str]) -> Query:
    """Return a question that is searched with further words; each is as rare as half the rarest."""
    terms = (
        Term(word, "word", word, (Alternative((stem(word),), ANSWER_WEIGHTS.by_model),), idf=query.max_idf / 2)
        for word in added
    )
    return replace(query, terms=(*query.terms, *terms))


def _reply(client: LLMClient, asked: Prompt, deadline: float) -> str:
    """Return what a model says before its share of the time is over, so that time is left for the answer."""
    until = time.monotonic() + PREPARING * max(deadline - time.monotonic(), 0.0)
    try:
        return client.complete(asked, until)
    except ModelError:
        return ""
