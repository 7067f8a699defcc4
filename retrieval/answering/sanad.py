"""The whole way from a question to a cited answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from retrieval.answering.citations import check_citation, cite
from retrieval.answering.extractive import MOST_PASSAGES, ExtractedStatement, best_statements
from retrieval.answering.filtered_retrieve import seek
from retrieval.answering.generation import Generation, SupportedSentence, blocks_of
from retrieval.answering.retrieve import PassageCollection, PassageSource, Retrieved, Retriever, Searched
from retrieval.grounding.grounding import Support, check_support
from retrieval.llms.prompt_injection import without_injections
from retrieval.nlp.analysis import language_of
from retrieval.nlp.lexicon import Lexicon, load_lexicon
from retrieval.search.collapse import outlets
from retrieval.search.followups import bounded
from retrieval.search.passage_scoring import ReadSentence
from retrieval.search.term_matcher import Matcher
from retrieval.types import (
    Answer,
    Article,
    Citation,
    CoverageSummary,
    Event,
    Explanation,
    Filters,
    Hit,
    Language,
    LLMFailure,
    Passage,
    SearchedWord,
    Sentence,
    SentenceCheck,
    SentenceEvent,
    StageEvent,
    Turn,
)

if TYPE_CHECKING:
    from retrieval.llms.client import LLMClient

NO_FILTERS = Filters()
MOST_NEAREST = 3  # articles named where no answer is found
_MOST_SHOWN = 6  # passages that a model is given


class Sanad:
    """Answers questions from an index; every sentence of an answer is a checked quotation, or checked against one."""

    def __init__(
        self, index: PassageCollection, lexicon: Lexicon | None = None, model: LLMClient | None = None
    ) -> None:
        """Take a finished index; the lexicon is the project's own unless another is given."""
        self._index = index
        self._lexicon = lexicon or load_lexicon()
        self._model = model

    def ask(self, question: str, limit: int = 3, history: Sequence[Turn] = (), filters: Filters = NO_FILTERS) -> Answer:
        """Return the answer to a question, in at most `limit` sentences, or what the articles cover instead."""
        *_, answer = self.stream(question, history, limit, filters)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        limit: int = 3,
        filters: Filters = NO_FILTERS,
        language: Language | None = None,
    ) -> Iterator[Event]:
        """Yield what is being done, each sentence once it is verified, and the answer last.

        `history` holds the turns before, the oldest first; the last few count. `filters` say which articles may
        answer, and win over what the question's words say of that. The answer is in the question's language unless
        another is given.
        """
        started = time.perf_counter()
        language = language or language_of(question)
        with self._index.pin() as pinned:
            yield from self._answered(
                pinned, question, history, limit, started=started, filters=filters, language=language
            )

    def _answered(
        self,
        pinned: PassageSource,
        question: str,
        history: Sequence[Turn],
        limit: int,
        *,
        started: float,
        filters: Filters,
        language: Language,
    ) -> Iterator[Event]:
        """Answer from one generation of the index."""
        deadline = self._model.deadline() if self._model else 0.0
        yield StageEvent("searching")

        def find(where: Searched, wording: str, helped: bool) -> Retrieved:
            model = self._model if helped else None
            return Retriever(where, model).find(wording, bounded(history), deadline, MOST_PASSAGES)

        sought = seek(pinned, question, filters, find, follows=bool(history))
        found = sought.found
        yield StageEvent("reading", len(found.hits))
        quoted = _Quoted(pinned, found.matcher)
        notice: LLMFailure | None = None
        checks: Sequence[SentenceCheck] = ()
        written = 0
        if found.verdict.covered and self._model:
            yield StageEvent("writing")
            generation = self._generation(pinned, self._model, found, limit, language)
            for held in generation.held(deadline):
                yield quoted.add(held)
            notice, checks, written = generation.notice, generation.checks, generation.written
        generated = bool(quoted.sentences)
        if found.verdict.covered and not generated:
            kept = [found.hits[place] for place in found.verdict.passages]
            readings = [found.readings[place] for place in found.verdict.passages]
            for statement in best_statements(found.matcher, kept, readings, self._lexicon, limit):
                quoted.quote(statement)
        yield Answer(
            question=question,
            language=language,
            found=found.verdict.covered,
            mode="llm" if generated else "extractive",
            sentences=tuple(quoted.sentences),
            citations=tuple(quoted.citations),
            covered=None if found.verdict.covered else _covered(pinned, found.hits),
            missing=found.verdict.missing,
            seconds=time.perf_counter() - started,
            notice=notice,
            lexical_only=found.lexical_only,
            written=written,
            explanation=_explanation(found, checks),
            filters=sought.narrowing,
        )

    def close(self) -> None:
        """End the model's calls and its thread; the index stays open."""
        if self._model:
            self._model.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _generation(
        self, pinned: PassageSource, model: LLMClient, found: Retrieved, limit: int, language: Language
    ) -> Generation:
        places = found.verdict.passages[:_MOST_SHOWN]
        passages = [found.hits[place].passage for place in places]
        blocks = blocks_of([(passage, pinned.article_by_id(passage.article_id)) for passage in passages])
        asked = found.question.text

        def supported(sentence: str, cited: Sequence[Passage]) -> Support:
            witnesses = [without_injections(passage) for passage in cited]
            return check_support(sentence, witnesses, pinned.vocabulary, self._lexicon)

        return Generation(model, supported, blocks, question=asked, language=language, limit=limit)


class _Quoted:
    """The sentences of an answer with their citations, numbered in reading order."""

    def __init__(self, pinned: PassageSource, matcher: Matcher) -> None:
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self._pinned = pinned
        self._matcher = matcher

    def add(self, held: SupportedSentence) -> SentenceEvent:
        """Take a sentence that a model wrote; a place that was quoted before keeps its number."""
        own = []
        for article, span in held.places:
            known = (number for number in self.citations if _place(number) == (article.article_id, *span))
            citation = next(known, None)
            if citation is None:
                citation = self._cite(article, span.start, span.end, held.figure)
            own.append(citation)
        sentence = Sentence(held.text, tuple(citation.number for citation in own))
        self.sentences.append(sentence)
        return SentenceEvent(sentence, tuple(own))

    def quote(self, statement: ExtractedStatement) -> None:
        """Take a sentence of an article, and the same statement where articles of other stories make it."""
        places = self._one_a_story([(statement.hit, statement.sentence), *statement.others])
        cited = [hit.passage.article_id for hit, _ in places]
        numbers = []
        for hit, place in places:
            article = self._pinned.article_by_id(hit.passage.article_id)
            citation = self._cite(article, place.start, place.end, place.after, cited)
            numbers.append(citation.number)
        self.sentences.append(Sentence(self.citations[numbers[0] - 1].quote, tuple(numbers)))

    def _one_a_story(self, places: Sequence[tuple[Hit, ReadSentence]]) -> list[tuple[Hit, ReadSentence]]:
        """Return the first place of each story, and those in articles that tell none."""
        members = self._pinned.members(hit.passage.article_id for hit, _ in places)
        first: dict[int | str, tuple[Hit, ReadSentence]] = {}
        for hit, place in places:
            member = members.get(hit.passage.article_id)
            first.setdefault(member.story if member else hit.passage.article_id, (hit, place))
        return list(first.values())

    def _cite(self, article: Article, start: int, end: int, score: float, cited: Sequence[str] = ()) -> Citation:
        """Return the next citation, with the articles that say the same: those cited beside it, and its copies."""
        copies = self._pinned.copies(article.article_id, article.text[start:end])
        also_in = dict.fromkeys((*cited, *(copy.article_id for copy in copies)))
        citation = cite(
            article,
            start,
            end,
            number=len(self.citations) + 1,
            score=round(score, 4),
            also_in=tuple(other for other in also_in if other != article.article_id),
            outlets=outlets(article.source, copies),
            matched=self._matcher.spans,
        )
        self.citations.append(check_citation(citation, article))
        return citation


def _covered(pinned: PassageSource, hits: Sequence[Hit]) -> CoverageSummary:
    """Return how many articles there are, and which come nearest to the question."""
    members = pinned.members(hit.passage.article_id for hit in hits)
    one_a_story: dict[int | str, str] = {}
    for article_id in (hit.passage.article_id for hit in hits):
        one_a_story.setdefault(members[article_id].story if article_id in members else article_id, article_id)
    nearest = [pinned.article_by_id(article_id) for article_id in one_a_story.values()]
    labels = dict.fromkeys(article.label for article in nearest or pinned.first_articles(MOST_NEAREST))
    return CoverageSummary(pinned.article_count, tuple(labels)[:MOST_NEAREST])


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.article_id, citation.start, citation.end


def _explanation(found: Retrieved, checks: Sequence[SentenceCheck]) -> Explanation:
    words = tuple(
        SearchedWord(term.surface, term.kind, tuple(" ".join(way.stems) for way in term.alternatives))
        for term in found.question.terms
    )
    verdict = found.verdict
    return Explanation(
        asked=found.question.text,
        words=words,
        model_words=found.model_words,
        hits=tuple(found.hits),
        figure=verdict.figure,
        threshold=verdict.threshold,
        covered=verdict.covered,
        checks=tuple(checks),
    )
