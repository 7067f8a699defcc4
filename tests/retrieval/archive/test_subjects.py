"""What counts as saying a subject: names by their spellings, other words as they are written."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.config.wiring import open_index
from retrieval.archive.mentions import mentioning_articles
from retrieval.archive.subjects import subject_of_archive
from retrieval.index.index import Index
from retrieval.nlp.analysis import words

SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with open_index(Settings(data_dir=tmp_path_factory.mktemp("data"), embedding="hashing")) as index:
        index.refresh(SEEDS)
        yield index


@pytest.mark.parametrize(
    ("subject", "text", "is_said"),
    [
        ("شويغو", "التقى الوزير شويجو نظيره", True),
        ("Shoigu", "ولشويغو رأي آخر", True),
        ("تركيا", "وصل الوفد إلى تركيا أمس", True),
        ("تركيا", "القوات التركية في الشمال", False),
        ("تركيا", "وتركها على الدرج", False),
        ("قرضا", "وقع قرض لتونس", True),
        ("قرض", "طلبت قرضا جديدا", True),
        ("قرضا", "قرص الشمس", False),
        ("كوسطي", "قالت الأم وسط ضحك الحاضرين", False),
        ("Obayd", "ولاية النيل الأبيض", False),
        ("زرقوطيا", "حملات لضبط سرقات المياه", False),
        ("جسر السدرة", "انهار الجسر في حي السدرة", True),
        ("جسر السدرة", "انهار الجسر في الحي القديم", False),
        ("Security Council", "قرار مجلس الأمن", True),
        ("the earthquake", "ضرب زلزال شرق البلاد", True),
        ("في من", "في من على", False),
    ],
)
def test_a_subject_is_said_by_each_of_its_words_and_by_no_word_like_it(
    seeds: Index, subject: str, text: str, *, is_said: bool
) -> None:
    with seeds.pin() as source:
        assert subject_of_archive(subject, source).is_said(words(text)) is is_said


def test_the_index_finds_what_reading_every_passage_finds(seeds: Index) -> None:
    with seeds.pin() as source:
        passages = {one.article_id: source.passages_of(one.article_id) for one in seeds.catalog.articles()}
        written = sorted({word for own in passages.values() for one in own for word in one.text.split()})
        subjects = [*random.Random(7).sample(written, 80), "Idlib", "Lavrov and Pompeo", "United Nations", "hospital"]
        for text in subjects:
            subject = subject_of_archive(text, source)
            read = {key for key, own in passages.items() if any(subject.is_said(words(one.text)) for one in own)}
            assert mentioning_articles(source, subject).keys() == read, text
