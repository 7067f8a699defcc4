"""What the words of a question do in it, in each dialect: they ask, hold it together, or say what to look for."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from importlib.resources import files

import pytest

from retrieval.nlp.analysis import tokens, words
from retrieval.nlp.asking import Asking, load_asking_words
from retrieval.nlp.lexicon import load_lexicon

TABLES = tomllib.loads((files("retrieval.nlp") / "data" / "asking.toml").read_text(encoding="utf-8"))
REGIONS = {"msa", "levant", "egypt", "gulf", "iraq", "maghreb", "sudan", "english", "arabizi"}


def read(text: str) -> Asking:
    return load_asking_words().read(text, tokens(text), load_lexicon().forms)


def with_role(text: str, *roles: str) -> list[str]:
    return [token.text for token, role in zip(tokens(text), read(text).roles, strict=True) if role in roles]


@pytest.mark.parametrize(
    ("text", "asks", "looked_for"),
    [
        # the Levant
        ("شو صار بالمينا مبارح؟", "what", "صار بالمينا مبارح"),
        ("مين هو رئيس البلدية هلق", "who", "رييس البلديه"),
        ("وين رح يعملوا الاجتماع", "where", "يعملوا الاجتماع"),
        ("ليش عم يسكروا الطريق", "why", "يسكروا الطريق"),
        ("قديش كلف المشروع", "how much", "كلف المشروع"),
        ("من ايمتى مقطوعة الكهربا", "when", "مقطوعه الكهربا"),
        ("بدي اعرف كم واحد انجرح", "how many", "انجرح"),
        ("حدا بيعرف كيف صار الحريق؟", "how", "صار الحريق"),
        # Egypt
        ("مين اللي كسب الماتش", "who", "كسب الماتش"),
        ("الحادثة حصلت فين بالظبط", "where", "الحادثه حصلت"),
        ("عايز اعرف القطر هيتحرك امتى", "when", "القطر هيتحرك"),
        ("ليه الوزير استقال", "why", "الوزير استقال"),
        ("كام واحد مات", "how many", "مات"),
        ("التذكرة بكام دلوقتي", "how much", "التذكره"),
        ("ايه سبب الخناقة دي", "why", "الخناقه"),
        ("ازاي وصلوا المستشفى", "how", "وصلوا المستشفي"),
        # the Gulf
        ("وش صار في المطار", "what", "صار المطار"),
        ("منهو مدير النادي الحين", "who", "مدير النادي"),
        ("وين بيسوون المهرجان", "where", "بيسوون المهرجان"),
        ("شلون دخلوا السوق", "how", "دخلوا السوق"),
        ("ابغى اعرف بكم التذكرة", "how much", "التذكره"),
        ("ليش أجلوا المباراة", "why", "اجلوا المباراه"),
        # Iraq
        ("شنو قرر البرلمان", "what", "قرر البرلمان"),
        ("شوكت يفتح الجسر", "when", "يفتح الجسر"),
        ("شكد خسر المصنع", "how much", "خسر المصنع"),
        ("منو المحافظ الجديد هسه", "who", "المحافظ الجديد"),
        ("شلون راح يبنون السد", "how", "يبنون السد"),
        ("ياهو الوزير اللي استقال", "which", "الوزير استقال"),
        # the Maghreb
        ("شكون اللي ربح الانتخابات", "who", "ربح الانتخابات"),
        ("علاش سدو المعمل", "why", "سدو المعمل"),
        ("شحال من واحد مات فالحادث", "how many", "مات فالحادث"),
        ("فوقاش غادي يبدا الموسم", "when", "يبدا الموسم"),
        ("كيفاش دخلو للدار", "how", "دخلو للدار"),
        ("واش كاين شي اضراب", "yes_no", "اضراب"),
        ("قداش سوم الخبز", "how much", "الخبز"),
        ("وقتاش ترجع الطيارة توا", "when", "ترجع الطياره"),
        # Sudan
        ("منو الوزير الجديد دا", "who", "الوزير الجديد"),
        ("السوق دا وين", "where", "السوق"),
        ("الناس ديل طلعوا متين", "when", "الناس طلعوا"),
        ("داير اعرف ياتو شركة بنت الكبري", "which", "شركه بنت الكبري"),
        # the standard language
        ("في أي سنة بُني الجسر؟", "when", "بني الجسر"),
        ("ولماذا استقال الوزير؟", "why", "استقال الوزير"),
        ("كم استغرق الاجتماع؟", "how long", "استغرق الاجتماع"),
        ("ما سعر الخبز؟", "how much", "سعر الخبز"),
        ("ما هو عدد القتلى؟", "how many", "عدد القتلي"),
        ("هل استقال الوزير؟", "yes_no", "استقال الوزير"),
        ("لو سمحت أخبرني عن الفيضانات", "what", "الفيضانات"),
        ("عدد قتلى الفيضان", "how many", "عدد قتلي الفيضان"),
        # English
        ("whos the mayor", "who", "mayor"),
        ("wich company built it", "which", "company built"),
        ("any news on the strike?", "what", "strike"),
        ("can you tell me how much the bridge cost", "how much", "bridge cost"),
        ("do you know when it opens", "when", "opens"),
        ("how far is the village", "how long", "village"),
        ("how old is the mayor", "how many", "old mayor"),
        ("tell me about the flood", "what", "flood"),
        ("did the minister resign", "yes_no", "minister resign"),
        ("how come the deal failed", "why", "deal failed"),
        ("price of bread", "how much", "price bread"),
        ("What did the man who shot the mayor say, and to whom?", "what", "man shot mayor"),
    ],
)
def test_asking(text: str, asks: str, looked_for: str) -> None:
    assert (read(text).asks, with_role(text, "content")) == (asks, looked_for.split())


@pytest.mark.parametrize(
    ("text", "word", "role"),
    [
        ("كم قتيلا سقط؟", "كم", "asks"),
        ("متى طال كم القميص؟", "كم", "doubtful"),
        ("من قاد الوساطة؟", "من", "asks"),
        ("متى خرج من المدينة؟", "من", "filler"),
        ("ما القرار؟", "ما", "asks"),
        ("ليش ما سجلوا؟", "ما", "filler"),
        ("وين الجسر؟", "وين", "asks"),
        ("متى توفي جون وين؟", "وين", "doubtful"),
        ("الشركة فين؟", "فين", "asks"),
        ("ماذا قال فين ديزل؟", "فين", "doubtful"),
        ("شو كتب؟", "شو", "asks"),
        ("متى ولد برنارد شو؟", "شو", "doubtful"),
        ("شو عم يعمل الوزير؟", "عم", "filler"),
        ("مين عم الرئيس؟", "عم", "doubtful"),
        ("شو بدو يعمل؟", "بدو", "filler"),
        ("أين يعيش بدو سيناء؟", "بدو", "doubtful"),
        ("ليش راح يسافر؟", "راح", "filler"),
        ("الشركة دي بتاعة مين؟", "دي", "filler"),
        ("ماذا قال ستافان دي ميستورا؟", "دي", "doubtful"),
        ("الناس دول راحوا فين؟", "دول", "filler"),
        ("ماذا قررت دول الخليج؟", "دول", "content"),
        ("كم عدد القتلى؟", "عدد", "content"),
        ("وادي الفرات وين؟", "وادي", "content"),
        ("What may happen?", "may", "filler"),
        ("What happened in may?", "may", "content"),
        ("What happened on 3 May?", "may", "content"),
        ("Who will pay?", "will", "filler"),
        ("Where does Will Smith live?", "will", "content"),
        ("What did the US say?", "us", "content"),
        ("What do they tell us?", "us", "filler"),
        ("Did the WHO answer?", "who", "content"),
        ("Who answered?", "who", "asks"),
        ("WHO KILLED THE MAYOR", "who", "asks"),
        ("show me the price", "show", "filler"),
        ("When does the show begin?", "show", "content"),
        ("When was the witch trial?", "witch", "content"),
    ],
)
def test_a_word_of_two_meanings_is_told_by_where_it_stands(text: str, word: str, role: str) -> None:
    assert dict(zip([token.text for token in tokens(text)], read(text).roles, strict=True))[word] == role


def test_every_form_means_one_thing() -> None:
    meanings: defaultdict[tuple[bool, tuple[str, ...]], set[str]] = defaultdict(set)
    for meaning, regions in (*TABLES["asks"].items(), ("filler", TABLES["fillers"])):
        for region, listed in regions.items():
            assert region in REGIONS
            for form in listed.split(","):
                meanings[region == "arabizi", tuple(words(form))].add(meaning)
    for condition, listed_by_meaning in TABLES["sometimes"].items():
        for listed in listed_by_meaning.values():
            for form in listed.split(","):
                meanings[False, tuple(words(form))].add(condition)
    assert [form for form, found in meanings.items() if len(found) > 1 or not form[1]] == []


@pytest.mark.parametrize("text", ["", "؟", "ع", "و", "a", "😀", "123", "من", "كم", "\ud800"])
def test_any_text_is_read(text: str) -> None:
    assert len(read(text).roles) == len(tokens(text))
