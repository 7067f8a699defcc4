"""How often Sanad's quotes answer the questions of a collection, how far it says so, and how often it rightly declines.

Usage: python bench/answers.py FOLDER [--embedding NAME] [--no-reranker]

FOLDER is a collection of your own, the made newsroom, or a file of bench/made. A folder holds `articles/` and
`questions.jsonl`, a JSON object a line:

    q        the question, as people ask it
    gold     words that answer it, letter for letter, any of which will do; an empty list where nothing answers
    docs     the articles that hold them, by file name
    kind     what the table groups by: who, when, number…; `offtopic` for what has nothing to do with the articles
    lang     ar or en
    history  the questions before it, where it follows others; may be left out

A question is answered if one of the first quotes is from one of `docs` and holds one of `gold`, whatever Sanad says of
how far it answers; the columns behind show what it says. AUC is how often the log odds of an answerable question are
above those of one that is not.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

from bench.datasets import json_lines
from bench.made import write_folder
from bot.rendering.answer_lines import plain_text
from retrieval.answering.sanad import Sanad
from retrieval.embeddings.factory import DEFAULT, make_embedder
from retrieval.index.index import Index
from retrieval.types import Answer, Turn

Line = Mapping[str, Any]  # of questions.jsonl
Answered = Sequence[tuple[Line, Answer]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--embedding", default=DEFAULT, help=f"as SANAD_EMBEDDING has it; {DEFAULT} unless given")
    parser.add_argument("--no-reranker", action="store_true", help="as SANAD_RERANKER=none")
    options = parser.parse_args()
    embedder = make_embedder(options.embedding, reranks=not options.no_reranker)
    with TemporaryDirectory() as made, TemporaryDirectory() as place, Index.open(Path(place), embedder) as index:
        folder = options.folder
        if folder.is_file():
            write_folder(folder, Path(made))
            folder = Path(made)
        asked = json_lines(folder / "questions.jsonl")
        report = index.refresh(folder / "articles")
        if report.failed or report.failure:
            raise SystemExit(f"Not all files became articles: {report.failed} {report.failure or ''}")
        sanad = Sanad(index)
        answers = [(line, answer_to(sanad, line)) for line in asked]
        held = index.catalog.article_count()
        print(f"{len(asked)} questions over {held} articles, by {options.embedding}; shares of them")
    _print(answers)


def answer_to(sanad: Sanad, line: Line) -> Answer:
    """Return the answer to a question, after those to the questions before it."""
    history: list[Turn] = []
    for before in line.get("history", ()):
        history.append(Turn(before, plain_text(sanad.ask(before, history=history))))
    return sanad.ask(line["q"], history=history)


def _print(answers: Answered) -> None:
    answerable = [one for one in answers if one[0]["gold"]]
    groups: defaultdict[str, list[tuple[Line, Answer]]] = defaultdict(list)
    for line, answer in answers:
        groups[line["kind"]].append((line, answer))
    for language in ("ar", "en"):
        groups[f"answerable, {language}"] = [one for one in answerable if one[0]["lang"] == language]
    groups["answerable"] = answerable
    print(f"{'':16}{'n':>5}{'in quote 1':>12}{'in 1 to 3':>11}", end="")
    print(f"{'answered':>10}{'nearest':>9}{'not covered':>13}{'reply':>7}")
    for name, group in groups.items():
        if group:
            first, three = (statistics.mean(_holds(*one, depth) for one in group) for depth in (1, 3))
            said = [statistics.mean(answer.outcome == outcome for _, answer in group) for outcome in _OUTCOMES]
            held = f"{first:12.3f}{three:11.3f}" if any(line["gold"] for line, _ in group) else " " * 23
            print(f"{name:16}{len(group):5}{held}{said[0]:10.3f}{said[1]:9.3f}{said[2]:13.3f}{said[3]:7.3f}")
    others = [one for one in answers if not one[0]["gold"] and one[0]["kind"] != "offtopic"]
    print(f"AUC, answerable against near misses: {_area(answerable, others):.3f}")
    print(f"median of an answer: {1000 * statistics.median(answer.seconds for _, answer in answers):.1f} ms")


_OUTCOMES = ("answered", "nearest", "not_covered", "reply")


def _holds(line: Line, answer: Answer, depth: int) -> bool:
    quotes = [cited.quote for cited in answer.citations[:depth] if cited.path in line["docs"]]
    return any(gold in quote for quote in quotes for gold in line["gold"])


def _area(answerable: Answered, others: Answered) -> float:
    """Return how often one of the first is judged likelier to be answered than one of the others."""
    scores = [[answer.explanation.score for _, answer in group if answer.explanation] for group in (answerable, others)]
    pairs = [(yes > no) + 0.5 * (yes == no) for yes in scores[0] for no in scores[1]]
    return statistics.mean(pairs) if pairs else float("nan")


if __name__ == "__main__":
    main()
