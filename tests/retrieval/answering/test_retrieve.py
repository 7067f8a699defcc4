"""Questions over dated articles of several sources: what filters leave, and what the answer says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.config.wiring import make_sanad, open_embedder, open_index
from bot.rendering.answer_lines import refusal, remarks
from bot.rendering.json_forms import answer_json
from bot.rendering.terminal import answer_text
from bot.rendering.texts import notice, say
from retrieval.answering.sanad import Sanad
from retrieval.index import hybrid
from retrieval.index.index import Index
from retrieval.types import Answer, Filters, Turn, article_id_in

ARTICLES = {
    "may.txt": ("2019-05-14", "رويترز", "قال لافروف إن موسكو تدعم وقف إطلاق النار في إدلب. وأضاف أن المحادثات مفيدة."),
    "june.txt": ("2019-06-20", "الشرق الأوسط", "قال لافروف إن روسيا لن تنسحب من سوريا. وأضاف أن القواعد باقية."),
    "2020.txt": ("2020-01-05", "سبوتنيك", "قال لافروف إن اتفاق سوتشي يجب أن ينفذ. وكان لافروف زار أنقرة في مارس 2018."),
    "undated.txt": ("", "", "قال لافروف للصحفيين إن التنسيق مع تركيا مستمر في الشمال السوري كما هو."),
    "weekday.txt": ("الثلاثاء 14 أيار", "", "وصل وفد كردي إلى القامشلي لبحث مستقبل المعابر مع الحكومة."),
}


EVENTS = {
    "tourists.txt": ("", "", "وصل إلى دهب في مايو 2019 نحو 900 سائح، كما قال مدير الفندق."),
    "met.txt": ("2019-05-19", "", "التقى لافروف سفير اليابان وبحث معه شؤون الطاقة."),
    "later.txt": ("2020-03-01", "", "التقى لافروف سفير الهند في 19 مايو 2019 وبحث معه شؤون التجارة."),
}


@contextmanager
def indexed(folder: Path, articles: Mapping[str, tuple[str, str, str]]) -> Iterator[Index]:
    """Give the index of articles, each a day, a source and a text."""
    (folder / "articles").mkdir()
    for name, (day, source, text) in articles.items():
        head = "".join(f"{key}: {value}\n" for key, value in (("date", day), ("source", source)) if value)
        (folder / "articles" / name).write_text(f"---\n{head}title: {name}\n---\n{text}\n", encoding="utf-8")
    with open_index(Settings(data_dir=folder / "data")) as opened:
        opened.refresh(folder / "articles")
        yield opened


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with indexed(tmp_path_factory.mktemp("dated"), ARTICLES) as opened:
        yield opened


@pytest.fixture(scope="module")
def sanad(index: Index) -> Sanad:
    return make_sanad(index)


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sanad]:
    with indexed(tmp_path_factory.mktemp("events"), EVENTS) as opened:
        yield make_sanad(opened)


def cited(answer: Answer) -> set[str]:
    return {citation.path for citation in answer.citations}


@pytest.mark.parametrize(
    ("question", "paths", "filters"),
    [
        ("ماذا قال لافروف في مايو 2019؟", {"may.txt"}, Filters("2019-05-01", "2019-05-31")),
        ("What did Lavrov say in June 2019?", {"june.txt"}, Filters("2019-06-01", "2019-06-30")),
        ("ماذا قال لافروف بين مايو ويونيو 2019؟", {"may.txt", "june.txt"}, Filters("2019-05-01", "2019-06-30")),
        ("What did Lavrov say before June 2019?", {"may.txt"}, Filters(until="2019-05-31")),
        ("ماذا قال لافروف بحسب رويترز؟", {"may.txt"}, Filters(source="رويترز")),
        ("What did Lavrov say according to Asharq al-Awsat?", {"june.txt"}, Filters(source="Asharq al-Awsat")),
        ("ماذا قال لافروف نقلًا عن سبوتنيك في 2020؟", {"2020.txt"}, Filters("2020-01-01", "2020-12-31", "سبوتنيك")),
    ],
)
def test_words_of_a_question_are_filters_that_the_answer_names(
    sanad: Sanad, question: str, paths: set[str], filters: Filters
) -> None:
    answer = sanad.ask(question)
    assert answer.found
    assert cited(answer) == paths
    assert answer.filters
    assert answer.filters.filters == filters
    assert answer.filters.undated == 0
    assert len(remarks(answer)) == 1


def test_a_date_that_the_text_itself_says_needs_no_filter(sanad: Sanad) -> None:
    answer = sanad.ask("متى زار لافروف أنقرة في مارس 2018؟")
    assert cited(answer) == {"2020.txt"}
    assert answer.filters is None


def test_undated_articles_are_asked_when_the_dated_ones_do_not_answer(events: Sanad) -> None:
    answer = events.ask("كم سائحا وصل إلى دهب في مايو 2019؟")
    assert cited(answer) == {"tourists.txt"}
    assert answer.filters is None


def test_an_article_that_says_the_day_goes_before_one_of_that_day(events: Sanad) -> None:
    assert cited(events.ask("من التقى لافروف في 19 مايو 2019؟")) == {"later.txt"}
    assert cited(events.ask("من التقى لافروف في مايو 2019؟")) == {"met.txt"}


def test_the_paper_of_the_next_morning_may_answer_for_a_day(events: Sanad) -> None:
    answer = events.ask("من التقى لافروف في 18 مايو 2019؟")
    assert cited(answer) == {"met.txt"}
    assert answer.filters
    assert answer.filters.filters == Filters("2019-05-18", "2019-05-19")
    assert not events.ask("من التقى لافروف في 17 مايو 2019؟").found


def test_an_article_that_does_not_say_the_words_does_not_answer_for_one_that_would(sanad: Sanad) -> None:
    assert not sanad.ask("What did Lavrov say of Ankara in May 2019?").found


@pytest.mark.parametrize(
    ("question", "filters", "paths", "undated"),
    [
        ("ماذا قال لافروف؟", Filters(since="2019-06-01"), {"june.txt", "2020.txt"}, 2),
        ("ماذا قال لافروف؟", Filters(since="2019-05-14", until="2019-05-14"), {"may.txt"}, 2),
        ("ماذا قال لافروف؟", Filters(source="Reuters"), {"may.txt"}, 0),
        ("ماذا قال لافروف في مايو 2019؟", Filters(since="2020-01-01"), {"2020.txt"}, 2),  # the option wins
        ("ماذا قال لافروف بحسب رويترز؟", Filters(source="Sputnik"), {"2020.txt"}, 0),
    ],
)
def test_options_leave_out_what_does_not_state_it(
    sanad: Sanad, question: str, filters: Filters, paths: set[str], undated: int
) -> None:
    answer = sanad.ask(question, filters=filters)
    assert cited(answer) == paths
    assert answer.filters
    assert (answer.filters.filters, answer.filters.undated) == (filters, undated)


def test_a_follow_up_may_bring_a_filter_alone(sanad: Sanad) -> None:
    answer = sanad.ask("وماذا قال بحسب رويترز؟", history=[Turn("ماذا قال لافروف؟", "قال…")])
    assert cited(answer) == {"may.txt"}
    assert answer.filters
    assert answer.filters.filters == Filters(source="رويترز")


def test_an_option_and_a_word_of_another_kind_stand_together(sanad: Sanad) -> None:
    answer = sanad.ask("ماذا قال لافروف في 2019؟", filters=Filters(source="Reuters"))
    assert cited(answer) == {"may.txt"}
    assert answer.filters
    assert answer.filters.filters == Filters("2019-01-01", "2019-12-31", "Reuters")


@pytest.mark.parametrize(
    ("question", "filters", "lines"),
    [
        ("What did Lavrov say?", Filters(source="Guardian"), ["No article is from Guardian."]),
        (
            "What did Lavrov say?",
            Filters(since="2019-06-01", source="Reuters"),
            ["No article from Reuters was published since 1 June 2019."],
        ),
        (
            "ماذا قال لافروف؟",
            Filters(until="2019-05-13"),
            ["لا توجد مقالة نُشرت حتى 13 مايو 2019.", "واستُبعدت لخلوها من تاريخ كامل: مقالتان."],
        ),
        ("ماذا قال لافروف في مارس 2017؟", Filters(), ["لا توجد مقالة نُشرت في مارس 2017."]),
        (
            "What did Lavrov say in 2018 according to Reuters?",
            Filters(),
            ["No article was published in 2018."],
        ),
        (
            "ماذا قال ماكرون في مايو 2019؟",
            Filters(),
            ["لم يرد فيها ذكر «ماكرون».", "البحث مقصور على مقالات نُشرت في مايو 2019."],
        ),
        (
            "What did Macron say?",
            Filters("2019-05-01", "2020-02-29", "Reuters"),
            [
                "They do not mention “Macron”.",
                "Only articles from Reuters published from 1 May 2019 to 29 February 2020 were searched.",
            ],
        ),
    ],
)
def test_a_refusal_says_which_filter_left_nothing(
    sanad: Sanad, question: str, filters: Filters, lines: list[str]
) -> None:
    answer = sanad.ask(question, filters=filters)
    assert not answer.found
    assert refusal(answer)[1 : 1 + len(lines)] == lines
    assert answer.covered
    assert answer.covered.articles == len(ARTICLES)


def test_a_refusal_names_the_filters_once_and_says_what_failed(sanad: Sanad) -> None:
    answer = replace(sanad.ask("ماذا قال ماكرون في مايو 2019؟"), lexical_only=True)
    shown = answer_text(answer, str).plain
    assert shown.count("البحث مقصور على مقالات") == 1
    assert shown.startswith(say("ar", "lexical_only"))
    value = answer_json(answer)
    assert value["notice"] == say("ar", "lexical_only")
    assert value["filters"]


def test_an_answer_says_what_failed_and_names_the_filters(sanad: Sanad) -> None:
    answer = replace(sanad.ask("ماذا قال لافروف في مايو 2019؟"), lexical_only=True, notice="cut")
    assert remarks(answer) == [
        say("ar", "lexical_only"),
        notice("ar", "cut", written=False),
        "البحث مقصور على مقالات نُشرت في مايو 2019.",
    ]


def test_json_names_the_filters(sanad: Sanad) -> None:
    answer = sanad.ask("What did Lavrov say since June 2019?")
    assert answer_json(answer)["filters"] == {
        "since": "2019-06-01", "until": None, "source": None, "articles": 2, "undated": 0,
    }  # fmt: skip
    assert answer_json(sanad.ask("What did Lavrov say?"))["filters"] is None


@pytest.mark.parametrize("limit", [1, 3, 50])
@pytest.mark.parametrize("few", [0, 1_000])
def test_both_legs_find_only_within_and_as_much_as_there_is(
    index: Index, limit: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hybrid, "MOST_LISTED", few)  # with 0, as of so many articles that they are not named
    monkeypatch.setattr(hybrid, "MOST_COMPARED", few)
    with index.pin() as pinned:
        within, _ = pinned.narrow(Filters(since="2019-06-01"))
    vector = open_embedder(Settings()).get_query_embedding("سوريا")
    with index.pin() as pinned:
        question = pinned.analyse("ماذا قال لافروف عن سوريا؟")
        whole = pinned.hybrid.candidates(question, vector, 50)
        found = pinned.hybrid.candidates(question, vector, limit, within)
    for leg, of_all in ((found.by_words, whole.by_words), (found.by_vectors, whole.by_vectors)):
        inside = [(found_id, score) for found_id, score in of_all if article_id_in(found_id) in within]
        assert [found_id for found_id, _ in leg] == [found_id for found_id, _ in inside[:limit]]
        assert [score for _, score in leg] == pytest.approx([score for _, score in inside[:limit]], abs=1e-5)
