"""From an article to passages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.corpus.articles import find_files, parse_article, read_article
from retrieval.errors import ArticleError
from retrieval.extraction.chunking import LONGEST_HEADED, LONGEST_JOINED, LONGEST_PASSAGE, split_passages
from retrieval.types import Article, Passage, Span

SEEDS = Path(__file__).parents[3] / "seeds"
SENTENCE = "اتفق الطرفان على مواصلة التنسيق بين البلدين في سوريا."
HEADLINE = "روسيا وتركيا تبحثان الوضع في إدلب"


def article_of(text: str, *body: Span) -> Article:
    return Article("0" * 12, "a.txt", text, body or (Span(0, len(text)),))


def paragraph(length: int, mark: str = "") -> str:
    """Return a paragraph of whole sentences, and little shorter than a length."""
    return " ".join([f"{mark}{SENTENCE}"] * ((length + 1) // (len(mark) + len(SENTENCE) + 1)))


def texts(passages: list[Passage]) -> list[str]:
    return [passage.text for passage in passages]


def check(article: Article, passages: list[Passage]) -> None:
    """Check what holds for the passages of any article."""
    body = [offset for start, end in article.body for offset in range(start, end) if not article.text[offset].isspace()]
    held = [
        offset
        for passage in passages
        for offset in range(passage.start, passage.end)
        if not article.text[offset].isspace()
    ]
    assert held == body
    for passage in passages:
        assert passage.text == article.text[passage.start : passage.end] == passage.text.strip() != ""
        assert len(passage.text) <= LONGEST_HEADED


FRAGMENTS = (
    SENTENCE,
    HEADLINE,
    "نعم.",
    "«قال؟",
    "***",
    "تعليقات",
    "اقرأ أيضًا: خبر",
    "ك" * 900,
    " ",
    "\n",
    "\r\n\n",
    "\n" * 700,
)


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), max_size=60))
def test_passages_hold_the_body_once_and_nothing_else(fragments: list[str]) -> None:
    try:
        article = parse_article("a.txt", "".join(fragments), {})
    except ArticleError:
        return
    check(article, split_passages(article))


@pytest.mark.parametrize("path", find_files(SEEDS), ids=lambda path: path.name[:3])
def test_the_seeds_passages_end_where_paragraphs_end(path: Path) -> None:
    article = read_article(SEEDS, path, {})
    passages = split_passages(article)
    check(article, passages)
    assert {passage.end for passage in passages} <= {end for _, end in article.body}


def test_a_paragraph_stays_whole_up_to_the_bound() -> None:
    text = paragraph(LONGEST_PASSAGE)
    assert texts(split_passages(article_of(text))) == [text]


def test_a_longer_paragraph_is_cut_evenly_where_sentences_end() -> None:
    text = paragraph(LONGEST_PASSAGE + 200)
    first, second = texts(split_passages(article_of(text)))
    assert first.endswith(".")
    assert abs(len(first) - len(second)) <= 2 * len(SENTENCE)


def test_a_sentence_longer_than_the_bound_is_cut_between_words() -> None:
    text = "كلمة " * 1000 + "أخيرة"
    passages = split_passages(article_of(text))
    assert all(set(passage.text.split()) <= {"كلمة", "أخيرة"} for passage in passages)
    assert max(len(passage.text) for passage in passages) <= LONGEST_PASSAGE


def test_a_word_longer_than_the_bound_is_cut_at_it() -> None:
    assert [len(part) for part in texts(split_passages(article_of("ك" * (2 * LONGEST_PASSAGE + 7))))] == [1600, 1600, 7]


def test_short_neighbours_are_joined_up_to_a_bound() -> None:
    passages = split_passages(parse_article("a.txt", "\n\n".join(f"{SENTENCE[:-1]} {n}." for n in range(30)), {}))
    assert all(len(passage.text) <= LONGEST_JOINED for passage in passages)
    assert all(len(passage.text) > LONGEST_JOINED - 2 * len(SENTENCE) for passage in passages[:-1])


def test_a_passage_does_not_cross_what_was_left_out() -> None:
    text = f"{SENTENCE}\n\nاقرأ أيضًا: {HEADLINE}\n\nوقال الوزير إن الطرفين سيلتقيان."
    assert texts(split_passages(parse_article("a.txt", text, {}))) == [SENTENCE, "وقال الوزير إن الطرفين سيلتقيان."]


def test_a_headline_joins_the_paragraph_below_it_however_long() -> None:
    below = paragraph(LONGEST_PASSAGE)
    assert texts(split_passages(parse_article("a.txt", f"{HEADLINE}\n\n{below}\n\n{SENTENCE}", {}))) == [
        f"{HEADLINE}\n\n{below}",
        SENTENCE,
    ]


def test_a_headline_joins_the_first_part_of_a_paragraph_that_is_cut() -> None:
    passages = split_passages(parse_article("a.txt", f"{HEADLINE}\n\n{paragraph(4000)}", {}))
    assert passages[0].text.startswith(f"{HEADLINE}\n\n{SENTENCE}")


def test_the_same_text_gives_the_same_ids() -> None:
    text = f"{HEADLINE}\n\n{paragraph(4000)}"
    ids = [
        [passage.passage_id for passage in split_passages(parse_article(name, text, {}))] for name in ("a.txt", "b.md")
    ]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0])


def test_an_article_without_a_body_has_no_passages() -> None:
    assert split_passages(Article("0" * 12, "a.txt", "تعليقات", ())) == []
