"""Reading files into articles: which count, what is refused and why, what `articles.toml` says."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.corpus.articles import (
    article_id_of,
    article_of,
    find_files,
    parse_article,
    path_of,
    read_article,
    read_overrides,
)
from retrieval.errors import ArticleError, SettingsError
from retrieval.readers.document import SourceDocument

NOBODY = 65534  # a user without rights
SEEDS = Path(__file__).parents[3] / "seeds"
PARAGRAPH = "قال الوزير إن الطرفين اتفقا على مواصلة التنسيق."


def write(folder: Path, name: str, data: bytes | str = PARAGRAPH) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    return path


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that everyone may enter, seen without the privileges of root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, "readable.txt")
        write(folder, "secret.txt").chmod(0)
        write(folder, "closed/inside.txt").parent.chmod(0)
        folder.chmod(0o755)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(NOBODY)
        yield folder
        if is_root:
            os.seteuid(0)
        (folder / "closed").chmod(0o755)


@pytest.mark.parametrize(
    ("number", "title", "source", "author", "paragraphs"),
    [
        (0, None, None, None, 10),
        (1, "على وقع النزوح والمجازر.. مباحثات روسية- سورية وروسية- تركية حول إدلب", None, None, 11),
        (2, None, None, None, 6),
        (
            3,
            "لقاءات مكثفة لبحث سبل خفض التوتر قي شمال غرب سوريا",
            "رويترز العربية نت وكالات",
            "الأيام السورية؛ قسم الأخبار",
            16,
        ),
        (4, None, "الشرق الاوسط", "رائد جبر", 11),
    ],
)
def test_the_seeds_say_of_themselves_what_they_say(
    number: int, title: str | None, source: str | None, author: str | None, paragraphs: int
) -> None:
    article = read_article(SEEDS, find_files(SEEDS)[number], {})
    assert (article.title, article.source, article.author, article.published) == (title, source, author, None)
    assert len(article.body) == paragraphs


def test_articles_are_files_of_known_formats_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b.txt", "a b.TXT", "أخبار/خبر.md", "articles.toml", ".hidden.txt", ".git/x.txt", "c.odt", "README"):
        write(tmp_path, name)
    assert [path_of(tmp_path, path) for path in find_files(tmp_path)] == ["a b.TXT", "b.txt", "أخبار/خبر.md"]


@pytest.mark.parametrize("name", ["missing", "file.txt"])
def test_a_folder_that_cannot_be_listed_is_a_matter_of_settings(tmp_path: Path, name: str) -> None:
    write(tmp_path, "file.txt")
    with pytest.raises(SettingsError, match="cannot be listed"):
        find_files(tmp_path / name)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (" \r\n\u00a0\n\t", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is binary: a NUL byte at offset 8"),
        (bytes(range(1, 32)) * 4, "is binary: too many control characters"),
        ("Café in Paris reopened.".encode("latin-1"), r"is not UTF-8 \(byte 0xE9 at offset 3\)"),
        (PARAGRAPH.encode("utf-8")[:21], "ends in the middle of a character"),
        ("مقالات ذات صلة\nتعليقات\nجاري التحميل", "holds no paragraph of its own"),
        ("المصدر: رويترز", "holds no paragraph of its own"),
        ("***\n—\n", "holds no paragraph of its own"),
        ("---\ntitle: عنوان\n---\n", "holds no paragraph of its own"),
        (b"a" * (16 * 2**20 + 1), r"is too large: 16\.0 MiB, at most 16; split it"),
    ],
)
def test_a_file_that_is_no_article_is_refused_in_one_line(tmp_path: Path, data: bytes | str, reason: str) -> None:
    path = write(tmp_path, "file.txt", data)
    with pytest.raises(ArticleError, match=reason) as refused:
        read_article(tmp_path, path, {})
    assert "\n" not in str(refused.value)


def test_a_large_sparse_file_is_refused_unread(tmp_path: Path) -> None:
    path = write(tmp_path, "file.txt")
    os.truncate(path, 2**40)
    with pytest.raises(ArticleError, match=r"is too large: 1048576\.0 MiB"):
        read_article(tmp_path, path, {})


def test_a_file_that_has_vanished_is_named_so(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="no longer there"):
        read_article(tmp_path, tmp_path / "gone.txt", {})


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(ArticleError, match="no regular file"):
        read_article(tmp_path, tmp_path / "pipe.txt", {})


@pytest.mark.parametrize(
    ("name", "reason"),
    [("secret.txt", "cannot be opened: permission denied"), ("closed", "is a folder that cannot be listed")],
)
def test_what_may_not_be_read_is_listed_and_refused(shared_folder: Path, name: str, reason: str) -> None:
    assert [path.name for path in find_files(shared_folder)] == ["closed", "readable.txt", "secret.txt"]
    with pytest.raises(ArticleError, match=reason):
        read_article(shared_folder, shared_folder / name, {})


def test_a_link_within_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to(write(tmp_path, "file.txt"))
    assert read_article(tmp_path, tmp_path / "link.txt", {}).path == "link.txt"


@pytest.mark.parametrize(
    ("target", "reason"),
    [("../outside.txt", "leads out of the articles' folder"), ("link.txt", "cannot be read|no longer there|leads out")],
)
def test_a_link_that_leads_out_or_nowhere_is_refused(tmp_path: Path, target: str, reason: str) -> None:
    write(tmp_path, "outside.txt")
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "link.txt").symlink_to(target)
    assert find_files(folder) == [folder / "link.txt"]
    with pytest.raises(ArticleError, match=reason):
        read_article(folder, folder / "link.txt", {})


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "elsewhere/file.txt")
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    assert find_files(folder) == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (b"a b (1) & 'c'.txt", "a b (1) & 'c'.txt"),
        ("أخبار سوريا.txt".encode(), "أخبار سوريا.txt"),
        ("می\u200cخواهم.txt".encode(), "می\u200cخواهم.txt"),
        (b"\xc7\xe1.txt", r"\xc7\xe1.txt"),
        (b"\\xc7.txt", r"\\xc7.txt"),
        (b"\x1b[2Ja\nb.txt", r"\x1b[2Ja\nb.txt"),
        ("a\u202etxt.txt".encode(), r"a\u202etxt.txt"),
    ],
)
def test_any_name_gives_a_path_that_can_be_stored_and_shown(tmp_path: Path, name: bytes, path: str) -> None:
    (tmp_path / os.fsdecode(name)).write_text(PARAGRAPH, encoding="utf-8")
    [file] = find_files(tmp_path)
    article = read_article(tmp_path, file, {})
    assert article.path == path
    assert article.path.encode("utf-8")


def test_the_stored_text_is_the_file_s_text(tmp_path: Path) -> None:
    text = f"\u00a0{PARAGRAPH}\r\n\r\n\tوأضاف أنه سيعود.\r\n"
    article = read_article(tmp_path, write(tmp_path, "file.txt", text), {})
    assert article.text == text
    assert [text[start:end] for start, end in article.body] == [PARAGRAPH, "وأضاف أنه سيعود."]


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    marked = read_article(tmp_path, write(tmp_path, "a.txt", b"\xef\xbb\xbf" + PARAGRAPH.encode("utf-8")), {})
    assert marked.text == PARAGRAPH
    assert marked.article_id == article_id_of(PARAGRAPH)


def test_articles_toml_has_the_last_word(tmp_path: Path) -> None:
    write(
        tmp_path,
        "articles.toml",
        """\ufeff["./news/a.txt"]\ntitle = "عنوان\u202e آخر"\nauthor = ""\npublished = 2019-05-14\n""",
    )
    path = write(tmp_path, "news/a.txt", f"---\ntitle: عنوان\nsource: سانا\n---\nبقلم: رائد جبر\n{PARAGRAPH}")
    article = read_article(tmp_path, path, read_overrides(tmp_path))
    assert (article.title, article.source, article.author) == ("عنوان آخر", "سانا", None)
    assert article.published == "2019-05-14"


def test_no_articles_toml_states_nothing(tmp_path: Path) -> None:
    assert read_overrides(tmp_path) == {}


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("title = ", "cannot be read as TOML"),
        (b"\xc7\xe1", "cannot be read as TOML"),
        (f"a = {'[' * 5000}", "cannot be read as TOML"),
        ('title = "x"', "'title' must be a table"),
        (
            '["a.txt"]\nheadline = "x"',
            "'a.txt' has an unknown key 'headline'; known are title, source, author, published",
        ),
        ('[a.txt]\ntitle = "x"', r'quote a path: \["a.txt"\]'),
        ('["a.txt"]\ntitle = 2019', "'a.txt' has title = 2019; write a text in quotes"),
        ('["a.txt"]\npublished = "May"', "'a.txt' has published = 'May'; write a date, as 2019-05-14"),
        ('["../a.txt"]\ntitle = "x"', "'../a.txt' is not in the articles' folder"),
        ('["/etc/passwd"]\ntitle = "x"', "'/etc/passwd' is not in the articles' folder"),
    ],
)
def test_a_mistake_in_articles_toml_is_named(tmp_path: Path, toml: bytes | str, reason: str) -> None:
    write(tmp_path, "articles.toml", toml)
    with pytest.raises(SettingsError, match=reason) as refused:
        read_overrides(tmp_path)
    assert "articles.toml" in str(refused.value)


@given(st.text())
def test_every_text_is_an_article_or_is_refused(text: str) -> None:
    try:
        article = parse_article("a.txt", text, {})
    except ArticleError:
        return
    slices = [text[start:end] for start, end in article.body]
    assert slices == [piece.strip() for piece in slices]
    assert all(slices)
    bounds = [offset for span in article.body for offset in span]
    assert bounds == sorted(bounds)


def test_line_of_tatweels_in_the_head_stops_no_article() -> None:
    headline = "سيول مرسين: ستة قتلى في الرواية الرسمية"
    paragraph = "ارتفعت حصيلة السيول التي ضربت قضاءي أنامور وبوزيازي في ولاية مرسين التركية إلى ستة قتلى."
    article = parse_article("a.txt", f"{headline}\n\nالمرصاد ــ وكالات\nالسبت 16 كانون الأول 2023\n\n{paragraph}", {})
    assert (article.title, article.text[slice(*article.body[-1])]) == (headline, paragraph)


def test_lone_surrogate_is_refused() -> None:
    with pytest.raises(ArticleError, match="half a character"):
        parse_article("a.txt", "قال \ud800 الوزير.", {})


@pytest.mark.parametrize(
    ("path", "stated", "title"),
    [
        ("week/scan-13.pdf", "scan-13", "افتتاح جسر المدينة أمام السير"),
        ("week/a.pdf", "scan-13", "scan-13"),
        ("جسر المدينة.pdf", "جسر المدينة", "جسر المدينة"),
    ],
)
def test_a_title_that_is_the_files_name_alone_is_none(path: str, stated: str, title: str) -> None:
    text = "افتتاح جسر المدينة أمام السير\n\nافتتح الوزير الجسر صباح أمس بعد أعمال دامت عامين."
    assert article_of(path, SourceDocument(text, "pdf", facts={"title": stated}), {}).title == title


def test_a_label_is_of_the_text_and_not_of_the_lines_that_state_its_source() -> None:
    text = "هدنة\nالمصدر: الراكوبة\nالتاريخ: 13 أبريل 2024\n\nدعا غوتيريش إلى هدنة في السودان.\n"
    assert parse_article("a.txt", text, {}).label == "هدنة دعا غوتيريش إلى هدنة في السودان."
