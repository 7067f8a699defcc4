from __future__ import annotations

import errno
import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from support.servers.web import WebServer, fails, gives, redirects
from typer.testing import CliRunner, Result

from bot.cli.main import app
from retrieval.connectors.add import add_bytes, add_file, add_url
from retrieval.connectors.jsonl_import import import_file
from retrieval.connectors.web import Limits
from retrieval.corpus.articles import find_files
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


def test_other_content_by_the_same_name_overwrites_nothing(folder: Path) -> None:
    first = add_bytes(folder, "a.txt", TEXT.encode())
    second = add_bytes(folder, "a.txt", (TEXT + "وقال إن الاجتماع كان مثمرا.\n").encode())
    assert first.path != second.path
    assert (folder / first.path).read_text(encoding="utf-8") == TEXT


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


# The command.


def test_command_says_what_was_understood_and_what_failed(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text(TEXT, encoding="utf-8")
    result = run("add", "new.txt", "none.txt", "~nobody-of-that-name/a.txt", "http://127.0.0.1:9/a")
    assert result.exit_code == 1
    assert result.stdout.replace("\u2068", "").replace("\u2069", "").replace("\u2066", "") == (
        "added  added/new.txt\n  title      محادثات في سوتشي\n  source     -\n  author     -\n  published  -\n"
        "  passages   1\n"
    )
    assert result.stderr == (
        "failed  none.txt: does not exist; check the path\n"
        "failed  ~nobody-of-that-name/a.txt: does not exist; check the path\n"
        "failed  http://127.0.0.1:9/a: leads to 127.0.0.1, which is no public address; to fetch from this machine or"
        " its network, set SANAD_ALLOW_PRIVATE_ADDRESSES=true\n"
    )


def test_added_page_answers_the_next_question(articles: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_ALLOW_PRIVATE_ADDRESSES", "true")
    web.pages |= {
        "/a": gives("زلزال في تشيلي\n\nضرب زلزال بقوة 7 درجات سواحل تشيلي الشمالية.\n", PLAIN),
        "/b": fails(404),
    }
    result = run("add", "--json", web.url("/a"), web.url("/b"))
    (row,), (failure,) = json.loads(result.stdout).values()
    assert (result.exit_code, row["state"], row["articles"][0]["passages"]) == (1, "added", 1)
    assert failure["reason"] == "is refused by its server: HTTP 404, there is no such page"
    (citation, *_) = json.loads(run("ask", "--json", "ماذا ضرب تشيلي؟").stdout)["citations"]
    assert citation["path"] == row["path"]


def test_command_needs_something_to_add() -> None:
    assert run("add").exit_code == 2


# Where it came from.


def digest(data: str | bytes) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def citation_of(question: str) -> dict[str, object]:
    (cited, *_) = json.loads(run("ask", "--json", question).stdout)["citations"]
    return dict(cited)


CHILE = "زلزال في تشيلي\n\nضرب زلزال بقوة 7 درجات سواحل تشيلي الشمالية.\n"


def test_citation_says_where_its_text_came_from(
    articles: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANAD_ALLOW_PRIVATE_ADDRESSES", "true")
    sent = CHILE.encode("cp1256")
    web.pages["/a"] = gives(sent, "text/plain; charset=windows-1256")
    before = datetime.now(UTC).replace(microsecond=0)
    run("add", web.url("/a"))
    cited = citation_of("ماذا ضرب تشيلي؟")
    assert (cited["url"], cited["sha256"], cited["text_sha256"]) == (web.url("/a"), digest(sent), digest(CHILE))
    assert before <= datetime.fromisoformat(str(cited["fetched"])) <= datetime.now(UTC)
    assert cited["link"] == f"{web.url('/a')}#:~:text={quote(str(cited['quote'])).replace('-', '%2D')}"
    path = articles / str(cited["path"])
    (articles / "moved").mkdir()
    path.rename(articles / "moved" / "chile.txt")  # a renamed file is what it was
    assert {**citation_of("ماذا ضرب تشيلي؟"), "path": cited["path"]} == cited
    (articles / "moved" / "chile.txt").write_text(CHILE + "وأكد ذلك مسؤول.\n", encoding="utf-8")
    edited = citation_of("ماذا ضرب تشيلي؟")  # what somebody has edited is not what was fetched
    assert edited["fetched"] is None
    assert edited["sha256"] == digest((articles / "moved" / "chile.txt").read_bytes())


def test_file_without_an_address_has_the_digests_of_its_bytes_and_its_text(articles: Path) -> None:
    cited = citation_of("كم بلغت كلفة جسر النيل؟")
    assert (cited["url"], cited["fetched"], cited["link"]) == (None, None, None)
    data = (articles / "bridge.txt").read_bytes()
    assert cited["sha256"] == cited["text_sha256"] == digest(data)


def test_row_of_a_table_has_its_own_address_and_the_digest_of_the_table(articles: Path) -> None:
    row = {"text": CHILE, "url": "https://news.example/chile?a=1&b=2"}
    data = (json.dumps(row, ensure_ascii=False) + "\n").encode()
    (articles / "rows.jsonl").write_bytes(data)
    cited = citation_of("ماذا ضرب تشيلي؟")
    assert (cited["url"], cited["fetched"], cited["sha256"]) == (row["url"], None, digest(data))


def test_address_of_a_file_that_was_there_is_told_at_the_next_refresh(
    articles: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANAD_ALLOW_PRIVATE_ADDRESSES", "true")
    (articles / "chile.txt").write_text(CHILE, encoding="utf-8")
    assert citation_of("ماذا ضرب تشيلي؟")["url"] is None
    web.pages["/a"] = gives(CHILE, PLAIN)
    assert run("add", web.url("/a")).stdout.startswith("present  ")
    assert citation_of("ماذا ضرب تشيلي؟")["url"] == web.url("/a")


def test_provenance_moves_to_another_machine(
    articles: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SANAD_ALLOW_PRIVATE_ADDRESSES", "true")
    web.pages["/a"] = gives(HTML.format(PARAGRAPHS))
    run("add", web.url("/a"))
    here = citation_of("ما الذي بحثه لافروف في شرق الفرات؟")
    run("export", "one.jsonl")
    (tmp_path / "there").mkdir()
    monkeypatch.setenv("SANAD_ARTICLES_DIR", str(tmp_path / "there"))
    monkeypatch.setenv("SANAD_DATA_DIR", str(tmp_path / "data-there"))
    assert run("import", "one.jsonl").exit_code == 0
    there = citation_of("ما الذي بحثه لافروف في شرق الفرات؟")
    assert {**there, "path": here["path"]} == here
    assert run("export", "two.jsonl").exit_code == 0
    assert Path("two.jsonl").read_bytes() == Path("one.jsonl").read_bytes()


@pytest.mark.parametrize("wrong", [{"sha256": "cafe"}, {"fetched": "yesterday"}, {"sha256": 1}])
def test_export_with_an_odd_provenance_is_refused(folder: Path, wrong: dict[str, object]) -> None:
    line = {"version": 1, "path": "n.txt", "text": TEXT} | wrong
    (folder.parent / "odd.jsonl").write_text(json.dumps(line), encoding="utf-8")
    (failure,) = import_file(folder, folder.parent / "odd.jsonl").failed
    assert next(iter(wrong)) in failure.reason


def test_changed_page_keeps_its_former_text_and_says_what_changed(
    articles: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANAD_ALLOW_PRIVATE_ADDRESSES", "true")
    web.pages["/a"] = gives(CHILE, PLAIN)
    run("add", web.url("/a"))
    assert run("articles", "--changed").stdout == ""
    web.pages["/a"] = gives(CHILE.replace("7 درجات", "8 درجات"), PLAIN)
    assert run("add", web.url("/a")).stdout.startswith("updated  ")
    (change,) = json.loads(run("articles", "--changed", "--json").stdout)
    assert change["lines"] == [
        {"change": "removed", "text": "ضرب زلزال بقوة 7 درجات سواحل تشيلي الشمالية."},
        {"change": "added", "text": "ضرب زلزال بقوة 8 درجات سواحل تشيلي الشمالية."},
    ]
    assert (change["before"]["text_sha256"], change["before"]["url"]) == (digest(CHILE), web.url("/a"))
    assert change["after"]["text_sha256"] == digest(CHILE.replace("7 درجات", "8 درجات"))
    shown = run("articles", "--changed").stdout
    assert "- \u2068ضرب زلزال بقوة 7 درجات" in shown
    assert "+ \u2068ضرب زلزال بقوة 8 درجات" in shown
    assert web.url("/a") in shown


def test_page_whose_frame_alone_has_changed_stays_as_it_was(folder: Path, web: WebServer) -> None:
    web.pages["/a"] = gives(HTML.format(PARAGRAPHS))
    first = add_url(folder, web.url("/a"), NEAR)
    kept = (folder / first.path).read_bytes()
    noted = read_origins(folder)[first.path]
    web.pages["/a"] = gives(HTML.format(PARAGRAPHS).replace("الرئيسية", "أخبار"))
    assert add_url(folder, web.url("/a"), NEAR).state == "unchanged"
    assert (folder / first.path).read_bytes() == kept
    assert read_origins(folder)[first.path] == noted
    assert read_former(folder) == {}
