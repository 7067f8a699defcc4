"""Who may use a bot, as its admins have decided while it runs; it stands beside the lists of the settings.

Each function is part of a transaction.
"""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection, insert, select, update

from bot.storage.database import ACCESS, insert_new, now

Access = Literal["asked", "approved", "denied", "revoked"]
Decision = Literal["approved", "denied", "revoked"]


def access_of(connection: Connection, bot_id: int, user_id: int) -> Access | None:
    """Return what was decided of a person, or that they asked; None where neither is known."""
    wanted = select(ACCESS.c.state).where(ACCESS.c.bot_id == bot_id, ACCESS.c.user_id == user_id)
    found: Access | None = connection.execute(wanted).scalar_one_or_none()
    return found


def ask_for_access(connection: Connection, bot_id: int, user_id: int) -> bool:
    """Note that a person asks to be let in; return False where they did before, or it was decided."""
    row = {"bot_id": bot_id, "user_id": user_id, "state": "asked", "at": now()}
    return bool(connection.execute(insert_new(connection, ACCESS).values(row).returning(ACCESS.c.user_id)).first())


def decide_access(connection: Connection, bot_id: int, user_id: int, decision: Decision) -> None:
    """Keep what an admin decides of a person, in the place of what was before."""
    own = (ACCESS.c.bot_id == bot_id) & (ACCESS.c.user_id == user_id)
    values = {"state": decision, "at": now()}
    if not connection.execute(update(ACCESS).where(own).values(values)).rowcount:
        connection.execute(insert(ACCESS).values(bot_id=bot_id, user_id=user_id, **values))


def approved_people(connection: Connection, bot_id: int) -> list[int]:
    """Return the numbers of the people whom admins have let in, the last first."""
    approved = (ACCESS.c.bot_id == bot_id) & (ACCESS.c.state == "approved")
    return list(connection.execute(select(ACCESS.c.user_id).where(approved).order_by(ACCESS.c.at.desc())).scalars())
