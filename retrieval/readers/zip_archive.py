"""ZIP, read in memory and within bounds: nothing is unpacked to the disk, so no path can lead out of the folder."""

from __future__ import annotations

import io
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from zipfile import BadZipFile, ZipFile, ZipInfo

from retrieval.errors import ArticleError

MOST_MEMBERS = 20_000
MOST_UNPACKED = 2**30  # bytes of all members together, nested archives' too
MOST_DEPTH = 3  # archives in archives
MOST_RATIO = 200  # of unpacked to packed bytes, above SMALL; Arabic prose has 4, a table of repeated words 60
SMALL = 2**20  # bytes

_ENCRYPTED = 0x1  # in the flags of a member
_UTF8_NAME = 0x800
_HIDDEN = ("__MACOSX", "Thumbs.db")


class Budget:
    """How many bytes and members one file may still unpack to, through all archives inside it."""

    def __init__(self, most: int = MOST_UNPACKED) -> None:
        self.unpacked, self.members, self.most = 0, 0, most

    def spend(self, size: int) -> None:
        """Take account of a member.

        Raises:
            ArticleError: it is too much.
        """
        self.unpacked += size
        self.members += 1
        if self.members > MOST_MEMBERS:
            raise ArticleError(f"holds more than {MOST_MEMBERS:,} files; split it")
        if self.unpacked > self.most:
            raise ArticleError(f"unpacks to more than {self.most // 2**20:,} MiB; split it")


@contextmanager
def checked_archive(data: bytes, budget: Budget) -> Iterator[ZipFile]:
    """Open an archive whose directory is whole, and says that it keeps within bounds.

    Raises:
        ArticleError: it is damaged, cut short, or a bomb.
    """
    try:
        archive = ZipFile(io.BytesIO(data))
    except (BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise ArticleError("is a damaged ZIP archive, or one whose end is missing; copy it again") from error
    with archive:
        for info in archive.infolist():
            budget.spend(info.file_size)
            if info.file_size > SMALL and info.file_size > MOST_RATIO * max(info.compress_size, 1):
                raise ArticleError(
                    f"holds a file that unpacks to {info.file_size // max(info.compress_size, 1):,} times its size,"
                    " as a decompression bomb does"
                )
        yield archive


def unpack(archive: ZipFile, info: ZipInfo, most: int) -> bytes:
    """Return the bytes of a member, which may be as many as it says and no more.

    Raises:
        ArticleError: it is locked or damaged, is no file, or is larger than may be read.
    """
    if info.flag_bits & _ENCRYPTED:
        raise ArticleError("is locked by a password; pack it without one")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ArticleError("is a link; pack the file itself")
    if info.file_size > most:
        raise ArticleError(f"is too large: {info.file_size / 2**20:.1f} MiB, at most {most / 2**20:g}")
    try:
        with archive.open(info) as member:
            data = member.read(info.file_size + 1)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise ArticleError("is damaged in its archive; pack it again") from error
    if len(data) != info.file_size:
        raise ArticleError("is damaged in its archive: it has another size than the archive says; pack it again")
    return data


def is_hidden_member(name: str) -> bool:
    """Return whether a member is no article of the archive's author: hidden, or left there by a system."""
    return any((part.startswith(".") and part != "..") or part in _HIDDEN for part in name.split("/"))


def name_of(info: ZipInfo) -> str:
    """Return a member's name; one written in an Arabic DOS or Windows encoding is read as such.

    Some packers begin each name with the folder that they were called in.

    >>> info = ZipInfo("خبر.txt".encode("cp1256").decode("cp437"))
    >>> name_of(info), name_of(ZipInfo("./news/a.txt"))
    ('خبر.txt', 'news/a.txt')
    """
    name = info.filename.replace("\\", "/").lstrip("/")
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    if info.flag_bits & _UTF8_NAME or name.isascii():
        return name
    for encoding in ("utf-8", "cp1256"):
        try:
            return name.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return name
