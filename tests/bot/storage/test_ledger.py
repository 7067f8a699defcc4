from __future__ import annotations

from functools import partial

import pytest

from bot.storage import inbox, outbox, retention
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


def test_update_is_new_once(database: Database) -> None:
    assert taken(database, message(1), message(2)) == [1, 2]
    assert taken(database, message(2), message(3)) == [3]


def test_update_of_another_bot_is_another(database: Database) -> None:
    taken(database, message(1))
    database.work(partial(inbox.finish, update_id=unfinished(database)[0].update_id))
    assert taken(database, message(1), bot=77) == [1]
    assert unfinished(database) == []
    assert [one.telegram_id for one in unfinished(database, 77)] == [1]
    assert taken(database, message(1), bot=77) == []


@pytest.mark.parametrize("is_done", [True, False])
@pytest.mark.parametrize(("age", "again"), [(47 * 3600, []), (49 * 3600, [1])])
def test_number_that_telegram_begins_anew_with_is_another_update(
    database: Database, age: float, again: list[int], is_done: bool
) -> None:
    taken(database, message(1, received_at=now() - age))
    (old,) = unfinished(database)
    if is_done:
        database.work(partial(inbox.finish, update_id=old.update_id))
    assert taken(database, message(1)) == again
    assert len({one.update_id for one in [*unfinished(database), old]}) == 1 + len(again)  # what waited still waits
    assert taken(database, message(1)) == []


def test_message_that_was_sent_long_ago_is_repeated_as_others_are(database: Database) -> None:
    """As it seems where the clock of this machine is days ahead of Telegram's."""
    taken(database, message(1, sent_at=now() - 9 * 86_400))
    database.work(partial(inbox.finish, update_id=unfinished(database)[0].update_id))
    database.work(retention.delete_settled)
    assert taken(database, message(1)) == []


def test_own_number_never_comes_back(database: Database) -> None:
    taken(database, message(1, received_at=now() - 49 * 3600), message(2, received_at=now() - 49 * 3600))
    old = {one.update_id for one in unfinished(database)}
    for number in old:
        database.work(partial(inbox.finish, update_id=number))
    database.work(retention.delete_settled)
    taken(database, message(3))
    assert max(old) < unfinished(database)[0].update_id


def test_unfinished_updates_come_back_as_they_were(database: Database) -> None:
    updates = [message(2, 7.5), message(1, 8.5)]  # Telegram has begun its numbers anew between them
    taken(database, *updates)
    assert unfinished(database) == updates


def test_update_is_answered_once(database: Database) -> None:
    owe(database)
    assert not database.work(partial(inbox.record_answer, update_id=1, outcome="apologised"))
    assert [one.is_answered for one in unfinished(database)] == [True]


def test_messages_are_owed_in_order_until_each_is_sent(database: Database) -> None:
    owe(database)
    first, second = database.work(partial(outbox.owed, update_id=1))
    assert (first.html, first.place, first.keyboard) == ("one", PLACE, DRAFTS[0].keyboard)
    assert (second.html, second.place, second.keyboard) == ("two", Destination(5), ())
    database.work(partial(outbox.mark, part_id=first.part_id, state="sent", message_id=9))
    assert database.work(partial(outbox.owed, update_id=1)) == [second]


def test_message_on_its_way_is_owed_as_it_was(database: Database) -> None:
    owe(database)
    before = database.work(partial(outbox.owed, update_id=1))
    database.work(partial(outbox.mark, part_id=before[0].part_id, state="sending"))
    assert database.work(partial(outbox.owed, update_id=1)) == before
    assert database.work(partial(outbox.owed_message, part_id=before[0].part_id)) == before[0]


def test_chat_waits_longest_for_what_came_to_be_owed_first(database: Database) -> None:
    taken(database, message(1), message(2))
    owe(database, 2)
    owe(database, 1)  # an earlier update, answered later
    owed = [part.part_id for update_id in (2, 1) for part in database.work(partial(outbox.owed, update_id=update_id))]
    assert owed == sorted(owed)
    for part_id, later in zip(owed, [*owed[1:], None], strict=True):
        assert database.work(partial(outbox.oldest_owed, chat_id=5)) == part_id
        assert database.work(partial(outbox.oldest_owed, chat_id=5, but={part_id})) == later
        database.work(partial(outbox.mark, part_id=part_id, state="sent"))
    assert database.work(partial(outbox.oldest_owed, chat_id=5)) is None


def test_preview_is_replaced_by_the_first_message(database: Database) -> None:
    database.work(partial(inbox.record, bot_id=BOT, incoming=[message(1)]))
    database.work(partial(inbox.keep_preview, update_id=1, message_id=7))
    database.work(partial(outbox.owe, update_id=1, place=PLACE, drafts=DRAFTS))
    assert [part.replaces for part in database.work(partial(outbox.owed, update_id=1))] == [7, None]


def test_chat_that_is_gone_is_owed_nothing(database: Database) -> None:
    owe(database)
    database.work(partial(outbox.drop_chat, chat_id=5))
    assert database.work(partial(outbox.owed, update_id=1)) == []


def test_chat_that_moved_is_owed_where_it_went(database: Database) -> None:
    owe(database)
    database.work(partial(outbox.move_owed, old=5, new=-100_000_000_005))
    places = {part.place for part in database.work(partial(outbox.owed, update_id=1))}
    assert places == {Destination(-100_000_000_005)}


def test_message_of_a_chat_that_moved_is_not_edited_where_another_has_its_number(database: Database) -> None:
    database.work(partial(inbox.record, incoming=[message(1)]))
    database.work(partial(inbox.keep_preview, update_id=1, message_id=7))
    database.work(partial(outbox.owe, update_id=1, place=PLACE, drafts=DRAFTS))
    database.work(partial(outbox.move_owed, old=5, new=-100_000_000_005))
    assert [part.replaces for part in database.work(partial(outbox.owed, update_id=1))] == [None, None]
    assert database.work(partial(inbox.preview_of, update_id=1)) is None


@pytest.mark.parametrize(("age", "new"), [(47 * 3600, []), (49 * 3600, [1])])
def test_what_is_done_is_remembered_as_long_as_telegram_may_repeat_it(
    database: Database, age: float, new: list[int]
) -> None:
    taken(database, message(1, received_at=now() - age))
    database.work(partial(inbox.finish, update_id=1))
    assert unfinished(database) == []
    database.work(retention.delete_settled)
    assert taken(database, message(1)) == new
