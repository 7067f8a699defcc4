"""Articles as lines of JSON, which say all that is known of them. Pure: articles in, lines out, and back."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, get_args

from retrieval.corpus.articles import OVERRIDES_NAME, article_id_of
from retrieval.corpus.atomic_files import file_stem
from retrieval.corpus.origins import Origin
from retrieval.errors import ArticleError
from retrieval.extraction.metadata import Field
from retrieval.nlp.dates import date_of
from retrieval.nlp.display import clean, is_hidden
from retrieval.readers.tabular import parse_json
from retrieval.types import Article

_VERSION = 1
LONGEST_JSON_LINE = 128 * 2**20  # bytes
LONGEST_PART = 240  # bytes of one part of a path; file systems take 255
_FORMS = {  # of what an export says of the bytes that an article was read from
    "fetched": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII),
    "sha256": re.compile(r"[0-9a-f]{64}"),
}
FIELDS: tuple[Field, ...] = get_args(Field)


@dataclass(frozen=True, slots=True)
class ExportedArticle:
    """One article of an export."""

    path: str
    text: str
    facts: dict[Field, str | None]
    url: str | None
    fetched: str | None
    sha256: str | None


# Out.


def names_of(paths: Iterable[str], origins: Mapping[str, Origin]) -> list[tuple[str, str]]:
    """Return the path that each file is exported under, and its own, sorted: an imported one keeps the path it had.

    >>> names_of(["a.pdf-1.md", "b.txt"], {"a.pdf-1.md": Origin("a.pdf-1.md", original="a.pdf")})
    [('a.pdf', 'a.pdf-1.md'), ('b.txt', 'b.txt')]
    """
    own = sorted(paths)
    taken = set(own)
    named = []
    for path in own:
        original = origins[path].original if path in origins else None
        name = original if original and original not in taken else path
        taken.add(name)
        named.append((name, path))
    return sorted(named)


def line_of(article: Article, path: str) -> bytes:
    """Return an article as one line of an export, under a path."""
    stated: dict[str, object] = {"version": _VERSION, "path": path, "article_id": article.article_id}
    stated |= {field: getattr(article, field) for field in FIELDS}
    stated |= {name: getattr(article, name) for name in ("url", *_FORMS, "text")}
    return json.dumps(stated, ensure_ascii=False).encode() + b"\n"


# In.


def read_line(data: bytes) -> ExportedArticle:
    """Return what one line of an export says.

    Raises:
        ArticleError: it cannot be one; the message is the reason alone.
    """
    if len(data) > LONGEST_JSON_LINE:
        raise ArticleError(f"is longer than {LONGEST_JSON_LINE / 2**20:g} MiB")
    given = parse_json(data)
    if not isinstance(given, dict) or not isinstance(given.get("path"), str) or not isinstance(given.get("text"), str):
        raise ArticleError("is no article; a line holds an object with path and text, as `sanad export` writes it")
    if given.get("version") != _VERSION:
        raise ArticleError(f"is of version {given.get('version')!r}, and this Sanad reads {_VERSION}")
    url = given.get("url")
    try:
        article_id = article_id_of(given["text"])
        f"{given['path']}{url}".encode()
    except UnicodeEncodeError as error:
        raise ArticleError("holds half a character, which no file can hold") from error
    if given.get("article_id", article_id) != article_id:
        raise ArticleError("is damaged: its text is not the one that was exported")
    facts = {field: _fact(field, given.get(field)) for field in FIELDS}
    published, dated = facts["published"], facts["dated"]
    if published and dated and date_of(dated) != published:
        raise ArticleError(f"has dated = {dated!r}, which is another day than published = {published!r}")
    facts["published"] = published or date_of(dated or "")
    came = {name: _formed(name, given.get(name)) for name in _FORMS}
    return ExportedArticle(given["path"], given["text"], facts, url if isinstance(url, str) else None, **came)


def _fact(field: Field, value: Any) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ArticleError(f"has {field} = {value!r}, which is no text")
    if field == "published" and date_of(value) != value:  # as `articles.toml` may have to take it
        raise ArticleError(f"has published = {value!r}, which is no date; write 2019-05-14")
    return clean(value) or None


def _formed(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if not (isinstance(value, str) and _FORMS[name].fullmatch(value)):
        raise ArticleError(f"has {name} = {value!r}, which `sanad export` does not write so")
    return value


def path_of_export(path: str) -> str:
    r"""Return the path of the text file that holds an exported article: its own, where a text file can have it.

    >>> path_of_export("talks/sochi.txt"), path_of_export("a.zip/خبر.md")
    ('talks/sochi.txt', 'a.zip/خبر.md')
    >>> path_of_export("report.pdf"), path_of_export("rows.jsonl/3"), path_of_export(".x/a\\x1b.txt")
    ('report-pdf-6466e450.md', 'rows.jsonl/3-6b552b01.md', 'x-41b4a831/a-x1b-txt-41b4a831.md')

    Raises:
        ArticleError: the path leads out of the folder.
    """
    parts = path.split("/")
    if any(part in ("", ".", "..") or "\0" in part for part in parts):
        raise ArticleError(f"has the path {path!r}, which leads out of the articles' folder or is none")
    mark = hashlib.sha256(path.encode("utf-8", "replace")).hexdigest()[:8]
    folders = [part if _is_plain(part) else f"{file_stem(part)}-{mark}" for part in parts[:-1]]
    name = parts[-1]
    if not (_is_plain(name) and PurePosixPath(name).suffix in (".txt", ".md")) or folders != parts[:-1]:
        name = f"{file_stem(name)}-{mark}.md"
    return "/".join([*folders, name])


def _is_plain(part: str) -> bool:
    """Tell whether a part of a path can be used as it stands, on any system, and is not hidden."""
    odd = (
        part.lower() == OVERRIDES_NAME
        or part.startswith(".")
        or part.endswith((" ", "."))
        or any(sign in part for sign in '\\:*?"<>|')
    )
    return not odd and part.isprintable() and not any(map(is_hidden, part)) and len(part.encode()) <= LONGEST_PART
