"""How often the check lets a true sentence through and stops a false one, as strong models write them.

Usage: python bench/grounding.py [FOLDER] [--articles FOLDER] [--wrong | --fit]

FOLDER (default: bench/sentences) holds JSONL files over the seeds: `pairs.jsonl`, true and false sentences by kind;
`twins.jsonl`, a true sentence and the same with one thing made false; `more.jsonl`, further pairs that rules were made
on; `salad.jsonl`, names and nouns that say nothing. `cites` names each passage cited by its article and a paragraph's
first words. Rules are made on the articles of even number and on what `more.jsonl` has; the rest is kept aside, and
only measured. With --wrong, what the check gets wrong of the former is printed too. With --fit, the share of content
that is enough (`ENOUGH`) is chosen by the true sentences, cited to their own passages and to others of their article.
bench/sentences/newsroom holds others, over the articles of a made newsroom, which --articles names: all kept aside.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

from retrieval.corpus.articles import parse_article
from retrieval.extraction.chunking import split_passages
from retrieval.grounding.grounding import ENOUGH, Support, check_support
from retrieval.grounding.negation import is_content
from retrieval.nlp.analysis import tokens
from retrieval.nlp.lexicon import load_lexicon
from retrieval.stores.lexical import WordIndex
from retrieval.types import Article, Passage

SEEDS = Path(__file__).parents[1] / "seeds"
SENTENCES = Path(__file__).with_name("sentences")
READER_RIGHT = 0.9  # the share of sentences that the stand-in for a second reader judges rightly
PARTS = ("tuned", "kept aside")
Leg = Literal["kept", "stopped", "told apart", "salad"]
Check = Callable[["Case", str], Support]


@dataclass(frozen=True, slots=True)
class Seed:
    """An article and its passages."""

    article: Article
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, what it cites and whether that says it; of a twin, also the true sentence that it was made from."""

    leg: Leg
    language: str
    kind: str
    text: str
    cited: tuple[Passage, ...]
    part: str
    articles: tuple[Article, ...]
    twin: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the check was right about a case, alone and with a second reader, and what it said."""

    case: Case
    right: bool
    read_twice: bool
    said: str


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=SENTENCES)
    parser.add_argument("--articles", type=Path, default=SEEDS, help="what the sentences are about; the seeds")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--wrong", action="store_true", help="print what the check gets wrong of the tuned part")
    shown.add_argument("--fit", action="store_true", help="choose the share of content that is enough")
    options = parser.parse_args()
    with indexed_articles(options.articles) as (seeds, vocabulary):
        cases = list(read_cases(options.folder, seeds))
        if options.fit:
            _fit([case for case in cases if case.leg == "kept"], seeds, vocabulary)
            return
        seconds: list[float] = []

        def check(case: Case, text: str) -> Support:
            started = time.process_time()
            support = check_support(text, case.cited, vocabulary, load_lexicon(), case.articles)
            seconds.append(time.process_time() - started)
            return support

        outcomes = [_outcome(case, check) for case in cases]
    for outcome in outcomes:
        case = outcome.case
        if options.wrong and case.part == PARTS[0] and not outcome.right:
            print(f"{case.leg} {case.language} {case.kind} [{outcome.said}] {case.text}")
    _print(outcomes)
    print(f"{1000 * statistics.median(seconds):.2f} ms of a processor a sentence at the median")


@contextmanager
def indexed_articles(folder: Path) -> Iterator[tuple[dict[str, Seed], WordIndex]]:
    """Give articles and their passages by their number, or name, and the vocabulary of all of them."""
    seeds = {_name_of(path.stem): _seed(path) for path in sorted(folder.glob("*.txt"))}
    with TemporaryDirectory() as place:
        vocabulary = WordIndex(Path(place))
        vocabulary.add([passage for seed in seeds.values() for passage in seed.passages])
        vocabulary.commit()
        yield seeds, vocabulary
        vocabulary.close()


def _name_of(stem: str) -> str:
    number = stem.split("_", maxsplit=1)[0]
    return number if number.isdigit() else stem


def _seed(path: Path) -> Seed:
    article = parse_article(path.name, path.read_text(encoding="utf-8"), {})
    return Seed(article, tuple(split_passages(article)))


def read_cases(folder: Path, seeds: dict[str, Seed]) -> Iterator[Case]:
    """Yield the cases of a folder's files, and the words of each true sentence in no order."""
    for name in ("pairs", "more", "twins", "salad"):
        path = folder / f"{name}.jsonl"
        if not path.exists() and name in ("more", "salad"):
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise SystemExit(f"{path} cannot be read ({error.strerror}). {__doc__}") from error
        for row in map(json.loads, lines):
            case = _case(row, name, seeds)
            yield case
            if case.leg == "kept":
                yield Case(
                    "salad", case.language, "its words mixed", _mixed(case.text), case.cited, case.part, case.articles
                )


def _case(row: dict[str, Any], name: str, seeds: dict[str, Seed]) -> Case:
    cited = tuple(_cited(place, seeds) for place in row["cites"])
    legs: dict[str, Leg] = {"twins": "told apart", "salad": "salad"}
    leg = legs.get(name) or ("kept" if row["true"] else "stopped")
    number = row["cites"][0].split(":")[0]
    part = PARTS[0 if name == "more" or (number.isdigit() and int(number) % 2 == 0) else 1]
    articles = tuple(seeds[number].article for number in dict.fromkeys(place.split(":")[0] for place in row["cites"]))
    kind, twin = row.get("kind", "a list"), row.get("twin", "")
    return Case(leg, row["lang"], kind, row["sentence"], cited, part, articles, twin)


def _cited(place: str, seeds: dict[str, Seed]) -> Passage:
    article, _, beginning = place.partition(":")
    found = [passage for passage in seeds[article].passages if f"\n{beginning}" in f"\n{passage.text}"]
    if len(found) != 1:
        raise SystemExit(f"{len(found)} passages of {article} have a paragraph {beginning!r}…; exactly one must.")
    return found[0]


def _mixed(text: str) -> str:
    """Return a sentence's words that carry meaning, in no order."""
    found = [text[token.start : token.end] for token in tokens(text) if is_content(token.text)]
    random.Random(text).shuffle(found)
    return " ".join(found) + "."


def _fit(true: Sequence[Case], seeds: dict[str, Seed], vocabulary: WordIndex) -> None:
    """Print, for each language, the share of content that parts a sentence's own passages best from others."""
    for language in ("ar", "en"):
        own: dict[str, list[float]] = {part: [] for part in PARTS}
        others: dict[str, list[float]] = {part: [] for part in PARTS}
        for case in (case for case in true if case.language == language):
            elsewhere = [
                p for s in seeds.values() if s.article in case.articles for p in s.passages if p not in case.cited
            ]
            own[case.part].append(check_support(case.text, case.cited, vocabulary, load_lexicon()).coverage)
            others[case.part] += [
                check_support(case.text, [passage], vocabulary, load_lexicon()).coverage for passage in elsewhere
            ]
        grid = [step / 100 for step in range(10, 90, 5)]
        best = max(grid, key=lambda enough: sum(_parted(own[PARTS[0]], others[PARTS[0]], enough)))
        for enough in dict.fromkeys((best, ENOUGH)):
            shares = [_parted(own[part], others[part], enough) for part in PARTS]
            print(f"{language} {enough:.2f}: own kept, others stopped: tuned {shares[0]}, kept aside {shares[1]}")


def _parted(own: Sequence[float], others: Sequence[float], enough: float) -> tuple[float, float]:
    """Return the shares of a part's own passages that say enough, and of the others that do not."""
    kept = statistics.mean(share >= enough for share in own)
    return round(kept, 2), round(statistics.mean(share < enough for share in others), 2)


def _outcome(case: Case, check: Check) -> Outcome:
    support = check(case, case.text)
    said = ", ".join(f"{problem.kind}: {problem.words[:40]}" for problem in support.problems)
    kept = support.supported, support.supported and _reads(case.text, is_true=case.leg == "kept")
    if case.leg == "kept":
        return Outcome(case, *kept, f"{support.coverage:.2f} {said}")
    right, read_twice = not kept[0], not kept[1]
    if case.twin:
        twin = check(case, case.twin).supported
        right, read_twice = right and twin, read_twice and twin and _reads(case.twin, is_true=True)
        said += "" if twin else " (its true twin is stopped)"
    return Outcome(case, right, read_twice, f"{support.coverage:.2f} {said}")


def _reads(text: str, *, is_true: bool) -> bool:
    """Tell whether a reader that is mistaken about every tenth sentence, by its hash, says that it is said."""
    mistaken = int(sha256(text.encode()).hexdigest(), 16) % 100 >= 100 * READER_RIGHT
    return is_true != mistaken


def _print(outcomes: Sequence[Outcome]) -> None:
    columns = [(part, language) for part in PARTS for language in ("ar", "en")]
    print(f"{len(outcomes)} cases; n and the share judged rightly")
    print(f"{'':28}" + "".join(f"{f'{part}, {language}':>16}" for part, language in columns) + f"{'all':>16}")
    rows: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        rows[outcome.case.leg, outcome.case.kind].append(outcome)
        rows[outcome.case.leg, "~ all"].append(outcome)
    for (leg, kind), found in sorted(rows.items()):
        cells = [[o for o in found if (o.case.part, o.case.language) == column] for column in columns]
        name = f"{leg}: {'all' if kind == '~ all' else kind}"
        print(f"{name:28}" + "".join(_cell([o.right for o in cell]) for cell in [*cells, found]))
        if kind == "~ all":
            print(f"{'  read twice':28}" + "".join(_cell([o.read_twice for o in cell]) for cell in [*cells, found]))


def _cell(outcomes: Sequence[bool]) -> str:
    return f"{len(outcomes):8}{statistics.mean(outcomes):8.2f}" if outcomes else f"{'':16}"


if __name__ == "__main__":
    main()
