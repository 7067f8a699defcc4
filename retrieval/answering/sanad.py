"""The whole way from a question to a cited answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from retrieval.answer_sides import Side
from retrieval.answering.answer_request import NO_FILTERS, AnswerRequest
from retrieval.answering.archive_questions import about_archive
from retrieval.answering.conversation import combined_answer, renumbered, told_before, turns_in
from retrieval.answering.extractive import extract_answer
from retrieval.answering.fresh_statements import MOST_LOOKED_THROUGH, fresh_statements, unsaid_of
from retrieval.answering.generation import Generation, Request, sentence_check
from retrieval.answering.prompt_passages import PASSAGE_TOKENS, prompt_passages
from retrieval.answering.retrieve import Retrieved, may_be_helped, retrieve
from retrieval.answering.retriever_source import NodeCollection, NodeRetriever
from retrieval.archive.intents import archive_question
from retrieval.archive.sides import sides
from retrieval.archive_types import MOST_ARCHIVE_ROWS
from retrieval.citing.citations import Citations, GroundedSentence
from retrieval.citing.passage_source import PassageCollection, PassageSource
from retrieval.events import Event, ExtractsEvent, StageEvent
from retrieval.expressions.answer_expression import mark_expressions
from retrieval.nlp.analysis import language_of
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.collapse import cap_per_story
from retrieval.search.followups import asks_alone
from retrieval.search.query import Query
from retrieval.search.query_plan import QueryPlan, plan_query
from retrieval.search.question_splitting import MOST_QUESTIONS, split_questions
from retrieval.search.small_talk import INTRODUCES, small_talk, without_courtesies
from retrieval.types import (
    Answer,
    Article,
    Citation,
    CoverageSummary,
    Explanation,
    Filters,
    Hit,
    Language,
    Passage,
    SearchedWord,
    SentenceCheck,
    SmallTalk,
    Turn,
    Unsaid,
)

if TYPE_CHECKING:
    from retrieval.llms.client import LLMClient

MOST_NEAREST = 3  # articles named where no answer is found
_TURNS_TOLD = 2  # of the conversation, the last ones


class Sanad:
    """Answers questions from an index; every sentence of an answer is a checked quotation, or checked against one."""

    def __init__(
        self,
        index: PassageCollection,
        model: LLMClient | None = None,
        reader: LLMClient | None = None,
        passage_tokens: int = PASSAGE_TOKENS,
    ) -> None:
        """Take a finished index, and what writes answers, if anything does.

        `reader` reads the model's sentences a second time, and may be the model itself; `passage_tokens` bounds what
        the model is given.
        """
        self._collection = index
        self._lexicon = load_lexicon()
        self._model, self._reader, self._passage_tokens = model, reader, passage_tokens

    @classmethod
    def from_retriever(
        cls,
        retriever: NodeRetriever,
        model: LLMClient | None = None,
        reader: LLMClient | None = None,
        passage_tokens: int = PASSAGE_TOKENS,
    ) -> Self:
        """Return what answers from the nodes that a retriever of LlamaIndex finds; their own text is what is quoted."""
        return cls(NodeCollection(retriever), model, reader, passage_tokens)

    def ask(
        self,
        question: str,
        limit: int = 3,
        history: Sequence[Turn] = (),
        filters: Filters = NO_FILTERS,
        rows: int = MOST_ARCHIVE_ROWS,
    ) -> Answer:
        """Return the answer to a question, in at most `limit` sentences, or what the articles cover instead."""
        *_, answer = self.stream(question, history, limit, filters, rows=rows)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        limit: int = 3,
        filters: Filters = NO_FILTERS,
        language: Language | None = None,
        *,
        rows: int = MOST_ARCHIVE_ROWS,
    ) -> Iterator[Event]:
        """Yield what is being done, the extracts at once, a model's sentences once they hold, and the answer last.

        `history` holds the turns before, the oldest first; the last few count. `filters` say which articles may
        answer, and win over what the question's words say of that. The answer is in the question's language unless
        another is given. Small talk gets a reply of Sanad's own, and nothing is searched. Several questions in one
        message are answered one by one, each after those before it; their sentences come with the answer. A question
        about the archive itself is answered from all articles, in at most so many rows; 0 for all.
        """
        deadline = self._model.deadline() if self._model else 0.0
        asked = [question] if small_talk(question) else split_questions(without_courtesies(question))
        parts: list[Answer] = []
        for text in asked[:MOST_QUESTIONS]:
            for event in self._answer(AnswerRequest(text, history, limit, filters, language, rows), deadline):
                if isinstance(event, Answer):
                    parts.append(renumbered(event, after=sum(len(part.citations) for part in parts)))
                elif isinstance(event, ExtractsEvent):
                    yield _among(question, parts, event) if len(asked) > 1 else event
                elif len(asked) == 1 or isinstance(event, StageEvent):
                    yield event
            history = (*history, *turns_in(parts[-1]))
        only = replace(parts[0], question=question)
        yield only if len(asked) == 1 else combined_answer(question, parts, asked[MOST_QUESTIONS:])

    def _answer(self, request: AnswerRequest, deadline: float) -> Iterator[Event]:
        """Yield what `stream` does for one question, its answer last."""
        started = time.perf_counter()
        with self._collection.pin() as source:
            reply = small_talk(request.text)
            is_shortening = reply == "order" and request.history and self._model  # as "make it shorter"
            if reply and not is_shortening and not archive_question(request.text):
                covered_by = _nearest(source, ()) if reply in INTRODUCES else None
                yield _replied(request, reply, covered_by, started)
                return
            yield StageEvent("searching")

            def searched(asked: AnswerRequest) -> Answer:
                plan = plan_query(asked.text, (), asked.filters, source)
                return self._extracts(source, plan, retrieve(source, plan, None, deadline), asked, started)

            if said_of_archive := about_archive(source, request, searched, started):
                yield said_of_archive
                return
            plan = plan_query(request.text, request.history, request.filters, source)
            retrieved = retrieve(source, plan, None, deadline)
            extracts = self._extracts(source, plan, retrieved, request, started)
            if self._model and may_be_helped(plan, retrieved):
                if extracts.sentences:
                    yield ExtractsEvent(extracts)
                retrieved = retrieve(source, plan, self._model, deadline)
                extracts = self._extracts(source, plan, retrieved, request, started)
            yield StageEvent("reading", len(retrieved.hits))
            if not (self._model and self._may_write(retrieved)):
                yield extracts
                return
            if extracts.sentences:
                yield ExtractsEvent(extracts)
            yield StageEvent("writing")
            generation = self._generation(source, self._model, retrieved, request, extracts.language)
            cited = Citations(source, retrieved.matcher)
            for sentence in generation.sentences(deadline):
                yield cited.add(sentence)
            said = replace(
                extracts,
                seconds=time.perf_counter() - started,
                notice=generation.notice,
                server_words=generation.server_words,
                written=generation.written,
                explanation=_explanation(retrieved, generation.checks),
            )
            yield self._written(source, said, retrieved, cited) if cited.sentences else said

    def _extracts(
        self, source: PassageSource, plan: QueryPlan, retrieved: Retrieved, request: AnswerRequest, started: float
    ) -> Answer:
        """Return the answer in the articles' own words; of what is not covered the nearest, or nothing."""
        covered = retrieved.answerability.covered
        cited = Citations(source, retrieved.matcher)
        if covered or retrieved.answerability.near:
            for sentence in self._extracted(plan, retrieved, request.limit):
                cited.add(sentence)
        unsaid = _unsaid(plan.scopes[0].query, is_said=bool(cited.sentences), is_covered=covered)
        said = self._sides(source, retrieved, cited) if cited.sentences and not unsaid else ()
        covered = (covered or bool(said)) and not unsaid  # two sources that give the value of what is asked answer it
        return Answer(
            question=plan.text,
            language=request.language or plan.language,
            found=covered,
            mode="extractive",
            sentences=tuple(cited.sentences),
            citations=self._marked(retrieved, cited.citations),
            sides=said,
            covered=None if covered else _nearest(source, retrieved.hits),
            missing=retrieved.answerability.missing,
            seconds=time.perf_counter() - started,
            lexical_only=retrieved.lexical_only,
            vectors_pending=retrieved.pending,
            explanation=_explanation(retrieved, ()),
            unsaid=unsaid,
            filters=retrieved.filters,
        )

    def _written(self, source: PassageSource, extracts: Answer, retrieved: Retrieved, cited: Citations) -> Answer:
        """Return the answer with a model's sentences in the place of the extracts."""
        said = self._sides(source, retrieved, cited)
        return replace(
            extracts,
            found=True,
            mode="llm",
            sentences=tuple(cited.sentences),
            citations=self._marked(retrieved, cited.citations),
            sides=said,
            covered=None,
            unsaid=None,
        )

    def article_by_id(self, article_id: str) -> Article:
        """Return an article that an answer has shown.

        Raises:
            UnknownArticleError: there is none.
        """
        return self._collection.article_by_id(article_id)

    def close(self) -> None:
        """End the models' calls and their threads; the index stays open."""
        for model in (self._model, self._reader):
            if model:
                model.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _extracted(self, plan: QueryPlan, retrieved: Retrieved, limit: int) -> list[GroundedSentence]:
        """Return the sentences that answer; of those found for a follow-up in full, what says what it asks for."""
        question = plan.scopes[0].query
        if question.needs_context != "yes" or retrieved.query.text == question.text:
            return extract_answer(retrieved, limit)
        statements = extract_answer(retrieved, max(limit, MOST_LOOKED_THROUGH))
        return fresh_statements(question, statements, plan.history, self._lexicon)[:limit]

    def _marked(self, retrieved: Retrieved, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        """Return citations with the expressions that answer; without where the question is not answered."""
        if not retrieved.answerability.covered:
            return tuple(citations)
        return mark_expressions(citations, retrieved.matcher, self._lexicon)

    def _sides(self, source: PassageSource, retrieved: Retrieved, cited: Citations) -> tuple[Side, ...]:
        """Return what the sources of the event say, where they differ; their quotes are citations of the answer too."""
        return sides(source, retrieved.matcher, retrieved.hits, retrieved.ranking, cited)

    def _may_write(self, retrieved: Retrieved) -> bool:
        """Tell whether a model is asked: where the passages answer, or may and its sentences are read twice."""
        judged = retrieved.answerability
        return judged.covered or (judged.near and self._reader is not None)

    def _generation(
        self, source: PassageSource, model: LLMClient, retrieved: Retrieved, request: AnswerRequest, language: Language
    ) -> Generation:
        passages = prompt_passages(passages_for(source, retrieved), self._passage_tokens)

        check = sentence_check(source, self._lexicon)
        asked = Request(
            retrieved.query.text,
            language,
            request.limit,
            message=request.text,
            history=told_before(request.history[-_TURNS_TOLD:]),
            is_doubtful=not retrieved.answerability.covered,
        )
        return Generation(model, check, passages, asked, self._reader)


def passages_for(source: PassageSource, retrieved: Retrieved) -> Iterator[tuple[Passage, Article]]:
    """Yield what a model may be given, with its articles: the passages that answer first, then all others found."""
    counting, hits = retrieved.answerability.passages, retrieved.hits
    for place in (*counting, *(at for at in range(len(hits)) if at not in counting)):
        yield hits[place].passage, source.article_by_id(hits[place].passage.article_id)


def _among(message: str, parts: Sequence[Answer], event: ExtractsEvent) -> ExtractsEvent:
    """Return the extracts for one question of a message below the answers to those before it."""
    part = renumbered(event.answer, after=sum(len(other.citations) for other in parts))
    return ExtractsEvent(combined_answer(message, [*parts, part]))


def _nearest(source: PassageSource, hits: Sequence[Hit]) -> CoverageSummary:
    """Return how many articles there are, and which come nearest to the question, one of each story."""
    ids = [hit.passage.article_id for hit in hits]
    nearest = cap_per_story(dict.fromkeys(ids), lambda article_id: article_id, source.members(ids))
    articles = [source.article_by_id(article_id) for article_id in nearest] or source.first_articles(MOST_NEAREST)
    labels = dict.fromkeys(article.label for article in articles)
    return CoverageSummary(source.article_count, tuple(labels)[:MOST_NEAREST])


def _replied(request: AnswerRequest, reply: SmallTalk, covered: CoverageSummary | None, started: float) -> Answer:
    """Return Sanad's own reply to a message that asks nothing of the articles, with some to ask about."""
    return Answer(
        question=request.text,
        language=request.language or language_of(request.text),
        found=False,
        mode="extractive",
        sentences=(),
        citations=(),
        covered=covered,
        missing=(),
        seconds=time.perf_counter() - started,
        reply=reply,
    )


def _unsaid(question: Query, *, is_said: bool, is_covered: bool) -> Unsaid | None:
    """Return what a follow-up asks for where nothing says it; of another question not, as words are missing there."""
    is_bare = question.needs_context == "yes" and asks_alone(question)
    return unsaid_of(question) if not is_said and (is_covered or is_bare) else None


def _explanation(retrieved: Retrieved, checks: Sequence[SentenceCheck]) -> Explanation:
    words = tuple(
        SearchedWord(term.surface, term.kind, tuple(" ".join(way.stems) for way in term.alternatives))
        for term in retrieved.query.terms
    )
    judged = retrieved.answerability
    return Explanation(
        asked=retrieved.query.text,
        words=words,
        model_words=retrieved.model_words,
        hits=tuple(retrieved.hits),
        score=judged.score,
        threshold=judged.threshold,
        covered=judged.covered,
        checks=tuple(checks),
    )
