"""Fit the weights that rank sentences and tell whether they answer, and write them where the code reads them.

Usage: python bench/fit.py FOLDER [--work FOLDER] [--every N] [--write]     (pip install scipy)

FOLDER holds xquad.ar.json, xquad.en.json, arcd-train.json, tydiqa-ar.json (bench/xquad.py and docs/measured.md say
where they are from) and newsroom/; the golden set of the tests is the project's own. Every question is asked of an
index of its own set, so that features are what the code sees. Sentences are ranked by a listwise logistic regression
(the gold sentences' share of a softmax over the candidates, with an L2 penalty); answerability by a logistic
regression on the same questions, once as they are and once with the articles that answer them taken away, and on the
questions that have no answer.

Each half of a set (whole stories, encyclopedia entries or paragraphs kept together) is printed by a fit on the others'
halves; the file that is written is fitted on both. Each set counts the same, whatever its size.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from zlib import crc32

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from bench.datasets import json_lines, squad_rows
from retrieval.answering.retrieve import MOST_PASSAGES
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index
from retrieval.index.snapshot import Snapshot
from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.answerability import QUESTION_FEATURES, question_features
from retrieval.search.passage_scoring import same_statement
from retrieval.search.query_plan import plan_query
from retrieval.search.sentence_features import FEATURES, candidates_of, read_hits, sentence_features
from retrieval.search.sentence_ranking import RankedSentence, Ranking
from retrieval.search.small_talk import small_talk
from retrieval.search.term_matcher import Matcher
from retrieval.types import Filters, SearchResult

FloatArray = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

TARGET = Path(__file__).parents[1] / "retrieval/search/data/learnt_weights.toml"
PENALTY = 0.001  # L2, on standardised features; between .0003 and .01 the halves differ by less than .01
OFF_TOPIC = 60  # questions of another set, asked of each
NATURAL = ("newsroom", "golden", "tydiqa")  # asked without seeing the text, or as if
REFUSED = 0.07  # of the newsroom's answerable questions: called only near; rules call some more
NOT_NEAR = 0.015  # of those of any natural set: called not covered


@dataclass(frozen=True)
class Question:
    """A question of a set, and what answers it: words, in one of some articles."""

    text: str
    group: str  # what is kept together when the set is halved
    paths: frozenset[str]  # of the articles that answer; none where nothing does
    gold: tuple[str, ...]

    @property
    def is_near_miss(self) -> bool:
        """Tell whether it has no answer, but was made for these articles."""
        return not self.gold and self.group != self.text

    @property
    def half(self) -> int:
        """Return which half it belongs to."""
        return crc32(self.group.encode()) % 2


@dataclass
class Seen:
    """What the code sees of a question: its sentences with their features, and those that are gold."""

    question: Question
    is_english: bool
    features: FloatArray
    gold: Flags
    texts: list[str]
    judged: Callable[[FloatArray], FloatArray]  # from scores to the question's own features
    withheld: Callable[[FloatArray], FloatArray | None]  # the same, without the articles that answer


def squad(folder: Path, name: str, english: str = "") -> tuple[dict[str, str], list[Question]]:
    """Return the paragraphs of a file in SQuAD's form, by file name, and its questions; in English by another file."""
    asked = {qa["id"]: qa["question"].strip() for _, _, qa in squad_rows(folder / (english or name))}
    texts: dict[str, str] = {}
    questions = []
    for entry, paragraph, qa in squad_rows(folder / name):
        context = paragraph["context"].strip()
        path = texts.setdefault(context, f"{len(texts):04}.txt")
        spans = tuple(dict.fromkeys(answer["text"].strip() for answer in qa["answers"]))
        questions.append(Question(asked[qa["id"]], str(entry.get("title") or context), frozenset([path]), spans))
    return {path: text for text, path in texts.items()}, questions


def newsroom(folder: Path) -> tuple[dict[str, str], list[Question]]:
    """Return the made newsroom's articles and its questions that lean on no other; off-topic ones are left out."""
    texts = {file.name: file.read_text(encoding="utf-8") for file in (folder / "articles").iterdir()}
    questions = [
        Question(line["q"], _story(line), frozenset(line["docs"]), tuple(line["gold"]))
        for line in json_lines(folder / "questions.jsonl")
        if not line.get("history") and not small_talk(line["q"])
    ]
    return texts, [one if one.gold else Question(one.text, one.group, frozenset(), ()) for one in questions]


def _story(line: dict[str, Any]) -> str:
    """Return what the articles of a question are about: their files' first word; of one without, the question's id."""
    return str((line["docs"] or [line["id"]])[0]).split("_")[0]


def golden() -> tuple[dict[str, str], list[Question]]:
    """Return the project's own articles, and the questions that its tests ask of them."""
    root = TARGET.parents[3]
    texts = {file.name: file.read_text(encoding="utf-8") for file in (root / "seeds").glob("*.txt")}
    asked = tomllib.loads((root / "tests/retrieval/answering/golden.toml").read_text(encoding="utf-8"))
    return texts, [
        Question(
            one["question"],
            name,
            frozenset(one.get("article", texts)) if "quote_holds" in one else frozenset(),
            tuple(one.get("quote_holds", ())),
        )
        for name, one in asked.items()
    ]


@contextmanager
def snapshot(texts: dict[str, str], place: Path, embedding: str) -> Iterator[Snapshot]:
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


def look(source: Snapshot, question: Question) -> Seen:
    """Return what the code sees of a question."""
    query = plan_query(question.text, (), Filters(), source).scopes[-1].query
    matcher = Matcher(query)
    result = source.search(query, MOST_PASSAGES) if matcher.total else SearchResult(())
    whole = _Found(source, matcher, result)
    left = tuple(hit for hit in result.hits if source.article_by_id(hit.passage.article_id).path not in question.paths)
    rest = _Found(source, matcher, SearchResult(left, similarities=result.similarities)) if left else None

    def withheld(weights: FloatArray) -> FloatArray | None:
        return rest.judged(rest.features @ weights) if rest and question.gold and len(rest.features) else None

    gold = np.array(
        [
            source.article_by_id(result.hits[one.place].passage.article_id).path in question.paths
            and any(words in one.sentence.text for words in question.gold)
            for one in whole.candidates
        ],
        dtype=bool,
    )
    texts = [one.sentence.text for one in whole.candidates]
    return Seen(question, query.language == "en", whole.features, gold, texts, whole.judged, withheld)


def off_topic(name: str, data: dict[str, tuple[dict[str, str], list[Question]]]) -> list[Question]:
    """Return some questions of the other sets, which this one does not answer."""
    others = {"arcd": "xquad", "tydiqa": "newsroom", "newsroom": "tydiqa", "golden": "arcd", "xquad-en": "newsroom"}
    foreign = data[others.get(name, "tydiqa")][1]
    return [Question(one.text, one.text, frozenset(), ()) for one in foreign[:: max(len(foreign) // OFF_TOPIC, 1)]]


class _Found:
    """What was found for a question, with the features of its sentences."""

    def __init__(self, source: Snapshot, matcher: Matcher, result: SearchResult) -> None:
        articles = {hit.passage.article_id: source.article_by_id(hit.passage.article_id) for hit in result.hits}
        self.read = read_hits(matcher, result.hits, articles, result.similarities)
        self.candidates = candidates_of(self.read)
        self.features = sentence_features(self.read, self.candidates, load_lexicon())

    def judged(self, scores: FloatArray) -> FloatArray:
        """Return the question's features, with its sentences in the order of some scores."""
        order = np.argsort(-scores, kind="stable")
        candidates = [(float(scores[at]), self.candidates[at]) for at in order]
        sentences = tuple(RankedSentence(one.place, one.sentence, score, one.is_fragment) for score, one in candidates)
        return question_features(self.read, Ranking(sentences, self.features[order], with_vectors=True))


def fit_ranking(sets: Sequence[Sequence[Seen]]) -> FloatArray:
    """Return the weights of FEATURES that make gold sentences likeliest; each set counts the same."""
    rows = [(one, 1 / len(of_one)) for of_one in sets for one in of_one if one.gold.any() and not one.gold.all()]
    stacked = np.vstack([one.features for one, _ in rows])
    scale = stacked.std(0)
    scale[scale == 0] = 1.0
    stacked /= scale
    sizes = np.array([len(one.gold) for one, _ in rows])
    gold = np.concatenate([one.gold for one, _ in rows])
    counts = np.array([share for _, share in rows])
    starts, owner = np.concatenate([[0], np.cumsum(sizes)[:-1]]), np.repeat(np.arange(len(sizes)), sizes)

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        scores = stacked @ weights
        likely = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        every, right = np.add.reduceat(likely, starts), np.add.reduceat(likely * gold, starts) + 1e-300
        slope = (likely / every[owner] - likely * gold / right[owner]) * counts[owner]
        value = (counts * (np.log(every) - np.log(right))).sum() + PENALTY * (weights**2).sum()
        return value, stacked.T @ slope + 2 * PENALTY * weights

    found = minimize(loss, np.zeros(stacked.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return np.asarray(found.x / scale)


def fit_answerability(sets: Sequence[tuple[FloatArray, Flags]]) -> tuple[FloatArray, float]:
    """Return the weights of QUESTION_FEATURES and the constant; each set counts the same, and so do yes and no."""
    features, answered = np.vstack([one for one, _ in sets]), np.concatenate([flags for _, flags in sets])
    counts = np.concatenate([np.where(flags, 1 / max(flags.sum(), 1), 1 / max((~flags).sum(), 1)) for _, flags in sets])
    mean, scale = features.mean(0), features.std(0)
    scale[scale == 0] = 1.0
    scaled, signs = (features - mean) / scale, np.where(answered, 1.0, -1.0)

    def loss(weights: FloatArray) -> tuple[float, FloatArray]:
        margin = signs * (scaled @ weights[:-1] + weights[-1])
        slope = -signs * counts / (1 + np.exp(margin))
        gradient = np.append(scaled.T @ slope + 2 * PENALTY * 3 * weights[:-1], slope.sum())
        return (counts * np.log1p(np.exp(-margin))).sum() + PENALTY * 3 * (weights[:-1] ** 2).sum(), gradient

    found = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 400}).x
    weights = np.asarray(found[:-1] / scale)
    return weights, float(found[-1] - mean @ weights)


def answerable(seen: Sequence[Seen], weights: FloatArray) -> tuple[FloatArray, Flags]:
    """Return the features of questions as they are and with what answers them taken away, and which are answerable."""
    rows = [(one.judged(one.features @ weights), bool(one.question.gold)) for one in seen if len(one.features)]
    away = (one.withheld(weights) for one in seen)
    rows += [(features, False) for features in away if features is not None]
    return np.vstack([features for features, _ in rows]), np.array([flag for _, flag in rows])


def held(one: Seen, weights: FloatArray, depth: int) -> bool:
    """Tell whether one of the first statements is gold."""
    chosen: list[int] = []
    for at in np.argsort(-(one.features @ weights), kind="stable"):
        if not any(same_statement(one.texts[at], one.texts[said]) for said in chosen):
            chosen.append(int(at))
        if len(chosen) == depth:
            break
    return bool(one.gold[chosen].any()) if chosen else False


def area(scores: FloatArray, flags: Flags) -> float:
    """Return the area under the curve: how often what is answerable scores above what is not."""
    ranks = np.argsort(np.argsort(scores)) + 1
    yes, no = flags.sum(), (~flags).sum()
    return float((ranks[flags].sum() - yes * (yes + 1) / 2) / (yes * no)) if yes and no else float("nan")


def report(sets: dict[str, list[Seen]]) -> None:
    """Print each half of each set by a fit on the other halves."""
    print(f"{'':16}{'n':>6}{'gold in 1':>11}{'in 3':>8}{'AUC':>8}{'near misses':>14}")
    lines: dict[tuple[str, str], list[tuple[float, float, float, float, int]]] = {}
    for half in (0, 1):
        ours = [[one for one in seen if one.question.half != half] for seen in sets.values()]
        weights = fit_ranking(ours)
        judging, _ = fit_answerability([answerable(seen, weights) for seen in ours])
        for name, seen in sets.items():
            of_half = [one for one in seen if one.question.half == half]
            features, flags = answerable(of_half, weights)
            whole = area(features @ judging, flags)
            missed = [one for one in of_half if one.question.is_near_miss and len(one.features)]
            told = [one for one in of_half if one.question.gold and len(one.features)]
            near = area(
                np.array([float(one.judged(one.features @ weights) @ judging) for one in [*told, *missed]]),
                np.array([True] * len(told) + [False] * len(missed)),
            )
            for language, is_english in (("ar", False), ("en", True)):
                own = [one for one in told if one.is_english == is_english]
                if own:
                    first, three = (float(np.mean([held(one, weights, depth) for one in own])) for depth in (1, 3))
                    lines.setdefault((name, language), []).append((first, three, whole, near, len(own)))
    for (name, language), halves in lines.items():
        for first, three, whole, near, count in halves:
            print(f"{name + ' ' + language:16}{count:6}{first:11.3f}{three:8.3f}{whole:8.3f}{near:14.3f}")


def learn(sets: dict[str, list[Seen]]) -> dict[str, Any]:
    """Return the weights by all of the data, with the two thresholds."""
    weights = fit_ranking(list(sets.values()))
    judging, constant = fit_answerability([answerable(seen, weights) for seen in sets.values()])
    told = {name: [one for one in seen if one.question.gold and len(one.features)] for name, seen in sets.items()}
    own = {
        name: np.array([one.judged(one.features @ weights) @ judging + constant for one in seen])
        for name, seen in told.items()
    }
    return {
        "answered": float(np.quantile(own["newsroom"], REFUSED)),
        "near": min(float(np.quantile(own[name], NOT_NEAR)) for name in NATURAL),
        "sentences": dict(zip(FEATURES, weights.tolist(), strict=True)),
        "answerability": {**dict(zip(QUESTION_FEATURES, judging.tolist(), strict=True)), "constant": constant},
    }


def written(learnt: dict[str, dict[str, Any]], counts: str) -> str:
    """Return the file."""
    lines = [
        "# Made by bench/fit.py; do not edit. What each feature is stands in retrieval/search/sentence_features.py and",
        "# answerability.py. Weights are per unit of the feature, in log odds.",
        f'fitted = "{datetime.now(UTC).date().isoformat()}"',
        f'data = "{counts}"',
    ]
    for name, held_ in learnt.items():
        lines += ["", f"[{name}]", f"answered = {held_['answered']:.4f}", f"near = {held_['near']:.4f}"]
        for part in ("sentences", "answerability"):
            lines += ["", f"[{name}.{part}]", *(f"{key} = {value:.4f}" for key, value in held_[part].items())]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Fit, print, and write where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--work", type=Path, help="keep the indexes here for the next run")
    parser.add_argument("--every", type=int, default=1, help="use each Nth question of XQuAD alone, for a quick look")
    parser.add_argument("--write", action="store_true", help=f"write {TARGET.name}")
    options = parser.parse_args()
    work = options.work or Path(mkdtemp())
    data = {
        "newsroom": newsroom(options.folder / "newsroom"),
        "golden": golden(),
        "arcd": squad(options.folder, "arcd-train.json"),
        "tydiqa": squad(options.folder, "tydiqa-ar.json"),
        "xquad": squad(options.folder, "xquad.ar.json"),
        "xquad-en": squad(options.folder, "xquad.ar.json", english="xquad.en.json"),
    }
    learnt = {}
    for searched, embedding in (("vectors", "e5"), ("words", "hashing")):
        sets = {}
        for name, (texts, questions) in data.items():
            with snapshot(texts, work / name.removesuffix("-en"), embedding) as source:
                asked = questions[:: options.every] if name.startswith("xquad") else questions
                sets[name] = [look(source, one) for one in [*asked, *off_topic(name, data)]]
            print(f"{searched}: {name}, {len(sets[name])} questions", file=sys.stderr, flush=True)
        print(f"By {searched}; each line is a half, by a fit on the other halves")
        report(sets)
        learnt[searched] = learn(sets)
    if options.write:
        counts = ", ".join(f"{name} {len(questions)}" for name, (_, questions) in data.items())
        TARGET.write_text(written(learnt, counts), encoding="utf-8")


if __name__ == "__main__":
    main()
