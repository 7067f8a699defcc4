"""Whether passages say what a sentence says."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import Counts

from retrieval.grounding.grounding import Support, check_support
from retrieval.nlp.lexicon import load_lexicon
from retrieval.types import Passage

TALKS = (
    "التقى وزير الخارجية الروسي سيرغي لافروف نظيره الأمريكي مايك بومبيو في سوتشي يوم 14 أيار. "
    "ولم يعلن الوزيران موعد الاجتماع المقبل. وقتل 7 مدنيين وجرح ثمانية عشر آخرون في قصف على حلب."
)


def checked(sentence: str, text: str = TALKS, start: int = 0) -> Support:
    return check_support(sentence, [Passage("talks", start, start + len(text), text)], Counts(), load_lexicon())


@pytest.mark.parametrize(
    "sentence",
    [
        "Lavrov met Pompeo in Sochi on 14 May.",
        "التقى لافروف بومبيو في سوتشي يوم 14 مايو.",
        "The ministers did not announce the date of the next meeting.",
        "لم يعلن الوزيران موعد الاجتماع المقبل.",
        "Seven civilians were killed in Aleppo.",
        "قتل سبعة مدنيين في قصف على حلب.",
        "وجرح 18 آخرون في قصف على حلب.",
    ],
)
def test_what_the_passage_says_is_supported(sentence: str) -> None:
    assert checked(sentence).problems == ()


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Nine civilians were killed in Aleppo.", "number"),
        ("قتل 9 مدنيين في قصف على حلب.", "number"),
        ("قتل 18 مدنيين في قصف على حلب.", "number"),
        ("Lavrov met Pompeo in Sochi on 14 March.", "date"),
        ("التقى لافروف بومبيو في سوتشي يوم 14 آذار.", "date"),
        ("Guterres met Pompeo in Sochi.", "name"),
        ("التقى لافروف بومبيو في هلسنكي.", "name"),
        ("The ministers announced the date of the next meeting.", "negation"),
        ("أعلن الوزيران موعد الاجتماع المقبل.", "negation"),
        ("لم يلتق لافروف بومبيو في سوتشي.", "negation"),
        ("Lavrov did not meet Pompeo in Sochi.", "negation"),
        ("The harvest of wheat declined because of drought.", "content"),
    ],
)
def test_one_false_thing_stops_a_sentence(sentence: str, kind: str) -> None:
    assert kind in {problem.kind for problem in checked(sentence).problems}


def test_a_span_is_the_sentence_in_the_articles_offsets() -> None:
    ((at, span),) = checked("Lavrov met Pompeo in Sochi on 14 May.", start=100).spans
    assert at == 0
    assert TALKS[span.start - 100 : span.end - 100] == TALKS[: TALKS.index(" ولم")]


def test_nothing_is_supported_by_no_passage() -> None:
    assert not check_support("Lavrov met Pompeo.", [], Counts(), load_lexicon()).supported
