"""A timeline in Telegram: each quote untouched below its day, its source below it, ten a page."""

from __future__ import annotations

from dataclasses import replace

from support.builders.timelines import MET, PRAISED, QUOTES, VISITS

from bot.telegram.messages.timeline_pages import PER_PAGE, page_answer, timeline_messages
from retrieval.timelines import Timeline

LONG = Timeline(
    "الوزير", tuple(replace(MET, citation=replace(MET.citation, number=one)) for one in range(1, PER_PAGE + 4))
)


def label_of(_: str) -> str:
    return "الوزير في أنقرة"


def test_day_stands_above_its_quote_and_the_source_and_copies_below() -> None:
    (message,) = timeline_messages(VISITS, 0, "en", label_of)
    plain = message.plain
    places = [
        plain.index(part) for part in ("14 May 2019", "التقى الوزير", "[4]", "Also in: ", "Without a certain day:")
    ]
    assert places == sorted(places)
    assert "<b>أمس الثلاثاء</b>" in message.html
    assert QUOTES["day"] in plain


def test_day_is_not_repeated_for_each_of_its_statements() -> None:
    assert sum(one.plain.count("14 May 2019") for one in timeline_messages(LONG, 0, "en", label_of)) == 1


def test_page_has_ten_statements_and_leads_to_the_next_one() -> None:
    first, last = (timeline_messages(LONG, start, "ar", label_of)[-1] for start in (0, PER_PAGE))
    actions = [button.action for row in first.buttons for button in row]
    assert "timeline:10" in actions
    assert sum(action.startswith("source:") for action in actions) == PER_PAGE
    assert [button.action for row in last.buttons for button in row] == [f"source:{one}" for one in (11, 12, 13)]


def test_page_is_an_answer_with_the_quotes_that_it_shows() -> None:
    answer = page_answer(LONG, PER_PAGE, "ar")
    assert [one.number for one in answer.citations] == [11, 12, 13]
    assert all(said.citations == (one.number,) for said, one in zip(answer.sentences, answer.citations, strict=True))


def test_what_nothing_names_has_no_page_and_no_buttons() -> None:
    (message,) = timeline_messages(Timeline("زرقوطيا"), 0, "en", label_of)
    assert "No article names" in message.plain
    assert message.buttons == ()
    assert not page_answer(Timeline("زرقوطيا"), 0, "en").found


def test_statements_without_a_day_follow_on_the_pages() -> None:
    found = replace(LONG, undated=(PRAISED,))
    assert "من دون يوم معلوم" in timeline_messages(found, PER_PAGE, "ar", label_of)[-1].plain
