"""A container in the folder: its members are articles of their own, and come, change and go with it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from support.builders.folder import EMBEDDER, TEXTS, run, state, state_from_scratch, write

from retrieval.corpus.isolation import FileReader
from retrieval.corpus.reading_process import Done, ReadPart, ReadRequest
from retrieval.index.index import Index
from retrieval.types import Move

ROWS = list(TEXTS.values())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "articles", "rows.jsonl", lines(*ROWS))
    return tmp_path / "articles"


def lines(*texts: str) -> str:
    return "\n".join(json.dumps({"text": text}, ensure_ascii=False) for text in texts)


def zip_of(texts: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return made.getvalue()


def parts_of(folder: Path, known: dict[str, str]) -> list[ReadPart]:
    with FileReader() as reader:
        reader.ask(ReadRequest(folder, folder / "rows.jsonl", "rows.jsonl", {}, known))
        *parts, done = reader.take()
    assert done == Done(None)
    return [part for part in parts if isinstance(part, ReadPart)]


def test_each_row_is_an_article_and_the_container_is_none(data: Path, folder: Path) -> None:
    report = run(data, folder)
    assert (report.new, report.failed) == (("rows.jsonl/1", "rows.jsonl/2", "rows.jsonl/3"), ())
    assert run(data, folder).unchanged == 3
    with Index.open(data, EMBEDDER) as index:
        assert [(article.path, article.format, article.encoding) for article in index.catalog.articles()] == [
            (f"rows.jsonl/{number}", "jsonl", "utf-8") for number in (1, 2, 3)
        ]
        assert index.catalog.failures() == []


def test_a_row_that_changed_is_the_only_one_that_is_read_again(data: Path, folder: Path) -> None:
    run(data, folder)
    known = {part.path: part.digest or "" for part in parts_of(folder, {})}
    write(folder, "rows.jsonl", lines(ROWS[0], "نص آخر تماما عن محصول القمح.", ROWS[2]))
    report = run(data, folder)
    assert (report.changed, report.new, report.deleted, report.unchanged) == (("rows.jsonl/2",), (), (), 2)
    assert [part.path for part in parts_of(folder, known) if part.article] == ["rows.jsonl/2"]
    assert state(data) == state_from_scratch(folder)


def test_a_row_that_is_gone_and_one_that_is_bad_leave_the_index(data: Path, folder: Path) -> None:
    run(data, folder)
    write(folder, "rows.jsonl", f"{lines(ROWS[0])}\nno json")
    report = run(data, folder)
    assert report.deleted == ("rows.jsonl/3",)
    assert [failure.path for failure in report.failed] == ["rows.jsonl/2"]
    assert state(data) == state_from_scratch(folder)
    with Index.open(data, EMBEDDER) as index:
        assert index.catalog.failures() == list(report.failed)


def test_members_go_with_their_container(data: Path, folder: Path) -> None:
    write(folder, "a.txt", "أعلن الاتحاد الأوروبي عن مساعدات جديدة.")
    run(data, folder)
    (folder / "rows.jsonl").unlink()
    report = run(data, folder)
    assert report.deleted == ("rows.jsonl/1", "rows.jsonl/2", "rows.jsonl/3")
    assert state(data) == state_from_scratch(folder)


def test_two_members_of_one_name_are_two_articles(data: Path, folder: Path) -> None:
    one, other = list(TEXTS.values())[:2]
    inner = zip_of({"a.txt": one})
    with zipfile.ZipFile(folder / "news.zip", "w") as archive:
        archive.writestr("in.zip", inner)
        archive.writestr("in.zip/a.txt", other)
    assert {"news.zip/in.zip/a.txt", "news.zip/in.zip/a.txt~2"} <= set(run(data, folder).new)


def test_members_move_with_their_container(data: Path, folder: Path) -> None:
    run(data, folder)
    (folder / "rows.jsonl").rename(folder / "old.jsonl")
    assert run(data, folder).moved == tuple(Move(f"rows.jsonl/{at}", f"old.jsonl/{at}") for at in (1, 2, 3))


def test_a_container_that_is_no_more_than_a_bad_file_is_named_as_one(data: Path, folder: Path) -> None:
    (folder / "news.zip").write_bytes(b"PK\x03\x04 no archive")
    report = run(data, folder)
    assert [failure.path for failure in report.failed] == ["news.zip"]
    assert len(report.new) == 3


def test_a_container_that_turns_bad_takes_its_members_along_once_it_has_settled(
    data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "news.zip").write_bytes(zip_of({"in/a.txt": "أعلن الاتحاد الأوروبي عن مساعدات جديدة."}))
    run(data, folder)
    whole = state(data)
    (folder / "news.zip").write_bytes(b"PK\x03\x04 half")
    waiting = run(data, folder)
    assert waiting.unsettled == ("news.zip",)
    assert state(data) == whole
    monkeypatch.setattr("retrieval.corpus.read_changed.SETTLED_NS", 0)
    report = run(data, folder)
    assert [failure.path for failure in report.failed] == ["news.zip"]
    assert len(state(data)[0]) == 3


def test_what_articles_toml_says_of_a_container_holds_for_its_members(data: Path, folder: Path) -> None:
    write(folder, "wire.csv", f"Body,Kind\n{'أعلن الاتحاد الأوروبي عن مساعدات جديدة.'},x\n")
    write(
        folder,
        "articles.toml",
        '["wire.csv"]\nsource = "سانا"\ncolumns.text = "Body"\n'
        '["rows.jsonl/2"]\ntitle = "عنوان"\n["rows.jsonl"]\ntitle = "y"\n',
    )
    assert run(data, folder).failed == ()
    with Index.open(data, EMBEDDER) as index:
        said = {article.path: (article.title, article.source) for article in index.catalog.articles()}
    assert (said["wire.csv/2"], said["rows.jsonl/1"], said["rows.jsonl/2"]) == (
        (None, "سانا"), ("y", None), ("عنوان", None),
    )  # fmt: skip


def test_the_date_of_a_row_is_decided_by_one_place(data: Path, folder: Path) -> None:
    days = ["14 أيار / مايو 2019", "9 رمضان 1440 هـ", "الثلاثاء 14 مايو", "أمس", ""]
    rows = [{"text": f"14 مايو 2018\nهطلت أمطار رقم {at} في إدلب.", "date": day} for at, day in enumerate(days)]
    write(folder, "wire.jsonl", "\n".join(map(json.dumps, rows)))
    write(
        folder,
        "articles.toml",
        '["wire.jsonl"]\nsource = "سانا"\n["wire.jsonl/1"]\ndated = "ربيع 2019"\npublished = ""\n',
    )
    assert run(data, folder).failed == ()
    with Index.open(data, EMBEDDER) as index:
        said = [(it.published, it.dated) for it in index.catalog.articles() if it.path.startswith("wire.jsonl")]
    assert said == [
        (None, "ربيع 2019"), ("2019-05-14", "9 رمضان 1440 هـ"), *[("2018-05-14", None)] * 3,
    ]  # fmt: skip


def test_a_name_that_reorders_text_is_shown_escaped(data: Path, folder: Path) -> None:
    (folder / "news.zip").write_bytes(zip_of({"a\u202eb.txt": "أعلن الاتحاد الأوروبي عن مساعدات جديدة."}))
    assert "news.zip/a\\u202eb.txt" in run(data, folder).new


def test_a_folder_in_place_of_a_container_takes_over_its_paths(data: Path, folder: Path) -> None:
    text = "أعلن الاتحاد الأوروبي عن مساعدات جديدة."
    (folder / "news.zip").write_bytes(zip_of({"a.txt": text}))
    run(data, folder)
    (folder / "news.zip").unlink()
    write(folder, "news.zip/a.txt", text)
    run(data, folder)
    assert state(data) == state_from_scratch(folder)
