"""Where what is added came from, and what it said before it changed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from support.servers.web import WebServer, gives
from typer.testing import CliRunner, Result

from bot.cli.main import app
from retrieval.connectors.add import add_url
from retrieval.connectors.jsonl_import import import_file
from retrieval.connectors.web import Limits
from retrieval.corpus.former_texts import read_former
from retrieval.corpus.origins import read_origins

NEAR = Limits(seconds=5, allow_private=True)
TEXT = "العنوان: محادثات في سوتشي\n\nالتقى لافروف نظيره الأمريكي في سوتشي يوم الثلاثاء وبحثا الوضع في إدلب.\n"
PLAIN = "text/plain; charset=utf-8"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


HTML = """<html><head><title>محادثات في سوتشي</title><meta name="author" content="سارة حسن">
<meta property="og:site_name" content="الضفة"><meta property="article:published_time" content="2019-05-14T10:00:00Z">
</head><body><nav><a href="/">الرئيسية</a></nav><article><h1>محادثات في سوتشي</h1>{}</article></body></html>"""
PARAGRAPHS = "".join(
    f"<p>التقى وزير الخارجية الروسي سيرغي لافروف نظيره الأمريكي في سوتشي، وبحثا الوضع في {place}.</p>"
    for place in ("إدلب وريف حماة", "دمشق وضواحيها", "شرق الفرات والحدود التركية")
)


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


def test_saved_page_has_the_address_that_it_states(articles: Path) -> None:
    head = '<link rel="canonical" href="/relative"><meta property="og:url" content="https://news.example/talks">'
    (articles / "saved.html").write_text(HTML.format(PARAGRAPHS).replace("<head>", f"<head>{head}"), encoding="utf-8")
    cited = citation_of("ما الذي بحثه لافروف في شرق الفرات؟")
    assert (cited["url"], cited["fetched"]) == ("https://news.example/talks", None)


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
