"""Answers that a language model writes: each sentence is held against what it cites, repaired once, or left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import SystemRandom
from typing import TYPE_CHECKING

from prompts import Prompt, prompt
from retrieval.answering.citation_markers import Marked, MarkerParser
from retrieval.answering.citations import Evidence, GroundedSentence
from retrieval.errors import ModelError
from retrieval.grounding.grounding import Support
from retrieval.llms.prompt_injection import neutralise_delimiters
from retrieval.nlp.analysis import language_of
from retrieval.types import Article, Language, LLMFailure, Passage, SentenceCheck

if TYPE_CHECKING:
    from retrieval.llms.client import LLMClient

NO_ANSWER = "NO_ANSWER"  # what a model is to write where the passages hold no answer
MOST_WRITTEN = 12  # sentences that are read; a model that writes on is cut off

_Check = Callable[[str, Sequence[Passage]], Support]

_DECLINES = re.compile(
    r"^\W*(?:i['’]?m (?:sorry|unable)|sorry|i (?:can ?not|can['’]t|am unable|won['’]t)|as an ai|عذرا|عذرًا|آسف"
    r"|أعتذر|لا (?:يمكنني|أستطيع|استطيع))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Block:
    """A passage as a model sees it, under an id that holds for one request only."""

    block_id: str
    passage: Passage
    article: Article


def blocks_of(passages: Sequence[tuple[Passage, Article]]) -> list[_Block]:
    """Return passages with ids that no article can foresee."""
    ids = SystemRandom().sample(range(10, 100), len(passages))
    return [_Block(str(own), passage, article) for own, (passage, article) in zip(ids, passages, strict=True)]


def as_data(blocks: Sequence[_Block]) -> str:
    """Return the blocks as they stand in a prompt: what could pass for an id or a delimiter is made harmless."""
    shown = []
    for block in blocks:
        known = (block.article.label, block.article.source, block.article.published)
        header = ", ".join(" ".join(neutralise_delimiters(part).split()) for part in known if part)
        shown.append(f"[{block.block_id}] {header}\n{neutralise_delimiters(block.passage.text).strip()}")
    return "\n\n".join(shown)


class Generation:
    """One answer in the making; `sentences` yields what holds, the rest is known afterwards."""

    def __init__(
        self,
        model: LLMClient,
        check: _Check,
        blocks: Sequence[_Block],
        *,
        question: str,
        language: Language,
        limit: int,
    ) -> None:
        """Take what the answer is made from, and what a sentence is checked with."""
        self.notice: LLMFailure | None = None
        self.checks: list[SentenceCheck] = []
        self._model, self._check, self._limit = model, check, limit
        self._question, self._language, self._blocks = question, language, blocks
        self._by_id = {block.block_id: block for block in blocks}
        self._said: set[str] = set()
        self._count = 0  # that hold
        self._no_answer = False

    @property
    def written(self) -> int:
        """Return how many sentences the model wrote, a second attempt not counted."""
        return sum(not checked.repaired for checked in self.checks)

    def sentences(self, deadline: float) -> Iterator[GroundedSentence]:
        """Yield each sentence that holds, as it completes; those that failed are sent back once, together."""
        try:
            yield from self._read(deadline)
            failed = [checked for checked in self.checks if not checked.passed]
            if failed and self._count < self._limit:
                yield from self._repaired(failed, deadline)
        except ModelError as error:
            self.notice = error.reason
        if not self._count and self.notice is None:
            self.notice = self._why_nothing()

    def _read(self, deadline: float) -> Iterator[GroundedSentence]:
        parser = MarkerParser()
        pieces = self._model.stream(self._prompt("answer", limit=self._limit), deadline)
        try:
            for piece in pieces:
                for marked in parser.feed(piece):
                    yield from self._checked(marked)
                if self._count >= self._limit or len(self.checks) >= MOST_WRITTEN:
                    return
        except ModelError:
            # A last sentence whose end had come is whole, whatever happened to the rest.
            for marked in parser.finish():
                if marked.ids and marked.text[-1] in ".!?؟»":
                    yield from self._checked(marked)
            raise
        for marked in parser.finish():
            yield from self._checked(marked)

    def _repaired(self, failed: Sequence[SentenceCheck], deadline: float) -> Iterator[GroundedSentence]:
        """Ask once for all failures; where that brings nothing, they are left out."""
        failures = "\n".join(
            f"- {neutralise_delimiters(checked.text)} ({'; '.join(checked.problems)})" for checked in failed
        )
        parser = MarkerParser()
        try:
            reply = self._model.complete(self._prompt("repair", failures=failures), deadline)
        except ModelError as error:
            if not self._count:
                self.notice = error.reason
            return
        for marked in [*parser.feed(reply), *parser.finish()][: len(failed)]:
            yield from self._checked(marked, repaired=True)

    def _prompt(self, purpose: str, **values: object) -> Prompt:
        ids = [block.block_id for block in self._blocks]
        common = {
            "passages": as_data(self._blocks),
            "question": neutralise_delimiters(self._question),
            "no_answer": NO_ANSWER,
            "example": ids[0],
        }
        if purpose == "repair":
            return prompt("repair", self._language, **common, **values)
        return prompt("answer", self._language, **common, other=ids[-1], **values)

    def _checked(self, marked: Marked, *, repaired: bool = False) -> Iterator[GroundedSentence]:
        """Yield the sentence if it holds, and note what was found."""
        text = marked.text
        if NO_ANSWER in text:
            self._no_answer = True
            return
        is_heading = not marked.ids and text.endswith((":", "："))
        if text in self._said or is_heading or self._count >= self._limit:
            return
        self._said.add(text)
        cited = [self._by_id[own] for own in marked.ids if own in self._by_id]
        problems = [f"id: {own}" for own in marked.ids if own not in self._by_id]
        if not marked.ids:
            problems.append("id: none")
        if language_of(text) != self._language and any(letter.isalpha() for letter in text):
            problems.append(f"language: {language_of(text)}")
        figure, evidence = 0.0, tuple[Evidence, ...]()
        if cited:
            found = self._check(text, [block.passage for block in cited])
            figure = found.coverage
            problems += [f"{problem.kind}: {problem.words}" for problem in found.problems]
            if not found.supported and not found.problems:
                problems.append("content: too little of it is there")
            evidence = tuple(Evidence(cited[at].article.article_id, *span, figure) for at, span in found.spans)
        passed = not problems and bool(evidence)
        self.checks.append(SentenceCheck(text, passed, figure, tuple(problems), repaired))
        if passed:
            self._count += 1
            yield GroundedSentence(text, evidence, readings=("compared",))

    def _why_nothing(self) -> LLMFailure:
        if any(_DECLINES.search(checked.text) for checked in self.checks):
            return "declined"
        if self._no_answer or not self.checks:
            return "no_answer"
        if all(any(problem.startswith("language:") for problem in checked.problems) for checked in self.checks):
            return "language"
        return "unsupported"
