"""What the weights are fitted on: the questions of each set, and what the code sees of each in an index of its set."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bench.datasets import json_lines, kept_aside, numbered_rows, squad_rows
from bench.made import unpack
from retrieval.answering.retrieve import MOST_PASSAGES
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index
from retrieval.index.snapshot import Snapshot
from retrieval.nlp.lexicon import load_lexicon
from retrieval.reranking import Relevance, Reranker, Reranking
from retrieval.search.answerability import question_features
from retrieval.search.learnt_weights import FloatArray
from retrieval.search.passage_scoring import same_statement
from retrieval.search.query_plan import plan_query
from retrieval.search.sentence_features import candidates_of, read_hits, sentence_features
from retrieval.search.sentence_ranking import (
    MOST_RERANKED,
    RankedSentence,
    Ranking,
    in_context,
    read_features,
    reordered,
)
from retrieval.search.small_talk import small_talk
from retrieval.search.term_matcher import Matcher
from retrieval.types import Filters, SearchResult

Flags = npt.NDArray[np.bool_]
Texts = dict[str, str]  # of articles, by file name

PROJECT = Path(__file__).parents[1]
OFF_TOPIC = 60  # questions of another set, asked of each


@dataclass(frozen=True)
class Question:
    """A question of a set, and what answers it: words, in one of some articles."""

    text: str
    group: str  # what is kept together when the set is halved
    paths: frozenset[str]  # of the articles that answer; none where nothing does
    gold: tuple[str, ...]
    was_taught: bool = False  # the cross-encoder has learnt from it, so that its scores are better than elsewhere
    is_near_miss: bool = False  # it has no answer, and was made for these articles

    @property
    def half(self) -> int:
        """Return which half it belongs to."""
        return crc32(self.group.encode()) % 2


def squad(folder: Path, name: str, english: str = "") -> tuple[Texts, list[Question]]:
    """Return the paragraphs of a file in SQuAD's form, by file name, and its questions; in English by another file."""
    asked = {qa["id"]: qa["question"].strip() for _, _, qa in squad_rows(folder / (english or name))}
    texts: Texts = {}
    questions = []
    for number, entry, paragraph, qa in numbered_rows(folder / name):
        context = paragraph["context"].strip()
        path = texts.setdefault(context, f"{len(texts):04}.txt")
        spans = tuple(dict.fromkeys(answer["text"].strip() for answer in qa["answers"]))
        group, was_taught = str(entry.get("title") or context), not kept_aside(name, number)
        questions.append(Question(asked[qa["id"]], group, frozenset([path]), spans, was_taught))
    return {path: text for text, path in texts.items()}, questions


def newsroom(folder: Path) -> tuple[Texts, list[Question]]:
    """Return the made newsroom's articles and its questions that lean on no other; small talk is left out."""
    texts = {file.name: file.read_text(encoding="utf-8") for file in (folder / "articles").iterdir()}
    questions = []
    for line in json_lines(folder / "questions.jsonl"):
        if not line.get("history") and not small_talk(line["q"]):
            is_near_miss = line["kind"] == "unanswerable"
            paths, gold = frozenset(line["docs"]), tuple(line["gold"])
            questions.append(Question(line["q"], _story(line), paths, gold, is_near_miss=is_near_miss))
    return texts, questions


def _story(line: dict[str, Any]) -> str:
    """Return what the articles of a question are about: their files' first word; of one without, the question's id."""
    return str((line["docs"] or [line["id"]])[0]).split("_")[0]


def made(file: Path) -> tuple[Texts, list[Question]]:
    """Return the made articles of a file and their questions."""
    texts, asked = unpack(file)
    return texts, [
        Question(
            one.text,
            one.story,
            frozenset(one.paths_in(texts)),
            tuple(one.gold),
            is_near_miss=not one.gold,
        )
        for one in asked
    ]


def golden() -> tuple[Texts, list[Question]]:
    """Return the project's own articles, and the questions that its tests ask of them."""
    texts = {file.name: file.read_text(encoding="utf-8") for file in (PROJECT / "seeds").glob("*.txt")}
    asked = tomllib.loads((PROJECT / "tests/retrieval/answering/golden.toml").read_text(encoding="utf-8"))
    return texts, [
        Question(
            one["question"],
            name,
            frozenset(one.get("article", texts)) if "quote_holds" in one else frozenset(),
            tuple(one.get("quote_holds", ())),
        )
        for name, one in asked.items()
    ]


def off_topic(name: str, data: Mapping[str, tuple[Texts, list[Question]]]) -> list[Question]:
    """Return some questions of the other sets, which this one does not answer."""
    others = {"arcd": "xquad", "tydiqa": "newsroom", "newsroom": "tydiqa", "golden": "arcd", "xquad-en": "newsroom"}
    foreign = data[others.get(name, "tydiqa")][1]
    return [Question(one.text, one.text, frozenset(), ()) for one in foreign[:: max(len(foreign) // OFF_TOPIC, 1)]]


@contextmanager
def snapshot(texts: Texts, place: Path, embedding: str) -> Iterator[Snapshot]:
    """Give an index of some texts, made once in a folder."""
    articles = place / "articles"
    articles.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        if not (articles / name).exists():
            (articles / name).write_text(text, encoding="utf-8")
    with Index.open(place / embedding, make_embedder(embedding)) as index:
        report = index.refresh(articles)
        if report.failed or report.pending:
            raise SystemExit(f"The index of {place} is not whole: {report}")
        with index.pin() as pinned:
            yield pinned


@cache
def reranker_that_stays() -> Reranker | None:
    """Return a reranker that does not end with an index."""
    embedder = make_embedder()
    return embedder.reranker if isinstance(embedder, Reranking) else None


@dataclass(frozen=True)
class Weights:
    """What ranks sentences: their features, and a reranker's beside the sum of those."""

    sentences: FloatArray
    read: FloatArray | None = None


class Found:
    """What was found for a question, with the features of its sentences."""

    def __init__(self, source: Snapshot, matcher: Matcher, result: SearchResult, question: Question) -> None:
        articles = {hit.passage.article_id: source.article_by_id(hit.passage.article_id) for hit in result.hits}
        self.read = read_hits(matcher, result.hits, articles, result.similarities)
        self.candidates = candidates_of(self.read)
        self.features = sentence_features(self.read, self.candidates, load_lexicon())
        self.gold: Flags = np.array(
            [
                articles[self.read.article_at(one.place)].path in question.paths
                and any(words in one.sentence.text for words in question.gold)
                for one in self.candidates
            ],
            dtype=bool,
        )
        self._reranker = reranker_that_stays() if source.reranker else None
        self._said: dict[tuple[int, int], Relevance] = {}

    @cached_property
    def _gold_places(self) -> set[tuple[int, int]]:
        return {_place(one) for one, is_gold in zip(self.candidates, self.gold, strict=True) if is_gold}

    def ranking(self, weights: Weights) -> Ranking:
        """Return the sentences in the order of some weights."""
        scores = self.features @ weights.sentences
        order = np.argsort(-scores, kind="stable")
        candidates = [(float(scores[at]), self.candidates[at]) for at in order]
        sentences = tuple(RankedSentence(one.place, one.sentence, score, one.is_fragment) for score, one in candidates)
        ranking = Ranking(sentences, self.features[order], "vectors")
        if weights.read is None or not sentences:
            return ranking
        relevance = self.relevance(ranking)
        return reordered(ranking, relevance, read_features(scores[order], relevance) @ weights.read)

    def relevance(self, ranking: Ranking) -> list[Relevance]:
        """Return what the reranker says of the first sentences; each is read once, however they are ranked."""
        first = ranking.sentences[:MOST_RERANKED]
        new = [one for one in first if _place(one) not in self._said]
        if new and self._reranker is not None:
            said = self._reranker.read(self.read.matcher.question.text, [in_context(self.read, one) for one in new])
            self._said |= zip(map(_place, new), said, strict=True)
        return [self._said[_place(one)] for one in first]

    def gold_of(self, ranking: Ranking) -> Flags:
        """Return which sentences of a ranking are gold."""
        return np.array([_place(one) in self._gold_places for one in ranking.sentences], dtype=bool)

    def judged(self, weights: Weights) -> FloatArray:
        """Return the question's own features."""
        return question_features(self.read, self.ranking(weights))


def _place(one: Any) -> tuple[int, int]:
    return one.place, one.sentence.start


@dataclass(frozen=True)
class Seen:
    """What the code sees of a question: what it finds, and finds where the articles that answer are taken away."""

    question: Question
    is_english: bool
    found: Found
    rest: Found | None

    @property
    def is_told(self) -> bool:
        """Tell whether it has an answer and anything was found."""
        return bool(self.question.gold) and len(self.found.features) > 0

    def holds(self, weights: Weights, depth: int) -> bool:
        """Tell whether one of the first statements is gold."""
        ranking = self.found.ranking(weights)
        chosen: list[int] = []
        for at, one in enumerate(ranking.sentences):
            if not any(same_statement(one.sentence.text, ranking.sentences[said].sentence.text) for said in chosen):
                chosen.append(at)
            if len(chosen) == depth:
                break
        return bool(self.found.gold_of(ranking)[chosen].any()) if chosen else False


def look(source: Snapshot, question: Question) -> Seen:
    """Return what the code sees of a question."""
    query = plan_query(question.text, (), Filters(), source).scopes[-1].query
    matcher = Matcher(query)
    result = source.search(query, MOST_PASSAGES) if matcher.total else SearchResult(())
    whole = Found(source, matcher, result, question)
    left = tuple(hit for hit in result.hits if source.article_by_id(hit.passage.article_id).path not in question.paths)
    is_withheld = bool(question.gold and left)
    others = SearchResult(left, similarities=result.similarities)
    rest = Found(source, matcher, others, question) if is_withheld else None
    return Seen(question, query.language == "en", whole, rest if rest and len(rest.features) else None)


class Judged(NamedTuple):
    """The features of some questions, a row each, with what is known of them."""

    features: FloatArray
    answered: Flags
    near_miss: Flags


def answerable(seen: Sequence[Seen], weights: Weights) -> Judged:
    """Return questions as they are, and with what answers them taken away."""
    rows = [
        (one.found.judged(weights), bool(one.question.gold), one.question.is_near_miss)
        for one in seen
        if len(one.found.features)
    ]
    rows += [(one.rest.judged(weights), False, False) for one in seen if one.rest is not None]
    features, answered, near_miss = zip(*rows, strict=True)
    return Judged(np.vstack(features), np.array(answered), np.array(near_miss))
