"""How often the expression that Sanad marks in the first quote is the one that answers, and how often it marks one.

Usage: python bench/expressions.py FOLDER

The folder holds questions with the words that answer them, as any of these: `xquad.ar.json` and `xquad.en.json`
(bench/xquad.py says where to get them), other files in SQuAD's form (`arcd-train.json`, `tydiqa-ar.json`), or a
newsroom (bench/answers.py says what it holds). A mark is right where it overlaps words that answer: that a file has
only one of several right answers counts against it. Marks over quotes that do not answer count, too. Every mark that is
not right is listed, to be judged by hand.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

from bench.answers import answer_to
from bench.datasets import json_lines, squad_rows
from bench.xquad import folder_argument, indexed, load
from retrieval.answering.sanad import Sanad
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index
from retrieval.types import Answer


@dataclass(frozen=True, slots=True)
class Marked:
    """A question, the words that answer it, and the answer that was given."""

    gold: tuple[str, ...]
    answer: Answer

    @property
    def quote(self) -> str:
        """Return the first quote, or nothing."""
        return self.answer.citations[0].quote if self.answer.found and self.answer.citations else ""

    @property
    def is_right(self) -> bool:
        """Tell whether the mark overlaps words that answer."""
        found = self.answer.expression
        return found is not None and any(
            at < found.end and at + len(gold) > found.start for gold in self.gold for at in _places(gold, self.quote)
        )


def main() -> None:
    """Measure and print."""
    folder = folder_argument()
    sets = dict(_answered(folder))
    if not sets:
        raise SystemExit(f"{folder} holds no questions that this bench reads.\n{__doc__}")
    print(f"{'':24}{'questions':>10}{'first quote answers':>21}{'marked':>8}{'right':>7}{'share':>7}")
    for name, questions in sets.items():
        _print_line(name, questions)
    by_kind: defaultdict[str, list[Marked]] = defaultdict(list)
    for one in (one for questions in sets.values() for one in questions if one.answer.expression):
        assert one.answer.expression
        by_kind[one.answer.expression.kind].append(one)
    for kind, marks in sorted(by_kind.items()):
        _print_line(f"marked as {kind}", marks)
    for name, questions in sets.items():
        for one in questions:
            if one.answer.expression and not one.is_right:
                print(f"\n{name}: {one.answer.question}\n  gold: {' | '.join(one.gold) or 'nothing'}")
                print(f"  marked: {one.answer.expression.text}\n  {one.quote}")


def _print_line(name: str, questions: list[Marked]) -> None:
    marks = [one for one in questions if one.answer.expression]
    right = sum(one.is_right for one in marks)
    held = sum(any(gold in one.quote for gold in one.gold) for one in questions)
    share = f"{right / len(marks):7.3f}" if marks else f"{'-':>7}"
    print(f"{name:24}{len(questions):10}{held:21}{len(marks):8}{right:7}{share}")


def _places(part: str, text: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _answered(folder: Path) -> Iterator[tuple[str, list[Marked]]]:
    """Yield each set of questions by its name, answered."""
    if (folder / "xquad.ar.json").exists():
        for language in ("ar", "en"):
            asked = [(one.question, one.context, one.spans) for one in load(folder, language)]
            yield f"xquad.{language}.json", _of_paragraphs(asked)
    for name in ("arcd-train.json", "tydiqa-ar.json"):
        if (folder / name).exists():
            yield name, _of_paragraphs(list(_squad(folder / name)))
    for newsroom in (folder, folder / "newsroom"):
        if (newsroom / "questions.jsonl").exists():
            yield "newsroom", _of_newsroom(newsroom)


def _squad(path: Path) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for _, paragraph, asked in squad_rows(path):
        gold = dict.fromkeys(one["text"].strip() for one in asked["answers"])
        yield asked["question"].strip(), paragraph["context"].strip(), tuple(gold)


def _of_paragraphs(asked: Iterable[tuple[str, str, tuple[str, ...]]]) -> list[Marked]:
    questions = list(asked)
    with indexed(list(dict.fromkeys(context for _, context, _ in questions))) as index:
        sanad = Sanad(index)
        return [Marked(gold, sanad.ask(question)) for question, _, gold in questions]


def _of_newsroom(folder: Path) -> list[Marked]:
    with TemporaryDirectory() as place, Index.open(Path(place), make_embedder("hashing")) as index:
        index.refresh(folder / "articles")
        sanad = Sanad(index)
        return [Marked(tuple(one["gold"]), answer_to(sanad, one)) for one in json_lines(folder / "questions.jsonl")]


if __name__ == "__main__":
    main()
