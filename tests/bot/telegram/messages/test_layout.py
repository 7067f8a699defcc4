from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.builders.layout import INVISIBLE, answer, citation, ink, label_of, read, shown
from support.servers.telegram.wire import JSON, utf16

from bot.rendering.draft import AnswerDraft
from bot.telegram.handlers.services import draft_of
from bot.telegram.messages.bidi import begins_well, sendable
from bot.telegram.messages.html import html_of
from bot.telegram.messages.keyboards import Button
from bot.telegram.messages.layout import (
    Message,
    answer_messages,
    preview_html,
    quote_block,
    source_messages,
)
from retrieval.answering.conversation import combined_answer, renumbered
from retrieval.answering.sanad import Sanad
from retrieval.events import ExtractsEvent, SentenceEvent, StageEvent
from retrieval.index.index import Index
from retrieval.nlp.analysis import language_of
from retrieval.types import (
    Answer,
    AnswerExpression,
    Article,
    Citation,
    CoverageSummary,
    Filters,
    Language,
    Narrowing,
    Sentence,
    Span,
)

SENTENCES = [
    "قال الوزير إن الجسر مفتوح. ",
    "وأضاف: «نعم»! ",
    "هل وافق مجلس الأمن؟ ",
    "Reuters said F-16 jets flew; ",
    "لا\n",
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=400).map("".join),
    st.text(min_size=1, max_size=60),
    st.text("اب ab<>&\"'.؟\n\u200f\u200e\u202b\u2067\u2069\u030a\u00a0😀\u0651[1]", min_size=1, max_size=200),
    st.text("ابتث", min_size=4000, max_size=9000),
    st.lists(st.sampled_from(["😀", "&", "<b>", "لا ", "👨‍👩‍👧 "]), min_size=1, max_size=5000).map("".join),
)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    mode = draw(st.sampled_from(["extractive", "llm"]))
    language = draw(st.sampled_from(["ar", "en"]))
    quotes = draw(st.lists(TEXTS.filter(lambda text: bool(ink(sendable(text)))), min_size=1, max_size=4))
    citations = []
    for number, quote in enumerate(quotes, start=1):
        drawn = draw(st.sets(st.integers(0, len(quote)), max_size=8))
        places = sorted(place for place in drawn if not unicodedata.combining(quote[place : place + 1] or " "))
        spans = tuple(Span(*pair) for pair in zip(places[::2], places[1::2], strict=False))
        citations.append(citation(number, quote, draw(st.sampled_from(["عنوان", "Title & <b>", "ع " * 900])), spans))
    if mode == "extractive":
        sentences = [Sentence(one.quote, (one.number,)) for one in citations]
    else:
        said = draw(st.lists(TEXTS.filter(lambda text: bool(ink(sendable(text)))), min_size=1, max_size=4))
        sentences = [Sentence(text, (draw(st.integers(1, len(quotes))),), ("compared",)) for text in said]
    return answer(tuple(sentences), tuple(citations), mode, language)


@settings(deadline=None, max_examples=120)
@given(answers())
def test_an_answer_arrives_whole_once_and_in_order(given_answer: Answer) -> None:
    messages = answer_messages(given_answer, label_of)
    parts = [read(message.html) for message in messages]
    assert [message.plain for message in messages] == [text for text, _ in parts]
    check_order(given_answer, "".join(ink(text) for text, _ in parts))
    for text, entities in parts:
        quotes, rest = apart(text, entities)
        assert not text.startswith("\u00a0")  # a marker without its sentence
        assert given_answer.mode == "llm" or not rest.startswith("\u2066[") or quotes  # a source without its quote
        assert all(begins_well(line, language_due(line, given_answer)) for line in rest.split("\n") if line.strip())
    pieces = [quote for text, entities in parts for quote in apart(text, entities)[0]]
    assert ink("".join(pieces)) == ink("".join(sendable(one.quote) for one in quotes_in_order(given_answer)))
    assert not re.search("[\u2066-\u2069]", "".join(pieces))


def language_due(line: str, given_answer: Answer) -> Language:
    """Return the language by which a line is laid out: a source's is that of its title."""
    titles = [one.title or "" for one in given_answer.citations if ink(line).startswith(f"[{one.number}]")]
    return next((language_of(one) for one in titles if ink(sendable(one))[:9] in ink(line)), given_answer.language)


def quotes_in_order(given_answer: Answer) -> list[Citation]:
    """Return the quotes as they are to come: each below its sentence, however often, then those of no sentence."""
    if given_answer.mode == "extractive":
        return list(given_answer.citations)
    beside = [given_answer.citations[sentence.citations[0] - 1] for sentence in given_answer.sentences]
    return [*beside, *(one for one in given_answer.citations if one not in beside)]


def check_order(given_answer: Answer, whole: str) -> None:
    at = 0
    if given_answer.mode == "extractive":
        for one in given_answer.citations:
            at = after(whole, ink(sendable(one.quote)) + f"[{one.number}]", at)
        return
    said = dict(enumerate(given_answer.sentences))
    for number, one in enumerate(quotes_in_order(given_answer)):
        if number in said:
            at = after(whole, ink(sendable(said[number].text)) + f"[{one.number}]", at)
        at = after(whole, ink(sendable(one.quote)), at)
        if number not in said:
            at = after(whole, f"[{one.number}]", at)


def after(whole: str, part: str, at: int) -> int:
    place = whole.find(part, at)
    assert place >= 0, part
    return place + len(part)


def apart(text: str, entities: list[JSON]) -> tuple[list[str], str]:
    """Return what stands in blockquotes, and the rest."""
    raw, quotes, rest, at = text.encode("utf-16-le"), [], [], 0
    for entity in entities:
        if "quote" in entity["type"]:
            start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            quotes.append(raw[start:end].decode("utf-16-le"))
            rest.append(raw[at:start].decode("utf-16-le"))
            at = end
    return quotes, "".join([*rest, raw[at:].decode("utf-16-le")]).strip("\n")


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("Reuters قالت إن الهجوم وقع أمس في المدينة", "\u200fReuters قالت إن الهجوم وقع أمس في المدينة"),
        ("قالت Reuters إن الهجوم", "قالت Reuters إن الهجوم"),
        ("«2019»\nقال", "\u200f«2019»\nقال"),
        ("النص \u202bيمين\u202c", "النص يمين"),
        ("a\u030a b", "å b"),
    ],
)
def test_a_quote_gets_a_mark_only_where_a_line_needs_one(quote: str, expected: str) -> None:
    (message,) = answer_messages(answer((Sentence(quote, (1,)),), (citation(1, quote),), "extractive"), label_of)
    assert shown(message.html, "quote") == [expected]


def test_matched_words_are_bold_inside_the_quote() -> None:
    block = quote_block(citation(1, "افتتح <الوزير> جسر النيل", matched=(Span(6, 14), Span(15, 18))), "folded")
    expected = "<blockquote expandable>افتتح <b>&lt;الوزير&gt;</b> <b>جسر</b> النيل</blockquote>"
    assert html_of([block]) == expected


def test_what_answers_is_alone_bold_inside_its_quote() -> None:
    said = replace(
        citation(1, "قتل تسعة أشخاص <هنا>", matched=(Span(0, 3),)),
        expression=AnswerExpression("تسعة أشخاص", 4, 14, "number"),
    )
    assert html_of([quote_block(said, "quote")]) == "<blockquote>قتل <b>تسعة أشخاص</b> &lt;هنا&gt;</blockquote>"


def test_what_answers_is_said_in_english_above_the_quote() -> None:
    said = replace(citation(1, "تسعة أشخاص."), expression=AnswerExpression("تسعة أشخاص", 0, 10, "number", "9 people"))
    asked = answer((Sentence(said.quote, (1,)),), (said,), "extractive", "en")
    assert read(answer_messages(asked, label_of)[0].html)[0].startswith("The first quote says: 9 people\n")


def test_an_extractive_answer_says_each_sentence_once_and_marks_it_below() -> None:
    quote = "افتتح الوزير الجسر."
    (message,) = answer_messages(answer((Sentence(quote, (1,)),), (citation(1, quote),), "extractive"), label_of)
    assert message.html == (
        "<blockquote>افتتح الوزير الجسر.</blockquote>\n\u2066[1]\u2069 عنوان · وكالة الضفة · 14 مايو 2019"
    )


def test_each_sentence_of_a_model_stands_over_its_quote_with_what_was_done() -> None:
    said = (Sentence("افتتح الجسر.", (1,), ("compared",)), Sentence("افتتحه وزير.", (1,), ("compared", "read_twice")))
    (message,) = answer_messages(replace(answer(said, (citation(1, "افتتح الوزير الجسر."),)), written=3), label_of)
    assert message.html == (
        "افتتح الجسر.\u00a0\u2066[1]\u2069<i> (قورنت أرقامها وأسماؤها)</i>\n"
        "<blockquote>افتتح الوزير الجسر.</blockquote>\n"
        "\u2066[1]\u2069 عنوان · وكالة الضفة · 14 مايو 2019\n\n"
        "افتتحه وزير.\u00a0\u2066[1]\u2069<i> (قورنت أرقامها وأسماؤها، قُرئت مرتين)</i>\n"
        "<blockquote>افتتح الوزير الجسر.</blockquote>\n\n"
        "اجتازت الفحص 2 من 3 من الجمل، وحُذف ما سواها."
    )


def test_buttons_stand_under_the_last_message_and_from_right_to_left_in_arabic() -> None:
    quotes = tuple(citation(number, "قال الوزير إن الجسر مفتوح. " * 120) for number in (1, 2))
    given_answer = answer(tuple(Sentence(one.quote, (one.number,)) for one in quotes), quotes, "extractive")
    first, last = answer_messages(given_answer, label_of, suggestions=["متى افتتح؟"])
    assert first.buttons == ()
    assert [button.action for row in last.buttons[:2] for button in row] == ["source:1", "source:2"]
    assert [button.action for button in last.buttons[2]] == ["wrong_source", "bad", "good"]
    assert [button.text for button in last.buttons[-1]] == ["متى افتتح؟"]
    (english,) = answer_messages(replace(given_answer, language="en", citations=quotes[:1], sentences=()), label_of)
    assert [button.action for button in english.buttons[1]] == ["good", "bad", "wrong_source"]


def test_source_s_button_names_outlet_and_title_and_opens_its_page() -> None:
    here = citation(1, "قال الوزير.")
    there = replace(citation(2, "Reuters قالت.", "Talks in Sochi"), source="رويترز", url="https://example.org/a#top")
    asked = answer(tuple(Sentence(one.quote, (one.number,)) for one in (here, there)), (here, there), "extractive")
    (message,) = answer_messages(asked, label_of)
    (first,), (second,), (passage,), *_ = message.buttons
    assert first == Button("\u200f1 · وكالة الضفة · عنوان", "source:1")
    assert second.text == "\u200e2 · \u2067رويترز\u2069 · Talks in Sochi"
    assert second.url == there.link_to(there.quote)
    assert passage == Button("في المقالة 2", "source:2")
    assert draft_of(message, "key").keyboard[1] == [{"text": second.text, "url": second.url}]


def test_long_names_on_a_button_are_cut() -> None:
    cited = replace(citation(1, "قال.", "كلمة " * 90), source="وكالة " * 30)
    (button,), *_ = answer_messages(answer((), (cited,), "llm"), label_of)[0].buttons
    assert len(button.text) < 100


def test_source_stands_below_each_quote_and_copies_below_it() -> None:
    quotes = tuple(replace(citation(number, f"قال {number}."), outlets=("رويترز", None, "AFP")) for number in (1, 2, 3))
    said = (Sentence("قال 1.", (1, 2)),)
    (message,) = answer_messages(answer(said, quotes, "extractive"), label_of)
    lines = message.plain.replace("\u2066", "").replace("\u2069", "").split("\n")
    copies = ["أيضًا في: رويترز، AFP", "ونشرته وسيلة إعلامية أخرى"]
    for number in (1, 2, 3):
        at = lines.index(f"قال {number}.")
        assert lines[at + 1 : at + 4] == [f"[{number}] عنوان · وكالة الضفة · 14 مايو 2019", *copies]


def test_a_refusal_says_what_is_held_and_offers_no_source() -> None:
    refused = replace(
        answer((), (), "extractive", "en"),
        found=False,
        covered=CoverageSummary(2, ("خبر: 3 قتلى في Homs",)),
        missing=("Paris",),
    )
    (message,) = answer_messages(refused, label_of)
    assert message.plain.split("\n")[-1] == "• خبر: 3 قتلى في \u2066Homs\u2069"
    assert not [button for row in message.buttons for button in row if button.action.startswith(("source", "wrong"))]


def test_a_preview_is_whole_html_under_the_line_that_says_what_is_done() -> None:
    extracts = answer((Sentence("قال.", (1,)),), (citation(1, "قال."),), "extractive")
    draft = AnswerDraft("ar").after(ExtractsEvent(extracts)).after(StageEvent("writing"))
    quoted = "<blockquote>قال.</blockquote>\n\u2066[1]\u2069 عنوان · وكالة الضفة · 14 مايو 2019"
    assert preview_html(draft, label_of) == (
        f"<i>الجواب قيد الكتابة؛ وهذا ريثما يكتمل من المقالات بنصها:</i>\n\n{quoted}"
    )
    said = SentenceEvent(Sentence("قال <الوزير>.", (1,), ("compared",)), (citation(1, "قال الوزير"),))
    first, _, sentence, *_ = preview_html(draft.after(said), label_of).split("\n")
    assert (first, sentence) == (
        *("<i>أكتب…</i>", "قال &lt;الوزير&gt;.\u00a0\u2066[1]\u2069<i> (قورنت أرقامها وأسماؤها)</i>"),
    )
    assert preview_html(AnswerDraft("ar"), label_of) == "<i>أبحث…</i>"


@pytest.mark.parametrize("mode", ["extractive", "llm"])
def test_a_preview_of_the_longest_answer_fits_one_message(mode: str) -> None:
    quotes = tuple(citation(number, "قال الوزير إن الجسر مفتوح. " * 120) for number in (1, 2, 3))
    said = tuple(Sentence(one.quote, (one.number,)) for one in quotes)
    if mode == "llm":
        said = tuple(Sentence("الجسر مفتوح.", (one.number,), ("compared",)) for one in quotes)
    text, _ = read(preview_html(AnswerDraft("ar", None, answer(said, quotes, mode)), label_of))
    assert "[1]" in text


def article(text: str) -> Article:
    return Article("a", "a.txt", text, (Span(0, len(text)),), title="عنوان", source="وكالة", published="2019-05-14")


@pytest.mark.parametrize("size", [10, 1000, 9000])
def test_a_source_shows_the_quote_in_its_place(size: int) -> None:
    text = "أول الخبر. " * size + "افتتح الوزير الجسر." + " آخر الخبر." * size
    start = text.index("افتتح")
    one = replace(citation(1, "افتتح الوزير الجسر."), start=start, end=start + 19)
    messages = source_messages(article(text), one, "ar", later=True)
    assert [quote for message in messages for quote in shown(message.html, "quote")] == ["افتتح الوزير الجسر."]
    assert [button.action for button in messages[-1].buttons[0]] == ["later"]


@pytest.mark.parametrize("question", ["من افتتح جسر النيل في أسوان؟", "Who opened the Nile bridge in Aswan?"])
def test_the_question_s_words_are_bold_in_either_language(index: Index, question: str) -> None:
    given_answer = Sanad(index).ask(question)
    message: Message = answer_messages(given_answer, lambda found: index.article_by_id(found).label)[0]
    bold = " ".join(shown(message.html, "bold"))
    assert "النيل" in bold
    assert "أسوان" in bold
    assert language_of(question) == given_answer.language
    assert utf16(bold) == len(bold)


@pytest.mark.parametrize(
    ("published", "dated", "line"),
    [
        ("2019-05-14", "9 رمضان 1440 هـ", "[1] عنوان · وكالة الضفة · 14 مايو 2019 · 9 رمضان 1440 هـ"),
        (None, "الثلاثاء 14 مايو", "[1] عنوان · وكالة الضفة · الثلاثاء 14 مايو"),
        (None, None, "[1] عنوان · وكالة الضفة"),
    ],
)
def test_a_source_is_dated_as_its_article_is(published: str | None, dated: str | None, line: str) -> None:
    cited = replace(citation(1, "نعم."), published=published, dated=dated)
    (message,) = answer_messages(answer((Sentence("نعم.", (1,)),), (cited,), "extractive"), label_of)
    assert line in INVISIBLE.sub("", read(message.html)[0]).splitlines()


def test_the_filters_in_force_are_named_once() -> None:
    within = Narrowing(Filters("2019-05-01", "2019-05-31", "Reuters"), articles=2, undated=0)
    said = replace(answer((Sentence("نعم.", (1,)),), (citation(1, "نعم."),), "extractive"), filters=within)
    refused = replace(said, found=False, sentences=(), citations=(), covered=CoverageSummary(2, ("عنوان",)))
    for one in (said, refused):
        text = INVISIBLE.sub("", read(answer_messages(one, label_of)[0].html)[0])
        assert text.count("البحث مقصور على مقالات مصدرها Reuters ونُشرت في مايو 2019.") == 1


def test_nearest_quotes_are_led_in_and_have_their_buttons() -> None:
    quotes = (citation(1, "قال الوزير إن الجسر مفتوح."),)
    near = replace(answer((Sentence(quotes[0].quote, (1,)),), quotes, "extractive", "en"), found=False)
    (message,) = answer_messages(near, label_of)
    text, _ = read(message.html)
    assert text.startswith("The articles do not say this; closest to it:")
    assert shown(message.html, "blockquote") == [quotes[0].quote]
    assert [button.action for button in message.buttons[0]] == ["source:1"]


def test_a_reply_has_no_button_and_each_line_its_direction() -> None:
    held = CoverageSummary(2, ("خبر من Homs",))
    refused = replace(answer((), (), "extractive", "en"), found=False, reply="greeting", covered=held)
    (message,) = answer_messages(refused, label_of)
    assert message.buttons == ()
    assert message.plain.split("\n")[-2] == "• خبر من \u2066Homs\u2069"
    (foreign,) = answer_messages(replace(refused, reply="foreign", covered=None), label_of)
    for line, language in zip(foreign.plain.split("\n"), ("ar", "en"), strict=True):
        assert begins_well(line, "ar" if language == "ar" else "en")


def test_several_answers_have_their_questions_and_their_sources_together() -> None:
    quotes = (citation(1, "قال الوزير إن الجسر مفتوح."),)
    one = answer((Sentence(quotes[0].quote, (1,)),), quotes, "extractive")
    refused = replace(answer((), (), "extractive"), found=False, question="<متى>؟")
    both = combined_answer("؟", [one, renumbered(one, 1), refused], ["لماذا؟"])
    (message,) = answer_messages(both, label_of)
    text, _ = read(message.html)
    assert [line for line in text.split("\n") if line.startswith("السؤال: ")] == [
        *("السؤال: سؤال", "السؤال: سؤال", "السؤال: <متى>؟")
    ]
    assert shown(message.html, "blockquote") == [quotes[0].quote] * 2
    assert text.split("\n")[-1].endswith("لماذا؟")
    assert [button.action for row in message.buttons[:2] for button in row] == ["source:1", "source:2"]


@pytest.mark.parametrize(
    ("language", "title", "line"),
    [
        ("en", "لقاء في أنقرة", "\u2066[1]\u2069 لقاء في أنقرة · وكالة الضفة · \u206614 May 2019\u2069"),
        ("ar", "A meeting", "\u2066[1]\u2069 A meeting · \u2067وكالة الضفة\u2069 · \u206714 مايو 2019\u2069"),
        ("en", "2254", "\u200e\u2066[1]\u2069 2254 · \u2067وكالة الضفة\u2069 · 14 May 2019"),
    ],
)
def test_a_source_is_laid_out_in_the_direction_of_its_title(language: Language, title: str, line: str) -> None:
    said = answer((Sentence("نعم.", (1,)),), (citation(1, "نعم.", title),), "extractive", language)
    (message,) = answer_messages(said, label_of)
    assert message.plain.split("\n")[-1] == line


def test_a_source_leads_to_its_quote_in_its_page() -> None:
    first = replace(citation(1, "قال: «لا، نعم & كلا»."), url="https://news.example/a?b=1&c=2")
    said = answer((Sentence(first.quote, (1,)),), (first, citation(2, "بلا عنوان")), "extractive")
    (message,) = answer_messages(said, lambda article_id: article_id)
    _, entities = read(message.html)
    (link,) = [entity["url"] for entity in entities if entity["type"] == "text_link"]
    page, _, fragment = link.partition("#:~:text=")
    assert page == "https://news.example/a?b=1&c=2"
    assert unquote(fragment) == first.quote
    assert not set(fragment) & set(",&-")
    assert ink(shown(message.html, "text_link")[0]) == "عنوان"
