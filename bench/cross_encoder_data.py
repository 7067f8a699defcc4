"""What the cross-encoder is trained on: sentences of sets in the form of SQuAD and of made articles, with questions."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.datasets import is_aside, numbered_rows
from bench.made import unpack
from retrieval.embeddings.e5.encoder import E5Encoder
from retrieval.embeddings.e5.texts import PASSAGE, QUERY
from retrieval.nlp.analysis import stems, words
from retrieval.nlp.lexicon import load_lexicon
from retrieval.nlp.sentences import sentences

OTHERS, NEAREST, WITHHELD, CANDIDATES = 5, 3, 0.2, 16  # sentences beside the gold one, a share, sentences
SHORT = 2  # letters of an answer that other sentences may hold by chance
# Of the cosines of a sentence bare and with its headline, of its paragraph's, and of the words it and its headline
# share with the question, by their idf: a listwise regression on the training parts.
CHOOSING = np.array([10.0, 38.7, 77.8, 8.3, 8.5], np.float32)
COLLOQUIAL = (  # what dialects ask with, for questions of the written language
    (r"^(ما هي|ما هو|ما|ماذا)\b", "شو ايش وش شنو ايه"),
    (r"^(من هو|من هي|من)\b", "مين منو شكون"),
    (r"^كم\b( عدد| يبلغ| بلغ)?", "كام قديش شكد شحال"),
    (r"^متى\b", "امتى ايمتى وقتاش شوكت"),
    (r"^(أين|اين)\b", "وين فين"),
    (r"^(لماذا|لما|لم)\b", "ليش ليه علاش"),
    (r"^كيف\b", "ازاي شلون كيفاش"),
    (r"\b(الذي|التي|الذين)\b", "اللي يلي"),
)
SLOPPY = ((0.3, "[أإآ]", "ا"), (0.3, r"ة\b", "ه"), (0.15, r"ى\b", "ي"), (0.4, r"[؟? ]+$", ""))


@dataclass(frozen=True)
class Sentence:
    """A sentence of a set, with what is read beside it."""

    text: str
    headline: str
    before: str
    paragraph: int
    entry: int


@dataclass(frozen=True)
class Asked:
    """A question, and the places of the sentences that answer it, each with where in it the answer stands."""

    text: str
    gold: Mapping[int, tuple[int, int]]  # empty where nothing answers
    answers: tuple[str, ...]
    entry: int


@dataclass
class Collection:
    """A set with the features of every sentence for every question, [questions, sentences, 5]."""

    sentences: list[Sentence]
    questions: list[Asked]
    features: list[np.ndarray]
    aside: int  # each so-many-th entry is kept aside; 0: none
    share: float  # of the others' questions, that a round takes

    def taught(self, chance: random.Random) -> list[int]:
        """Return the questions of a round, by their places."""
        places = [at for at, one in enumerate(self.questions) if not self.is_aside(one.entry)]
        return chance.sample(places, round(self.share * len(places)))

    def is_aside(self, entry: int) -> bool:
        """Tell whether an entry is kept aside; of made articles none is."""
        return is_aside(entry, self.aside)


def squad(file: Path, asked_in: Sequence[Path], encoder: E5Encoder, aside: int, share: float = 1) -> Collection:
    """Return a file in SQuAD's form, with its questions in the languages of some files."""
    texts = [{qa["id"]: qa["question"] for _, _, _, qa in numbered_rows(other)} for other in asked_in]
    found: list[Sentence] = []
    questions: list[Asked] = []
    paragraphs: dict[str, tuple[int, list[Any]]] = {}
    for number, entry, paragraph, qa in numbered_rows(file):
        context, title = paragraph["context"], entry.get("title", "").replace("_", " ")
        if context not in paragraphs:
            spans = list(sentences(context))
            paragraphs[context] = len(found), spans
            own = [context[span.start : span.end] for span in spans]
            place = len(paragraphs) - 1
            found += [Sentence(text, title, own[at - 1] if at else "", place, number) for at, text in enumerate(own)]
        first, spans = paragraphs[context]
        start, answer = qa["answers"][0]["answer_start"], qa["answers"][0]["text"]
        at = max((at for at, span in enumerate(spans) if span.start <= start), default=0)
        held = start - spans[at].start, start - spans[at].start + len(answer)
        gold = {first + at: held}
        questions += [Asked(of[qa["id"]].strip(" -"), gold, (answer,), number) for of in texts if qa["id"] in of]
    return Collection(found, questions, _features(found, list(paragraphs), questions, encoder), aside, share)


def made_articles(file: Path, encoder: E5Encoder) -> Collection:
    """Return made articles and their questions."""
    articles, asked = unpack(file)
    found: list[Sentence] = []
    paragraphs: list[str] = []
    spans: list[tuple[str, int, int]] = []  # of each sentence: its article, and where in it
    for number, (name, text) in enumerate(articles.items()):
        own = list(sentences(text))
        headline = text[own[0].start : own[0].end]
        for at, span in enumerate(own):
            begins = at < 2 or "\n\n" in text[own[at - 1].end : span.start]
            said = text[span.start : span.end]
            if begins:
                paragraphs.append(said)
            else:
                paragraphs[-1] += f" {said}"
            before = text[own[at - 1].start : own[at - 1].end] if at > 1 else ""
            found.append(Sentence(said, headline if at else "", before, len(paragraphs) - 1, number))
            spans.append((name, span.start, span.end))
    questions = []
    for one in asked:
        gold = {}
        for answer in one.gold:
            for place, (name, start, end) in enumerate(spans):
                at = articles[name].find(answer, start)
                if start <= at < end:
                    gold[place] = at - start, min(at - start + len(answer), end - start)
        if bool(gold) == bool(one.gold):
            questions.append(Asked(one.text, gold, tuple(one.gold), -1))
    return Collection(found, questions, _features(found, paragraphs, questions, encoder), 0, 1)


def _features(
    found: list[Sentence], paragraphs: Sequence[str], questions: list[Asked], encoder: E5Encoder
) -> list[np.ndarray]:
    vectors = [[one.text, f"{one.headline}. {one.text}" if one.headline else one.text] for one in found]
    bare, headed = (_vectors(encoder, [pair[at] for pair in vectors]) for at in (0, 1))
    whole = _vectors(encoder, paragraphs)[[one.paragraph for one in found]]
    overlaps = _Overlaps(found)
    features = []
    for one in questions:
        asked = encoder.vector(encoder.token_ids(QUERY + one.text))
        features.append(np.column_stack([bare @ asked, headed @ asked, whole @ asked, *overlaps.of(one.text)]))
    return features


def _vectors(encoder: E5Encoder, texts: Sequence[str]) -> np.ndarray:
    return np.stack([encoder.vector(encoder.token_ids(PASSAGE + text)) for text in texts])


class _Overlaps:
    """The share of a question's words, by their idf, that sentences say, and that only their headlines say."""

    def __init__(self, found: Sequence[Sentence]) -> None:
        self.count = len(found)
        self.own, self.heads = (
            _postings(set(stems(getattr(one, part))) for one in found) for part in ("text", "headline")
        )
        self.idf = {
            stem: math.log1p((self.count - len(places) + 0.5) / (len(places) + 0.5))
            for stem, places in self.own.items()
        }

    def of(self, question: str) -> tuple[np.ndarray, np.ndarray]:
        """Return both shares, for every sentence."""
        said, headed, total = np.zeros(self.count), np.zeros(self.count), 1e-6
        for word in words(question):
            ways = {
                one for text in (word, *load_lexicon().equivalents((stems(word) or [word])[0])) for one in stems(text)
            }
            idf = min((self.idf[way] for way in ways if way in self.idf), default=math.log1p(self.count))
            total += idf
            own, heads = np.zeros(self.count, bool), np.zeros(self.count, bool)
            for way in ways:
                own[self.own.get(way, [])] = True
                heads[self.heads.get(way, [])] = True
            said += idf * own
            headed += idf * (~own & heads)
        return said / total, headed / total


def _postings(texts: Iterable[set[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, own in enumerate(texts):
        for stem in own:
            found.setdefault(stem, []).append(place)
    return found


def sloppy(question: str, chance: random.Random) -> str:
    """Return a question as it may be typed: asked in dialect, without hamzas, dots or its mark."""
    if chance.random() < 0.45:
        for pattern, ways in COLLOQUIAL:
            question = re.sub(pattern, chance.choice(ways.split()), question, count=1)
    for share, pattern, instead in SLOPPY:
        if chance.random() < share:
            question = re.sub(pattern, instead, question)
    return question


def drawn(held: Collection, at: int, chance: random.Random) -> tuple[list[int], bool]:
    """Return the sentences of a step, the gold one first, and whether it is among them."""
    asked, order = held.questions[at], np.argsort(-(held.features[at] @ CHOOSING))
    answers = [said for answer in asked.answers if len(said := re.sub(r"\W+", " ", answer)) > SHORT]
    withheld, whole = not asked.gold or chance.random() < WITHHELD, chance.random() < 0.5  # the paragraph, or less
    taken = {held.sentences[place].paragraph for place in asked.gold} if withheld and whole else set()

    def is_wrong(place: int) -> bool:
        one = held.sentences[place]
        read = re.sub(r"\W+", " ", f"{one.before} {one.text}" if withheld else one.text)
        same = place in asked.gold or one.paragraph in taken or held.is_aside(one.entry)
        return not (same or any(answer in read for answer in answers))

    wrong = [int(place) for place in order if is_wrong(int(place))][:CANDIDATES]
    others = wrong[:NEAREST] + chance.sample(wrong[NEAREST:], max(min(OTHERS + withheld, len(wrong)) - NEAREST, 0))
    return (others, False) if withheld else ([chance.choice(list(asked.gold)), *others], True)
