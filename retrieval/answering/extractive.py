"""The extractive answerer: the sentences of the articles that answer best, as they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.answering.citations import Evidence, GroundedSentence
from retrieval.answering.retrieve import Retrieved
from retrieval.answering.weights import ANSWER_WEIGHTS
from retrieval.nlp.analysis import stem, words
from retrieval.nlp.asking import Asks
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search.passage_scoring import Reading, ReadSentence, same_statement
from retrieval.search.term_matcher import Matcher
from retrieval.types import Hit

LEAST_NEW = 3  # words that the question does not have

_YEAR = re.compile(r"1\d{3}|20\d\d")
_DUALS = frozenset(  # two of a unit, which Arabic says in one word
    "ساعتين ساعتان يومين يومان اسبوعين اسبوعان شهرين شهران عامين عامان سنتين سنتان دقيقتين دقيقتان مرتين مرتان "
    "الفين الفان مئتين مئتان مليونين مليونان".split()
)
_REASONS = frozenset(
    "لان لانه لانها لانهم بسبب نتيجه جراء بهدف لكي كي سبب اجل لذلك نظرا بفضل ادي ادت مما بغيه اثر خشيه".split()
)


@dataclass(frozen=True, slots=True)
class ExtractedStatement:
    """A sentence chosen for the answer, and the same statement where other articles make it."""

    hit: Hit
    sentence: ReadSentence
    score: float
    others: tuple[tuple[Hit, ReadSentence], ...] = ()


def extract_answer(retrieved: Retrieved, lexicon: Lexicon, limit: int) -> list[GroundedSentence]:
    """Return at most `limit` sentences that answer, of the passages that count, best first."""
    hits = [retrieved.hits[place] for place in retrieved.answerability.passages]
    readings = [retrieved.readings[place] for place in retrieved.answerability.passages]
    return [
        GroundedSentence(
            statement.sentence.text,
            tuple(
                Evidence(hit.passage.article_id, sentence.start, sentence.end, sentence.after)
                for hit, sentence in ((statement.hit, statement.sentence), *statement.others)
            ),
            is_quoted=True,
        )
        for statement in best_statements(retrieved.matcher, hits, readings, lexicon, limit)
    ]


def best_statements(
    matcher: Matcher, hits: Sequence[Hit], readings: Sequence[Reading], lexicon: Lexicon, limit: int
) -> list[ExtractedStatement]:
    """Return at most `limit` statements, best first; `readings` are those of `hits`, in the same order."""
    if not hits:
        return []
    best_passage = max(hit.score for hit in hits) or 1.0
    known = _known_stems(matcher)
    scored = []
    for rank, (hit, reading) in enumerate(zip(hits, readings, strict=True)):
        most_covered = max((sentence.after for sentence in reading.sentences), default=0.0)
        for sentence in reading.sentences:
            score = _score(matcher, sentence, known, lexicon) + ANSWER_WEIGHTS.passage * hit.score / best_passage
            scored.append((score + ANSWER_WEIGHTS.best * (sentence.after == most_covered), rank, hit, sentence))
    scored.sort(key=lambda entry: (-entry[0], entry[1], entry[3].start))
    return _once_each([(score, hit, sentence) for score, _, hit, sentence in scored], limit)


def _once_each(scored: Sequence[tuple[float, Hit, ReadSentence]], limit: int) -> list[ExtractedStatement]:
    """Return the best sentences, with those that make the same statement gathered under the first."""
    chosen: list[ExtractedStatement] = []
    for score, hit, sentence in scored:
        twin = next((at for at, said in enumerate(chosen) if same_statement(said.sentence.text, sentence.text)), None)
        if twin is not None:
            said = chosen[twin]
            articles = {said.hit.passage.article_id, *(other.passage.article_id for other, _ in said.others)}
            if hit.passage.article_id not in articles:
                chosen[twin] = ExtractedStatement(said.hit, said.sentence, said.score, (*said.others, (hit, sentence)))
        elif len(chosen) < limit and (not chosen or score >= chosen[0].score - ANSWER_WEIGHTS.worth_saying):
            chosen.append(ExtractedStatement(hit, sentence, score))
    return chosen


def _known_stems(matcher: Matcher) -> frozenset[str]:
    """Return the stems that the question itself has, which can not be its answer."""
    return frozenset(
        own
        for term in matcher.question.terms
        for alternative in term.alternatives
        if alternative.weight > 0.8
        for own in alternative.stems
    )


def _score(matcher: Matcher, sentence: ReadSentence, known: frozenset[str], lexicon: Lexicon) -> float:
    """Return what a sentence's own features add to its log odds."""
    new = [word for word in sentence.words if word not in ARABIC_STOP and stem(word) not in known]
    asks = matcher.question.asks
    score = ANSWER_WEIGHTS.after * sentence.after + ANSWER_WEIGHTS.before * sentence.before
    score += ANSWER_WEIGHTS.pairs * matcher.pairs_share(sentence.words)
    if ANSWER_WEIGHTS.says[asks] and _SAYS[asks](new, sentence.words, lexicon):
        score += ANSWER_WEIGHTS.says[asks]
    elif len(new) < LEAST_NEW:
        score += ANSWER_WEIGHTS.bare
    return score


def says_kind(text: str, asks: Asks, lexicon: Lexicon) -> bool:
    """Tell whether a sentence says something of the kind that is asked for."""
    said = words(text)
    return _SAYS[asks]([word for word in said if word not in ARABIC_STOP], said, lexicon)


def _says_who(new: Iterable[str], _: Sequence[str], lexicon: Lexicon) -> bool:
    return any(_is_name(word, lexicon) for word in new)


def _says_when(new: Iterable[str], _: Sequence[str], lexicon: Lexicon) -> bool:
    return any(_YEAR.fullmatch(word) or any(form in lexicon.time_words for form in bare_forms(word)) for word in new)


def _says_how_many(new: Iterable[str], _: Sequence[str], lexicon: Lexicon) -> bool:
    return any(
        word[0].isdigit() or word in _DUALS or any(form in lexicon.number_words for form in bare_forms(word))
        for word in new
    )


def _says_why(_: Iterable[str], words: Sequence[str], __: Lexicon) -> bool:
    return any(form in _REASONS for word in words for form in bare_forms(word))


def _says_anything(_: Iterable[str], __: Sequence[str], ___: Lexicon) -> bool:
    return True


_SAYS: Mapping[Asks, Callable[[Iterable[str], Sequence[str], Lexicon], bool]] = {
    "who": _says_who,
    "when": _says_when,
    "where": _says_anything,
    **dict.fromkeys(("how many", "how much", "how long"), _says_how_many),
    "why": _says_why,
    **dict.fromkeys(("how", "which", "what", "yes_no"), _says_anything),
}


def _is_name(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a word of an article looks like a name: the lexicon has it as one, or does not have it at all."""
    headwords = lexicon.headwords(word)
    return not word[0].isdigit() and (not headwords or any(headword in lexicon.names for headword in headwords))
