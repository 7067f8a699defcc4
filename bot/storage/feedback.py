"""What people think of answers, and the questions that found none, for whoever runs the bot.

Each function is part of a transaction.
"""

from __future__ import annotations

import json

from sqlalchemy import ColumnElement, Connection, insert, select, update

from bot.rendering.judgements import Judgement, Reason, Verdict
from bot.storage.database import ANSWERS, FEEDBACK, now

LONGEST_REMARK = 1000  # code points kept of what somebody adds

# In JSON the quotes of a text are escaped: only the key itself can read so. Of several questions in one message, all.
IS_DECLINED: ColumnElement[bool] = ANSWERS.c.body.like('%"found": false%') & ~ANSWERS.c.body.like('%"found": true%')


def rate(connection: Connection, answer_id: int, user_id: int, verdict: Verdict) -> bool:
    """Keep what a person thinks of an answer, in the place of what they thought before; return whether that is new."""
    own = (FEEDBACK.c.answer_id == answer_id) & (FEEDBACK.c.user_id == user_id)
    before = connection.execute(select(FEEDBACK.c.verdict).where(own)).scalar_one_or_none()
    if before == verdict:
        return False
    values = {"verdict": verdict, "given_at": now(), "reason": None, "words": None}
    if before is None:
        connection.execute(insert(FEEDBACK).values(answer_id=answer_id, user_id=user_id, **values))
    else:
        connection.execute(update(FEEDBACK).where(own).values(values))
    return True


def give_reason(
    connection: Connection, answer_id: int, user_id: int, reason: Reason | None = None, words: str | None = None
) -> None:
    """Keep why an answer is bad, by a kind or in a person's own words; what is not given stays as it was."""
    rate(connection, answer_id, user_id, "bad")
    own = (FEEDBACK.c.answer_id == answer_id) & (FEEDBACK.c.user_id == user_id)
    given = {"reason": reason, "words": words[:LONGEST_REMARK] if words else None}
    connection.execute(update(FEEDBACK).where(own).values({name: one for name, one in given.items() if one}))


def ratings(connection: Connection, limit: int) -> list[Judgement]:
    """Return what people think of answers, the newest first."""
    joined = select(FEEDBACK, ANSWERS.c.body).join(ANSWERS, ANSWERS.c.answer_id == FEEDBACK.c.answer_id)
    newest = joined.order_by(FEEDBACK.c.given_at.desc(), FEEDBACK.c.feedback_id.desc()).limit(limit)
    return [
        Judgement(row.given_at, *_asked(row.body), row.verdict, row.reason, row.words)
        for row in connection.execute(newest)
    ]


def unanswered_questions(connection: Connection, limit: int) -> list[Judgement]:
    """Return the questions that found no answer, the newest first."""
    declined = select(ANSWERS.c.made_at, ANSWERS.c.body).where(IS_DECLINED)
    newest = declined.order_by(ANSWERS.c.answer_id.desc()).limit(limit)
    return [Judgement(row.made_at, *_asked(row.body)) for row in connection.execute(newest)]


def _asked(body: str) -> tuple[str, tuple[str, ...]]:
    """Return the question of a stored answer, and what it quotes."""
    held = json.loads(body)
    quoted = dict.fromkeys(one["title"] or one["path"] for one in held.get("citations", ()))
    return held.get("question", ""), tuple(quoted)
