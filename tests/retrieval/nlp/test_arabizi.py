"""Arabizi is told from English, and put into Arabic letters."""

from __future__ import annotations

import pytest

from retrieval.nlp.analysis import stem, words
from retrieval.nlp.arabizi import in_arabic, is_arabizi
from retrieval.nlp.lexicon import load_lexicon


@pytest.mark.parametrize(
    "text",
    [
        "shu sar bil jisr",
        "wein wa2a3 eljisr",
        "meen ra2is el baladiye",
        "2addesh kalaf el mashrou3",
        "lesh 7ara2o el madrase?",
        "emta btiftah el jam3a",
        "kam wa7ad mat bel 7adis",
        "3alash el ra2is safar",
        "fin kayn el 3ors",
        "7alab",
    ],
)
def test_arabizi(text: str) -> None:
    assert is_arabizi(text, load_lexicon())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2254",
        "What happened in Aleppo?",
        "who is abu haniyeh",
        "who is el assad",
        "covid19 cases in Idlib",
        "F16 jets over Idlib",
        "G20 summit",
        "the 3rd of May",
        "5G network in Beirut",
        "7eleven shop",
        "2pac songs",
        "mp3",
        "windows7",
        "4x4 race in Hail",
        "wen jiabao visit",
        "Wish list",
        "what about 7alab, and who was there",
        "ماذا حدث في 7alab؟",
        "Qui est Lavrov ?",
        "İstanbul belediye başkanı kim",
        "quien es el alcalde de la ciudad",
        "chi e il presidente della repubblica",
        "wer ist der Bürgermeister und was hat er gesagt",
        "siapa presiden di kota ini",
        "wie is de burgemeester van de stad",
        "min hun hu s-sindku tal-belt",
        "ina ake gina gadar",
        "hal 9000",
        "la la land",
        "1" * 5_000,
        "a3" * 5_000,
    ],
)
def test_other_texts_are_not(text: str) -> None:
    assert not is_arabizi(text, load_lexicon())


@pytest.mark.parametrize(
    ("text", "in_use", "arabic"),
    [
        ("shu sar bil jisr", "صار جسر", "شو صار جسر"),
        ("wein wa2a3 eljisr", "وقع الجسر", "وين وقع الجسر"),
        ("meen ra2is el baladiye", "رئيس بلدية", "مين رييس بلديه"),
        ("lesh 7ara2o el madrase", "حرقوا مدرسة", "ليش حرقوا مدرسه"),
        ("2addesh kalaf el mashrou3", "كلف مشروع", "قديش كلف مشروع"),
        ("7alab w zgharta", "حلب", "حلب zgharta"),
    ],
)
def test_words_are_spelt_as_they_are_in_use(text: str, in_use: str, arabic: str) -> None:
    known = {stem(word) for word in words(in_use)}
    spelt = in_arabic(text, load_lexicon(), lambda word: stem(word) in known)
    assert [stem(word) for word in words(spelt)] == [stem(word) for word in words(arabic)]
