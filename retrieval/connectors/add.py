"""Add single articles to the articles' folder: a page of the web, or a file from elsewhere."""

from __future__ import annotations

import codecs
import hashlib
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import unquote, urlsplit

from retrieval.connectors.web import Fetched, Limits, checked, fetch
from retrieval.corpus.articles import find_files, path_of, read_bounded
from retrieval.corpus.atomic_files import file_stem, settle_file, staged
from retrieval.corpus.corrections import check_is_there, move_statements
from retrieval.corpus.former_texts import keep_former
from retrieval.corpus.isolation import READING_BOUNDS, FileReader, ReadingBounds
from retrieval.corpus.origins import Origin, bytes_digest, note_origins, read_origins, utc_timestamp
from retrieval.corpus.reading_process import ReadPart, ReadRequest
from retrieval.errors import ArticleError
from retrieval.readers.registry import READABLE_SUFFIXES, check_size, is_container
from retrieval.types import Article

ADDED_NAME = "added"  # the subfolder
KINDS = {  # of what the web gives, with the suffix of the file that is written
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_UNTOLD = ("", "application/octet-stream", "binary/octet-stream")  # the address's own suffix then says the kind
PAGE_KINDS = frozenset({*KINDS, *_UNTOLD})

_State = Literal[
    "added",
    "updated",  # it was added from the same address before, and reads otherwise now
    "unchanged",  # the same, and it reads as before
    "present",  # a file of the folder holds just this
    "replaced",  # it stands in the place of the file that had its name
    "taken",  # another file has its name, and nothing was written
]
OnTaken = Literal["ask", "replace", "keep both"]  # what to do where another file has the name; to ask is the caller's


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a page or a file: where it stands, and what it was understood as."""

    path: str  # relative to the articles' folder
    state: _State
    articles: tuple[Article, ...]  # one, but of a container all that it holds; as `articles.toml` does not change them

    def at(self, path: str) -> Added:
        """Return the same under another path, with that of each article."""
        moved = (replace(one, path=path + one.path.removeprefix(self.path)) for one in self.articles)
        return replace(self, path=path, articles=tuple(moved))


def add_url(folder: Path, url: str, limits: Limits, bounds: ReadingBounds = READING_BOUNDS) -> Added:
    """Fetch a page into the articles' folder; one that was added before is brought up to date in its place.

    Raises:
        FetchError: it cannot be had; the message is the reason alone.
        ArticleError: what came holds no article, and is not kept; the message is the reason alone.
        SettingsError: the folder cannot be written.
    """
    address = checked(url)
    page = fetch(address, limits, PAGE_KINDS)
    suffix = suffix_for(page)
    data = in_utf8(page)
    origins = read_origins(folder)
    earlier = next(
        (
            origin
            for origin in origins.values()
            if origin.url == address and origin.path.endswith(suffix) and (folder / origin.path).is_file()
        ),
        None,
    )
    came = Origin("", address, None, page.fetched, bytes_digest(page.data), bytes_digest(data))
    if earlier is None and (twin := _twin(folder, data)):
        if not (twin in origins and origins[twin].url):
            note_origins(folder, [replace(came, path=twin)])
        return _added(folder, "present", folder / twin, bounds)
    near = str(PurePosixPath(earlier.path).parent) if earlier else ADDED_NAME
    with staged(folder, near, suffix, data) as place, FileReader(bounds) as reader:
        done = Added(path_of(folder, place), "updated" if earlier else "added", _read(folder, place, reader))
        if earlier:
            done = done.at(earlier.path)
            before = _held(folder, earlier.path, reader)
            keep_former(folder, _texts(before), _texts(done.articles), earlier, page.fetched)
            if before == done.articles:
                if not earlier.fetched and (folder / earlier.path).read_bytes() == data:
                    note_origins(folder, [replace(came, path=earlier.path)])
                return replace(done, state="unchanged")
        else:
            # The mark is the address's: a file by this name came from it, though no note says so.
            mark = hashlib.sha256(address.encode()).hexdigest()[:8]
            named = file_stem(done.articles[0].title or _last_part(page.url))
            done = done.at(f"{ADDED_NAME}/{named}-{mark}{suffix}")
        note_origins(folder, [replace(came, path=done.path)])  # before the file: one without a note could not be cited
        settle_file(place, folder / done.path, over=True)
    return done


def _held(folder: Path, path: str, reader: FileReader) -> tuple[Article, ...]:
    """Return the articles that a file of the folder holds; none where it cannot be read."""
    with suppress(ArticleError):
        return _read(folder, folder / path, reader)
    return ()


def _texts(articles: Iterable[Article]) -> dict[str, str]:
    return {article.path: article.text for article in articles}


def read_page(folder: Path, near: str, page: Fetched, reader: FileReader) -> Article:
    """Return the article that a page holds, with nothing kept in the folder; its path is of no use.

    Raises:
        ArticleError: it holds none; the message is the reason alone.
        SettingsError: the folder cannot be written.
    """
    with staged(folder, near, suffix_for(page), in_utf8(page)) as place:
        (article,) = _read(folder, place, reader)
        return article


def add_file(folder: Path, file: Path, bounds: ReadingBounds = READING_BOUNDS, on_taken: OnTaken = "ask") -> Added:
    """Copy a file into the articles' folder; see `add_bytes`.

    Raises:
        ArticleError: it holds no article, or is no file to be copied; the message is the reason alone.
        SettingsError: the folder cannot be written.
    """
    try:
        if stat.S_ISLNK(file.lstat().st_mode):
            raise ArticleError("is a link; name the file that it leads to")
        if file.is_dir():
            raise ArticleError("is a folder; name files, or set SANAD_ARTICLES_DIR to the folder")
        if file.resolve().is_relative_to(folder.resolve()):
            raise ArticleError("is in the articles' folder already")
        _check_suffix(file.suffix.lower())
        data = read_bounded(file)
    except FileNotFoundError as error:
        raise ArticleError("does not exist; check the path") from error
    except OSError as error:
        raise ArticleError(f"cannot be read: {error.strerror}") from error
    return add_bytes(folder, file.name, data, bounds, on_taken)


def add_bytes(
    folder: Path, name: str, data: bytes, bounds: ReadingBounds = READING_BOUNDS, on_taken: OnTaken = "ask"
) -> Added:
    """Write a file that came by name and content into the articles' folder.

    Where another one has its name, nothing is written, or it is replaced and its text kept, or both are, the new one
    under a name that is the content's own.

    Raises:
        ArticleError: it holds no article; the message is the reason alone.
        SettingsError: the folder cannot be written.
    """
    given = PurePosixPath(name.replace("\\", "/").rpartition("/")[2])
    suffix = given.suffix.lower()
    _check_suffix(suffix)
    check_size(given.name, len(data))
    if twin := _twin(folder, data):
        return _added(folder, "present", folder / twin, bounds)
    path = f"{ADDED_NAME}/{file_stem(given.stem)}{suffix}"
    with staged(folder, ADDED_NAME, suffix, data) as place, FileReader(bounds) as reader:
        done = Added(path_of(folder, place), "added", _read(folder, place, reader))
        if on_taken == "replace" and (folder / path).is_file():
            return _replaced(folder, path, done, reader)
        try:
            settle_file(place, folder / path, over=False)
        except FileExistsError:  # with other content, as there is no twin; the mark is the content's
            if on_taken == "ask":
                return replace(done.at(path), state="taken")
            path = f"{path.removesuffix(suffix)}-{bytes_digest(data)[:8]}{suffix}"
            settle_file(place, folder / path, over=True)
    return done.at(path)


def replace_file(folder: Path, path: str, name: str, data: bytes, bounds: ReadingBounds = READING_BOUNDS) -> Added:
    """Let what came by name and content take the place of a file of the folder, whose text is kept.

    One of another kind has another suffix; what was stated of the file is then stated of it.

    Raises:
        ArticleError: it holds no article, or there is no such file; the message is the reason alone.
        SettingsError: the folder cannot be written.
    """
    suffix = PurePosixPath(name).suffix.lower()
    _check_suffix(suffix)
    check_size(name, len(data))
    check_is_there(folder, path)
    with staged(folder, str(PurePosixPath(path).parent), suffix, data) as place, FileReader(bounds) as reader:
        done = Added(path_of(folder, place), "added", _read(folder, place, reader))
        return _replaced(folder, path, done, reader)


def _replaced(folder: Path, path: str, done: Added, reader: FileReader) -> Added:
    """Let a staged file take the place of another, of its own kind or of another one."""
    target = str(PurePosixPath(path).with_suffix(PurePosixPath(done.path).suffix))
    if target != path and (folder / target).exists():
        raise ArticleError(f"would take the place of {target} too; remove that first")
    place, after = folder / done.path, done.at(target)
    known = read_origins(folder).get(path, Origin(path))
    texts = {target + at.removeprefix(path): text for at, text in _texts(_held(folder, path, reader)).items()}
    keep_former(folder, texts, _texts(after.articles), known, utc_timestamp())
    if target != path:
        move_statements(folder, path, target)
        note_origins(folder, [replace(known, path=target)])
    settle_file(place, folder / target, over=target == path)
    if target != path:
        (folder / path).unlink(missing_ok=True)
    return replace(after, state="replaced")


def _added(folder: Path, state: _State, file: Path, bounds: ReadingBounds) -> Added:
    with FileReader(bounds) as reader:
        return Added(path_of(folder, file), state, _read(folder, file, reader))


def _read(folder: Path, file: Path, reader: FileReader) -> tuple[Article, ...]:
    """Return the articles of a file; of a container, what is none is passed over if anything is one.

    Raises:
        ArticleError: it holds none; the message is the reason alone.
        ReadingError: no file can be read.
    """
    parts: dict[str, ReadPart] = {}
    reader.ask(ReadRequest(folder, file, path_of(folder, file), {}, {} if is_container(file.name) else None))
    for reply in reader.take():
        if isinstance(reply, ReadPart):
            parts[reply.path] = reply
        elif reply.reason:
            raise ArticleError(reply.reason)
    articles = tuple(part.article for part in parts.values() if part.article)
    if not articles:
        reasons = [part.reason for part in parts.values() if part.reason]
        first = f"; the first of {len(reasons)} in it {reasons[0]}" if reasons else ""
        raise ArticleError(f"holds no article{first}")
    return articles


def _check_suffix(suffix: str) -> None:
    if suffix not in READABLE_SUFFIXES:
        raise ArticleError(
            f"is of a kind that is not read ({suffix or 'no suffix'}); read are {', '.join(READABLE_SUFFIXES)}"
        )


def _twin(folder: Path, data: bytes) -> str | None:
    """Return the path of a file of the folder that holds just this; None where there is none."""
    for file in find_files(folder):
        try:
            if file.stat().st_size == len(data) and file.read_bytes() == data:
                return path_of(folder, file)
        except OSError:
            continue  # the index says what is wrong with it
    return None


def suffix_for(page: Fetched) -> str:
    """Return the suffix of the file that a page becomes.

    Raises:
        ArticleError: it is of a kind that is not read.
    """
    if page.kind in _UNTOLD:
        suffix = ".pdf" if page.data.startswith(b"%PDF-") else PurePosixPath(urlsplit(page.url).path).suffix.lower()
    else:
        suffix = KINDS[page.kind]
    suffix = ".html" if suffix in (".htm", ".xhtml") else suffix
    if suffix not in READABLE_SUFFIXES or suffix not in KINDS.values():
        raise ArticleError(f"is of a kind that is not read ({page.kind or suffix or 'its server names none'})")
    return suffix


def in_utf8(page: Fetched) -> bytes:
    """Return a page's bytes so that they say by themselves what only its server said: the encoding of its text."""
    if not page.charset or not (page.kind.startswith("text/") or page.kind == "application/xhtml+xml"):
        return page.data
    try:
        text = page.data.decode(codecs.lookup(page.charset).name)
    except (LookupError, ValueError):
        return page.data
    if text.encode() == page.data or text.startswith("\ufeff"):
        return page.data
    return codecs.BOM_UTF8 + text.encode()  # the mark has the last word against a <meta> that says otherwise


def _last_part(url: str) -> str:
    """Return what an address calls its page.

    >>> _last_part("https://example.org/news/%D8%AE%D8%A8%D8%B1.html?id=1"), _last_part("https://example.org/")
    ('خبر', 'example.org')
    """
    parts = urlsplit(url)
    return PurePosixPath(unquote(parts.path)).stem or parts.netloc
