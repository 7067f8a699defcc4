"""Listed phrases in a text."""

from __future__ import annotations

from retrieval.grounding.phrases import Found, Phrases
from retrieval.nlp.analysis import tokens


def test_the_longest_phrase_is_found_and_none_inside_it() -> None:
    listed = Phrases("because, because of\nas a result of")
    assert list(listed.find(tokens("closed because of rain"))) == [Found(1, 2)]


def test_a_particle_may_be_written_onto_a_phrase() -> None:
    assert list(Phrases("على الأقل").find(tokens("سبعة وعلى الأقل"))) == [Found(1, 2)]


def test_a_word_inside_another_is_not_found() -> None:
    assert not list(Phrases("all, كل").find(tokens("overall كلمة")))


def test_membership_asks_for_a_phrase_of_one_word() -> None:
    listed = Phrases("because, because of, as")
    assert "because" in listed
    assert "of" not in listed
