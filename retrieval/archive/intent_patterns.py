"""Patterns of whole questions about the archive, as intents.toml has them: words, classes of words, and gaps.

They are matched word by word and not by regular expressions, which take half a second to be made of so many words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from retrieval.archive_types import ArchiveIntent
from retrieval.nlp.analysis import words
from retrieval.nlp.stopwords import ARABIC_STOP, ENGLISH_STOP
from retrieval.nlp.word_lists import read_word_lists

INTENTS: tuple[ArchiveIntent, ...] = (
    *("compare", "timeline", "sources", "dates", "count", "latest", "statements", "overview", "list"),
)
_MOST_IN_GAP = {"subject": 14, "source": 5, "limits": 9}  # words; a longer text is rather told than named


class Gap(NamedTuple):
    """Words of a question that a pattern leaves open: by what they must be, and where they stand."""

    name: str
    start: int
    end: int


class PhraseSet:
    """Phrases of which any may stand at a place."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Take phrases as they are written."""
        said = {phrase for written in phrases if (phrase := tuple(words(written)))}
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in sorted(said, key=len, reverse=True):
            self._by_first.setdefault(phrase[0], []).append(phrase)

    def ends(self, said: Sequence[str], at: int) -> Iterator[int]:
        """Yield where the phrases end that begin at a word, the longest first."""
        for phrase in self._by_first.get(said[at], ()) if at < len(said) else ():
            if tuple(said[at : at + len(phrase)]) == phrase:
                yield at + len(phrase)


class _Element(NamedTuple):
    """A part of a pattern: phrases, or else a gap by its name."""

    phrases: PhraseSet | None
    gap: str
    is_optional: bool


class IntentPatterns(NamedTuple):
    """What questions of each intent read like, and the words around them."""

    by_intent: Mapping[ArchiveIntent, Sequence[Sequence[_Element]]]
    leads: PhraseSet
    tails: PhraseSet
    little_in_limits: frozenset[str]
    never_in_subject: frozenset[str]
    heads: frozenset[str]
    openings: PhraseSet
    more: frozenset[str]
    asks_for_rows: frozenset[str]
    pronouns: frozenset[str]
    suffixes: Sequence[str]
    frame: frozenset[str]
    frame_of_all: frozenset[str]
    loose: Sequence[tuple[ArchiveIntent, Sequence[PhraseSet]]]
    loose_of_all: Sequence[tuple[ArchiveIntent, Sequence[PhraseSet]]]
    before_subject: Mapping[ArchiveIntent, PhraseSet]

    def readings(self, said: Sequence[str]) -> Iterator[tuple[ArchiveIntent, tuple[Gap, ...]]]:
        """Yield the intents whose patterns some words are as a whole, with what fills their gaps."""
        for intent, patterns in self.by_intent.items():
            for pattern in patterns:
                for gaps in _filled(pattern, said, 0):
                    yield intent, gaps

    def loose_readings(self, said: Sequence[str]) -> Iterator[tuple[ArchiveIntent, tuple[Gap, ...]]]:
        """Yield the intents of which all that tells is said beside one subject, and nothing else, in whatever order."""
        places = [at for at, word in enumerate(said) if word not in self.frame]
        if self.frame_of_all.issuperset(said):
            for intent, needed in self.loose_of_all:
                if all(_places(phrases, said) for phrases in needed):
                    yield intent, ()
        elif places and places[-1] - places[0] < _MOST_IN_GAP["subject"]:
            subject = Gap("subject", places[0], places[-1] + 1)
            for intent, needed in self.loose:
                link = self.before_subject.get(intent)
                is_linked = link is None or _leads_to(link, said, subject)
                if is_linked and all(_is_beside(phrases, said, subject) for phrases in needed):
                    yield intent, (subject,)


@cache
def intent_patterns() -> IntentPatterns:
    """Return the patterns, read once."""
    data = read_word_lists("archive", "intents")
    classes = {f"<{name}>": _listed(listed) for name, listed in data["classes"].items()}
    beside = [data["classes"]["frame"], *_classes_in(data["loose"], data["classes"])]
    of_all = [*beside, data["classes"]["of_all"], *_classes_in(data["loose_of_all"], data["classes"])]
    return IntentPatterns(
        {intent: [_pattern(line, classes) for line in data[intent]["patterns"].splitlines()] for intent in INTENTS},
        PhraseSet(_listed(data["leads"])),
        PhraseSet(_listed(data["tails"])),
        frozenset(words(data["little_in_limits"])),
        frozenset(words(data["never_in_subject"])),
        frozenset(words(data["heads"])),
        PhraseSet(_listed(data["openings"])),
        frozenset(words(data["more"])),
        frozenset(words(f"{data['more']} {data['beside_more']}")),
        frozenset(words(data["pronouns"])),
        words(data["suffixes"]),
        frozenset(words(" ".join(beside))),
        frozenset(words(" ".join(of_all))),
        _needs(data["loose"], classes),
        _needs(data["loose_of_all"], classes),
        {intent: _phrase_set(tuple(classes[f"<{name}>"])) for intent, name in data["before_subject"].items()},
    )


def _classes_in(table: Mapping[str, Sequence[Sequence[str]]], classes: Mapping[str, str]) -> list[str]:
    """Return the words of the classes that a table of loose wordings names."""
    return [classes[name] for ways in table.values() for needed in ways for name in needed]


def _needs(
    table: Mapping[str, Sequence[Sequence[str]]], classes: Mapping[str, Sequence[str]]
) -> list[tuple[ArchiveIntent, list[PhraseSet]]]:
    return [
        (intent, [_phrase_set(tuple(classes[f"<{name}>"])) for name in needed])
        for intent in INTENTS
        for needed in table.get(intent, ())
    ]


def _listed(phrases: str) -> list[str]:
    return phrases.replace("\n", ",").split(",")


def _is_beside(phrases: PhraseSet, said: Sequence[str], gap: Gap) -> bool:
    """Tell whether one of some phrases is said before a gap or after it."""
    return any(end <= gap.start or at >= gap.end for at, end in _places(phrases, said))


def _places(phrases: PhraseSet, said: Sequence[str]) -> list[tuple[int, int]]:
    return [(at, end) for at in range(len(said)) for end in phrases.ends(said, at)]


def _leads_to(phrases: PhraseSet, said: Sequence[str], gap: Gap) -> bool:
    """Tell whether one of some phrases ends where a gap begins, but for stop words."""
    first = gap.start
    while first and said[first - 1] in ENGLISH_STOP | ARABIC_STOP and not _ends_at(phrases, said, first):
        first -= 1
    return _ends_at(phrases, said, first)


def _ends_at(phrases: PhraseSet, said: Sequence[str], place: int) -> bool:
    return any(place in phrases.ends(said, at) for at in range(place))


@cache
def _phrase_set(phrases: tuple[str, ...]) -> PhraseSet:
    return PhraseSet(phrases)


def _pattern(line: str, classes: Mapping[str, Sequence[str]]) -> list[_Element]:
    """Return the elements of a line; days or a source may follow articles, and the whole where no gap ends it."""
    limits = _Element(None, "limits", is_optional=True)
    elements: list[_Element] = []
    for written in line.split():
        part, is_optional = written.removesuffix("?"), written.endswith("?")
        if part.startswith("{"):
            elements.append(_Element(None, part[1:-1], is_optional))
        else:
            phrases = chain.from_iterable(classes.get(choice, (choice,)) for choice in part.split("|"))
            elements.append(_Element(_phrase_set(tuple(phrases)), "", is_optional))
        if part == "<articles>":
            elements.append(limits)
    return elements if elements[-1].gap else [*elements, limits]


def _filled(pattern: Sequence[_Element], said: Sequence[str], at: int) -> Iterator[tuple[Gap, ...]]:
    """Yield the gaps of a pattern that words are from one on, those with the shortest gaps first."""
    if not pattern:
        if at == len(said):
            yield ()
        return
    element, rest = pattern[0], pattern[1:]
    if element.phrases:
        for end in element.phrases.ends(said, at):
            yield from _filled(rest, said, end)
    if element.is_optional:
        yield from _filled(rest, said, at)
    if element.gap:
        longest = min(at + _MOST_IN_GAP[element.gap], len(said))
        for end in range(at + 1, longest + 1) if rest else (len(said),) if at < len(said) <= longest else ():
            for gaps in _filled(rest, said, end):
                yield Gap(element.gap, at, end), *gaps
