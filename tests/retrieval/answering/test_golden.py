"""The golden set: real questions over the real articles, each answered or refused as an editor would."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.builders.e5 import needs_e5

from bot.config.settings import Settings
from bot.config.wiring import make_sanad, open_index
from retrieval.answering.sanad import Sanad
from retrieval.index.index import Index
from retrieval.nlp.analysis import stems
from retrieval.types import Answer

HERE = Path(__file__).resolve().parent
SEEDS = HERE.parents[2] / "seeds"
DAYS = (
    "2019-05-15",
    "2020-01-27",
    "2019-05-07",
    "2019-05-16",
    "2019-05-15",
)  # of the seeds, by name
ARABIC = re.compile(r"[\u0621-\u064a]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and what must come of it."""

    name: str
    question: str
    quote_holds: tuple[str, ...] = ()
    first: bool = False
    article: tuple[str, ...] = ()  # names of files; empty means any
    by_meaning: bool = False  # the words alone do not find it, so that it is held to with e5 only
    marked: str = ""  # what in the first quote is marked as the answer; empty means that nothing need be
    refused: bool = False
    why: str = ""  # what is off about a question that must be refused


@dataclass(frozen=True, slots=True)
class Desk:
    """The index of the articles and what answers from it."""

    index: Index
    sanad: Sanad
    embedding: str


def _entries() -> list[Entry]:
    """Read the golden set."""
    with (HERE / "golden.toml").open("rb") as file:
        tables = tomllib.load(file)
    return [
        Entry(name, **{key: tuple(value) if isinstance(value, list) else value for key, value in table.items()})
        for name, table in tables.items()
    ]


ENTRIES = _entries()
ANSWERED = [entry for entry in ENTRIES if not entry.refused]
REFUSED = [entry for entry in ENTRIES if entry.refused]


@pytest.fixture(scope="module", params=["as they are", "dated", pytest.param("by e5", marks=needs_e5)])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Index the articles once for all questions; and again as if each stated its day, which must harm no answer."""
    folder = tmp_path_factory.mktemp("golden") / "seeds"
    shutil.copytree(SEEDS, folder)
    if request.param == "dated":
        stated = (f'["{path.name}"]\npublished = {day}\n' for path, day in zip(_seeds(), DAYS, strict=True))
        (folder / "articles.toml").write_text("".join(stated), encoding="utf-8")
    embedding = "e5" if request.param == "by e5" else "hashing"
    settings = Settings(articles_dir=folder, data_dir=folder.parent / "data", embedding=embedding)
    with open_index(settings) as index:
        index.refresh(folder)
        yield Desk(index, make_sanad(index), embedding)


def _seeds() -> list[Path]:
    return sorted(SEEDS.glob("*.txt"))


def _shown(answer: Answer) -> str:
    """Return what the reader saw, for the message of a failing entry."""
    if not answer.found:
        return f"{answer.question}\n  refused; missing: {', '.join(answer.missing) or '-'}"
    return "\n".join([answer.question, *(f"  {each.path}: {each.quote}" for each in answer.citations)])


@pytest.mark.parametrize("entry", ANSWERED, ids=lambda entry: entry.name)
def test_answers_what_the_articles_say(desk: Desk, entry: Entry) -> None:
    answer = desk.sanad.ask(entry.question)
    shown = _shown(answer)
    if entry.by_meaning and desk.embedding == "hashing":
        assert answer.citations, shown
        return
    assert answer.found, shown
    for citation in answer.citations:
        text = desk.index.article_by_id(citation.article_id).text
        assert text[citation.start : citation.end] == citation.quote, shown
    numbers = answer.sentences[0].citations if entry.first else [each.number for each in answer.citations]
    assert any(
        part in citation.quote and (not entry.article or citation.path in entry.article)
        for citation in answer.citations
        if citation.number in numbers
        for part in entry.quote_holds
    ), f"{shown}\n  wanted{' first' if entry.first else ''}: {' | '.join(entry.quote_holds)}"


@pytest.mark.parametrize("entry", ANSWERED, ids=lambda entry: entry.name)
def test_marks_nothing_but_what_was_asked(desk: Desk, entry: Entry) -> None:
    answer = desk.sanad.ask(entry.question)
    marked = answer.expression
    assert marked or not entry.marked, _shown(answer)
    if marked:
        assert marked.text == answer.citations[0].quote[marked.start : marked.end]
        assert not entry.marked or marked.text == entry.marked
        assert any({*stems(marked.text)} & {*stems(part)} for part in entry.quote_holds), marked.text


@pytest.mark.parametrize("entry", REFUSED, ids=lambda entry: entry.name)
def test_refuses_what_the_articles_do_not_say(desk: Desk, entry: Entry) -> None:
    answer = desk.sanad.ask(entry.question)
    assert not answer.found, f"{_shown(answer)}\n  must be refused: {entry.why}"
    assert answer.outcome in ("nearest", "not_covered")
    assert answer.covered


def test_the_set_is_large_mixed_and_a_third_refused() -> None:
    assert len(ENTRIES) >= 60
    assert len({entry.question for entry in ENTRIES}) == len(ENTRIES)
    assert 3 * len(REFUSED) >= len(ENTRIES)
    for entries in (ANSWERED, REFUSED):
        arabic = sum(bool(ARABIC.search(entry.question)) for entry in entries)
        assert 0.25 <= arabic / len(entries) <= 0.75


def test_what_the_set_wants_stands_in_the_articles_that_it_names() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in SEEDS.glob("*.txt")}
    for entry in ENTRIES:
        assert bool(entry.quote_holds) != (entry.refused and bool(entry.why)), entry
        for part in entry.quote_holds:
            assert any(part in texts[name] for name in entry.article or texts), (entry.name, part)


def test_every_article_answers_something() -> None:
    named = {name for entry in ANSWERED for name in entry.article}
    assert named == {path.name for path in SEEDS.glob("*.txt")}
