"""Arabic articles printed as PDFs by whatever can print them on this machine; `bench/pdf.py` reads them back.

The programs are Chromium, LibreOffice, Pango (`pango-view`, by cairo); the packages WeasyPrint, fpdf2 with uharfbuzz,
and reportlab with arabic-reshaper and python-bidi, which are the bench's own and no dependencies of the project.
"""

from __future__ import annotations

import html
import importlib.util
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

Articles = Mapping[str, Sequence[str]]  # the paragraphs of each, by its name
SIZE, LEADING, WIDTH, MARGIN = 12, 20, 450, 60  # points
FALLBACK = "DejaVu Sans"  # for what a font lacks, where a printer does not look for one itself
SECONDS = 120  # for one run of a program


class Font(NamedTuple):
    """A font that is installed."""

    family: str
    file: Path


class Printer(NamedTuple):
    """What prints articles, and the programs and packages that it needs."""

    name: str
    needs: tuple[str, ...]
    print_all: Callable[[Articles, Font], dict[str, bytes]]
    can_print: Callable[[str, Font], bool] | None = None  # whether a font has all of a word; None where any is found

    def missing(self) -> list[str]:
        """Return what is not installed."""
        return [need for need in self.needs if not (shutil.which(need) or _has_package(need))]


def _has_package(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def find_font(family: str) -> Font | None:
    """Return a font by its family, regular and no fallback of another family; None where it is not installed."""
    if shutil.which("fc-match") is None:
        return None
    found = subprocess.run(
        ["fc-match", "-f", "%{family}\t%{file}", f"{family}:style=Regular"], capture_output=True, text=True, check=True
    ).stdout
    names, _, file = found.partition("\t")
    return Font(family, Path(file)) if family in names.split(",") else None


def _page(paragraphs: Sequence[str], font: Font) -> str:
    body = "\n".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    style = f"body {{ font: {SIZE}pt/{LEADING}pt '{font.family}' }} @page {{ size: A4; margin: {MARGIN}pt }}"
    return f'<!doctype html><html dir="rtl" lang="ar"><meta charset="utf-8"><style>{style}</style>{body}</html>'


def _by_program(articles: Articles, font: Font, suffix: str, source: Callable[[Sequence[str], Font], str],
                commands: Callable[[list[Path]], list[list[str]]]) -> dict[str, bytes]:  # fmt: skip
    """Write each article as a file, run the commands beside them, and return the PDFs of their names."""
    with TemporaryDirectory() as place:
        files = []
        for name, paragraphs in articles.items():
            files.append(Path(place, name + suffix))
            files[-1].write_text(source(paragraphs, font), encoding="utf-8")
        for command in commands(files):
            subprocess.run(command, cwd=place, capture_output=True, check=True, timeout=SECONDS)
        return {file.stem: file.with_suffix(".pdf").read_bytes() for file in files}


def _chromium(articles: Articles, font: Font) -> dict[str, bytes]:
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]

    def commands(files: list[Path]) -> list[list[str]]:
        return [["chromium", *options, f"--print-to-pdf={file.with_suffix('.pdf')}", file.as_uri()] for file in files]

    return _by_program(articles, font, ".html", _page, commands)


def _libreoffice(articles: Articles, font: Font) -> dict[str, bytes]:
    def commands(files: list[Path]) -> list[list[str]]:
        profile = f"-env:UserInstallation={(files[0].parent / 'profile').as_uri()}"
        return [["soffice", profile, "--headless", "--convert-to", "pdf", *(file.name for file in files)]]

    return _by_program(articles, font, ".fodt", _flat_document, commands)


def _flat_document(paragraphs: Sequence[str], font: Font) -> str:
    face = f'<style:font-face style:name="F" svg:font-family="&apos;{font.family}&apos;"/>'
    text = f'style:font-name="F" style:font-name-complex="F" fo:font-size="{SIZE}pt" style:font-size-complex="{SIZE}pt"'
    line = f'fo:line-height="{LEADING}pt" fo:margin-bottom="{SIZE}pt" style:writing-mode="rl-tb" fo:text-align="right"'
    uses = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in {
            "office": "office",
            "style": "style",
            "text": "text",
            "fo": "xsl-fo-compatible",
            "svg": "svg-compatible",
        }.items()
    )
    body = "".join(f'<text:p text:style-name="P">{html.escape(paragraph)}</text:p>' for paragraph in paragraphs)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {uses} office:version="1.2"'
        ' office:mimetype="application/vnd.oasis.opendocument.text">'
        f"<office:font-face-decls>{face}</office:font-face-decls><office:automatic-styles>"
        f'<style:style style:name="P" style:family="paragraph"><style:paragraph-properties {line}/>'
        f"<style:text-properties {text}/></style:style></office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document>"
    )


def _pango(articles: Articles, font: Font) -> dict[str, bytes]:
    def commands(files: list[Path]) -> list[list[str]]:
        options = ["-q", "--rtl", f"--font={font.family} {SIZE}", f"--width={WIDTH}", f"--margin={MARGIN}"]
        return [["pango-view", *options, f"--output={file.with_suffix('.pdf')}", str(file)] for file in files]

    return _by_program(articles, font, ".txt", lambda paragraphs, _: "\n\n".join(paragraphs), commands)


def _weasyprint(articles: Articles, font: Font) -> dict[str, bytes]:
    from weasyprint import HTML

    return {name: HTML(string=_page(paragraphs, font)).write_pdf() for name, paragraphs in articles.items()}


def _fpdf2(articles: Articles, font: Font) -> dict[str, bytes]:
    from fpdf import FPDF

    printed = {}
    for name, paragraphs in articles.items():
        pdf = FPDF(unit="pt")
        pdf.set_margin(MARGIN)
        pdf.add_page()
        pdf.add_font("F", fname=str(font.file))
        pdf.set_font("F", size=SIZE)
        if other := find_font(FALLBACK):
            pdf.add_font("G", fname=str(other.file))
            pdf.set_fallback_fonts(["G"], exact_match=False)
        pdf.set_text_shaping(use_shaping_engine=True, direction="rtl", script="arab", language="ara")
        for paragraph in paragraphs:
            pdf.multi_cell(0, LEADING, paragraph, align="R", new_x="LMARGIN", new_y="NEXT")
            pdf.ln(SIZE)
        printed[name] = bytes(pdf.output())
    return printed


def _has_forms(word: str, font: Font) -> bool:
    """Return whether a font has the presentation forms of a word: reportlab shapes nothing, and takes no other font."""
    from arabic_reshaper import reshape
    from fontTools.ttLib import TTFont

    return all(ord(letter) in _letters_of(font.file, TTFont) for letter in reshape(word))


@cache
def _letters_of(file: Path, opened: Callable[[str], Any]) -> frozenset[int]:
    return frozenset(opened(str(file)).getBestCmap())


def _reportlab(articles: Articles, font: Font) -> dict[str, bytes]:
    from arabic_reshaper import ArabicReshaper
    from bidi import get_display
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    face = font.file.stem  # reportlab keeps the first font of a name
    pdfmetrics.registerFont(TTFont(face, str(font.file)))
    reshape = ArabicReshaper({"delete_harakat": False, "support_ligatures": True}).reshape

    def shown(line: str) -> str:
        return get_display(reshape(line), base_dir="R")

    def lines(paragraph: str) -> list[str]:
        wrapped = [""]
        for word in paragraph.split():
            longer = f"{wrapped[-1]} {word}".strip()
            if pdfmetrics.stringWidth(shown(longer), face, SIZE) > WIDTH:
                wrapped.append(word)
            else:
                wrapped[-1] = longer
        return wrapped

    printed = {}
    for name, paragraphs in articles.items():
        canvas = Canvas(stream := BytesIO(), pagesize=A4)
        canvas.setFont(face, SIZE)
        y = A4[1] - MARGIN
        for paragraph in paragraphs:
            for line in lines(paragraph):
                if y < MARGIN:
                    canvas.showPage()
                    canvas.setFont(face, SIZE)
                    y = A4[1] - MARGIN
                canvas.drawRightString(A4[0] - MARGIN, y, shown(line))
                y -= LEADING
            y -= SIZE
        canvas.save()
        printed[name] = stream.getvalue()
    return printed


PRINTERS = (
    Printer("Chromium", ("chromium",), _chromium),
    Printer("LibreOffice", ("soffice",), _libreoffice),
    Printer("WeasyPrint", ("weasyprint",), _weasyprint),
    Printer("fpdf2", ("fpdf", "uharfbuzz"), _fpdf2),
    Printer("reportlab", ("reportlab", "arabic_reshaper", "bidi", "fontTools"), _reportlab, _has_forms),
    Printer("cairo", ("pango-view",), _pango),
)
