"""Where sources differ, as lines: the value, who says it, when, and what is a correction."""

from __future__ import annotations

from dataclasses import replace

from support.builders.answers import LABELS, found

from bot.rendering.answer_lines import plain_text
from bot.rendering.json_forms import answer_json
from bot.rendering.side_lines import quotes_of_sides, side_line, sides_header
from bot.rendering.terminal import answer_text
from bot.storage.answer_codec import answer_of, body_of
from bot.telegram.messages.layout import answer_messages
from retrieval.answer_sides import Side
from retrieval.types import Answer, AnswerExpression

SIDES = (
    Side("تسعة أشخاص", "number", "9", None, ("رويترز",), "2019-05-14", False, (1,)),
    Side("2500 دولار", "money", "2500", "dollar", (None,), "2019-05-15", True, (2,)),
)


def _answer(language: str = "ar") -> Answer:
    return replace(found(language), sentences=found(language).sentences[1:], sides=SIDES)


def test_a_side_names_its_value_its_outlets_and_its_day() -> None:
    answer = _answer()
    lines = [side_line(side, answer.citations, "ar") for side in SIDES]
    assert lines == [
        "• «تسعة أشخاص» · رويترز · 14 مايو 2019 [1]",
        "• «2500 دولار» · sub/two.txt · 15 مايو 2019 · تصحيح [2]",
    ]
    assert side_line(SIDES[1], answer.citations, "en").startswith(
        "• 2,500 dollar («2500 دولار») · sub/two.txt · 15 May 2019"
    )


def test_a_sum_stands_in_english_as_its_quote_is_marked_with_it() -> None:
    said = AnswerExpression("1,9 مليار دولار", 0, 15, "money", "1.9 billion dollars")
    cited = replace(_answer().citations[0], number=1, expression=said)
    side = Side("1,9 مليار دولار", "money", "1900000000", "dollar", ("رويترز",), None, False, (1,))
    assert side_line(side, [cited], "en") == "• 1.9 billion dollars («1,9 مليار دولار») · رويترز [1]"
    other = replace(side, text="مليار دولار", value="1000000000")
    assert side_line(other, [cited], "en").startswith("• 1,000,000,000 dollar")  # marked is another value


def test_a_day_and_yes_or_no_are_said_in_words() -> None:
    day = Side("أمس الثلاثاء", "date", "2024-03-05", None, ("رويترز",), None, False, (1,))
    denial = Side("لم يصل", "whether", "no", None, ("رويترز",), None, False, (1,))
    cited = _answer().citations
    assert side_line(day, cited, "ar") == "• 5 مارس 2024 («أمس الثلاثاء») · رويترز [1]"
    assert side_line(denial, cited, "ar") == "• لا: «لم يصل» · رويترز [1]"
    assert side_line(denial, cited, "en") == "• no: «لم يصل» · رويترز [1]"


def test_the_quotes_of_sides_are_shown_once_and_where_no_sentence_shows_them() -> None:
    answer = _answer()
    assert [[cited.number for cited in quotes] for _, quotes in quotes_of_sides(answer)] == [[1], [2]]
    assert [quotes for _, quotes in quotes_of_sides(replace(found(), sides=SIDES))] == [[], []]


def test_every_front_end_shows_the_sides_below_the_quotes() -> None:
    answer = _answer()
    (header,) = sides_header(answer)
    telegram = "\n".join(message.plain for message in answer_messages(answer, LABELS.__getitem__))
    for shown in (plain_text(answer), answer_text(answer, LABELS.__getitem__).plain, telegram):
        assert shown.index(header) < shown.index("تسعة أشخاص") < shown.index("2500")
    _, below = telegram.split(header)
    assert below.index("وصل الوزير إلى أنقرة.") < below.index("الوزير في أنقرة · رويترز")  # the source below its quote
    assert not sides_header(found())


def test_sides_are_kept_with_their_answer() -> None:
    answer = _answer()
    assert answer_json(answer)["sides"][1]["is_correction"] is True  # type: ignore[index]
    assert answer_of(body_of(answer)).sides == SIDES
