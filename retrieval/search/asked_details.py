"""Which detail of its subject a question asks for: an age, a sum, a name, a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal, get_args

from retrieval.nlp.analysis import words
from retrieval.nlp.asking import Asks
from retrieval.nlp.clitics import without_article
from retrieval.nlp.word_lists import normalised, read_word_lists
from retrieval.search.query import Query

# fmt: off
Detail = Literal[
    "age", "share", "money", "amount", "count", "duration", "date", "place",
    "person", "name", "which", "reason", "means", "speech", "yes_no", "other",
]
# fmt: on
DETAILS: tuple[Detail, ...] = get_args(Detail)
_FIRST = 4  # words, of which one names a sum where nothing else asks for a number: "what was the price"
COUNTING: frozenset[Asks] = frozenset(("how many", "how much", "how long"))
_BY_ASKING: Mapping[Asks, Detail] = {
    "how long": "duration",
    "how much": "amount",
    "how many": "count",
    "when": "date",
    "where": "place",
    "who": "person",
    "why": "reason",
    "how": "means",
    "which": "which",
    "yes_no": "yes_no",
}


@lru_cache(maxsize=256)
def asked_detail(question: Query) -> Detail:
    """Return the detail that a question asks for; an amount where it may be of money, of time or of anything."""
    named = (detail for detail, is_asked in _asked_by_words(words(question.text), question.asks) if is_asked)
    return next(named, _BY_ASKING.get(question.asks, "other"))


def _asked_by_words(found: Sequence[str], asks: Asks) -> Iterator[tuple[Detail, bool]]:
    """Yield the details that words tell beside the word of asking, the surest first, and whether they are asked for."""
    said, first = frozenset(found), frozenset(map(without_article, found[:_FIRST]))
    counts_things = ("how", "many") in pairwise(found)  # "how many old houses": a count, whatever else is said
    counts, is_open = asks in COUNTING and not counts_things, asks in ("what", "which")
    yield "age", counts and (not said.isdisjoint(_asked("age")) or _asks_years_of(found))
    yield "share", (counts or is_open) and not said.isdisjoint(_asked("share"))
    yield "duration", asks == "how many" and _counts_time(found)
    yield "count", counts_things
    yield "money", asks == "how much" and not said.isdisjoint(_asked("money"))
    yield "money", (counts or is_open) and not first.isdisjoint(_asked("money"))
    yield "name", asks in ("who", "what", "how") and not said.isdisjoint(_asked("name"))
    yield "speech", asks in ("what", "how") and not said.isdisjoint(_asked("speech"))


@cache
def _asked(name: str) -> frozenset[str]:
    return normalised(read_word_lists("search", "details")["asked"][name])


@cache
def units_of_time() -> frozenset[str]:
    """Return the words of units of time, normalised, their duals among them."""
    return normalised(read_word_lists("search", "details")["stated"]["units_of_time"])


def _counts_time(found: Sequence[str]) -> bool:
    """Tell whether a unit of time is counted: «كم يوما», «شحال من يوم»."""
    without_of = [word for before, word in pairwise(["", *found]) if word != "من" or before not in _asked("counting")]
    counted = (unit for before, unit in pairwise(without_of) if before in _asked("counting") or before == "many")
    return any(unit in units_of_time() for unit in counted)


def _asks_years_of(found: Sequence[str]) -> bool:
    """Tell whether somebody's years are asked for, which are an age: «عندها كام سنة», «قداش عمرو»."""
    if any(before in _asked("counting") and word in _asked("age_behind") for before, word in pairwise(found)):
        return True
    return any(
        before in _asked("years_of") and asks in _asked("counting") and unit in _asked("years")
        for before, asks, unit in zip(found, found[1:], found[2:], strict=False)
    )
