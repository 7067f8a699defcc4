"""Which reader a file goes to, by its suffix, and how large it may be; a file of another kind than it says is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import NamedTuple

from retrieval.errors import ArticleError
from retrieval.extraction.line_wrapping import join_wrapped_lines
from retrieval.readers.document import (
    Begin,
    Columns,
    ContainerMember,
    ReadScan,
    SourceDocument,
    refusing_unreadable,
    unobserved,
)
from retrieval.readers.encodings import decode
from retrieval.readers.legible import legible_member, refuse_illegible
from retrieval.readers.zip_archive import (
    MOST_DEPTH,
    Budget,
    checked_archive,
    is_hidden_member,
    name_of,
    unpack,
)

MIB = 2**20
_MOST_BYTES = {  # of one file, by its suffix
    ".txt": 16 * MIB,
    ".md": 16 * MIB,
    ".html": 4 * MIB,
    ".htm": 4 * MIB,
    ".pdf": 64 * MIB,
    ".docx": 64 * MIB,
    ".jsonl": 64 * MIB,
    ".csv": 64 * MIB,
    ".tsv": 64 * MIB,
    ".zip": 256 * MIB,
}
READABLE_SUFFIXES = tuple(_MOST_BYTES)
CONTAINERS = (".jsonl", ".csv", ".tsv", ".zip")

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_PAGE = re.compile(
    # A comment, once read, is not read otherwise: many of them would be in very many ways.
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*)*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_SNIFFED = 4096  # bytes


def suffix_of(name: str) -> str:
    """Return the suffix that names the format, in lower case.

    >>> suffix_of("أخبار/خبر.HTM"), suffix_of("rows.jsonl/3")
    ('.htm', '')
    """
    return PurePosixPath(name).suffix.lower()


def most_bytes(name: str) -> int:
    """Return how large a file of that name may be."""
    return _MOST_BYTES.get(suffix_of(name), _MOST_BYTES[".txt"])


def check_size(name: str, size: int) -> None:
    """Refuse a file that is larger than one of its name may be.

    Raises:
        ArticleError: it is; the message is the reason alone.
    """
    if size > (most := most_bytes(name)):
        raise ArticleError(f"is too large: {size / MIB:.1f} MiB, at most {most / MIB:g}; split it")


def is_container(name: str) -> bool:
    """Return whether a file of that name holds articles of its own names."""
    return suffix_of(name) in CONTAINERS


def read_document(name: str, data: bytes, scans: ReadScan | None = None) -> SourceDocument:
    """Return the text of a file that is one document; `scans` reads a PDF whose letters tell nothing.

    Raises:
        ArticleError: it cannot be read; the message is the reason alone, on one line.
    """
    suffix = suffix_of(name)
    _check_kind(suffix, data)
    if suffix in (".pdf", ".docx", ".html", ".htm"):
        with refusing_unreadable():
            return _read_by_library(suffix, data, scans)
    text, encoding = decode(data)
    return refuse_illegible(
        SourceDocument(join_wrapped_lines(text) if suffix == ".txt" else text, suffix[1:], encoding)
    )


def _read_by_library(suffix: str, data: bytes, scans: ReadScan | None) -> SourceDocument:
    if suffix == ".pdf":
        from retrieval.readers.pdf import read_pdf

        return read_pdf(data, scans)
    if suffix == ".docx":
        from retrieval.readers.docx import read_docx

        return refuse_illegible(read_docx(data))
    from retrieval.readers.html import read_html

    return refuse_illegible(read_html(data))


class _Reading(NamedTuple):
    """What the members of one container share."""

    begin: Begin
    budget: Budget
    scans: ReadScan | None


def read_members(
    name: str, data: bytes, columns: Columns, begin: Begin = unobserved, scans: ReadScan | None = None
) -> Iterator[ContainerMember]:
    """Yield what a container holds, each member by itself; `begin` is called before each, those inside others too.

    Raises:
        ArticleError: the container as a whole cannot be read.
    """
    yield from _members(name, data, columns, _Reading(begin, Budget(), scans), depth=1)


def _members(name: str, data: bytes, columns: Columns, reading: _Reading, *, depth: int) -> Iterator[ContainerMember]:
    from retrieval.readers.tabular import read_csv, read_jsonl

    suffix = suffix_of(name)
    if not data.strip():
        raise ArticleError("is empty")
    _check_kind(suffix, data)
    if suffix == ".jsonl":
        yield from map(legible_member, read_jsonl(data, columns, reading.begin))
    elif suffix in (".csv", ".tsv"):
        yield from map(legible_member, read_csv(data, columns, reading.begin))
    else:
        yield from _unpacked(data, columns, reading, depth=depth)


def _unpacked(data: bytes, columns: Columns, reading: _Reading, *, depth: int) -> Iterator[ContainerMember]:
    if depth > MOST_DEPTH:
        raise ArticleError(f"lies in more than {MOST_DEPTH} archives, one inside the other")
    with checked_archive(data, reading.budget) as archive:
        articles = {
            name: info
            for info in archive.infolist()
            if suffix_of(name := name_of(info)) in READABLE_SUFFIXES and not (info.is_dir() or is_hidden_member(name))
        }
        if not articles:
            raise ArticleError(f"holds no file of an article ({', '.join(READABLE_SUFFIXES)})")
        for name, info in articles.items():
            if ".." in PurePosixPath(name).parts or ":" in name.split("/")[0]:
                yield ContainerMember(name, "has a name that leads out of its archive; pack it again")
                continue
            try:
                reading.begin()
                with refusing_unreadable():
                    inner = unpack(archive, info, _MOST_BYTES[suffix_of(name)])
                if is_container(name):
                    for member in _members(name, inner, columns, reading, depth=depth + 1):
                        yield replace(member, name=f"{name}/{member.name}")
                else:
                    with refusing_unreadable():
                        document = read_document(name, inner, reading.scans)
                    yield ContainerMember(name, document)
            except ArticleError as error:
                yield ContainerMember(name, str(error))


def _check_kind(suffix: str, data: bytes) -> None:
    """Refuse a file whose first bytes are those of another kind.

    Raises:
        ArticleError: they are; it says which.
    """
    if not data:
        raise ArticleError("is empty")
    found = _kind_of(data, suffix)
    if found and suffix not in found:
        raise ArticleError(f"is {_NAMED[found[0]]} under the name of a {suffix} file; rename it to {found[0]}")
    if data.startswith(_OLD_OFFICE):
        raise ArticleError(
            "is an old Word file (.doc), or a document locked by a password; save it as .docx without one"
        )
    needed = {".pdf": "a PDF", ".docx": "a Word document", ".zip": "a ZIP archive"}.get(suffix)
    if needed and not found:
        raise ArticleError(f"is not {needed}, whatever its name says")


_NAMED = {".pdf": "a PDF", ".docx": "a Word document", ".zip": "a ZIP archive", ".html": "HTML"}


def _kind_of(data: bytes, suffix: str) -> tuple[str, ...]:
    """Return the suffixes of the kind that the first bytes show; none where they show no kind."""
    head = data[:_SNIFFED]
    if b"%PDF-" in head[:1024]:
        return (".pdf",)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        is_office = head[30:].startswith((b"[Content_Types].xml", b"_rels/", b"word/"))  # its first member
        return (".docx",) if is_office or suffix == ".docx" else (".zip",)
    return (".html", ".htm") if _PAGE.match(head) and suffix != ".md" else ()
