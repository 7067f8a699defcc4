"""DOCX, opened by python-docx: its text as `docx_story` reads it, with its notes, and the document's properties."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast
from zipfile import BadZipFile

from retrieval.errors import ArticleError
from retrieval.nlp.analysis import normalise
from retrieval.readers.document import MOST_CHARACTERS, SourceDocument, facts_of
from retrieval.readers.docx_story import WORD_NAMESPACE, Note, Story, is_vanished
from retrieval.readers.zip_archive import Budget, checked_archive

if TYPE_CHECKING:
    from docx.document import Document
    from docx.opc.part import Part
    from docx.opc.rel import _Relationship
    from docx.oxml.coreprops import CT_CoreProperties

    from retrieval.extraction.metadata import Field

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
    from lxml.etree import LxmlError

    with checked_archive(data, Budget(_MOST_UNPACKED)):
        pass
    try:
        document = docx.Document(io.BytesIO(data))
        text = "\n\n".join(filter(None, _blocks(document)))
        facts = facts_of(_properties(document))
        if (title := facts.get("title")) and normalise(title) not in normalise(text):
            # Of a template or a draft; a title of the article stands on it.
            facts |= facts_of({"title": _heading(document, text.split("\n\n", 1)[0])})
    except (OpcError, LxmlError, *_DAMAGED, *_DAMAGED_PARTS) as error:
        raise ArticleError("cannot be read as a Word document: it is damaged, or another kind of file") from error
    if not text:
        raise ArticleError("holds no text")
    if len(text) > MOST_CHARACTERS:
        raise ArticleError(f"is too long: {len(text):,} letters, at most {MOST_CHARACTERS:,}; split it")
    return SourceDocument(text, "docx", None, facts)


def _blocks(document: Document) -> Iterator[str]:
    """Yield the paragraphs and the tables of the body, then the notes to which it refers."""
    from docx.oxml.parser import parse_xml

    word = WORD_NAMESPACE
    styles = document.styles.element
    hidden = (style for style in styles if (said := style.find(f"{word}rPr")) is not None and is_vanished(said))
    story = Story(frozenset(style.get(f"{word}styleId") or "" for style in hidden))
    yield from story.blocks_of(document.element.body)
    notes = {
        Note(kind, note.get(f"{word}id") or ""): note
        for kind in ("footnote", "endnote")
        if (part := _related(document.part.rels, f"/{kind}s"))
        for note in parse_xml(part.blob)
    }
    for referred in dict.fromkeys(story.notes):
        if referred in notes:
            yield from story.blocks_of(notes[referred])


def _properties(document: Document) -> dict[Field, object]:
    """Return the title and the author, where a part of the file states them: python-docx makes one that is missing."""
    from docx.opc.coreprops import CoreProperties
    from docx.oxml.parser import parse_xml

    part = _related(document.part.package.rels, "/metadata/core-properties")  # LibreOffice names it by another address
    if not part:
        return {}
    properties = CoreProperties(cast("CT_CoreProperties", parse_xml(part.blob)))
    return {"title": properties.title, "author": properties.author}


def _heading(document: Document, opening: str) -> str | None:
    """Return the block that a text opens with where its style is a title's."""
    first = next((paragraph for paragraph in document.paragraphs if paragraph.text.strip()), None)
    if first is None or first.style is None or first.style.name not in ("Title", "Heading 1"):
        return None
    return opening if first.text.strip() in opening else None


def _related(relations: Mapping[str, _Relationship], kind: str) -> Part | None:
    """Return the part that a relation of a kind leads to."""
    return next(
        (one.target_part for one in relations.values() if one.reltype.endswith(kind) and not one.is_external), None
    )
