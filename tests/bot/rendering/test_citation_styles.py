"""References to take along, read back by the readers that people use."""

from __future__ import annotations

import json
from dataclasses import replace

import bibtexparser
import pytest
import rispy
from support.builders.answers import ARRIVED, ARTICLE, citation, found

from bot.rendering.citation_styles import TEXT_STYLES, TextStyle, styled_citations
from retrieval.types import Answer, Citation

FETCHED = replace(
    citation(1, ARTICLE, ARRIVED),
    title="100% {حصري} & _عاجل_ #1",
    published="2020-03-04",
    url="https://example.org/a_b/{1}?x=1&y=%20#top",
    fetched="2026-11-28T05:40:07Z",
    text_sha256="ab" * 32,
)
DATED = replace(citation(2, ARTICLE, "وقالت Reuters إن"), dated="15 شوال 1442")


def cited(*quotes: Citation) -> list[Answer]:
    return [replace(found(), citations=quotes)]


def test_ris_is_read_back_field_by_field() -> None:
    first, second = rispy.loads(styled_citations(cited(FETCHED, DATED), "ris"))
    assert first["type_of_reference"] == "NEWS"
    assert first["title"] == FETCHED.title
    assert first["secondary_title"] == "رويترز"
    assert first["date"] == "2020/03/04/"
    assert first["year"] == "2020"
    assert first["urls"] == [FETCHED.url]
    assert first["access_date"] == "2026/11/28"
    assert first["abstract"] == ARRIVED
    assert first["notes"] == [f"SHA-256 {'ab' * 32}"]
    assert second["date"] == "///15 شوال 1442"
    assert "year" not in second
    assert "urls" not in second


def test_bibtex_is_read_back_field_by_field() -> None:
    first, second = bibtexparser.loads(styled_citations(cited(FETCHED, DATED), "bibtex")).entries
    assert first["title"] == r"{100\% \{حصري\} \& \_عاجل\_ \#1}"
    assert first["howpublished"] == "رويترز"
    assert (first["date"], first["year"], first["month"]) == ("2020-03-04", "2020", "mar")
    assert first["url"] == "https://example.org/a_b/%7B1%7D?x=1&y=%20#top"
    assert first["urldate"] == "2026-11-28"
    assert first["abstract"] == ARRIVED
    assert first["ID"] != second["ID"]
    assert second["note"] == "15 شوال 1442"
    assert "date" not in second


def test_csl_states_dates_as_parts_or_as_they_stand() -> None:
    first, second = json.loads(styled_citations(cited(FETCHED, DATED), "csl"))
    assert first["issued"] == {"date-parts": [[2020, 3, 4]]}
    assert first["accessed"] == {"date-parts": [[2026, 11, 28]]}
    assert first["URL"] == FETCHED.url
    assert first["abstract"] == ARRIVED
    assert second["issued"] == {"literal": "15 شوال 1442"}
    assert "accessed" not in second


def test_markdown_shows_each_quote_with_where_it_stands_and_nothing_acts() -> None:
    told = styled_citations(cited(FETCHED, DATED), "md")
    assert told.startswith(f"- «{ARRIVED}»  \n  100% \\{{حصري\\}} & \\_عاجل\\_ \\#1 · رويترز · 2020-03-04 · <https://")
    assert "\n- «وقالت Reuters إن»" in told


@pytest.mark.parametrize("style", TEXT_STYLES)
def test_a_quote_of_two_answers_is_cited_once_and_an_answer_without_quotes_not(style: TextStyle) -> None:
    twice = styled_citations([*cited(FETCHED), *cited(FETCHED), *cited()], style)
    assert twice == styled_citations(cited(FETCHED), style)
    assert styled_citations(cited(), style) == ""


def test_a_quote_over_two_lines_stays_one_field_of_ris() -> None:
    broken = replace(FETCHED, quote="سطر\nER  - \nTY  - NEWS\nآخر")
    (entry,) = rispy.loads(styled_citations(cited(broken), "ris"))
    assert entry["abstract"] == "سطر ER - TY - NEWS آخر"
