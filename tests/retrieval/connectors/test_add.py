from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from support.servers.web import WebServer, gives, redirects
from typer.testing import CliRunner, Result

from bot.cli.main import app
from retrieval.connectors.add import add_bytes, add_file, add_url, replace_file
from retrieval.connectors.web import Limits
from retrieval.corpus.articles import find_files, read_overrides
from retrieval.corpus.corrections import state_facts
from retrieval.corpus.former_texts import read_former
from retrieval.corpus.origins import read_origins
from retrieval.errors import ArticleError, FetchError, SanadError, SettingsError

NEAR = Limits(seconds=5, allow_private=True)
TEXT = "العنوان: محادثات في سوتشي\n\nالتقى لافروف نظيره الأمريكي في سوتشي يوم الثلاثاء وبحثا الوضع في إدلب.\n"
PLAIN = "text/plain; charset=utf-8"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# Pages.


def test_page_becomes_a_file_named_after_its_title(folder: Path, web: WebServer) -> None:
    web.pages["/a"] = gives(TEXT, PLAIN)
    added = add_url(folder, web.url("/a"), NEAR)
    assert (added.state, added.articles[0].title) == ("added", "محادثات في سوتشي")
    assert added.path.startswith("added/محادثات-في-سوتشي-")
    assert (folder / added.path).read_text(encoding="utf-8") == TEXT
    assert read_origins(folder)[added.path].url == web.url("/a")


HTML = """<html><head><title>محادثات في سوتشي</title><meta name="author" content="سارة حسن">
<meta property="og:site_name" content="الضفة"><meta property="article:published_time" content="2019-05-14T10:00:00Z">
</head><body><nav><a href="/">الرئيسية</a></nav><article><h1>محادثات في سوتشي</h1>{}</article></body></html>"""
PARAGRAPHS = "".join(
    f"<p>التقى وزير الخارجية الروسي سيرغي لافروف نظيره الأمريكي في سوتشي، وبحثا الوضع في {place}.</p>"
    for place in ("إدلب وريف حماة", "دمشق وضواحيها", "شرق الفرات والحدود التركية")
)


def test_web_page_says_its_title_source_and_date(folder: Path, web: WebServer) -> None:
    web.pages["/a"] = gives(HTML.format(PARAGRAPHS))
    added = add_url(folder, web.url("/a"), NEAR)
    (article,) = added.articles
    assert added.path.endswith(".html")
    assert (article.title, article.source, article.published) == ("محادثات في سوتشي", "الضفة", "2019-05-14")
    assert "شرق الفرات" in article.text
    assert "الرئيسية" not in article.text


def test_web_page_whose_encoding_only_the_server_names_is_read(folder: Path, web: WebServer) -> None:
    page = HTML.format(PARAGRAPHS).replace("<head>", '<head><meta charset="iso-8859-1">')
    web.pages["/a"] = gives(page.encode("cp1256"), "text/html; charset=windows-1256")
    assert "شرق الفرات" in add_url(folder, web.url("/a"), NEAR).articles[0].text


def test_same_address_again_updates_its_file(folder: Path, web: WebServer) -> None:
    web.pages["/a"] = gives(TEXT, PLAIN)
    first = add_url(folder, web.url("/a"), NEAR)
    assert add_url(folder, web.url("/a#top"), NEAR).state == "unchanged"
    web.pages["/a"] = gives(TEXT.replace("سوتشي", "موسكو"), PLAIN)
    again = add_url(folder, web.url("/a"), NEAR)
    assert (again.state, again.path) == ("updated", first.path)
    assert "موسكو" in (folder / first.path).read_text(encoding="utf-8")
    assert len(find_files(folder)) == 4


def test_same_page_elsewhere_is_said_to_be_there(folder: Path, web: WebServer) -> None:
    web.pages |= {"/a": gives(TEXT, PLAIN), "/b": redirects("/a")}
    first = add_url(folder, web.url("/a"), NEAR)
    second = add_url(folder, web.url("/b"), NEAR)
    assert (second.state, second.path) == ("present", first.path)


def test_encoding_that_only_the_server_names_is_kept(folder: Path, web: WebServer) -> None:
    web.pages["/a"] = gives(TEXT.encode("cp1256"), "text/plain; charset=windows-1256")
    added = add_url(folder, web.url("/a"), NEAR)
    assert added.articles[0].text == TEXT


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("  \n", PLAIN),
        ("<html><body><nav><a href='/'>a</a></nav></body></html>", "text/html"),
        ("اقرأ أيضا\n", PLAIN),
        (b"a\0b", PLAIN),
    ],
)
def test_page_without_an_article_is_not_kept(folder: Path, web: WebServer, body: str | bytes, kind: str) -> None:
    before = names(folder)
    web.pages["/a"] = gives(body, kind)
    with pytest.raises(ArticleError):
        add_url(folder, web.url("/a"), NEAR)
    assert names(folder) == before


def test_kind_without_a_reader_is_refused(folder: Path, web: WebServer) -> None:
    web.pages |= {"/a": gives("a,b", "text/csv"), "/a.exe": gives("a", "application/octet-stream")}
    with pytest.raises(FetchError, match="is text/csv, which is not read"):
        add_url(folder, web.url("/a"), NEAR)
    with pytest.raises(ArticleError, match=r"is of a kind that is not read"):
        add_url(folder, web.url("/a.exe"), NEAR)


def test_server_that_names_no_kind_is_believed_by_the_address(folder: Path, web: WebServer) -> None:
    web.pages["/a.txt"] = gives(TEXT, "application/octet-stream")
    assert add_url(folder, web.url("/a.txt"), NEAR).path.endswith(".txt")


def test_note_of_an_origin_cannot_lead_out_of_the_folder(folder: Path, web: WebServer) -> None:
    web.pages["/a"] = gives(TEXT, PLAIN)
    outside = folder.parent / "outside.txt"
    outside.write_text("kept", encoding="utf-8")
    noted = {"path": "../outside.txt", "url": web.url("/a")}
    (folder / ".origins.jsonl").write_text(json.dumps(noted), encoding="utf-8")
    with pytest.raises(SettingsError, match="leads out of the articles' folder"):
        add_url(folder, web.url("/a"), NEAR)
    assert outside.read_text(encoding="utf-8") == "kept"


def test_torn_note_spoils_no_other(folder: Path, web: WebServer) -> None:
    web.pages["/a"] = gives(TEXT, PLAIN)
    (folder / ".origins.jsonl").write_text('["x"]\n{"path": "b.txt", "url": "http://b/"}\n{"pa', encoding="utf-8")
    added = add_url(folder, web.url("/a"), NEAR)
    assert sorted(read_origins(folder)) == sorted([added.path, "b.txt"])


# Files.


def test_file_is_copied_under_a_clean_name(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "my [old] خبر.TXT"
    file.write_text(TEXT, encoding="utf-8")
    added = add_file(folder, file)
    assert (added.state, added.path) == ("added", "added/my-old-خبر.txt")
    assert (folder / added.path).read_bytes() == file.read_bytes()
    assert (folder / added.path).stat().st_mode & 0o777 == file.stat().st_mode & 0o777


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "C:\\Users\\a\\passwd.txt", "/passwd.txt", "..passwd\n.txt"])
def test_name_of_a_file_that_came_by_content_stays_in_the_folder(folder: Path, name: str) -> None:
    assert add_bytes(folder, name, TEXT.encode()).path == "added/passwd.txt"


def test_same_content_is_said_to_be_there(folder: Path) -> None:
    data = (folder / "deep/c.txt").read_bytes()
    added = add_bytes(folder, "new.txt", data)
    assert (added.state, added.path, len(find_files(folder))) == ("present", "deep/c.txt", 3)


LONGER = TEXT + "وقال إن الاجتماع كان مثمرا.\n"


def test_other_content_by_the_same_name_is_for_the_caller_to_decide(folder: Path) -> None:
    first = add_bytes(folder, "a.txt", TEXT.encode())
    before = names(folder)
    asked = add_bytes(folder, "a.txt", LONGER.encode())
    assert (asked.state, asked.path, asked.articles[0].text) == ("taken", first.path, LONGER)
    assert names(folder) == before
    assert (folder / first.path).read_text(encoding="utf-8") == TEXT
    second = add_bytes(folder, "a.txt", LONGER.encode(), on_taken="keep both")
    assert (second.state, (folder / first.path).read_text(encoding="utf-8")) == ("added", TEXT)
    assert (folder / second.path).read_text(encoding="utf-8") == LONGER


def test_replaced_file_keeps_its_name_and_its_former_text(folder: Path) -> None:
    first = add_bytes(folder, "a.txt", TEXT.encode())
    second = add_bytes(folder, "a.txt", LONGER.encode(), on_taken="replace")
    assert (second.state, second.path) == ("replaced", first.path)
    assert (folder / first.path).read_text(encoding="utf-8") == LONGER
    assert [former.text for former in read_former(folder)[first.path]] == [TEXT]
    assert add_bytes(folder, "new.txt", NEWER.encode(), on_taken="replace").state == "added"


NEWER = TEXT.replace("الثلاثاء", "الأربعاء")


def test_file_of_another_kind_takes_the_place_and_what_was_stated(folder: Path) -> None:
    first = add_bytes(folder, "a.txt", TEXT.encode())
    state_facts(folder, {first.path: {"source": "سانا"}})
    second = replace_file(folder, first.path, "other name.md", LONGER.encode())
    assert (second.state, second.path) == ("replaced", "added/a.md")
    assert not (folder / first.path).exists()
    assert read_overrides(folder) == {"added/a.md": {"source": "سانا"}}
    (folder / "added/a.txt").write_text(NEWER, encoding="utf-8")
    with pytest.raises(ArticleError, match=r"take the place of added/a\.md too"):
        replace_file(folder, "added/a.txt", "a.md", NEWER.encode())
    with pytest.raises(ArticleError, match="no longer there"):
        replace_file(folder, "added/none.txt", "a.txt", NEWER.encode())


def test_what_is_no_file_to_copy_is_refused(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(TEXT, encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(file)
    (tmp_path / "a.gif").write_bytes(b"GIF89a")
    os.mkfifo(tmp_path / "pipe.txt")
    with (tmp_path / "large.txt").open("wb") as large:
        large.truncate(17 * 2**20)
    for name, said in {
        "link.txt": "is a link",
        ".": "is a folder",
        "a.gif": r"not read \(\.gif\); read are \.txt, \.md, \.html",
        "pipe.txt": "no regular file",
        "large.txt": r"too large: 17\.0 MiB",
        "none.txt": "does not exist",
        "articles/a.txt": "in the articles' folder already",
    }.items():
        with pytest.raises(ArticleError, match=said):
            add_file(folder, tmp_path / name)
    assert len(find_files(folder)) == 3


def test_link_out_of_the_folder_is_not_written_through(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "added").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SettingsError, match="leads out of the articles' folder"):
        add_bytes(folder, "a.txt", TEXT.encode())
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize(("code", "said"), [(errno.ENOSPC, "on a full disk"), (errno.EROFS, "cannot be written")])
def test_disk_that_fails_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch, code: int, said: str) -> None:
    def fail(_: int) -> None:
        raise OSError(code, os.strerror(code))

    before = names(folder)
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(SanadError, match=said):
        add_bytes(folder, "a.txt", TEXT.encode())
    assert names(folder) == before


def test_container_is_added_with_all_that_it_holds(folder: Path) -> None:
    row = json.dumps({"title": "خبر", "text": TEXT}, ensure_ascii=False)
    added = add_bytes(folder, "rows.jsonl", f"{row}\nno json\n{row.replace('سوتشي', 'موسكو')}\n".encode())
    assert (added.path, len(added.articles)) == ("added/rows.jsonl", 2)
    with pytest.raises(ArticleError, match="holds no article"):
        add_bytes(folder, "bad.jsonl", b"no json\n")
    with pytest.raises(ArticleError, match="is not a ZIP archive"):
        add_bytes(folder, "bad.zip", b"no zip")
