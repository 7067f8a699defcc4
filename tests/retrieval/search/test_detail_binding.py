"""How near a detail stands to what it is asked of."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import found_in

from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.sentence_features import FEATURES, candidates_of, sentence_features


def bindings(question: str, *texts: str) -> list[dict[str, float]]:
    found = found_in(question, *texts)
    rows = sentence_features(found, candidates_of(found), load_lexicon())
    return [dict(zip(FEATURES, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("question", "own", "of_another"),
    [
        (
            "كم عمر السائق مرعي؟",
            "نجا السائق مرعي، 43 عاماً، من حادث الحافلة وتوفي فيه طفل صغير.",
            "نجا السائق مرعي من حادث الحافلة، وتوفي فيه طفل صغير، 7 أعوام.",
        ),
        (
            "كم كلف الجسر القديم؟",
            "كلف الجسر القديم 40 مليون دينار، وافتتحه المحافظ ظهر الأحد.",
            "أغلق الجسر القديم ظهر الأحد، وقال المحافظ إن بديله، وهو من حديد، سيقام بمبلغ 90 مليون دينار.",
        ),
        (
            "متى يفتح المعبر؟",
            "يفتح المعبر يوم الأحد، وفق ما أعلن المدير في مؤتمر صحفي.",
            "قال المدير إن المعبر لن يفتح قبل صيانته، وذلك في مؤتمر صحفي، عقد في مكتبه يوم الأحد.",
        ),
    ],
)
def test_a_detail_of_something_else_stands_farther_away(question: str, own: str, of_another: str) -> None:
    (right,), (wrong,) = bindings(question, own), bindings(question, of_another)
    assert right["detail_stated"] == wrong["detail_stated"] == 1.0
    for name in ("detail_bound", "detail_beside", "detail_clause"):
        assert right[name] > wrong[name]


def test_without_an_expression_of_the_kind_nothing_is_bound() -> None:
    (row,) = bindings("كم عمر السائق مرعي؟", "نجا السائق مرعي من الحادث.")
    assert not any(value for name, value in row.items() if name.startswith("detail_"))


def test_what_the_sentence_before_names_counts_a_little() -> None:
    _, after = bindings("كم عمر السائق مرعي؟", "نجا السائق مرعي من الحادث. ويبلغ من العمر 43 عاماً.")
    (alone,) = bindings("كم عمر السائق مرعي؟", "ويبلغ من العمر 43 عاماً.")
    assert after["detail_bound"] > alone["detail_bound"]
