"""How often Sanad's quotes answer natural questions over a made newsroom, by kind, and how often it rightly declines.

Usage: python bench/newsroom.py FOLDER

The folder holds `articles/` and `questions.jsonl`: a line has a question `q`, its `kind` and `lang`, the questions
before it (`history`), the articles that answer (`docs`) and the words that do (`gold`). A question is answered if
one of the first quotes is from one of these articles and holds one of these texts; one without them should be declined.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

from bench.xquad import folder_argument
from bot.rendering.answer_lines import plain_text
from retrieval.answering.sanad import Sanad
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index
from retrieval.types import Answer, Turn

Asked = Mapping[str, Any]  # a line of questions.jsonl


def main() -> None:
    """Measure and print."""
    folder = folder_argument()
    try:
        lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SystemExit(f"{folder}/questions.jsonl cannot be read ({error.strerror}).\n{__doc__}") from error
    questions: list[Asked] = [json.loads(line) for line in lines if line.strip()]
    with TemporaryDirectory() as place, Index.open(Path(place), make_embedder()) as index:
        report = index.refresh(folder / "articles")
        if report.failed:
            raise SystemExit(f"Not all files became articles: {report.failed}")
        sanad = Sanad(index)
        answers = [(asked, answer_to(sanad, asked)) for asked in questions]
        print(f"{len(questions)} questions over {index.article_count} articles; the share of the questions")
    answerable = [(asked, answer) for asked, answer in answers if asked["gold"]]
    print(f"{'':16}{'n':>5}{'in quote 1':>12}{'in 1 to 3':>11}{'refused':>9}")
    by_kind: defaultdict[str, list[tuple[Asked, Answer]]] = defaultdict(list)
    for asked, answer in answerable:
        by_kind[asked["kind"]].append((asked, answer))
        by_kind["in " + asked["lang"]].append((asked, answer))
    for kind, of_kind in [*sorted(by_kind.items()), ("all answerable", answerable)]:
        first, first_three = (statistics.mean(_holds(*one, depth) for one in of_kind) for depth in (1, 3))
        refused = statistics.mean(not answer.found for _, answer in of_kind)
        print(f"{kind:16}{len(of_kind):5}{first:12.3f}{first_three:11.3f}{refused:9.3f}")
    declined = [not answer.found for asked, answer in answers if not asked["gold"]]
    print(f"{'not answerable':16}{len(declined):5}{'':23}{statistics.mean(declined):9.3f}")


def answer_to(sanad: Sanad, asked: Asked) -> Answer:
    """Return the answer to a question, after those to the questions before it."""
    history: list[Turn] = []
    for before in asked.get("history", ()):
        history.append(Turn(before, plain_text(sanad.ask(before, history=history))))
    return sanad.ask(asked["q"], history=history)


def _holds(asked: Asked, answer: Answer, depth: int) -> bool:
    quotes: Sequence[str] = [cited.quote for cited in answer.citations[:depth] if cited.path in asked["docs"]]
    return any(gold in quote for quote in quotes for gold in asked["gold"])


if __name__ == "__main__":
    main()
