"""Whether passages say what a sentence says: its numbers, dates, names, negations, and enough of its content.

Pure and across languages: the sentence is analysed as a question is, so that each of its words comes with the Arabic
words that may say it. Everything is decided on the best few neighbouring sentences of each passage cited, its window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from retrieval.grounding.alignment import AlignedText, Claim
from retrieval.grounding.bindings import misplaced_numbers, misplaced_places
from retrieval.grounding.cause import unstated_causes
from retrieval.grounding.comparison import ClaimReading, Comparison
from retrieval.grounding.degree import overstated
from retrieval.grounding.hedges import dropped_hedges
from retrieval.grounding.modality import changed_modality
from retrieval.grounding.name_matching import missing_names
from retrieval.grounding.negation import Negation
from retrieval.grounding.offices import other_offices
from retrieval.grounding.opposites import opposed_words
from retrieval.grounding.predicate import missing_predicates
from retrieval.grounding.roles import Scene, exchanged_roles, scene_of
from retrieval.grounding.speakers import misattributed
from retrieval.grounding.stated_quantities import unstated_quantities
from retrieval.grounding.surroundings import LONGEST_ARTICLE, is_known_around, surroundings
from retrieval.grounding.times import other_times
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.quantities import quantities_in
from retrieval.search.passage_scoring import sentences_of
from retrieval.search.vocabulary import Vocabulary
from retrieval.types import Article, Passage, Span

ProblemKind = Literal[
    "number",
    "date",
    "name",
    "place",
    "office",
    "negation",
    "content",
    "degree",
    "cause",
    "predicate",
    "role",
    "speaker",
    "modality",
    "hedge",
    "opposite",
]

READINGS: Mapping[ProblemKind, ClaimReading] = {
    "number": misplaced_numbers,
    "place": misplaced_places,
    "date": other_times,
    "office": other_offices,
    "degree": overstated,
    "cause": unstated_causes,
    "predicate": missing_predicates,
    "modality": changed_modality,
    "hedge": dropped_hedges,
    "opposite": opposed_words,
}
OF_SCENES: Mapping[ProblemKind, Callable[[Scene], Iterable[str]]] = {"role": exchanged_roles, "speaker": misattributed}

ENOUGH = 0.35  # of the sentence's content, by the idf of its words; fitted by bench/grounding.py --fit
WIDEST_WINDOW = 3  # sentences
WIDER = 0.03  # what a further sentence must add to a window
EXACT = 0.1  # what the sentence's numbers and dates add to a window that has them all
CONTRIBUTES = 0.05  # what a further passage must add
NEAR_NEGATION = 6  # tokens on each side of a negation in which the two texts may meet


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
    coverage: float  # the share of the sentence's content that the cited passages say, 0 to 1
    problems: tuple[Problem, ...]
    spans: tuple[tuple[int, Span], ...]


@dataclass(frozen=True, slots=True)
class _Window:
    """The best neighbouring sentences of one passage."""

    passage: int
    span: Span
    term_scores: tuple[float, ...]
    coverage: float


def check_support(
    sentence: str,
    cited: Sequence[Passage],
    vocabulary: Vocabulary,
    lexicon: Lexicon,
    articles: Sequence[Article] = (),
) -> Support:
    """Return whether the cited passages say what a sentence says, why not, and where they say it.

    The passages' articles tell who is meant where a passage only says "he", and who reports it.
    """
    claim = Claim(sentence, vocabulary, lexicon)
    windows = _windows(claim, cited)
    if not windows:
        return Support(False, 0.0, (Problem("content", sentence),), ())
    coverage = claim.coverage(_best_scores(window.term_scores for window in windows))
    near = [claim.align(_slice(cited[window.passage], window.span)) for window in windows]
    whole = [claim.align(passage.text) for passage in cited]
    names = [Problem("name", claim.terms[term].surface) for term in _unknown_names(claim, whole, cited, articles)]
    own = claim.align(claim.text)
    problems = [*_quantity_problems(claim, near, whole), *names, *_unmatched_negations(claim, own, near)]
    compared = Comparison(
        claim, own, tuple(near), tuple(whole), tuple(article.text[:LONGEST_ARTICLE] for article in articles)
    )
    problems += [Problem(kind, words) for kind, reading in READINGS.items() for words in reading(compared)]
    scene = scene_of(compared)
    problems += [Problem(kind, words) for kind, read in OF_SCENES.items() for words in read(scene)]
    if coverage < ENOUGH:
        problems.append(Problem("content", sentence))
    spans = tuple((window.passage, window.span) for window in windows)
    return Support(not problems, coverage, tuple(dict.fromkeys(problems)), spans)


def _quantity_problems(claim: Claim, near: Sequence[AlignedText], whole: Sequence[AlignedText]) -> Iterable[Problem]:
    for quantity in unstated_quantities(claim, near, whole):
        start, end = claim.tokens[quantity.first].start, claim.tokens[quantity.last].end
        yield Problem("number" if quantity.kind == "number" and not quantity.is_year else "date", claim.text[start:end])


def _unknown_names(
    claim: Claim, whole: Sequence[AlignedText], cited: Sequence[Passage], articles: Sequence[Article]
) -> list[int]:
    """Return the names that neither the passages have nor what stands around them."""
    missing = list(missing_names(claim, whole))
    if not missing or not articles:
        return missing
    around = surroundings(claim, cited, articles)
    return [term for term in missing if not is_known_around(claim, term, around, whole)]


def _windows(claim: Claim, cited: Sequence[Passage]) -> list[_Window]:
    """Return the best window of each passage that contributes, the best passage first."""
    best = (_best_window(claim, number, passage) for number, passage in enumerate(cited))
    ranked = sorted((window for window in best if window), key=lambda window: -window.coverage)
    chosen: list[_Window] = []
    coverage = 0.0
    for window in ranked:
        after = claim.coverage(_best_scores(other.term_scores for other in (*chosen, window)))
        if not chosen or after - coverage >= CONTRIBUTES:
            chosen.append(window)
            coverage = after
    return chosen


def _best_window(claim: Claim, number: int, passage: Passage) -> _Window | None:
    found = sentences_of(passage)
    term_scores = [claim.term_scores(sentence.words) for sentence in found]
    values = [{(quantity.kind, quantity.value) for quantity in quantities_in(sentence.text)} for sentence in found]
    wanted = {(quantity.kind, quantity.value) for quantity in claim.quantities if quantity.is_certain}
    best: tuple[float, _Window] | None = None
    for first in range(len(found)):
        for size in range(1, min(WIDEST_WINDOW, len(found) - first) + 1):
            together = _best_scores(term_scores[first : first + size])
            coverage = claim.coverage(together)
            held = wanted.intersection(*[set[tuple[str, float]]().union(*values[first : first + size])])
            score = coverage - WIDER * (size - 1) + (EXACT * len(held) / len(wanted) if wanted else 0.0)
            if best is None or score > best[0]:
                span = Span(found[first].start, found[first + size - 1].end)
                best = score, _Window(number, span, together, coverage)
    return best[1] if best else None


def _slice(passage: Passage, span: Span) -> str:
    return passage.text[span.start - passage.start : span.end - passage.start]


def _best_scores(term_scores: Iterable[Sequence[float]]) -> tuple[float, ...]:
    return tuple(max(column) for column in zip(*term_scores, strict=True))


def _unmatched_negations(claim: Claim, own: AlignedText, near: Sequence[AlignedText]) -> Iterable[Problem]:
    """Yield what one side denies and the other does not; each negation is matched with one of the other side."""
    unmatched = set(own.negations)
    for text in near:
        pairs = sorted(
            (
                (score, -one.cue, -other.cue, one, other)
                for one in own.negations
                for other in text.negations
                if (score := _negation_match(claim, own, one, text, other))
            ),
            key=lambda pair: pair[:3],
            reverse=True,
        )
        here, there = set(own.negations), set(text.negations)
        for _, _, _, one, other in pairs:
            if one in here and other in there:
                here.discard(one)
                there.discard(other)
        unmatched &= here
        for negation in text.negations:
            if negation in there and not negation.is_implied and (word := _denied_word(claim, own, text, negation)):
                yield Problem("negation", word)
    for negation in own.negations:
        if (
            negation in unmatched
            and not negation.is_implied
            and not any(_is_exclusive(text) for text in near)
            and claim.terms_at(negation.scope)
        ):
            yield Problem("negation", own.tokens[negation.cue].text)


def _is_exclusive(text: AlignedText) -> bool:
    """Tell whether a text says only, without a negation that would make it say so."""
    return bool(text.exclusives) and not text.negations


def _negation_match(claim: Claim, own: AlignedText, one: Negation, text: AlignedText, other: Negation) -> int:
    """Return how surely two negations deny the same thing; 0 for not at all."""
    here, there = [claim.terms_at((at,)) for at in one.scope], [text.terms_at(at) for at in other.scope]
    if here and there and here[0] & there[0]:
        return 4
    if set[int]().union(*here[:2]) & set[int]().union(*there[:2]):
        return 3
    if set[int]().union(*here) & set[int]().union(*there):
        return 2
    if one.is_verb and other.is_verb:
        return 1
    if claim.language == "ar":
        return 0
    return int(len(_terms_around(own, one.cue) & _terms_around(text, other.cue)) >= 2)


def _terms_around(text: AlignedText, cue: int) -> set[int]:
    return text.terms_in(range(max(0, cue - NEAR_NEGATION), min(len(text.tokens), cue + NEAR_NEGATION + 1)))


def _denied_word(claim: Claim, own: AlignedText, text: AlignedText, negation: Negation) -> str | None:
    """Return the word of the sentence that a text denies and the sentence does not, if there is one."""
    if (
        not negation.scope
        or own.exclusives
        or (any(0 < at - negation.cue <= 2 * NEAR_NEGATION for at in text.exclusives) and claim.language == "en")
    ):
        return None
    said = text.terms_at(negation.scope[0])
    if not said:
        return None
    governed = {at for other in text.negations for at in other.scope}
    if any(said & text.terms_at(at) for at in range(len(text.tokens)) if at not in governed):
        return None  # said elsewhere without a negation
    return claim.terms[min(said)].surface
