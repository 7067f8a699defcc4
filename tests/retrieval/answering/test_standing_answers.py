from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from support.builders.visit import VISIT

from retrieval.answering.standing_answers import StandingAnswers, StandingMatch, printed_by_now
from retrieval.index.index import Index

LATER = (
    "ارتفاع أسعار الخبز في اللاذقية\n\n"
    "ارتفع سعر ربطة الخبز في اللاذقية إلى 200 ليرة. وقال صاحب فرن إن الطحين لم يصل منذ أسبوع.\n"
)


def grown(index: Index, folder: Path, texts: dict[str, str]) -> set[str]:
    """Let articles come into the index; return the ids of those that are new in it."""
    before = set(index.catalog.article_ids())
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    index.refresh(folder)
    return set(index.catalog.article_ids()) - before


def matches(index: Index, waiting: Collection[str], new: Collection[str]) -> list[StandingMatch]:
    with index.pin() as pinned:
        return list(StandingAnswers().matches(pinned, waiting, new))


def test_only_what_is_new_is_told_and_word_for_word(articles: Path, index: Index) -> None:
    new = grown(index, articles, {"visit.txt": VISIT.format(source="وكالة الضفة"), "bread.txt": LATER})
    found = matches(index, ["Idlib", "Shoigu", "لافروف"], new)
    assert [(one.text, one.article.path) for one in found] == [("Idlib", "visit.txt"), ("Shoigu", "visit.txt")]
    for one in found:
        article = index.article_by_id(one.article.article_id)
        assert article.text[one.citation.start : one.citation.end] == one.citation.quote
        assert one.citation.source == "وكالة الضفة"
    assert found[0].citation.quote.startswith("وبحث مع المسؤولين الوضع في إدلب")


def test_a_question_is_answered_by_a_new_article_alone(articles: Path, index: Index) -> None:
    new = grown(index, articles, {"visit.txt": VISIT.format(source="وكالة الضفة"), "bread.txt": LATER})
    asked = [
        "متى وصل شويغو إلى دمشق؟",
        "كم سعر ربطة الخبز في اللاذقية؟",
        "كم بلغت كلفة جسر النيل؟",
        "من انتخب رئيسا لفرنسا؟",
    ]
    found = {one.text: one for one in matches(index, asked, new)}
    assert {text: one.article.path for text, one in found.items()} == {asked[0]: "visit.txt", asked[1]: "bread.txt"}
    assert "200 ليرة" in found[asked[1]].citation.quote
    assert found[asked[1]].citation.expression is not None


def test_the_earliest_of_a_story_is_told_with_the_outlets_that_print_it(articles: Path, index: Index) -> None:
    texts = {f"{name}.txt": VISIT.format(source=source) for name, source in (("b", "المرفأ"), ("c", "رويترز"))}
    new = grown(index, articles, texts)
    first, second = matches(index, ["Shoigu"], new)
    assert (first.article.path, first.citation.outlets) == ("b.txt", ("رويترز",))
    assert [copy.path for copy in first.copies] == ["c.txt"]
    assert [copy.path for copy in second.copies] == ["b.txt"]
    grown(index, articles, {"d.txt": VISIT.format(source="الشرق")})
    with index.pin() as pinned:
        assert printed_by_now(pinned, first.citation).outlets == ("رويترز", "الشرق")


def test_words_are_weighed_anew_once_the_collection_has_grown(articles: Path, index: Index) -> None:
    answers = StandingAnswers()
    with index.pin() as pinned:
        assert list(answers.matches(pinned, ["Shoigu"], ())) == []
    new = grown(index, articles, {"visit.txt": VISIT.format(source="وكالة الضفة"), "bread.txt": LATER})
    with index.pin() as pinned:
        assert [one.article.path for one in answers.matches(pinned, ["Shoigu", "الخبز"], new)] == [
            "visit.txt",  # which is dated
            "bread.txt",
        ]
