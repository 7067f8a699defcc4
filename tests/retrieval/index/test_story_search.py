"""One wire story in several outlets, from the folder to what a reader sees."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.builders.folder import run, state, state_from_scratch, write
from support.builders.wire import COPIES, TEMPLATES, WIRE
from typer.testing import CliRunner

from bot.cli.main import app
from retrieval.answering.sanad import Sanad
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index
from retrieval.types import Filters

OUTLETS = {
    "reuters.txt": ("رويترز", "2019-05-14", WIRE),
    "sana.txt": ("سانا", "2019-05-15", COPIES["with another lead"]),
    "arabiya.txt": ("العربية نت", "2019-05-15", COPIES["cut short"]),
}
QUESTION = "كم دبلوماسيا حضر اللقاء بين لافروف وبومبيو؟"


def article(source: str | None, published: str | None, text: str) -> str:
    known = {"title": "لقاء سوتشي", "source": source, "date": published}
    return "\n".join(("---", *(f"{name}: {value}" for name, value in known.items() if value), "---", text))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"  # where the commands look
    for path, (source, published, text) in OUTLETS.items():
        write(folder, path, article(source, published, text))
    for at, text in enumerate(TEMPLATES["tolls"]):
        write(folder, f"toll{at}.txt", article(None, None, text))
    return folder


@pytest.fixture
def index(folder: Path, tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "data", make_embedder("hashing")) as index:
        index.refresh(folder)
        yield index


def told(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return re.sub("[\u2066-\u2069]", "", result.stdout)


def stories(index: Index) -> dict[str, int]:
    found = index.catalog.members(article.article_id for article in index.catalog.articles())
    return {member.path: member.story for member in found.values()}


def test_search_gives_the_story_once_and_says_who_else_carries_it(index: Index) -> None:
    hits = [hit for hit in index.search("لقاء لافروف وبومبيو في سوتشي", collapse="story").hits if hit.score > 0.3]
    (first,) = hits
    voice = index.article_by_id(first.passage.article_id)
    others = {index.article_by_id(other).path for other in first.also_in}
    assert others == OUTLETS.keys() - {voice.path}
    assert set(first.outlets) == {source for source, *_ in OUTLETS.values()} - {voice.source}


@pytest.mark.parametrize("source", [source for source, *_ in OUTLETS.values()])
def test_a_filter_chooses_the_voice_and_not_who_else_carries_it(index: Index, source: str) -> None:
    with index.pin() as pinned:
        within, _ = pinned.narrow(Filters(source=source))
    hit, *_ = index.search("لقاء لافروف وبومبيو في سوتشي", within=within, collapse="story").hits
    assert index.article_by_id(hit.passage.article_id).source == source
    assert set(hit.outlets) == {other for other, *_ in OUTLETS.values()} - {source}


def test_news_by_template_is_found_in_full(index: Index) -> None:
    paths = {
        index.article_by_id(hit.passage.article_id).path
        for hit in index.search("انفجار سيارة في الباب", collapse="story").hits
    }
    assert {"toll0.txt", "toll1.txt"} <= paths
    assert stories(index).keys() == OUTLETS.keys()


def test_an_answer_cites_one_voice_and_counts_the_outlets_of_each_quote(index: Index) -> None:
    answer = Sanad(index).ask(QUESTION, limit=1)
    (citation,) = answer.citations
    assert "12 دبلوماسيا" in citation.quote
    assert len(citation.also_in) == len(citation.outlets) == 2


def test_an_outlet_that_left_a_paragraph_out_does_not_count_for_it(index: Index) -> None:
    answer = Sanad(index).ask("كم منشأة طبية خرجت من الخدمة؟", limit=1)
    (citation,) = answer.citations
    assert "18 منشأة" in citation.quote
    assert len(citation.outlets) == 1
    assert "العربية نت" not in citation.outlets


def test_a_refusal_names_a_story_once(index: Index, folder: Path) -> None:
    for path, (source, published, text) in OUTLETS.items():
        write(folder, path, article(source, published, text).replace("لقاء سوتشي", f"لقاء {path}"))
    index.refresh(folder)
    covered = Sanad(index).ask("ماذا قال ماكرون لبومبيو؟").covered
    assert covered
    assert sum(label.endswith(".txt") for label in covered.nearest) == 1


def test_a_story_survives_edits_of_its_members(index: Index, folder: Path) -> None:
    assert set(stories(index).values()) == {1}
    write(folder, "reuters.txt", article("رويترز", "2019-05-14", COPIES["with words changed"]))
    write(folder, "sana.txt", article("سانا", "2019-05-15", COPIES["with a closing"]))
    index.refresh(folder)
    assert stories(index) == dict.fromkeys(OUTLETS, 1)
    write(folder, "sana.txt", article("سانا", "2019-05-15", "موسم القمح هذا العام وفير في سهول الجزيرة السورية."))
    index.refresh(folder)
    assert stories(index) == {"reuters.txt": 1, "arabiya.txt": 1}


def test_a_refresh_that_adds_a_copy_leaves_the_index_as_one_made_from_scratch(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    run(data, folder)
    write(folder, "later.txt", article("تاس", None, COPIES["with a closing"]))
    (folder / "arabiya.txt").unlink()
    run(data, folder)
    assert state(data) == state_from_scratch(folder)
    with Index.open(data, make_embedder("hashing")) as index:
        assert stories(index).keys() == {"reuters.txt", "sana.txt", "later.txt"}


def test_search_and_ask_say_how_many_outlets(folder: Path) -> None:
    assert "ونشرته وسيلتان إعلاميتان أخريان: " in told("search", "-k", "1", "لقاء لافروف وبومبيو في سوتشي")
    assert "ونشرته وسيلتان إعلاميتان أخريان: " in told("ask", "-k", "1", QUESTION)
    assert "+2 outlets: " in told("ask", "-k", "1", "How many diplomats attended the meeting of Lavrov and Pompeo?")


def test_articles_and_show_name_the_story(folder: Path) -> None:
    rows = [line.split("\t") for line in told("articles").splitlines()]
    assert [row[-1] for row in rows] == ["1", "1", "1", "-", "-"]
    assert [row["story"] for row in json.loads(told("articles", "--json"))] == [1, 1, 1, None, None]
    header = told("show", "reuters.txt").partition("---")[0].splitlines()
    assert header[6:8] == [
        "Story 1   also arabiya.txt · العربية نت · 2019-05-15",
        "          also sana.txt · سانا · 2019-05-15",
    ]
    shown = json.loads(told("show", "--json", "reuters.txt"))
    assert (shown["story"], [copy["path"] for copy in shown["copies"]]) == (1, ["arabiya.txt", "sana.txt"])
    assert json.loads(told("show", "--json", "toll0.txt"))["copies"] == []
