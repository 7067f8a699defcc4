"""What has changed in the articles' folder since the last refresh, found without reading what has not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from retrieval.corpus.articles import Overrides, find_files, path_of, read_overrides
from retrieval.corpus.origins import origins_digest
from retrieval.errors import SettingsError
from retrieval.readers.registry import READABLE_SUFFIXES, most_bytes
from retrieval.types import Article

SETTLED_NS = 2_000_000_000  # a file written so shortly before it was read may have been written after, unseen


# What a file has of the article that it stands for.
_OF_ARTICLE = ("article_id", "title", "source", "author", "published", "dated", "encoding", "format", "url")


class Stamp(NamedTuple):
    """What the file system says about a file; while it says the same, the file has not been written."""

    size: int  # bytes
    mtime_ns: int
    ctime_ns: int


@dataclass(frozen=True, slots=True)
class File:
    """One file of the articles' folder: the article that it stands for, or the reason why for none.

    A container stands for neither, its members do; a member has the container's stamp, and a digest of its own.
    """

    path: str
    stamp: Stamp
    read_ns: int  # when it was read, in nanoseconds since 1970
    digest: str | None  # SHA-256 of its bytes; None where they could not be read
    article_id: str | None = None
    reason: str | None = None
    title: str | None = None
    source: str | None = None
    author: str | None = None
    published: str | None = None
    dated: str | None = None
    container: str | None = None  # the path of the file that holds it, of a row of a table or a file of an archive
    encoding: str | None = None
    format: str | None = None
    url: str | None = None  # that it states itself

    def standing_for(self, article: Article) -> File:
        """Return the same file, with the article that was read from it."""
        return replace(self, **{name: getattr(article, name) for name in _OF_ARTICLE})

    @property
    def shown(self) -> tuple[str | None, ...]:
        """Return what a reader can see of the file."""
        return self.reason, *(getattr(self, name) for name in _OF_ARTICLE)


@dataclass(frozen=True, slots=True)
class FolderScan:
    """The articles' folder beside what the last refresh found there."""

    known: Mapping[str, File]  # what it found, by path
    to_read: tuple[tuple[Path, str, Stamp], ...]  # new, or perhaps written since; file, path and stamp
    gone: tuple[str, ...]
    members: Mapping[str, frozenset[str]]  # what the last refresh found in containers, by the container's path
    overrides: Overrides
    overrides_text: str  # they, as JSON
    restated: frozenset[str]  # the paths of which articles.toml says otherwise now, and those that lead there
    origins_digest: str

    @property
    def finds_nothing(self) -> bool:
        """Tell whether nothing of the files has changed."""
        return not (self.to_read or self.gone or self.restated)

    def known_digests(self, container: str) -> dict[str, str]:
        """Return the digests of a container's members that need not be read again if they say the same, by path."""
        if container in self.restated:
            return {}
        known = (self.known[path] for path in self.members.get(container, ()))
        return {file.path: file.digest for file in known if file.digest and file.container == container}


def scan(folder: Path, known: Mapping[str, File], overrides_before: str | None) -> FolderScan:
    """Compare a folder with what the last refresh found, by names and stamps alone.

    Raises:
        SettingsError: the folder cannot be listed, or holds no file of an article and never did.
    """
    found = {path_of(folder, file): file for file in find_files(folder)}
    overrides = read_overrides(folder)
    restated = _restated(json.loads(overrides_before or "{}"), overrides)
    if not found and overrides_before is None:
        raise SettingsError(
            f"The articles' folder {folder} holds no article ({', '.join(READABLE_SUFFIXES)}). "
            "Put some there, or name another folder: SANAD_ARTICLES_DIR=FOLDER"
        )
    stamps = ((file, path, stamp_of(file)) for path, file in found.items())
    to_read = tuple(
        entry for entry in stamps if entry[1] in restated or not _is_unwritten(known.get(entry[1]), entry[2])
    )
    gone = tuple(sorted(path for path, file in known.items() if (file.container or path) not in found))
    text = json.dumps(overrides, sort_keys=True, ensure_ascii=False)
    return FolderScan(known, to_read, gone, _members(known), overrides, text, restated, origins_digest(folder))


def _restated(before: Overrides, after: Overrides) -> frozenset[str]:
    """Return the paths of which something else is stated than before, and what they stand in, as a table of rows.

    >>> before, after = {"a.txt": {"title": "x"}}, {"a.txt": {"title": "x"}, "b.csv/1": {"title": "y"}}
    >>> sorted(_restated(before, after))
    ['.', 'b.csv', 'b.csv/1']
    """
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    return frozenset(changed.union(*(map(str, PurePosixPath(path).parents) for path in changed)))


def _members(known: Mapping[str, File]) -> dict[str, frozenset[str]]:
    members: dict[str, set[str]] = {}
    for path, file in known.items():
        if file.container:
            members.setdefault(file.container, set()).add(path)
    return {container: frozenset(paths) for container, paths in members.items()}


def stamp_of(file: Path) -> Stamp:
    """Return what the file system says of a file; of one that it cannot reach, nothing but zeros."""
    try:
        status = file.stat()
    except OSError:
        return Stamp(0, 0, 0)
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _is_unwritten(known: File | None, stamp: Stamp) -> bool:
    """Tell whether a file has certainly not been written since it was read.

    A file system's clock may tick more slowly than files are written: the "racy git" problem.
    """
    return known is not None and known.stamp == stamp and max(stamp[1:]) + SETTLED_NS <= known.read_ns


def file_digest(file: Path, stamp: Stamp) -> str | None:
    """Return the SHA-256 of a file's bytes; None for what is no file, too large for an article, or unreadable."""
    try:
        if stamp.size > most_bytes(file.name) or not file.is_file():
            return None
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return None
