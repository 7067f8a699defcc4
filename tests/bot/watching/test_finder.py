from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from support.builders.visit import VISIT

from bot.storage.alerts import Alert, alerts_for, due_alerts, seen_articles
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.watches import add_watch
from bot.watching.finder import WatchFinder
from bot.watching.stories import merged_by_story
from bot.watching.timing import TellingHours
from retrieval.index.index import Index

TELLER = "bot:123456"
ALWAYS = TellingHours(None, None)
Put = Callable[[str, str], None]


@pytest.fixture
def database() -> Iterator[Database]:
    with closing(Database("sqlite:///conversations.db")) as opened:
        yield opened


@pytest.fixture
def put(articles: Path, index: Index) -> Put:
    """Return what lets an article come into the folder and the index."""

    def come(name: str, text: str) -> None:
        (articles / name).write_text(text, encoding="utf-8")
        index.refresh(articles)

    return come


def watched(database: Database, text: str) -> int:
    add = partial(add_watch, teller=TELLER, place=Destination(5), user_id=5, text=text, language="ar")
    return database.work(add).watch_id


def found(database: Database, watch_id: int) -> list[Alert]:
    return database.work(partial(alerts_for, watch_ids=[watch_id]))


def finder(index: Index, database: Database) -> WatchFinder:
    return WatchFinder(index, database, TELLER, ALWAYS)


def test_what_was_there_at_first_is_no_news(index: Index, database: Database, put: Put) -> None:
    own = watched(database, "Lavrov")
    looking = finder(index, database)
    assert looking.look() == 0
    assert found(database, own) == []
    put("new.txt", "قال لافروف في موسكو مساء أمس إن المحادثات تتقدم.\n")
    assert looking.look() == 1
    assert [one.body["path"] for one in found(database, own)] == ["new.txt"]
    assert looking.look() == 0


def test_what_came_while_nobody_looked_is_found_at_the_next_start(index: Index, database: Database, put: Put) -> None:
    own = watched(database, "Lavrov")
    finder(index, database).look()
    put("new.txt", "قال لافروف في موسكو مساء أمس إن المحادثات تتقدم.\n")
    assert finder(index, database).look() == 1
    assert finder(index, database).look() == 0
    assert len(found(database, own)) == 1


class KilledError(Exception):
    """The process is no more."""


class Mortal(Database):
    """A database whose process dies in the transaction that writes down what was found."""

    def work(self, task: Callable[[Connection], Any], *, durable: bool = False) -> Any:
        if getattr(task, "__name__", "") != "work":
            return super().work(task, durable=durable)

        def undone(connection: Connection) -> None:
            task(connection)
            raise KilledError

        return super().work(undone)


def test_a_process_that_dies_before_it_noted_what_it_found_finds_it_again(
    index: Index, database: Database, put: Put
) -> None:
    own = watched(database, "Lavrov")
    finder(index, database).look()
    put("new.txt", "قال لافروف في موسكو مساء أمس إن المحادثات تتقدم.\n")
    with closing(Mortal("sqlite:///conversations.db")) as mortal, pytest.raises(KilledError):
        finder(index, mortal).look()
    assert found(database, own) == []
    assert finder(index, database).look() == 1
    assert len(found(database, own)) == 1


def test_a_story_is_one_alert_whose_outlets_grow(index: Index, database: Database, put: Put) -> None:
    own = watched(database, "Shoigu")
    looking = finder(index, database)
    looking.look()
    put("b.txt", VISIT.format(source="المرفأ"))
    looking.look()
    put("c.txt", VISIT.format(source="رويترز"))
    put("d.txt", VISIT.format(source="الشرق"))
    looking.look()
    (alert,) = found(database, own)
    assert (alert.body["path"], alert.body["outlets"]) == ("b.txt", ["رويترز", "الشرق"])
    assert alert.story.paths == {"b.txt", "c.txt", "d.txt"}


def test_an_article_that_was_told_is_no_news_when_it_is_corrected(index: Index, database: Database, put: Put) -> None:
    own = watched(database, "Shoigu")
    looking = finder(index, database)
    looking.look()
    put("b.txt", VISIT.format(source="المرفأ"))
    looking.look()
    put("b.txt", "شويغو في دمشق\n\nزار سيرغي شويغو دمشق ثم غادرها بعد ساعتين، وفق بيان جديد كل الجدة لوزارته.\n")
    assert looking.look() == 1
    assert [one.body["path"] for one in found(database, own)] == ["b.txt"]


def test_an_article_that_was_not_told_is_read_anew_when_it_changes(index: Index, database: Database, put: Put) -> None:
    put("b.txt", "زيارة إلى دمشق\n\nزار وزير الدفاع الروسي دمشق ثم غادرها بعد ساعتين، وفق بيان جديد لوزارته.\n")
    own = watched(database, "Shoigu")
    looking = finder(index, database)
    looking.look()
    assert found(database, own) == []
    put("b.txt", VISIT.format(source="المرفأ"))
    assert looking.look() == 1
    assert [one.body["path"] for one in found(database, own)] == ["b.txt"]


def test_an_article_that_goes_and_comes_back_is_no_news(
    articles: Path, index: Index, database: Database, put: Put
) -> None:
    looking = finder(index, database)
    looking.look()
    own = watched(database, "Lavrov")
    text = (articles / "talks" / "sochi.txt").read_text(encoding="utf-8")
    (articles / "talks" / "sochi.txt").unlink()
    index.refresh(articles)
    looking.look()
    put("talks/sochi.txt", text)
    assert looking.look() == 0
    assert found(database, own) == []


def test_nothing_is_taken_for_gone_or_new_while_there_is_no_index(
    tmp_path: Path, index: Index, database: Database
) -> None:
    finder(index, database).look()
    before = database.work(partial(seen_articles, teller=TELLER))
    with closing(Index(tmp_path / "empty", index._embedder)) as empty:
        assert finder(empty, database).look() == 0
    assert database.work(partial(seen_articles, teller=TELLER)) == before


def test_alerts_of_one_story_are_told_together(index: Index, database: Database, put: Put) -> None:
    ids = [watched(database, text) for text in ("Shoigu", "دمشق", "متى وصل شويغو إلى دمشق؟")]
    looking = finder(index, database)
    looking.look()
    put("b.txt", VISIT.format(source="المرفأ"))
    put("bread.txt", "الخبز في دمشق\n\nارتفع سعر الخبز في دمشق إلى 200 ليرة بعد أن تأخر الطحين أسبوعا.\n")
    looking.look()
    groups = merged_by_story(database.work(partial(due_alerts, teller=TELLER)))
    told = [sorted(watch.watch_id for watch, _ in group) for group in groups]
    assert sorted(told) == sorted([ids, ids[1:2]])
