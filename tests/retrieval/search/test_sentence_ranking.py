"""The order of sentences: by what was learnt of words, and by what a reranker says of the first ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from support.builders.vocabulary import found_in

from retrieval.nlp.lexicon import load_lexicon
from retrieval.reranking import Relevance, SentenceInContext
from retrieval.search.sentence_features import ReadHits
from retrieval.search.sentence_ranking import MOST_RERANKED, Ranking, rank_sentences, rerank

QUESTION = "متى افتتح الوزير الجسر الجديد؟"
OPENED = "افتتح الوزير الجسر الجديد بحضور المحافظ والأهالي."
ON_THE_DAY = "جرى ذلك صباح الثلاثاء 14 أيار."
TEXTS = (f"{OPENED} {ON_THE_DAY}", *(f"زار الوزير {place} وتفقد الجسر فيها." for place in "حلب حماة درعا".split()))


class Prefers:
    """Reads sentences, and prefers those that hold some words."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.seen: list[SentenceInContext] = []

    def read(self, question: str, sentences: Sequence[SentenceInContext]) -> list[Relevance]:
        assert question == QUESTION
        self.seen += sentences
        return [Relevance(20.0, 3.0) if self.words in one.text else Relevance(-20.0, -3.0) for one in sentences]


def by_vectors(*texts: str) -> tuple[ReadHits, Ranking]:
    """Return texts as search finds them with vectors that all lie at one distance."""
    found = found_in(QUESTION, *texts)
    ids = [
        f"{found.article_at(place)}:{one.start}-{one.end}"
        for place, reading in enumerate(found.readings)
        for one in reading.sentences
    ]
    found = replace(found, similarities=dict.fromkeys(ids, 0.8))
    return found, rank_sentences(found, load_lexicon())


def texts_of(ranking: Ranking) -> list[str]:
    return [one.sentence.text for one in ranking.sentences]


def test_what_a_reranker_prefers_comes_first() -> None:
    found, ranking = by_vectors(*TEXTS)
    reranked = rerank(found, ranking, Prefers(OPENED))
    assert texts_of(ranking)[0] == ON_THE_DAY
    assert texts_of(reranked)[0] == OPENED
    assert sorted(texts_of(reranked)) == sorted(texts_of(ranking))
    assert reranked.relevance[0] == Relevance(20.0, 3.0)
    assert reranked.ranked_by == "reranker"


def test_features_go_with_their_sentences() -> None:
    found, ranking = by_vectors(*TEXTS)
    reranked = rerank(found, ranking, Prefers(ON_THE_DAY))
    features = dict(zip(texts_of(ranking), ranking.features.tolist(), strict=True))
    assert [features[text] for text in texts_of(reranked)] == reranked.features.tolist()


def test_a_sentence_is_read_with_its_headline_and_the_one_before_it() -> None:
    headline = "افتتاح جسر"
    found, ranking = by_vectors(f"{headline}\n\n{TEXTS[0]}", *TEXTS[1:])
    reader = Prefers("")
    rerank(found, ranking, reader)
    read = {one.text: one for one in reader.seen}
    assert read[ON_THE_DAY] == SentenceInContext(ON_THE_DAY, headline, OPENED)
    assert read[OPENED].headline == headline
    assert read[headline] == SentenceInContext(headline)  # a fragment, which is not its own headline
    assert read["زار الوزير حلب وتفقد الجسر فيها."].headline == ""


def test_only_the_first_sentences_are_read_and_the_others_stay_below_in_their_order() -> None:
    many = [f"افتتح الوزير الجسر رقم {number} في المدينة الجديدة أمس." for number in range(MOST_RERANKED + 5)]
    found, ranking = by_vectors(*many)
    reader = Prefers("nothing")
    reranked = rerank(found, ranking, reader)
    assert len(reader.seen) == len(reranked.relevance) == MOST_RERANKED
    assert texts_of(reranked)[MOST_RERANKED:] == texts_of(ranking)[MOST_RERANKED:]
    scores = [one.score for one in reranked.sentences]
    assert scores == sorted(scores, reverse=True)


def test_where_words_ranked_they_judge_after_the_reranker_too() -> None:
    found = found_in(QUESTION, *TEXTS)
    ranking = rank_sentences(found, load_lexicon())
    reranked = rerank(found, ranking, Prefers(OPENED))
    assert texts_of(reranked)[0] == OPENED
    assert ranking.ranked_by == reranked.ranked_by == "words"


def test_nothing_found_is_not_read() -> None:
    found = found_in(QUESTION)
    ranking = rank_sentences(found, load_lexicon())
    reader = Prefers(ON_THE_DAY)
    assert rerank(found, ranking, reader) is ranking
    assert not reader.seen
