from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bot.cli.main import app
from retrieval.connectors.jsonl import FIELDS, line_of, names_of, path_of_export, read_line
from retrieval.connectors.jsonl_import import Imported, import_file
from retrieval.corpus.articles import article_id_of, find_files, path_of, read_article, read_overrides
from retrieval.corpus.origins import Origin, note_origins, read_origins
from retrieval.errors import ArticleError, SettingsError
from retrieval.types import Article

ROOT = Path(__file__).parents[3]
TEXT = "التقى لافروف نظيره الأمريكي مايك بومبيو في سوتشي يوم الثلاثاء وبحثا الوضع في إدلب."


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def article(path: str, text: str = TEXT, **facts: str | None) -> Article:
    return Article(article_id_of(text), path, text, (), **facts)


def exported(folder: Path) -> bytes:
    """Return the export of a folder, by the files themselves."""
    overrides, origins = read_overrides(folder), read_origins(folder)
    held = {path_of(folder, file): read_article(folder, file, overrides) for file in find_files(folder)}
    return lines((sourced(held[path], origins), name) for name, path in names_of(held, origins))


def sourced(one: Article, origins: dict[str, Origin]) -> Article:
    origin = origins.get(one.path, Origin(one.path))
    return replace(one, url=origin.url, fetched=origin.fetched, sha256=origin.sha256)


def lines(rows: Iterable[tuple[Article, str]]) -> bytes:
    return b"".join(line_of(one, name) for one, name in rows)


def imported(folder: Path, data: bytes, *, force: bool = False) -> Imported:
    file = folder.parent / "export.jsonl"
    file.write_bytes(data)
    return import_file(folder, file, force=force)


# Round trips.

ODD_WORDS = [
    *(
        "قال",
        "الوزير",
        "رويترز",
        "المصدر: سانا",
        "بقلم",
        "14 مايو 2019",
        "9 رمضان 1440",
        "الأربعاء 15 مايو",
        "\u2067سوريا\u2069",
        "\ufeff",
        "\u200f",
    ),
    *('"نعم"', "'", "\\", "---", "title: x", "#", "=", "[a]", "\x7f", "\x0b", "\u2028", "\t", "😀", "\x1b[2J"),
]
ODD_PATHS = [
    *("a.txt", "A.TXT", "deep/b.md", "c.html", "rows.jsonl/3", "pack.zip/in/d.txt", "pack.zip/e.pdf", "أخبار/خبر.txt"),
    *(".hidden/f.txt", "g\\x1b.txt", "h .txt", "i:j.txt", "k", "l" * 250 + ".txt", "articles.toml/x.txt", '"q".txt'),
]
odd_words, odd_paths = st.sampled_from(ODD_WORDS), st.sampled_from(ODD_PATHS)
odd_texts = st.lists(
    st.tuples(odd_words, st.sampled_from([" ", "\n", "\r\n", "\r", "\n\n", ""])).map("".join), min_size=1, max_size=12
).map(lambda parts: "".join(parts) + TEXT)
odd_known = st.fixed_dictionaries(
    {
        "title": st.none() | st.sampled_from(["خبر", 'قال "نعم"', "a\\b", "= [x]", "رويترز"]),
        "source": st.none() | st.sampled_from(["سانا", "رويترز، وكالات"]),
        "author": st.none() | st.just("سارة"),
    }
)
odd_dates = st.sampled_from(  # published, dated
    [(None, "الثلاثاء 14 أيار"), (None, "05/06/2019"), (None, "أمس"), ("2019-05-14", "9 رمضان 1440 هـ")]
) | st.tuples(st.none() | st.dates(date(1900, 1, 1), date(2090, 1, 1)).map(lambda day: day.isoformat()), st.none())
odd_facts = st.builds(lambda facts, dates: facts | {"published": dates[0], "dated": dates[1]}, odd_known, odd_dates)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(odd_paths, st.tuples(odd_texts, odd_facts), min_size=1, max_size=5))
def test_export_of_an_import_is_the_same_export(given: dict[str, tuple[str, dict[str, str | None]]]) -> None:
    data = lines((article(path, text, **facts), path) for path, (text, facts) in sorted(given.items()))
    with TemporaryDirectory() as place:
        folder = Path(place, "articles")
        folder.mkdir()
        done = imported(folder, data)
        assert (done.failed, len(done.new)) == ((), len(given))
        assert exported(folder) == data
        assert imported(folder, data) == Imported((), (), len(given), ())
        assert exported(folder) == data


def test_a_day_and_what_is_said_of_it_must_agree(tmp_path: Path) -> None:
    line = json.loads(line_of(article("a.txt", published="2019-05-14", dated="9 رمضان 1440 هـ"), "a.txt"))
    assert read_line(json.dumps(line).encode()).facts["dated"] == "9 رمضان 1440 هـ"
    assert read_line(json.dumps(line | {"published": None}).encode()).facts["published"] == "2019-05-14"
    with pytest.raises(ArticleError, match="another day than published = '2019-05-15'"):
        read_line(json.dumps(line | {"published": "2019-05-15"}).encode())


def test_folder_moves_to_another_machine_with_all_that_is_known(articles: Path, tmp_path: Path) -> None:
    (articles / "articles.toml").write_text('["bridge.txt"]\ntitle = "جسر"\nsource = ""\n', encoding="utf-8")
    (articles / "copy.txt").write_bytes((articles / "harvest.txt").read_bytes())
    (articles / "mark.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.encode().replace(b" ", b"\r\n", 1))
    note_origins(articles, [Origin("harvest.txt", url="http://news.example/1")])
    assert run("export", "one.jsonl").stderr.endswith("5 articles exported.\n")
    moved = tmp_path / "moved"
    moved.mkdir()
    environment = {"SANAD_ARTICLES_DIR": str(moved), "SANAD_DATA_DIR": "other"}
    runner = CliRunner(env=environment)
    assert runner.invoke(app, ["import", "one.jsonl"]).stdout == "5 new\n"
    assert runner.invoke(app, ["export", "two.jsonl"]).exit_code == 0
    assert Path("two.jsonl").read_bytes() == Path("one.jsonl").read_bytes()
    assert runner.invoke(app, ["export", "-"]).stdout_bytes == Path("one.jsonl").read_bytes()
    first = json.loads(Path("one.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert (first["path"], first["title"], first["source"], first["published"]) == (
        "bridge.txt",
        "جسر",
        None,
        "2019-05-14",
    )


def test_imported_name_gives_way_to_a_file_that_has_it(folder: Path) -> None:
    origins = {"a-1.md": Origin("a-1.md", original="b.txt")}
    assert names_of(["a-1.md", "b.txt"], origins) == [("a-1.md", "a-1.md"), ("b.txt", "b.txt")]


# Importing into a folder that has articles.


def test_import_that_was_broken_off_is_completed(folder: Path) -> None:
    data = lines((article(f"n{key}.txt", f"{TEXT} {key}", title="خبر"), f"n{key}.txt") for key in range(4))
    imported(folder, data)
    (folder / "n2.txt").unlink()
    done = imported(folder, data)
    assert (done.new, done.same, done.failed) == (("n2.txt",), 3, ())


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such signal")
def test_import_that_was_killed_is_completed(articles: Path) -> None:
    rows = sorted(f"n{key}.pdf" for key in range(300))
    data = lines((article(path, f"{TEXT} {path}", title="خبر"), path) for path in rows)
    Path("many.jsonl").write_bytes(data)
    shutil.rmtree(articles)
    articles.mkdir()
    killed = subprocess.Popen([sys.executable, "-m", "bot", "import", "many.jsonl"], env={"PYTHONPATH": str(ROOT)})
    while killed.poll() is None and len(list(articles.glob("n*"))) < 30:
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    done = import_file(articles, Path("many.jsonl"))
    assert (done.failed, len(done.new) + done.same) == ((), 300)
    assert exported(articles) == data


def test_folder_where_a_file_stands_fails_alone(folder: Path) -> None:
    data = lines((article(path), path) for path in ("a.txt/b.txt", "n.txt"))
    done = imported(folder, data)
    assert (done.new, [failure.reason for failure in done.failed]) == (
        ("n.txt",),
        ["a.txt is a file here and no folder; move it away, then import again"],
    )


def test_file_with_other_content_is_kept_unless_forced(folder: Path) -> None:
    before = (folder / "a.txt").read_bytes()
    data = lines([(article("a.txt"), "a.txt"), (article("n.txt"), "n.txt")])
    done = imported(folder, data)
    assert (done.new, [failure.reason for failure in done.failed]) == (
        ("n.txt",),
        ["a.txt is there with other content; `--force` replaces it"],
    )
    assert (folder / "a.txt").read_bytes() == before
    assert imported(folder, data, force=True).replaced == ("a.txt",)
    assert (folder / "a.txt").read_text(encoding="utf-8") == TEXT


def test_what_was_typed_into_articles_toml_stays(folder: Path) -> None:
    typed = '# mine\n"a.txt" = {title = "كما كتبت"}  # keep'
    (folder / "articles.toml").write_text(typed, encoding="utf-8")
    done = imported(folder, lines([(article("n.txt", title="جديد"), "n.txt"), (article("a.txt"), "a.txt")]), force=True)
    assert [failure.reason for failure in done.failed] == [
        "articles.toml says otherwise of a.txt; take that table out, then import again"
    ]
    toml = (folder / "articles.toml").read_text(encoding="utf-8")
    assert toml.startswith(typed)
    assert tomllib.loads(toml)["n.txt"]["title"] == "جديد"


def test_row_of_a_table_that_is_there_is_not_written_again(folder: Path) -> None:
    (folder / "rows.jsonl").write_text(json.dumps({"text": TEXT}), encoding="utf-8")
    row = article("rows.jsonl/1")
    done = imported(folder, line_of(row, row.path))
    assert (done.same, done.new, done.failed) == (1, (), ())
    (failure,) = imported(folder, line_of(article("rows.jsonl/1", TEXT + " ثم"), "rows.jsonl/1")).failed
    assert "is a file here and no folder" in failure.reason


def test_original_that_is_there_is_not_written_again(folder: Path) -> None:
    shutil.copy(folder / "a.txt", folder / "A.TXT")
    held = read_article(folder, folder / "A.TXT", {})
    done = imported(folder, line_of(held, "A.TXT"))
    assert (done.new, done.same) == ((), 1)


# Bad lines.


@pytest.mark.parametrize(
    "path", ["../a.txt", "/etc/a.txt", "a/../../b.txt", "a//b.txt", "", ".", "a/", "a\0.txt", "./a.txt"]
)
def test_path_cannot_leave_the_folder(path: str) -> None:
    with pytest.raises(ArticleError, match="leads out of the articles' folder or is none"):
        path_of_export(path)


@pytest.mark.parametrize(
    "path", ["..\\a.txt", "C:\\a.txt", "CON:", ".git/config", "a/.env", "x" * 300, "~/a", "a.toml"]
)
def test_odd_path_gets_a_plain_name(path: str) -> None:
    place = path_of_export(path)
    assert place.endswith(".md")
    assert not [
        part for part in place.split("/") if part.startswith(".") or len(part) > 200 or "\\" in part or ":" in part
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"\xff", "is no JSON"),
        (b"1", "is no article"),
        (b'{"path": "a.txt", "version": 1}', "is no article"),
        (b'{"path": "a.txt", "text": "a", "version": 2}', "is of version 2, and this Sanad reads 1"),
        (b'{"path": "a.txt", "text": "a", "version": 1, "article_id": "000000000000"}', "is damaged"),
        (b'{"path": "a.txt", "text": "\\ud800", "version": 1}', "holds half a character"),
        (b'{"path": "\\ud800.txt", "text": "a", "version": 1}', "holds half a character"),
        (b'{"path": "a.txt", "text": "a", "version": 1, "url": "http://x/\\ud800"}', "holds half a character"),
        (b'{"path": "a.txt", "text": "a", "version": 1, "title": 5}', "has title = 5, which is no text"),
        (b'{"path": "a.txt", "text": "a", "version": 1, "published": "soon"}', "which is no date"),
        (b'{"path": "a.txt", "text": "a", "version": 1, "published": "1066-10-14"}', "which is no date"),
    ],
)
def test_bad_line_says_what_is_wrong(line: bytes, said: str) -> None:
    with pytest.raises(ArticleError, match=said):
        read_line(line)


def test_bad_lines_are_named_by_number_and_spoil_no_other(articles: Path) -> None:
    good = line_of(article("new.txt"), "new.txt")
    twice = line_of(article("new.txt", TEXT + " ثم"), "new.txt")
    outside = line_of(article("x"), "../x.txt")
    empty = line_of(article("e.txt", "  "), "e.txt")
    binary = line_of(article("b.txt", "a\0b قال"), "b.txt")
    deep = line_of(article("d.txt"), "d/" * 3000 + "d.txt")
    bad = b"{\n" + outside + twice + empty + binary + deep
    Path("bad.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\n" + good + bad)
    result = run("import", "bad.jsonl")
    assert (result.exit_code, result.stdout) == (1, "1 new, 6 failed\n")
    assert [line.split(":")[0].split()[-1] for line in result.stderr.splitlines()] == ["3", "4", "5", "6", "7", "8"]
    assert (articles / "new.txt").exists()
    assert not (articles.parent / "x.txt").exists()


def test_link_in_the_folder_is_not_followed_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SettingsError, match="leads out of the articles' folder"):
        imported(folder, line_of(article("x"), "out/x.txt"))
    assert not list((tmp_path / "elsewhere").iterdir())


# Files.


def test_export_that_fails_leaves_the_old_one(articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("old.jsonl").write_text("old", encoding="utf-8")

    def fail(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("retrieval.connectors.jsonl.line_of", fail)
    assert run("export", "old.jsonl").exit_code == 130
    assert Path("old.jsonl").read_text(encoding="utf-8") == "old"
    assert not list(Path().glob(".sanad-*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "seeds/all.jsonl"], "lies in the articles' folder"),
        (["export", "none/all.jsonl"], "cannot be written"),
        (["import", "none.jsonl"], "cannot be read: No such file or directory"),
    ],
)
def test_mistake_is_answered_by_what_to_do(articles: Path, arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, said in result.stderr) == (1, True)


def test_what_can_be_read_once_only_is_not_imported_in_part(folder: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SettingsError, match="Write it to a file first"):
        import_file(folder, tmp_path / "pipe")


def test_fields_are_those_of_an_article() -> None:
    assert set(FIELDS) <= set(Article.__dataclass_fields__)
