"""Whether a text can be read, by how often which letter follows which in Arabic words. Pure.

Told are letters of another encoding («Ø§Ù„Ø®Ø¨Ø±»), words whose letters stand in reverse, and letters that stand for
others, as a font gives that names its glyphs wrongly. Other languages are not judged.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Garble = Literal["mojibake", "mirrored", "letters"]

JUDGED_TOGETHER = 120  # letters that are judged together
LEAST_JUDGED = 40  # of the last ones
LEAST_SHARE = 0.25  # of a text's letters that are garbled, so that it is
# Nats a pair of letters, by bench/letters.py: no paragraph of XQuAD, ARCD or TyDi QA has less than -3.1 or a lead below
# 0.4; with letters exchanged at random none has more than -3.8. A list of verbs of the dialects leads by -0.3.
LEAST_LIKELY = -3.5
LEAST_LEAD = 0.3  # of the words read backwards
ACCENTED_SHARE = 0.4  # of letters; French has less than 0.1, Vietnamese 0.3
PAIRS_SHARE = 0.6  # of letters and signs, in UTF-8 that was read as Windows-1256
FOREIGN_SHARE = 0.005  # of letters that Arabic has not, as Persian and Urdu have

_SMOOTHING = 0.5
_EDGE = " "
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
_WORD = re.compile("[\u0621-\u063a\u0641-\u064a]+")
_FOREIGN = re.compile("[\u0671-\u06d3\u06fa-\u06ff]")
_ACCENTED = re.compile("[\u00c0-\u00ff]")
# The two bytes of an Arabic letter in UTF-8, D8 to DB and 80 to BF, as Windows-1256 shows them.
_PAIR = re.compile(f"[طظعغ][{re.escape(bytes(range(0x80, 0xC0)).decode('cp1256'))}]")


def garble_of(text: str) -> Garble | None:
    """Return what makes a quarter of a text illegible; None where nothing does.

    >>> garble_of("Ø£Ø¹Ù„Ù† Ø§Ù„ÙˆØ²ÙŠØ± Ø£Ù† Ø§Ù„Ù…ÙØ§ÙˆØ¶Ø§Øª Ø³ØªØ¨Ø¯Ø£ ØºØ¯Ø§")
    'mojibake'
    >>> garble_of("نلعأ ريزولا نأ تاضوافملا أدبتس ادغ يف ةنيدملا ةميدقلا دعب مايأ نم راظتنالا")
    'mirrored'
    >>> garble_of("أعلن الوزير أن المفاوضات ستبدأ غدا في المدينة القديمة بعد أيام من الانتظار") is None
    True
    """
    found: dict[Garble, int] = {}
    letters = 0
    for window in _windows(text):
        size = sum(map(len, window))
        letters += size
        if kind := _garble_of_window(window):
            found[kind] = found.get(kind, 0) + size
    return next((kind for kind in get_args(Garble) if found.get(kind, 0) > LEAST_SHARE * letters), None)


def is_mirrored(text: str) -> bool:
    """Return whether Arabic words have their letters in reverse.

    >>> is_mirrored("ةفثكم تاءاقل يف بلدإ"), is_mirrored("لقاءات مكثفة في إدلب")
    (True, False)
    """
    words = _WORD.findall(_MARKS.sub("", text))
    return _likelihood(words) < _likelihood([word[::-1] for word in words]) - LEAST_LEAD


def _windows(text: str) -> Iterator[list[str]]:
    """Yield the words of a text, as many together as are judged at once."""
    window: list[str] = []
    size = 0
    for word in text.split():
        window.append(word)
        size += len(word)
        if size >= JUDGED_TOGETHER:
            yield window
            window, size = [], 0
    if size >= LEAST_JUDGED:
        yield window


def _garble_of_window(window: Sequence[str]) -> Garble | None:
    text = _MARKS.sub("", _EDGE.join(window))
    letters = sum(map(str.isalpha, text))
    if len(_ACCENTED.findall(text)) > ACCENTED_SHARE * letters > 0:
        return "mojibake"
    if 2 * len(_PAIR.findall(text)) > PAIRS_SHARE * (len(text) - text.count(_EDGE)):
        return "mojibake"
    words = _WORD.findall(text)
    if sum(map(len, words)) < LEAST_JUDGED:
        return None
    likelihood = _likelihood(words)
    if likelihood < _likelihood([word[::-1] for word in words]) - LEAST_LEAD:
        return "mirrored"
    is_arabic = len(_FOREIGN.findall(text)) <= FOREIGN_SHARE * letters
    return "letters" if is_arabic and likelihood < LEAST_LIKELY else None


def _likelihood(words: Sequence[str]) -> float:
    """Return how likely each letter of Arabic words is after the one before it, in nats."""
    pairs = [pair for word in words for pair in zip(_EDGE + word, word + _EDGE, strict=True)]
    likelihoods = _likelihoods()
    return sum(likelihoods[pair] for pair in pairs) / max(len(pairs), 1)


@cache
def _likelihoods() -> dict[tuple[str, str], float]:
    """Return the logarithm of how often a letter, or the end of a word, follows another, or its beginning."""
    counts: dict[str, dict[str, int]] = json.loads(
        (files("retrieval.nlp") / "data" / "letter_pairs.json").read_text(encoding="utf-8")
    )
    letters = [_EDGE, *(chr(code) for code in (*range(0x621, 0x63B), *range(0x641, 0x64B)))]
    return {
        (one, two): math.log(
            (counts.get(one, {}).get(two, 0) + _SMOOTHING)
            / (sum(counts.get(one, {}).values()) + _SMOOTHING * len(letters))
        )
        for one in letters
        for two in letters
    }
