"""The encoding of a text that does not name it: UTF-8, UTF-16, UTF-32, Windows-1256 or ISO-8859-6.

The two older Arabic encodings share the bytes of half their letters, so that reading one as the other gives
Arabic letters all the same. What tells them apart is how often each letter then occurs.
"""

from __future__ import annotations

import codecs
import math
import re
from typing import NamedTuple

from retrieval.errors import ArticleError

CONTROL_SHARE = 0.1  # of the characters; more means that the file is no text
LEAST_ARABIC = (
    0.8  # of the letters above ASCII, in a text of an older Arabic encoding; French in Windows-1252 has < 0.4
)
_LEAST_LETTERS = 8  # Arabic ones, that an older encoding is known by
LEAST_MARGIN = 0.2  # nats a letter by which the likelier encoding must lead; 300 bytes of the seeds lead by 0.38
WORST_LIKELIHOOD = -3.45  # nats a letter; 80 of the seeds' have -3.3 or more, Mac Arabic read as Windows-1256 has -3.97
SAMPLE = 200_000  # bytes that are enough to know an encoding by

_MARKS = (  # the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")  # that no text needs
_OLDER = ("cp1256", "iso8859-6")
# What Python calls encodings, and no page is written in.
_NO_CHARSETS = ("utf-8", "utf-7", "undefined", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "charmap")
_SHOWN = {"cp1256": "windows-1256", "iso8859-6": "iso-8859-6", "utf-16-le": "utf-16le", "utf-16-be": "utf-16be"}

# Letters of Arabic prose from the most frequent to the rarest, with how many of a thousand each is, rounded.
_FREQUENT = (
    "ا 155 ل 120 ي 72 م 62 و 60 ن 60 ر 50 ت 48 ب 36 ع 34 د 32 ه 31 ة 30 أ 28 س 27 ف 27 ق 26 ك 23 ح 20 ج 15"
    " ش 13 إ 12 ط 11 ص 10 ى 10 خ 9 ض 8 ذ 7 ء 6 ث 6 ز 6 غ 4 ئ 4 ظ 3 آ 3 ؤ 2"
).split()
_LIKELIHOOD = {
    letter: math.log(int(count) / 1000) for letter, count in zip(_FREQUENT[::2], _FREQUENT[1::2], strict=True)
}
_UNLIKELY = math.log(0.0005)  # of any other character above ASCII


class Decoded(NamedTuple):
    """A text as it is stored, and the encoding that its file has."""

    text: str
    encoding: str  # as the IANA writes it, in lower case


def decode(data: bytes, declared: str | None = None) -> Decoded:
    r"""Return the text in the bytes of a file, without a byte order mark at its head and otherwise untouched.

    An encoding that the file declares is believed where the bytes are not UTF-8.

    >>> decode("قال الوزير إن الاجتماع طويل".encode("cp1256"))
    Decoded(text='قال الوزير إن الاجتماع طويل', encoding='windows-1256')
    >>> decode("\ufeffقال".encode("utf-16-le")).encoding, decode("قال الوزير".encode("utf-16-be")).encoding
    ('utf-16le', 'utf-16be')

    Raises:
        ArticleError: it is binary, cut in the middle of a character, or in no encoding that can be told.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding)
    if b"\0" in data:
        return _strict(data, _wide(data))
    try:
        return _checked(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if error.end == len(data) and "end of data" in error.reason:
            raise ArticleError(
                "ends in the middle of a character, as a half-written file does; copy it again"
            ) from error
        if declared and (known := _known(declared)):
            return _strict(data, known)
        return _older(data, error)


def _known(declared: str) -> str | None:
    """Return a declared encoding's name as Python has it; None for none that a page can have."""
    try:
        found = codecs.lookup(declared)
        b"a".decode(found.name)  # refuses what turns bytes into bytes, or text into text, as bz2 and rot13
    except (LookupError, ValueError):
        return None
    return None if found.name in _NO_CHARSETS or not found.name.isascii() else found.name


def _wide(data: bytes) -> str:
    """Return which UTF-16 a text without a mark is in: Arabic and ASCII have their high bytes at every other place."""
    head = data[:SAMPLE]
    for encoding, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        plausible = sum(high.count(byte) for byte in (0x00, 0x06, 0x20, 0xFB, 0xFE))
        low = head[0::2] if encoding == "utf-16-le" else head[1::2]
        if plausible > 0.9 * len(high) and low.count(0) < 0.05 * len(low):
            return encoding
    raise ArticleError(f"is binary: a NUL byte at offset {data.index(0)}")


def _strict(data: bytes, encoding: str) -> Decoded:
    try:
        return _checked(data.decode(encoding), _SHOWN.get(encoding, encoding))
    except UnicodeDecodeError as error:
        shown = _SHOWN.get(encoding, encoding).upper()
        if error.end == len(data) or "truncated" in error.reason:
            reason = "ends in the middle of a character, as a half-written file does; copy it again"
        else:
            reason = f"says that it is {shown} and is not (offset {error.start}); save it as UTF-8"
        raise ArticleError(reason) from error


def _checked(text: str, encoding: str) -> Decoded:
    head = text[:SAMPLE]
    if "\0" in head or len(_CONTROLS.findall(head)) > CONTROL_SHARE * len(head):
        raise ArticleError("is binary: too many control characters for a text")
    return Decoded(text, encoding)


def _older(data: bytes, error: UnicodeDecodeError) -> Decoded:
    """Return a text of one of the older Arabic encodings, where its letters show which."""
    by_likelihood = sorted(((likelihood_of(data[:SAMPLE], encoding), encoding) for encoding in _OLDER), reverse=True)
    (best, encoding), (second, _) = by_likelihood
    if best < WORST_LIKELIHOOD or best - second < LEAST_MARGIN:
        byte = data[error.start]
        raise ArticleError(
            f"is not UTF-8 (byte 0x{byte:02X} at offset {error.start}), and not plainly Arabic in Windows-1256"
            " or ISO-8859-6; save it as UTF-8: iconv -f ENCODING -t UTF-8 OLD > NEW"
        ) from error
    return _strict(data, encoding)


def likelihood_of(data: bytes, encoding: str) -> float:
    """Return how likely Arabic prose in an encoding is to have these bytes, in nats a letter above ASCII.

    Minus infinity for bytes that the encoding does not have, and where too few of the letters are Arabic.
    """
    try:
        letters = [letter for letter in data.decode(encoding) if letter > "\x7f" and letter.isalpha()]
    except UnicodeDecodeError:
        return -math.inf
    arabic = sum(letter in _LIKELIHOOD for letter in letters)
    if arabic < _LEAST_LETTERS or arabic < LEAST_ARABIC * len(letters):
        return -math.inf
    return sum(_LIKELIHOOD.get(letter, _UNLIKELY) for letter in letters) / len(letters)
