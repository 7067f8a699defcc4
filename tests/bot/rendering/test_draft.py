from __future__ import annotations

from dataclasses import replace

from support.builders.answers import found, generated, nearest

from bot.rendering.draft import AnswerDraft
from retrieval.events import ExtractsEvent, SentenceEvent, StageEvent
from retrieval.types import Sentence

FIRST = SentenceEvent(generated().sentences[0], generated().citations[:1])
SECOND = SentenceEvent(Sentence("وغادر.", (1, 3), ("compared",)), (found().citations[0], found().citations[2]))


def test_a_model_s_sentences_take_the_place_of_the_extracts() -> None:
    draft = AnswerDraft("en").after(ExtractsEvent(nearest()))
    assert draft.answer == nearest()
    for event in (StageEvent("writing"), FIRST, SECOND):
        draft = draft.after(event)
    answer = draft.answer
    assert answer is not None
    assert (answer.mode, answer.outcome) == ("llm", "answered")
    assert answer.sentences == (FIRST.sentence, SECOND.sentence)
    assert [cited.number for cited in answer.citations] == [1, 3]


def test_sentences_that_replace_nothing_wait_for_the_answer() -> None:
    assert AnswerDraft("ar").after(FIRST).answer is None


def test_the_line_says_whose_words_stand_below_it() -> None:
    draft = AnswerDraft("en")
    lines = [draft.line]
    events = (StageEvent("reading", 2), ExtractsEvent(found("en")), StageEvent("writing"), FIRST)
    for event in events:
        draft = draft.after(event)
        lines.append(draft.line)
    instead = "An answer is being written; until then, quoted from the articles:"
    assert lines == ["Searching…", "Reading 2 passages…", instead, instead, "Writing…"]


def test_the_extracts_say_in_which_language_the_answer_comes() -> None:
    extracts = ExtractsEvent(replace(found(), language="en"))
    assert AnswerDraft("ar").after(extracts).after(StageEvent("writing")).line.startswith("An answer is being written")
