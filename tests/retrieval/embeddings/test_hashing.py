"""The embedding model that needs no download."""

from __future__ import annotations

import math

import pytest

from retrieval.embeddings.hashing import DIMENSIONS, HashingEmbedder, embed


def similarity(one: str, other: str) -> float:
    return sum(a * b for a, b in zip(embed(one), embed(other), strict=True))


def test_a_vector_has_the_stated_dimensions_and_length_one() -> None:
    vector = embed("التقى لافروف نظيره في سوتشي")
    assert len(vector) == DIMENSIONS
    assert math.isclose(math.hypot(*vector), 1.0)


@pytest.mark.parametrize("text", ["", " ", "؟!", "من في على", "the of"])
def test_a_text_without_words_has_the_zero_vector(text: str) -> None:
    assert embed(text) == [0.0] * DIMENSIONS


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("زلزال في شرق تركيا", "هزّة أرضية شرقي تركيا", "مباراة كرة القدم"),
        ("earthquake in Turkey", "زلزال في شرق تركيا", "قرار مجلس الأمن الدولي"),
        ("Security Council resolution", "قرار مجلس الأمن الدولي", "زلزال في شرق تركيا"),
        ("what did Shoigu say", "قال سيرغي شويغو للصحفيين", "قال مايك بومبيو للصحفيين"),
        ("اللاجئون السوريون", "لاجئين سوريين", "الدفاع الروسي"),
    ],
)
def test_a_text_is_nearer_to_its_like_than_to_another_in_either_language(text: str, near: str, far: str) -> None:
    assert similarity(text, near) > similarity(text, far)


def test_texts_and_questions_are_embedded_alike_and_in_batches() -> None:
    embedder = HashingEmbedder()
    texts = ["إدلب", "سوتشي"]
    assert embedder.get_text_embedding_batch(texts) == [embed(text) for text in texts]
    assert embedder.get_query_embedding("إدلب") == embed("إدلب")
    assert embedder.model_name == "hashing-1"
