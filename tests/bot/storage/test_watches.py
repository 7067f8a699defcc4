from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bot.storage.conversations import move_chat
from bot.storage.database import Database
from bot.storage.erasure import erase_person
from bot.storage.outbox import Destination
from bot.storage.watches import (
    Watch,
    add_watch,
    count_watches,
    end_watch,
    set_at_night,
    set_hour,
    watch_behind,
    watches_in,
    watches_of,
)

TELLER = "bot:123456"


def added(database: Database, text: str, chat: int = 5, user: int = 5, thread: int | None = None) -> Watch:
    place = Destination(chat, thread)
    return database.work(
        partial(add_watch, teller=TELLER, place=place, user_id=user, text=text, language="ar"),
    )


def held(database: Database, chat: int = 5, teller: str = TELLER) -> list[tuple[int, str]]:
    return [(one.number, one.text) for one in database.work(partial(watches_in, teller=teller, chat_id=chat))]


def test_watches_of_a_chat_are_numbered_and_each_is_there_once(database: Database) -> None:
    first = added(database, "شويغو")
    assert (first.number, first.place, first.hour, first.at_night) == (1, Destination(5), None, False)
    assert added(database, "Lavrov").number == 2
    assert added(database, "LAVROV").watch_id != first.watch_id
    assert added(database, "شويغو") == first
    assert added(database, "شويغو", chat=-9).number == 1
    assert held(database) == [(1, "شويغو"), (2, "Lavrov")]
    assert added(database, "شويغو", chat=-9, thread=4).number == 2


def test_the_same_words_of_two_people_in_a_group_are_two_watches(database: Database) -> None:
    first, second = (added(database, "شويغو", chat=-9, user=user) for user in (5, 6))
    assert [(one.user_id, one.number) for one in (first, second)] == [(5, 1), (6, 2)]
    assert added(database, "شويغو", chat=-9, user=6) == second


def test_watches_that_are_set_at_the_same_time_have_numbers_of_their_own(database: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        numbers = [one.number for one in threads.map(partial(added, database), map(str, range(40)))]
    assert sorted(numbers) == list(range(1, 41))


def test_a_number_is_not_passed_on_to_the_next_watch(database: Database) -> None:
    """/unwatch 1, sent twice, ends one watch."""
    first, second = added(database, "أول"), added(database, "ثان")
    database.work(partial(end_watch, watch_id=first.watch_id))
    assert held(database) == [(2, "ثان")]
    assert database.work(partial(watch_behind, watch_id=first.watch_id)) is None
    third = added(database, "ثالث")
    assert (third.number, second.number) == (3, 2)


def test_when_a_watch_is_told_can_be_changed(database: Database) -> None:
    own = added(database, "شويغو")
    database.work(partial(set_hour, watch_id=own.watch_id, hour=8))
    database.work(partial(set_at_night, watch_id=own.watch_id, at_night=True))
    changed = database.work(partial(watch_behind, watch_id=own.watch_id))
    assert changed is not None
    assert (changed.hour, changed.at_night) == (8, True)


def test_tellers_do_not_share_watches(database: Database) -> None:
    added(database, "شويغو")
    assert held(database, teller="bot:9") == []
    assert database.work(partial(watches_of, teller="bot:9")) == []
    assert [one.text for one in database.work(partial(watches_of, teller=TELLER))] == ["شويغو"]


def test_a_group_that_moves_takes_its_watches_along(database: Database) -> None:
    added(database, "أول", chat=-100)
    added(database, "ثان", chat=-9)
    database.work(partial(move_chat, old=-9, new=-100))
    assert held(database, chat=-100) == [(1, "أول"), (2, "ثان")]


def test_forget_ends_the_watches_of_a_person_in_all_chats_and_nobody_elses(database: Database) -> None:
    added(database, "شويغو")
    added(database, "لافروف", chat=-9)
    added(database, "إدلب", chat=-9, user=6)
    assert database.work(partial(count_watches, teller=TELLER, user_id=5)) == 2
    assert database.work(partial(erase_person, user_id=5, but=0)).watches == 2
    assert held(database) == []
    assert held(database, chat=-9) == [(2, "إدلب")]
