"""The phonetic key of a name, in both scripts."""

from __future__ import annotations

import pytest

from retrieval.nlp.analysis import normalise
from retrieval.nlp.phonetics import alike, key_of_arabic, keys_in_text, keys_of_latin, one_apart


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
    assert keys_in_text("و") == frozenset()
    assert keys_of_latin("") == frozenset()
    assert all(len(key) > 1 for name in ("b", "o", "io", "bo") for key in keys_of_latin(name))


@pytest.mark.parametrize("word", ["في", "ما", "او", "هي"])
def test_a_short_particle_has_no_key(word: str) -> None:
    assert keys_in_text(word) == frozenset()


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("مها", "Maha"),
        ("مايا", "Maya"),
        ("يحيى", "Yahya"),
        ("نوح", "Nouh"),
        ("عيسى", "Issa"),
        ("وائل", "Wael"),
    ],
)
def test_a_name_with_hardly_a_consonant_has_a_key_too(arabic: str, latin: str) -> None:
    assert is_one_name(latin, arabic)


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("ولد", "Ould"),
        ("بوتفليقة", "Bouteflika"),
        ("شريف", "Cherif"),
        ("جمال", "Djamel"),
        ("حسين", "Hocine"),
        ("خالد", "Khaled"),
        ("خالد", "Khalid"),
        ("ياسين", "Yacine"),
        ("تبون", "Tebboune"),
        ("غزال", "Ghezal"),
        ("مسعود", "Messaoud"),
        ("الأخضر", "Lakhdar"),
        ("إسماعيل", "Smail"),
        ("السعدي", "Essaadi"),
        ("براهيمي", "Brahimi"),
        ("الجزائري", "Djazairi"),
    ],
)
def test_french_spellings_of_the_maghreb_are_heard(arabic: str, latin: str) -> None:
    assert is_one_name(latin, arabic)


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("سلمان", "Salim"), ("سليمان", "Salman"), ("حسن", "Hussein"), ("حسين", "Hassan"),
        ("كريم", "Karam"), ("حمد", "Ahmed"), ("محمد", "Ahmed"), ("محمد", "Hamad"), ("محمود", "Mohamed"),
        ("عالية", "Ali"), ("علي", "Alia"), ("حربي", "Harb"), ("سعدي", "Saad"),
    ],
)  # fmt: skip
def test_a_near_name_is_another_name(arabic: str, latin: str) -> None:
    assert not is_one_name(latin, arabic)


def is_one_name(latin: str, arabic: str) -> bool:
    name, word = normalise(latin), normalise(arabic)
    return any(alike(name, word, key) for key in keys_in_text(word) & keys_of_latin(name))


@pytest.mark.parametrize(
    ("word", "keys"),
    [("الكرملين", {"krmln"}), ("وبوتين", {"btn"}), ("للكرملين", {"krmln", "lkrmln"}), ("بطرس", {"btrs", "trs"})],
)
def test_an_article_is_no_part_of_a_key_and_a_particle_may_be(word: str, keys: set[str]) -> None:
    assert keys_in_text(word) == keys


def test_one_sound_more_less_or_other_is_near_and_two_are_not() -> None:
    assert one_apart("lfsr", "lfs")
    assert one_apart("lfs", "lfsr")
    assert one_apart("antl", "andl")
    assert one_apart("btn", "btn")
    assert not one_apart("lfsr", "lf")
    assert not one_apart("abcd", "badc")
