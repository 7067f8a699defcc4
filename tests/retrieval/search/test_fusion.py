"""Ranking what the two legs found."""

from __future__ import annotations

from support.builders.vocabulary import analysed

from retrieval.search.fusion import above_lowest, fuse
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import WEIGHTS, FusionWeights
from retrieval.types import Passage

TEXTS = {
    "a": "التقى لافروف بومبيو في مدينة سوتشي يوم الثلاثاء لبحث الأزمة.",
    "b": "قال المحلل: التقى لافروف بومبيو في مدينة سوتشي يوم الثلاثاء لبحث الأزمة.",
    "c": "ضرب زلزال شرق تركيا.",
    "d": "سوتشي مدينة على البحر.",
}
PASSAGES = {letter: Passage(letter, 0, len(text), text) for letter, text in TEXTS.items()}
MATCHER = Matcher(analysed("أين التقى لافروف بومبيو؟"))


def ranked(by_words: list[tuple[str, float]], by_vectors: list[tuple[str, float]], weights: FusionWeights) -> list[str]:
    return [hit.passage.article_id for hit in fuse(MATCHER, PASSAGES, by_words, by_vectors, weights)]


def test_either_leg_alone_is_enough_to_be_found() -> None:
    weights = FusionWeights(words=1.0, vectors=1.0, coverage=0.0, sentence=0.0)
    assert ranked([("a", 3.0)], [], weights) == ["a"]
    assert ranked([], [("a", 0.5)], weights) == ["a"]
    assert ranked([], [], weights) == []


def test_the_weights_decide_between_the_legs() -> None:
    by_words, by_vectors = [("c", 9.0), ("d", 1.0)], [("d", 0.9), ("c", 0.1)]
    assert ranked(by_words, by_vectors, FusionWeights(1.0, 0.1, 0.0, 0.0)) == ["c", "d"]
    assert ranked(by_words, by_vectors, FusionWeights(0.1, 1.0, 0.0, 0.0)) == ["d", "c"]


def test_what_a_passage_covers_of_the_question_is_the_second_voice() -> None:
    by_words = [("d", 1.0), ("a", 0.9)]
    assert ranked(by_words, [], FusionWeights(1.0, 0.0, 0.0, 0.0)) == ["d", "a"]
    assert ranked(by_words, [], FusionWeights(1.0, 0.0, 0.3, 0.2)) == ["a", "d"]


def test_a_passage_that_repeats_a_better_one_stands_back() -> None:
    hits = fuse(MATCHER, PASSAGES, [("a", 3.0), ("b", 3.0)], [], FusionWeights())
    assert [hit.passage.article_id for hit in hits] == ["a", "b"]
    assert hits[1].score <= WEIGHTS.repeated * hits[0].score * 1.001


def test_scores_lie_between_zero_and_one_and_fall() -> None:
    hits = fuse(MATCHER, PASSAGES, [("a", 30.0), ("d", 2.0)], [("c", 0.4), ("a", 0.3)], FusionWeights(vectors=0.5))
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)


def test_what_is_unlike_counts_as_nothing_and_never_against_a_passage() -> None:
    both = FusionWeights(words=1.0, vectors=1.0, coverage=0.0, sentence=0.0)
    by_words = [("a", 2.0), ("d", 2.0)]
    scores = {
        hit.passage.article_id: hit.score for hit in fuse(MATCHER, PASSAGES, by_words, [("c", 0.5), ("a", -0.9)], both)
    }
    assert scores == {"a": 0.5, "d": 0.5, "c": 0.5}


def test_where_all_are_unlike_the_vectors_count_as_nothing() -> None:
    both = FusionWeights(words=1.0, vectors=1.0, coverage=0.0, sentence=0.0)
    unlike = [("c", -0.1), ("a", -0.9)]
    assert [hit.score for hit in fuse(MATCHER, PASSAGES, [], unlike, both)] == [0.0, 0.0]
    hits = {hit.passage.article_id: hit.score for hit in fuse(MATCHER, PASSAGES, [("a", 2.0)], unlike, both)}
    assert hits == {"a": 0.5, "c": 0.0}


def test_a_model_s_scores_count_from_the_lowest_however_low_that_is() -> None:
    assert above_lowest([("a", -0.25), ("b", -0.5), ("c", -0.75)]) == [("a", 0.5), ("b", 0.25), ("c", 0.0)]
    assert above_lowest([]) == []


def test_ranks_and_scores_of_the_legs_are_kept() -> None:
    hits = {
        hit.passage.article_id: hit
        for hit in fuse(MATCHER, PASSAGES, [("a", 3.0)], [("c", 0.4), ("a", 0.3)], FusionWeights())
    }
    assert (hits["a"].lexical_rank, hits["a"].vector_rank, hits["a"].lexical_score) == (1, 2, 3.0)
    assert (hits["c"].lexical_rank, hits["c"].vector_rank, hits["c"].lexical_score) == (None, 1, 0.0)


def test_a_passage_that_the_catalog_does_not_know_is_left_out() -> None:
    assert ranked([("gone", 9.0), ("a", 1.0)], [("gone", 0.9)], FusionWeights()) == ["a"]


def test_equal_scores_come_in_the_order_of_their_ids() -> None:
    weights = FusionWeights(1.0, 0.0, 0.0, 0.0)
    assert ranked([("d", 1.0), ("c", 1.0)], [], weights) == ranked([("c", 1.0), ("d", 1.0)], [], weights) == ["c", "d"]


def test_of_what_has_no_vectors_yet_the_words_tell_what_these_would() -> None:
    weights = FusionWeights(words=1.0, vectors=2.0, coverage=0.0, sentence=0.0)
    by_words, by_vectors = [("a", 3.0), ("d", 1.0)], [("d", 0.5), ("c", 0.4)]
    late = [hit.passage.article_id for hit in fuse(MATCHER, PASSAGES, by_words, by_vectors, weights, pending={"a"})]
    assert ranked(by_words, by_vectors, weights)[0] == "d"
    assert late[0] == "a"
