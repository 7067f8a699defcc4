from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.index.index import Index
from retrieval.index.snapshot import Snapshot
from retrieval.nlp.analysis import words
from retrieval.search.standing_queries import StandingQueries, asks_something, names_something, sentence_naming
from retrieval.search.term_matcher import Matcher
from retrieval.types import Article

WAITING = [
    *("شويغو", "Shoigu", "شويجو", "Sergei Shoigu", "سيرجي شويغو", "إدلب", "Idlib", "أدلب", "لافروف وبومبيو"),
    *("Lavrov Pompeo", "كامل الوزير", "جسر النيل", "Nile bridge", "القمح في سوريا", "wheat harvest", "340 مليون"),
    *("340 million", "وزارة الزراعة", "Ministry of Agriculture", "زلزال", "ماكرون", "Macron", "الجفاف", "drought"),
    *(
        "ضفتي النهر",
        "عشر دقائق",
        "كم بلغت كلفة جسر النيل؟",
        "Who met Lavrov?",
        "متى افتتح الجسر؟",
        "أين التقى الوزيران؟",
    ),
    *("لماذا تراجع محصول القمح؟", "How long is the bridge?", "من هو مدير الإنتاج؟"),
]


@pytest.fixture
def pinned(index: Index) -> Snapshot:
    with index.pin() as found:
        return found


def article_of(pinned: Snapshot, path: str) -> Article:
    return next(one for one in map(pinned.article_by_id, pinned.article_ids()) if one.path == path)


def test_one_index_for_all_leads_to_whatever_each_by_itself_would(pinned: Snapshot) -> None:
    """Held to each query and each passage alone: nothing is lost by what queries share, and little is read in vain."""
    queries = [pinned.analyse(text) for text in WAITING]
    standing, looked_at, named = StandingQueries(queries), 0, 0
    for article_id in pinned.article_ids():
        article = pinned.article_by_id(article_id)
        headline = words(article.title or "")
        for passage in pinned.passages_of(article_id):
            found = standing.candidates(headline, words(passage.text))
            alone = [
                at
                for at, query in enumerate(queries)
                if StandingQueries([query]).candidates(headline, words(passage.text))
            ]
            naming = [at for at, query in enumerate(queries) if sentence_naming(Matcher(query), article, [passage])]
            assert found == alone
            assert {at for at in naming if not asks_something(WAITING[at])} <= set(found)
            looked_at, named = looked_at + len(found), named + len(naming)
    assert named
    assert looked_at < len(queries)


@pytest.mark.parametrize(
    ("watched", "path", "said"),
    [
        ("Lavrov", "talks/sochi.txt", "التقى وزير الخارجية الروسي سيرغي لافروف"),
        ("سيرجي لافروف", "talks/sochi.txt", "سيرغي لافروف"),
        ("Idlib", "talks/sochi.txt", "وبحث الوزيران الوضع في إدلب"),
        ("أدلب", "talks/sochi.txt", "وبحث الوزيران الوضع في إدلب"),
        ("Kamel al-Wazir", "bridge.txt", "افتتح وزير النقل كامل الوزير"),
        ("كلفة الجسر", "bridge.txt", "وبلغت كلفة الجسر 340 مليون جنيه"),
        ("drought", "harvest.txt", "بسبب الجفاف"),
    ],
)
def test_a_name_is_found_in_any_spelling_and_either_script(
    pinned: Snapshot, watched: str, path: str, said: str
) -> None:
    article = article_of(pinned, path)
    found = sentence_naming(Matcher(pinned.analyse(watched)), article, pinned.passages_of(article.article_id))
    assert found is not None
    assert said in found.text
    assert article.text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "watched",
    [
        "لافروف في أسوان",  # each named, and not together
        "Lavrov drought",
        "ماكرون",
        "350 مليون جنيه",
        "الوزير لافروف في دمشق",
        "زهير",
        "Hafez",
    ],
)
def test_what_no_passage_names_whole_is_not_told(pinned: Snapshot, watched: str) -> None:
    for article_id in pinned.article_ids():
        article = pinned.article_by_id(article_id)
        assert sentence_naming(Matcher(pinned.analyse(watched)), article, pinned.passages_of(article_id)) is None


def test_a_name_that_sounds_alike_is_another_one(articles: Path, index: Index) -> None:
    (articles / "lion.txt").write_text(
        "شوهد الأسود في الحديقة\n\nشوهد القط الأسود في حديقة المدينة مساء أمس.\n", encoding="utf-8"
    )
    index.refresh(articles)
    with index.pin() as pinned:
        article = article_of(pinned, "lion.txt")
        assert (
            sentence_naming(Matcher(pinned.analyse("الأسد")), article, pinned.passages_of(article.article_id)) is None
        )


@pytest.mark.parametrize(
    ("watched", "written"),
    [
        *(("نتنياهو", "نتانياهو"), ("غوتيريش", "غوتيريس"), ("شويجو", "شويغو"), ("Netanyahu", "نتانياهو")),
        *(("اردوجان", "أردوغان"), ("Erdogan", "أردوغان"), ("بوتن", "بوتين"), ("الأسد", "للأسد")),
    ],
)
def test_a_name_spelt_otherwise_is_the_same(articles: Path, index: Index, watched: str, written: str) -> None:
    (articles / "new.txt").write_text(f"وقال {written} في خطاب ألقاه مساء أمس إن المحادثات تتقدم.\n", encoding="utf-8")
    index.refresh(articles)
    with index.pin() as pinned:
        article = article_of(pinned, "new.txt")
        assert sentence_naming(Matcher(pinned.analyse(watched)), article, pinned.passages_of(article.article_id))


def test_nothing_waits_for_nothing(pinned: Snapshot) -> None:
    assert StandingQueries(()).candidates([], ["شويغو"]) == []
    assert StandingQueries([pinned.analyse("شويغو")]).candidates([], []) == []


@pytest.mark.parametrize("text", ["من التقى لافروف", "شو صار بإدلب", "Who met Lavrov", "is the bridge open?", "الجسر؟"])
def test_what_asks_is_told_from_what_names(text: str) -> None:
    assert asks_something(text)


@pytest.mark.parametrize("text", ["شويغو", "زيارة بوتين إلى الصين", "Idlib", "cholera in Sudan", "مجلس الأمن"])
def test_what_names_does_not_ask(text: str) -> None:
    assert not asks_something(text)
    assert names_something(text)


@pytest.mark.parametrize("text", ["", "؟", "ما هو؟", "…", "who is it"])
def test_what_names_nothing_cannot_be_watched(text: str) -> None:
    assert not names_something(text)
