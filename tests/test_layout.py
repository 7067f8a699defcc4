"""Which lines are the article's own, and what the others say about it."""

from __future__ import annotations

import pytest

from retrieval.layout import HEAD_LINES, read_layout

HEADLINE = "روسيا وتركيا تبحثان الوضع في إدلب"
FIRST = "قال وزير الخارجية الروسي إن الطرفين اتفقا على مواصلة التنسيق في سوريا."
SECOND = "وأضاف الوزير أن المحادثات ستستمر في سوتشي خلال الأسبوع المقبل."


def body_of(text: str) -> list[str]:
    return [text[start:end] for start, end in read_layout(text).body]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADLINE}\n\n{FIRST}",
        f"{HEADLINE}\r\n\r\n{FIRST}\r\n",
        f"\u00a0{HEADLINE}\u00a0\n\u00a0\n{FIRST}",
        f"{HEADLINE}\n{FIRST} {SECOND}",
        f"{HEADLINE}\nرائد جبر\n{FIRST}",
        f"{HEADLINE}\n\nبقلم: رائد جبر\nالمصدر: سانا\n\n{FIRST}",
        f"{HEADLINE}\nشارك\n{FIRST}",
        f"{HEADLINE}\n\nلقاء هو الثالث بين الوزيرين هذا العام\n\n{FIRST}",
        f"الشأن السوري\n\n{HEADLINE}\n\n{FIRST}",
        f"14 مايو 2019\n{HEADLINE}\n\n{FIRST}",
        f"# {HEADLINE}\n{FIRST}",
        f"العنوان: {HEADLINE}\n{FIRST}",
        f"---\nsource: سانا\n---\n\n{HEADLINE}\n\n{FIRST}",
    ],
)
def test_a_headline_is_the_title_and_opens_the_body(text: str) -> None:
    assert read_layout(text).facts["title"] == HEADLINE
    assert body_of(text)[0] == HEADLINE
    assert body_of(text)[-1].startswith(FIRST)


@pytest.mark.parametrize(
    "text",
    [
        FIRST,
        HEADLINE,
        f"{FIRST}\n\n{SECOND}",
        f"{HEADLINE}.\n\n{FIRST}",
        f"وقال الوزير في بيان أصدره:\n\n{FIRST}",
        f"{HEADLINE}\n{HEADLINE} اليوم",
        f"الوضع في إدلب\n\n{FIRST}",
        f"{HEADLINE}\n{SECOND}",
        f"{'كلمة ' * 50}\n\n{FIRST * 9}",
    ],
)
def test_what_may_be_no_headline_gives_no_title(text: str) -> None:
    assert "title" not in read_layout(text).facts


def test_markup_in_a_title_stays_what_it_is() -> None:
    text = f"<b onload=x()>{HEADLINE}</b>\n\n{FIRST}"
    assert read_layout(text).facts["title"] == f"<b onload=x()>{HEADLINE}</b>"


def test_hidden_characters_stay_in_the_text_and_out_of_the_title() -> None:
    text = f"\u202e{HEADLINE}\u2066\n\n{FIRST}"
    assert read_layout(text).facts["title"] == HEADLINE
    assert body_of(text)[0] == f"\u202e{HEADLINE}\u2066"


def test_lines_about_the_article_are_not_in_its_body() -> None:
    text = f"الشأن السوري\n\n{HEADLINE}\nرائد جبر\n14 مايو 2019\n\n{FIRST}\n{SECOND}\n\nالمصدر: سانا\nتعليقات"
    assert read_layout(text).facts == {
        "title": HEADLINE,
        "author": "رائد جبر",
        "published": "2019-05-14",
        "source": "سانا",
    }
    assert body_of(text) == [HEADLINE, FIRST, SECOND]


def test_front_matter_stands_before_the_lines() -> None:
    text = f"---\ntitle: آخر\n---\n{HEADLINE}\n\nالمصدر: سانا\n\n{FIRST}"
    assert read_layout(text).facts == {"title": "آخر", "source": "سانا"}
    assert body_of(text) == [HEADLINE, FIRST]


def test_a_date_in_the_body_is_not_the_article_s() -> None:
    assert read_layout(f"{FIRST}\n14 مايو 2019 كان اليوم الأول.\n{SECOND}").facts == {}


def test_a_person_whom_the_text_speaks_of_is_not_its_author() -> None:
    text = f"رائد جبر\n\nولد جبر في دمشق، ثم رحل إلى موسكو.\n\n{SECOND}"
    assert read_layout(text).facts == {}
    assert body_of(text)[0] == "رائد جبر"


def test_a_line_that_states_something_amid_the_body_stays() -> None:
    text = f"{FIRST}\nالمصدر: سانا\n{SECOND}\n{FIRST} نعم."
    assert read_layout(text).facts == {}
    assert len(body_of(text)) == 4


def test_many_lines_about_the_article_are_read_to_a_bound() -> None:
    text = "14 مايو 2019\n" * (HEAD_LINES + 2) + FIRST
    assert body_of(text) == ["14 مايو 2019", "14 مايو 2019", FIRST]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (f"{FIRST}\n\nاقرأ أيضًا: {HEADLINE}\n\n{SECOND}", [FIRST, SECOND]),
        (f"{FIRST}\nمقالات ذات صلة\n{HEADLINE}\n{HEADLINE} اليوم", [FIRST]),
        (f"{FIRST}\nمقالات ذات صلة\n{HEADLINE}\nالمصدر: سانا", [FIRST]),
        (f"{FIRST}\nالمصدر: سانا\nمقالات ذات صلة\n{HEADLINE}", [FIRST]),
        (f"{FIRST}\nمقالات ذات صلة\n\n{HEADLINE}\n{SECOND}", [FIRST, HEADLINE, SECOND]),
        (f"{FIRST}\n* * *\n{SECOND}", [FIRST, SECOND]),
    ],
)
def test_what_the_page_adds_is_not_in_the_body(text: str, body: list[str]) -> None:
    assert body_of(text) == body


@pytest.mark.parametrize("again", [FIRST, FIRST.replace(" ", "  "), FIRST.replace("ا", "أ"), FIRST.replace("ق", "قَ")])
def test_a_repeated_paragraph_is_in_the_body_once(again: str) -> None:
    assert body_of(f"{FIRST}\n{SECOND}\n{again}") == [FIRST, SECOND]


def test_a_short_line_may_be_repeated() -> None:
    text = f"{FIRST}\nنعم.\n{SECOND}\nنعم."
    assert body_of(text) == [FIRST, "نعم.", SECOND, "نعم."]
