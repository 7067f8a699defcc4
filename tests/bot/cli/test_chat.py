from __future__ import annotations

import re

import pytest

from bot.cli.chat import ChatConversation, chat_help
from bot.config.wiring import make_sanad
from bot.rendering.commands import IN_TERMINAL
from bot.rendering.texts import reply_text, say, unsaid_text
from retrieval.index.index import Index

SOCHI = "أين التقى لافروف وبومبيو؟"
QUOTE = "«التقى وزير الخارجية الروسي سيرغي لافروف نظيره الأمريكي مايك بومبيو في سوتشي.» [1]"
SOURCE = "[1] لقاء روسي أمريكي في سوتشي · talks/sochi.txt"


class Typist:
    """Types the lines given, then ends the input; `written` is what the conversation wrote."""

    def __init__(self, *typed: str | BaseException) -> None:
        self.typed = iter(typed)
        self.written: list[str] = []

    def read(self) -> str:
        line = next(self.typed, EOFError())
        if isinstance(line, BaseException):
            raise line
        return line

    def talk(self, index: Index) -> list[str]:
        def write(text: object) -> None:
            self.written += re.sub("[\u2066-\u2069]", "", str(text)).split("\n")

        conversation = ChatConversation(index, make_sanad(index), write, lambda: None)
        conversation.run(self.read)
        return self.written


def sources_in(said: list[str]) -> list[str]:
    """Return the lines of an answer that list its sources."""
    return said[said.index("المصادر:") : -1]


def test_answers_and_shows_a_source_in_its_place(index: Index) -> None:
    said = Typist(SOCHI).talk(index)
    assert said[0] == QUOTE
    assert sources_in(said)[1] == SOURCE
    assert Typist(SOCHI, "/sources 1").talk(index) == [
        *said,
        "لقاء روسي أمريكي في سوتشي",
        "لقاء روسي أمريكي في سوتشي",
        "",
        f"{QUOTE} وبحث الوزيران الوضع في إدلب وتشكيل اللجنة الدستورية.",
    ]


@pytest.mark.parametrize("command", ["/sources", "/مصادر"])
def test_lists_the_sources_of_the_last_answer(index: Index, command: str) -> None:
    said = Typist(SOCHI).talk(index)
    assert Typist(SOCHI, command).talk(index) == [*said, *sources_in(said)]


@pytest.mark.parametrize("number", ["٧", "7", "x", "0"])
def test_unknown_source_names_those_there_are(index: Index, number: str) -> None:
    said = Typist(SOCHI).talk(index)
    last = len(sources_in(said)) - 1
    assert Typist(SOCHI, f"/sources {number}").talk(index) == [
        *said,
        say("ar", "unknown_source", number=number, last=last),
    ]


def test_arabic_digits_number_sources_too(index: Index) -> None:
    assert Typist(SOCHI, "/sources ١").talk(index)[5:] == Typist(SOCHI, "/sources 1").talk(index)[5:]


def test_sources_before_any_answer_say_what_to_do(index: Index) -> None:
    assert Typist("/مصادر").talk(index) == [say("ar", "no_sources")]


def test_help_is_in_the_language_of_the_last_question(index: Index) -> None:
    said = Typist("Where did Lavrov meet Pompeo?", "/help").talk(index)
    assert "\n".join(said).endswith(chat_help("en"))


def test_help_before_any_question_is_in_both_languages(index: Index) -> None:
    assert "\n".join(Typist("/help").talk(index)) == f"{chat_help('ar')}\n{chat_help('en')}"


def test_help_names_every_command_there_is() -> None:
    assert set(re.findall(r"^/\w+", chat_help("en"), re.MULTILINE)) == {name for name in IN_TERMINAL if name.isascii()}


def test_articles_are_listed_with_what_is_known_of_them(index: Index) -> None:
    assert Typist("/articles").talk(index) == [
        "1. افتتاح جسر النيل الجديد في أسوان  وكالة الضفة · 2019-05-14",
        "2. محصول القمح في سوريا يتراجع بسبب الجفاف  - · -",
        "3. لقاء روسي أمريكي في سوتشي  - · -",
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "/suorces 1",
            [say("ar", "unknown_command", command="/suorces"), say("ar", "did_you_mean", command="/sources")],
        ),
        ("/zzz", [say("ar", "unknown_command", command="/zzz"), say("ar", "see_help")]),
    ],
)
def test_unknown_command_is_answered_with_the_nearest(index: Index, typed: str, said: list[str]) -> None:
    assert Typist(typed).talk(index) == said


@pytest.mark.parametrize("end", ["/quit", "/QUIT", "/خروج", EOFError()])
def test_conversation_ends_when_asked(index: Index, end: str | BaseException) -> None:
    assert Typist(end, SOCHI).talk(index) == []


def test_interrupt_only_clears_the_line(index: Index) -> None:
    assert Typist(KeyboardInterrupt(), "", "/quit").talk(index) == []


def test_greeting_counts_the_articles_in_both_languages(index: Index) -> None:
    said: list[str] = []
    ChatConversation(index, make_sanad(index), lambda text: said.append(text.plain), lambda: None).greet()
    assert [re.sub("[\u2066-\u2069]", "", line) for line in said] == [
        say("ar", "greeting", articles="3 مقالات"),
        say("en", "greeting", articles="3 articles"),
    ]


def test_a_question_after_a_refused_subject_leans_on_that_one(index: Index) -> None:
    written = Typist(SOCHI, "ماذا قال ماكرون عن اليابان؟", "ومتى كان ذلك؟").talk(index)
    assert say("ar", "declined") in written
    assert unsaid_text("ar", "when") in written


@pytest.mark.parametrize("typed", ["😀", "x", "؟"])
def test_what_asks_nothing_is_no_follow_up(index: Index, typed: str) -> None:
    said = say("en", "declined") if typed == "x" else reply_text("ar", "wordless")
    assert said in Typist(SOCHI, typed).talk(index)


def test_small_talk_is_answered_and_leaves_the_last_answer_alone(index: Index) -> None:
    written = Typist(SOCHI, "شكرا", "/sources").talk(index)
    said = Typist(SOCHI).talk(index)
    assert written == [*said, reply_text("ar", "thanks"), "", *sources_in(said)]


def test_a_greeting_leads_to_the_commands(index: Index) -> None:
    written = Typist("hello").talk(index)
    assert written[0] == reply_text("en", "greeting")
    assert say("en", "see_help") in written


def test_two_questions_in_a_line_are_answered_under_each(index: Index) -> None:
    written = Typist(f"{SOCHI} كم بلغت كلفة الجسر؟", "/why").talk(index)
    first, second = written.index(SOCHI), written.index("كم بلغت كلفة الجسر؟")
    assert (first, written[1]) == (0, QUOTE)
    assert "340 مليون" in written[second + 1]
    quotes = [line for line in written[: written.index("المصادر:")] if line.startswith("«")]
    assert [line.split()[-1] for line in quotes] == [f"[{number}]" for number in range(1, len(quotes) + 1)]
    assert [line for line in written if line.startswith("السؤال كما فُهم")] == [
        say("ar", "why_asked", question=question) for question in (SOCHI, "كم بلغت كلفة الجسر؟")
    ]


@pytest.mark.parametrize("command", ["/timeline", "/تسلسل"])
def test_timeline_of_a_name_is_shown(index: Index, command: str) -> None:
    said = Typist(f"{command} لافروف").talk(index)
    assert said[0] == "التسلسل الزمني: لافروف"
    assert any("لافروف" in line for line in said[1:])
    assert Typist(command).talk(index)[0].endswith("/timeline لافروف")
