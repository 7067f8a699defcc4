"""Pure: the quotes of an answer as references to take along: Markdown, RIS, BibTeX and CSL-JSON.

Each reference names the outlet, the title, the date as the article states it, the address with the day on which it was
read, and the digest of the text that the quote is a slice of. What is not known is left out, and nothing is made up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, get_args

from bot.rendering.texts import say
from retrieval.nlp.analysis import language_of
from retrieval.nlp.display import one_line
from retrieval.types import Answer, Citation, Language

TextStyle = Literal["md", "ris", "bibtex", "csl"]
TEXT_STYLES: tuple[TextStyle, ...] = get_args(TextStyle)
Quoted = tuple[Citation, Language]  # a quote, and the language of the answer that it stands in

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LATEX: Mapping[str, str] = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "&%$#_"},
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def styled_citations(answers: Sequence[Answer], style: TextStyle) -> str:
    """Return the quotes of answers in a style, in the answers' order and each once; an empty string for none."""
    quoted = {_key(one): (one, answer.language) for answer in answers for one in answer.citations}
    return _STYLES[style](list(quoted.values())) if quoted else ""


def read_on(citation: Citation) -> str | None:
    """Return the day on which the text was fetched from its address, as YYYY-MM-DD."""
    return citation.fetched[:10] if citation.url and citation.fetched else None


def details_of(citation: Citation, language: Language) -> list[str]:
    """Return what a reference says besides the quote, a part each: title, outlet, date, address, day, digest."""
    title = one_line(citation.title or "")
    parts = [title, one_line(citation.source or ""), citation.published or citation.dated or ""]
    if citation.url:
        parts.append(citation.url)
    if day := read_on(citation):
        parts.append(say(language, "cite_read_on", day=day))
    if citation.text_sha256:
        parts.append(f"SHA-256 {citation.text_sha256}")
    return [part for part in parts if part]


def _markdown(quoted: Sequence[Quoted]) -> str:
    """Return a list: each quote, and below it where it stands."""
    items = []
    for citation, language in quoted:
        quote = _MARKDOWN.sub(r"\\\1", one_line(citation.quote))
        details = (
            f"<{part}>" if part == citation.url else _MARKDOWN.sub(r"\\\1", part)
            for part in details_of(citation, language)
        )
        items.append(f"- «{quote}»  \n  {' · '.join(details)}")
    return "\n".join(items) + "\n"


def _ris(quoted: Sequence[Quoted]) -> str:
    """Return RIS, a newspaper article a quote; a date that is no full day stands behind its slashes as it is stated."""
    records = []
    for citation, _ in quoted:
        day = (citation.published or "").replace("-", "/")
        fields = [
            ("TY", "NEWS"),
            ("ID", _key(citation)),
            ("TI", citation.title),
            ("T2", citation.source),
            ("PY", (citation.published or "")[:4]),
            ("DA", f"{day}/" if day else f"///{citation.dated}" if citation.dated else None),
            ("LA", language_of(citation.quote)),
            ("UR", citation.url),
            ("Y2", (read_on(citation) or "").replace("-", "/")),
            ("AB", citation.quote),
            ("N1", f"SHA-256 {citation.text_sha256}" if citation.text_sha256 else None),
        ]
        lines = [f"{tag}  - {one_line(value)}" for tag, value in fields if value]
        records.append("\r\n".join([*lines, "ER  - "]))
    return "\r\n\r\n".join(records) + "\r\n"


def _bibtex(quoted: Sequence[Quoted]) -> str:
    """Return BibTeX, an entry a quote, with the fields of biblatex for the days."""
    entries = []
    for citation, _ in quoted:
        day = citation.published
        digest = f"SHA-256 {citation.text_sha256}" if citation.text_sha256 else None
        fields = [
            ("title", f"{{{_latex(citation.title)}}}" if citation.title else None),
            ("howpublished", _latex(citation.source)),
            ("date", day),
            ("year", day[:4] if day else None),
            ("month", _MONTHS[int(day[5:7]) - 1] if day else None),
            ("url", _in_braces(citation.url)),
            ("urldate", read_on(citation)),
            ("langid", {"ar": "arabic", "en": "english"}[language_of(citation.quote)]),
            ("abstract", _latex(citation.quote)),
            ("note", _latex("; ".join(filter(None, (None if day else citation.dated, digest))))),
        ]
        lines = (f"  {name} = {{{value}}}" for name, value in fields if value)
        entries.append(f"@misc{{{_key(citation)},\n" + ",\n".join(lines) + "\n}")
    return "\n\n".join(entries) + "\n"


def _csl(quoted: Sequence[Quoted]) -> str:
    """Return CSL-JSON, as Zotero, Pandoc and citeproc read it (https://docs.citationstyles.org, schema 1.0)."""
    items: list[dict[str, object]] = []
    for citation, _ in quoted:
        issued: object = _date_parts(citation.published) or ({"literal": citation.dated} if citation.dated else None)
        note = f"SHA-256: {citation.text_sha256}" if citation.text_sha256 else None
        item: dict[str, object] = {
            "id": _key(citation),
            "type": "article-newspaper",
            "title": citation.title,
            "container-title": citation.source,
            "issued": issued,
            "accessed": _date_parts(read_on(citation)),
            "URL": citation.url,
            "language": language_of(citation.quote),
            "abstract": citation.quote,
            "note": note,
        }
        items.append({name: value for name, value in item.items() if value})
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


_STYLES: Mapping[TextStyle, Callable[[Sequence[Quoted]], str]] = {
    "md": _markdown,
    "ris": _ris,
    "bibtex": _bibtex,
    "csl": _csl,
}


def _key(citation: Citation) -> str:
    """Return a name for a quote that is the same whenever it is cited: its article's id and where it begins."""
    return f"sanad-{citation.article_id}-{citation.start}"


def _date_parts(day: str | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else None


def _latex(text: str | None) -> str:
    r"""Return a text as LaTeX reads it back, on one line.

    >>> _latex("50% of {A & B}")
    '50\\% of \\{A \\& B\\}'
    """
    return "".join(_LATEX.get(letter, letter) for letter in one_line(text or ""))


def _in_braces(address: str | None) -> str | None:
    """Return an address as it may stand in braces: those of its own are encoded."""
    return address.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C") if address else None
