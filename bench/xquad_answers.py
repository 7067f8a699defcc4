"""How often Sanad's quotes hold the answer, and how often it rightly or wrongly declines, on XQuAD.

Usage: python bench/xquad_answers.py FOLDER        (bench/xquad.py says where to get the data)

Each question is asked of an index of all 240 Arabic paragraphs: does an answer span of the file stand in the first
quote, in the first three, or was the question refused though the answer is there? Then each is asked of an index
of every other paragraph, without its own but with its neighbours from the same encyclopedia entry: there a
refusal is right. Halves are by the last hex digit of the question's id: weights were learnt on the even half.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

from bench.xquad import Asked, folder_argument, indexed, load
from retrieval.answering.sanad import Sanad
from retrieval.types import Answer

BASELINE = {"ar": (0.684, 0.845)}  # of the project's first prototype


def main() -> None:
    """Measure and print."""
    data = folder_argument()
    questions = {language: load(data, language) for language in ("ar", "en")}
    contexts = list(dict.fromkeys(asked.context for asked in questions["ar"]))
    with indexed(contexts) as index:
        sanad = Sanad(index)
        sanad.ask("لافروف")  # what is loaded once is not the first question's time
        answers = {
            language: [(asked, sanad.ask(asked.question)) for asked in of_one] for language, of_one in questions.items()
        }
    refusals = {language: _withheld(contexts, of_one) for language, of_one in questions.items()}
    print(f"XQuAD, {len(contexts)} paragraphs; the share of the questions whose answer stands in")
    print(f"{'':10}{'quote 1':>7}{'even':>7}{'odd':>7}{'1 to 3':>10}{'even':>7}{'odd':>7}", end="")
    print(f"{'refused':>10}{'refused, withheld':>19}{'ms':>7}")
    for language, of_one in answers.items():
        shares = (_shares(of_one, depth) for depth in (1, 3))
        quoted = "   ".join("".join(f"{share:7.3f}" for share in of_depth) for of_depth in shares)
        refused = statistics.mean(not answer.found for _, answer in of_one)
        took = statistics.median(answer.seconds for _, answer in of_one)
        print(f"{language} → ar   {quoted}{refused:10.3f}{refusals[language]:19.3f}{1000 * took:7.1f}")
        if language in BASELINE:
            print(f"{'prototype':10}{BASELINE[language][0]:7.3f}{'':14}{BASELINE[language][1]:10.3f}")


def _shares(answers: Sequence[tuple[Asked, Answer]], depth: int) -> tuple[float, float, float]:
    """Return the share of the questions answered in the first quotes: of all, of the even and of the odd half."""
    held = [(int(asked.question_id[-1], 16) % 2, _holds(asked, answer, depth)) for asked, answer in answers]
    return (
        statistics.mean(holds for _, holds in held),
        statistics.mean(holds for half, holds in held if half == 0),
        statistics.mean(holds for half, holds in held if half == 1),
    )


def _holds(asked: Asked, answer: Answer, depth: int) -> bool:
    return any(span in citation.quote for citation in answer.citations[:depth] for span in asked.spans)


def _withheld(contexts: Sequence[str], questions: Iterable[Asked]) -> float:
    """Return the share of the questions that are refused where their own paragraph is not in the index."""
    half_of = {context: number % 2 for number, context in enumerate(contexts)}
    declined = []
    for half in (0, 1):
        with indexed([context for context in contexts if half_of[context] != half]) as index:
            sanad = Sanad(index)
            declined += [not sanad.ask(asked.question).found for asked in questions if half_of[asked.context] == half]
    return statistics.mean(declined)


if __name__ == "__main__":
    main()
