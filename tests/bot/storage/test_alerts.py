from __future__ import annotations

from functools import partial
from typing import Any

from bot.storage import outbox
from bot.storage.alerts import (
    Alert,
    ToldStory,
    alerts_for,
    delay,
    due_alerts,
    grown_alerts,
    mark_told,
    note_seen,
    reschedule,
    seen_articles,
    times_told,
    told_alerts,
    write_alerts,
)
from bot.storage.conversations import DAY
from bot.storage.database import Database, now
from bot.storage.erasure import erase_person
from bot.storage.inbox import finish, open_own, unfinished
from bot.storage.outbox import Destination, Draft
from bot.storage.retention import delete_old
from bot.storage.watches import add_watch, end_watch

TELLER = "bot:123456"
BOT = 123456


def watched(database: Database, chat: int = 5, user: int = 5, text: str = "شويغو") -> int:
    place = Destination(chat)
    add = partial(add_watch, teller=TELLER, place=place, user_id=user, text=text, language="ar")
    return database.work(add).watch_id


def alert(watch_id: int, article: str = "a", path: str = "", **more: Any) -> Alert:
    story = ToldStory(frozenset([article]), frozenset([path or f"{article}.txt"]))
    return Alert(
        **{"watch_id": watch_id, "article_id": article, "story": story, "body": body(), "due_at": now(), **more}
    )


def body(*outlets: str) -> dict[str, Any]:
    return {"outlets": list(outlets)}


def written(database: Database, *alerts: Alert) -> None:
    database.work(partial(write_alerts, alerts=alerts))


def due(database: Database) -> list[str]:
    return [one.article_id for _, one in database.work(partial(due_alerts, teller=TELLER))]


def told(database: Database, article: str) -> int:
    """Owe a message for an alert, and return the message's number here."""
    ((watch, own),) = [one for one in database.work(partial(due_alerts, teller=TELLER)) if one[1].article_id == article]
    opened = database.work(
        partial(open_own, bot_id=BOT, kind="alert", chat_id=watch.place.chat_id, user_id=watch.user_id)
    )
    (part,) = database.work(
        partial(outbox.owe, update_id=opened.update_id, place=watch.place, drafts=[Draft("<b>told</b>")])
    )
    database.work(partial(mark_told, alerts=[own], part_id=part))
    return part


def test_articles_are_looked_through_once_and_nothing_is_known_at_first(database: Database) -> None:
    assert database.work(partial(seen_articles, teller=TELLER)) is None
    database.work(partial(note_seen, teller=TELLER, new=[]))
    assert database.work(partial(seen_articles, teller=TELLER)) == set()
    database.work(partial(note_seen, teller=TELLER, new=["a", "b"]))
    database.work(partial(note_seen, teller=TELLER, new=["b", "c"]))
    assert database.work(partial(seen_articles, teller=TELLER)) == {"a", "b", "c"}
    assert database.work(partial(seen_articles, teller="terminal:x")) is None


def test_what_is_found_is_due_in_its_time_and_told_once(database: Database) -> None:
    own = watched(database)
    written(database, alert(own, "a"), alert(own, "b", due_at=now() + 60))
    written(database, alert(own, "a"))  # found again, as nobody noted that it was looked through
    assert due(database) == ["a"]
    told(database, "a")
    assert due(database) == []
    database.work(partial(reschedule, watch_id=own, due_at=now()))
    assert due(database) == ["b"]
    ((_, known),) = database.work(partial(due_alerts, teller=TELLER))
    database.work(partial(delay, alerts=[known], due_at=now() + 60))
    assert due(database) == []
    assert [one.article_id for _, one in database.work(partial(told_alerts, teller=TELLER, chat_id=5))] == ["a"]


def test_what_the_bot_begins_by_itself_is_taken_up_again_until_it_is_done(database: Database) -> None:
    own = watched(database)
    written(database, alert(own))
    told(database, "a")
    (left,) = database.work(partial(unfinished, bot_id=BOT))
    assert left.is_answered
    assert (left.chat_id, left.user_id, left.kind) == (5, 5, "alert")
    assert [one.html for one in database.work(partial(outbox.owed, update_id=left.update_id))] == ["<b>told</b>"]
    database.work(partial(finish, update_id=left.update_id))
    assert database.work(partial(unfinished, bot_id=BOT)) == []


def test_a_message_is_changed_once_it_is_sent_and_more_outlets_print_its_story(database: Database) -> None:
    own = watched(database)
    written(database, alert(own))
    part = told(database, "a")
    (known,) = database.work(partial(alerts_for, watch_ids=[own]))
    story = known.story.with_articles(ToldStory(frozenset(["b"]), frozenset(["b.txt"])))
    grown = alert(own, alert_id=known.alert_id, story=story, body=body("Reuters"))
    written(database, grown)
    assert database.work(partial(grown_alerts, teller=TELLER)) == []  # it is not sent yet
    database.work(partial(outbox.mark, part_id=part, state="sent", message_id=77))
    ((number, ((_, shown),)),) = database.work(partial(grown_alerts, teller=TELLER))
    assert (number, shown.outlets, shown.story) == (77, 1, story)
    database.work(partial(mark_told, alerts=[shown], part_id=part))
    assert database.work(partial(grown_alerts, teller=TELLER)) == []


def test_messages_of_one_number_in_two_chats_are_two(database: Database) -> None:
    parts = {}
    for chat, article in ((5, "a"), (6, "b")):
        own = watched(database, chat=chat)
        written(database, alert(own, article))
        parts[chat] = told(database, article)
        database.work(partial(outbox.mark, part_id=parts[chat], state="sent", message_id=77))
        (known,) = database.work(partial(alerts_for, watch_ids=[own]))
        written(database, alert(own, article, alert_id=known.alert_id, body=body("Reuters")))
    grown = database.work(partial(grown_alerts, teller=TELLER))
    shown = [(number, [(watch.place.chat_id, one.part_id) for watch, one in told]) for number, told in grown]
    assert shown == [(77, [(5, parts[5])]), (77, [(6, parts[6])])]


def test_messages_of_a_chat_are_counted_and_not_their_stories(database: Database) -> None:
    own = watched(database)
    written(database, alert(own, "a"), alert(own, "b"))
    part = told(database, "a")
    (_, second) = database.work(partial(alerts_for, watch_ids=[own]))
    database.work(partial(mark_told, alerts=[second], part_id=part))
    assert len(database.work(partial(times_told, teller=TELLER, chat_id=5))) == 1
    assert database.work(partial(times_told, teller=TELLER, chat_id=6)) == []


def test_what_was_found_goes_with_its_watch(database: Database) -> None:
    own = watched(database)
    written(database, alert(own))
    database.work(partial(end_watch, watch_id=own))
    written(database, alert(own, "b"))  # found while somebody ended it
    assert due(database) == []
    assert database.work(partial(alerts_for, watch_ids=[own])) == []


def test_forget_takes_back_what_is_owed_and_leaves_what_others_wait_for(database: Database) -> None:
    mine, other = watched(database, chat=-9), watched(database, chat=-9, user=6, text="Shoigu")
    written(database, alert(mine), alert(other, "b"))
    part = told(database, "a")
    ((_, second),) = database.work(partial(due_alerts, teller=TELLER))
    database.work(partial(mark_told, alerts=[second], part_id=part))  # one message for both
    assert due(database) == []
    database.work(partial(erase_person, user_id=5, but=0))
    assert due(database) == ["b"]
    assert database.work(partial(unfinished, bot_id=BOT)) == []
    assert database.work(partial(outbox.oldest_owed, chat_id=-9)) is None


def test_what_was_told_long_ago_is_deleted_and_what_waits_is_not(database: Database) -> None:
    own = watched(database)
    written(database, alert(own, "a"), alert(own, "b"), alert(own, "c", due_at=now() + 60))
    for article, at in (("a", now() - 91 * DAY), ("b", now() - 89 * DAY)):
        ((_, one),) = [one for one in database.work(partial(due_alerts, teller=TELLER)) if one[1].article_id == article]
        database.work(partial(mark_told, alerts=[alert(own, article, alert_id=one.alert_id, told_at=at)], part_id=None))
    database.work(partial(delete_old, days=90))
    assert [one.article_id for one in database.work(partial(alerts_for, watch_ids=[own]))] == ["b", "c"]


def test_stories_are_the_same_by_an_article_or_by_a_file() -> None:
    story = ToldStory(frozenset("ab"), frozenset(["a.txt", "b.txt"]))
    assert story.is_same(ToldStory(frozenset("b"), frozenset(["z.txt"])))
    assert story.is_same(ToldStory(frozenset("c"), frozenset(["a.txt"])))  # corrected
    assert not story.is_same(ToldStory(frozenset("c"), frozenset(["c.txt"])))
