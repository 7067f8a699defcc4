"""A quote read against a question: how near the question's words stand to a part of it, and what is said there."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence

from retrieval.expressions.known_names import is_transliterated
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.expressions.wanted import Wanted
from retrieval.expressions.word_tables import word_table
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search.query import Term
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import WEIGHTS
from retrieval.types import Span

_REACH = 6.0  # words over which nearness falls to 1/e
_LONGEST_RUN = 8  # words between what is asked and a name that answers it
_SHORTEST_BARE = 3  # letters
_BESIDE = 2  # words after a number within which a verb says what is counted
_PARTING = re.compile(r"[،,؛;:.؟?!\n]")


class QuoteReading:
    """A quote's words with how strongly each says the terms of a question; spans are of tokens, the end inclusive."""

    def __init__(self, text: str, matcher: Matcher, wanted: Wanted, lexicon: Lexicon) -> None:
        """Read a quote."""
        self.lexicon = lexicon
        self.quote = QuoteTokens(text)
        self.wanted = wanted
        self._terms = matcher.question.terms
        self._idf = [0.0 if at == wanted.noun else idf for at, idf in enumerate(matcher.idfs)]
        self._scores = [matcher.term_scores(_with_bare(word)) for word in self.quote.words]
        self._whole = matcher.term_scores(self.quote.words)
        self.coverage = matcher.coverage(self._whole)

    def score(self, at: int, terms: Collection[int]) -> float:
        """Return how strongly a token says one of some terms, 0 to 1."""
        return max((self._scores[at][term] for term in terms), default=0.0)

    def is_asked(self, at: int) -> bool:
        """Tell whether a token says a word of the question."""
        return max(self._scores[at], default=0.0) >= WEIGHTS.said

    def predicate(self) -> float:
        """Return how strongly the quote says what is asked of the rest; 1 where the question has no word for it."""
        return max((self._whole[term] for term in self.wanted.predicates), default=1.0)

    def said(self) -> int:
        """Return how many of the question's words the quote says, but for what is counted."""
        return sum(idf > 0 and score >= WEIGHTS.said for idf, score in zip(self._idf, self._whole, strict=True))

    def weakest(self, *, names_only: bool) -> float:
        """Return how strongly the quote says the term of the question that it says least."""
        return min(
            (
                self._whole[at]
                for at, (term, idf) in enumerate(zip(self._terms, self._idf, strict=True))
                if idf > 0 and (not names_only or self._is_name(term))
            ),
            default=1.0,
        )

    def _is_name(self, term: Term) -> bool:
        """Tell whether a term is a name or a number, or an English name in Arabic letters: «هارفارد» is Harvard."""
        return term.kind != "word" or (term.word is not None and is_transliterated(term.word, self.lexicon))

    def nearness(self, span: Span) -> float:
        """Return the share of the question's idf that stands near a span of tokens, 0 to 1."""
        near = sum(idf * self._nearest(term, span) for term, idf in enumerate(self._idf) if idf)
        return near / (sum(self._idf) or 1.0)

    def _nearest(self, term: int, span: Span) -> float:
        outside = ((at, scores[term]) for at, scores in enumerate(self._scores) if scores[term])
        return max((score * _fall(_steps(at, span)) for at, score in outside if _steps(at, span)), default=0.0)

    def anchor(self, span: Span, others: Sequence[Span]) -> float:
        """Return how near what is asked is said in the clause of a span, 0 to 1; 0 where another one is nearer to it.

        What is asked stands before its answer; after it only where the clause begins with the answer and has no other.
        """
        best = 0.0
        for at in range(len(self.quote)):
            score = self.score(at, self.wanted.predicates)
            if score >= WEIGHTS.said and _steps(at, span) and self._leads(at, span, others):
                best = max(best, score * _fall(_steps(at, span)))
        return best

    def _leads(self, at: int, span: Span, others: Sequence[Span]) -> bool:
        one_clause = self.quote.are_in_one_clause
        if at < span.start:
            between = any(at < other.start and other.end < span.start for other in others)
            return not between and one_clause(at, span.start)
        between = any(span.end < other.start < at for other in others)
        counted = self.wanted.kind == "number" and self.quote.words[at][0] != "و"  # «12 مدنيا قتلوا»
        if counted and _steps(at, span) <= _BESIDE:
            return one_clause(span.end, at)
        follows = any(other.start > at and one_clause(at, other.start) for other in others)
        return not between and not follows and one_clause(span.end, at) and self._begins_clause(span.start)

    def _begins_clause(self, first: int) -> bool:
        at = first - 1
        while at >= 0 and self.quote.are_in_one_clause(at, at + 1):
            if self.quote.words[at] not in word_table("moments", "before"):
                return False
            at -= 1
        return True

    def run(self, span: Span, fillers: Collection[str], *, definite: bool) -> float:
        """Return how near what is asked is said before a span, 0 to 1, with nothing between but what belongs to it.

        That is words of the question, stop words, `fillers`, and adjectives where they may be `definite`.
        """
        asked = sum(map(self.is_asked, range(span.start, span.end + 1)))
        if 2 * asked > span.end - span.start:  # the question's own name, or most of it
            return 0.0
        for at in range(span.start - 1, max(span.start - 1 - _LONGEST_RUN, -1), -1):
            if _PARTING.search(self.quote.gap(at)):
                return 0.0
            score = self.score(at, self.wanted.predicates)
            if score >= WEIGHTS.said:
                return score * _fall(span.start - at)
            word = self.quote.words[at]
            is_filler = word in ARABIC_STOP or {word, word.removeprefix("ال")} & {*fillers}
            if not (is_filler or self.is_asked(at) or (definite and word.startswith("ال"))):
                return 0.0
        return 0.0

    def goes_on_name(self, first: int) -> bool:
        """Tell whether the token before a name is a part of a name that the question has itself."""
        if first == 0 or _PARTING.search(self.quote.gap(first - 1)):
            return False
        names = [at for at, term in enumerate(self._terms) if term.kind == "name"]
        word = self.quote.words[first - 1]
        is_given = word in word_table("persons", "given") and self.score(first - 1, names) >= WEIGHTS.said
        return is_given or word in word_table("persons", "inside")


def _with_bare(word: str) -> tuple[str, ...]:
    """Return a word, and what it is without the alif of what is counted: «58 متظاهرا»."""
    bare = word.removesuffix("ا")
    return (word, bare) if bare != word and len(bare) >= _SHORTEST_BARE and not word.startswith("ال") else (word,)


def _steps(at: int, span: Span) -> int:
    """Return how many words a token is away from a span; none inside it."""
    return max(span.start - at, at - span.end, 0)


def _fall(steps: int) -> float:
    return math.exp((1 - steps) / _REACH)
