"""The embedding model that needs no weights: words, their parts and their meanings, hashed into dimensions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from zlib import crc32

import numpy as np
import numpy.typing as npt

from retrieval.embeddings.protocol import Unit
from retrieval.nlp.analysis import grams, stem, words
from retrieval.nlp.clitics import without_article
from retrieval.nlp.lexicon import FURTHER, Lexicon, english_stems, load_lexicon
from retrieval.nlp.phonetics import SHORTEST_KEY, key_of_arabic, keys_of_latin
from retrieval.nlp.stopwords import ARABIC_STOP, ENGLISH_STOP

DIMENSIONS = 1024
GRAM_WEIGHT = 1.4
KEY_WEIGHT = 0.3
MOST_EQUIVALENTS = 6
LONGEST_COUNTED = 7  # letters

_Sparse = tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]


class HashingEmbedder:
    """Hashes stems, 4-grams, English concepts and name keys into 1,024 signed dimensions.

    Arabic and English meet in the lexicon: an Arabic stem carries the English headwords that it
    translates, an English word its Arabic equivalents. Feature hashing after Weinberger et al.,
    "Feature Hashing for Large Scale Multitask Learning", 2009. Vectors have length 1, or 0 for a
    text without words. To LlamaIndex it is `integrations.llama_index.embedding.SanadEmbedding`.
    """

    model_name = "hashing-1"
    embed_batch_size = 256
    unit: Unit = "passage"  # which is what its weight in the search was learnt with

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of passages."""
        return [embed(text) for text in texts]

    def get_query_embedding(self, query: str) -> list[float]:
        """Return the vector of a question."""
        return embed(query)


def embed(text: str) -> list[float]:
    """Return the vector of a text, DIMENSIONS long; a word counts by the square root of how often it stands there."""
    counts = Counter(words(text))
    if not counts:
        return [0.0] * DIMENSIONS
    touched = [_sparse(word) for word in counts]
    scale = np.repeat([count**0.5 for count in counts.values()], [len(at) for at, _ in touched])
    at, weights = (np.concatenate(parts) for parts in zip(*touched, strict=True))
    vector = np.bincount(at, weights * scale, DIMENSIONS)
    length = float(np.linalg.norm(vector))
    dense: list[float] = (vector / length if length else vector).tolist()
    return dense


@lru_cache(maxsize=1 << 16)
def _sparse(word: str) -> _Sparse:
    """Return the dimensions that a word touches, each once, and what it adds to them."""
    total: dict[int, float] = {}
    for feature, weight in _features(word, load_lexicon()):
        hashed = crc32(feature.encode())
        sign = 1.0 if hashed & 0x20000 else -1.0
        total[hashed % DIMENSIONS] = total.get(hashed % DIMENSIONS, 0.0) + sign * weight
    return np.array(list(total), dtype=np.intp), np.array(list(total.values()), dtype=np.float64)


def _features(word: str, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    if word in ARABIC_STOP or word in ENGLISH_STOP:
        return
    if word[0].isdigit():
        yield f"stem {word}", 2.0
    elif word.isascii():
        yield from _english_features(word, lexicon)
    else:
        yield from _arabic_features(word, lexicon)


def _arabic_features(word: str, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    own = stem(word)
    idf = min(len(own), LONGEST_COUNTED) ** 0.5  # no corpus to count in: longer words are rarer (Zipf)
    yield from _surface_features(own, word, idf)
    concepts = sorted(set(english_stems(list(lexicon.concepts.get(own, ())))))
    for concept in concepts:
        yield f"concept {concept}", idf / len(concepts) ** 0.5
    key = key_of_arabic(without_article(word))
    if not concepts and len(key) >= SHORTEST_KEY:
        yield f"key {key}", KEY_WEIGHT * idf


def _english_features(word: str, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    (own,) = english_stems([word])
    yield f"stem {own}", 0.5
    yield f"concept {own}", 1.0
    keys = sorted(keys_of_latin(word))
    for key in keys:
        yield f"key {key}", KEY_WEIGHT / len(keys) ** 0.5
    equivalents = [arabic for arabic in lexicon.equivalents(word)[:MOST_EQUIVALENTS] if " " not in arabic]
    for order, arabic in enumerate(equivalents):
        for form in words(arabic):
            yield from _surface_features(stem(form), form, FURTHER**order / len(equivalents) ** 0.5)


def _surface_features(own: str, word: str, weight: float) -> Iterator[tuple[str, float]]:
    yield f"stem {own}", weight
    pieces = grams(word)
    for piece in pieces:
        yield f"gram {piece}", GRAM_WEIGHT * weight / len(pieces) ** 0.5
