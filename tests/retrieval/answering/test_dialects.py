"""Questions in the words of a dialect over articles in the words of newspapers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.builders.folder import analysed

from retrieval.answering.sanad import Sanad
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index

ARTICLES = {
    "bridge": """أعلنت بلدية رأس الوادي إغلاق الجسر القديم أمام المركبات.
وقال المهندس المشرف إن تصدعات ظهرت في الدعامة الشرقية. وأوضح أن إعادة فتح الطريق مرهونة بنتائج الفحص.""",
    "robbery": """سطا مسلحان على محل لبيع الذهب في ضاحية الياسمين.
وألقت الشرطة القبض على أحدهما بعد ساعات. وعثرت الدورية على المسروقات داخل حقيبة في مرآب مهجور.""",
    "fire": """اندلع حريق في مستودع للأخشاب بمنطقة الميناء.
وأخمد رجال الدفاع المدني النيران فجرا. ولقي حارس المستودع مصرعه اختناقا.""",
    "water": """تعاني قرى الهضبة من شح مياه الشرب منذ أسابيع.
وتنقل صهاريج المياه إلى القرى مرتين في الأسبوع.""",
    "school": """رفعت وزارة التربية رواتب المعلمين بنسبة عشرة في المئة.
وتبلغ كلفة الزيادة أربعين مليونا. ويتغيب عن الصفوف مئات التلاميذ بسبب البرد.""",
    "market": """ارتفعت أسعار الخبز والأرز في أسواق العاصمة.
وعزا التجار الأمر إلى كلفة الوقود.""",
    "crash": """اصطدمت حافلة بشاحنة على الطريق السريع.
وأصيب سبعة ركاب بجروح ونقلوا إلى مستشفى المدينة. وفر سائق الشاحنة من المكان.""",
    "football": """فاز المنتخب على ضيفه بهدفين في ملعب المدينة.
وسجل المهاجم الشاب الهدف الثاني من ركلة جزاء.""",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder: Path = tmp_path_factory.mktemp("articles")
    for name, text in ARTICLES.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    with Index.open(tmp_path_factory.mktemp("data"), make_embedder("hashing")) as opened:
        assert not opened.refresh(folder).failed
        yield opened


def first(index: Index, question: str) -> str:
    """Return the name of the article whose passage is found first."""
    hits = index.search(question).hits
    paths = {article.article_id: article.path for article in index.catalog.articles()}
    return paths[hits[0].passage.article_id].removesuffix(".txt") if hits else ""


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("لماذا سكروا الجسر؟", "bridge"),  # Levant
        ("متى قفلوا الكوبري؟", "bridge"),  # Egypt
        ("لماذا بلعوا القنطرة؟", "bridge"),  # the Maghreb
        ("أين لقوا الشنطة؟", "robbery"),
        ("من اللصوص اللي گمشوهم؟", "robbery"),  # Iraq
        ("متى طفوا الحريقة؟", "fire"),
        ("أين ولعت النار؟", "fire"),
        ("كم زلمة مات في الحريقة؟", "fire"),
        ("كم مرة توصل الموية؟", "water"),  # the Gulf
        ("هل المي مقطوعة عن الضيعة؟", "water"),
        ("كم زودوا معاشات المدرسين؟", "school"),
        ("هل غلا التمن؟", "market"),
        ("هل غلي الرز؟", "market"),
        ("من هرب بعد صدمة الباص؟", "crash"),
        ("إلى أي سبيطار ودوهم؟", "crash"),
        ("من جاب الجول من بلنتي؟", "football"),
    ],
)
def test_a_question_in_dialect_finds_the_article_of_the_newspaper_first(
    index: Index, question: str, article: str
) -> None:
    assert first(index, question) == article


@pytest.mark.parametrize(
    ("question", "quote_holds"),
    [
        ("لماذا سكروا الجسر؟", "إغلاق الجسر"),
        ("أين لقوا الشنطة؟", "داخل حقيبة"),
        ("متى طفوا الحريقة؟", "أخمد"),
        ("أين ولعت النار؟", "اندلع حريق"),
    ],
)
def test_a_question_in_dialect_is_answered_by_the_sentence_that_says_it(
    index: Index, question: str, quote_holds: str
) -> None:
    answer = Sanad(index).ask(question)
    assert answer.found
    assert quote_holds in answer.citations[0].quote


@pytest.mark.parametrize("question", ["من سرق الطيارة؟", "أين لقوا القطوس؟", "من باع الحلوف؟", "كم زنانة طاحت؟"])
def test_a_word_of_a_dialect_that_no_article_says_is_no_name_that_is_missing(index: Index, question: str) -> None:
    kinds = {term.kind for term in analysed(index, question).terms}
    assert kinds == {"word"}


def test_an_english_question_has_the_terms_that_it_had(index: Index) -> None:
    terms = analysed(index, "Where did the fire of the warehouse break out?").terms
    assert [term.surface for term in terms] == ["fire", "warehouse", "break out", "break"]
    assert first(index, "Where did the fire of the warehouse break out?") == "fire"
