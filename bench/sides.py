"""How many of the values in which sources differ are shown side by side, and how often what is no difference is.

Usage: python bench/sides.py FOLDER [--embedding NAME] [--list]

FOLDER is a collection as bench/answers.py has it; of its questions those count that have `sides`: the words of each
article that gives a value, by file name. A value is shown where a quote of its article holds these words. After it
come the made events of bench/sentences/sides: made.toml, over which the rules were written, and aside.toml, made when
they stood. Their questions name the values, in digits; those with none show nothing side by side.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

from bench.datasets import json_lines
from retrieval.answering.sanad import Sanad
from retrieval.embeddings.factory import DEFAULT, make_embedder
from retrieval.index.index import Index

MADE = Path(__file__).parent / "sentences" / "sides"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--embedding", default=DEFAULT, help=f"as SANAD_EMBEDDING has it; {DEFAULT} unless given")
    parser.add_argument("--list", action="store_true", help="list what is not right")
    options = parser.parse_args()
    _of_a_collection(options.folder, options.embedding, is_listed=options.list)
    for name in ("made", "aside"):
        _of_made_events(name, options.embedding, is_listed=options.list)


@contextmanager
def _asking(articles: Path, embedding: str) -> Iterator[Sanad]:
    with TemporaryDirectory() as place, Index.open(Path(place), make_embedder(embedding)) as index:
        report = index.refresh(articles)
        if report.failed or report.failure:
            raise SystemExit(f"Not all files became articles: {report.failed} {report.failure or ''}")
        yield Sanad(index)


def _of_a_collection(folder: Path, embedding: str, *, is_listed: bool) -> None:
    questions = [line for line in json_lines(folder / "questions.jsonl") if "sides" in line]
    shown = values = 0
    with _asking(folder / "articles", embedding) as sanad:
        for line in questions:
            answer = sanad.ask(line["q"])
            for path, words in line["sides"].items():
                values += 1
                is_shown = any(cited.path == path and words in cited.quote for cited in answer.citations)
                shown += is_shown
                if is_listed and not is_shown:
                    print(f"  not shown: {line['q']} | {path}: {words}")
    print(f"{folder.name}: {len(questions)} questions, {shown} of {values} values shown")


def _of_made_events(name: str, embedding: str, *, is_listed: bool) -> None:
    with (MADE / f"{name}.toml").open("rb") as file:
        made = tomllib.load(file)
    found = expected = right = wrong = blocks = 0
    times = []
    with TemporaryDirectory() as place:
        for number, article in enumerate(made["article"]):
            head = f"---\ntitle: {article['title']}\nsource: {article['source']}\ndate: {article['date']}\n---\n"
            Path(place, f"{number:03}.txt").write_text(f"{head}\n{article['text'].strip()}\n", encoding="utf-8")
        with _asking(Path(place), embedding) as sanad:
            for question in made["question"]:
                answer = sanad.ask(question["q"])
                times.append(answer.seconds)
                said = {side.value for side in answer.sides}
                sides = {*question["sides"]}
                expected, found, right = expected + len(sides), found + len(said), right + len(said & sides)
                wrong += len(said - sides)
                blocks += bool(said) and not sides
                if is_listed and said != sides:
                    print(f"  {question['q']} | {answer.outcome} | wanted {sorted(sides)}, shown {sorted(said)}")
    none = sum(not question["sides"] for question in made["question"])
    print(f"{name}: {len(made['question']) - none} questions with sides: {right} of {expected} values, {wrong} wrong; ")
    print(
        f"    {none} questions without, {blocks} of them with sides; {1000 * statistics.median(times):.1f} ms an answer"
    )


if __name__ == "__main__":
    main()
