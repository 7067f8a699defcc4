"""The tables of the dialects: their form, and looking words up in whatever form they stand."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from retrieval.nlp.analysis import normalise, words
from retrieval.nlp.dialects import REGIONS, Dialects, load_dialects
from retrieval.nlp.lexicon import load_lexicon

ROOT = Path(__file__).parents[3]
TABLES = sorted((files("retrieval.nlp") / "data" / "dialects").iterdir(), key=str)
ROWS = [
    (f"{table.name}:{number}", line)
    for table in TABLES
    for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), 1)
    if not line.startswith("#")
]
ARABIC = re.compile(r"[\u0621-\u064a0-9 -]+")  # of newspapers: no letter of a dialect alone, no mark
FREQUENT = 5  # times in the seeds


def forms_of(line: str) -> list[str]:
    """Return the forms of a row, as they are written, without imperfects and what is another row's."""
    forms = (form.partition("/")[0] for form in line.partition("\t")[0].split("|"))
    return [form for form in forms if not form.endswith("-")]


def test_there_are_tables_and_they_hold_rows() -> None:
    assert [table.name for table in TABLES] == [
        *("people_and_things.tsv", "qualities_and_time.tsv", "society.tsv", "standard.tsv", "verbs.tsv")
    ]
    assert len(ROWS) > 1_300


def test_every_row_has_forms_equivalents_and_regions() -> None:
    wrong = []
    for place, line in ROWS:
        columns = line.split("\t")
        if len(columns) != 3 or not all(column.strip() == column != "" for column in columns):
            wrong.append(place)
            continue
        forms, equivalents, regions = columns
        known = [region for region in REGIONS if region in regions.split()]
        if regions.split() != known or len(set(equivalents.split("|"))) != len(equivalents.split("|")):
            wrong.append(place)
        if not all(ARABIC.fullmatch(equivalent) for equivalent in equivalents.split("|")) or "||" in forms:
            wrong.append(place)
    assert wrong == []


def test_forms_are_normalised_and_each_stands_once() -> None:
    counted: Counter[str] = Counter()
    for place, line in ROWS:
        for form in line.partition("\t")[0].split("|"):
            perfect, slash, imperfect = form.partition("/")
            assert normalise(form) == form, place
            assert re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+)*[?-]?", perfect), f"{place}: {form}"
            assert not slash or re.fullmatch(r"[يت][^\W\d_]+\??", imperfect), f"{place}: {form}"
            counted[form.replace("?", "") if slash else perfect.rstrip("?")] += 1
    assert [form for form, times in counted.items() if times > 1] == []


def test_no_row_has_its_own_form_alone_for_an_equivalent() -> None:
    for place, line in ROWS:
        equivalents = {normalise(equivalent) for equivalent in line.split("\t")[1].split("|")}
        alone = [form for form in forms_of(line) if {form.rstrip("?")} == equivalents]
        assert alone == [], place


def test_no_form_is_a_name_of_the_lexicon() -> None:
    lexicon = load_lexicon()
    names = [
        f"{place}: {form}"
        for place, line in ROWS
        for form in forms_of(line)
        if (found := lexicon.forms.get(form.rstrip("?"))) and lexicon.names.issuperset(found)
    ]
    assert names == []


def test_a_frequent_word_of_articles_counts_for_little() -> None:
    """What articles say often is a word of newspapers, so that its equivalents are synonyms at most."""
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt")))
    frequent = {word for word, times in Counter(words(text)).items() if times >= FREQUENT}
    sure = [
        f"{place}: {form}"
        for place, line in ROWS
        for form in forms_of(line)
        if form in frequent and form not in map(normalise, line.split("\t")[1].split("|"))
    ]
    assert frequent
    assert sure == []


@pytest.mark.parametrize(
    ("word", "equivalent", "region"),
    [
        ("مصاري", "أموال", "LEV"),
        ("سكروا", "أغلق", "LEV"),
        ("الزلمه", "رجل", "LEV"),
        ("فلوسهم", "أموال", "EGY"),
        ("هيشوفوا", "رأى", "EGY"),
        ("الازاز", "زجاج", "EGY"),
        ("مويه", "مياه", "GLF"),
        ("طاحوا", "سقط", "GLF"),
        ("الحراميه", "لص", "GLF"),
        ("گالوا", "قال", "IRQ"),
        ("هوايه", "كثير", "IRQ"),
        ("باچر", "غدا", "IRQ"),
        ("برشا", "كثير", "MAG"),
        ("كيهضرو", "تحدث", "MAG"),
        ("الطوموبيل", "سيارة", "MAG"),
        ("ركشه", "توك توك", "SDN"),
        ("رسلوا", "أرسل", "YEM"),
    ],
)
def test_a_word_of_each_region_is_found(word: str, equivalent: str, region: str) -> None:
    found = load_dialects().find(word)
    assert found
    assert equivalent in found.equivalents
    assert region in found.regions


@pytest.mark.parametrize(
    "word",
    [
        *("شاف", "شافت", "شافوا", "شافو", "شافوه", "شفنا", "شفتوها", "يشوف", "بيشوف", "بتشوفوا", "حيشوف"),
        *("هيشوفو", "كيشوفو", "تيشوفوهم", "ديشوفون", "وشافوهم", "وبيشوفوا", "شافوش", "تشوفش", "شايفين"),
    ],
)
def test_every_person_of_a_verb_is_the_verb(word: str) -> None:
    dialects = Dialects(["شاف/يشوف|شايف\tرأى|شاهد\tLEV EGY"])
    found = dialects.find(word)
    assert found
    assert found.equivalents == ("رأى", "شاهد")
    assert found.regions == ("LEV", "EGY")


@pytest.mark.parametrize("word", ["شفق", "شافع", "تشويف", "رشوف", "شوفان", "لشافي", "نشوف", "شافني", "شوف"])
def test_another_word_with_the_letters_of_a_verb_or_a_first_person_is_not_the_verb(word: str) -> None:
    assert Dialects(["شاف/يشوف\tرأى\tLEV"]).find(word) is None


@pytest.mark.parametrize(
    "name",
    """محمد احمد حسين حسني مصطفي ابراهيم يوسف خالد سعيد سامي سمير نبيل نجيب ناصر منصور طارق ياسر وليد كمال عادل عماد
    فادي نادر غسان فواد صالح سليم اسماعيل ادريس يحيي زكريا موسي عيسي مريم فاطمه زينب تامر توفيق جابر جاسم حاتم حافظ
    حامد حيدر خليفه خليل راشد رفيق رياض زيد شاكر شريف صبحي طلال عباس عدنان عطا فارس فايز فهد فيصل قاسم قيس كاظم كريم
    مالك محسن معتز نديم نعيم نواف هيثم وسام ياسين الشافعي الحربي بومدين شيلي تيرانا شبوه سرت سبها نابل كيروش تشيلسي
    يوفنتوس بايرن ماركوني فكتوريا تايلاند بوريل كوستي خديجه سوسه""".split(),
)
def test_names_are_not_taken_for_inflected_words_of_a_dialect(name: str) -> None:
    found = load_dialects().find(name)
    assert found is None or found.is_ambiguous


def test_a_noun_is_found_with_its_article_and_with_what_hangs_on_it() -> None:
    dialects = Dialects(["كرهبه|كراهب\tسيارة\tMAG", "مي\tمياه\tLEV"])
    for word in ("كرهبه", "الكرهبه", "بالكرهبه", "كرهبتها", "كرهبتهم", "الكرهبات", "كراهبهم", "والكراهب", "المي"):
        assert dialects.find(word), word
    for word in ("ميها", "كرهب", "كرهبوش"):
        assert dialects.find(word) is None, word


def test_what_newspapers_use_too_is_told() -> None:
    dialects = Dialects(["دور?/يدور|دورو\tبحث\tLEV"])
    assert [found.is_ambiguous for word in ("دور", "دورو", "بيدور") if (found := dialects.find(word))] == [
        *(True, False, False)
    ]


def test_a_form_of_its_own_is_told_from_one_without_affixes() -> None:
    dialects = Dialects(["خش/يخش|خشوا\tدخل\tEGY"])
    assert [found.is_inflected for word in ("خش", "خشوا", "بيخش", "خشيت") if (found := dialects.find(word))] == [
        *(False, False, True, True)
    ]


def test_the_verb_of_a_stem_is_the_one_that_newspapers_lack() -> None:
    dialects = Dialects(["اطلع?/يطلع?\tنظر\tLEV", "طلع/يطلع\tخرج\tLEV"])
    found = dialects.find("بيطلع")
    assert found
    assert found.equivalents == ("خرج",)
    assert not found.is_ambiguous


def test_the_longest_of_several_words_wins() -> None:
    dialects = Dialects(["طياره مسيره|طياره\tطائرة\tLEV", "طياره مسيره كبيره\tطائرة مسيرة\tLEV"])
    size, found = dialects.phrase_at(["ضربت", "طياره", "مسيره", "كبيره"], 1)
    assert (size, found and found.equivalents) == (3, ("طائرة مسيرة",))
    assert dialects.phrase_at(["ضربت", "طياره", "مسيره"], 1)[0] == 2
    assert dialects.phrase_at(["طياره", "كبيره"], 0) == (0, None)
    assert dialects.phrase_at(["طياره"], 0) == (0, None)


def test_words_of_newspapers_and_names_are_not_found() -> None:
    for word in ("الخارجيه", "المفاوضات", "لافروف", "تشيلسي", "كيروش", "بوتين", "الامم", "قرار"):
        found = load_dialects().find(word)
        assert found is None or found.is_ambiguous or found.is_inflected, word
