"""Answerability: whether what was found answers the question, decided before anything is said.

Three steps. *Answered*: the likeliest sentences say what is asked, of whom it is asked. *Near*: they may not, and are
shown as the nearest. *Not covered*: what was found has little to do with the question. A name or a number that is
surely one and nowhere said, names that no passage says together, the subject of a short question that is nowhere
said, most of a question nowhere said, or a country apart from its office, keep a question from being answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.nlp.analysis import tokens, words
from retrieval.reranking import Relevance
from retrieval.search.asked_details import COUNTING
from retrieval.search.detail_features import DETAIL_FEATURES, detail_features
from retrieval.search.learnt_weights import FloatArray, load_weights, weigh
from retrieval.search.passage_scoring import Reading
from retrieval.search.query import Query, Term
from retrieval.search.sentence_features import FEATURES, ReadHits, focus_of
from retrieval.search.sentence_ranking import Ranking
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import WEIGHTS

SHORT = 3  # terms
LONGEST_SHOWN = 60  # code points of a term that is said to be missing
BESIDE = 6  # words; a nationality stands no farther from the word that it belongs to
CLOSELY = 3  # words; nor does a country
MOST_LOOKED_AT = 3  # sentences, as many as an answer has
MOST_BEATEN = 10  # sentences that the likeliest is held against; with fewer, no lead can show
NAMING = ("which", "what", "who")

_OF_FIRST = ("coverage", "after", "before", "passage_coverage", "article_coverage", "local_coverage", "says_near")
_OF_FIRST_FEW = ("after", "local_after", "local_said", "says", "says_near", "focus_near", "pairs")
QUESTION_FEATURES = (
    *(f"first_{name}" for name in _OF_FIRST),
    *(f"few_{name}" for name in _OF_FIRST_FEW),
    *("top_cosine", "first_cosine", "margin", "lead", "density"),
    *("missing", "mostly_missing", "unsaid_name", "least_said", "focus", "focus_counting", "focus_naming"),
    *("near_counting", "near_naming", "near_when", "uncounted", "counting", "naming", "when"),
    *("terms", "english", "english_after", "english_missing", "english_article_coverage"),
    *("answers_best", "answers_first", "answers_second", "answers_over_rest", "english_answers_best"),
    *DETAIL_FEATURES,
)


@dataclass(frozen=True, slots=True)
class Answerability:
    """Whether a question is answered, the log odds that decided, and the words that the collection lacks."""

    covered: bool
    near: bool  # not answered, but what was found is worth showing
    score: float  # log odds
    threshold: float
    missing: tuple[str, ...]
    passages: tuple[int, ...]  # places, in the hits, of the passages that count, that of the likeliest sentence first


def judge(found: ReadHits, ranking: Ranking) -> Answerability:
    """Return whether the passages found, and their sentences as they were ranked, answer a question."""
    question, weights = found.matcher.question, load_weights(ranking.ranked_by)
    if not found.matcher.total or not ranking.sentences:
        nothing = weights.answerability["constant"]  # the score where no feature says anything
        return Answerability(False, False, nothing, weights.answered, missing=(), passages=())
    features = question_features(found, ranking)
    score = float(weigh(weights.answerability, QUESTION_FEATURES, features)) + weights.answerability["constant"]
    said = _said(question, found.readings)
    missing = tuple(
        term.surface for at, term in enumerate(question.terms) if _is_sure(term) and said[at] < WEIGHTS.said
    )
    apart = tuple(_apart(found.matcher, found.readings)) if question.asks == "who" and not missing else ()
    is_likely = score >= weights.answered or _is_said_among_few(found, ranking)
    is_open = not missing and not apart and _are_together(found) and not _lacks_most(found.matcher, said)
    return Answerability(
        covered=is_likely and is_open,
        near=max(said) >= WEIGHTS.said and (is_likely or (score >= weights.near and not missing)),
        score=score,
        threshold=weights.answered,
        missing=tuple(as_typed(question.text, surface) for surface in missing or apart),
        passages=tuple(dict.fromkeys(one.place for one in ranking.sentences)),
    )


def question_features(found: ReadHits, ranking: Ranking) -> FloatArray:
    """Return the features of a question with what was found, in the order of QUESTION_FEATURES."""
    matcher, question, readings = found.matcher, found.matcher.question, found.readings
    first = dict(zip(FEATURES, ranking.features[0], strict=True))
    few = dict(zip(FEATURES, ranking.features[:MOST_LOOKED_AT].max(0), strict=True))
    top = dict(zip(FEATURES, ranking.features.max(0), strict=True))
    scores = [one.score for one in ranking.sentences]
    said = _said(question, found.readings)
    own_article = found.article_at(ranking.sentences[0].place)
    in_article = _said(question, [own for at, own in enumerate(readings) if found.article_at(at) == own_article])
    at_first = [at for at, idf in enumerate(matcher.idfs) if idf > 0]
    focus = focus_of(matcher)
    assert focus is not None
    focused = max(
        max(one.sentence.term_scores[focus], WEIGHTS.context * readings[one.place].term_scores[focus])
        for one in ranking.sentences[:MOST_LOOKED_AT]
    )
    is_english = float(matcher.is_translated)
    missing = _missing_share(matcher, said)
    features = {
        **{f"first_{name}": first[name] for name in _OF_FIRST},
        **{f"few_{name}": few[name] for name in _OF_FIRST_FEW},
        "top_cosine": top["cosine"],
        "first_cosine": first["cosine"],
        "margin": scores[0] - scores[1] if len(scores) > 1 else 0.0,
        "lead": scores[0] - sum(scores[:MOST_BEATEN]) / len(scores[:MOST_BEATEN]),
        "density": max(hit.lexical_score for hit in found.hits) / (len(question.terms) * question.max_idf),
        "missing": missing,
        "mostly_missing": float(missing >= WEIGHTS.mostly),
        "unsaid_name": float(
            any(term.kind != "word" and said[at] < WEIGHTS.said for at, term in enumerate(question.terms))
        ),
        "least_said": min(in_article[at] for at in at_first),
        "focus": focused,
        "focus_counting": focused * (question.asks in COUNTING),
        "focus_naming": focused * (question.asks in NAMING),
        "near_counting": few["focus_near"] * (question.asks in COUNTING),
        "near_naming": few["focus_near"] * (question.asks == "who"),
        "near_when": few["focus_near"] * (question.asks == "when"),
        "uncounted": float(question.asks == "how many" and few["focus_said"] < WEIGHTS.said and not few["focus_near"]),
        "counting": float(question.asks in COUNTING),
        "naming": float(question.asks in NAMING),
        "when": float(question.asks == "when"),
        "terms": float(np.log1p(len(at_first))),
        "english": is_english,
        "english_after": is_english * few["after"],
        "english_missing": is_english * missing,
        "english_article_coverage": is_english * first["article_coverage"],
        **_as_read(ranking.relevance, is_english),
        **detail_features(found, ranking),
    }
    return np.array([features[name] for name in QUESTION_FEATURES])


def _as_read(relevance: Sequence[Relevance], is_english: float) -> dict[str, float]:
    """Return what a reranker says of the sentences that it has read, as features; nothing where there is none."""
    if not relevance:
        return dict.fromkeys((name for name in QUESTION_FEATURES if "answers_" in name), 0.0)
    likeliest = sorted((one.answers for one in relevance), reverse=True)
    return {
        "answers_best": likeliest[0],
        "answers_first": relevance[0].answers,
        "answers_second": likeliest[min(1, len(likeliest) - 1)],
        "answers_over_rest": likeliest[0] - sum(likeliest) / len(likeliest),
        "english_answers_best": is_english * likeliest[0],
    }


def require_words(
    judged: Answerability, question: Query, readings: Sequence[Reading], required: Collection[str]
) -> Answerability:
    """Return the same with only the passages counting that say those words of a question."""
    needed = [at for at, term in enumerate(question.terms) if set(required).issuperset(term.surface.split())]
    saying = tuple(
        place for place in judged.passages if all(readings[place].term_scores[at] >= WEIGHTS.said for at in needed)
    )
    return replace(judged, covered=judged.covered and bool(saying), passages=saying) if required else judged


def as_typed(text: str, surface: str) -> str:
    """Return a term as it stands in the question, cut where it is long.

    >>> as_typed("من هو رئيس أوكرانيا؟", "رييس اوكرانيا"), as_typed("Who is the US president?", "us president")
    ('رئيس أوكرانيا', 'US president')
    """
    typed = {token.text: text[token.start : token.end] for token in reversed(tokens(text))}
    shown = " ".join(typed.get(word, word) for word in surface.split())
    return shown if len(shown) <= LONGEST_SHOWN else shown[: LONGEST_SHOWN - 1] + "…"


def _is_said_among_few(found: ReadHits, ranking: Ranking) -> bool:
    """Tell whether the passage of the likeliest of few sentences says all that is asked; a lead needs many to show."""
    if len(ranking.sentences) >= MOST_BEATEN:
        return False
    said = _said(found.matcher.question, [found.readings[ranking.sentences[0].place]])
    return all(one >= WEIGHTS.said for one, idf in zip(said, found.matcher.idfs, strict=True) if idf > 0)


def _is_sure(term: Term) -> bool:
    """Tell whether a term is surely a name or a number: one of the lexicon, or a Latin word typed as names are."""
    return term.kind == "number" or term.is_named_entity or (term.kind == "name" and term.word is None)


def _are_together(found: ReadHits) -> bool:
    """Tell whether a passage, with its article's headline, says all that is surely a name or a number."""
    question = found.matcher.question
    sure = [at for at, term in enumerate(question.terms) if term.is_named_entity]
    headlines = {own: found.matcher.term_scores(words(article.title or "")) for own, article in found.articles.items()}
    for place, reading in enumerate(found.readings):
        said = zip(_said(question, [reading]), headlines[found.article_at(place)], strict=True)
        strengths = [max(one) for one in said]
        if all(strengths[at] >= WEIGHTS.said for at in sure):
            return True
    return False


def _missing_share(matcher: Matcher, said: Sequence[float]) -> float:
    """Return how much of the question, by idf, is nowhere said."""
    unsaid = sum(idf for idf, one in zip(matcher.idfs, said, strict=True) if one < WEIGHTS.said)
    return unsaid / matcher.total


def _lacks_most(matcher: Matcher, said: Sequence[float]) -> bool:
    """Tell whether most of a question is nowhere said, or one term that is most of a short one only by a far synonym.

    An English verb does not count: another verb may say it.
    """
    terms = [(at, idf) for at, idf in enumerate(matcher.idfs) if idf > 0]
    nouns = [(at, idf) for at, idf in terms if not matcher.question.terms[at].surface.endswith("ed")]
    if sum(idf for at, idf in nouns if said[at] < WEIGHTS.said) >= WEIGHTS.mostly * matcher.total:
        return True
    subject = WEIGHTS.subject * sum(_idfs_of_terms(matcher.question))
    return len(terms) <= SHORT and any(said[at] < WEIGHTS.subject_said and idf >= subject for at, idf in nouns)


def _idfs_of_terms(question: Query) -> Iterator[float]:
    """Yield the idf of each term; of a term of several words its own in place of theirs, where that is less."""
    at_surface = {term.surface: term.idf for term in question.terms if not term.parts}
    for term in question.terms:
        parts = [at_surface.pop(part) for part in term.parts if part in at_surface]
        if parts:
            yield min(term.idf, sum(parts))
    yield from at_surface.values()


def _said(question: Query, readings: Sequence[Reading]) -> list[float]:
    """Return how strongly each term is said somewhere; one of several words as the weakest of them, if stronger."""
    columns = zip(*(reading.term_scores for reading in readings), strict=True)
    said: list[float] = [max(column) for column in columns]
    at_surface = {term.surface: at for at, term in enumerate(question.terms) if not term.parts}

    def strength(at: int, term: Term) -> float:
        own = [said[at_surface[part]] for part in term.parts if part in at_surface]
        return max(said[at], min(own, default=0.0))

    return [strength(at, term) for at, term in enumerate(question.terms)]


def _apart(matcher: Matcher, readings: Sequence[Reading]) -> Iterator[str]:
    """Yield the nationalities and countries that no sentence says beside the word that they belong to."""
    terms = matcher.question.terms
    sentences = [sentence.words for reading in readings for sentence in reading.sentences]
    for at, beside in _belonging(terms):
        reach = BESIDE if terms[at].is_demonym else CLOSELY
        if not any(_near(matcher.places(one, at), matcher.places(one, beside), reach) for one in sentences):
            first, second = sorted((at, beside), key=lambda one: terms[one].place)
            yield f"{terms[first].surface} {terms[second].surface}"


def _belonging(terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Yield each nationality and country with the word of the question that it belongs to, as places in the terms."""
    at_place = {term.place: at for at, term in enumerate(terms) if not term.parts and term.kind == "word"}
    for at, term in enumerate(terms):
        if not (term.is_demonym or term.is_country) or term.parts:
            continue
        english = (1,) if term.is_demonym else (1, -2)  # "US president", "president of Iran"
        steps = english if term.word is None else (-1,)
        yield from ((at, at_place[term.place + step]) for step in steps if term.place + step in at_place)


def _near(first: Sequence[int], second: Sequence[int], reach: int) -> bool:
    return any(abs(one - other) <= reach for one in first for other in second)
