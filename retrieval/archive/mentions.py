"""Where the archive names a subject: every passage that says each of its words, found by the index, read by the code.

The index alone would not do: a name and an ordinary word may share a phonetic key.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from retrieval.citing.passage_source import ArchiveSource
from retrieval.search.passage_scoring import PassageSentence, sentences_of
from retrieval.search.query import Query
from retrieval.search.term_matcher import Matcher, matcher_for
from retrieval.search.weights import WEIGHTS
from retrieval.types import Passage


def mentioning_passages(
    source: ArchiveSource, subject: Query, within: AbstractSet[str] | None = None
) -> dict[str, list[Passage]]:
    """Return the passages that name a subject, in their order, by the id of their article.

    `within` holds the ids of the articles that count; None for all. A subject without a word that tells names nothing.
    """
    matcher = matcher_for(subject)
    found = {
        article_id: [passage for passage in passages if names_all(matcher, passage)]
        for article_id, passages in source.holding(subject).items()
        if within is None or article_id in within
    }
    return {article_id: passages for article_id, passages in found.items() if passages}


def mentioning_articles(
    source: ArchiveSource, subject: Query, within: AbstractSet[str] | None = None
) -> dict[str, Passage]:
    """Return the first passage that names a subject, by the id of its article; no more of an article is read."""
    matcher = matcher_for(subject)
    first = {
        article_id: next((passage for passage in passages if names_all(matcher, passage)), None)
        for article_id, passages in source.holding(subject).items()
        if within is None or article_id in within
    }
    return {article_id: passage for article_id, passage in first.items() if passage}


def naming_sentence(subject: Query, passage: Passage) -> PassageSentence:
    """Return the sentence of a passage that says most of a subject; of two alike, the first."""
    matcher = matcher_for(subject)
    return max(sentences_of(passage), key=lambda one: matcher.coverage(matcher.term_scores(one.words)))


def sentences_naming(matcher: Matcher, passage: Passage) -> list[PassageSentence]:
    """Return the sentences of a passage that each name a subject by all its words; where none does, the passage's best.

    Nothing where the passage does not name it.
    """
    if not names_all(matcher, passage):
        return []
    found = [one for one in sentences_of(passage) if _says_all(matcher, one.words)]
    return found or [naming_sentence(matcher.question, passage)]


def names_all(matcher: Matcher, passage: Passage) -> bool:
    """Tell whether a passage says each word of a subject."""
    return _says_all(matcher, [word for one in sentences_of(passage) for word in one.words])


def _says_all(matcher: Matcher, words: Sequence[str]) -> bool:
    said = matcher.term_scores(words)
    counting = [own for own, term in zip(said, matcher.question.terms, strict=True) if not term.parts]
    return bool(counting) and min(counting) >= WEIGHTS.subject_said
