"""Whether the detail that a question asks for is said of what it is asked of: features of a question.

A near miss names somebody whom the articles speak of, and asks what they leave out. Its likeliest sentences say no
expression of the kind that is asked for, or one that stands beside other words than the question's. The kind alone is
no feature: that names and ages are seldom found is so in made questions, and need not be so in a reader's.
"""

from __future__ import annotations

import numpy as np

from retrieval.nlp.lexicon import load_lexicon
from retrieval.search.asked_details import DETAILS, Detail, asked_detail
from retrieval.search.learnt_weights import FloatArray
from retrieval.search.query import Term
from retrieval.search.sentence_features import FEATURES, ReadHits
from retrieval.search.sentence_ranking import RankedSentence, Ranking
from retrieval.search.stated_details import is_left_open
from retrieval.search.weights import WEIGHTS

_MOST_TRUSTED = 10  # sentences in which the detail is looked for
_FEW = 3  # sentences, as many as an answer has

_NEARNESSES = ("bound", "beside", "clause")  # of detail_binding
_KINDS: tuple[Detail, ...] = tuple(kind for kind in DETAILS if kind not in ("yes_no", "other"))
DETAIL_FEATURES = (
    *("stated_first", "stated_likely"),
    *(f"{name}_few" for name in _NEARNESSES),
    *(f"{name}_most" for name in _NEARNESSES),
    *("articles", "left_open"),
    *("words_near", "words_least", "words_share", "words_in_article", "names_near"),
    *(f"stated_{kind}" for kind in _KINDS),
)


def detail_features(found: ReadHits, ranking: Ranking) -> dict[str, float]:
    """Return the features by name; a ranking has sentences."""
    detail = asked_detail(found.matcher.question)
    read = ranking.sentences[:_MOST_TRUSTED]
    columns = dict(zip(FEATURES, ranking.features[:_MOST_TRUSTED].T, strict=True))
    likely = np.exp(np.array([one.score for one in read]) - read[0].score)
    stated = float(likely @ columns["detail_stated"] / likely.sum())
    return {
        "stated_first": float(columns["detail_stated"][0]),
        "stated_likely": stated,
        **{f"{name}_few": float(columns[f"detail_{name}"][:_FEW].max()) for name in _NEARNESSES},
        **{f"{name}_most": float(columns[f"detail_{name}"].max()) for name in _NEARNESSES},
        "articles": float(np.log1p(len({found.article_at(one.place) for one in read}))),
        "left_open": float(any(is_left_open(one.sentence.words) for one in read[:_FEW])),
        **_words_said(found, read[0]),
        **{f"stated_{kind}": stated * (kind == detail) for kind in _KINDS},
    }


def _words_said(found: ReadHits, first: RankedSentence) -> dict[str, float]:
    """Return how much of a question's ordinary words and names the likeliest sentence and its article say."""
    matcher = found.matcher
    idfs, own = np.array(matcher.idfs), np.array(first.sentence.term_scores)
    beside = (found.neighbour(first.place, first.sentence, step) for step in (-1, 1))
    near = np.max([own, *(WEIGHTS.context * np.array(one.term_scores) for one in beside if one)], axis=0)
    article = found.article_at(first.place)
    whole = np.max(
        [one.term_scores for at, one in enumerate(found.readings) if found.article_at(at) == article], axis=0
    )
    of_names = np.array([_may_be_name(term) for term in matcher.question.terms])
    words, names = idfs * ~of_names, idfs * of_names
    return {
        "words_near": _share(words, near),
        "words_least": float(near[words > 0].min(initial=1.0)),
        "words_share": float(words.sum() / matcher.total),
        "words_in_article": _share(words, whole),
        "names_near": _share(names, near),
    }


def _share(idfs: FloatArray, strengths: FloatArray) -> float:
    return float(idfs @ strengths / (idfs.sum() or 1.0))


def _may_be_name(term: Term) -> bool:
    """Tell whether a term is a name, or an Arabic word that the lexicon does not have."""
    if term.kind != "word" or term.keys:
        return True
    return term.word is not None and not load_lexicon().headwords(term.word)
