from __future__ import annotations

from functools import partial

import pytest
from support.builders.updates import message, owe, taken, unfinished

from bot.storage import inbox, retention
from bot.storage.database import Database, now


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


@pytest.mark.parametrize(("age", "new"), [(47 * 3600, []), (49 * 3600, [1])])
def test_what_is_done_is_remembered_as_long_as_telegram_may_repeat_it(
    database: Database, age: float, new: list[int]
) -> None:
    taken(database, message(1, received_at=now() - age))
    database.work(partial(inbox.finish, update_id=1))
    assert unfinished(database) == []
    database.work(retention.delete_settled)
    assert taken(database, message(1)) == new
