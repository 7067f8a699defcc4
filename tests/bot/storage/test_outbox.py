from __future__ import annotations

from functools import partial

from support.builders.updates import BOT, DRAFTS, PLACE, message, owe, taken

from bot.storage import inbox, outbox
from bot.storage.database import Database
from bot.storage.outbox import Destination, Draft


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
    database.work(partial(inbox.record, bot_id=BOT, incoming=[message(1)]))
    database.work(partial(inbox.keep_preview, update_id=1, message_id=7))
    database.work(partial(outbox.owe, update_id=1, place=PLACE, drafts=DRAFTS))
    database.work(partial(outbox.move_owed, old=5, new=-100_000_000_005))
    assert [part.replaces for part in database.work(partial(outbox.owed, update_id=1))] == [None, None]
    assert database.work(partial(inbox.preview_of, update_id=1)) is None


def test_message_that_was_sent_before_a_chat_moved_has_no_number_there(database: Database) -> None:
    owe(database)
    for part in database.work(partial(outbox.owed, update_id=1)):
        database.work(partial(outbox.mark, part_id=part.part_id, state="sent", message_id=part.part_id + 70))
    placed = partial(outbox.in_place_of, updates=[1], drafts=[Draft("new")])
    assert [one.replaces is not None for one in database.work(partial(placed, chat_id=5))] == [True, True]
    database.work(partial(outbox.move_owed, old=5, new=-100_000_000_005))
    assert database.work(partial(placed, chat_id=-100_000_000_005)) == [Draft("new")]
