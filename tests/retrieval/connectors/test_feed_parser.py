from __future__ import annotations

import pytest

from retrieval.connectors.feed_parser import Entry, Feed, article_of_entry, parse_feed
from retrieval.connectors.web import Fetched
from retrieval.corpus.articles import parse_article
from retrieval.errors import FetchError

LONG = "قال الوزير إن الطرفين سيلتقيان قريبا في سوتشي. " * 25
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>وكالة الضفة</title>{}</channel></rss>"""
RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://news.example/"><title>وكالة الضفة</title></channel>
<item rdf:about="http://news.example/1"><title>خبر</title><link>http://news.example/1</link>
<dc:date>2019-05-14T01:00:00+03:00</dc:date><description>نص قصير</description></item></rdf:RDF>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>وكالة الضفة</title><entry>
<id>http://news.example/1</id><title>خبر</title><link href="http://news.example/1"/>
<published>2019-05-14T01:00:00+03:00</published><summary>نص قصير</summary></entry></feed>"""
ITEM = """<item><title>خبر</title><link>http://news.example/1</link><guid>http://news.example/1</guid>
<pubDate>Tue, 14 May 2019 01:00:00 +0300</pubDate><description>نص قصير</description></item>"""


def parsed(data: str | bytes, kind: str = "application/rss+xml", charset: str | None = None) -> Feed:
    body = data.encode() if isinstance(data, str) else data
    return parse_feed(Fetched("http://news.example/feed", kind, charset, body))


def only(item: str) -> Entry:
    (entry,) = parsed(RSS.format(item)).entries
    return entry


@pytest.mark.parametrize("data", [RSS.format(ITEM), RDF, ATOM], ids=["RSS 2.0", "RSS 1.0", "Atom"])
def test_each_format_says_the_same(data: str) -> None:
    feed = parsed(data)
    (entry,) = feed.entries
    assert feed.title == "وكالة الضفة"
    assert entry == Entry(
        "http://news.example/1", "خبر", "نص قصير", False, "http://news.example/1", "وكالة الضفة", None, "2019-05-14"
    )


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("Tue, 14 May 2019 23:30:00 -0500", "2019-05-14"),  # already the 15th in Greenwich
        ("2019-05-14T00:30:00+03:00", "2019-05-14"),
        ("2019-05-14", "2019-05-14"),
        ("yesterday", None),
        ("Tue, 99 May 2019 99:00:00", None),
        ("", None),
    ],
)
def test_date_is_the_outlets_own(said: str, published: str | None) -> None:
    assert only(f"<item><guid>1</guid><pubDate>{said}</pubDate></item>").published == published


@pytest.mark.parametrize(
    ("item", "is_whole"),
    [
        (f"<description>{LONG}</description>", True),
        ("<description>نص قصير</description>", False),
        (f"<description>{LONG}[…]</description>", False),
        (f"<description>{LONG} ...</description>", False),
        ("<description>ملخص</description><content:encoded>&lt;p&gt;نص تام.&lt;/p&gt;</content:encoded>", True),
    ],
)
def test_entry_knows_whether_it_carries_its_article(item: str, is_whole: bool) -> None:
    assert only(f"<item><guid>1</guid>{item}</item>").is_whole == is_whole


def test_markup_and_scripts_are_left_out() -> None:
    entry = only(
        "<item><title>&lt;b&gt;خبر&lt;/b&gt; &amp;amp; رأي\u202e</title><guid>1</guid>"
        "<content:encoded><![CDATA[<p onclick='x()'>أول</p><script>alert(1)</script><p>ثان<br/>ثالث</p>]]>"
        "</content:encoded></item>"
    )
    assert (entry.title, entry.text) == ("خبر & رأي", "أول\n\nثان\nثالث")


def test_entries_without_an_id_are_told_apart_by_what_they_say() -> None:
    feed = parsed(
        RSS.format("<item><title>أول</title></item><item><title>ثان</title></item><item><title>أول</title></item>")
    )
    assert [entry.title for entry in feed.entries] == ["أول", "ثان"]


def test_of_an_id_that_stands_twice_the_first_counts() -> None:
    feed = parsed(
        RSS.format("<item><guid>1</guid><title>جديد</title></item><item><guid>1</guid><title>قديم</title></item>")
    )
    assert [entry.title for entry in feed.entries] == ["جديد"]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "http://me:secret@news.example/", "http://[::z]/"]
)
def test_link_that_is_no_address_of_the_web_is_none(link: str) -> None:
    assert only(f"<item><guid isPermaLink='false'>1</guid><link>{link}</link></item>").url is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("<html><body>خبر</body></html>", "is a web page and no feed, and names none"),
        (
            "<html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head><body>خبر</body></html>",
            "names its feed: sanad feed add http://news.example/rss",
        ),
        ("<rss version='2.0'><channel><title>&#xD800;</title><item>", "cannot be read as a feed"),
        ("", "is empty"),
        ("قال الوزير", "is neither RSS nor Atom"),
        ("<rss>" + " " * 4 * 2**20, "is larger than 4 MiB"),
        ('{"version": "https://jsonfeed.org/version/1"}', "is neither RSS nor Atom"),
        (b"\xff\xfe\x00\x01", "is neither RSS nor Atom"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(data: str | bytes, said: str) -> None:
    with pytest.raises(FetchError, match=said):
        parsed(data, "text/html")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_feed_that_declares_entities_is_refused(encoding: str) -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    data = RSS.format(ITEM).replace("<rss", bomb + "<rss").replace("utf-8", encoding)
    with pytest.raises(FetchError, match="declares entities"):
        parsed(data.encode(encoding))


def test_feed_that_breaks_off_gives_what_it_has() -> None:
    assert len(parsed(RSS.format(ITEM)[:-30]).entries) == 1


@pytest.mark.parametrize("charset", [None, "windows-1256"])
def test_feed_in_the_older_encoding_is_read(charset: str | None) -> None:
    stated = 'encoding="utf-8"', 'encoding="windows-1256"'
    data = RSS.format(ITEM).replace(stated[0], "" if charset else stated[1])  # or by the server alone
    assert parsed(data.encode("cp1256"), charset=charset).entries[0].title == "خبر"


BOLD = "<b>" * 10_000


@pytest.mark.parametrize(
    "body",
    ["<![CDATA[" * 20_000, "&lt;" * 200_000, BOLD, "&lt;a b='" * 50_000, "<![CDATA[" + BOLD, "&#x1F600;" * 50_000],
)
def test_hostile_feed_is_read_all_the_same(body: str) -> None:
    feed = parsed(RSS.format(f"<item><guid>1</guid><description>{body}</description></item>"))
    assert len(feed.entries) == 1


def test_article_states_by_itself_what_the_feed_said() -> None:
    entry = Entry(
        "id", 'قال "نعم": لا', f"{LONG}\n\n---\n\n{LONG}", True, "http://news.example/1", "الضفة", "سارة", "2019-05-14"
    )
    article = parse_article("a.md", article_of_entry(entry, "http://news.example/feed"), {})
    assert (article.title, article.source, article.author) == ('قال "نعم": لا', "الضفة", "سارة")
    assert article.published == "2019-05-14"
    first = article.body[0]
    assert article.text[first.start : first.end] == LONG.strip()


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("الأحد، 20 حزيران 2021", "2021-06-20"),
        ("20-حزيران-2021 10:30", "2021-06-20"),
        ("9 رمضان 1440 هـ", "2019-05-14"),
        ("2021-06-21 09:00:00", "2021-06-21"),
        ("Sun, 20 Jun 2021 22:30:00 GMT", "2021-06-20"),
        ("05/06/2020", None),
        ("الأحد", None),
        ("أمس", None),
    ],
)
def test_a_day_is_read_in_the_outlet_s_own_words(said: str, day: str | None) -> None:
    feed = parsed(RSS.format(f"<item><guid>1</guid><description>x</description><pubDate>{said}</pubDate></item>"))
    assert feed.entries[0].published == day


@pytest.mark.parametrize(
    "content",
    [
        "<![CDATA[<p>أول</p><p>ثان</p>]]>",
        "&lt;p&gt;أول&lt;/p&gt;&lt;p&gt;ثان&lt;/p&gt;",
        "&lt;![CDATA[&lt;p&gt;أول&lt;/p&gt;&lt;p&gt;ثان&lt;/p&gt;]]&gt;",
        "&amp;lt;p&amp;gt;أول&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;ثان&amp;lt;/p&amp;gt;",
        "<![CDATA[&lt;p&gt;أول&lt;/p&gt;&lt;p&gt;ثان&lt;/p&gt;]]>",
    ],
)
def test_markup_is_read_however_often_it_was_escaped(content: str) -> None:
    feed = parsed(RSS.format(f"<item><guid>1</guid><description>{content}</description></item>"))
    assert feed.entries[0].text == "أول\n\nثان"
