from __future__ import annotations

import pytest
from support.servers.telegram.text import parse_html, tidy

from bot.telegram.messages.html import (
    MOST_ENTITIES,
    MOST_POINTS,
    Block,
    Kind,
    Run,
    fits,
    html_of,
    plain_of,
    split_message,
)
from retrieval.types import Language


def paragraph(text: str, kind: Kind = "text", language: Language = "ar", *, kept: bool = False) -> Block:
    return Block((Run(text),), language, kind, kept=kept)


def cut(text: str, language: Language = "ar") -> list[str]:
    return [plain_of(part) for part in split_message([paragraph(text, language=language)])]


@pytest.mark.parametrize("end", [".", "!", "؟", "؛", "…", ".»", ".”"])
def test_a_long_text_is_cut_where_a_sentence_ends(end: str) -> None:
    sentence = "قال الوزير في بيان إن الجسر افتتح أمس في أسوان"
    head, rest = cut(f"{sentence}{end} " * 100)
    assert head.endswith(f"أسوان{end}")
    assert rest.lstrip("\u200f").startswith("قال")
    assert len(head) > MOST_POINTS - 2 * len(sentence)


@pytest.mark.parametrize(
    "sentence", ["قال د. علي إن 3.5٪ «نعم. لا» وافقوا أمس. ", "It was 3.5 percent, Dr. Smith said. "]
)
def test_no_cut_after_what_only_looks_like_an_end(sentence: str) -> None:
    head, _ = cut(sentence * 150, "ar" if sentence < "~" else "en")
    assert head.endswith(sentence.strip())


def test_a_sentence_longer_than_a_message_is_cut_at_a_word() -> None:
    parts = cut("كلمة " * 2000)
    assert len(parts) == 3
    assert {word for part in parts for word in part.split()} == {"كلمة"}


def test_one_endless_word_is_cut_anyhow_but_no_letter_from_its_marks() -> None:
    parts = cut("بُّ" * 3000)
    assert "".join(parts) == "بُّ" * 3000
    assert all(part.startswith("ب") for part in parts)


def test_no_isolate_is_cut_in_two() -> None:
    parts = cut("قال \u2066one two three\u2069 " * 300)
    assert all(part.count("\u2066") == part.count("\u2069") for part in parts)


def test_code_points_count_and_not_bytes_or_utf_16() -> None:
    assert cut("😀" * MOST_POINTS) == ["\u200f" + "😀" * (MOST_POINTS - 1), "\u200f😀"]
    assert fits([paragraph("😀" * MOST_POINTS)])
    assert not fits([paragraph("ب" * (MOST_POINTS + 1))])


def test_more_entities_than_telegram_keeps_make_another_message() -> None:
    runs = tuple(run for _ in range(300) for run in (Run("كلمة", "bold"), Run(" ثم. ")))
    parts = split_message([Block(runs, "ar", "folded")])
    counted = [len(tidy(*parse_html(html_of(part), []), [])[1]) for part in parts]
    assert sum(counted) == 300 + len(parts)
    assert max(counted) <= MOST_ENTITIES


def test_blocks_that_belong_together_move_together() -> None:
    long, source, quote = paragraph("نص. " * 1020), paragraph("المصدر", kept=True), paragraph("قال. " * 20, "folded")
    assert [[block.text.strip() for block in part] for part in split_message([long, source, quote])] == [
        [long.text.strip()],
        ["المصدر", quote.text.strip()],
    ]


def test_a_source_below_never_stands_without_its_quote() -> None:
    quote = Block((Run("قال الوزير نعم. " * 256),), "ar", "quote", kept=True)
    first, second = split_message([quote, paragraph("المصدر")])
    assert [block.kind for block in first] == ["quote"]
    assert [block.kind for block in second] == ["quote", "text"]


def test_a_link_s_address_cannot_break_out_of_its_tag() -> None:
    block = Block((Run("خبر", url='https://example.org/?a=1&b="><b>'),), "ar")
    assert html_of([block]) == '<a href="https://example.org/?a=1&amp;b=&quot;&gt;&lt;b&gt;">خبر</a>'


def test_nothing_makes_no_message() -> None:
    assert split_message([paragraph(" \n ")]) == []
