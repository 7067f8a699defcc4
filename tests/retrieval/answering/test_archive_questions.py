"""Questions about the archive, asked of one: each count is that of reading all articles, each row a quote of one."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from bot.config.settings import Settings
from bot.config.wiring import make_sanad, open_index
from bot.rendering.answer_lines import plain_text
from bot.rendering.explanation import account_text
from bot.rendering.texts import say
from bot.storage.answer_codec import answer_of, body_of
from retrieval.answering.conversation import turns_in
from retrieval.answering.sanad import Sanad
from retrieval.archive.archive_followups import question_for_more
from retrieval.archive_types import MOST_ARCHIVE_ROWS
from retrieval.index.index import Index
from retrieval.types import Answer, Filters, Turn

SPELLINGS = {  # of each name, as articles write it; the first is asked in Arabic, the key in English
    "Shoigu": ("شويغو", "شويجو"),
    "Lavrov": ("لافروف",),
    "Idlib": ("إدلب", "ادلب"),
}
OUTLETS = ("رويترز", "الشرق الأوسط", "سبوتنيك", "")
SAYINGS = (
    "بحث {name} مع نظيره التركي سبل خفض التصعيد على الحدود الشمالية.",
    "نقلت الصحف عن مصادر أن الحديث عن {name} تجدد هذا الأسبوع.",
    "قال الوزير إن ما قيل عن {name} لا يغير من الموقف شيئا.",
    "وعاد ذكر {name} إلى الواجهة بعد أشهر من الصمت.",
)
FILLERS = (
    "ارتفعت أسعار القمح في الأسواق المحلية بعد موسم جاف.",
    "وأعلنت البلدية إصلاح شبكة المياه في الأحياء القديمة.",
    "وافتتح المتحف معرضا جديدا عن صناعة السفن الخشبية.",
)


class Made(NamedTuple):
    """An article as it was written."""

    day: str
    outlet: str
    text: str


def made_articles() -> dict[str, Made]:
    """Return articles by lot, the same ones each time: none, one or two of the names in each."""
    lot = random.Random(15)
    articles = {}
    for number in range(60):
        names = [lot.choice(SPELLINGS[name]) for name in lot.sample(sorted(SPELLINGS), lot.choice((0, 1, 1, 2)))]
        said = [lot.choice(SAYINGS).format(name=name) for name in names]
        day = f"2019-{lot.randint(1, 6):02}-{lot.randint(1, 28):02}" if lot.random() < 0.8 else ""
        opening = f"في الساعة {number} من ذلك اليوم اجتمع {number + 7} عضوا من اللجنة المحلية رقم {number * 3}."
        text = "\n\n".join([opening, lot.choice(FILLERS), *said])
        articles[f"{number:02}.txt"] = Made(day, lot.choice(OUTLETS), text)
    return articles


ARTICLES = made_articles()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("archive")
    (folder / "articles").mkdir()
    for name, (day, outlet, text) in ARTICLES.items():
        head = "".join(f"{key}: {value}\n" for key, value in (("date", day), ("source", outlet)) if value)
        (folder / "articles" / name).write_text(f"---\n{head}title: {name}\n---\n{text}\n", encoding="utf-8")
    with open_index(Settings(data_dir=folder / "data", embedding="hashing")) as opened:
        opened.refresh(folder / "articles")
        yield opened


@pytest.fixture(scope="module")
def sanad(index: Index) -> Sanad:
    return make_sanad(index)


def mentioning(name: str) -> dict[str, Made]:
    """Return the articles that write a name, by reading each."""
    written = re.compile(rf"(?<!\w)(?:{'|'.join(SPELLINGS[name])})(?!\w)")
    return {path: made for path, made in ARTICLES.items() if written.search(made.text)}


def check_quotes(index: Index, answer: Answer) -> None:
    for one in answer.citations:
        assert index.article_by_id(one.article_id).text[one.start : one.end] == one.quote
    assert answer.archive
    numbers = [number for row in answer.archive.rows for number in row.citations]
    assert set(numbers) == {one.number for one in answer.citations}


@pytest.mark.parametrize("name", SPELLINGS)
@pytest.mark.parametrize("asked", ["How many articles mention {english}?", "كم مقالا تذكر {arabic}؟"])
def test_a_count_is_that_of_reading_all_articles(sanad: Sanad, index: Index, name: str, asked: str) -> None:
    answer = sanad.ask(asked.format(english=name, arabic=SPELLINGS[name][0]))
    assert answer.archive
    assert answer.archive.articles == len(mentioning(name)) > 0
    check_quotes(index, answer)


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_list_names_each_article_once_the_newest_first(sanad: Sanad, index: Index, name: str) -> None:
    answer = sanad.ask(f"Which articles mention {name}?", rows=0)
    assert {one.path for one in answer.citations} == set(mentioning(name))
    assert len(answer.citations) == len(mentioning(name))
    assert all(re.search("|".join(SPELLINGS[name]), one.quote) for one in answer.citations)
    days = [one.published or "" for one in answer.citations]
    assert days == sorted(days, reverse=True)
    check_quotes(index, answer)


@pytest.mark.parametrize("asked", ["How many articles mention Lavrov and Idlib?", "كم مقالا تذكر لافروف وإدلب؟"])
def test_an_article_that_mentions_two_names_counts_wherever_they_stand(sanad: Sanad, asked: str) -> None:
    archive = sanad.ask(asked).archive
    assert archive
    assert archive.articles == len(mentioning("Lavrov").keys() & mentioning("Idlib").keys()) > 0


def test_ten_rows_are_shown_and_the_count_is_of_all(sanad: Sanad) -> None:
    archive = sanad.ask("Which articles mention Idlib?").archive
    assert archive
    assert len(archive.rows) == MOST_ARCHIVE_ROWS < archive.total == archive.articles == len(mentioning("Idlib"))


@pytest.mark.parametrize(
    ("words", "options", "counts"),
    [
        (" in May 2019", Filters(), lambda made: made.day.startswith("2019-05")),
        (" in April", Filters(), lambda made: made.day.startswith("2019-04")),
        (" since May 2019", Filters(), lambda made: made.day >= "2019-05"),
        (" according to Reuters", Filters(), lambda made: made.outlet == "رويترز"),
        ("", Filters(since="2019-03-01", until="2019-04-30"), lambda made: "2019-03" <= made.day < "2019-05"),
        ("", Filters(source="Sputnik"), lambda made: made.outlet == "سبوتنيك"),
        (
            " in March 2019",
            Filters(source="الشرق الأوسط"),
            lambda made: made.day.startswith("2019-03") and made.outlet == "الشرق الأوسط",
        ),
    ],
)
@pytest.mark.parametrize("name", SPELLINGS)
def test_filters_of_days_and_sources_hold(
    sanad: Sanad, name: str, words: str, options: Filters, counts: object
) -> None:
    assert callable(counts)
    expected = {path for path, made in mentioning(name).items() if counts(made)}
    answer = sanad.ask(f"Which articles mention {name}{words}?", filters=options, rows=0)
    assert {one.path for one in answer.citations} == expected
    assert answer.found == bool(expected)
    assert answer.filters or not (words or options)


def test_all_articles_are_counted_where_no_subject_is_named(sanad: Sanad) -> None:
    for question, expected in (
        ("How many articles are there?", len(ARTICLES)),
        ("كم مقالا من رويترز؟", sum(made.outlet == "رويترز" for made in ARTICLES.values())),
    ):
        archive = sanad.ask(question).archive
        assert archive
        assert archive.articles == expected


def test_outlets_are_counted_and_what_states_none_is_said(sanad: Sanad) -> None:
    archive = sanad.ask("ما المصادر التي لديك؟").archive
    assert archive
    own = Counter(made.outlet for made in ARTICLES.values())
    assert archive.unstated == own.pop("")
    assert {row.label: row.articles for row in archive.rows} == own


def test_outlets_that_mention_a_name_are_quoted(sanad: Sanad, index: Index) -> None:
    answer = sanad.ask("Which outlets mention Lavrov?")
    assert answer.archive
    own = Counter(made.outlet for made in mentioning("Lavrov").values() if made.outlet)
    assert {row.label: row.articles for row in answer.archive.rows} == own
    assert all("لافروف" in one.quote for one in answer.citations)
    check_quotes(index, answer)


def test_the_first_and_the_last_day_are_said(sanad: Sanad, index: Index) -> None:
    answer = sanad.ask("What period do the articles cover?")
    days = sorted(made.day for made in ARTICLES.values() if made.day)
    assert answer.archive
    assert [row.label for row in answer.archive.rows] == [days[0], days[-1]]
    assert answer.archive.unstated == sum(not made.day for made in ARTICLES.values())
    check_quotes(index, answer)


def test_the_latest_comes_by_day(sanad: Sanad, index: Index) -> None:
    answer = sanad.ask("ما آخر الأخبار عن لافروف؟")
    days = sorted((made.day for made in mentioning("Lavrov").values()), reverse=True)
    assert [one.published for one in answer.citations] == days[: len(answer.citations)]
    check_quotes(index, answer)


def test_each_outlet_has_its_say(sanad: Sanad, index: Index) -> None:
    answer = sanad.ask("What do the sources say about Shoigu?", rows=0)
    assert {one.source for one in answer.citations} == {made.outlet or None for made in mentioning("Shoigu").values()}
    check_quotes(index, answer)


def test_an_overview_quotes_how_each_story_begins(sanad: Sanad, index: Index) -> None:
    answer = sanad.ask("Give me an overview of Lavrov", rows=0)
    assert {one.path for one in answer.citations} == set(mentioning("Lavrov"))
    for one in answer.citations:
        assert ARTICLES[one.path].text.startswith(one.quote)
    check_quotes(index, answer)


@pytest.mark.parametrize(
    ("question", "near"),
    [("كم مقالا تذكر لافرووض؟", ("لافروف",)), ("Which articles mention Macron?", ()), ("latest news about Macron", ())],
)
def test_what_no_article_mentions_is_said_with_the_names_that_come_near(
    sanad: Sanad, question: str, near: tuple[str, ...]
) -> None:
    answer = sanad.ask(question)
    assert answer.archive
    assert (answer.outcome, answer.archive.articles, answer.archive.rows) == ("not_covered", 0, ())
    assert answer.archive.near == near
    told = plain_text(answer)
    assert all(name in told for name in near)
    assert told.splitlines()[0] == say(answer.language, "archive_none", subject=answer.archive.subject)


def test_a_retriever_knows_no_archive_and_says_so() -> None:
    class Nothing:
        def retrieve(self, _: object, /) -> list[object]:
            return []

    answer = Sanad.from_retriever(Nothing()).ask("Which articles mention Idlib?")
    assert answer.archive
    assert not answer.archive.is_known
    assert plain_text(answer) == say("en", "archive_unknown")


def test_why_says_that_all_articles_were_counted(sanad: Sanad) -> None:
    question = "Which articles mention Idlib?"
    account = account_text(sanad.ask(question), str)
    assert account
    assert question in account.plain


def test_what_an_answer_says_can_be_kept_and_is_the_same_again(sanad: Sanad) -> None:
    for question in ("Which articles mention Idlib?", "ما المصادر التي لديك؟", "كم مقالا تذكر ماكرون؟"):
        answer = sanad.ask(question)
        again = answer_of(json.loads(json.dumps(body_of(answer))))
        assert again.archive == answer.archive
        assert plain_text(again) == plain_text(answer)


def test_more_shows_the_next_rows_until_there_are_none(sanad: Sanad) -> None:
    history: list[Turn] = []
    seen: list[str] = []
    question = "Which articles mention Idlib?"
    for asked in (question, "more", "show me the rest"):
        answer = sanad.ask(asked, history=history)
        assert answer.archive
        assert answer.archive.first == len(seen)
        seen += [one.path for one in answer.citations]
        history += turns_in(answer)
    assert len(seen) == len(set(seen)) == min(3 * MOST_ARCHIVE_ROWS, len(mentioning("Idlib")))


@pytest.mark.parametrize(
    ("follow_up", "name", "counts"),
    [
        ("and from Reuters?", "Idlib", lambda made: made.outlet == "رويترز"),
        ("in May 2019?", "Idlib", lambda made: made.day.startswith("2019-05")),
        ("وفي أبريل؟", "Idlib", lambda made: made.day.startswith("2019-04")),
        ("What about Lavrov?", "Lavrov", lambda _: True),
    ],
)
def test_a_follow_up_takes_over_what_was_asked(
    sanad: Sanad, follow_up: str, name: str, counts: Callable[[Made], bool]
) -> None:
    history = turns_in(sanad.ask("How many articles mention Idlib?"))
    answer = sanad.ask(follow_up, history=history)
    assert answer.archive
    assert answer.archive.articles == sum(map(counts, mentioning(name).values()))
    further = sanad.ask("What about Shoigu?", history=[*history, *turns_in(answer)])
    kept = counts if name == "Idlib" else (lambda _: True)
    assert further.archive
    assert further.archive.articles == sum(map(kept, mentioning("Shoigu").values()))


@pytest.mark.parametrize(
    ("before", "follow_up", "name"),
    [
        ("ماذا قيل عن لافروف؟", "كم مقالا تذكره؟", "Lavrov"),
        ("What was said of Shoigu?", "How many articles mention him?", "Shoigu"),
        ("كم مقالا عن إدلب؟", "وأي المقالات تتحدث عنها؟", "Idlib"),
    ],
)
def test_a_pronoun_stands_for_what_was_asked_about(sanad: Sanad, before: str, follow_up: str, name: str) -> None:
    answer = sanad.ask(follow_up, history=[Turn(before, "")])
    assert answer.archive
    assert answer.archive.articles == len(mentioning(name))
    assert sanad.ask(follow_up).archive is None


def test_a_page_of_rows_can_be_asked_for_by_itself(sanad: Sanad) -> None:
    first = sanad.ask("Which articles mention Idlib?")
    assert first.archive
    more = question_for_more(first.question, first.archive)
    assert more
    second = sanad.ask(more)
    assert second.archive
    assert second.archive.first == len(first.archive.rows)
    assert not {one.path for one in first.citations} & {one.path for one in second.citations}


def test_years_in_brackets_are_no_page_of_rows(sanad: Sanad) -> None:
    answer = sanad.ask("Which articles mention Idlib (2011–2020)")
    assert answer.archive is None or answer.archive.first == 0


def test_a_question_about_an_event_after_one_about_the_archive_is_none(sanad: Sanad) -> None:
    history = turns_in(sanad.ask("How many articles mention Idlib?"))
    assert sanad.ask("And who bombed it?", history=history).archive is None
    assert sanad.ask("ومن قصفها؟", history=history).archive is None


def test_a_question_about_the_archive_among_others_is_answered_as_one(sanad: Sanad) -> None:
    answer = sanad.ask("كم مقالا تذكر لافروف؟ وكم مقالا تذكر شويغو؟")
    counts = [part.archive.articles for part in answer.parts if part.archive]
    assert counts == [len(mentioning("Lavrov")), len(mentioning("Shoigu"))]
    assert [one.number for one in answer.citations] == list(range(1, len(answer.citations) + 1))
