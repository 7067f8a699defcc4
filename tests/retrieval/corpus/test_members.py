"""Rows of tables and files of archives: each an article, or a failure of its own."""

from __future__ import annotations

import hashlib
import re

import pytest
from support.builders.files import lines, zipped

from retrieval.errors import ArticleError
from retrieval.readers import registry, zip_archive
from retrieval.readers.document import ContainerMember, SourceDocument
from retrieval.readers.registry import read_members

FIRST = "قال الوزير إن الاجتماع انتهى."
SECOND = "وأضاف أنه سيعود غدا."


def texts(members: list[ContainerMember]) -> dict[str, str]:
    return {m.name: m.content if isinstance(m.content, str) else m.content.text for m in members}


def test_each_line_of_json_is_an_article() -> None:
    data = lines({"text": FIRST, "title": "عنوان", "date": "2019-05-14T09:00:00Z", "url": "https://www.site.example/1"})
    [member] = read_members("a.jsonl", data, {})
    facts = {"title": "عنوان", "published": "2019-05-14", "source": "site.example"}
    assert member == ContainerMember(
        "1", SourceDocument(f"عنوان\n\n{FIRST}", "jsonl", "utf-8", facts, "https://www.site.example/1")
    )


def test_a_bad_line_is_a_failure_with_its_number_and_the_rest_is_read() -> None:
    data = lines(
        {"text": FIRST}, '{"text": "قا', "[]", {"title": "x"}, {"text": 3}, '{"text": "\\ud800"}', "", {"body": SECOND}
    )
    found = texts(list(read_members("a.jsonl", data, {})))
    assert (found["1"], found["8"]) == (FIRST, SECOND)
    assert found["2"].startswith("line 2: is no JSON (")
    assert found["3"].startswith("line 3: is no JSON object")
    assert found["4"] == "line 4: has no text"
    assert found["5"] == "line 5: has a text that is no string"
    assert found["6"].startswith("line 6: has half a character")


def test_a_row_with_an_id_goes_by_it() -> None:
    rows = [
        {"id": "a-1", "text": FIRST},
        {"id": "a-1", "text": SECOND},
        {"id": "../x", "text": FIRST},
        {"id": 7, "text": FIRST},
    ]
    assert [member.name for member in read_members("a.jsonl", lines(*rows), {})] == ["a-1", "a-1~2", "3", "7"]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("<p>قال إن السكة &quot;تفتح&quot; غدا.<br>وطولها 300 كم.</p>", 'قال إن السكة "تفتح" غدا.\nوطولها 300 كم.'),
        ("&lt;p&gt;قال الوزير نعم.&lt;/p&gt;&lt;p&gt;ثم خرج.&lt;/p&gt;", "قال الوزير نعم.\n\nثم خرج."),
        ("قال <b>الوزير</b> نعم.\nثم خرج.", "قال الوزير نعم.\n\nثم خرج."),
        ("بلغت 350<sup>2</sup> مليونا.", "بلغت 350 مليونا."),
        ("كانت 3 < 5 و<أحمد> حاضرا.", "كانت 3 < 5 و<أحمد> حاضرا."),
    ],
)
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_html_in_a_row_is_read_as_html(name: str, text: str, read_as: str) -> None:
    quoted = text.replace('"', '""')
    data = (
        lines({"text": text, "title": "<b>لقاء</b> &amp; خبر"})
        if name == "a.jsonl"
        else (f'title,text\n<b>لقاء</b> &amp; خبر,"{quoted}"\n'.encode())
    )
    [member] = read_members(name, data, {})
    assert isinstance(member.content, SourceDocument)
    assert member.content.text == f"لقاء & خبر\n\n{read_as}"
    assert member.content.facts == {"title": "لقاء & خبر"}


def test_an_exported_row_comes_back_as_it_was() -> None:
    text = "<p>قال الوزير &quot;نعم&quot;.</p>"
    own = hashlib.sha256(text.encode()).hexdigest()[:12]
    [member] = read_members("a.jsonl", lines({"text": text, "article_id": own, "title": "عنوان"}), {})
    assert isinstance(member.content, SourceDocument)
    assert member.content.text == text


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_line_that_excel_writes_above_a_table_names_the_delimiter(first: str, ending: str) -> None:
    data = ending.join([first, "العنوان;النص", f"لقاء، ثم لقاء;{FIRST}"]).encode("utf-8-sig")
    [member] = read_members("a.csv", data, {})
    assert texts([member]) == {"3": f"لقاء، ثم لقاء\n\n{FIRST}"}


@pytest.mark.parametrize("head", [" العنوان ,التّاريخ,النَّص", "الـعنوان,التاريخ,النصّ", "عنوان الخبر,تاريخ,نص"])
def test_a_column_is_known_however_its_name_is_spelt(head: str) -> None:
    [member] = read_members("a.csv", f"{head}\nلقاء,4 آذار 2020,{FIRST}\n".encode(), {})
    assert isinstance(member.content, SourceDocument)
    assert member.content.facts == {"title": "لقاء", "published": "2020-03-04"}


@pytest.mark.parametrize(
    ("stamp", "facts"),
    [
        (1583280000, {"published": "2020-03-04"}),
        ("1583280000000", {"published": "2020-03-04"}),
        (20200304, {}),
        (True, {}),
        (15832800000, {}),
    ],
)
def test_a_time_in_seconds_states_its_day(stamp: object, facts: dict[str, str]) -> None:
    [member] = read_members("a.jsonl", lines({"text": FIRST, "published_at": stamp}), {})
    assert isinstance(member.content, SourceDocument)
    assert member.content.facts == facts


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "،"])
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "cp1256"])
def test_a_table_is_read_with_any_delimiter_in_any_encoding(delimiter: str, codec: str) -> None:
    head, row = ["العنوان", "النص", "المصدر"], ["لقاء", f'"{FIRST}\n{SECOND}"', "رويترز"]
    data = "\r\n".join([delimiter.join(head), delimiter.join(row)]).encode(codec)
    [member] = read_members("a.csv", data, {})
    assert isinstance(member.content, SourceDocument)
    assert member.content.text == f"لقاء\n\n{FIRST}\n{SECOND}"
    assert member.content.facts == {"title": "لقاء", "source": "رويترز"}


def test_what_is_said_of_the_day_comes_back_from_an_export() -> None:
    dates = ("2019-05-14", "9 رمضان 1440 هـ"), (None, "05/06/2019"), ("2019-05-14", None)
    rows = ({"text": "خبر", "published": published, "dated": dated} for published, dated in dates)
    members = read_members("a.jsonl", lines(*rows), {})
    facts = [member.content.facts for member in members if isinstance(member.content, SourceDocument)]
    assert [(stated.get("published"), stated.get("dated")) for stated in facts] == [*dates]


def test_other_names_of_columns_are_mapped() -> None:
    [member] = read_members("a.csv", f"Story,Wire\n{FIRST},سانا\n".encode(), {"text": "story", "source": "Wire"})
    assert isinstance(member.content, SourceDocument)
    assert (member.content.text, member.content.facts) == (FIRST, {"source": "سانا"})


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        (
            "a.csv",
            b"a,b\n1,2\n",
            'has no column of texts among: a, b; name it text, or map it .* columns.text = "NAME"',
        ),
        ("a.csv", b"\xef\xbb\xbf", "is empty"),
        ("a.jsonl", b"\n\n", "is empty"),
        ("a.jsonl", zipped({"a.txt": b"a"}), "is a ZIP archive under the name of a .jsonl file"),
        ("a.zip", b"", "is empty"),
        ("a.zip", b"text", "is not a ZIP archive"),
        ("a.zip", zipped({"a.txt": FIRST.encode()})[:-30], "is a damaged ZIP archive"),
        ("a.zip", zipped({"a.png": b"x", ".a.txt": b"x", "__MACOSX/a.txt": b"x"}), "holds no file of an article"),
        ("a.zip", zipped({"a.txt": b"0" * 2**22}), "decompression bomb"),
    ],
)
def test_a_container_that_cannot_be_read_says_why(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        list(read_members(name, data, {}))


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        (f'"{SECOND}', "line 3: cannot be read on .* never closes"),
        (f"{SECOND},x", "line 3: has 2 columns and the head 1"),
        (f'"{"س" * (4 * 2**20 + 1)}"', "line 3: has a field of more than 4,194,304 letters"),
    ],
)
def test_a_bad_row_is_a_failure_and_those_before_it_are_read(rest: str, reason: str) -> None:
    good, bad = read_members("a.csv", f"text\n{FIRST}\n{rest}\n".encode(), {})
    assert isinstance(good.content, SourceDocument)
    assert isinstance(bad.content, str)
    assert re.search(reason, bad.content)


def test_an_archive_gives_its_files_and_those_of_archives_inside() -> None:
    inner = zipped({"c.txt": SECOND.encode("cp1256"), "rows.jsonl": lines({"text": FIRST}, "no")})
    data = zipped({"news/a.txt": FIRST.encode(), "b.zip": inner, "bad.pdf": b"x", "photo.jpg": b"x"})
    found = texts(list(read_members("a.zip", data, {})))
    assert found.pop("b.zip/rows.jsonl/2").startswith("line 2: is no JSON")
    assert found == {
        "news/a.txt": FIRST,
        "b.zip/c.txt": SECOND,
        "b.zip/rows.jsonl/1": FIRST,
        "bad.pdf": "is not a PDF, whatever its name says",
    }


@pytest.mark.parametrize("name", ["../a.txt", "a/../../b.txt", "C:\\a.txt"])
def test_a_name_that_leads_out_is_a_failure(name: str) -> None:
    [member] = read_members("a.zip", zipped({name: FIRST.encode()}), {})
    assert member.content == "has a name that leads out of its archive; pack it again"


def test_an_absolute_name_stays_below_the_archive() -> None:
    [member] = read_members("a.zip", zipped({"/etc/a.txt": FIRST.encode()}), {})
    assert member.name == "etc/a.txt"


def test_archives_nested_too_deep_are_a_failure() -> None:
    data = zipped({"a.txt": FIRST.encode()})
    for _ in range(zip_archive.MOST_DEPTH):
        data = zipped({"in.zip": data})
    [member] = read_members("a.zip", data, {})
    assert member.content == "lies in more than 3 archives, one inside the other"


@pytest.mark.parametrize(
    ("bound", "most", "reason"),
    [("MOST_MEMBERS", 3, "holds more than 3 files"), ("MOST_UNPACKED", 2**20, "unpacks to more than 1 MiB")],
)
def test_an_archive_keeps_within_its_bounds(
    monkeypatch: pytest.MonkeyPatch, bound: str, most: int, reason: str
) -> None:
    monkeypatch.setattr(zip_archive, bound, most)
    monkeypatch.setattr(registry, "Budget", lambda: zip_archive.Budget(zip_archive.MOST_UNPACKED))
    data = zipped({f"{at}.txt": bytes(at % 251 for at in range(2**18)) for at in range(5)})
    with pytest.raises(ArticleError, match=reason):
        list(read_members("a.zip", data, {}))


def test_a_locked_member_is_a_failure_and_the_rest_is_read() -> None:
    data = bytearray(zipped({"a.txt": FIRST.encode(), "b.txt": SECOND.encode()}))
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1  # the flag of the first member, in the directory
    locked, good = read_members("a.zip", bytes(data), {})
    assert locked.content == "is locked by a password; pack it without one"
    assert isinstance(good.content, SourceDocument)


def test_a_damaged_member_is_a_failure_and_the_rest_is_read() -> None:
    data = bytearray(zipped({"a.txt": FIRST.encode(), "b.txt": SECOND.encode()}))
    data[36] ^= 0xFF  # the first byte of what is packed
    damaged, good = read_members("a.zip", bytes(data), {})
    assert isinstance(damaged.content, str)
    assert damaged.content.startswith("is damaged in its archive")
    assert isinstance(good.content, SourceDocument)


@pytest.mark.parametrize(
    "row",
    [
        {"headline": "لقاء", "publisher": {"@type": "Organization", "name": "سانا"}, "articleBody": FIRST},
        {"post_title": "لقاء", "site_name": "سانا", "Article-Text": FIRST},
        {"عنوان المقال": "لقاء", "اسم المصدر": "سانا", "متن الخبر": [FIRST]},
    ],
)
def test_the_names_that_other_programs_give_are_known(row: dict[str, object]) -> None:
    [member] = read_members("a.jsonl", lines(row | {"datePublished": "2020-03-04T08:00:00Z"}), {})
    assert isinstance(member.content, SourceDocument)
    assert member.content.text == f"لقاء\n\n{FIRST}"
    assert member.content.facts == {"title": "لقاء", "source": "سانا", "published": "2020-03-04"}


def test_several_paragraphs_and_several_authors_of_a_row_are_joined() -> None:
    [member] = read_members("a.jsonl", lines({"text": [FIRST, SECOND], "authors": ["رنا", {"name": "سمر"}]}), {})
    assert isinstance(member.content, SourceDocument)
    assert (member.content.text, member.content.facts) == (f"{FIRST}\n\n{SECOND}", {"author": "رنا, سمر"})


@pytest.mark.parametrize(
    ("cell", "day"), [("43894", "2020-03-04"), ("43894.75", "2020-03-04"), ("12345", None), ("438940", None)]
)
def test_a_spreadsheets_number_of_a_day_states_it(cell: str, day: str | None) -> None:
    [member] = read_members("a.tsv", f"النص\tالتاريخ\n{FIRST}\t{cell}\n".encode(), {})
    assert isinstance(member.content, SourceDocument)
    assert member.content.facts.get("published") == day
