"""How often which letter follows which in Arabic words: counts it anew, and tells whether texts of others are legible.

Usage: python bench/letters.py FOLDER [--write]        (bench/xquad.py says where to get the data)

Counted are the seeds and the made newsroom of the folder, both our own. Held against the counts are the paragraphs of
XQuAD, ARCD and TyDi QA as they are, with the letters of each word in reverse, with letters exchanged at random, and
with their bytes read in other encodings: how many are told, which of the first should be none and of the others all.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, where `retrieval` would be a file of it

from bench.datasets import squad_rows
from retrieval.nlp.legibility import garble_of

COUNTS = ROOT / "retrieval/nlp/data/letter_pairs.json"
SETS = ("xquad.ar.json", "arcd-train.json", "tydiqa-ar.json", "xquad.en.json")
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ"
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
_WORD = re.compile("[\u0621-\u063a\u0641-\u064a]+")


def main() -> None:
    """Print the table, and write the counts if told to."""
    folder = Path(sys.argv[1])
    if "--write" in sys.argv:
        files = [*(ROOT / "seeds").glob("*.txt"), *(folder / "newsroom/articles").iterdir()]
        COUNTS.write_text(_as_json(count(file.read_text(encoding="utf-8") for file in sorted(files))), encoding="utf-8")
    chance = random.Random(1)
    spoilt: dict[str, Callable[[str], str]] = {
        "as it is": lambda text: text,
        "reversed": lambda text: _WORD.sub(lambda word: word[0][::-1], text),
        "letters exchanged": lambda text: text.translate(_exchange(chance)),
        "UTF-8 as Windows-1252": lambda text: text.encode().decode("cp1252", "replace"),
        "UTF-8 as Windows-1256": lambda text: text.encode().decode("cp1256", "replace"),
        "Windows-1256 as 1252": lambda text: text.encode("cp1256", "replace").decode("cp1252", "replace"),
    }
    print(f"{'':24}" + "".join(f"{name:>18}" for name in SETS))
    texts = {name: _paragraphs(folder / name) for name in SETS}
    for name, spoil in spoilt.items():
        told = [sum(garble_of(spoil(text)) is not None for text in texts[each]) for each in SETS]
        print(f"{name:24}" + "".join(f"{at:>9} of {len(texts[each]):5}" for at, each in zip(told, SETS, strict=True)))


def count(texts: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return how often each letter follows another; a space is the edge of a word."""
    counts: dict[str, Counter[str]] = {}
    for text in texts:
        for word in _WORD.findall(_MARKS.sub("", text)):
            for one, two in zip(f" {word}", f"{word} ", strict=True):
                counts.setdefault(one, Counter())[two] += 1
    return {one: dict(after.most_common()) for one, after in sorted(counts.items())}


def _as_json(counts: dict[str, dict[str, int]]) -> str:
    lines = (
        f"{json.dumps(one, ensure_ascii=False)}: {json.dumps(after, ensure_ascii=False)}"
        for one, after in counts.items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _exchange(chance: random.Random) -> dict[int, str]:
    return str.maketrans(LETTERS, "".join(chance.sample(LETTERS, len(LETTERS))))


def _paragraphs(file: Path) -> list[str]:
    texts = dict.fromkeys(paragraph["context"] for _, paragraph, _ in squad_rows(file))
    return [text for text in texts if len(text) >= 100]


if __name__ == "__main__":
    main()
