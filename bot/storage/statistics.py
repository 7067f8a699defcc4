"""The statistics of the conversations, for whoever runs the bot."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, distinct, func, select

from bot.storage.conversations import DAY
from bot.storage.database import ANSWERS, FEEDBACK, UPDATES, now
from bot.storage.feedback import IS_DECLINED


@dataclass(frozen=True, slots=True)
class Statistics:
    """Questions of the last 24 hours, ratings of all that is kept, and updates that are not settled yet."""

    questions: int
    people: int
    declined: int
    good: int
    bad: int
    wrong_source: int
    waiting: int


def count_statistics(connection: Connection) -> Statistics:
    """Count."""
    recent = ANSWERS.c.made_at > now() - DAY
    asked = select(func.count(), func.count(distinct(ANSWERS.c.user_id))).where(recent)
    questions, people = connection.execute(asked).one()
    declined = select(func.count()).where(recent, IS_DECLINED)
    rated = select(FEEDBACK.c.verdict, func.count().label("times")).group_by(FEEDBACK.c.verdict)
    verdicts: dict[str, int] = {row.verdict: row.times for row in connection.execute(rated)}
    waiting = select(func.count()).select_from(UPDATES).where(UPDATES.c.state != "done")
    return Statistics(
        questions=questions,
        people=people,
        declined=connection.execute(declined).scalar_one(),
        good=verdicts.get("good", 0),
        bad=verdicts.get("bad", 0),
        wrong_source=verdicts.get("wrong_source", 0),
        waiting=connection.execute(waiting).scalar_one(),
    )
