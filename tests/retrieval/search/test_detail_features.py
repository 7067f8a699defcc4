"""Whether what is asked is said of what it is asked of: pairs of a question and what the articles say."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import found_in

from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.detail_features import DETAIL_FEATURES, detail_features
from retrieval.search.sentence_ranking import rank_sentences


def features(question: str, *texts: str) -> dict[str, float]:
    found = found_in(question, *texts)
    return detail_features(found, rank_sentences(found, load_lexicon()))


def test_every_feature_is_there() -> None:
    assert tuple(features("كم عمر السائق؟", "نجا السائق، 43 عاماً.")) == DETAIL_FEATURES


@pytest.mark.parametrize(
    ("question", "told", "near_miss"),
    [
        ("كم عمر السائق؟", "نجا السائق، 43 عاماً، من الحادث.", "نجا السائق من الحادث."),
        ("كم كلف ترميم الجسر؟", "كلف ترميم الجسر 45 مليون دينار.", "استغرق ترميم الجسر 45 يوماً."),
        ("كم راكباً كان في الحافلة؟", "كان في الحافلة 40 راكباً.", "كان الراكب نائماً في الحافلة."),
        ("لماذا تأجل المهرجان؟", "تأجل المهرجان بسبب المطر.", "تأجل المهرجان إلى الخريف."),
        ("ماذا قال الوزير عن الرواتب؟", "وقال الوزير إن الرواتب ستصرف غداً.", "استقبل الوزير موظفين بلا رواتب."),
    ],
)
def test_a_near_miss_states_nothing_of_the_kind(question: str, told: str, near_miss: str) -> None:
    assert features(question, told)["stated_first"] == 1.0
    assert features(question, near_miss)["stated_first"] == 0.0


def test_a_detail_of_somebody_else_stands_farther_from_the_words_of_the_question() -> None:
    own = features("كم عمر السائق مرعي؟", "نجا السائق مرعي، 43 عاماً، من حادث الحافلة وتوفي فيه طفل صغير.")
    of_another = features("كم عمر السائق مرعي؟", "نجا السائق مرعي من حادث الحافلة وتوفي فيه طفل صغير عمره 7 أعوام.")
    assert own["bound_few"] > of_another["bound_few"]
    assert own["beside_few"] > of_another["beside_few"]


def test_the_asked_word_that_nothing_near_says_counts_apart_from_names() -> None:
    said = features("كم راتب المدرب كوابينا؟", "يبلغ راتب المدرب كوابينا ألف دينار.")
    unsaid = features("كم راتب المدرب كوابينا؟", "دفع النادي للمدرب كوابينا ألف دينار.")
    assert said["words_least"] > unsaid["words_least"]
    assert said["names_near"] == unsaid["names_near"]


def test_what_the_article_leaves_open_is_told() -> None:
    assert features("ما اسم الموقوف؟", "ولم يُكشف عن اسم الموقوف.")["left_open"] == 1.0
    assert features("ما اسم الموقوف؟", "واسم الموقوف سالم.")["left_open"] == 0.0
