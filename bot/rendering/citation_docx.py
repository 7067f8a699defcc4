"""Pure: an answer as a Word document, from right to left where it is Arabic, its sources as footnotes.

python-docx writes the document but knows no footnotes; their part is made here, by ECMA-376, part 1, 17.11.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.oxml.text.paragraph import CT_P
from lxml.etree import _Element

from bot.rendering.citation_styles import details_of
from retrieval.nlp.analysis import language_of
from retrieval.nlp.display import one_line
from retrieval.types import Answer, Citation, Language

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_SEPARATORS = ("separator", "continuationSeparator")  # the first two footnotes: what parts all of them from the text


def docx_citations(answers: Iterable[Answer]) -> bytes:
    """Return answers as a Word document: each question as a heading, its sentences, and a footnote a source."""
    document, footnotes = Document(), _Footnotes()
    body = document.element.body
    for part in (part for answer in answers for part in answer.each):
        heading = body.add_p()
        heading.style = "Heading2"
        _write(heading, part.question)
        sources = {citation.number: citation for citation in part.citations}
        for said in part.sentences:
            paragraph = body.add_p()
            _write(paragraph, said.text)
            for number in said.citations:
                is_said = one_line(sources[number].quote) == one_line(said.text)
                paragraph.append(footnotes.add(sources[number], part.language, with_quote=not is_said))
    footnotes.put_into(document)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


class _Footnotes:
    """The footnotes of a document in the making."""

    def __init__(self) -> None:
        self._notes: list[tuple[Citation, Language, bool]] = []

    def add(self, citation: Citation, language: Language, *, with_quote: bool) -> _Element:
        """Return the run that refers to a source's footnote; one below its own quote need not say it again."""
        self._notes.append((citation, language, with_quote))
        reference = OxmlElement("w:footnoteReference", {qn("w:id"): str(len(self._notes) + 1)})
        return _run([reference], is_raised=True)

    def put_into(self, document: WordDocument) -> None:
        """Give the document its part of footnotes."""
        root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}/>")
        part = XmlPart(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, root, document.part.package)
        for at, kind in enumerate(_SEPARATORS):
            note = OxmlElement("w:footnote", {qn("w:type"): kind, qn("w:id"): str(at)})
            note.append(_paragraph([_run([OxmlElement(f"w:{kind}")])], is_arabic=False))
            root.append(note)
        for at, (citation, language, with_quote) in enumerate(self._notes, len(_SEPARATORS)):
            note = OxmlElement("w:footnote", {qn("w:id"): str(at)})
            note.append(_paragraph(list(_reference(part, citation, language, with_quote)), is_arabic=language == "ar"))
            root.append(note)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _reference(part: XmlPart, citation: Citation, language: Language, with_quote: bool) -> Iterable[_Element]:
    """Yield the runs of a footnote: its mark, the quote, and where it stands, the address as a link."""
    yield _run([OxmlElement("w:footnoteRef")], is_raised=True)
    if with_quote:
        yield from _text_runs(f" «{one_line(citation.quote)}»")
    for at, detail in enumerate(details_of(citation, language)):
        yield from _text_runs(" · " if at or with_quote else " ")
        link = citation.link_to(citation.quote) if detail == citation.url else None
        if link is None:
            yield from _text_runs(detail)
            continue
        related = part.relate_to(link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        hyperlink = OxmlElement("w:hyperlink", {qn("r:id"): related})
        hyperlink.extend(_text_runs(detail))
        yield hyperlink


def _write(paragraph: CT_P, text: str) -> None:
    """Write a text into an empty paragraph, in its own direction."""
    if language_of(text) == "ar":
        paragraph.get_or_add_pPr().append(OxmlElement("w:bidi"))
    paragraph.extend(_text_runs(one_line(text)))


def _paragraph(runs: Sequence[_Element], *, is_arabic: bool) -> _Element:
    paragraph = OxmlElement("w:p")
    if is_arabic:
        properties = OxmlElement("w:pPr")
        properties.append(OxmlElement("w:bidi"))
        paragraph.append(properties)
    paragraph.extend(runs)
    return paragraph


def _text_runs(text: str) -> list[_Element]:
    """Return a text as runs, each from right to left or not: Word asks that of every run of its own."""
    runs = []
    for piece in re.findall(r"[^A-Za-z]+|[A-Za-z][^\u0600-\u06ff«»]*", text):
        own = OxmlElement("w:t", {qn("xml:space"): "preserve"})
        own.text = _NO_XML.sub("", piece)
        runs.append(_run([own], is_arabic=not piece[0].isascii() or not piece[0].isalpha()))
    return runs


def _run(parts: Sequence[_Element], *, is_arabic: bool = False, is_raised: bool = False) -> _Element:
    run, properties = OxmlElement("w:r"), OxmlElement("w:rPr")
    if is_raised:
        properties.append(OxmlElement("w:vertAlign", {qn("w:val"): "superscript"}))
    if is_arabic:
        properties.append(OxmlElement("w:rtl"))
    run.append(properties)
    run.extend(parts)
    return run
