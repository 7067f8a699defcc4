"""The articles that a question about the archive is about: those that mention its subject, within its filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from retrieval.archive.mentions import mentioning_articles
from retrieval.archive.subjects import Subject, joined_subjects, subject_of_archive
from retrieval.citing.passage_source import ArchiveSource, PassageSource
from retrieval.search.collapse import cap_per_story
from retrieval.search.filters import ArticleFacts
from retrieval.search.passage_scoring import PassageSentence, sentences_of
from retrieval.types import Filters, Narrowing, Passage, StoryMember

_LEAST_LEAD = 6  # words of a sentence that tells something; fewer are a headline or a place
_ENDS = frozenset(".!؟?…")
_CLOSING = "»”\"') "


@dataclass(frozen=True)
class ArchiveScope:
    """The articles that count, by id; with a subject, the id of a passage of each that names it."""

    source: PassageSource
    archive: ArchiveSource
    subject: Subject | None
    narrowing: Narrowing | None
    articles: Mapping[str, str | None]

    @cached_property
    def facts(self) -> Mapping[str, ArticleFacts]:
        """Return what the articles that count state of their day and their source."""
        return {one.article_id: one for one in self.archive.held if one.article_id in self.articles}

    @cached_property
    def newest(self) -> Sequence[str]:
        """Return the articles that count, the newest first; those that state no full day come last."""
        by_id = sorted(self.articles)
        return sorted(by_id, key=lambda one: self.facts[one].published or "", reverse=True)

    @cached_property
    def members(self) -> Mapping[str, StoryMember]:
        """Return those of the articles that count that tell a story with others."""
        return self.source.members(self.articles)

    def stories(self, ids: Iterable[str]) -> list[str]:
        """Return of some articles the first of each story."""
        return cap_per_story(ids, lambda one: one, self.members)

    def lead(self, article_id: str) -> PassageSentence:
        """Return the sentence that an article begins with: the first that is no headline."""
        passages = self.archive.passages_of(article_id)
        told = self._statements(article_id, passages)
        return next(told, None) or sentences_of(passages[0])[0]

    def naming(self, article_id: str) -> PassageSentence:
        """Return a sentence of an article that names the subject, rather than a headline; without one, its lead."""
        passage_id = self.articles[article_id]
        if self.subject is None or passage_id is None:
            return self.lead(article_id)
        (passage,) = self.archive.passages([passage_id])[article_id]
        best = max(sentences_of(passage), key=lambda one: (self._is_said(one), self._coverage(one)))
        least = self._is_said(best), self._coverage(best)
        following = (one for one in self.archive.passages_of(article_id) if one.start >= passage.start)
        told = (
            one for one in self._statements(article_id, following) if (self._is_said(one), self._coverage(one)) >= least
        )
        return next(told, best)

    def _coverage(self, one: PassageSentence) -> float:
        assert self.subject is not None
        matcher = self.subject.matcher
        return matcher.coverage(matcher.term_scores(one.words))

    def _is_said(self, one: PassageSentence) -> bool:
        return self.subject is not None and self.subject.is_said(one.words)

    def _statements(self, article_id: str, passages: Iterable[Passage]) -> Iterator[PassageSentence]:
        """Yield the sentences that say something as sentences do: with an end, and not as a title."""
        title = self.source.article_by_id(article_id).title or ""
        for passage in passages:
            for one in sentences_of(passage):
                ends = one.text.rstrip(_CLOSING)
                if len(one.words) >= _LEAST_LEAD and ends[-1:] in _ENDS and ends.rstrip("".join(_ENDS)) not in title:
                    yield one


def archive_scope(source: PassageSource, archive: ArchiveSource, subject: str, filters: Filters) -> ArchiveScope:
    """Return the articles within filters that mention a subject; of an empty one, all of them."""
    within, narrowing = source.narrow(filters) if filters else (frozenset(one.article_id for one in archive.held), None)
    if subject:
        found = [
            mentioning_articles(archive, subject_of_archive(one, source), within) for one in joined_subjects(subject)
        ]
        every = frozenset(within).intersection(*found) if found else frozenset[str]()
        named = {one: found[0][one] for one in every}
        return ArchiveScope(source, archive, subject_of_archive(subject, source), narrowing, named)
    return ArchiveScope(source, archive, None, narrowing, dict.fromkeys(within))
