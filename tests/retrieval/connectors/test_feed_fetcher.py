from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from filelock import FileLock
from support.servers.web import HTML, RSS, Visit, WebServer, fails, gives, hangs, redirects
from typer.testing import CliRunner, Result

from bot.cli.main import app
from retrieval.connectors.feed_fetcher import MOST_PAGES, FeedReport, PoliteFetcher, fetch_feed
from retrieval.connectors.feed_state import subscribe, subscription, subscriptions, unsubscribe
from retrieval.connectors.web import Limits
from retrieval.corpus.articles import read_article
from retrieval.corpus.former_texts import read_former
from retrieval.corpus.origins import read_origins
from retrieval.errors import FetchError, SettingsError

NEAR = Limits(seconds=5, allow_private=True)
BODY = "التقى لافروف نظيره الأمريكي مايك بومبيو في سوتشي يوم الثلاثاء وبحثا الوضع في إدلب."


def item(key: str, text: str = "", title: str = "خبر", link: str = "") -> str:
    whole = f"<content:encoded>&lt;p&gt;{text}&lt;/p&gt;</content:encoded>" if text else ""
    address = f"<link>{link}</link>" if link else ""
    return f"<item><guid isPermaLink='false'>{key}</guid><title>{title}</title>{address}{whole}</item>"


def feed(*items: str, title: str = "الضفة") -> str:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f'<rss version="2.0" {spaces}><channel><title>{title}</title>{"".join(items)}</channel></rss>'


def offer(web: WebServer, *items: str, path: str = "/feed", **headers: str) -> None:
    web.pages[path] = gives(feed(*items), RSS, **headers)


@pytest.fixture
def subscribed(folder: Path, web: WebServer) -> Path:
    offer(web)
    subscribe(folder, web.url("/feed"), NEAR)
    return folder


def fetched(folder: Path, *, again: bool = False, limits: Limits = NEAR) -> FeedReport:
    (known,) = subscriptions(folder)
    return fetch_feed(folder, known, PoliteFetcher(limits, pause=0.0), again=again)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_entry_becomes_an_article_of_its_own(subscribed: Path, web: WebServer) -> None:
    offer(web, item("1", BODY, "لقاء في سوتشي"))
    (path,) = fetched(subscribed).new
    article = read_article(subscribed, subscribed / path, {})
    assert path.startswith("feeds/الضفة/لقاء-في-سوتشي-")
    assert (article.title, article.source) == ("لقاء في سوتشي", "الضفة")
    assert BODY in article.text


def test_known_entry_is_not_written_again(subscribed: Path, web: WebServer) -> None:
    offer(web, item("1", BODY))
    (path,) = fetched(subscribed).new
    before = (subscribed / path).stat()
    again = fetched(subscribed)
    assert (again.new, again.updated, again.known) == ((), (), 1)
    assert (subscribed / path).stat() == before


def test_entry_that_reads_otherwise_replaces_its_article(subscribed: Path, web: WebServer) -> None:
    offer(web, item("1", BODY, "قديم"))
    (path,) = fetched(subscribed).new
    offer(web, item("1", BODY + " وعاد مساء.", "جديد"))
    assert fetched(subscribed).updated == (path,)
    assert read_article(subscribed, subscribed / path, {}).title == "جديد"
    assert len(list((subscribed / "feeds").rglob("*.md"))) == 1


def test_deleted_article_stays_away_unless_asked_for(subscribed: Path, web: WebServer) -> None:
    offer(web, item("1", BODY))
    (path,) = fetched(subscribed).new
    (subscribed / path).unlink()
    assert fetched(subscribed).new == ()
    offer(web, item("1", BODY + " وعاد مساء."))
    assert fetched(subscribed).new == ()
    assert fetched(subscribed, again=True).new == (path,)


def test_same_content_under_another_id_or_in_another_feed_is_one_article(subscribed: Path, web: WebServer) -> None:
    offer(web, item("1", BODY), item("2", BODY.replace(" ", "  ")))
    one = fetched(subscribed)
    assert (len(one.new), one.duplicates) == (1, 1)
    offer(web, item("x", BODY), path="/other")
    other, _ = subscribe(subscribed, web.url("/other"), NEAR)
    assert fetch_feed(subscribed, other, PoliteFetcher(NEAR, 0.0)).duplicates == 1
    assert fetched_all(subscribed) == [0, 0]
    assert len(list((subscribed / "feeds").rglob("*.md"))) == 1


def fetched_all(folder: Path) -> list[int]:
    return [len(fetch_feed(folder, known, PoliteFetcher(NEAR, 0.0)).new) for known in subscriptions(folder)]


def test_entry_that_was_another_ones_copy_gets_a_file_when_it_differs(subscribed: Path, web: WebServer) -> None:
    offer(web, item("1", BODY), item("2", BODY))
    (path,) = fetched(subscribed).new
    offer(web, item("1", BODY), item("2", BODY + " وعاد مساء."))
    fetched(subscribed)
    assert len(list((subscribed / "feeds").rglob("*.md"))) == 2
    assert "وعاد" not in (subscribed / path).read_text(encoding="utf-8")


def test_entry_that_was_a_copy_from_another_feed_leaves_that_ones_file(subscribed: Path, web: WebServer) -> None:
    offer(web, item("1", BODY))
    (path,) = fetched(subscribed).new
    offer(web, item("x", BODY), path="/other")
    subscribe(subscribed, web.url("/other"), NEAR)
    assert fetched_all(subscribed) == [0, 0]
    offer(web, item("x", BODY + " وعاد مساء."), path="/other")
    fetched_all(subscribed)
    assert "وعاد" not in (subscribed / path).read_text(encoding="utf-8")
    assert len(list((subscribed / "feeds").rglob("*.md"))) == 2


def test_page_is_fetched_where_the_feed_has_a_summary_only(subscribed: Path, web: WebServer) -> None:
    web.pages["/1"] = gives(f"العنوان: من الصفحة\n\n{BODY}\n", "text/plain; charset=utf-8")
    offer(web, item("1", title="من الخلاصة", link=web.url("/1")))
    (path,) = fetched(subscribed).new
    article = read_article(subscribed, subscribed / path, {})
    assert article.title == "من الخلاصة"
    assert BODY in article.text
    fetched(subscribed)
    assert web.paths.count("/1") == 1


def test_page_that_is_gone_is_asked_for_once_and_a_broken_one_again(subscribed: Path, web: WebServer) -> None:
    web.pages |= {"/gone": fails(404), "/broken": fails(500), "/empty": gives("", "text/plain")}
    offer(web, *(item(name, link=web.url(f"/{name}")) for name in ("gone", "broken", "empty")), ETag='"1"')
    first = fetched(subscribed)
    assert ([Path(one.path).name for one in first.failed], first.left) == (["gone", "broken", "empty"], 1)
    second = fetched(subscribed)
    assert [Path(one.path).name for one in second.failed] == ["broken"]
    assert [web.paths.count(path) for path in ("/gone", "/broken", "/empty")] == [1, 2, 1]


def test_host_that_asks_for_rest_gets_it(subscribed: Path, web: WebServer) -> None:
    web.pages["/1"] = fails(429, Retry_After="60")
    offer(web, *(item(str(key), link=web.url("/1")) for key in range(3)))
    assert (fetched(subscribed).left, web.paths.count("/1")) == (3, 1)


def test_pages_of_one_run_are_bounded_and_the_rest_comes_the_next_time(subscribed: Path, web: WebServer) -> None:
    for key in range(MOST_PAGES + 2):
        web.pages[f"/{key}"] = gives(f"{BODY} {key}", "text/plain")
    offer(web, *(item(str(key), link=web.url(f"/{key}")) for key in range(MOST_PAGES + 2)), ETag='"1"')
    first, second, third = (fetched(subscribed) for _ in range(3))
    assert (len(first.new), first.left, len(second.new), second.left) == (MOST_PAGES, 2, 2, 0)
    assert "If-None-Match" not in web.visits[-4].headers
    assert web.visits[-1].headers["If-None-Match"] == '"1"'
    assert third.known == MOST_PAGES + 2


def test_feed_that_has_not_changed_costs_one_short_request(subscribed: Path, web: WebServer) -> None:
    def conditional(visit: Visit) -> None:
        if visit.headers["If-None-Match"] == '"1"' and visit.headers["If-Modified-Since"] == "then":
            visit.reply(304)
        else:
            gives(feed(item("1", BODY)), RSS, ETag='"1"', Last_Modified="then")(visit)

    web.pages["/feed"] = conditional
    assert [fetched(subscribed).state for _ in range(2)] == ["fetched", "unchanged"]


def test_feed_that_asks_for_rest_is_left_alone(subscribed: Path, web: WebServer) -> None:
    web.pages["/feed"] = fails(503, Retry_After="60")
    assert fetched(subscribed).state == "failed"
    visits = len(web.visits)
    assert (fetched(subscribed).state, len(web.visits)) == ("waiting", visits)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (fails(404), "HTTP 404"),
        (fails(410), "it is gone for good; remove it: sanad feed remove http://127.0.0.1"),
        (gives("<html></html>", HTML), "is a web page and no feed"),
        (gives(b"a" * 20_000, RSS), "larger than"),
        (hangs(), "not there whole"),
        (gives("<rss", "image/png"), "is image/png, which is not read"),
    ],
)
def test_feed_that_fails_says_why_and_keeps_what_it_gave(
    subscribed: Path, web: WebServer, page: object, said: str
) -> None:
    offer(web, item("1", BODY))
    (path,) = fetched(subscribed).new
    web.pages["/feed"] = page
    failed = fetched(subscribed, limits=Limits(seconds=0.5, size=10_000, allow_private=True))
    assert failed.state == "failed"
    assert said in (failed.reason or "")
    assert subscription(subscribed, web.url("/feed")).trouble is not None
    offer(web, item("1", BODY))
    assert fetched(subscribed).known == 1
    assert (subscribed / path).exists()


def test_feed_that_moved_says_where(subscribed: Path, web: WebServer) -> None:
    offer(web, item("1", BODY), path="/new")
    web.pages["/feed"] = redirects("/new", 301)
    assert fetched(subscribed).reason == f"it has moved for good to {web.url('/new')}"


def test_work_that_is_interrupted_is_remembered(subscribed: Path, web: WebServer) -> None:
    def interrupt(visit: Visit) -> None:
        raise AssertionError("never asked")

    class Interrupted(PoliteFetcher):
        def fetch(self, url: str, *arguments: object) -> object:  # type: ignore[override]
            if url.endswith("/2"):
                raise KeyboardInterrupt
            return super().fetch(url, *arguments)  # type: ignore[arg-type]

    web.pages["/2"] = interrupt
    offer(web, item("1", BODY), item("2", link=web.url("/2")), ETag='"1"')
    (known,) = subscriptions(subscribed)
    with pytest.raises(KeyboardInterrupt):
        fetch_feed(subscribed, known, Interrupted(NEAR, 0.0))
    (known,) = subscriptions(subscribed)
    assert (list(known.seen), known.etag) == (["1"], None)


def test_private_page_of_a_public_feed_is_refused(subscribed: Path, web: WebServer) -> None:
    offer(web, item("1", link="http://10.0.0.1/secret"))
    known = subscription(subscribed, web.url("/feed"))
    feed_only = PoliteFetcher(Limits(seconds=5), 0.0)
    assert "no public address" in (fetch_feed(subscribed, known, feed_only).reason or "")


def test_removed_feed_leaves_its_articles(subscribed: Path, web: WebServer) -> None:
    offer(web, item("1", BODY))
    (path,) = fetched(subscribed).new
    unsubscribe(subscribed, web.url("/feed"))
    assert subscriptions(subscribed) == []
    assert (subscribed / path).exists()
    with pytest.raises(SettingsError, match="sanad feed list"):
        unsubscribe(subscribed, web.url("/feed"))


def test_what_is_no_feed_is_not_added(folder: Path, web: WebServer) -> None:
    web.pages["/a"] = gives("<html><link rel='alternate' type='application/atom+xml' href='feed'></html>")
    with pytest.raises(FetchError, match=f"sanad feed add {web.url('/feed')}"):
        subscribe(folder, web.url("/a"), NEAR)
    assert subscriptions(folder) == []


def test_notes_that_cannot_be_read_say_what_to_do(subscribed: Path) -> None:
    (file,) = (subscribed / ".feeds").glob("*.json")
    file.write_text('{"url": 1}', encoding="utf-8")
    with pytest.raises(SettingsError, match="Delete it, and add that feed again"):
        subscriptions(subscribed)


# The commands.


@pytest.fixture
def near(articles: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SANAD_ALLOW_PRIVATE_ADDRESSES", "true")
    offer(web, item("1", "ضرب زلزال بقوة 7 درجات سواحل تشيلي الشمالية.", "زلزال في تشيلي"))
    return articles


def test_feed_lives_from_add_to_remove(near: Path, web: WebServer) -> None:
    url = web.url("/feed")
    assert run("feed", "add", url).stdout == f"added  {url}: الضفة, 1 entries\nFetch them: sanad feed fetch\n"
    (report,) = map(json.loads, run("feed", "fetch", "--json").stdout.splitlines())
    assert (report["state"], len(report["new"])) == ("fetched", 1)
    (citation, *_) = json.loads(run("ask", "--json", "ماذا ضرب تشيلي؟").stdout)["citations"]
    assert (citation["path"], citation["source"]) == (report["new"][0], "الضفة")
    (row,) = map(json.loads, run("feed", "list", "--json").stdout.splitlines())
    assert (row["url"], row["title"], row["articles"], row["trouble"]) == (url, "الضفة", 1, None)
    assert run("feed", "remove", url).stdout == f"removed  {url}; its articles stay\n"
    assert run("feed", "list").output == ""


def test_one_feed_that_fails_stops_no_other(near: Path, web: WebServer) -> None:
    offer(web, item("1", BODY), path="/other")
    for path in ("/feed", "/other"):
        run("feed", "add", web.url(path))
    web.pages["/other"] = fails(404)
    result = run("feed", "fetch")
    assert (result.exit_code, "1 new" in result.stdout, "HTTP 404" in result.stderr) == (0, True, True)
    assert "HTTP 404" in run("feed", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fetch"], "has no feed yet. Add one: sanad feed add URL"),
        (["fetch", "http://news.example/"], "is no feed of this folder. List them: sanad feed list"),
        (["remove", "http://news.example/"], "is no feed of this folder"),
        (["add", "http://127.0.0.1/feed"], "SANAD_ALLOW_PRIVATE_ADDRESSES=true"),
        (["add", "news.example"], "only http: and https: are fetched"),
    ],
)
def test_mistake_is_answered_by_what_to_type(articles: Path, arguments: list[str], said: str) -> None:
    result = run("feed", *arguments)
    assert (result.exit_code, said in result.stderr) == (1, True)


def test_two_do_not_fetch_at_once(near: Path, web: WebServer) -> None:
    run("feed", "add", web.url("/feed"))
    with FileLock(near / ".feeds" / "lock"):
        assert "Another process is fetching the feeds" in run("feed", "fetch").stderr
        assert "Another process is fetching the feeds" in run("feed", "remove", web.url("/feed")).stderr


def test_entry_that_changed_keeps_its_former_text_and_says_where_it_came_from(subscribed: Path, web: WebServer) -> None:
    offer(web, item("1", BODY, link="https://news.example/1"))
    (path,) = fetched(subscribed).new
    first = read_origins(subscribed)[path]
    assert (first.url, first.written) == (
        "https://news.example/1",
        hashlib.sha256((subscribed / path).read_bytes()).hexdigest(),
    )
    offer(web, item("1", BODY + " وعاد مساء.", link="https://news.example/1"))
    fetched(subscribed)
    (former,) = read_former(subscribed)[path]
    assert BODY in former.text
    assert "وعاد مساء" not in former.text
    assert (former.url, former.sha256, former.fetched) == (first.url, first.sha256, first.fetched)
