"""Answers that a language model writes: each sentence is read beside its quote, repaired once, or left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from prompts import Prompt, PromptDocument, Purpose, Said, phrase, prompt
from retrieval.answering.citation_markers import Marked
from retrieval.answering.prompt_passages import PromptPassage, as_data, header_of
from retrieval.answering.quotes import quoted_passage
from retrieval.answering.relative_days import with_relative_days
from retrieval.answering.reply_parser import ANSWER_SCHEMA, ReplyParser
from retrieval.answering.second_reading import ReadingPair, read_again
from retrieval.citing.citations import Evidence, GroundedSentence
from retrieval.citing.passage_source import PassageSource
from retrieval.errors import ModelError
from retrieval.grounding.grounding import Support, check_support
from retrieval.llms.prompt_injection import neutralise_delimiters, without_injections
from retrieval.nlp.analysis import language_of, words
from retrieval.nlp.display import one_line
from retrieval.nlp.lexicon import Lexicon
from retrieval.types import Language, LLMFailure, Passage, SentenceCheck, SentenceReading

if TYPE_CHECKING:
    from retrieval.llms.client import LLMClient
    from retrieval.llms.providers import AnswerForm

NO_ANSWER = "NO_ANSWER"  # what a model is to write where the passages hold no answer
MOST_WRITTEN = 12  # sentences that are read; a model that writes on is cut off

SentenceComparison = Callable[[str, Sequence[Passage]], Support]

_DECLINES = re.compile(
    r"^\W*(?:i['’]?m (?:sorry|unable)|sorry|i (?:can ?not|can['’]t|am unable|won['’]t)|as an ai|عذرا|عذرًا|آسف"
    r"|أعتذر|لا (?:يمكنني|أستطيع|استطيع))\b",
    re.IGNORECASE,
)
_FEWER_MAY_DO: frozenset[LLMFailure] = frozenset(("too_long", "rejected", "empty"))


@dataclass(frozen=True, slots=True)
class Request:
    """What an answer is made from: the question in full, how it was put, and what was said before it."""

    question: str
    language: Language
    limit: int
    message: str = ""  # as it was typed, where that is not the question
    history: tuple[Said, ...] = ()
    is_doubtful: bool = False  # the passages are only the nearest, and may not answer


def answer_prompt(request: Request, passages: Sequence[PromptPassage], form: AnswerForm) -> Prompt:
    """Return the prompt: rules that never change, what was said, and the passages with the question."""
    language = request.language
    question = neutralise_delimiters(request.question)
    if request.message and request.message != request.question:
        question = f"{neutralise_delimiters(request.message)} ({question})"
    values = {
        "question": question,
        "limit": request.limit,
        "doubt": "\n" + phrase("doubt", language) if request.is_doubtful else "",
    }
    if form == "cited":
        documents = tuple(
            PromptDocument(own.passage_id, header_of(own.article, language), own.passage.text) for own in passages
        )
        made = prompt("answer_cited", language, **values)
        return made._replace(earlier=request.history, documents=documents)
    purpose: Purpose = "answer_json" if form == "json" else "answer_lines"
    made = prompt(purpose, language, **values, passages=as_data(passages, language))
    return made._replace(earlier=request.history)


@dataclass(frozen=True, slots=True)
class _Passed:
    """A sentence that passed the code's reading, and its check's place."""

    text: str
    evidence: tuple[Evidence, ...]
    check: int


def sentence_check(source: PassageSource, lexicon: Lexicon) -> SentenceComparison:
    """Return what compares a sentence with passages of a source: without their injections, by their articles' days."""

    def check(sentence: str, cited: Sequence[Passage]) -> Support:
        witnesses = [without_injections(passage) for passage in cited]
        articles = [source.article_by_id(passage.article_id) for passage in cited]
        as_said = with_relative_days(sentence, language_of(sentence), witnesses, articles)
        return check_support(as_said, witnesses, source.vocabulary, lexicon, articles)

    return check


class Generation:
    """One answer in the making; `sentences` yields what holds, the rest is known afterwards."""

    def __init__(
        self,
        model: LLMClient,
        check: SentenceComparison,
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
        self._beside: dict[int, str] = {}  # what stands in the passages nearest to a sentence that failed, by its check
        self._reply = ""
        self._lead = 0  # the check of the sentence that answers: the first one written, or its repair
        self._has_repaired = False

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
        if self._leads and self._reader:
            yield from self._read_again(self._reader, deadline)
        elif self._leads:
            yield from map(_compared, self._passed[given:])
        if not self._leads:
            self.notice = self.notice or self._why_nothing()

    @property
    def _leads(self) -> bool:
        """Tell whether the sentence that answers holds."""
        return bool(self.checks) and self.checks[self._lead].passed

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
        return answer_prompt(self._request, self._passages, self._model.form)

    def _repair(self, deadline: float) -> None:
        """Ask once for all failures, as a further turn; what comes back stands where its sentences stood."""
        failed = [at for at, checked in enumerate(self.checks) if not checked.passed]
        if not failed or self._has_repaired or len(self._passed) >= self._request.limit:
            return
        self._has_repaired = True
        asked = self._prompt()
        again = prompt("repair", self._request.language, failures="\n".join(map(self._failure, failed)))
        turns = (*asked.earlier, Said("user", asked.user), Said("assistant", self._reply))
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
        of_lead = [own for own in mended if self._repairs(own.text, failed) == self._lead]
        if not self._leads and of_lead:
            self._lead = of_lead[0].check
            self._passed = [*of_lead, *(own for own in mended if own not in of_lead), *before]
        self._passed = self._passed[: self._request.limit]

    def _failure(self, check: int) -> str:
        """Return a sentence that failed, with the words that its passage does not have and the passage's own."""
        checked = self.checks[check]
        unsaid = [problem.partition(": ")[2] for problem in checked.problems]
        named = "; ".join(dict.fromkeys(one for one in unsaid if one and one != checked.text)) or "—"
        parts = {"text": checked.text, "words": named, "quote": self._beside.get(check, "")}
        shown = {name: one_line(neutralise_delimiters(part)) for name, part in parts.items()}
        return phrase("failure", self._request.language, **shown)

    def _repairs(self, text: str, failed: Sequence[int]) -> int:
        """Return which failure a sentence repairs: the one that it shares the most words with."""
        own = set(words(text))
        return max(failed, key=lambda at: len(own.intersection(words(self.checks[at].text))))

    def _judge(self, marked: Marked, *, repaired: bool = False) -> None:
        """Note what the code's reading finds of a sentence."""
        text = marked.text
        if NO_ANSWER in text:
            return
        is_heading = not marked.ids and text.endswith((":", "："))
        if text in self._heard or is_heading:
            return
        self._heard.add(text)
        problems, found, evidence = self._compared_with_quote(marked)
        passed = not problems and bool(evidence)
        self.checks.append(SentenceCheck(text, passed, found, problems, repaired))
        own = _Passed(text, evidence, len(self.checks) - 1)
        self._beside[own.check] = self._quoted(own)[0] if evidence else ""
        if passed:
            self._passed.append(own)

    def _compared_with_quote(self, marked: Marked) -> tuple[tuple[str, ...], float, tuple[Evidence, ...]]:
        """Return what of a sentence is not said, how much is, and where: by its quote, its passages, or any other.

        Of one that nothing says, it is what its quote lacks, or the passages that it names.
        """
        language = language_of(marked.text)
        if language != self._request.language and any(letter.isalpha() for letter in marked.text):
            return (f"language: {language}",), 0.0, ()
        first: tuple[tuple[str, ...], float, tuple[Evidence, ...]] | None = None
        for passages in self._witnesses(marked):
            found = self._check(marked.text, passages)
            problems = tuple(f"{problem.kind}: {problem.words}" for problem in found.problems)
            evidence = tuple(Evidence(passages[at].article_id, *span, found.coverage) for at, span in found.spans)
            if found.supported and evidence:
                return (), found.coverage, evidence
            first = first or (problems or ("content: too little of it is there",), found.coverage, evidence)
        return first or (("content: no passage",), 0.0, ())

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
        """Yield the sentences that a model finds said by their quotes; those that it refuses may be repaired once."""
        said = self._read(reader, self._passed, deadline)
        led = self._leads
        if led:
            yield from said
        kept = tuple(own for own in self._passed if self.checks[own.check].passed)
        if len(kept) < len(self._passed) and not self.notice:
            self._passed = list(kept)
            self._repair(deadline)
            mended = self._read(reader, [own for own in self._passed if own not in kept], deadline)
            if self._leads:
                yield from mended if led else (*mended, *said)

    def _read(self, reader: LLMClient, passed: Sequence[_Passed], deadline: float) -> list[GroundedSentence]:
        """Return the sentences that a model finds said; where its reading cannot be had, those of the code."""
        if not passed:
            return []
        language = self._request.language
        pairs = [ReadingPair(own.text, *self._quoted(own)) for own in passed]
        if self._request.is_doubtful:
            answers = phrase("answers", language, question=self._request.question)
            pairs.append(ReadingPair(answers, *pairs[0][:2]))
        verdicts = read_again(reader, pairs, language, deadline)
        if self._request.is_doubtful and verdicts[-1] != "":
            self.notice = "no_answer"
            self._refuse(self._lead, "")
            return []
        said: list[GroundedSentence] = []
        for own, unsaid in zip(passed, verdicts, strict=False):
            if unsaid:
                self._refuse(own.check, unsaid)
                continue
            if unsaid is None:
                self.notice = self.notice or "unread"
            readings: tuple[SentenceReading, ...] = ("compared",) if unsaid is None else ("compared", "read_twice")
            said.append(GroundedSentence(own.text, own.evidence, readings))
        return said

    def _refuse(self, check: int, unsaid: str) -> None:
        refused = self.checks[check]
        self.checks[check] = replace(refused, passed=False, problems=(*refused.problems, f"read: {unsaid}"))

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
        return "answer_unsupported" if any(checked.passed for checked in self.checks) else "unsupported"


def _compared(own: _Passed) -> GroundedSentence:
    return GroundedSentence(own.text, own.evidence, ("compared",))
