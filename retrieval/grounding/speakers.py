"""Speakers: who says something in a sentence, where the texts have somebody else say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.grounding.alignment import AlignedText
from retrieval.grounding.cast import Mention
from retrieval.grounding.comparison import sentence_tokens
from retrieval.grounding.predications import Predication, ReadText
from retrieval.grounding.roles import Scene
from retrieval.grounding.verbs import PLAIN_SPEECH, meanings
from retrieval.nlp.word_lists import normalised, read_word_lists

SAID = 0.3  # the share of what is said, by the rarity of its words, that a text must have to tell who says it
AS_WELL = 0.8  # of that share: another part of the texts in which it is as well said
_OF_NAME = 0.75  # of a speaker's words, by their rarity, that name the speaker in a text
_BESIDE = 4  # tokens on each side of a speaker in which the rest of the name may stand
_NARRATING = normalised(read_word_lists("grounding", "clauses")["narrating"])


@dataclass(frozen=True, slots=True)
class Utterance:
    """Some tokens of a text and whoever says them; nobody where the text does not tell."""

    speakers: tuple[Mention, ...]
    tokens: range


def misattributed(scene: Scene) -> Iterable[str]:
    """Yield who says something in a sentence that the texts have another say."""
    said = [(text, utterance) for text in scene.whole for utterance in utterances(text)]
    for own in utterances(scene.own):
        if own.speakers and _is_anothers(scene, own, said):
            yield scene.compared.words(own.speakers[0].first, own.speakers[0].last)


def _is_anothers(scene: Scene, own: Utterance, said: Sequence[tuple[ReadText, Utterance]]) -> bool:
    claim = scene.compared.claim
    content = _content(scene.own.text, own)
    total = claim.weight_of(content)
    said = _with_numbers(scene.own.text, own, said)
    scored = [(claim.weight_of(content & text.text.terms_in(one.tokens)), text, one) for text, one in said]
    best = max((score for score, _, _ in scored), default=0.0)
    if not total or best < SAID * total or not scene.has(own.speakers[:1]):
        return False
    as_well = [(text, one) for score, text, one in scored if score >= AS_WELL * best]
    return not any(
        not one.speakers
        or scene.all.may_be_same(own.speakers[:1], one.speakers)
        or _is_named_beside(scene, own.speakers[0], text.text, one)
        for text, one in as_well
    )


def _is_named_beside(scene: Scene, speaker: Mention, text: AlignedText, utterance: Utterance) -> bool:
    """Tell whether a text has most of a speaker's words where it names its own: "the UN office" in a longer name."""
    own = scene.own.text
    terms = own.terms_in(range(speaker.first, speaker.last + 1))
    near = (
        at
        for other in utterance.speakers
        for at in range(max(0, other.first - _BESIDE), min(len(text.tokens), other.last + _BESIDE + 1))
    )
    claim = scene.compared.claim
    return bool(terms) and claim.weight_of(terms & text.terms_in(near)) >= _OF_NAME * claim.weight_of(terms)


def _with_numbers(
    sentence: AlignedText, own: Utterance, said: Sequence[tuple[ReadText, Utterance]]
) -> Sequence[tuple[ReadText, Utterance]]:
    """Return the parts of the texts that state the numbers of what is said; all of them where none states them."""
    numbers = [one for one in sentence.quantities if one.first in own.tokens and one.kind == "number"]
    stating = [
        (text, one)
        for text, one in said
        if all(
            any(number.agrees(other) and other.first in one.tokens for other in text.text.quantities)
            for number in numbers
        )
    ]
    return stating or said


def _content(text: AlignedText, utterance: Utterance) -> set[int]:
    """Return the terms of what is said, without those of whoever says it."""
    theirs = {at for speaker in utterance.speakers for at in range(speaker.first, speaker.last + 1)}
    return text.terms_in(at for at in utterance.tokens if at not in theirs)


def utterances(text: ReadText) -> list[Utterance]:
    """Return what is said in a text, from left to right, and by whom: each sentence in parts by its verbs of speech."""
    found: list[Utterance] = []
    for sentence in sentence_tokens(text.text):
        found += _of_sentence(text, sentence, found[-1].speakers if found else ())
    return found


def _of_sentence(text: ReadText, sentence: range, before: tuple[Mention, ...]) -> Iterator[Utterance]:
    """Yield the parts of a sentence; a source ("according to") and a verb at the end say what stands before them."""
    sources = tuple(mention for mention in text.sources if mention.first in sentence)
    speech = {event.at: event for event in reversed(text.events) if event.at in sentence and _is_speech(text, event)}
    events = [speech[at] for at in sorted(speech)]
    if not events:
        yield Utterance(sources, sentence)
        return
    first = events[0]
    if len(events) == 1 and (first.at + 3 >= sentence.stop or not any(at > first.at + 3 for at in sentence)):
        yield Utterance((*_speakers(first, before), *sources), sentence)
        return
    starts = [
        min([event.at, *(mention.first for mention in event.agent if mention.first in sentence)]) for event in events
    ]
    if starts[0] > sentence.start:
        yield Utterance(sources, range(sentence.start, starts[0]))
    speakers: tuple[Mention, ...] = before
    for number, event in enumerate(events):
        following = events[number + 1] if number + 1 < len(events) else None
        reports = following is not None and _is_nested(text.text, event.at, following.at)
        end = sentence.stop if following is None or reports else starts[number + 1]
        nested = number > 0 and _is_nested(text.text, events[number - 1].at, event.at)
        own = _speakers(event, speakers)
        unknown = nested and not speakers  # somebody reports him, and the text does not tell who
        speakers = () if unknown else tuple(dict.fromkeys((*own, *(speakers if nested and own else ()))))
        yield Utterance(
            tuple(dict.fromkeys((*speakers, *sources))), range(starts[number], max(end, starts[number] + 1))
        )


def _is_nested(text: AlignedText, before: int, at: int) -> bool:
    """Tell whether who says something is reported by who said something before: no new report begins between."""
    begins = text.tokens[at].text[0] in "وف" and not text.tokens[at].text.isascii()
    return not begins and not any(token.text in _NARRATING for token in text.tokens[before:at])


def _is_speech(text: ReadText, event: Predication) -> bool:
    """Tell whether somebody says something by a verb; in English whoever does stands beside it."""
    said_by_unknown = event.verb.meaning in PLAIN_SPEECH and not text.text.tokens[event.at].text.isascii()
    return event.verb.meaning in meanings("speech") and bool(event.agent or event.is_passive or said_by_unknown)


def _speakers(event: Predication, before: tuple[Mention, ...]) -> tuple[Mention, ...]:
    return event.agent or (before if event.is_implied else ())
