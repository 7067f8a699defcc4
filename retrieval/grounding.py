"""Whether passages say what a sentence says: its numbers, dates, names, negations, and enough of its content.

Pure and across languages: the sentence is analysed as a question is, so that each of its words comes with the Arabic
words that may say it. Everything is decided on the best few neighbouring sentences of each passage cited, its window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from retrieval.arabic import language_of, tokens
from retrieval.facts import Stated, stated_in
from retrieval.lexicon import Lexicon
from retrieval.matching import Matcher
from retrieval.polarity import is_content, negations, opposed
from retrieval.questions import Vocabulary, analyse
from retrieval.reading import sentences_of
from retrieval.types import Language, Passage, Span

ProblemKind = Literal["number", "date", "name", "negation", "content"]

ENOUGH: Mapping[Language, float] = {"ar": 0.6, "en": 0.45}  # of the sentence's content, by the rarity of its words
NAMED = 0.5  # how strongly a name must be said
SAID = 0.5  # the same for the words around a number or a negation
WIDEST_WINDOW = 3  # sentences
WIDER = 0.03  # what a further sentence must add to a window
CONTRIBUTES = 0.05  # what a further passage must add
AROUND = 4  # tokens on each side of a number that may say what it counts


@dataclass(frozen=True, slots=True)
class Problem:
    """What in a sentence is not supported, in the sentence's own words."""

    kind: ProblemKind
    words: str


@dataclass(frozen=True, slots=True)
class Support:
    """Whether passages support a sentence, how much of it they say, and where.

    `spans` holds for each passage that contributes its index among those cited and its best sentences, in the
    article's offsets; the best passage first.
    """

    supported: bool
    figure: float  # the share of the sentence's content that the cited passages say, 0 to 1
    problems: tuple[Problem, ...]
    spans: tuple[tuple[int, Span], ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """A stretch of a passage, with the strengths of the sentence's terms in each of its tokens."""

    text: str
    by_token: tuple[tuple[float, ...], ...]
    facts: tuple[Stated, ...]


@dataclass(frozen=True, slots=True)
class _Window:
    """The best neighbouring sentences of one passage."""

    passage: int
    span: Span
    strengths: tuple[float, ...]
    figure: float


class _Claim:
    """A sentence to be checked, analysed."""

    def __init__(self, sentence: str, vocabulary: Vocabulary, lexicon: Lexicon) -> None:
        self.text = sentence
        self.language = language_of(sentence)
        self.matcher = Matcher(analyse(sentence, vocabulary, lexicon))
        self.terms = self.matcher.question.terms
        self.tokens = tokens(sentence)
        self.facts = stated_in(sentence)
        self.said_exactly = {at for fact in self.facts for at in range(fact.first, fact.last + 1)}
        exact = {self.tokens[at].text for at in self.said_exactly}
        self.weights = tuple(
            0.0 if term.surface in exact else rarity
            for term, rarity in zip(self.terms, self.matcher.rarities, strict=True)
        )
        self.total = sum(self.weights)
        self.of_surface = {term.surface: at for at, term in enumerate(self.terms)}

    def figure(self, strengths: Sequence[float]) -> float:
        """Return the share of the content that strengths cover; all of it where there is none."""
        if not self.total:
            return 1.0
        return sum(weight * min(1.0, s) for weight, s in zip(self.weights, strengths, strict=True)) / self.total

    def terms_at(self, at: Iterable[int]) -> set[int]:
        """Return the terms that tokens of the sentence are."""
        surfaces = (self.tokens[token].text for token in at if token not in self.said_exactly)
        return {self.of_surface[surface] for surface in surfaces if surface in self.of_surface}

    def read(self, text: str) -> _Text:
        """Return a text with what each of its words says of this sentence."""
        by_token = tuple(tuple(self.matcher.strengths((token.text,))) for token in tokens(text))
        return _Text(text, by_token, stated_in(text))


def support(sentence: str, cited: Sequence[Passage], vocabulary: Vocabulary, lexicon: Lexicon) -> Support:
    """Return whether the cited passages say what a sentence says, why not, and where they say it."""
    claim = _Claim(sentence, vocabulary, lexicon)
    windows = _windows(claim, cited)
    if not windows:
        return Support(False, 0.0, (Problem("content", sentence),), ())
    figure = claim.figure(_strongest(window.strengths for window in windows))
    near = [claim.read(_slice(cited[window.passage], window.span)) for window in windows]
    whole = [claim.read(cited[window.passage].text) for window in windows]
    problems = [*_facts(claim, near, whole), *_names(claim, whole), *_negations(claim, near)]
    if figure < ENOUGH[claim.language]:
        problems.append(Problem("content", sentence))
    return Support(
        not problems, figure, tuple(dict.fromkeys(problems)), tuple((window.passage, window.span) for window in windows)
    )


def _windows(claim: _Claim, cited: Sequence[Passage]) -> list[_Window]:
    """Return the best window of each passage that contributes, the best passage first."""
    best = (_best_window(claim, number, passage) for number, passage in enumerate(cited))
    ranked = sorted((window for window in best if window), key=lambda window: -window.figure)
    chosen: list[_Window] = []
    for window in ranked:
        before = claim.figure(_strongest(other.strengths for other in chosen)) if chosen else 0.0
        after = claim.figure(_strongest(other.strengths for other in (*chosen, window)))
        if not chosen or after - before >= CONTRIBUTES:
            chosen.append(window)
    return chosen


def _best_window(claim: _Claim, number: int, passage: Passage) -> _Window | None:
    found = sentences_of(passage)
    strengths = [claim.matcher.strengths(sentence.words) for sentence in found]
    values = [{(fact.fact, fact.value) for fact in stated_in(sentence.text)} for sentence in found]
    wanted = {(fact.fact, fact.value) for fact in claim.facts if fact.sure}
    best: tuple[float, _Window] | None = None
    for first in range(len(found)):
        for size in range(1, min(WIDEST_WINDOW, len(found) - first) + 1):
            together = _strongest(strengths[first : first + size])
            figure = claim.figure(together)
            held = wanted.intersection(*[set[tuple[str, float]]().union(*values[first : first + size])])
            score = figure - WIDER * (size - 1) + (0.1 * len(held) / len(wanted) if wanted else 0.0)
            if best is None or score > best[0]:
                span = Span(found[first].start, found[first + size - 1].end)
                best = score, _Window(number, span, together, figure)
    return best[1] if best else None


def _slice(passage: Passage, span: Span) -> str:
    return passage.text[span.start - passage.start : span.end - passage.start]


def _strongest(strengths: Iterable[Sequence[float]]) -> tuple[float, ...]:
    return tuple(max(column) for column in zip(*strengths, strict=True))


def _facts(claim: _Claim, near: Sequence[_Text], whole: Sequence[_Text]) -> Iterable[Problem]:
    """Yield the numbers and dates that are not said, or said of another thing."""
    for fact in claim.facts:
        if not fact.sure or any(_states(claim, fact, text) for text in near):
            continue
        if any(_states(claim, fact, text, elsewhere=True) for text in whole):
            continue
        start, end = claim.tokens[fact.first].start, claim.tokens[fact.last].end
        kind: ProblemKind = "number" if fact.fact == "number" and not fact.is_year else "date"
        yield Problem(kind, claim.text[start:end])


def _states(claim: _Claim, fact: Stated, text: _Text, *, elsewhere: bool = False) -> bool:
    """Tell whether a text states a fact of the sentence, of the same thing where that can be seen."""
    same = [other for other in text.facts if other.fact == fact.fact and other.value == fact.value]
    if not same or fact.fact != "number" or fact.is_year:
        return bool(same)
    about = claim.terms_at(at for at in _beside(fact, len(claim.tokens)) if is_content(claim.tokens[at].text))
    if not about:
        return not elsewhere
    if any(_says_one(text, other, about) for other in same):
        return True
    others = [other for other in text.facts if other.fact == "number" and other.value != fact.value]
    return not elsewhere and not any(_says_one(text, other, about) for other in others)


def _says_one(text: _Text, fact: Stated, about: set[int]) -> bool:
    return any(text.by_token[at][term] >= SAID for at in _beside(fact, len(text.by_token)) for term in about)


def _beside(fact: Stated, count: int) -> list[int]:
    """Return the tokens near a fact's own."""
    return [
        at
        for at in range(max(0, fact.first - AROUND), min(count, fact.last + AROUND + 1))
        if not fact.first <= at <= fact.last
    ]


def _names(claim: _Claim, whole: Sequence[_Text]) -> Iterable[Problem]:
    """Yield the names that the passages do not have."""
    for at, term in enumerate(claim.terms):
        if term.kind != "name" or not claim.weights[at]:
            continue
        if not any(strengths[at] >= NAMED for text in whole for strengths in text.by_token):
            yield Problem("name", term.surface)


def _negations(claim: _Claim, near: Sequence[_Text]) -> Iterable[Problem]:
    """Yield what one side denies and the other does not."""
    own = negations(claim.text)
    own_scopes = [claim.terms_at(negation.scope) for negation in own]
    denied_there: set[int] = set()
    for text in near:
        for negation in negations(text.text):
            governed = {term for at in negation.scope for term, s in enumerate(text.by_token[at]) if s >= SAID}
            denied_there |= governed
            first = {term for at in negation.scope[:1] for term, s in enumerate(text.by_token[at]) if s >= SAID}
            if first and not any(first & scope for scope in own_scopes):
                yield Problem("negation", " ".join(claim.terms[term].surface for term in sorted(first)))
    for negation, scope in zip(own, own_scopes, strict=True):
        if scope and not scope & denied_there:
            yield Problem("negation", claim.tokens[negation.at].text)
    together = "\n".join(text.text for text in near)
    for word in opposed(claim.text, together):
        yield Problem("negation", word)
