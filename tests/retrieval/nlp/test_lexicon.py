"""The English to Arabic lexicon: its files' form, and looking things up."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from retrieval.nlp.lexicon import Lexicon, english_stems, load_lexicon

TABLES = sorted(
    (entry for entry in (files("retrieval.nlp") / "data").iterdir() if entry.name.endswith(".tsv")), key=str
)
ENGLISH = re.compile(r"[^\u0600-\u06ff\tA-Z]+")
ARABIC = re.compile(r"[^|\t\u064b-\u0652]*[\u0600-\u06ff0-9][^|\t\u064b-\u0652]*")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_line_is_a_heading_or_an_entry_of_two_columns(table) -> None:  # type: ignore[no-untyped-def]
    for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        english, tab, arabic = line.partition("\t")
        assert tab, f"{table.name}:{number}: {line}"
        assert ENGLISH.fullmatch(english), f"{table.name}:{number}: {line}"
        assert english == english.strip(), f"{table.name}:{number}: {line}"
        equivalents = arabic.split("|")
        assert len(set(equivalents)) == len(equivalents), f"{table.name}:{number}: an equivalent stands twice"
        for equivalent in equivalents:
            assert ARABIC.fullmatch(equivalent), f"{table.name}:{number}: {line}"
            assert equivalent == equivalent.strip(), f"{table.name}:{number}: {line}"


def test_the_tables_are_there() -> None:
    assert [table.name for table in TABLES] == ["everyday.tsv", "general.tsv", "politics.tsv", "society.tsv"]
    assert len(load_lexicon().words) > 15_000
    assert len(load_lexicon().terms) > 1_500


def test_the_equivalents_of_several_tables_add_up() -> None:
    lexicon = Lexicon(["met\tالتقى|اجتمع", "met\tقابل|التقى"])
    assert lexicon.equivalents("met") == ["التقى", "اجتمع", "قابل"]


def test_a_word_comes_before_its_family() -> None:
    lexicon = Lexicon(["negotiate\tفاوض", "negotiation\tمفاوضة"])
    assert lexicon.equivalents("negotiation") == ["مفاوضة", "فاوض"]
    assert lexicon.equivalents("negotiating") == ["فاوض", "مفاوضة"]


def test_the_longest_term_wins() -> None:
    lexicon = Lexicon(["security council\tمجلس الأمن", "security council resolution\tقرار مجلس الأمن"])
    stems = english_stems(["the", "security", "council", "resolutions"])
    assert lexicon.term_at(stems, 1) == (3, ["قرار مجلس الأمن"])
    assert lexicon.term_at(stems, 0) == (0, [])


@pytest.mark.parametrize(
    ("word", "headword"),
    [("زلزال", "earthquake"), ("لافروف", "lavrov"), ("وبومبيو", "pompeo"), ("الالمانيه", "german"), ("اجتمعوا", "met")],
)
def test_an_arabic_word_in_any_form_finds_its_headword(word: str, headword: str) -> None:
    assert headword in load_lexicon().headwords(word)


def test_everyday_terms_have_the_words_of_newspapers() -> None:
    lexicon = load_lexicon()
    for term, arabic in (("passed away", "توفي"), ("power cuts", "انقطاع الكهرباء"), ("ran over", "دهس")):
        assert arabic in lexicon.term_at(english_stems(term.split()), 0)[1]


def test_an_unknown_word_has_no_equivalents_and_no_headwords() -> None:
    assert load_lexicon().equivalents("zubizarreta") == []
    assert load_lexicon().headwords("زوبيزاريتا") == ()


def test_sections_tell_names_times_and_numbers() -> None:
    lexicon = load_lexicon()
    assert {"pompeo", "syria", "syrian", "idlib", "moscow"} <= lexicon.names
    assert "earthquake" not in lexicon.names
    assert {"مايو", "ايار"} <= lexicon.time_words
    assert {"سبعه", "مليون"} <= lexicon.number_words
