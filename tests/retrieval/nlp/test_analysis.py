"""Normalisation, tokens, stems and the language of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.nlp.analysis import (
    grams,
    language_of,
    normalise,
    normalise_with_offsets,
    stem,
    tokens,
    words,
)

ARABIC_AND_OTHERS = st.text(alphabet=st.characters(codec="utf-8")) | st.text(
    alphabet='ابتةىئؤءأإآـًٌٍَُِّْٰﷲﻻ٠٩۰۹،؛؟!.…«»“”()[]"\n\r\t \u00a0\u200f\u202eAzçğ0123,'
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("مُحَمَّدٌ", "محمد"),
        ("مـــحـــمـــد", "محمد"),
        ("أحمد إبراهيم آدم ٱلله", "احمد ابراهيم ادم الله"),
        ("القاهرة", "القاهره"),
        ("مصطفى", "مصطفي"),
        ("مسؤول بيئة", "مسوول بييه"),
        ("ﺳﻮﺭﻳﺎ", "سوريا"),
        ("ﷲ", "الله"),
        ("ﻻ", "لا"),
        ("٢٢٥٤", "2254"),
        ("۲۲۵۴", "2254"),
        ("کتاب ایران", "كتاب ايران"),
        ("سوريا\u200f\u202b", "سوريا"),
        ("SHOIGU", "shoigu"),
        ("Çavuşoğlu", "cavusoglu"),
        ("Erdoğan İstanbul ısı", "erdogan istanbul isi"),
    ],
)
def test_spellings_that_readers_take_for_the_same_are_made_the_same(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@given(ARABIC_AND_OTHERS)
def test_every_normalised_character_knows_the_original_one_it_came_from(text: str) -> None:
    normal, offsets = normalise_with_offsets(text)
    assert normal == normalise(text)
    assert len(offsets) == len(normal) + 1
    assert offsets == sorted(offsets)
    assert all(letter in normalise(text[offsets[at]]) for at, letter in enumerate(normal))


@given(ARABIC_AND_OTHERS)
def test_a_token_stands_in_the_original_where_it_says(text: str) -> None:
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.text in words(text[token.start : token.end])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الثلاثاء14أيار", ["الثلاثاء", "14", "ايار"]),
        ("الـ17 من", ["ال", "17", "من"]),
        ("1,200,000 و3.5 و٣٫٥", ["1200000", "و", "3.5", "و", "3.5"]),
        ("1, 2", ["1", "2"]),
        ("", []),
        ("😀 … \u202e", []),
    ],
)
def test_letters_and_digits_part_ways_and_numbers_stay_whole(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    "family",
    [
        ["سوريا", "سورية", "السوري", "السورية", "السوريين", "وسوريا"],
        ["الروسي", "روسيا", "الروسية", "والروسيين"],
        ["ألمانيا", "ألماني", "الألمانية", "وألمانيا"],
        ["مباحثات", "المباحثات", "بالمباحثات", "ومباحثات"],
        ["negotiation", "negotiations"],
    ],
)
def test_forms_of_one_word_share_a_stem(family: list[str]) -> None:
    assert len({stem(normalise(word)) for word in family}) == 1


def test_a_stem_keeps_at_least_two_letters() -> None:
    assert [stem(word) for word in ("الي", "ان", "ها", "و", "وال")] == ["ال", "ان", "ها", "و", "وال"]


def test_grams_stay_inside_the_bounds_of_a_word() -> None:
    assert grams("ادلب") == ("_ادل", "ادلب", "دلب_")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("من هو بومبيو؟", "ar"),
        ("Who is Pompeo?", "en"),
        ("Qui est Lavrov ?", "en"),
        ("ماذا قال Lavrov؟", "ar"),
        ("What is حميميم base?", "en"),
        ("ماذا قال Sergey Lavrov لنظيره Mike Pompeo في https://example.org/a/long/address؟", "ar"),
        ("مين Sergey Lavrov", "ar"),
        ("Who is عبد الرحمن البرهومي القطامي?", "en"),
        ("What did the IT minister say to خالد عبد الرحمن البرهومي?", "en"),
        ("https://example.org/articles/17 متى", "ar"),
        ("2254", "ar"),
        ("😀", "ar"),
        ("", "ar"),
    ],
)
def test_the_language_is_that_of_the_small_words_whatever_names_stand_among_them(text: str, expected: str) -> None:
    assert language_of(text) == expected
