"""One voice a story: who speaks, who is left out, and who carries the same."""

from __future__ import annotations

import pytest
from support.builders.vocabulary import analysed
from support.builders.wire import COPIES, LEAD, STORY, WIRE

from retrieval.search.collapse import MOST_ARTICLES, CollapseLevel, cap_per_story, carries
from retrieval.search.fusion import fuse
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import FusionWeights
from retrieval.types import Hit, Passage, StoryMember

MATCHER = Matcher(analysed("أين التقى لافروف بومبيو؟", لافروف=5, بومبيو=5))
MEETING = STORY[0]


def found(voices: CollapseLevel, *texts: str, published: tuple[str | None, ...] = (), apart: bool = False) -> list[Hit]:
    """Return the hits where each text is an article of one story, named a, b, c…, or of one each."""
    letters = "abcdef"[: len(texts)]
    dates = dict(zip(letters, published, strict=True)) if published else {}
    passages = {letter: Passage(letter, 0, len(text), text) for letter, text in zip(letters, texts, strict=True)}
    members = {
        letter: StoryMember(letter, place if apart else 1, f"{letter}.txt", None, dates.get(letter))
        for place, letter in enumerate(letters)
    }
    by_words = [(letter, 3.0) for letter in letters]
    return fuse(MATCHER, passages, by_words, [], FusionWeights(), members=members, collapse=voices)


def heard(hits: list[Hit]) -> dict[str, tuple[str, ...]]:
    return {hit.passage.article_id: hit.also_in for hit in hits}


@pytest.mark.parametrize("voices", ["story", "statement"])
def test_one_copy_speaks_for_all(voices: CollapseLevel) -> None:
    assert heard(found(voices, MEETING, MEETING, MEETING)) == {"a": ("b", "c")}


def test_articles_of_different_stories_speak_for_themselves() -> None:
    assert heard(found("story", MEETING, MEETING, apart=True)) == {"a": (), "b": ()}


@pytest.mark.parametrize(
    ("published", "voice"),
    [
        (("2019-05-15", "2019-05-14", None), "b"),
        ((None, None, "2019-05-16"), "c"),
        (("2019-05-14", "2019-05-14", "2019-05-14"), "a"),
    ],
)
def test_of_equals_the_earliest_speaks_then_the_first_by_path(published: tuple[str | None, ...], voice: str) -> None:
    assert list(heard(found("story", MEETING, MEETING, MEETING, published=published))) == [voice]


def test_the_best_ranked_speaks_whatever_its_date() -> None:
    worse = "التقى لافروف نظيره في المدينة."
    assert list(heard(found("story", worse, MEETING, published=("2019-05-14", "2019-05-20")))) == ["b"]


def test_for_an_answer_a_copy_with_a_sentence_of_its_own_on_the_question_is_kept() -> None:
    longer = f"{MEETING} وكان بومبيو قد وصل أمس على متن طائرة عسكرية قادما من بروكسل بعد جولة أوروبية."
    assert heard(found("statement", MEETING, longer)) == {"a": (), "b": ()}
    assert heard(found("story", MEETING, longer)) == {"a": ("b",)}


def test_a_copy_that_says_more_of_the_question_is_never_left_out() -> None:
    shorter, other = "قال لافروف إن الوقت حان للسلام.", "قال بومبيو إن الوقت لم يحن بعد."
    assert len(found("story", shorter, other)) == 2


def test_another_number_in_the_same_words_is_another_statement() -> None:
    one, other = (f"قال لافروف وبومبيو إن {count} مدنيا قتلوا في القصف على المدينة أمس." for count in (12, 15))
    assert len(found("statement", one, other)) == 2


def test_an_articles_own_passages_are_no_copies_of_each_other() -> None:
    passages = {f"a{at}": Passage("a", at * 1000, at * 1000 + len(MEETING), MEETING) for at in range(2)}
    members = {"a": StoryMember("a", 1, "a.txt", None, None)}
    hits = fuse(MATCHER, passages, [("a0", 3.0), ("a1", 3.0)], [], FusionWeights(), members=members, collapse="story")
    assert len(hits) == 2


def test_many_copies_do_not_push_the_rest_out_of_the_search() -> None:
    article_of = {f"{letter}:{at}": letter for letter in "abcdex" for at in range(2)}
    members = {letter: StoryMember(letter, 1, f"{letter}.txt", None, None) for letter in "abcde"}
    kept = cap_per_story(article_of, article_of.__getitem__, members, MOST_ARTICLES)
    assert {article_of[passage_id] for passage_id in kept} == {*"abcde"[:MOST_ARTICLES], "x"}
    assert len(kept) == 2 * (MOST_ARTICLES + 1)


@pytest.mark.parametrize(
    ("article", "passage", "carried"),
    [
        (COPIES["with another lead"], WIRE, True),
        (COPIES["spelt otherwise"], STORY[0], True),
        (COPIES["cut short"], STORY[3], False),
        (COPIES["cut short"], WIRE, True),
        (WIRE, f"{LEAD}\n\n{STORY[1]}", True),
        (WIRE, LEAD, False),
        (WIRE, "…", False),
    ],
)
def test_an_outlet_carries_what_it_prints_most_of(article: str, passage: str, carried: bool) -> None:
    assert carries(article, passage) is carried
