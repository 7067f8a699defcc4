"""DOCX, read by python-docx: paragraphs and tables in their order, and the document's properties."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from retrieval.errors import ArticleError
from retrieval.readers.document import MOST_CHARACTERS, SourceDocument, facts_of
from retrieval.readers.zip_archive import Budget, checked_archive

if TYPE_CHECKING:
    from docx.table import Table

_MOST_UNPACKED = 256 * 2**20  # bytes of all parts, pictures too

# What python-docx lets through of a damaged archive, or of one that lacks a part.
_DAMAGED = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
_DAMAGED_PARTS = (KeyError, ValueError, AttributeError, TypeError, IndexError)


def read_docx(data: bytes) -> SourceDocument:
    """Return the text of a Word document, and the title and author that it states.

    When it was last saved is no date of publication, and is left aside.

    Raises:
        ArticleError: it is damaged, locked, no Word document, or unpacks to more than it may.
    """
    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table
    from lxml.etree import LxmlError

    with checked_archive(data, Budget(_MOST_UNPACKED)):
        pass
    try:
        document = docx.Document(io.BytesIO(data))
        parts = [
            "\n".join(_rows(part)) if isinstance(part, Table) else part.text for part in document.iter_inner_content()
        ]
        properties = document.core_properties
        title, author = properties.title, properties.author
    except (OpcError, LxmlError, *_DAMAGED, *_DAMAGED_PARTS) as error:
        raise ArticleError("cannot be read as a Word document: it is damaged, or another kind of file") from error
    text = "\n\n".join(part.strip() for part in parts if part.strip())
    if not text:
        raise ArticleError("holds no text")
    if len(text) > MOST_CHARACTERS:
        raise ArticleError(f"is too long: {len(text):,} letters, at most {MOST_CHARACTERS:,}; split it")
    if author == "python-docx":  # what that library writes where nobody is named
        author = None
    return SourceDocument(text, "docx", None, facts_of({"title": title, "author": author}))


def _rows(table: Table) -> Iterator[str]:
    """Return the lines of a table; a cell that spans several columns is said once."""
    for row in table.rows:
        said: list[str] = []
        for cell in row.cells:
            if (text := " ".join(cell.text.split())) and text not in said[-1:]:
                said.append(text)
        if said:
            yield " | ".join(said)
