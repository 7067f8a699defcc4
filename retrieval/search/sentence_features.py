"""What is known of a sentence before it is said to answer: the features that the learnt ranking weighs.

Cosines count in standard deviations from the mean of the question's candidates, so that no model's own scale matters.
Terms count twice: by how rare they are in the collection, and by how few sentences of the article say them, since it
is the second that parts a sentence from the others about the same thing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retrieval.nlp.analysis import normalise, stem
from retrieval.nlp.asking import Asks
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search.answer_kinds import is_of_kind
from retrieval.search.asked_details import asked_detail
from retrieval.search.detail_binding import AskedOf, binding_of
from retrieval.search.learnt_weights import FloatArray
from retrieval.search.passage_scoring import Reading, ReadSentence, read
from retrieval.search.term_matcher import Matcher
from retrieval.search.weights import WEIGHTS
from retrieval.types import Article, Hit

LEAST_ADDED = 3  # words that the question does not have; with fewer, of which none is of the kind, a sentence is bare
CLOSE = 4  # words; a figure that counts a noun stands no farther from it: «أكثر من 18 منشأة»
OPENING = 400  # code points from the first passage's start: the lead of a news article
LONGEST_REACH = 10  # words; a figure or a time that is farther from the question's words is not counted as beside them
LONGEST_FRAGMENT = 12  # words; a longer line without a full stop is a sentence whose stop was forgotten
NUMBER_ITSELF = frozenset({"عدد", "اعداد", "يبلغ", "تبلغ", "بلغ", "number", "numbers", "amount"})
ANSWER_KINDS: Mapping[Asks, str] = {  # of answers that are known by their words, with the name of their feature
    "who": "who",
    "when": "when",
    "why": "why",
    **dict.fromkeys(("how many", "how much", "how long"), "figure"),
}
_ENDS, _CLOSERS = ".!?؟…", "»”\"'’)] "

FEATURES = (
    *("cosine", "passage_cosine", "passage_mean", "article_cosine", "cosine_rank", "cosine_log_rank"),
    *("bm25", "passage_coverage", "coverage", "after", "before", "best", "pairs"),
    *("article_coverage", "local_coverage", "local_after", "local_said"),
    *(
        "says",
        "says_near",
        "focus_near",
        "focus_said",
        *(f"says_{kind}" for kind in dict.fromkeys(ANSWER_KINDS.values())),
    ),
    *("bare", "new", "length", "figures", "unended", "headline", "opening", "question", "reply"),
    *("english_cosine", "english_passage_cosine", "english_after", "english_bm25"),
    *("detail_stated", "detail_bound", "detail_beside", "detail_clause"),
)


@dataclass(frozen=True, slots=True)
class ReadHits:
    """The passages that were found for a question, read against it, and what is known of their sentences."""

    matcher: Matcher
    hits: Sequence[Hit]
    readings: Sequence[Reading]  # of the hits, in the same order
    articles: Mapping[str, Article]  # that the hits are of, by id
    similarities: Mapping[str, float]  # the sentences' cosines, by `article:start-end`; empty without vectors

    def article_at(self, place: int) -> str:
        """Return the id of the article that a hit is of."""
        return self.hits[place].passage.article_id

    def neighbour(self, place: int, sentence: ReadSentence, step: int) -> ReadSentence | None:
        """Return the sentence that stands so many steps from another in the passage of a hit."""
        sentences = self.readings[place].sentences
        at = sentences.index(sentence) + step
        return sentences[at] if 0 <= at < len(sentences) else None


def read_hits(
    matcher: Matcher, hits: Sequence[Hit], articles: Mapping[str, Article], similarities: Mapping[str, float]
) -> ReadHits:
    """Return some hits, read."""
    return ReadHits(matcher, hits, tuple(read(matcher, hit.passage) for hit in hits), articles, similarities)


@dataclass(frozen=True, slots=True)
class SentenceCandidate:
    """A sentence that may answer: in which hit it stands, and whether it is a headline, a dateline or a caption."""

    place: int  # of its passage, in the hits
    sentence: ReadSentence
    is_fragment: bool


def candidates_of(found: ReadHits) -> list[SentenceCandidate]:
    """Return the sentences of some hits, in their order; the number of an item of a list is none."""
    titles = {article_id: normalise(article.title or "") for article_id, article in found.articles.items()}
    return [
        SentenceCandidate(place, sentence, _is_fragment(sentence, titles[found.article_at(place)]))
        for place, reading in enumerate(found.readings)
        for sentence in reading.sentences
        if any(letter.isalpha() for letter in sentence.text)
    ]


def sentence_features(found: ReadHits, candidates: Sequence[SentenceCandidate], lexicon: Lexicon) -> FloatArray:
    """Return the features of sentences, a row each, in the order of FEATURES; without vectors their columns are 0."""
    columns = {name: np.zeros(len(candidates)) for name in FEATURES}
    columns |= _cosines(found, candidates)
    columns |= _wordings(found, candidates)
    columns |= _local_coverages(found, candidates)
    columns |= _contents(found, candidates, lexicon)
    columns |= _replies(candidates)
    if found.matcher.is_translated:
        for name in ("cosine", "passage_cosine", "after", "bm25"):
            columns[f"english_{name}"] = columns[name]
    return np.column_stack([columns[name] for name in FEATURES])


def _groups(keys: Sequence[object]) -> Iterator[list[int]]:
    found: defaultdict[object, list[int]] = defaultdict(list)
    for at, key in enumerate(keys):
        found[key].append(at)
    yield from found.values()


def _cosines(found: ReadHits, candidates: Sequence[SentenceCandidate]) -> dict[str, FloatArray]:
    """Return the columns of the vectors, in standard deviations; a sentence that has none counts as the mean."""
    similarities = found.similarities
    if not similarities or not candidates:
        return {}
    ids = [f"{found.article_at(one.place)}:{one.sentence.start}-{one.sentence.end}" for one in candidates]
    mean = sum(similarities.values()) / len(similarities)
    raw = np.array([similarities.get(own, mean) for own in ids])
    cosine = (raw - raw.mean()) / (raw.std() + 1e-6)
    ranks = np.argsort(np.argsort(-cosine, kind="stable"), kind="stable")
    columns = {name: np.zeros(len(ids)) for name in ("passage_cosine", "passage_mean", "article_cosine")}
    for group in _groups([one.place for one in candidates]):
        columns["passage_cosine"][group] = cosine[group].max()
        columns["passage_mean"][group] = cosine[group].mean()
    for group in _groups([found.article_at(one.place) for one in candidates]):
        columns["article_cosine"][group] = np.sort(cosine[group])[-3:].mean()
    return columns | {"cosine": cosine, "cosine_rank": 1 / (1 + ranks), "cosine_log_rank": np.log1p(ranks)}


def _wordings(found: ReadHits, candidates: Sequence[SentenceCandidate]) -> dict[str, FloatArray]:
    """Return the columns of the question's words, by their idf in the collection."""
    matcher, hits, readings = found.matcher, found.hits, found.readings
    best_lexical = max((hit.lexical_score for hit in hits), default=0.0) or 1.0
    most = [max((one.after for one in reading.sentences), default=0.0) for reading in readings]
    return {
        "bm25": np.array([hits[one.place].lexical_score / best_lexical for one in candidates]),
        "passage_coverage": np.array([readings[one.place].coverage for one in candidates]),
        "coverage": np.array([one.sentence.coverage for one in candidates]),
        "after": np.array([one.sentence.after for one in candidates]),
        "before": np.array([one.sentence.before for one in candidates]),
        "best": np.array([float(one.sentence.after == most[one.place]) for one in candidates]),
        "pairs": np.array([matcher.pairs_share(one.sentence.words) for one in candidates]),
    }


def _local_coverages(found: ReadHits, candidates: Sequence[SentenceCandidate]) -> dict[str, FloatArray]:
    """Return the columns of the question's words by how few sentences of the same article say them."""
    names = ("article_coverage", "local_coverage", "local_after", "local_said")
    columns, matcher = {name: np.zeros(len(candidates)) for name in names}, found.matcher
    counted = np.array([float(idf > 0) for idf in matcher.idfs])
    if not counted.any():
        return columns
    for group in _groups([found.article_at(one.place) for one in candidates]):
        strengths = np.array([candidates[at].sentence.term_scores for at in group])
        is_new_passage = [
            at == group[0] or candidates[at].place != candidates[before].place
            for before, at in zip([group[0], *group], group, strict=False)
        ]
        before = np.vstack([np.zeros_like(strengths[:1]), strengths[:-1]])
        before[is_new_passage] = 0.0
        said = (strengths >= WEIGHTS.said).sum(0)
        idfs = np.where(said > 0, np.log1p((len(group) - said + 0.5) / (said + 0.5)), 0.0) * counted
        own = strengths @ idfs
        after = np.maximum(strengths, WEIGHTS.context * before) @ idfs
        whole = idfs.sum() or 1.0
        columns["article_coverage"][group] = matcher.coverage(strengths.max(0).tolist())
        columns["local_coverage"][group], columns["local_after"][group] = own / whole, after / whole
        columns["local_said"][group] = own
    return columns


def _contents(found: ReadHits, candidates: Sequence[SentenceCandidate], lexicon: Lexicon) -> dict[str, FloatArray]:
    """Return the columns of what a sentence says besides the question's own words, and of where it stands."""
    matcher, asks = found.matcher, found.matcher.question.asks
    known, focus = known_stems(matcher), focus_of(matcher)
    asked = AskedOf(matcher, asked_detail(matcher.question), focus)
    rows: list[dict[str, float]] = []
    for one in candidates:
        words, before = one.sentence.words, found.neighbour(one.place, one.sentence, -1)
        new = [at for at, word in enumerate(words) if word not in ARABIC_STOP and stem(word) not in known]
        kinds = [at for at in new if is_of_kind(words[at], asks, lexicon)]
        body = found.articles[found.article_at(one.place)].body
        binding = binding_of(asked, one.sentence, new, before.term_scores if before else None)
        row = {
            "says": float(bool(kinds)),
            "says_near": _nearness(kinds, matcher.said_at(words)) if asks not in ("who", "why") else 0.0,
            "focus_near": _nearness(kinds, matcher.places(words, focus), CLOSE) if focus is not None else 0.0,
            "focus_said": one.sentence.term_scores[focus] if focus is not None else 0.0,
            "bare": float(len(new) < LEAST_ADDED and not kinds),
            "new": math.log1p(len(new)),
            "length": math.log1p(len(words)),
            "figures": float(any(words[at][0].isdigit() for at in new)),
            "unended": float(not _has_end(one.sentence.text)),
            "headline": float(one.is_fragment),
            "opening": float(one.sentence.start - (body[0].start if body else 0) < OPENING),
            **{f"detail_{name}": value for name, value in binding._asdict().items()},
        }
        if kinds and asks in ANSWER_KINDS:
            row[f"says_{ANSWER_KINDS[asks]}"] = 1.0
        rows.append(row)
    return {name: np.array([row.get(name, 0.0) for row in rows]) for name in {key for row in rows for key in row}}


def _replies(candidates: Sequence[SentenceCandidate]) -> dict[str, FloatArray]:
    """Return the columns of interviews: a sentence that asks, and how much of the question the one before it asks."""
    asking = [one.sentence.text.rstrip(_CLOSERS).endswith(("؟", "?")) for one in candidates]
    asked = [one.sentence.coverage * asks for one, asks in zip(candidates, asking, strict=True)]
    replies = np.zeros(len(candidates))
    replies[1:] = [
        before * (one.place == other.place) for before, (one, other) in zip(asked, pairwise(candidates), strict=False)
    ]
    return {"question": np.array(asking, float), "reply": replies}


def focus_of(matcher: Matcher) -> int | None:
    """Return the place, in the terms, of the first thing that a question names: what is counted, or who it is about.

    The number itself is none, but where nothing else is named: «كم يبلغ عدد الطلاب؟» counts students.
    """
    terms = matcher.question.terms
    told = sorted((at for at, idf in enumerate(matcher.idfs) if idf > 0), key=lambda at: terms[at].place)
    return next((at for at in told if terms[at].surface not in NUMBER_ITSELF), next(iter(told), None))


def _nearness(first: Sequence[int], second: Sequence[int], reach: int = LONGEST_REACH) -> float:
    """Return how near to each other two kinds of words stand: 1 in one place, 0 from `reach` words on."""
    nearest = min((abs(one - other) for one in first for other in second), default=reach)
    return 1 - min(nearest, reach) / reach


def known_stems(matcher: Matcher) -> frozenset[str]:
    """Return the stems that the question itself has, which can not be its answer."""
    return frozenset(
        own
        for term in matcher.question.terms
        for alternative in term.alternatives
        if alternative.weight > WEIGHTS.own_word
        for own in alternative.stems
    )


def _has_end(text: str) -> bool:
    return text.rstrip(_CLOSERS)[-1:] in _ENDS


def _is_fragment(sentence: ReadSentence, title: str) -> bool:
    """Tell whether a sentence is no sentence of the text: its headline, or a short line without an end."""
    if title and normalise(sentence.text) in title:
        return True
    return not _has_end(sentence.text) and len(sentence.words) <= LONGEST_FRAGMENT
