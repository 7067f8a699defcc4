from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering import render, terminal
from bot.rendering.texts import notice, say
from retrieval.types import (
    Answer,
    Article,
    Citation,
    CoverageSummary,
    Failure,
    Hit,
    Language,
    LLMFailure,
    Passage,
    RefreshReport,
    Sentence,
    Span,
)

TEXT = "وصل الوزير إلى أنقرة. وقالت Reuters إن اللقاء كان في 2019-05-15، وغادر بعده."
ARTICLE = Article("a1b2c3d4e5f6", "one.txt", TEXT, (Span(0, len(TEXT)),), title="الوزير في أنقرة", source="رويترز")
TWIN = Article("0f0f0f0f0f0f", "sub/two.txt", TEXT, (Span(0, len(TEXT)),), published="2019-05-15")
LABELS = {article.article_id: article.label for article in (ARTICLE, TWIN)}


def citation(number: int, article: Article, quote: str) -> Citation:
    start = article.text.index(quote)
    return Citation(
        number=number,
        article_id=article.article_id,
        path=article.path,
        title=article.title,
        source=article.source,
        published=article.published,
        quote=quote,
        start=start,
        end=start + len(quote),
        score=0.9,
    )


ARRIVED = "وصل الوزير إلى أنقرة."
SAID = "وقالت Reuters إن اللقاء كان في 2019-05-15، وغادر بعده."


def found(language: str = "ar") -> Answer:
    return Answer(
        question="متى وصل الوزير؟" if language == "ar" else "When did the minister arrive?",
        language="ar" if language == "ar" else "en",
        found=True,
        mode="extractive",
        sentences=(Sentence(ARRIVED, (1, 2)), Sentence(SAID, (3,))),
        citations=(citation(1, ARTICLE, ARRIVED), citation(2, TWIN, ARRIVED), citation(3, ARTICLE, SAID)),
        covered=None,
        missing=(),
        seconds=0.01234567,
    )


def declined(language: str = "ar", missing: tuple[str, ...] = (), covered: CoverageSummary | None = None) -> Answer:
    return Answer(
        question="؟",
        language="ar" if language == "ar" else "en",
        found=False,
        mode="extractive",
        sentences=(),
        citations=(),
        covered=covered or CoverageSummary(5, ("الوزير في أنقرة", "خبر آخر")),
        missing=missing,
        seconds=0.002,
    )


def test_arabic_answer_is_its_quotes() -> None:
    assert render.plain_text(found()) == f"«{ARRIVED}» [1][2]\n«{SAID}» [3]"


def test_english_answer_frames_its_arabic_quotes() -> None:
    assert render.plain_text(found("en")) == (
        f"From the articles, in their own words:\n«{ARRIVED}» [1][2]\n«{SAID}» [3]"
    )


def generated(language: str = "ar", written: int = 1, notice: LLMFailure | None = None) -> Answer:
    said = Sentence("وصل الوزير أنقرة.", (1,)) if language == "ar" else Sentence("The minister reached Ankara.", (1,))
    return replace(found(language), mode="llm", sentences=(said,), written=written, notice=notice)


def test_generated_answer_stands_without_quotation_marks() -> None:
    assert render.plain_text(generated("en")) == "The minister reached Ankara. [1]"


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (generated("en"), "1 of 1 sentences verified."),
        (generated("en", 3), "1 of 3 sentences verified; the others were left out."),
        (generated("ar", 2), "تحققت من 1 من 2 من الجمل، وحذفت ما سواها."),
    ],
)
def test_generated_answer_counts_its_verified_sentences(answer: Answer, line: str) -> None:
    assert render.tally(answer) == [line]


def test_quotations_need_no_count() -> None:
    assert render.tally(found()) == []


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("trouble", get_args(LLMFailure))
def test_every_trouble_has_its_line(language: Language, trouble: LLMFailure) -> None:
    assert render.remarks(generated(language, notice=trouble)) == [notice(language, trouble, verified=True)]
    assert render.remarks(replace(found(language), notice=trouble)) == [notice(language, trouble, verified=False)]


def test_json_has_each_sentence_and_the_notice() -> None:
    value = render.answer_json(generated("en", notice="cut"))
    assert value["sentences"] == [{"text": "The minister reached Ankara.", "citations": [1], "verified": True}]
    assert value["notice"] == "The language model broke off before its end; this is what was verified."


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            declined("ar", ("ترامب", "2031")),
            "لا أجد في المقالات جوابًا عن هذا السؤال.\nلم يرد فيها ذكر «ترامب» ولا «2031».\n"
            "في المجموعة 5 مقالات، وأقربها إلى سؤالك:\n• الوزير في أنقرة\n• خبر آخر",
        ),
        (
            declined("en", ("Trump",)),
            "The articles hold no answer to this question.\nThey do not mention “Trump”.\n"
            "The collection holds 5 articles; nearest to your question:\n• الوزير في أنقرة\n• خبر آخر",
        ),
        (
            declined("en", (), CoverageSummary(0, ())),
            "The articles hold no answer to this question.\nThe collection holds no articles yet.",
        ),
    ],
)
def test_refusal_says_what_is_held(answer: Answer, text: str) -> None:
    assert render.plain_text(answer) == text


def test_json_of_an_answer_is_stable() -> None:
    value = render.answer_json(found())
    assert list(value) == [
        "question",
        "language",
        "found",
        "mode",
        "text",
        "sentences",
        "citations",
        "covered",
        "notice",
        "lexical_only",
        "filters",
        "seconds",
    ]
    assert value["citations"] == [
        {
            "number": number,
            "article_id": article.article_id,
            "path": article.path,
            "title": article.title,
            "source": article.source,
            "published": article.published,
            "quote": quote,
            "start": TEXT.index(quote),
            "end": TEXT.index(quote) + len(quote),
            "score": 0.9,
            "also_in": [],
            "outlets": [],
            "matched": [],
            "dated": None,
        }
        for number, article, quote in [(1, ARTICLE, ARRIVED), (2, TWIN, ARRIVED), (3, ARTICLE, SAID)]
    ]
    assert (value["covered"], value["seconds"]) == (None, 0.0123)


def test_json_keeps_the_keys_of_a_citation_in_order() -> None:
    (first, *_) = json.loads(json.dumps(render.answer_json(found())))["citations"]
    assert list(first) == [
        "number", "article_id", "path", "title", "source", "published", "quote", "start", "end", "score", "also_in",
        "outlets", "matched", "dated",
    ]  # fmt: skip


def test_json_of_a_refusal_says_what_is_covered() -> None:
    assert render.answer_json(declined())["covered"] == {"articles": 5, "nearest": ["الوزير في أنقرة", "خبر آخر"]}


def test_json_of_a_search_is_stable() -> None:
    hit = Hit(Passage(ARTICLE.article_id, 0, len(ARRIVED), ARRIVED), 0.5, 1, also_in=("f0",), outlets=(None,))
    assert render.search_json("أنقرة", [hit], {ARTICLE.article_id: ARTICLE}, 0.00012) == {
        "query": "أنقرة",
        "language": "ar",
        "filters": None,
        "passages": [
            {
                "article_id": ARTICLE.article_id,
                "path": "one.txt",
                "start": 0,
                "end": len(ARRIVED),
                "text": ARRIVED,
                "score": 0.5,
                "also_in": ["f0"],
                "outlets": [None],
            }
        ],
        "seconds": 0.0001,
    }


def test_screen_text_never_holds_a_command_or_an_open_override() -> None:
    shown = terminal.article_text(
        Article("a", "x.txt", "red \x1b[31m \u202eabc\x9b1m [bold]b[/bold]", (), title="\x1b]0;title\x07")
    ).plain
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
    assert "[bold]b[/bold]" in shown


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_isolates_are_balanced_in_every_line(text: str) -> None:
    for line in render.for_screen(text).split("\n"):
        depth = 0
        for letter in line:
            depth += (letter in "\u2066\u2067\u2068") - (letter == "\u2069")
            assert depth in (0, 1)
        assert depth == 0


@given(st.text(max_size=60))
def test_isolates_add_and_never_move_a_character(text: str) -> None:
    bare = re.sub("[\u2066-\u2069]", "", render.for_screen(text))
    assert bare == render.visible(text)


@pytest.mark.parametrize(
    ("line", "isolated"),
    [
        ("في عام 2019 وصل", []),
        ("كتب /help ثم [12]", ["/help", "[12]"]),
        ("صواريخ S-400 وطائرات F-35 من Lockheed Martin.", ["S-400", "F-35", "Lockheed Martin"]),
        ("بلغ 3.5% في 15/05/2019", ["3.5", "15/05/2019"]),
        ("Sanad quotes «قال الوزير» twice", ["«قال الوزير»"]),
        ("plain English, 2019", []),
    ],
)
def test_runs_of_the_other_direction_are_isolated(line: str, isolated: list[str]) -> None:
    assert re.findall("[\u2066\u2067]([^\u2069]*)\u2069", render.for_screen(line)) == isolated


def test_terminal_answer_lists_its_sources() -> None:
    shown = re.sub("[\u2066-\u2069]", "", terminal.answer_text(found(), LABELS.__getitem__).plain)
    assert shown == (
        f"«{ARRIVED}» [1][2]\n«{SAID}» [3]\n\n{say('ar', 'sources')}\n"
        "[1] الوزير في أنقرة · رويترز · one.txt\n"
        f"[2] {TWIN.label} · 2019-05-15 · sub/two.txt\n"
        "[3] الوزير في أنقرة · رويترز · one.txt"
    )


def test_excerpt_highlights_the_quote_in_its_place() -> None:
    shown = terminal.excerpt_text(ARTICLE, citation(3, ARTICLE, SAID))
    highlighted = [shown.plain[span.start : span.end] for span in shown.spans if span.style == terminal.FOUND]
    assert [re.sub("[\u2066-\u2069]", "", text) for text in highlighted] == [f"«{SAID}»"]
    assert ARRIVED in shown.plain


def test_report_names_what_failed_and_why() -> None:
    report = RefreshReport(
        new=("a.txt",),
        unchanged=2,
        duplicates=("b.txt",),
        failed=(Failure("c.txt", "it is empty"),),
        passages=9,
        rebuilt="the analysis has changed",
        seconds=0.26,
    )
    assert terminal.report_text(report, "seeds").plain.split("\n") == [
        "Rebuilt: the analysis has changed",
        "seeds: 1 new, 0 changed, 0 moved, 0 deleted, 2 unchanged, 1 duplicates, 1 failed.",
        "  duplicate  b.txt",
        "  failed     c.txt: it is empty",
        "The index holds 9 passages (0.3 s).",
    ]


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (RefreshReport(unchanged=5), None),
        (RefreshReport(failed=(Failure("x", "y"),)), None),
        (
            RefreshReport(new=("a", "b"), deleted=("c",), passages=7, seconds=1),
            "Articles: 2 new, 1 deleted; 7 passages, 1.0 s.",
        ),
        (RefreshReport(rebuilt="it was made by embedded-0"), "The index was rebuilt: it was made by embedded-0"),
    ],
)
def test_unasked_refresh_speaks_only_of_changes(report: RefreshReport, line: str | None) -> None:
    assert terminal.changes_line(report) == line
