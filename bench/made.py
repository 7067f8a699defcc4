"""Articles that were made for measuring and fitting, and what readers may ask of them: one text file a region.

An article begins with `=== NAME | STORY | OUTLET | DAY`, its text follows, and `--- questions` ends it. Below stands a
question a line, `LANGUAGE KIND | TEXT`, and under it the pieces that answer it, verbatim, each behind `A `; a question
of the kind `none` has no answer in the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_HEADER = re.compile(r"=== (\S+\.txt) \| (\S+) \| (.+) \| (\S*)")
_QUESTION = re.compile(r"(ar|en) (\w+) \| (.+)")


@dataclass
class MadeQuestion:
    """A question, and the pieces of articles that answer it."""

    text: str
    language: str
    kind: str
    story: str
    gold: list[str] = field(default_factory=list)

    def paths_in(self, articles: Mapping[str, str]) -> list[str]:
        """Return the names of the articles that hold an answer."""
        return [name for name, text in articles.items() if any(words in text for words in self.gold)]


def unpack(file: Path) -> tuple[dict[str, str], list[MadeQuestion]]:
    """Return the articles of a file, by name, and its questions.

    Raises:
        ValueError: a line is of no form above.
        OSError: the file cannot be read.
    """
    articles: dict[str, str] = {}
    questions: list[MadeQuestion] = []
    name = story = ""
    asking = False
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if header := _HEADER.fullmatch(line):
            name, story, asking = header[1], header[2], False
            articles[name] = ""
        elif line == "--- questions":
            asking = True
        elif not asking and name:
            articles[name] += f"{line}\n"
        elif asked := _QUESTION.fullmatch(line):
            questions.append(MadeQuestion(asked[3], asked[1], asked[2], story))
        elif line.startswith("A ") and questions:
            questions[-1].gold.append(line[2:])
        elif line:
            raise ValueError(f"{file.name}, line {number}: {line[:60]}")
    return {name: f"{text.strip()}\n" for name, text in articles.items()}, questions


def write_folder(file: Path, folder: Path) -> None:
    """Write a file as a folder of the form that bench/answers.py reads: articles, and questions as lines of JSON."""
    articles, questions = unpack(file)
    (folder / "articles").mkdir()
    for name, text in articles.items():
        (folder / "articles" / name).write_text(text, encoding="utf-8")
    lines = [
        {
            "q": one.text,
            "gold": one.gold,
            "docs": one.paths_in(articles),
            "kind": one.kind,
            "lang": one.language,
        }
        for one in questions
    ]
    written = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    (folder / "questions.jsonl").write_text(written, encoding="utf-8")
