from __future__ import annotations

from functools import partial

import pytest

from bot import ledger
from bot.database import Database, now
from bot.ledger import Draft, Incoming, Place

PLACE = Place(5, None, 1)
DRAFTS = [Draft("one", [[{"text": "1", "callback_data": "1/source:1"}]]), Draft("two")]


def message(update_id: int, sent_at: float | None = None) -> Incoming:
    return Incoming(
        update_id, "message", "chat:5", 5, 6, update_id, sent_at or now(), {"update_id": update_id, "ع": "ع"}
    )


def owe(database: Database, update_id: int = 1) -> None:
    database.work(partial(ledger.record, incoming=[message(update_id)]))
    assert database.work(partial(ledger.answer, update_id=update_id, outcome="answered"))
    database.work(partial(ledger.owe, update_id=update_id, place=PLACE, drafts=DRAFTS))


def test_update_is_new_once(database: Database) -> None:
    assert len(database.work(partial(ledger.record, incoming=[message(1), message(2)]))) == 2
    first = database.work(partial(ledger.record, incoming=[message(2), message(3)]))
    assert [one.update_id for one in first] == [3]


def test_unfinished_updates_come_back_as_they_were(database: Database) -> None:
    updates = [message(2, 7.5), message(1, 8.5)]
    database.work(partial(ledger.record, incoming=updates))
    assert database.work(ledger.unfinished) == [updates[1], updates[0]]


def test_update_is_answered_once(database: Database) -> None:
    owe(database)
    assert not database.work(partial(ledger.answer, update_id=1, outcome="apologised"))
    assert [one.is_answered for one in database.work(ledger.unfinished)] == [True]


def test_messages_are_owed_in_order_until_each_is_sent(database: Database) -> None:
    owe(database)
    first, second = database.work(partial(ledger.owed, update_id=1))
    assert (first.html, first.place, first.keyboard) == ("one", PLACE, DRAFTS[0].keyboard)
    assert (second.html, second.place, second.keyboard) == ("two", Place(5), ())
    database.work(partial(ledger.mark, part_id=first.part_id, state="sent", message_id=9))
    assert database.work(partial(ledger.owed, update_id=1)) == [second]


def test_message_on_its_way_is_owed_under_the_number_it_should_get(database: Database) -> None:
    owe(database)
    part = database.work(partial(ledger.owed, update_id=1))[0]
    database.work(partial(ledger.begin_sending, part=part))
    database.work(partial(ledger.record, incoming=[message(4)]))  # somebody writes meanwhile
    found = database.work(partial(ledger.owed, update_id=1))[0]
    assert found.expected == 2
    assert database.work(partial(ledger.expected_number, part=found)) == 2


def test_number_that_somebody_else_s_message_has_is_not_expected(database: Database) -> None:
    owe(database)
    part = database.work(partial(ledger.owed, update_id=1))[0]
    database.work(partial(ledger.begin_sending, part=part))
    database.work(partial(ledger.record, incoming=[message(2)]))
    assert database.work(partial(ledger.expected_number, part=part)) is None


def test_preview_is_replaced_by_the_first_message(database: Database) -> None:
    database.work(partial(ledger.record, incoming=[message(1)]))
    database.work(partial(ledger.keep_preview, update_id=1, message_id=7))
    database.work(partial(ledger.owe, update_id=1, place=PLACE, drafts=DRAFTS))
    assert [part.replaces for part in database.work(partial(ledger.owed, update_id=1))] == [7, None]


def test_chat_that_is_gone_is_owed_nothing(database: Database) -> None:
    owe(database)
    database.work(partial(ledger.drop_chat, chat_id=5))
    assert database.work(partial(ledger.owed, update_id=1)) == []


def test_chat_that_moved_is_owed_where_it_went(database: Database) -> None:
    owe(database)
    database.work(partial(ledger.move_chat, old=5, new=-100_000_000_005))
    places = {part.place.chat_id for part in database.work(partial(ledger.owed, update_id=1))}
    assert places == {-100_000_000_005}


@pytest.mark.parametrize(("age", "new"), [(47 * 3600, []), (49 * 3600, [1])])
def test_what_is_done_is_remembered_as_long_as_telegram_may_repeat_it(
    database: Database, age: float, new: list[int]
) -> None:
    database.work(partial(ledger.record, incoming=[message(1, now() - age)]))
    database.work(partial(ledger.finish, update_id=1))
    assert database.work(ledger.unfinished) == []
    database.work(ledger.prune)
    again = database.work(partial(ledger.record, incoming=[message(1)]))
    assert [one.update_id for one in again] == new
