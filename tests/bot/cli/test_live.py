"""A terminal while an answer is written: the extracts stand there at once, and the answer alone in the end."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from support.builders.answers import ARRIVED, LABELS, SAID, found, generated
from support.servers.model import ModelServer, says, silent

from bot.cli.live import Show, live_drafts, show_live
from bot.rendering.draft import AnswerDraft
from retrieval.events import Event, ExtractsEvent, SentenceEvent, StageEvent
from retrieval.types import Answer

ERASED = "\x1b[2K"  # a line, by which everything that is taken away is
ANSWER = generated("en")
WHOLE = (
    StageEvent("reading", 2),
    ExtractsEvent(found("en")),
    StageEvent("writing"),
    SentenceEvent(ANSWER.sentences[0], ANSWER.citations[:1]),
    ANSWER,
)
SOCHI = "أين التقى لافروف وبومبيو؟"
QUOTE = "نظيره الأمريكي مايك بومبيو في سوتشي."


def drawn(events: Iterator[Event] | tuple[Event, ...], height: int = 24) -> str:
    """Return all that a terminal is sent while an answer comes, an answer that is finished between brackets."""
    screen = Console(file=StringIO(), force_terminal=True, width=80, height=height, highlight=False)

    def finish(answer: Answer) -> None:
        screen.print(f"<{answer.mode}>", markup=False)

    with live_drafts(screen, LABELS.__getitem__) as show:
        try:
            show_live(iter(events), AnswerDraft("en"), show, finish)
        except KeyboardInterrupt:
            screen.print("interrupted")
    return screen.file.getvalue()


def test_extracts_stand_until_a_sentence_comes_and_nothing_but_the_answer_stays() -> None:
    before, after = drawn(WHOLE).rsplit(ERASED, 1)
    assert re.sub("\x1b[^A-Za-z]*[A-Za-z]", "", after).strip() == "<llm>"
    quoted, written = before.index("quoted from the articles"), before.index("Ankara")
    assert quoted < before.index(SAID[:5]) < written
    assert ERASED in before[quoted:written]


def test_what_does_not_fit_the_screen_is_not_drawn_as_it_could_not_be_taken_away() -> None:
    rows = drawn(WHOLE, height=5).split(ERASED)
    assert max(row.count("\n") for row in rows) < 5
    assert not any("Sources" in row for row in rows)


def test_interrupted_answer_leaves_what_was_shown() -> None:
    def interrupted(*events: Event) -> Iterator[Event]:
        yield from events
        raise KeyboardInterrupt

    assert "<" not in drawn(interrupted(WHOLE[0]))
    for shown, mode in ((3, "extractive"), (4, "llm")):
        assert re.search(rf"<{mode}>\s+interrupted", drawn(interrupted(*WHOLE[:shown])))


def test_where_there_is_no_terminal_only_the_answer_is_told() -> None:
    told: list[Answer] = []
    with live_drafts(Console(file=StringIO()), LABELS.__getitem__) as show:
        assert show is None
        show_live(iter(WHOLE), AnswerDraft("en"), show, told.append)
    assert told == [ANSWER]


def test_what_was_shown_is_not_finished_where_nothing_was_shown() -> None:
    def interrupted(show: Show | None) -> list[Answer]:
        def events() -> Iterator[Event]:
            yield ExtractsEvent(found("en"))
            raise KeyboardInterrupt

        told: list[Answer] = []
        with pytest.raises(KeyboardInterrupt):
            show_live(events(), AnswerDraft("en"), show, told.append)
        return told

    assert interrupted(None) == []
    assert interrupted(lambda _: None) == [found("en")]
    assert ARRIVED in found("en").sentences[0].text


@pytest.mark.skipif(os.name != "posix", reason="it takes a pseudo-terminal")
def test_ask_on_a_terminal_shows_the_extracts_while_the_model_is_silent(articles: Path, server: ModelServer) -> None:
    import pexpect

    server.on("answer", silent())
    environment = {**os.environ, "SANAD_LLM": "openai-like:m", "SANAD_LLM_BASE_URL": server.url, "TERM": "xterm"}
    command = [str(Path(sys.executable).with_name("sanad")), "ask", SOCHI]
    child = pexpect.spawn(command[0], command[1:], env=environment, encoding="utf-8", timeout=60, dimensions=(30, 100))
    try:
        child.expect("الجواب قيد الكتابة")
        child.expect(QUOTE)
        server.on("answer", says("لا"))
        child.sendintr()
        child.expect(ERASED.replace("[", "\\["))
        child.expect(QUOTE)
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 130
    finally:
        server.over.set()
        child.close(force=True)
