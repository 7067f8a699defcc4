"""The cross-encoder: what training computed in 32 bits, whatever stands beside a sentence and in whatever order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from support.builders.e5 import cross_encoder, needs_e5

from retrieval.errors import EndedError
from retrieval.reranking import Relevance, SentenceInContext

pytestmark = needs_e5
HEADLINE = "انهيار جسر في جنوب العراق"
FELL = "انهار الجسر فجر الثلاثاء 14 تشرين الثاني."
KILLED = "قال الدفاع المدني إن تسعة أشخاص قتلوا."
ELSEWHERE = SentenceInContext("بلغ سعر الدينار أدنى مستوى له.")
AFTER_KILLED = SentenceInContext(FELL, HEADLINE, KILLED)
WHEN = "متى انهار الجسر؟"
EIGHT_BITS = 0.5  # how far logits in 8 bits are from those in 32; they differ by several among sentences

IN_32_BITS = {  # by PyTorch, from the same file of weights
    WHEN: (
        (AFTER_KILLED, Relevance(21.965, 0.221)),
        (SentenceInContext("وفتحت الوزارة تحقيقاً في الحادث.", HEADLINE, FELL), Relevance(19.089, -2.414)),
        (ELSEWHERE, Relevance(12.854, -5.452)),
    ),
    "how many people were killed": (
        (SentenceInContext(KILLED, HEADLINE), Relevance(21.807, 0.547)),
        (SentenceInContext("😀"), Relevance(7.443, -6.733)),
        (ELSEWHERE, Relevance(14.491, -4.361)),
    ),
}


@pytest.mark.parametrize("question", IN_32_BITS)
def test_logits_are_those_of_the_trained_model(question: str) -> None:
    sentences, expected = zip(*IN_32_BITS[question], strict=True)
    found = cross_encoder().read(question, sentences)
    assert [one.rank for one in found] == pytest.approx([one.rank for one in expected], abs=EIGHT_BITS)
    assert [one.answers for one in found] == pytest.approx([one.answers for one in expected], abs=EIGHT_BITS)


def test_a_processor_that_wants_smaller_weights_has_the_same_order() -> None:
    for question, expected in IN_32_BITS.items():
        sentences, relevance = zip(*expected, strict=True)
        found = cross_encoder(63).read(question, sentences)
        assert sorted(found, reverse=True) == [found[at] for at in sorted(range(3), key=lambda at: -relevance[at].rank)]


def test_what_is_said_of_a_sentence_does_not_depend_on_the_others_or_their_order() -> None:
    sentences = [AFTER_KILLED, ELSEWHERE]
    both = cross_encoder().read(WHEN, sentences)
    assert cross_encoder().read(WHEN, sentences[::-1]) == both[::-1]
    assert cross_encoder().read(WHEN, sentences[:1]) == both[:1]


def test_what_stands_beside_a_sentence_counts() -> None:
    alone, in_context = cross_encoder().read(WHEN, [SentenceInContext(FELL), AFTER_KILLED])
    assert alone != in_context


@pytest.mark.parametrize("text", ["", " ", "م" * 5_000, "كلمة " * 2_000, "\ud83d\0"])
def test_odd_texts_are_read(text: str) -> None:
    (said,) = cross_encoder().read(text, [SentenceInContext(text, text, text)])
    assert all(-100 < logit < 100 for logit in said)


def test_nothing_to_read_is_nothing_said() -> None:
    assert cross_encoder().read(WHEN, []) == []


def test_a_check_is_made_for_each_sentence_and_ends_the_reading() -> None:
    made: list[None] = []
    cross_encoder().read(WHEN, [AFTER_KILLED, ELSEWHERE], lambda: made.append(None))
    assert len(made) == 2

    def ended() -> None:
        raise EndedError

    with pytest.raises(EndedError):
        cross_encoder().read(WHEN, [AFTER_KILLED, ELSEWHERE], ended)


def test_several_questions_are_read_at_a_time() -> None:
    questions = list(IN_32_BITS) * 4
    sentences = [AFTER_KILLED, ELSEWHERE]
    alone = [cross_encoder().read(question, sentences) for question in questions]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda question: cross_encoder().read(question, sentences), questions)) == alone
