"""The phonetic key of a name, in both scripts."""

from __future__ import annotations

import pytest

from retrieval.nlp.analysis import normalise
from retrieval.nlp.phonetics import key_of_arabic, keys_in_text, keys_of_latin, one_apart


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("شويغو", "شويجو"),
        ("أكار", "آكار"),
        ("جاويش", "تشاووش"),
        ("أوغلو", "أوجلو"),
        ("أردوغان", "إردوغان"),
        ("أردوغان", "أردوجان"),
        ("أستانا", "آستانة"),
        ("سوريا", "سورية"),
        ("غوتيريس", "جوتيريس"),
        ("فلاديمير", "ڤلاديمير"),
    ],
)
def test_arabic_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert key_of_arabic(normalise(one)) == key_of_arabic(normalise(other))


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("شويغو", "Shoigu"),
        ("شويجو", "Shoygu"),
        ("لافروف", "Lavrov"),
        ("بومبيو", "Pompeo"),
        ("لافرينتييف", "Lavrentiev"),
        ("فيرشينين", "Vershinin"),
        ("غوتيريس", "Guterres"),
        ("جيفري", "Jeffrey"),
        ("خلوصي", "Khulusi"),
        ("نوفوستي", "Novosti"),
        ("والنيرب", "Neirab"),
        ("واشنطن", "Washington"),
        ("بيتهوفن", "Beethoven"),
    ],
)
def test_a_latin_spelling_is_heard_in_the_arabic_one(arabic: str, latin: str) -> None:
    assert keys_in_text(normalise(arabic)) & keys_of_latin(normalise(latin))


@pytest.mark.parametrize(("arabic", "latin"), [("لافروف", "Pompeo"), ("بوتين", "Biden"), ("حلب", "Idlib")])
def test_different_names_are_not_heard_as_one(arabic: str, latin: str) -> None:
    assert not keys_in_text(normalise(arabic)) & keys_of_latin(normalise(latin))


def test_a_single_sound_is_no_key() -> None:
    assert keys_of_latin("io") == frozenset()
    assert keys_in_text("في") == frozenset()


def test_one_sound_more_less_or_other_is_near_and_two_are_not() -> None:
    assert one_apart("lfsr", "lfs")
    assert one_apart("lfs", "lfsr")
    assert one_apart("antl", "andl")
    assert one_apart("btn", "btn")
    assert not one_apart("lfsr", "lf")
    assert not one_apart("abcd", "badc")
