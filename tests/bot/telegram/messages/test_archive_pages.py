"""A page of the archive is one message, however long its titles and the names of its outlets are."""

from __future__ import annotations

import pytest
from support.builders.telegram import bare

from bot.telegram.messages.archive_pages import ROWS_A_PAGE, View, heading_of, list_message
from bot.telegram.messages.html import MOST_POINTS
from retrieval.types import Article

LONG = ("عنوان طويل " * 60, "Long title " * 60, "م" * 600, "x" * 600, "س a " * 150, "word كلمة " * 60)


def article(number: int, name: str) -> Article:
    known = {"title": name, "source": name, "dated": name}
    return Article(f"{number:012x}", f"{number}.txt", "نص", (), **known)


@pytest.mark.parametrize("name", LONG)
def test_page_of_long_titles_and_outlets_has_each_row_and_the_buttons(name: str) -> None:
    articles = [article(number, name) for number in range(ROWS_A_PAGE)]
    view = View(ROWS_A_PAGE, "0123abcd")
    page = list_message(articles, 3 * ROWS_A_PAGE, view, heading_of(view, name, "ar"), "ar")
    numbers = [str(number) for number in range(ROWS_A_PAGE + 1, 2 * ROWS_A_PAGE + 1)]
    lines = bare(page.plain).replace("\u200e", "").replace("\u200f", "").split("\n")
    assert [line.partition(". ")[0] for line in lines if line[:1].isdigit()] == numbers
    assert len(page.plain) <= MOST_POINTS
    opening = {button.text for row in page.buttons for button in row if button.text.isdecimal()}
    assert opening == {*numbers}


def test_page_of_usual_titles_has_them_whole() -> None:
    title = "وزير الخارجية الروسي يبحث مع نظيره التركي في أنقرة الأوضاع في إدلب " + "وشمال سوريا " * 6
    page = list_message([article(1, title.strip())] * ROWS_A_PAGE, ROWS_A_PAGE, View(), "الأحدث:", "ar")
    assert page.plain.count(title.strip()) >= ROWS_A_PAGE
