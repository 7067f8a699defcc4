"""Where the archive names a subject: every passage that says each of its words, found by the index, read by the code.

The index alone would not do: a name and an ordinary word may share a phonetic key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from retrieval.citing.passage_source import ArchiveSource
from retrieval.nlp.analysis import stem
from retrieval.search.passage_scoring import PassageSentence, sentences_of
from retrieval.search.query import Alternative, Query, Term
from retrieval.search.term_matcher import Matcher, matcher_for
from retrieval.search.weights import WEIGHTS
from retrieval.types import Passage, article_id_in

_FEW = 64  # articles of which a passage is read to learn by which words they name a subject


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
) -> dict[str, str]:
    """Return the id of a passage that names a subject, by the id of its article; not always the first there.

    What the index surely knows is not read; of what sounds alike, a few passages are, and their words then tell most
    others.
    """
    found: dict[str, str] = {}
    learnt = subject
    while True:
        for passage_id in source.passage_ids_saying(learnt):
            article_id = article_id_in(passage_id)
            if within is None or article_id in within:
                found.setdefault(article_id, passage_id)
        doubtful = _doubtful(source.passage_ids_in_doubt(subject, learnt), found, within)
        few = dict(list(doubtful.items())[:_FEW])
        known = _with_words(learnt, _naming(source, subject, few, found))
        if known == learnt:
            break
        learnt = known
    _naming(source, subject, {key: ids for key, ids in doubtful.items() if key not in few}, found)
    return found


def _doubtful(
    passage_ids: Sequence[str], found: Mapping[str, str], within: AbstractSet[str] | None
) -> dict[str, list[str]]:
    """Return the passages of articles that are not known to name a subject, by article."""
    doubtful: dict[str, list[str]] = {}
    for passage_id in passage_ids:
        article_id = article_id_in(passage_id)
        if article_id not in found and (within is None or article_id in within):
            doubtful.setdefault(article_id, []).append(passage_id)
    return doubtful


def _naming(
    source: ArchiveSource, subject: Query, doubtful: Mapping[str, Sequence[str]], found: dict[str, str]
) -> list[Passage]:
    """Read passages, add the first of each article that names the subject to what was found, and return these."""
    matcher = matcher_for(subject)
    read = source.passages([passage_id for ids in doubtful.values() for passage_id in ids])
    first = (next((one for one in passages if names_all(matcher, one)), None) for passages in read.values())
    naming = [one for one in first if one]
    found.update((one.article_id, one.passage_id) for one in naming)
    return naming


def _with_words(subject: Query, passages: Iterable[Passage]) -> Query:
    """Return a subject with the stems of the words by which some passages name it."""
    matcher = matcher_for(subject)
    stems: list[dict[str, None]] = [{} for _ in subject.terms]
    for word in (word for passage in passages for one in sentences_of(passage) for word in one.words):
        for at, strength in matcher.strengths(word).items():
            if strength >= WEIGHTS.subject_said:
                stems[at][stem(word)] = None
    terms = zip(subject.terms, stems, strict=True)
    return replace(subject, terms=tuple(_with_stems(term, own) for term, own in terms))


def _with_stems(term: Term, stems: Iterable[str]) -> Term:
    known = {way.stems for way in term.alternatives}
    new = tuple(Alternative((one,), 1.0) for one in stems if (one,) not in known)
    return replace(term, alternatives=(*term.alternatives, *new))


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
