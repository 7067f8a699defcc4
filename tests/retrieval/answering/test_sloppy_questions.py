"""Questions as people type them, in dialect and with slips, over an index: the sentence that answers is quoted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.answering.sanad import Sanad
from retrieval.embeddings.factory import make_embedder
from retrieval.index.index import Index

SEEDS = Path(__file__).parents[3] / "seeds"
ARTICLES = {
    "mill.txt": """حريق في مطحنة الوادي

اندلع حريق كبير في مطحنة الوادي فجر الأحد. وقال العقيد أبو هنية الزريقي إن سبب الحريق تماس كهربائي في مستودع الأكياس.

وبلغت كلفة ترميم المطحنة ثلاثمئة وعشرين ألف دولار. وأصيب خمسة وعشرون عاملا بحالات اختناق.
""",
    "court.txt": """المحكمة تؤجل قضية السد

أجلت المحكمة في مدينة عكار جلسة قضية السد إلى الخميس المقبل. وترأس الجلسة القاضي عبد العزيز البرهومي.

وطلب محامي الشركة صلاحالدين مرعي سماع شاهد جديد. وكان في القاعة مئتا شخص.

وخصصت الحكومة للسدود 1,9 مليار دينار في آذار. ووقع العقد رقم 117 المهندس رياض الدوري.
""",
    "school.txt": """مدارس الريف تستقبل التلاميذ

استقبلت مدارس الريف تلاميذها بعد إضراب دام أسبوعين. وقالت مديرة التربية هناء القطامي إن الحكومة وافقت على \
مطالب المعلمين.
""",
}


@pytest.fixture(scope="module")
def sanad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sanad]:
    folder = tmp_path_factory.mktemp("articles")
    shutil.copytree(SEEDS, folder, dirs_exist_ok=True)  # among others, so that a word is rare or common
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Index.open(tmp_path_factory.mktemp("index"), make_embedder("hashing")) as index:
        index.refresh(folder)
        yield Sanad(index)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("شو سبب الحريق بالمطحنه", "تماس كهربائي"),  # Levant
        ("ليه المطحنة اتحرقت، ايه سبب الحريق ده", "تماس كهربائي"),  # Egypt
        ("شلون صار الحريق في المطحنة", "تماس كهربائي"),  # the Gulf, Iraq
        ("علاش شعل الحريق فالمطحنة", "تماس كهربائي"),  # the Maghreb
        ("قديش كلفة ترميم المطحنة", "ثلاثمئة وعشرين"),
        ("شكد كلفة ترميم هالمطحنة", "ثلاثمئة وعشرين"),
        ("وين حيعملوا جلسة هالقضية", "مدينة عكار"),
        ("شو صار عالمحكمة بعكار", "أجلت المحكمة"),
        ("مين ترأس جلسة المحكنة", "عبد العزيز"),
        ("ماذا قال ابوهنية؟", "تماس كهربائي"),
        ("من هو عبدالعزيز البرهومي؟", "عبد العزيز"),
        ("ماذا طلب صلاح الدين مرعي؟", "شاهد جديد"),
        ("What did Salahuddin ask for?", "شاهد جديد"),
        ("who is judge Abdulaziz", "عبد العزيز"),
        ("did the goverment accept the demands of the teachers", "وافقت"),
        ("لمن دُفع مبلغ 320 ألف دولار في المطحنة؟", "ثلاثمئة وعشرين"),
        ("هل أصيب 25 عاملا في المطحنة؟", "خمسة وعشرون عاملا"),
        ("were 200 people in the court?", "مئتا شخص"),
        ("متى خصصت مليار و900 مليون للسدود؟", "1,9 مليار"),
        ("من وقع العقد رقم مئة وسبعة عشر؟", "العقد رقم 117"),
        ("shu sabab el 7ari2 bil mat7ane", "تماس كهربائي"),
        ("meen tara2as el jalse bil ma7kame", "عبد العزيز"),
        ("شنو گالت مديرة التربیة", "وافقت"),
    ],
)
def test_the_sentence_that_answers_is_quoted(sanad: Sanad, question: str, answer: str) -> None:
    assert answer in " ".join(citation.quote for citation in sanad.ask(question).citations)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("مين هو زهير الخزرجي", ()),  # these the lexicon does not know, and they may be other words
        ("شو قال ميخائيل اوستروف", ()),
        ("ماذا قال عبدالقادر السويدي؟", ("السويدي",)),
        ("Who is Abdulkarim?", ("Abdulkarim",)),
    ],
)
def test_a_name_that_is_missing_is_not_covered_and_is_named_where_it_is_surely_one(
    sanad: Sanad, question: str, missing: tuple[str, ...]
) -> None:
    answer = sanad.ask(question)
    assert (answer.outcome, answer.missing) == ("not_covered", missing)


def test_arabizi_is_answered_in_arabic(sanad: Sanad) -> None:
    assert sanad.ask("shu sabab el 7ari2 bil mat7ane").language == "ar"
