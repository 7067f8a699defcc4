"""Where the archive names a subject: every passage that says each of its words, found by the index, read by the code.

The index alone would not do: a name and an ordinary word may share a phonetic key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from retrieval.archive.subjects import Subject
from retrieval.citing.passage_source import ArchiveSource
from retrieval.search.passage_scoring import PassageSentence, sentences_of
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import WEIGHTS
from retrieval.types import Passage, article_id_in

_FEW = 64  # articles of which passages are read to learn how they spell a name


def mentioning_articles(
    source: ArchiveSource, subject: Subject, within: AbstractSet[str] | None = None
) -> dict[str, str]:
    """Return the id of a passage that names a subject, by the id of its article; not always the first there.

    What the index surely knows is not read. Of what only sounds alike, a few passages are read at a time, and by the
    spellings that these have, most others are known.
    """
    found: dict[str, str] = {}
    known = subject.spellings(form for name in subject.names.values() for form in name.forms)
    while True:
        for passage_id in source.passage_ids_saying(subject.query, known):
            article_id = article_id_in(passage_id)
            if within is None or article_id in within:
                found.setdefault(article_id, passage_id)
        doubtful = _doubtful(source.passage_ids_in_doubt(subject.query, known), found, within)
        few = dict(list(doubtful.items())[:_FEW])
        learnt = subject.spellings(word for one in _naming(source, subject, few, found) for word in _words(one))
        if all(own <= known[surface] for surface, own in learnt.items()):
            break
        known = {surface: own | learnt[surface] for surface, own in known.items()}
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
    source: ArchiveSource, subject: Subject, doubtful: Mapping[str, Sequence[str]], found: dict[str, str]
) -> list[Passage]:
    """Read passages, add the first of each article that names the subject to what was found, and return these."""
    read = source.passages([passage_id for ids in doubtful.values() for passage_id in ids])
    first = (next((one for one in passages if subject.is_said(_words(one))), None) for passages in read.values())
    naming = [one for one in first if one]
    found.update((one.article_id, one.passage_id) for one in naming)
    return naming


def _words(passage: Passage) -> list[str]:
    return [word for one in sentences_of(passage) for word in one.words]


def sentences_naming(matcher: Matcher, passage: Passage) -> list[PassageSentence]:
    """Return the sentences of a passage that each name a subject by all its words; where none does, the passage's best.

    Nothing where the passage does not name it.
    """
    if not _says_all(matcher, _words(passage)):
        return []
    read = sentences_of(passage)
    found = [one for one in read if _says_all(matcher, one.words)]
    return found or [max(read, key=lambda one: matcher.coverage(matcher.term_scores(one.words)))]


def _says_all(matcher: Matcher, words: Sequence[str]) -> bool:
    said = matcher.term_scores(words)
    counting = [own for own, term in zip(said, matcher.question.terms, strict=True) if not term.parts]
    return bool(counting) and min(counting) >= WEIGHTS.subject_said
