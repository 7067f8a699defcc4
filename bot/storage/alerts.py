"""Alerts: the stories that were found for watches, each told once in a chat; and the articles that were looked through.

An alert is found, then told: a message of the outbox is owed for it. Each function is part of a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, update

from bot.storage.conversations import DAY
from bot.storage.database import ALERTS, PARTS, SEEN, UPDATES, WATCHES, insert_new, now
from bot.storage.outbox import OPEN
from bot.storage.watches import Watch, watches_of

_BEGUN = ""  # in the place of an article's id, once it is known what was there before


@dataclass(frozen=True, slots=True)
class ToldStory:
    """The articles that tell a story, and where they lie: an article that was corrected has another id there."""

    article_ids: frozenset[str]
    paths: frozenset[str]

    def is_same(self, other: ToldStory) -> bool:
        """Tell whether another one has an article or a file of this one."""
        return not (self.article_ids.isdisjoint(other.article_ids) and self.paths.isdisjoint(other.paths))

    def with_articles(self, other: ToldStory) -> ToldStory:
        """Return the story with the articles of another one too."""
        return ToldStory(self.article_ids | other.article_ids, self.paths | other.paths)


@dataclass(frozen=True, slots=True)
class Alert:
    """A story for a watch: what is quoted of it, and when it is to be told, or was."""

    watch_id: int
    article_id: str  # that is quoted
    story: ToldStory
    body: Mapping[str, Any]  # the citation as JSON
    due_at: float
    alert_id: int = 0  # once it is written down
    told_at: float | None = None
    part_id: int | None = None  # the message that tells it
    outlets_told: int = 0

    @property
    def outlets(self) -> int:
        """Return how many other outlets print what is quoted."""
        return len(self.body["outlets"])


# What was looked through.


def seen_articles(connection: Connection, teller: str) -> set[str] | None:
    """Return the ids of the articles that were looked through; None before it is known what was there at first."""
    own = set(connection.execute(select(SEEN.c.article_id).where(SEEN.c.teller == teller)).scalars())
    return own - {_BEGUN} if own else None


def note_seen(connection: Connection, teller: str, new: Iterable[str]) -> None:
    """Note which articles were looked through; one that goes and comes back is no news."""
    rows = [{"teller": teller, "article_id": article_id} for article_id in (_BEGUN, *new)]
    connection.execute(insert_new(connection, SEEN), rows)


# What was found.


def alerts_for(connection: Connection, watch_ids: Collection[int]) -> list[Alert]:
    """Return the alerts of some watches, the oldest first."""
    wanted = select(ALERTS).where(ALERTS.c.watch_id.in_(watch_ids)).order_by(ALERTS.c.alert_id)
    return [_alert(row) for row in connection.execute(wanted)]


def write_alerts(connection: Connection, alerts: Iterable[Alert]) -> None:
    """Write alerts down: new ones, and those whose story has more articles by now; of ended watches none."""
    alerts = list(alerts)
    named = {alert.watch_id for alert in alerts}
    alive = set(connection.execute(select(WATCHES.c.watch_id).where(WATCHES.c.watch_id.in_(named))).scalars())
    for alert in (one for one in alerts if one.watch_id in alive):
        story = {"articles": sorted(alert.story.article_ids), "paths": sorted(alert.story.paths)}
        grown = {"story": _json(story), "body": _json(alert.body), "outlets": alert.outlets}
        if alert.alert_id:
            connection.execute(update(ALERTS).where(ALERTS.c.alert_id == alert.alert_id).values(grown))
        else:
            own = {"watch_id": alert.watch_id, "article_id": alert.article_id, "due_at": alert.due_at}
            row = {**own, **grown, "found_at": now(), "outlets_told": 0}
            connection.execute(insert_new(connection, ALERTS).values(row))


def reschedule(connection: Connection, watch_id: int, due_at: float) -> None:
    """Let what waits for a watch be told at another time."""
    connection.execute(update(ALERTS).where(ALERTS.c.watch_id == watch_id, _UNTOLD).values(due_at=due_at))


# What is told.


def due_alerts(connection: Connection, teller: str) -> list[tuple[Watch, Alert]]:
    """Return what is to be told by now, with its watch, the oldest first."""
    return _with_watches(connection, teller, _UNTOLD & (ALERTS.c.due_at <= now()))


def told_alerts(connection: Connection, teller: str, chat_id: int) -> list[tuple[Watch, Alert]]:
    """Return what was told in a chat, with its watch."""
    return _with_watches(connection, teller, ALERTS.c.told_at.is_not(None) & (WATCHES.c.chat_id == chat_id))


def grown_alerts(connection: Connection, teller: str) -> list[tuple[int, list[tuple[Watch, Alert]]]]:
    """Return what is told in messages of whose stories more outlets print by now, each with its number in Telegram.

    That number counts in its chat alone: another chat may have a message of the same one. A message that is not sent
    yet waits; one that the outbox has forgotten stays as it is.
    """
    grown = select(PARTS.c.part_id, PARTS.c.message_id).join(ALERTS, ALERTS.c.part_id == PARTS.c.part_id)
    sent = grown.where(ALERTS.c.outlets > ALERTS.c.outlets_told, PARTS.c.state == "sent")
    numbers = {row.part_id: row.message_id for row in connection.execute(sent) if row.message_id}
    found: dict[int, list[tuple[Watch, Alert]]] = {part_id: [] for part_id in numbers}
    for watch, alert in _with_watches(connection, teller, ALERTS.c.part_id.in_(numbers)) if numbers else ():
        found[alert.part_id or 0].append((watch, alert))
    return [(numbers[part_id], told) for part_id, told in found.items() if told]


def times_told(connection: Connection, teller: str, chat_id: int) -> list[float]:
    """Return when messages were owed to a chat in the last day, the newest first."""
    recent = (ALERTS.c.told_at > now() - DAY) & ALERTS.c.part_id.is_not(None)
    own = (WATCHES.c.teller == teller) & (WATCHES.c.chat_id == chat_id)
    first = select(func.min(ALERTS.c.told_at)).join(WATCHES, WATCHES.c.watch_id == ALERTS.c.watch_id)
    return sorted(connection.execute(first.where(recent, own).group_by(ALERTS.c.part_id)).scalars(), reverse=True)


def mark_told(connection: Connection, alerts: Iterable[Alert], part_id: int | None) -> None:
    """Note by which message alerts are told; by none where nobody is to be told any more."""
    for alert in alerts:
        values = {"told_at": alert.told_at or now(), "part_id": part_id, "outlets_told": alert.outlets}
        connection.execute(update(ALERTS).where(ALERTS.c.alert_id == alert.alert_id).values(values))


def delay(connection: Connection, alerts: Iterable[Alert], due_at: float) -> None:
    """Let alerts wait until a time."""
    ids = [alert.alert_id for alert in alerts]
    connection.execute(update(ALERTS).where(ALERTS.c.alert_id.in_(ids)).values(due_at=due_at))


def erase_watches(connection: Connection, user_id: int) -> int:
    """End the watches of a person, with what was found for them and what is still owed; return how many there were."""
    own = select(WATCHES.c.watch_id).where(WATCHES.c.user_id == user_id)
    found = select(ALERTS.c.part_id).where(ALERTS.c.watch_id.in_(own), ALERTS.c.part_id.is_not(None))
    owed = list(connection.execute(select(PARTS.c.part_id).where(PARTS.c.part_id.in_(found), OPEN)).scalars())
    begun = list(connection.execute(select(PARTS.c.update_id).where(PARTS.c.part_id.in_(owed))).scalars())
    connection.execute(update(UPDATES).where(UPDATES.c.update_id.in_(begun)).values(state="done"))
    connection.execute(delete(PARTS).where(PARTS.c.part_id.in_(owed)))
    connection.execute(delete(ALERTS).where(ALERTS.c.watch_id.in_(own)))
    again = {"told_at": None, "part_id": None}  # in a group, a message may tell of somebody else's watch too
    connection.execute(update(ALERTS).where(ALERTS.c.part_id.in_(owed)).values(again))
    return connection.execute(delete(WATCHES).where(WATCHES.c.user_id == user_id)).rowcount


_UNTOLD = ALERTS.c.told_at.is_(None)


def _with_watches(connection: Connection, teller: str, which: ColumnElement[bool]) -> list[tuple[Watch, Alert]]:
    own = select(ALERTS).join(WATCHES, WATCHES.c.watch_id == ALERTS.c.watch_id).where(WATCHES.c.teller == teller)
    rows = connection.execute(own.where(which).order_by(ALERTS.c.alert_id)).all()
    if not rows:  # as at most looks, of which there is one a second
        return []
    watches = {watch.watch_id: watch for watch in watches_of(connection, teller)}
    return [(watches[row.watch_id], _alert(row)) for row in rows]


def _alert(row: Row[Any]) -> Alert:
    story = json.loads(row.story)
    return Alert(
        watch_id=row.watch_id,
        article_id=row.article_id,
        story=ToldStory(frozenset(story["articles"]), frozenset(story["paths"])),
        body=json.loads(row.body),
        due_at=row.due_at,
        alert_id=row.alert_id,
        told_at=row.told_at,
        part_id=row.part_id,
        outlets_told=row.outlets_told,
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
