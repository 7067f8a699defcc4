"""The encoding of a text is told by its bytes, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.errors import ArticleError
from retrieval.readers.encodings import decode

SEEDS = sorted((Path(__file__).parents[3] / "seeds").glob("*.txt"))
TEXTS = [path.read_text(encoding="utf-8") for path in SEEDS]
ARABIC = "قال وزير الخارجية الروسي سيرغي لافروف إن الاجتماع مع نظيره الأمريكي كان مفيدا للطرفين."


@pytest.mark.parametrize("number", range(len(TEXTS)))
@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16le"),
        ("utf-16-le", "utf-16le"),
        ("utf-16-be", "utf-16be"),
        ("utf-32", "utf-32-le"),
        ("cp1256", "windows-1256"),
        ("iso8859-6", "iso-8859-6"),
    ],
)
def test_the_seeds_are_read_in_each_encoding(number: int, codec: str, encoding: str) -> None:
    data = TEXTS[number].encode(codec, "ignore")
    assert decode(data) == (data.decode(codec), encoding)


@pytest.mark.parametrize("codec", ["cp1256", "iso8859-6"])
def test_no_part_of_a_seed_is_taken_for_another_encoding(codec: str) -> None:
    parts = [text[at : at + 300].encode(codec, "ignore") for text in TEXTS for at in range(0, len(text), 300)]
    wrong = refused = 0
    for part in parts:
        try:
            wrong += decode(part).text != part.decode(codec)
        except ArticleError:
            refused += 1
    assert wrong == 0
    assert refused <= 0.05 * len(parts)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("L'été dernier, à Genève, les délégués ont été reçus à la préfecture où l'évêque a parlé.", "cp1252"),
        ("Schöne Grüße aus München, für alle Völker größer.", "latin-1"),
        ("Министры встретились в понедельник в Москве.", "cp1251"),
        ("Министры встретились в понедельник в Москве.", "koi8-r"),
        (ARABIC, "cp720"),
        (ARABIC, "mac_arabic"),
        ("قال", "cp1256"),
    ],
)
def test_what_cannot_be_told_is_refused_and_not_guessed(text: str, codec: str) -> None:
    with pytest.raises(ArticleError, match=r"is not UTF-8 \(byte 0x.*save it as UTF-8"):
        decode(text.encode(codec))


def test_a_declared_encoding_is_believed_where_the_bytes_are_not_utf_8() -> None:
    assert decode("قال".encode("cp1256"), "windows-1256") == ("قال", "windows-1256")
    assert decode("قال".encode(), "windows-1256") == ("قال", "utf-8")


@pytest.mark.parametrize("declared", ["rot13", "bz2", "zip", "quopri", "unicode_escape", "punycode", "charmap", "none"])
def test_a_declared_encoding_that_no_page_can_have_is_passed_over(declared: str) -> None:
    assert decode(ARABIC.encode("cp1256"), declared) == (ARABIC, "windows-1256")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (ARABIC.encode()[:21], "ends in the middle of a character"),
        (ARABIC.encode("utf-16")[:-1], "ends in the middle of a character"),
        (b"\xff\xfe\x00\xdc\x00\x00", "says that it is UTF-16LE and is not"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is binary"),
        (bytes(range(1, 32)) * 4, "is binary"),
    ],
)
def test_a_broken_text_says_how_it_is_broken(data: bytes, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        decode(data)


def test_french_words_in_an_arabic_text_of_windows_1256_are_read() -> None:
    text = f"{ARABIC} café, résumé"
    assert decode(text.encode("cp1256")) == (text, "windows-1256")
