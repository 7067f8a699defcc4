"""Articles printed as PDFs by each program and package that is installed, in five fonts, and read back.

Usage: python bench/pdf.py [FIRST_ARTICLES] [PRINTER...]

Beside the seeds stands an article of our own (pdf_article.txt) with vowel marks, brackets, dates, signs and numbers of
both kinds. A word or a number is right where it stands in its order as it was printed; a paragraph, where it begins and
ends with its own first and last word. The peer is `pdftotext` of poppler on the same files, with a space for each
mark of direction that it adds, and with letters for presentation forms.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import chain
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, where `retrieval` would be a file of it

from bench.pdf_printers import PRINTERS, Articles, Font, Printer, find_font
from retrieval.errors import ArticleError
from retrieval.readers.pdf import read_pdf

FONTS = ("Noto Naskh Arabic", "Noto Sans Arabic", "Amiri", "DejaVu Sans", "Scheherazade")  # the last is "New" elsewhere
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_EDGES = " \t\n.,;:!?،؛؟…()[]{}«»“”\"'–—-"
_BLANK_LINE = re.compile(r"\n\s*\n")

Read = Callable[[bytes], list[str]]  # the paragraphs of a PDF


class Score(NamedTuple):
    """How many words, numbers and paragraphs are right, and of how many."""

    words: int = 0
    of_words: int = 0
    numbers: int = 0
    of_numbers: int = 0
    paragraphs: int = 0
    of_paragraphs: int = 0

    def plus(self, other: Score) -> Score:
        """Return the sums of both."""
        return Score(*(one + two for one, two in zip(self, other, strict=True)))

    def row(self) -> str:
        """Return the three shares as percentages."""
        return "".join(f"{100 * right / max(of, 1):8.2f}" for right, of in zip(self[::2], self[1::2], strict=True))


def main() -> None:
    """Print the table."""
    counts = [int(argument) for argument in sys.argv[1:] if argument.isdecimal()]
    named = [argument for argument in sys.argv[1:] if not argument.isdecimal()]
    articles = _articles(counts[0] if counts else None)
    readers = {"Sanad": _by_sanad} | ({"pdftotext": _by_pdftotext} if shutil.which("pdftotext") else {})
    print(f"{len(articles)} articles; words, numbers and paragraphs that are right, %")
    print(f"{'':33}" + "".join(f"{name:>24}" for name in readers))
    total = dict.fromkeys(readers, Score())
    for printer in PRINTERS:
        if named and printer.name not in named:
            continue
        if missing := printer.missing():
            print(f"{printer.name:12} needs {', '.join(missing)}")
            continue
        for family in FONTS:
            if (font := find_font(family)) is None:
                print(f"{printer.name:12} {family:20} is not installed")
                continue
            own = printable(articles, printer, font)
            if not all(map(all, own.values())):
                print(f"{printer.name:12} {family:20} has not the letters that it draws")
                continue
            printed = printer.print_all(own, font)
            scores = {name: _score(own, printed, read) for name, read in readers.items()}
            total = {name: total[name].plus(score) for name, score in scores.items()}
            print(f"{printer.name:12} {family:20}" + "".join(score.row() for score in scores.values()), flush=True)
    print(f"{'all':33}" + "".join(score.row() for score in total.values()))


def _articles(most: int | None) -> Articles:
    files = [*sorted((ROOT / "seeds").glob("*.txt"))[:most], Path(__file__).with_name("pdf_article.txt")]
    return {
        file.stem: [" ".join(line.split()) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        for file in files
    }


def printable(articles: Articles, printer: Printer, font: Font) -> Articles:
    """Return the articles without the words that a printer cannot print in a font."""
    if (can_print := printer.can_print) is None:
        return articles
    return {
        name: [" ".join(word for word in paragraph.split() if can_print(word, font)) for paragraph in paragraphs]
        for name, paragraphs in articles.items()
    }


def _by_sanad(data: bytes) -> list[str]:
    try:
        return read_pdf(data).text.split("\n\n")
    except ArticleError:
        return []


def _by_pdftotext(data: bytes) -> list[str]:
    text = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode("utf-8")
    plain = unicodedata.normalize("NFKC", _DIRECTION_MARKS.sub(" ", text.replace("\f", "\n\n")))
    return [" ".join(block.split()) for block in _BLANK_LINE.split(plain) if block.strip()]


def _score(articles: Articles, printed: Mapping[str, bytes], read: Read) -> Score:
    total = Score()
    for name, paragraphs in articles.items():
        total = total.plus(compare(paragraphs, read(printed[name])))
    return total


def compare(wanted: Sequence[str], found: Sequence[str]) -> Score:
    """Hold the paragraphs that were read against those that were printed."""
    words, read = [list(map(_words, paragraphs)) for paragraphs in (wanted, found)]
    flat, read_flat = list(chain(*words)), list(chain(*read))
    blocks = SequenceMatcher(None, flat, read_flat, autojunk=False).get_matching_blocks()
    place = {block.a + at: block.b + at for block in blocks for at in range(block.size)}
    edges = {(start, start + len(words)) for start, words in zip(_starts(read), read, strict=True)}
    right = sum(
        (place.get(start), place.get(start + len(own) - 1, -2) + 1) in edges
        for start, own in zip(_starts(words), words, strict=True)
    )
    numbers = [at for at, word in enumerate(flat) if any(map(str.isdigit, word))]
    return Score(len(place), len(flat), sum(at in place for at in numbers), len(numbers), right, len(words))


def _starts(paragraphs: Sequence[Sequence[str]]) -> list[int]:
    starts = [0]
    for words in paragraphs:
        starts.append(starts[-1] + len(words))
    return starts[:-1]


def _words(paragraph: str) -> list[str]:
    plain = unicodedata.normalize("NFC", paragraph)
    return [word for part in plain.split() if (word := part.strip(_EDGES))]


if __name__ == "__main__":
    main()
