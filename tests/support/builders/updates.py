"""Updates as they come in, and messages that are owed for them."""

from __future__ import annotations

from functools import partial

from bot.storage import inbox, outbox
from bot.storage.database import Database, now
from bot.storage.inbox import Incoming
from bot.storage.outbox import Destination, Draft

BOT = 123456
PLACE = Destination(5, None, 1)
DRAFTS = [Draft("one", [[{"text": "1", "callback_data": "1/source:1"}]]), Draft("two")]


def message(update_id: int, sent_at: float | None = None, received_at: float | None = None) -> Incoming:
    payload = {"update_id": update_id, "ع": "ع"}
    taken_at = received_at or now()
    return Incoming(update_id, "message", "chat:5", 5, 6, update_id, sent_at or now(), payload, taken_at=taken_at)


def taken(database: Database, *updates: Incoming, bot: int = BOT) -> list[int]:
    """Write updates down, and return Telegram's numbers of those that are new."""
    return [one.telegram_id for one in database.work(partial(inbox.record, bot_id=bot, incoming=updates))]


def unfinished(database: Database, bot: int = BOT) -> list[Incoming]:
    return database.work(partial(inbox.unfinished, bot_id=bot))


def owe(database: Database, update_id: int = 1) -> None:
    database.work(partial(inbox.record, bot_id=BOT, incoming=[message(update_id)]))
    assert database.work(partial(inbox.record_answer, update_id=update_id, outcome="answered"))
    database.work(partial(outbox.owe, update_id=update_id, place=PLACE, drafts=DRAFTS))
