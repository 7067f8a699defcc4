"""Fit the weights that rank sentences and tell whether they answer, and write them where the code reads them.

Usage: python bench/fit.py FOLDER [--work FOLDER] [--every N] [--write]     (pip install scipy)

FOLDER holds xquad.ar.json, xquad.en.json, arcd-train.json, tydiqa-ar.json (bench/xquad.py and docs/measured.md say
where they are from) and newsroom/; the golden set of the tests and the made articles are the project's own. Every
question is asked of an index of its own set, so that features are what the code sees. Sentences are ranked by a
listwise logistic regression (the gold sentences' share of a softmax over the candidates, with an L2 penalty), and those
that the cross-encoder reads by another, of its logits and that sum; answerability by a logistic regression on the same
questions, once as they are and once with the articles that answer them taken away, and on those that have no answer.

Each half of a set (whole stories, encyclopedia entries or paragraphs kept together) is printed by a fit on the others'
halves; the file that is written is fitted on both. Each set counts the same, whatever its size. What the cross-encoder
was trained on takes no part in what is fitted over its logits, nor in those lines.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

import numpy as np
from scipy.optimize import minimize

from bench.fit_data import (
    PROJECT,
    Flags,
    Judged,
    Seen,
    Weights,
    answerable,
    golden,
    look,
    made,
    newsroom,
    off_topic,
    snapshot,
    squad,
)
from retrieval.search.answerability import QUESTION_FEATURES
from retrieval.search.learnt_weights import FloatArray
from retrieval.search.sentence_features import FEATURES
from retrieval.search.sentence_ranking import READ_FEATURES, read_features

TARGET = PROJECT / "retrieval/search/data/learnt_weights.toml"
PENALTY = 0.001  # L2, on standardised features; between .0003 and .01 the halves differ by less than .01
REFUSED = 0.08  # of the answerable questions of newsrooms: called only near; with what rules add, one in ten
NOT_NEAR = 0.01  # of them: called not covered
NEAR_MISS = 2.0  # how much more one counts than another negative; with 4 it costs .015 of the AUC of all
NEWSROOMS = ("newsroom", "made")

Rows = Sequence[tuple[FloatArray, Flags]]  # of a set: the features of a question's sentences, and which are gold


def fit_ranking(sets: Iterable[Rows]) -> FloatArray:
    """Return the weights of sentences' features that make gold ones likeliest; each set counts the same."""
    rows = [(*row, 1 / len(of_one)) for of_one in sets for row in of_one if row[1].any() and not row[1].all()]
    stacked = np.vstack([features for features, _, _ in rows])
    scale = stacked.std(0)
    scale[scale == 0] = 1.0
    stacked /= scale
    sizes = np.array([len(flags) for _, flags, _ in rows])
    gold = np.concatenate([flags for _, flags, _ in rows])
    counts = np.array([share for _, _, share in rows])
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


def fit_answerability(sets: Sequence[Judged]) -> tuple[FloatArray, float]:
    """Return the weights of QUESTION_FEATURES and the constant; each set counts the same, and so do yes and no."""
    features, answered = np.vstack([one.features for one in sets]), np.concatenate([one.answered for one in sets])
    counts = np.concatenate([_counts(one) for one in sets])
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


def _counts(judged: Judged) -> FloatArray:
    """Return how much each question of a set counts."""
    negatives = np.where(judged.near_miss, NEAR_MISS, 1.0) * ~judged.answered
    return judged.answered / max(judged.answered.sum(), 1) + negatives / max(negatives.sum(), 1.0)


def area(scores: FloatArray, flags: Flags) -> float:
    """Return the area under the curve: how often what is answerable scores above what is not."""
    ranks = np.argsort(np.argsort(scores)) + 1
    yes, no = flags.sum(), (~flags).sum()
    return float((ranks[flags].sum() - yes * (yes + 1) / 2) / (yes * no)) if yes and no else float("nan")


def fit(sets: Mapping[str, Sequence[Seen]], ranked_by: str) -> tuple[Weights, FloatArray, float]:
    """Return the weights of sentences, those of answerability, and its constant."""
    base = Weights(fit_ranking([(one.found.features, one.found.gold) for one in seen] for seen in sets.values()))
    if ranked_by != "reranker":
        return base, *fit_answerability([answerable(seen, base) for seen in sets.values()])
    unseen = [[one for one in seen if not one.question.was_taught] for seen in sets.values()]
    weights = Weights(
        base.sentences, fit_ranking([_as_read(one, base) for one in seen if one.is_told] for seen in unseen)
    )
    return weights, *fit_answerability([answerable(seen, weights) for seen in unseen])


def _as_read(one: Seen, base: Weights) -> tuple[FloatArray, Flags]:
    """Return the features of the sentences that are read, and which are gold."""
    ranking = one.found.ranking(base)
    relevance = one.found.relevance(ranking)
    scores = np.array([own.score for own in ranking.sentences[: len(relevance)]])
    return read_features(scores, relevance), one.found.gold_of(ranking)[: len(relevance)]


def report(sets: Mapping[str, Sequence[Seen]], ranked_by: str) -> dict[str, list[float]]:
    """Print each half of each set by a fit on the other halves; return the log odds of its answerable questions so."""
    odds: dict[str, list[float]] = {name: [] for name in sets}
    print(f"By {ranked_by}; each line is a half, by a fit on the other halves")
    print(f"{'':16}{'n':>6}{'gold in 1':>11}{'in 3':>8}{'AUC':>8}{'near misses':>14}")
    lines: dict[tuple[str, str], list[tuple[float, float, float, float, int]]] = {}
    for half in (0, 1):
        ours = {name: [one for one in seen if one.question.half != half] for name, seen in sets.items()}
        weights, judging, constant = fit(ours, ranked_by)
        for name, seen in sets.items():
            of_half = [one for one in seen if one.question.half == half]
            if ranked_by == "reranker":
                of_half = [one for one in of_half if not one.question.was_taught]
            judged = answerable(of_half, weights)
            whole = area(judged.features @ judging, judged.answered)
            missed = [one for one in of_half if one.question.is_near_miss and len(one.found.features)]
            told = [one for one in of_half if one.is_told]
            scores = [float(one.found.judged(weights) @ judging + constant) for one in [*told, *missed]]
            near = area(np.array(scores), np.array([True] * len(told) + [False] * len(missed)))
            odds[name] += scores[: len(told)]
            for language, is_english in (("ar", False), ("en", True)):
                own = [one for one in told if one.is_english == is_english]
                if own:
                    first, three = (float(np.mean([one.holds(weights, depth) for one in own])) for depth in (1, 3))
                    lines.setdefault((name, language), []).append((first, three, whole, near, len(own)))
    for (name, language), halves in lines.items():
        for first, three, whole, near, count in halves:
            print(f"{name + ' ' + language:16}{count:6}{first:11.3f}{three:8.3f}{whole:8.3f}{near:14.3f}")
    return odds


def learn(sets: Mapping[str, Sequence[Seen]], ranked_by: str, odds: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    """Return the weights by all of the data; and the two thresholds, by the log odds that halves gave each other."""
    weights, judging, constant = fit(sets, ranked_by)
    names, values = (FEATURES, weights.sentences) if weights.read is None else (READ_FEATURES, weights.read)
    natural = [own for name in NEWSROOMS for own in odds[name]]
    return {
        "answered": float(np.quantile(natural, REFUSED)),
        "near": float(np.quantile(natural, NOT_NEAR)),
        "sentences": dict(zip(names, values.tolist(), strict=True)),
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
    parser.add_argument("--every", type=int, default=1, help="use each Nth question of XQuAD and the made articles")
    parser.add_argument("--write", action="store_true", help=f"write {TARGET.name}")
    options = parser.parse_args()
    work = options.work or Path(mkdtemp())
    data = {
        "newsroom": newsroom(options.folder / "newsroom"),
        "made": made(PROJECT / "bench/made/world.txt"),
        "golden": golden(),
        "arcd": squad(options.folder, "arcd-train.json"),
        "tydiqa": squad(options.folder, "tydiqa-ar.json"),
        "xquad": squad(options.folder, "xquad.ar.json"),
        "xquad-en": squad(options.folder, "xquad.ar.json", english="xquad.en.json"),
    }
    asked = {
        name: questions[:: options.every] if name.startswith(("xquad", "made")) else questions
        for name, (_, questions) in data.items()
    }
    learnt = {}
    for embedding, ways in (("e5", ("vectors", "reranker")), ("hashing", ("words",))):
        sets = {}
        for name, (texts, _) in data.items():
            with snapshot(texts, work / name.removesuffix("-en"), embedding) as source:
                sets[name] = [look(source, one) for one in [*asked[name], *off_topic(name, data)]]
            print(f"{embedding}: {name}, {len(sets[name])} questions", file=sys.stderr, flush=True)
        for ranked_by in ways:
            learnt[ranked_by] = learn(sets, ranked_by, report(sets, ranked_by))
    if options.write:
        counts = ", ".join(f"{name} {len(questions)}" for name, questions in asked.items())
        TARGET.write_text(written(learnt, counts), encoding="utf-8")


if __name__ == "__main__":
    main()
