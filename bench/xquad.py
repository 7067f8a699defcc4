"""XQuAD (Artetxe et al., 2020) as the benches use it; its files are not part of the project.

Get them from github.com/google-deepmind/xquad (CC BY-SA 4.0): xquad.ar.json and xquad.en.json in one folder.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.datasets import squad_entries, squad_rows
from retrieval.corpus.articles import article_id_of
from retrieval.embeddings.factory import make_embedder
from retrieval.embeddings.protocol import Embedder
from retrieval.index.index import Index


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, the paragraph that answers it, and the answer's words there."""

    question_id: str
    question: str
    context: str
    spans: tuple[str, ...]


def load(folder: Path, language: str) -> list[Asked]:
    """Return the questions in a language, each with the Arabic paragraph that answers it, in the file's order."""
    arabic = {asked.question_id: asked for asked in _read(folder, "ar")}
    questions = arabic.values() if language == "ar" else _read(folder, language)
    return [
        Asked(asked.question_id, asked.question, arabic[asked.question_id].context, arabic[asked.question_id].spans)
        for asked in questions
    ]


def paragraphs(folder: Path) -> list[list[tuple[str, str]]]:
    """Return, for each encyclopedia entry, its paragraphs in Arabic, each with the English it was translated from."""
    return [
        [
            (arabic["context"].strip(), english["context"].strip())
            for arabic, english in zip(entry["paragraphs"], source["paragraphs"], strict=True)
        ]
        for entry, source in zip(squad_entries(_file(folder, "ar")), squad_entries(_file(folder, "en")), strict=True)
    ]


def _read(folder: Path, language: str) -> list[Asked]:
    return [
        Asked(
            qa["id"],
            qa["question"].strip(),
            paragraph["context"].strip(),
            tuple(dict.fromkeys(answer["text"].strip() for answer in qa["answers"])),
        )
        for _, paragraph, qa in squad_rows(_file(folder, language))
    ]


def _file(folder: Path, language: str) -> Path:
    return folder / f"xquad.{language}.json"


@contextmanager
def indexed(contexts: list[str], embedder: Embedder | None = None) -> Iterator[Index]:
    """Give an index of paragraphs, each a file of its own, as the product makes it."""
    with TemporaryDirectory() as place:
        folder = Path(place, "articles")
        folder.mkdir()
        for number, context in enumerate(contexts):
            (folder / f"{number:04}.txt").write_text(context, encoding="utf-8")
        with Index.open(Path(place, "data"), embedder or make_embedder()) as index:
            report = index.refresh(folder)
            if report.failed or index.catalog.article_count() != len(contexts):
                raise SystemExit(f"Not all paragraphs became articles: {report.failed}")
            yield index


def article_ids(contexts: list[str]) -> dict[str, str]:
    """Return the id under which the index holds each paragraph."""
    return {context: article_id_of(context.removeprefix("\ufeff")) for context in contexts}  # a file may begin so


def folder_argument() -> Path:
    """Return the data folder that the command line names."""
    if len(sys.argv) != 2:
        raise SystemExit(f"Usage: python {sys.argv[0]} FOLDER\n{__doc__}")
    return Path(sys.argv[1])
