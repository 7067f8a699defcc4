"""Which verb of the list a word is, in which form."""

from __future__ import annotations

import pytest

from retrieval.grounding.verbs import Verb, is_verb, meanings, verbs_of
from retrieval.nlp.analysis import normalise


@pytest.mark.parametrize(
    ("word", "verb"),
    [
        ("اتهمتها", Verb("accuse", "past")),
        ("فدعوا", Verb("ask", "past")),
        ("وسيلتقون", Verb("meet", "present")),
        ("ستدعو", Verb("ask", "present")),
        ("بزيارته", Verb("visit", "noun")),
        ("مطالبا", Verb("ask", "noun")),
        ("killed", Verb("kill", "past")),
        ("told", Verb("say", "past")),
        ("stopping", Verb("stop", "noun")),
        ("denies", Verb("deny", "present")),
    ],
)
def test_inflections_are_known(word: str, verb: Verb) -> None:
    assert verb in verbs_of(normalise(word))


@pytest.mark.parametrize("word", ["باريس", "كتاب", "harbour", "the", "وزير"])
def test_other_words_are_no_verbs(word: str) -> None:
    assert not is_verb(word)


def test_a_meaning_belongs_to_a_group() -> None:
    assert "accuse" in meanings("speech")
    assert "kill" in meanings("harm")
    assert not meanings("speech") & meanings("harm")
