"""The passages that a language model is given: which, how many, in which words, and under which ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import SystemRandom

from retrieval.grounding.surroundings import goes_on
from retrieval.llms.prompt_injection import neutralise_delimiters
from retrieval.nlp.sentences import sentences
from retrieval.types import Article, Language, Passage

MOST_PASSAGES_SHOWN = 20
PASSAGE_TOKENS = 5000  # with which the passages hold as many answers as all twenty: .995, by bench/generation.py
# Of Arabic news in the least favourable of the encodings measured, OpenAI's cl100k_base; in o200k_base it is 3.3.
# Measured by bench/generation.py on the seeds.
CHARACTERS_PER_TOKEN = 1.45
_OPENING = 60  # code points of a passage in which it shows whether it names who speaks
_HEADER_TOKENS = 60  # of a title, a source and a day
_IN_EXAMPLES = frozenset((41, 57))  # ids of the prompts' own passages
_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


@dataclass(frozen=True, slots=True)
class PromptPassage:
    """A passage as a model sees it, under an id that holds for one request only."""

    passage_id: str
    passage: Passage
    article: Article


def prompt_passages(found: Iterable[tuple[Passage, Article]], tokens: int) -> list[PromptPassage]:
    """Return the first passages that fit into a budget of tokens, one at least, with ids that no article can foresee.

    One that begins by leaning on the sentence before it comes with that sentence.
    """
    chosen: list[tuple[Passage, Article]] = []
    left = float(tokens)
    for passage, article in found:
        whole = with_antecedent(passage, article)
        cost = len(whole.text) / CHARACTERS_PER_TOKEN + _HEADER_TOKENS
        if len(chosen) == MOST_PASSAGES_SHOWN:
            break
        if cost <= left or not chosen:
            chosen.append((whole, article))
            left -= cost
    ids = SystemRandom().sample([number for number in range(10, 100) if number not in _IN_EXAMPLES], len(chosen))
    return [PromptPassage(str(own), *one) for own, one in zip(ids, chosen, strict=True)]


def as_data(passages: Sequence[PromptPassage], language: Language) -> str:
    """Return the passages as they stand in a prompt: what could pass for an id or a delimiter is made harmless."""
    return "\n\n".join(
        f"[{own.passage_id}] {header_of(own.article, language)}\n{neutralise_delimiters(own.passage.text).strip()}"
        for own in passages
    )


def header_of(article: Article, language: Language) -> str:
    """Return what a model is told of an article: its title, its source, and its day with the day of the week."""
    day = article.published
    if day:
        day = f"{day} ({_WEEKDAYS[language][date.fromisoformat(day).weekday()]})"
    known = (article.label, article.source, day or article.dated)
    return ", ".join(" ".join(neutralise_delimiters(part).split()) for part in known if part)


def with_antecedent(passage: Passage, article: Article) -> Passage:
    """Return a passage with the sentence before it, where it begins without naming who speaks («وأضاف أن …»)."""
    if not goes_on(passage.text[:_OPENING]):
        return passage
    paragraph = next((span for span in reversed(article.body) if span.start < passage.start), None)
    if paragraph is None or article.text[paragraph.end : passage.start].strip():
        return passage  # something else stands between
    before = [paragraph.start + start for start, _ in sentences(article.text[paragraph.start : passage.start])]
    if not before:
        return passage
    return Passage(passage.article_id, before[-1], passage.end, article.text[before[-1] : passage.end])
