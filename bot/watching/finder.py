"""Looks for what is new in the index, whoever brought it there, and writes down what it says for the watches.

What was looked through is noted in the same transaction as what was found: a process that dies in between looks again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot.rendering.json_forms import citation_json
from bot.storage.alerts import Alert, ToldStory, alerts_for, note_seen, seen_articles, write_alerts
from bot.storage.answer_codec import citation_of
from bot.storage.database import Database, now
from bot.storage.watches import Watch, watches_of
from retrieval.answering.standing_answers import StandingAnswers, StandingMatch, printed_by_now

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.watching.timing import TellingHours
    from retrieval.index.index import Index
    from retrieval.index.snapshot import Snapshot


class WatchFinder:
    """Finds, for the watches that a bot or a terminal tells of, what came into the index since the last look."""

    def __init__(self, index: Index, database: Database, teller: str, hours: TellingHours) -> None:
        """Take the parts; nothing is looked at yet."""
        self._index, self._database, self._teller, self._hours = index, database, teller, hours
        self._answers = StandingAnswers()
        self._generation = 0
        self._seen: set[str] | None = None

    def look(self) -> int:
        """Look through the articles that are new, and return how many there were.

        At the first look ever, all that is there was there before.

        Raises:
            SanadError: the index or the database cannot be used.
        """
        if self._index.catalog.generation in (0, self._generation):  # 0 while an index is made anew
            return 0
        with self._index.pin() as pinned:
            generation, held = pinned.generation, set(pinned.article_ids())
            seen = self._seen if self._seen is not None else self._database.work(self._seen_before)
            new = held - seen if seen is not None else set[str]()
            is_first = self._seen is None  # then the watches are analysed, whatever is new, so that no later look waits
            alerts = self._found(pinned, new) if new or is_first else []
        noted = new if seen is not None else held

        def work(connection: Connection) -> None:
            write_alerts(connection, alerts)
            note_seen(connection, self._teller, noted)

        if noted or seen is None:
            self._database.work(work)
        self._seen, self._generation = (seen or set()) | noted, generation
        return len(new)

    def _seen_before(self, connection: Connection) -> set[str] | None:
        return seen_articles(connection, self._teller)

    def _found(self, pinned: Snapshot, new: set[str]) -> list[Alert]:
        """Return the alerts for the watches: new ones, and known ones whose stories have grown."""
        watches = self._database.work(partial(watches_of, teller=self._teller))
        waiting: defaultdict[str, list[Watch]] = defaultdict(list)
        for watch in watches:
            waiting[watch.text].append(watch)
        matches = list(self._answers.matches(pinned, waiting, new))
        told = {watch.watch_id for match in matches for watch in waiting[match.text]}
        before = self._database.work(partial(alerts_for, watch_ids=told)) if told else []
        known: defaultdict[int, list[Alert]] = defaultdict(list)
        for alert in before:
            known[alert.watch_id].append(alert)
        for match in matches:
            for watch in waiting[match.text]:
                _add(known[watch.watch_id], match, watch.watch_id, self._hours.due_at(watch, now()), pinned)
        as_kept = {alert.alert_id: alert for alert in before}
        return [alert for alerts in known.values() for alert in alerts if alert != as_kept.get(alert.alert_id)]


def _add(alerts: list[Alert], match: StandingMatch, watch_id: int, due_at: float, pinned: Snapshot) -> None:
    """Take a match into the alert of its story, or as another one."""
    article, copies = match.article, match.copies
    story = ToldStory(
        frozenset((article.article_id, *(copy.article_id for copy in copies))),
        frozenset((article.path, *(copy.path for copy in copies))),
    )
    at = next((at for at, alert in enumerate(alerts) if alert.story.is_same(story)), None)
    if at is None:
        body = citation_json(match.citation) | {"label": article.label}
        alerts.append(Alert(watch_id, article.article_id, story, body, due_at))
    else:
        alerts[at] = _grown(alerts[at], story, pinned)


def _grown(alert: Alert, story: ToldStory, pinned: Snapshot) -> Alert:
    """Return an alert with further articles of its story, and with the outlets that print its quote by now."""
    printed = citation_json(printed_by_now(pinned, citation_of(alert.body)))
    body = printed | {"label": alert.body["label"]}
    return replace(alert, story=alert.story.with_articles(story), body=body)
