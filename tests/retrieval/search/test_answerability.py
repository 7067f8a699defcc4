"""The gate: what closes it and what opens it."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import found_in

from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.answerability import Answerability, judge
from retrieval.search.sentence_ranking import rank_sentences

TEXTS = [
    "التقى لافروف نظيره بومبيو في سوتشي وبحثا القرار 2254.",
    "قدم شويغو التعازي لأنقرة بعد زلزال ضرب شرق تركيا.",
]


def verdict(question: str, *texts: str) -> Answerability:
    found = found_in(question, *(texts or TEXTS))
    return judge(found, rank_sentences(found, load_lexicon()))


@pytest.mark.parametrize(
    "question",
    [
        "أين التقى لافروف بومبيو؟",
        "Where did Lavrov meet Pompeo?",
        "ماذا بحثا في القرار ٢٢٥٤؟",
        "متى ضرب الزلزال تركيا؟",
        "Who offered condolences after the earthquake in Turkey?",
    ],
)
def test_a_question_that_a_passage_covers_opens_it(question: str) -> None:
    assert verdict(question).covered


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("ماذا قال ماكرون لبومبيو في سوتشي؟", ("ماكرون",)),
        ("What did Macron say to Pompeo in Sochi?", ("Macron",)),
        ("what did macron say to pompeo in sochi?", ("macron",)),
        ("What did Zubizarreta say to Pompeo in Sochi?", ("Zubizarreta",)),
        ("أين التقى لافروف بومبيو في جنيف؟", ("جنيف",)),
        ("ماذا بحثا في القرار 2118؟", ("2118",)),
        ("Where did Lavrov meet Pompeo in New York?", ("New York",)),
    ],
)
def test_a_name_or_a_number_that_is_nowhere_closes_it_and_is_named(question: str, missing: tuple[str, ...]) -> None:
    judged = verdict(question)
    assert not judged.covered
    assert set(missing) <= set(judged.missing)


@pytest.mark.parametrize("question", ["هل التقى لافروف شويغو في تركيا؟", "Did Lavrov meet Shoigu in Turkey?"])
def test_names_that_no_passage_holds_together_close_it(question: str) -> None:
    judged = verdict(question)
    assert not judged.covered
    assert judged.missing == ()


@pytest.mark.parametrize(
    "question", ["كم سعر الخبز في السوق؟", "How do I bake bread?", "", "من؟", "😀", "من فاز بكأس العالم؟"]
)
def test_a_subject_that_no_passage_touches_closes_it(question: str) -> None:
    assert not verdict(question).covered


def test_a_term_of_two_words_weighs_as_one_beside_the_subject_that_is_nowhere() -> None:
    found = found_in("What is the boiling point of ethanol?", "دعت الوزارة إلى غلي مياه الشرب.", *TEXTS, غل=10)
    assert not judge(found, rank_sentences(found, load_lexicon())).covered


def test_nothing_found_is_nothing_covered() -> None:
    found = found_in("لافروف")
    assert not judge(found, rank_sentences(found, load_lexicon())).covered


@pytest.mark.parametrize(
    ("question", "covered"),
    [("كم بلغت كلفة القناة؟", True), ("كم بلغت كلفة الجسر؟", False), ("How much did the canal cost?", True)],
)
def test_one_sentence_that_says_all_that_is_asked_opens_it_though_there_are_no_others(
    question: str, covered: bool
) -> None:
    assert verdict(question, "بلغت كلفة القناة 75 مليون جنيه.").covered == covered


def test_what_says_nothing_of_a_question_is_not_even_near_to_it() -> None:
    assert not verdict("What is photosynthesis?").near
    assert verdict("What did Lavrov and Pompeo eat?").near


def test_the_number_of_a_list_s_item_is_no_sentence() -> None:
    found = found_in("أين التقى لافروف بومبيو؟", "1. التقى لافروف بومبيو في سوتشي.\n2.\nثم غادر لافروف.")
    assert all(any(map(str.isalpha, one.sentence.text)) for one in rank_sentences(found, load_lexicon()).sentences)
