"""How often the check lets a supported sentence through, and how often it stops one that was made false.

Usage: python bench/grounding.py FOLDER [--wrong]        (bench/xquad.py says where to get the data)

The true sentences: the Arabic paragraphs' own, a clause dropped or two joined; those of the English paragraphs that
the Arabic ones were translated from; and sentences written by hand over the seeds (grounding_pairs.toml). The false
ones: the same with one number, date, name, place or polarity changed, or cited to another paragraph of the same entry
(neighbour) or of another one (passage). A third, by hash, is held out: lists and thresholds were set on the rest.
With --wrong, the sentences of the tuned part that the check gets wrong are printed too.
"""

from __future__ import annotations

import statistics
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

from bench.falsify import BY_SCRIPT, Names, pick
from bench.xquad import paragraphs
from retrieval.corpus.articles import parse_article
from retrieval.extraction.chunking import split_passages
from retrieval.grounding.grounding import check_support
from retrieval.nlp.analysis import language_of, words
from retrieval.nlp.lexicon import load_lexicon
from retrieval.nlp.sentences import sentences
from retrieval.search.query import Vocabulary
from retrieval.stores.lexical import WordIndex
from retrieval.types import Language, Passage

SEEDS = Path(__file__).parents[1] / "seeds"
PAIRS = Path(__file__).with_name("grounding_pairs.toml")
OF_PARAGRAPH = 2  # sentences taken, in each language
SHORTEST = 6  # words
TRUE = ("verbatim", "trimmed", "joined", "translated", "by hand")
FALSE = ("number", "date", "name", "place", "polarity", "neighbour", "passage")
PARTS = ("tuned", "held out")
Part = Literal["tuned", "held out"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """An Arabic paragraph as it is cited, its English source, and its entry."""

    entry: int
    arabic: str
    english: str
    cited: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A sentence, what it cites, whether that supports it, and how it was made."""

    text: str
    language: Language
    cited: tuple[Passage, ...]
    true: bool
    how: str
    part: Part
    by_hand: bool = False


def main() -> None:
    """Measure and print."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--wrong"]
    if len(arguments) != 1:
        raise SystemExit(f"Usage: python {sys.argv[0]} FOLDER [--wrong]\n{__doc__}")
    found = [
        Paragraph(number, arabic, english, _passages(f"{number}.txt", arabic))
        for number, entry in enumerate(paragraphs(Path(arguments[0])))
        for arabic, english in entry
    ]
    seeds = {path.name[:3]: _passages(path.name, path.read_text(encoding="utf-8")) for path in SEEDS.glob("*.txt")}
    made = [*_of_paragraphs(found), *_by_hand(seeds)]
    with TemporaryDirectory() as place:
        vocabulary = WordIndex(Path(place))
        vocabulary.add(
            {p.passage_id: p for cited in (*(p.cited for p in found), *seeds.values()) for p in cited}.values()
        )
        vocabulary.commit()
        right, seconds = _measure(made, vocabulary, show="--wrong" in sys.argv)
        vocabulary.close()
    _print(made, right, seconds)


def _passages(path: str, text: str) -> tuple[Passage, ...]:
    return tuple(split_passages(parse_article(path, text, {})))


def _of_paragraphs(found: Sequence[Paragraph]) -> Iterator[Made]:
    """Yield the sentences made from the data set, true and false."""
    names = Names([p.english for p in found], {p.arabic: p.english for p in found}, load_lexicon())
    for paragraph in found:
        for language, text in (("ar", paragraph.arabic), ("en", paragraph.english)):
            own = [text[start:end] for start, end in sentences(text) if len(words(text[start:end])) >= SHORTEST]
            taken = sorted(own, key=lambda sentence: sha256(sentence.encode()).hexdigest())[:OF_PARAGRAPH]
            for sentence in taken:
                yield from _of_sentence(sentence, own, language, paragraph, (found, names))


def _of_sentence(
    sentence: str, own: list[str], language: Language, paragraph: Paragraph, shared: tuple[Sequence[Paragraph], Names]
) -> Iterator[Made]:
    found, names = shared
    part = _part(paragraph.english)
    how, text = _reworked(sentence, own, language)
    yield Made(text, language, paragraph.cited, True, how, part)
    for kind in ("number", "date", "polarity", "name", "place"):
        if kind in BY_SCRIPT:
            changed = BY_SCRIPT[kind](text, paragraph.arabic, language)
        else:
            changed = names.change(kind, text, paragraph.arabic, paragraph.english, language)
        if changed and changed != text:
            yield Made(changed, language, paragraph.cited, False, kind, part)
    same = [other for other in found if other.entry == paragraph.entry and other is not paragraph]
    elsewhere = [other for other in found if other.entry != paragraph.entry]
    if same:
        yield Made(text, language, pick(same, text).cited, False, "neighbour", part)
    yield Made(text, language, pick(elsewhere, text).cited, False, "passage", part)


def _reworked(sentence: str, own: list[str], language: Language) -> tuple[str, str]:
    """Return how a sentence was reworked, and the sentence: a clause dropped, joined with another, or as it is."""
    mark = "، " if language == "ar" else ", "
    clauses = sentence.split(mark)
    enough = len(clauses) > 1 and "(" not in sentence and len(words("".join(clauses[:-1]))) >= SHORTEST
    if enough and pick((True, False), sentence):
        return "trimmed", mark.join(clauses[:-1]).strip() + "."
    at = own.index(sentence)
    if language == "ar" and at + 1 < len(own) and pick((True, False, False), sentence):
        return "joined", f"{sentence.rstrip('. ')}، و{own[at + 1]}"
    return ("verbatim" if language == "ar" else "translated"), sentence


def _by_hand(seeds: dict[str, tuple[Passage, ...]]) -> Iterator[Made]:
    for pair in tomllib.loads(PAIRS.read_text(encoding="utf-8"))["pair"]:
        cited = tuple(passage for passage in seeds[pair["article"]] if pair["cites"] in passage.text)
        if not cited:
            raise SystemExit(f"{PAIRS.name}: no passage of {pair['article']} holds {pair['cites']!r}.")
        part = _part(pair["true"])
        yield Made(pair["true"], language_of(pair["true"]), cited, True, "by hand", part, by_hand=True)
        yield Made(pair["false"], language_of(pair["false"]), cited, False, pair["change"], part, by_hand=True)


def _part(origin: str) -> Part:
    return "held out" if int(sha256(origin.encode()).hexdigest(), 16) % 3 == 0 else "tuned"


def _measure(made: Iterable[Made], vocabulary: Vocabulary, *, show: bool) -> tuple[list[bool], list[float]]:
    """Return for each sentence whether the check was right, and how long it took."""
    right, seconds = [], []
    for one in made:
        started = time.perf_counter()
        verdict = check_support(one.text, one.cited, vocabulary, load_lexicon())
        seconds.append(time.perf_counter() - started)
        right.append(verdict.supported == one.true)
        if show and one.part == "tuned" and not right[-1]:
            problems = ", ".join(f"{problem.kind}: {problem.words[:40]}" for problem in verdict.problems)
            print(
                f"{'true' if one.true else 'false'} {one.language} {one.how} "
                f"{verdict.coverage:.2f} [{problems}] {one.text}"
            )
    return right, seconds


def _print(made: Sequence[Made], right: Sequence[bool], seconds: Sequence[float]) -> None:
    columns = [(part, language) for part in PARTS for language in ("ar", "en")]
    print(
        f"{len(made)} sentences, {sum(one.by_hand for one in made)} of them written by hand; "
        "n and the share judged right"
    )
    print(f"{'':24}" + "".join(f"{f'{part}, {language}':>16}" for part, language in columns))
    for true, kinds in ((True, TRUE), (False, FALSE)):
        rows = [(kind, {kind}) for kind in kinds]
        rows.append(("all let through" if true else "all stopped", set(kinds)))
        for name, hows in rows:
            cells = [
                [ok for one, ok in zip(made, right, strict=True)
                 if one.true == true and one.how in hows and (one.part, one.language) == column]
                for column in columns
            ]  # fmt: skip
            print(f"  {name:22}" + "".join(_cell(cell) for cell in cells))
            if len(hows) > 1:
                for part, pair in (("tuned", cells[:2]), ("held out", cells[2:])):
                    print(f"  {'':4}{part:18}{_cell([ok for cell in pair for ok in cell])}")
    for part in PARTS:
        cells = [
            [ok for one, ok in zip(made, right, strict=True) if one.by_hand and one.part == part and one.true == true]
            for true in (True, False)
        ]
        print(f"  by hand, {part:13}{_cell(cells[0])} let through{_cell(cells[1])} stopped")
    print(f"  {1000 * statistics.median(seconds):.2f} ms a sentence at the median, {1000 * max(seconds):.1f} at most")


def _cell(outcomes: Sequence[bool]) -> str:
    return f"{len(outcomes):8}{statistics.mean(outcomes):8.3f}" if outcomes else f"{0:8}{'':8}"


if __name__ == "__main__":
    main()
