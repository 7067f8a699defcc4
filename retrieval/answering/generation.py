"""Answers that a language model writes: each sentence is read beside its quote, repaired once, or left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from prompts import Prompt, PromptDocument, Purpose, Said, prompt
from retrieval.answering.citation_markers import Marked
from retrieval.answering.citations import Evidence, GroundedSentence
from retrieval.answering.prompt_passages import PromptPassage, as_data, header_of
from retrieval.answering.quotes import quoted_passage
from retrieval.answering.reply_parser import ANSWER_SCHEMA, ReplyParser
from retrieval.answering.second_reading import ReadingPair, read_again
from retrieval.errors import ModelError
from retrieval.grounding.grounding import Support
from retrieval.llms.prompt_injection import neutralise_delimiters
from retrieval.nlp.analysis import language_of, words
from retrieval.types import Language, LLMFailure, Passage, SentenceCheck, SentenceReading

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
_FEWER_MAY_DO: frozenset[LLMFailure] = frozenset(("too_long", "rejected", "empty"))
_DOUBT: dict[Language, str] = {
    "ar": "\nقد لا يكون في هذه المقاطع جواب؛ فإن لم يكن فلا تجب.",
    "en": "\nThese passages may not answer the question; if they do not, give no answer.",
}
_ANSWERS: dict[Language, str] = {"ar": "هذا جواب عن السؤال: «{}»", "en": "This answers the question “{}”"}


@dataclass(frozen=True, slots=True)
class Request:
    """What an answer is made from: the question in full, how it was put, and what was said before it."""

    question: str
    language: Language
    limit: int
    message: str = ""  # as it was typed, where that is not the question
    history: tuple[Said, ...] = ()
    is_doubtful: bool = False  # the passages are only the nearest, and may not answer


@dataclass(frozen=True, slots=True)
class _Passed:
    """A sentence that passed the code's reading, and its check's place."""

    text: str
    evidence: tuple[Evidence, ...]
    check: int


class Generation:
    """One answer in the making; `sentences` yields what holds, the rest is known afterwards."""

    def __init__(
        self,
        model: LLMClient,
        check: _Check,
        passages: Sequence[PromptPassage],
        request: Request,
        reader: LLMClient | None = None,
    ) -> None:
        """Take what the answer is made from, what a sentence is checked with, and the model that reads it again."""
        self.notice: LLMFailure | None = None
        self.server_words: str | None = None
        self.checks: list[SentenceCheck] = []
        self._model, self._reader, self._check = model, reader, check
        self._request, self._passages = request, list(passages)
        self._heard: set[str] = set()
        self._passed: list[_Passed] = []
        self._reply = ""
        self._is_repaired = False  # the first sentence

    @property
    def written(self) -> int:
        """Return how many sentences the model wrote, a second attempt not counted."""
        return sum(not checked.repaired for checked in self.checks)

    def sentences(self, deadline: float) -> Iterator[GroundedSentence]:
        """Yield the sentences that hold, the one that answers first; without it, none.

        Without a second reader each is given out as it completes. Those that failed are sent back once, together.
        """
        given = 0
        try:
            for marked in self._written(deadline):
                self._judge(marked)
                if self._reader is None and self._leads:
                    yield from map(_compared, self._passed[given:])
                    given = len(self._passed)
                if self._is_full:
                    break
            self._repair(deadline)
        except ModelError as error:
            self._note(error)
        if not self._leads:
            self.notice = self.notice or self._why_nothing()
        elif self._reader is None:
            yield from map(_compared, self._passed[given:])
        else:
            yield from self._read_again(self._reader, deadline)

    @property
    def _leads(self) -> bool:
        """Tell whether the first sentence that was written, which is to answer, holds, or its repair does."""
        return bool(self._passed) and (self.checks[0].passed or self._is_repaired)

    @property
    def _is_full(self) -> bool:
        return len(self._passed) >= self._request.limit or len(self.checks) >= MOST_WRITTEN

    def _note(self, error: ModelError) -> None:
        self.notice, self.server_words = error.reason, error.said

    def _written(self, deadline: float) -> Iterator[Marked]:
        """Yield what the model writes; where it was given too much, it is asked once more with half the passages."""
        try:
            yield from self._asked(self._prompt(), deadline)
        except ModelError as error:
            if error.reason not in _FEWER_MAY_DO or self.checks or len(self._passages) < 2:
                raise
            self._passages = self._passages[: len(self._passages) // 2]
            self._reply = ""
            yield from self._asked(self._prompt(), deadline)

    def _asked(self, asked: Prompt, deadline: float) -> Iterator[Marked]:
        parser = ReplyParser()
        try:
            for piece in self._model.stream(asked, deadline, ANSWER_SCHEMA):
                self._reply += piece
                yield from parser.feed(piece)
        except ModelError:
            # A last sentence whose end had come is whole, whatever happened to the rest.
            yield from (marked for marked in parser.finish() if marked.text[-1] in ".!?؟»")
            raise
        yield from parser.finish()

    def _prompt(self) -> Prompt:
        """Return the prompt: rules that never change, what was said, and the passages with the question."""
        request, form = self._request, self._model.form
        language = request.language
        question = neutralise_delimiters(request.question)
        if request.message and request.message != request.question:
            question = f"{neutralise_delimiters(request.message)} ({question})"
        values = {
            "question": question,
            "limit": request.limit,
            "doubt": _DOUBT[language] if request.is_doubtful else "",
        }
        if form == "cited":
            documents = tuple(
                PromptDocument(own.passage_id, header_of(own.article, language), own.passage.text)
                for own in self._passages
            )
            made = prompt("answer_cited", language, **values)
            return made._replace(earlier=request.history, documents=documents)
        purpose: Purpose = "answer_json" if form == "json" else "answer_lines"
        made = prompt(purpose, language, **values, passages=as_data(self._passages, language))
        return made._replace(earlier=request.history)

    def _repair(self, deadline: float) -> None:
        """Ask once for all failures, as a further turn; what comes back stands where its sentences stood."""
        failed = [checked for checked in self.checks if not checked.passed]
        if not failed or len(self._passed) >= self._request.limit:
            return
        asked, language = self._prompt(), self._request.language
        failures = "\n".join(f"- {neutralise_delimiters(one.text)} ({'; '.join(one.problems)})" for one in failed)
        turns = (*asked.earlier, Said("user", asked.user), Said("assistant", self._reply))
        again = prompt("repair", language, failures=failures)
        before = list(self._passed)
        try:
            parser = ReplyParser()
            reply = self._model.complete(asked._replace(user=again.user, earlier=turns), deadline, ANSWER_SCHEMA)
            for marked in [*parser.feed(reply), *parser.finish()][: len(failed)]:
                self._judge(marked, repaired=True)
        except ModelError as error:
            if not before:
                self._note(error)
            return
        mended = self._passed[len(before) :]
        if not self.checks[0].passed:
            self._is_repaired = any(_nearest(own.text, failed) is self.checks[0] for own in mended)
            mended.sort(key=lambda own: _nearest(own.text, failed) is not self.checks[0])
            self._passed = [*mended, *before]
        self._passed = self._passed[: self._request.limit]

    def _judge(self, marked: Marked, *, repaired: bool = False) -> None:
        """Note what the code's reading finds of a sentence."""
        text = marked.text
        if NO_ANSWER in text:
            return
        is_heading = not marked.ids and text.endswith((":", "："))
        if text in self._heard or is_heading:
            return
        self._heard.add(text)
        figure, problems, evidence = self._compared_with_quote(marked)
        passed = not problems and bool(evidence)
        self.checks.append(SentenceCheck(text, passed, figure, problems, repaired))
        if passed:
            self._passed.append(_Passed(text, evidence, len(self.checks) - 1))

    def _compared_with_quote(self, marked: Marked) -> tuple[float, tuple[str, ...], tuple[Evidence, ...]]:
        """Return how much of a sentence is said, what is not, and where: by its quote, its passages, or any other."""
        language = language_of(marked.text)
        if language != self._request.language and any(letter.isalpha() for letter in marked.text):
            return 0.0, (f"language: {language}",), ()
        first: tuple[float, tuple[str, ...]] | None = None
        for passages in self._witnesses(marked):
            found = self._check(marked.text, passages)
            problems = [f"{problem.kind}: {problem.words}" for problem in found.problems]
            if not found.supported and not problems:
                problems.append("content: too little of it is there")
            if not problems and found.spans:
                evidence = tuple(Evidence(passages[at].article_id, *span, found.coverage) for at, span in found.spans)
                return found.coverage, (), evidence
            first = first or (found.coverage, tuple(problems))
        figure, unsaid = first or (0.0, ("content: no passage",))
        return figure, unsaid, ()

    def _witnesses(self, marked: Marked) -> Iterator[list[Passage]]:
        """Yield what may bear a sentence out: its quote, the passages that it names, and the one nearest by content."""
        cited = [own.passage for own in self._passages if own.passage_id in marked.ids]
        others = [own.passage for own in self._passages if own.passage not in cited]
        for passage in (*cited, *others) if marked.quote else ():
            if quoted := quoted_passage(marked.quote, passage):
                yield [quoted]
                break
        if cited:
            yield cited
        spans = self._check(marked.text, others).spans if others else ()
        if spans:
            yield [others[spans[0][0]]]

    def _read_again(self, reader: LLMClient, deadline: float) -> Iterator[GroundedSentence]:
        """Yield the sentences that a model finds said by their quotes; where it cannot be had, those of the code."""
        language = self._request.language
        pairs = [ReadingPair(own.text, *self._quoted(own)) for own in self._passed]
        if self._request.is_doubtful:
            pairs.append(ReadingPair(_ANSWERS[language].format(self._request.question), *pairs[0][:2]))
        verdicts = read_again(reader, pairs, language, deadline)
        if self._request.is_doubtful and verdicts[-1] != "":
            self.notice = self.notice or "no_answer"
            return
        for own, unsaid in zip(self._passed, verdicts, strict=False):
            if unsaid:
                problems = (*self.checks[own.check].problems, f"read: {unsaid}")
                self.checks[own.check] = replace(self.checks[own.check], passed=False, problems=problems)
        if verdicts[0]:
            self.notice = "answer_unsupported" if len(self._passed) > 1 else "unsupported"
            return
        if None in verdicts:
            self.notice = self.notice or "unread"
        for own, unsaid in zip(self._passed, verdicts, strict=False):
            if not unsaid:
                passed: tuple[SentenceReading, ...] = ("compared",) if unsaid is None else ("compared", "read_twice")
                yield GroundedSentence(own.text, own.evidence, passed)

    def _quoted(self, own: _Passed) -> tuple[str, str]:
        """Return what a sentence rests on, and the passage in which the first of it stands."""
        holding = [
            (passage.passage, passage.article.text[place.start : place.end])
            for place in own.evidence
            for passage in self._passages
            if passage.passage.article_id == place.article_id
            and passage.passage.start <= place.start < passage.passage.end
        ]
        return " … ".join(dict.fromkeys(quote for _, quote in holding)), holding[0][0].text

    def _why_nothing(self) -> LLMFailure:
        if any(_DECLINES.search(checked.text) for checked in self.checks):
            return "declined"
        if not self.checks:
            return "no_answer"
        if all(any(problem.startswith("language:") for problem in checked.problems) for checked in self.checks):
            return "language"
        return "answer_unsupported" if self._passed else "unsupported"


def _nearest(text: str, failed: Sequence[SentenceCheck]) -> SentenceCheck:
    """Return the sentence that another one repairs: it shares the most words with it."""
    own = set(words(text))
    return max(failed, key=lambda one: len(own.intersection(words(one.text))))


def _compared(own: _Passed) -> GroundedSentence:
    return GroundedSentence(own.text, own.evidence, ("compared",))
