"""JSON Lines and CSV: an article a row, its columns by our names or by those that `articles.toml` maps to them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Literal, TypeVar, get_args

from retrieval.errors import ArticleError
from retrieval.extraction.metadata import Field
from retrieval.nlp.analysis import bare
from retrieval.nlp.word_lists import read_word_lists
from retrieval.readers.document import (
    Begin,
    Columns,
    ContainerMember,
    SourceDocument,
    UniqueNames,
    facts_of,
    refusing_unreadable,
    unobserved,
    with_headline,
)
from retrieval.readers.encodings import decode
from retrieval.readers.html_fragment import is_html, text_of_html

MOST_FIELD = 4 * 2**20  # characters of a field, and of a line of JSON
DELIMITERS = ",;\t|،"  # the last is typed where a list is typed in Arabic

_Value = TypeVar("_Value")

Column = Literal["text", "title", "source", "author", "published", "dated", "url", "id"]
# What a column may be called, our own name first.
ALIASES: dict[Column, list[str]] = {
    column: read_word_lists("readers", "columns")[column] for column in get_args(Column)
}
_WORD_JOIN = re.compile(r"[_-]+|(?<=[a-z])(?=[A-Z])")  # in names that programs give: published_at, datePublished
_SEPARATOR = re.compile(r"\"?sep=(?P<sign>[,;\t|،]?)\"?", re.IGNORECASE)  # Excel's first line, with or without the sign
_SERIAL = re.compile(r"[3-5]\d{4}(?:\.\d+)?")  # 1982 to 2064; a year has four digits
_FIRST_SERIAL = date(1899, 12, 30)  # day 0 of spreadsheets, as they count on from it (ECMA-376 part 1, 18.17.4.1)
_STAMP = re.compile(r"[1-9]\d{8,9}(?:\d{3})?")
_NAME = re.compile(r"[\w.@:+-]{1,80}")
_HOST = re.compile(r"https?://(?:www\.)?([^/:?#\s]+)", re.IGNORECASE)


def read_jsonl(data: bytes, columns: Columns, begin: Begin = unobserved) -> Iterator[ContainerMember]:
    """Yield the article of each line of JSON; a bad line is a failure of its own.

    Raises:
        ArticleError: the file is no text, or has no line.
    """
    text, encoding = decode(data)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise ArticleError("is empty")
    rows = _Rows("jsonl", encoding, begin)
    for number, line in lines:
        yield rows.member(number, partial(_columns_of_json, line, columns))


def read_csv(data: bytes, columns: Columns, begin: Begin = unobserved) -> Iterator[ContainerMember]:
    """Yield the article of each row; the first one names the columns, and a bad row is a failure of its own.

    Raises:
        ArticleError: the file is no text, has no column of texts, or ends inside quotation marks.
    """
    text, encoding = decode(data)
    if not text.strip():
        raise ArticleError("is empty")
    head = text.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")
    excel = _SEPARATOR.fullmatch(head)
    delimiter = (excel["sign"] if excel else None) or max(DELIMITERS, key=head.count)
    csv.field_size_limit(MOST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = _Rows("csv", encoding, begin)
    header: dict[Column, int] = {}
    width = 0
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not header and _SEPARATOR.fullmatch("".join(row)):
                continue
            if not header:
                header, width = _header(row, columns), len(row)
                continue
            number = reader.line_num  # where the row ends: its text may span lines
            if len(row) != width:
                reason = f"has {len(row)} columns and the head {width}; quote texts that hold {delimiter!r}"
                yield rows.failure(number, reason)
                continue
            found: Mapping[Column, object] = {column: row[at] for column, at in header.items()}
            yield rows.member(number, partial(dict, found))
    except csv.Error as error:
        if "limit" in str(error):
            reason = f"has a field of more than {MOST_FIELD:,} letters; split it into articles"
        else:
            reason = (
                f"cannot be read on ({error}): a quotation mark opens and never closes, or the file is half-written"
            )
        yield rows.failure(reader.line_num, reason)


class _Rows:
    """The rows of one file as members of it: named by the row's own id where it is fit and new, else by its line."""

    def __init__(self, format_name: str, encoding: str, begin: Begin) -> None:
        self._format, self._encoding, self._begin = format_name, encoding, begin
        self._names = UniqueNames()

    def member(self, number: int, read: Callable[[], Mapping[Column, object]]) -> ContainerMember:
        """Return the article of the row that ends at a line, or why it is none."""
        try:
            self._begin()
            with refusing_unreadable():
                found = read()
                document = _document(found, self._format, self._encoding)
        except ArticleError as error:
            return self.failure(number, str(error))
        given = found.get("id")
        name = str(given).strip() if isinstance(given, str | int) else ""
        is_fit = _NAME.fullmatch(name) and name.strip(".")
        return ContainerMember(self._names.free(name if is_fit else str(number)), document)

    def failure(self, number: int, reason: str) -> ContainerMember:
        """Return the row that ends at a line as no article."""
        return ContainerMember(self._names.free(str(number)), f"line {number}: {reason}")


def parse_json(line: str | bytes) -> object:
    """Return the value that a line of JSON states.

    Raises:
        ArticleError: it is none; the message is the reason alone.
    """
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"is no JSON ({error}); was the file cut short?") from error


def _columns_of_json(line: str, columns: Columns) -> dict[Column, object]:
    if len(line) > MOST_FIELD:
        raise ArticleError(f"is too long: {len(line):,} letters, at most {MOST_FIELD:,}")
    row = parse_json(line)
    if not isinstance(row, dict):
        raise ArticleError('is no JSON object, as {"text": "..."} is')
    return {column: row.get(name) for column, name in _named(row, columns).items()}


def _header(row: list[str], columns: Columns) -> dict[Column, int]:
    named = _named(dict.fromkeys(row), columns)
    if "text" not in named:
        held = ", ".join(name.strip() for name in row[:8])
        raise ArticleError(
            f'has no column of texts among: {held}; name it text, or map it in articles.toml: columns.text = "NAME"'
        )
    return {column: row.index(name) for column, name in named.items()}


def _named(row: Mapping[str, object], columns: Columns) -> dict[Column, str]:
    """Return what the columns that we know are called in a row."""
    known = {_spelt(str(name)): name for name in reversed(list(row))}
    found: dict[Column, str] = {}
    for column, aliases in ALIASES.items():
        given = columns.get(column)
        for alias in map(_spelt, (given,) if given else aliases):
            if alias in known:
                found[column] = known[alias]
                break
    return found


def _spelt(name: str) -> str:
    """Return the name of a column as names are compared.

    >>> _spelt("datePublished"), _spelt("Post_Title"), _spelt("النَّص")
    ('date published', 'post title', 'النص')
    """
    return bare(_WORD_JOIN.sub(" ", name))


def _plain(value: object, between: str) -> object:
    """Return a value of JSON as a text where it holds one: a name, as schema.org has it, or several joined.

    >>> _plain({"@type": "Person", "name": "رنا"}, ", "), _plain(["رنا", {"name": "سمر"}], ", "), _plain([3], ", ")
    ('رنا', 'رنا, سمر', '')
    """
    if isinstance(value, dict):
        return value.get("name")
    if isinstance(value, list):
        return between.join(held for each in value if isinstance(held := _plain(each, between), str))
    return value


def _document(found: Mapping[Column, object], format_name: str, encoding: str) -> SourceDocument:
    text = found.get("text")
    if isinstance(text, list):
        text = _plain(text, "\n\n")
    if not isinstance(text, str) or not text.strip():
        raise ArticleError("has no text" if not text or isinstance(text, str) else "has a text that is no string")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ArticleError("has half a character, a lone surrogate, in its text")
    # An article that Sanad exported goes by the digest of its text, and comes back as it was.
    own = hashlib.sha256(text.encode("utf-8")).hexdigest()[:12] == found.get("id")
    host = _HOST.match(str(found.get("url") or ""))
    stated: dict[Field, object] = {
        "title": found.get("title"),
        "source": _plain(found.get("source"), ", ") or (host[1].lower() if host else None),
        "author": _plain(found.get("author"), ", "),
        "published": _day_of(found.get("published")),
        "dated": found.get("dated"),
    }
    url = str(found["url"]).strip() if host else None
    if own:
        return SourceDocument(text, format_name, encoding, facts_of(stated), url)
    facts = facts_of({field: _shown(value) for field, value in stated.items()})
    return SourceDocument(with_headline(_shown(text), facts.get("title")), format_name, encoding, facts, url)


def _shown(value: _Value) -> _Value | str:
    """Return what a reader sees of a value: the text of HTML, anything else as it is."""
    return text_of_html(value, has_lines=True) if isinstance(value, str) and is_html(value) else value


def _day_of(stamp: object) -> object:
    """Return the day of a time in seconds or milliseconds since 1970, in Greenwich, or a spreadsheet's count of days.

    Anything else is returned as it is.

    >>> _day_of(1583280000), _day_of("1583280000000"), _day_of("43894"), _day_of("2020"), _day_of("4 آذار 2020")
    ('2020-03-04', '2020-03-04', '2020-03-04', '2020', '4 آذار 2020')
    """
    said = "" if isinstance(stamp, bool) else str(stamp).strip()
    if _SERIAL.fullmatch(said):
        return (_FIRST_SERIAL + timedelta(days=int(float(said)))).isoformat()
    if not _STAMP.fullmatch(said):
        return stamp
    seconds = int(said) / (1000 if len(said) > 10 else 1)
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
