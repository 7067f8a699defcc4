from __future__ import annotations

from dataclasses import replace

import pytest
from support.builders.telegram import bare

from bot.telegram.messages.alerts import AlertedStory, alert_message, count_fitting
from bot.telegram.messages.html import MOST_POINTS
from retrieval.types import Citation, Language

QUOTE = "وصل وزير الدفاع الروسي سيرغي شويغو إلى دمشق يوم الاثنين."
CITATION = Citation(
    *(1, "cafe01", "visit.txt", "شويغو يصل إلى دمشق", "وكالة الضفة", "2019-05-20"),
    quote=QUOTE,
    start=0,
    end=len(QUOTE),
    score=1.0,
    url="https://example.org/news/1",
)


def story(*watches: str, **more: object) -> AlertedStory:
    citation = replace(CITATION, **more)
    return AlertedStory(
        watches or ("شويغو",), tuple(range(1, len(watches or ("",)) + 1)), citation, "شويغو يصل إلى دمشق"
    )


@pytest.mark.parametrize(
    ("language", "heading"), [("ar", "جديد عمّا تتابعه: شويغو"), ("en", "New on what you watch: شويغو")]
)
def test_one_story_is_its_quote_over_its_source_and_who_else_prints_it(language: Language, heading: str) -> None:
    message = alert_message([story(outlets=("Reuters", None))], language)
    watched, quote, source, outlets = bare(message.plain).split("\n")
    assert (watched, quote) == (heading, QUOTE)
    assert source.startswith("شويغو يصل إلى دمشق · وكالة الضفة · 20 ")
    assert "Reuters" in outlets
    assert f"<blockquote>{QUOTE}</blockquote>" in message.html
    assert 'href="https://example.org/news/1' in message.html
    assert [button.action for row in message.buttons for button in row] == ["stop:1"]


def test_several_watches_of_a_story_share_its_heading_and_have_no_button() -> None:
    message = alert_message([story("شويغو", "Who came to Damascus?")], "en")
    assert bare(message.plain).startswith("New on what you watch: شويغو · Who came to Damascus?\n")
    assert message.buttons == ()


def test_a_digest_lists_each_story_below_what_it_was_found_for() -> None:
    stories = [story("شويغو"), story("دمشق", quote="قال مسؤول في دمشق ذلك.")]
    plain = bare(alert_message(stories, "en").plain).replace("\u200e", "")
    head, first, second = plain.split("\n\n")
    assert head == "New on what you watch:"
    assert first.startswith("• شويغو\n" + QUOTE)
    assert second.startswith("• دمشق\nقال مسؤول في دمشق ذلك.")


def test_what_is_watched_is_text_and_never_markup() -> None:
    message = alert_message([story("<b>شويغو</b> & co")], "en")
    assert "&lt;b&gt;شويغو&lt;/b&gt; &amp; co" in bare(message.html)


def test_a_digest_has_as_many_stories_as_fit_and_one_at_least() -> None:
    long = story(quote="كلمة " * 150 + "انتهت.")
    fit = count_fitting([long] * 20, "ar")
    assert 1 < fit < 20
    assert len(alert_message([long] * fit, "ar").plain) <= MOST_POINTS
    assert alert_message([long] * fit, "ar").plain.count("انتهت.") == fit
    assert count_fitting([story(quote="كلمة " * 2000)] * 2, "ar") == 1


@pytest.mark.parametrize("count", [1, 20])
def test_a_very_long_sentence_leaves_its_source_and_its_link_room(count: int) -> None:
    watches = [f"{number} {'من زار دمشق ' * 40}" for number in range(count)]
    message = alert_message([story(*watches, quote="كلمة " * 2000, outlets=("Reuters",))], "en")
    assert len(message.plain) <= MOST_POINTS
    assert "وكالة الضفة · 20 " in bare(message.plain)
    assert "Reuters" in message.plain
    assert 'href="https://example.org/news/1' in message.html
