"""Answers as Word documents, read back by python-docx and by their parts."""

from __future__ import annotations

import io
from dataclasses import replace
from zipfile import ZipFile

import docx
from docx.oxml.ns import qn
from lxml import etree
from support.builders.answers import ARRIVED, found

from bot.rendering.citation_docx import docx_citations
from retrieval.types import Sentence

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def footnotes_of(written: bytes) -> list[etree._Element]:
    with ZipFile(io.BytesIO(written)) as parts:
        root = etree.fromstring(parts.read("word/footnotes.xml"))
    return [note for note in root if note.get(f"{W}type") is None]


def words_of(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def test_questions_are_headings_and_sentences_run_from_right_to_left() -> None:
    read = docx.Document(io.BytesIO(docx_citations([found()])))
    heading, first, *_ = read.paragraphs
    assert heading.style is not None
    assert heading.style.name == "Heading 2"
    assert heading.text == found().question
    assert first.text == ARRIVED
    assert first._p.pPr is not None
    assert first._p.pPr.find(qn("w:bidi")) is not None
    assert all(run._r.rPr.find(qn("w:rtl")) is not None for run in first.runs if run.text)


def test_each_source_is_a_footnote_that_the_text_refers_to() -> None:
    written = docx_citations([found()])
    notes = footnotes_of(written)
    body = docx.Document(io.BytesIO(written)).element.body
    referred = [one.get(f"{W}id") for one in body.iter(f"{W}footnoteReference")]
    assert referred == [note.get(f"{W}id") for note in notes]
    assert len(referred) == sum(len(said.citations) for said in found().sentences)
    assert "رويترز" in words_of(notes[0])


def test_a_source_says_its_quote_where_the_sentence_is_another() -> None:
    answer = found("en")
    told = replace(answer, sentences=(Sentence("He came to Ankara.", (1,)),))
    assert f"«{ARRIVED}»" in words_of(footnotes_of(docx_citations([told]))[0])
    assert "«" not in words_of(footnotes_of(docx_citations([answer]))[0])


def test_an_address_is_a_link_to_the_quote_and_hostile_letters_are_left_out() -> None:
    answer = found()
    source = replace(answer.citations[0], url="https://example.org/1", title="a\x00\x1b<w:p/>&b")
    written = docx_citations([replace(answer, citations=(source, *answer.citations[1:]))])
    assert "a<w:p/>&b" in words_of(footnotes_of(written)[0])
    with ZipFile(io.BytesIO(written)) as parts:
        assert b"https://example.org/1#:~:text=" in parts.read("word/_rels/footnotes.xml.rels")
