"""What a word that nobody knows may stand for."""

from __future__ import annotations

import pytest

from retrieval.nlp.analysis import normalise
from retrieval.nlp.spellings import (
    MOST_FORMS,
    may_be_joined,
    parted,
    parted_latin,
    respellings,
    rewritings,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("عالمحكمة", "المحكمة"),
        ("هالقضية", "القضية"),
        ("بهالسنة", "السنة"),
        ("وهالشركة", "الشركة"),
        ("دالمغرب", "المغرب"),
        ("حيروح", "يروح"),
        ("هيتحرك", "يتحرك"),
        ("كيقول", "يقول"),
        ("غايمشي", "يمشي"),
        ("منعرف", "نعرف"),
        ("عمبيحكي", "يحكي"),
        ("مابيعرفش", "يعرف"),
        ("ميعرفوش", "يعرفو"),
        ("شصار", "صار"),
        ("كتييييير", "كتير"),
        ("گالوا", "قالوا"),
        ("چان", "كان"),
        ("پوتین", "بوتين"),
        ("ڤيروس", "فيروس"),
        ("بعكار", "عكار"),
    ],
)
def test_what_is_added_comes_off(typed: str, meant: str) -> None:
    assert normalise(meant) in rewritings(normalise(typed))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("تلاتة", "ثلاثة"),
        ("هادا", "هاذا"),
        ("ضابط", "ظابط"),
        ("قالو", "قالوا"),
        ("ابنو", "ابنه"),
        ("كهربا", "كهرباء"),
        ("مستشفا", "مستشفى"),
        ("مدرسا", "مدرسة"),
        ("اكتبلي", "اكتب"),
        ("انكسر", "كسر"),
        ("بينكسر", "كسر"),
        ("فلمدينة", "المدينة"),
        ("عبيروت", "بيروت"),
    ],
)
def test_what_is_written_as_it_is_spoken(typed: str, meant: str) -> None:
    assert normalise(meant) in respellings(normalise(typed))


@pytest.mark.parametrize("word", ["", "ا", "من", "بوتين", "ا" * 10_000, "بو" * 5_000, "\ud800"])
def test_forms_are_bounded_and_never_the_word_itself(word: str) -> None:
    for forms in (rewritings(word), respellings(word)):
        assert len(forms) <= MOST_FORMS
        assert word not in rewritings(word)


@pytest.mark.parametrize(
    ("first", "second"),
    [("عبد", "العزيز"), ("أبو", "هنية"), ("صلاح", "الدين"), ("نصر", "الله"), ("بن", "سلمان"), ("أم", "سدرة")],
)
def test_names_are_parted_and_joined(first: str, second: str) -> None:
    one, two = normalise(first), normalise(second)
    assert (one, two) in parted(one + two)
    assert may_be_joined(one, two)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("abdulaziz", ("عبد", "aziz")),
        ("abdelkader", ("عبد", "kader")),
        ("abouhaniyeh", ("ابو", "haniyeh")),
        ("salahuddin", ("الدين", "salah")),
        ("noureddine", ("الدين", "nour")),
        ("nasrallah", ("الله", "nasr")),
    ],
)
def test_latin_names_are_parted(word: str, parts: tuple[str, str]) -> None:
    assert parts in parted_latin(word)


@pytest.mark.parametrize("word", ["about", "abroad", "lavrov", "washington", "absolute", "president", "abd", "lah"])
def test_other_latin_words_are_not(word: str) -> None:
    assert parted_latin(word) == ()
