"""Pure: what is known of an answer while it is being made: the extracts first, then a model's sentences instead."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.rendering.texts import count_passages, say
from retrieval.events import ExtractsEvent, SentenceEvent, StageEvent
from retrieval.types import Answer, Language


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """What a front end shows until the answer comes."""

    language: Language
    stage: StageEvent | None = None
    answer: Answer | None = None  # as far as it is known; its sentences may still be replaced

    def after(self, event: StageEvent | ExtractsEvent | SentenceEvent) -> AnswerDraft:
        """Return what is known once an event came."""
        if isinstance(event, StageEvent):
            return replace(self, stage=event)
        if isinstance(event, ExtractsEvent):
            return replace(self, answer=event.answer, language=event.answer.language)
        return replace(self, answer=self.answer and _with_sentence(self.answer, event))

    @property
    def line(self) -> str:
        """Return the line that says what is being done, and whose words stand below it meanwhile."""
        stage = self.stage or StageEvent("searching")
        if stage.name != "searching" and self.answer and self.answer.mode == "extractive":
            return say(self.language, "writing_instead")
        return say(self.language, stage.name, passages=count_passages(stage.passages, self.language))


def _with_sentence(answer: Answer, event: SentenceEvent) -> Answer:
    """Return an answer with one more of a model's sentences; the first takes the place of the extracts."""
    before = answer if answer.mode == "llm" else replace(answer, sentences=(), citations=())
    citations = {cited.number: cited for cited in (*before.citations, *event.citations)}
    return replace(
        before,
        found=True,
        mode="llm",
        sentences=(*before.sentences, event.sentence),
        citations=tuple(citations.values()),
        covered=None,
        unsaid=None,
    )
