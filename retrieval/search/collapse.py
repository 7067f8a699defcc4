"""Hits collapsed by story, pure: which one stands for the copies of its story, and which outlets carry what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal, TypeVar

from retrieval.nlp.analysis import words
from retrieval.nlp.sentences import sentences
from retrieval.search.filters import ArticleFacts
from retrieval.search.passage_scoring import Reading, same_statement
from retrieval.types import Hit, StoryMember

# What a copy may be left out for: that a better hit of its story says as much of the question ("story"), or that
# it also says each sentence which bears on the question ("statement"), so that an answer misses nothing.
CollapseLevel = Literal["story", "statement"]

T = TypeVar("T")

MOST_CARRIED = 0.5  # of a passage's words; an outlet that prints so many of them carries it
MOST_ARTICLES = 3  # of one story, among what a leg of the search finds: copies must not push all else out
_MOST_KEPT = 256  # texts


def cap_per_story(
    found: Iterable[T], article_of: Callable[[T], str], members: Mapping[str, StoryMember], most: int = 1
) -> list[T]:
    """Return what stands in the first articles of each story, at most so many, and in all articles that tell none."""
    articles: defaultdict[int, set[str]] = defaultdict(set)  # of each story
    kept = []
    for one in found:
        member = members.get(article_of(one))
        if member:
            own = articles[member.story]
            if len(own) == most and member.article_id not in own:
                continue
            own.add(member.article_id)
        kept.append(one)
    return kept


def collapse_by_story(
    scored: Sequence[tuple[Hit, Reading]], members: Mapping[str, StoryMember], level: CollapseLevel
) -> list[tuple[Hit, Reading]]:
    """Return the hits, best first, without those for which a better one of the same story stands.

    A hit that stands for others names their articles.
    """
    kept: list[tuple[Hit, Reading]] = []
    places: defaultdict[int, list[int]] = defaultdict(list)  # of what is kept of each story
    for hit, reading in scored:
        member = members.get(hit.passage.article_id)
        if member:
            others = [at for at in places[member.story] if kept[at][0].passage.article_id != member.article_id]
            first = next((at for at in others if _says_as_much(kept[at][1], reading)), None)
            readings = [kept[at][1] for at in others]
            if first is not None and (level == "story" or _say_the_same(readings, reading)):
                best, own = kept[first]
                also_in = dict.fromkeys((*best.also_in, member.article_id))
                kept[first] = replace(best, also_in=tuple(also_in)), own
                continue
            places[member.story].append(len(kept))
        kept.append((hit, reading))
    return kept


def _says_as_much(one: Reading, other: Reading) -> bool:
    """Tell whether one passage says each term of the question as strongly as another, and its best sentence too."""
    best = max(sentence.after for sentence in one.sentences)
    return best >= max(sentence.after for sentence in other.sentences) and all(
        own >= theirs for own, theirs in zip(one.term_scores, other.term_scores, strict=True)
    )


def _say_the_same(readings: Iterable[Reading], other: Reading) -> bool:
    """Tell whether some passages make each statement of another one that bears on the question."""
    said = [sentence.text for reading in readings for sentence in reading.sentences]
    bearing = (sentence.text for sentence in other.sentences if sentence.coverage)
    return all(any(same_statement(text, statement) for statement in said) for text in bearing)


def carries(article: str, passage: str) -> bool:
    r"""Tell whether an article's text says most of a passage, or a sentence, in nearly the same words.

    >>> carries("عاجل\\nافتتح الوزيرُ الجسر الجديد في اسوان. وغادر.", "افتتح الوزير الجسر الجديد في أسوان.")
    True
    >>> carries("قتل 4 مدنيين في قصف على مدينة كفرزيتا.", "قتل 7 مدنيين في قصف على مدينة كفرزيتا.")
    False
    """
    own = [(text, words(text)) for text in _sentences(passage)]
    said = sum(len(found) for text, found in own if found and _says(article, text, found))
    return said > 0 and said >= MOST_CARRIED * sum(len(found) for _, found in own)


def _says(article: str, sentence: str, found: Sequence[str]) -> bool:
    return f" {' '.join(found)} " in _plain(article) or any(
        same_statement(sentence, other) for other in _sentences(article)
    )


@lru_cache(maxsize=_MOST_KEPT)
def _plain(text: str) -> str:
    return f" {' '.join(words(text))} "


@lru_cache(maxsize=_MOST_KEPT)
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in sentences(text))


def outlets(own: str | None, copies: Iterable[StoryMember | ArticleFacts]) -> tuple[str | None, ...]:
    """Return the other outlets that print something: a known source once, and None for each copy of unknown source.

    >>> sources = ("سانا", None, "رويترز", "سانا", None)
    >>> outlets("رويترز", [StoryMember(source or "", 1, "", source, None) for source in sources])
    ('سانا', None, None)
    """
    found: list[str | None] = []
    for copy in copies:
        if copy.source is None or (copy.source != own and copy.source not in found):
            found.append(copy.source)
    return tuple(found)
