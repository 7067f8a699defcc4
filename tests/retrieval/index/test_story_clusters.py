"""Stories in the catalog: the same groups as from scratch, whatever happened before, and numbers that last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders.wire import COPIES, STORY, TEMPLATES, WIRE

from retrieval.index import near_duplicates
from retrieval.index.story_clusters import StoryClusters
from retrieval.stores.database import CatalogDatabase, connect_in_memory

LONG = "\n\n".join(
    (
        *STORY,
        "وقال الناطق باسم الكرملين إن الرئيس بوتين استقبل الضيف ساعة ونصفا، وإن الحديث تناول فنزويلا وإيران وأوكرانيا.",
        "وأفادت صحيفة كوميرسانت أن موسكو عرضت ممرات جديدة للمساعدات عند معبر اليعربية مقابل تخفيف القيود المصرفية.",
        "ورحب المبعوث الأممي غير بيدرسن بالتفاهم، وقال إنه سيسافر إلى دمشق والرياض قبل جلسة المجلس في نيويورك.",
        "أما المعارضة فحذرت في بيان صدر في إسطنبول من صفقة على حسابها، وطالبت بضمانات مكتوبة وجدول زمني للانتقال.",
    )
)


def beginning(paragraphs: int) -> str:
    return "\n\n".join(LONG.split("\n\n")[:paragraphs])


TEXTS = (*(beginning(most) for most in (2, 3, 5, 6, 8)), COPIES["with another lead"], *TEMPLATES["tolls"], "عاجل", "…")


class Folder:
    """Files and the texts they hold, with the catalog's tables beside them."""

    def __init__(self, files: Mapping[str, str] | None = None) -> None:
        self.connection = connect_in_memory()
        self.database = CatalogDatabase(Path(), self.connection)
        self.files: dict[str, str] = {}
        if files:
            self.change(dict(files))

    def change(self, files: Mapping[str, str | None]) -> None:
        """Write texts to paths, None for a file that goes, and publish."""
        was = {path: id_of(self.files[path]) for path in files if path in self.files}
        for path, text in files.items():
            self.files.pop(path, None)
            self.database.rows("DELETE FROM files WHERE path = :path", path=path)
            if text is not None:
                self.files[path] = text
                own, body = id_of(text), json.dumps([[0, len(text)]])
                article = {"article_id": own, "body": body, "text": text, "passages": 0, "rows": 0, "slices": "[]"}
                self.database.insert("articles", [article], replacing=True)
                stamp = dict.fromkeys(("size", "mtime_ns", "ctime_ns", "read_ns"), 0)
                self.database.insert("files", [{"path": path, "article_id": own, **stamp}])
        now = {path: id_of(text) for path, text in files.items() if text is not None}
        StoryClusters(self.database).update(was, now)

    def numbers(self) -> dict[str, int]:
        """Return the story of each path that has one."""
        held = self.database.pairs("SELECT article_id, story FROM stories")
        return {path: held[id_of(text)] for path, text in self.files.items() if id_of(text) in held}

    def groups(self) -> set[frozenset[str]]:
        """Return the stories without their numbers, as article ids."""
        found: dict[int, set[str]] = {}
        for article_id, story in self.database.rows("SELECT article_id, story FROM stories"):
            found.setdefault(story, set()).add(article_id)
        return {frozenset(group) for group in found.values()}

    def rows(self) -> list[object]:
        """Return all that is kept of articles and links."""
        tables = ("sketches", "bands", "links")
        return [sorted(map(tuple, self.database.rows(f"SELECT * FROM {table}"))) for table in tables]


def id_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def expected(texts: set[str]) -> set[frozenset[str]]:
    """Return the groups by comparing each text with each other."""
    links: dict[str, set[str]] = {}
    for one, other in combinations(sorted(texts), 2):
        mine, theirs = (
            near_duplicates.sketch(near_duplicates.profile(one)),
            near_duplicates.sketch(near_duplicates.profile(other)),
        )
        near = set(near_duplicates.bands(mine.minhash)) & set(near_duplicates.bands(theirs.minhash))
        if (
            near
            and near_duplicates.worth_comparing(mine, [theirs])[0]
            and near_duplicates.are_copies(*map(near_duplicates.profile, (one, other)))
        ):
            links.setdefault(id_of(one), set()).add(id_of(other))
            links.setdefault(id_of(other), set()).add(id_of(one))
    return set(near_duplicates.components(map(id_of, texts), links))


PATHS = ("a.txt", "b.txt", "c.txt", "d.txt", "e.txt")
CHANGES = st.dictionaries(st.sampled_from(PATHS), st.one_of(st.none(), st.sampled_from(TEXTS)), min_size=1)


@settings(deadline=None, max_examples=150)
@given(st.lists(CHANGES, min_size=1, max_size=6))
def test_any_history_ends_in_the_groups_of_a_fresh_start(history: list[dict[str, str | None]]) -> None:
    folder = Folder()
    for changes in history:
        folder.change(changes)
    fresh = Folder(folder.files)
    assert folder.groups() == fresh.groups() == expected(set(folder.files.values()))
    assert folder.rows() == fresh.rows()


def test_copies_are_a_story_and_others_are_none() -> None:
    numbers = Folder({"wire": WIRE, **COPIES, "toll": TEMPLATES["tolls"][0], "toll 2": TEMPLATES["tolls"][1]}).numbers()
    assert numbers == dict.fromkeys(("wire", *COPIES), 1)


def test_a_story_falls_apart_where_the_article_between_goes() -> None:
    folder = Folder({"short": beginning(3), "middle": beginning(5), "long": beginning(8)})
    assert folder.numbers() == {"short": 1, "middle": 1, "long": 1}
    folder.change({"middle": None})
    assert folder.numbers() == {}


def test_an_article_between_makes_two_stories_one_which_keeps_the_older_number() -> None:
    long, short = beginning(8), beginning(3)
    folder = Folder({"short": short, "short 2": short.replace("واستمر", "ودام")})
    folder.change({"long": long, "long 2": long.replace("واستمر", "ودام")})
    assert folder.numbers() == {"short": 1, "short 2": 1, "long": 2, "long 2": 2}
    folder.change({"middle": beginning(5)})
    assert set(folder.numbers().values()) == {1}
    folder.change({"middle": None})
    assert set(folder.numbers().values()) == {1, 3}


def test_an_edited_member_stays_in_its_story() -> None:
    folder = Folder({"a": WIRE, "b": COPIES["with another lead"]})
    folder.change({"a": COPIES["with words changed"]})
    assert folder.numbers() == {"a": 1, "b": 1}


def test_a_story_keeps_its_number_though_all_its_members_are_edited_at_once() -> None:
    folder = Folder({"x": TEMPLATES["tolls"][0], "x 2": f"عاجل: {TEMPLATES['tolls'][0]}"})
    folder.change({"a": WIRE, "b": COPIES["with another lead"]})
    folder.change({"a": COPIES["with words changed"], "b": COPIES["with a closing"]})
    assert folder.numbers() == {"x": 1, "x 2": 1, "a": 2, "b": 2}


def test_a_member_that_no_longer_resembles_leaves() -> None:
    folder = Folder({"a": WIRE, "b": COPIES["with another lead"], "c": COPIES["with a closing"]})
    folder.change({"a": TEMPLATES["tolls"][0]})
    assert folder.numbers() == {"b": 1, "c": 1}
    folder.change({"b": None})
    assert folder.numbers() == {}


def test_a_moved_file_and_a_second_file_of_one_text_change_nothing() -> None:
    folder = Folder({"a": WIRE, "b": COPIES["with another lead"]})
    folder.change({"a": None, "moved": WIRE, "again": WIRE})
    assert folder.numbers() == {"moved": 1, "again": 1, "b": 1}
    folder.change({"again": None})
    assert folder.numbers() == {"moved": 1, "b": 1}


def test_no_number_is_given_twice() -> None:
    folder = Folder({"a": WIRE, "b": COPIES["cut short"]})
    folder.change({"a": None, "b": None})
    folder.change({"a": WIRE, "b": COPIES["cut short"]})
    assert folder.numbers() == {"a": 2, "b": 2}


def test_what_was_made_another_way_is_made_anew_and_keeps_its_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder({"a": WIRE, "b": COPIES["cut short"]})
    folder.change({"c": TEMPLATES["tolls"][0], "d": f"عاجل: {TEMPLATES['tolls'][0]}"})
    before = folder.numbers()
    monkeypatch.setattr(near_duplicates, "SEED", 7)
    monkeypatch.setattr(near_duplicates, "STORIES_VERSION", 99)
    folder.change({"e": "عاجل"})
    assert folder.numbers() == before
    assert folder.rows() == Folder(folder.files).rows()
    monkeypatch.setattr(near_duplicates, "SHORT", 1000)
    monkeypatch.setattr(near_duplicates, "STORIES_VERSION", 100)
    folder.change({"e": None})
    assert folder.numbers() == {"c": 2, "d": 2}


def test_one_new_article_reads_only_those_like_it() -> None:
    folder = Folder({f"{at}": f"خبر {at} عن {' '.join(f'كلمة{at}و{word}' for word in range(30))}" for at in range(300)})
    folder.change({"wire": WIRE})
    read: list[str] = []
    folder.connection.set_trace_callback(read.append)
    folder.change({"copy": COPIES["with another lead"]})
    assert sum("FROM articles" in statement for statement in read) <= 3
    assert folder.numbers() == {"wire": 1, "copy": 1}
