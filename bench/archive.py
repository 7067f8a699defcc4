"""An archive of generated Arabic articles: the words of the lexicon, as often as words are, in sentences of news.

The same numbers give the same texts on every machine. What they say makes no sense; how many words there are, how
they are shared between articles and how long it all is, is that of news.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

LEXICON = Path(__file__).parents[1] / "retrieval" / "nlp" / "data"
OPENINGS = ("قال", "أعلن", "أكد", "وأوضح", "وأضاف", "نفى", "ذكرت", "وأشار", "بحث", "افتتح", "وتابع", "دعا")
JOINTS = ("في", "من", "إلى", "على", "عن", "مع", "بعد", "قبل", "بين", "خلال", "أن", "التي", "الذي")
MONTHS = ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر")
PARAGRAPHS = 9  # of an article; they make some six passages


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """Return the lexicon's Arabic words and how often each is used, added up: Zipf's law, in an order by lot."""
    words = set()
    for table in sorted(LEXICON.glob("*.tsv")):
        for line in table.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                words.update(line.partition("\t")[2].replace("|", " ").split())
    ordered = sorted(word for word in words if len(word) > 2)
    random.Random(0).shuffle(ordered)
    return ordered, list(accumulate(1 / (rank + 10) for rank in range(len(ordered))))


def article(number: int) -> str:
    """Return the text of an article."""
    lot = random.Random(number)
    title = f"{' '.join(_words(lot, 6))} {number}"
    date = f"{lot.randint(1, 28)} {lot.choice(MONTHS)} {lot.randint(2015, 2024)}"
    paragraphs = [" ".join(_sentence(lot) for _ in range(lot.randint(2, 4))) for _ in range(PARAGRAPHS)]
    return "\n\n".join([title, date, *paragraphs]) + "\n"


def question(number: int, articles: int) -> str:
    """Return a question about one of so many articles: some of its words that stand near each other."""
    lot = random.Random(f"question {number}")
    paragraph = lot.choice(article(lot.randrange(articles)).split("\n\n")[2:])
    words = [word.strip(".") for word in paragraph.split() if word not in JOINTS]
    start = lot.randrange(max(len(words) - 6, 1))
    return f"ماذا {' '.join(words[start : start + lot.randint(3, 5)])}؟"


def write(folder: Path, numbers: range) -> None:
    """Write articles into a folder, a thousand to a subfolder."""
    for number in numbers:
        place = folder / f"{number // 1000:03}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:06}.txt").write_text(article(number), encoding="utf-8")


def _sentence(lot: random.Random) -> str:
    words = [lot.choice(OPENINGS)]
    for word in _words(lot, lot.randint(9, 18)):
        words.append(word)
        if lot.random() < 0.3:
            words.append(lot.choice(JOINTS))
        if lot.random() < 0.04:
            words.append(str(lot.randint(2, 9000)))
    return " ".join(words) + "."


def _words(lot: random.Random, number: int) -> Iterator[str]:
    words, weights = vocabulary()
    yield from lot.choices(words, cum_weights=weights, k=number)
