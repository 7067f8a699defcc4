"""What a reader sees of a Word document: each run in its order, without what is deleted, moved away or hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element

WORD_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALSE = ("0", "false", "off")
_UNSEEN = frozenset(  # with all that is in them; the first line is what somebody deleted or moved elsewhere
    (
        *("del", "moveFrom", "delText", "delInstrText", "cellDel"),
        *(
            "instrText",
            "rPr",
            "pPr",
            "sdtPr",
            "sdtEndPr",
            "tblPr",
            "tblGrid",
            "trPr",
            "tcPr",
            "sectPr",
            "fldData",
            "rt",
        ),
    )
)
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}


class Note(NamedTuple):
    """A note that a document refers to."""

    kind: str  # footnote or endnote
    number: str  # as the reference and the note name it


class Story:
    """The text of one part of a document, and the notes that it refers to, in order."""

    def __init__(self, hidden_styles: frozenset[str] = frozenset()) -> None:
        self.notes: list[Note] = []
        self._hidden_styles = hidden_styles
        self._fields: list[bool] = []  # those that are open: whether their result has begun
        self._carried = ""  # of a paragraph whose end was deleted

    def blocks_of(self, container: _Element) -> Iterator[str]:
        """Yield the paragraphs and the tables of a body, a cell or a box; a table has a line for each row."""
        for element in _elements(container):
            name = _name(element)
            if name == "p":
                yield from self._paragraph(element)
            elif name == "tbl":
                yield "\n".join(self._rows(element))
            elif name == "AlternateContent":
                yield from self.blocks_of(_alternative(element))
            else:
                yield from self.blocks_of(element)
        carried, self._carried = self._carried, ""
        if carried:
            yield carried

    def _paragraph(self, paragraph: _Element) -> Iterator[str]:
        """Yield the text of a paragraph, then that of the boxes that hang on it."""
        boxes: list[str] = []
        properties = paragraph.find(f"{WORD_NAMESPACE}pPr")
        hidden = properties is not None and self._is_hidden(properties, "pStyle")
        said = "" if hidden else "".join(self._inline(paragraph, boxes))
        self._fields = [begun for begun in self._fields if begun]  # an instruction ends with its paragraph
        self._carried += said
        if properties is None or properties.find(f"{WORD_NAMESPACE}rPr/{WORD_NAMESPACE}del") is None:
            said, self._carried = self._carried, ""
            yield said.strip()
        yield from boxes

    def _inline(self, element: _Element, boxes: list[str]) -> Iterator[str]:
        for child in _elements(element):
            name = _name(child)
            if name == "t":
                yield (child.text or "") if all(self._fields) else ""
            elif name in _SIGNS:
                yield _SIGNS[name] if all(self._fields) else ""
            elif name == "fldChar":
                self._enter(child.get(f"{WORD_NAMESPACE}fldCharType"))
            elif name in _NOTES:
                self.notes.append(Note(_NOTES[name], child.get(f"{WORD_NAMESPACE}id") or ""))
            elif name == "txbxContent":
                boxes += self.blocks_of(child)
            elif name == "AlternateContent":
                yield from self._inline(_alternative(child), boxes)
            elif (
                name != "r"
                or (style := child.find(f"{WORD_NAMESPACE}rPr")) is None
                or not self._is_hidden(style, "rStyle")
            ):
                yield from self._inline(child, boxes)

    def _enter(self, mark: str | None) -> None:
        """Note where a field begins, where what it gives begins, and where it ends."""
        if mark == "begin":
            self._fields.append(False)
        elif mark == "separate" and self._fields:
            self._fields[-1] = True
        elif mark == "end" and self._fields:
            self._fields.pop()

    def _is_hidden(self, properties: _Element, style: str) -> bool:
        named = properties.find(f"{WORD_NAMESPACE}{style}")
        return is_vanished(properties) or (
            named is not None and named.get(f"{WORD_NAMESPACE}val") in self._hidden_styles
        )

    def _rows(self, table: _Element) -> Iterator[str]:
        """Yield a line for each row of a table that holds text, and the rows of a table in a cell below it."""
        for element in _elements(table):
            if _name(element) != "tr":
                yield from self._rows(element)
                continue
            properties = element.find(f"{WORD_NAMESPACE}trPr")
            if properties is not None and any(
                properties.find(f"{WORD_NAMESPACE}{tag}") is not None for tag in ("del", "hidden")
            ):
                continue
            inner: list[str] = []
            cells = [" ".join(self._cell(cell, inner)) for cell in _cells(element)]
            yield from (line for line in (" | ".join(filter(None, cells)), *inner) if line)

    def _cell(self, cell: _Element, inner: list[str]) -> Iterator[str]:
        """Yield the paragraphs of a cell, each on one line; the rows of tables in it go to a list of their own."""
        for element in _elements(cell):
            if _name(element) == "tbl":
                inner += self._rows(element)
            elif _name(element) == "p":
                yield from (" ".join(said.split()) for said in self._paragraph(element) if said)
            else:
                yield from self._cell(element, inner)


def is_vanished(properties: _Element) -> bool:
    """Tell whether properties of a run or a style hide the text."""
    vanish = properties.find(f"{WORD_NAMESPACE}vanish")
    return vanish is not None and vanish.get(f"{WORD_NAMESPACE}val") not in _FALSE


def _elements(container: _Element) -> Iterator[_Element]:
    """Yield what an element holds and a reader sees; neither comments nor processing instructions."""
    yield from (child for child in container if isinstance(child.tag, str) and _name(child) not in _UNSEEN)


def _name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _alternative(content: _Element) -> _Element:
    """Return the first of several forms of the same content: Word writes a box twice, for old readers too."""
    return next(_elements(content), content)


def _cells(row: _Element) -> Iterator[_Element]:
    for element in _elements(row):
        if _name(element) == "tc":
            yield element
        else:
            yield from _cells(element)
