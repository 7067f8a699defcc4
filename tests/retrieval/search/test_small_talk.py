from __future__ import annotations

from typing import get_args

import pytest

from retrieval.nlp.word_lists import read_word_lists
from retrieval.search.phrase_lists import expand
from retrieval.search.small_talk import small_talk, without_courtesies
from retrieval.types import SmallTalk

SAID: dict[SmallTalk, str] = {
    "greeting": "hi|Hello!|heyyyy|hey there|Good evening sir|salam|مرحبااا|السَّلام عليكم ورحمة الله|صباح النور",
    "how_are_you": "How are you doing today?|hi, how r u|what's up|كيفك|شلونك اليوم|إزيك|واش راك|عامل ايه النهارده",
    "thanks": "thx|Thank you so much!|ok thanks|شكراً جزيلاً|يسلمو كتير ع المساعدة|الله يعطيك العافية|جزاك الله خيرا|🙏",
    "goodbye": "bye bye!|see you later|have a nice day|مع السلامة|تصبح على خير|إلى اللقاء",
    "assent": "yes|No.|okay|I see|ايوه|طيب|تمام تمام|لا|👍",
    "laughter": "hahaha|LOL|هههههه|😂😂|ههه 🤣|خخخخ",
    "wordless": "?|؟؟؟|...|😎",
    "insult": "you are so stupid|useless bot|يا غبي|أنت غبي جدًا|shut up",
    "test": "test|testing 123|are you there?|تجربة|اختبار",
    "about": "who are you?|hi, who are you|What's your name|are you a robot?|انت مين|شو اسمك|شكون نتا|هل أنت إنسان؟",
    "help": "help|what can you do?|How do I use this bot?|مساعدة|شو بتعرف تعمل|عن شو بقدر اسأل|عندي سؤال|"
    "آخر الأخبار|كم مقالة في الأرشيف؟",
    "order": "write a short poem about the sea|please translate this|a joke please|اكتبلي قصيدة|احكيلي نكتة|لخص المقال",
    "maths": "12*7|what is 5+5?|how much is 100 / 4|كم حاصل ضرب ١٧ في ٢٣|واحد زائد واحد كم|7 - 5 =|what's 20% of 50",
    "foreign": "Bonjour|Qui est le maire de Paris ?|Köprü ne zaman çöktü?|Кто мэр?|谁是市长？|מה קרה?|پل کب گرا؟",
}

QUESTIONS = """
متى؟|وين؟|ليش|وبعدين؟|why?|what else?|and then?|من هو؟|ما هو؟|what is it?|كم؟|Who is this?
who made the bridge?|who wrote the poem about the sea?|من صنع الجسر؟|من كتب القصيدة؟|من يملك هذا؟
شكرا، وكم قتيل سقط؟|hello, who is the mayor of Homs?|Thanks to whom was the bridge rebuilt?|طيب مين المسؤول
كيف حال الجرحى؟|شو اخبار الجسر|آخر أخبار الجسر|latest news on the bridge|احكيلي قصة الجسر|نكتة الوزير عن الجسر
help for flood victims|test results of the cholera samples|who called the minister an idiot|لا للحرب
what is 9/11?|9/11|2019-05-14|12 + 7 killed|كم يساوي الدولار بالليرة؟|ضرب زلزال المدينة متى
draw results champions league|give me the name of the minister|tell me the name of the song|هل صحيح أن الجسر انهار؟
shu sar bil jisr|wein sar el infijar|شگد عدد القتلى|چان اکو قتلى بالحادث|What is Le Monde?|Rio de Janeiro|La Liga
ألف عدة كتب|وزارة الصحة - إدارة الأوبئة|comment by the minister
"""


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAID.items() for text in texts.split("|")])
def test_small_talk_is_known_in_either_language_and_in_dialects(kind: SmallTalk, text: str) -> None:
    assert small_talk(text) == kind


@pytest.mark.parametrize("text", [text for line in QUESTIONS.split("\n") if line for text in line.split("|")])
def test_the_same_words_inside_a_question_are_none(text: str) -> None:
    assert small_talk(text) is None


def test_an_empty_message_is_none() -> None:
    assert small_talk("") is None
    assert small_talk(" \n") is None


def test_a_long_message_is_read_in_no_time() -> None:
    assert small_talk("hello " * 20) == "greeting"
    assert small_talk("hello " * 5000) is None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("hello, who is the mayor of Homs?", "who is the mayor of Homs?"),
        ("Hi how are you? when did the bridge collapse?", "when did the bridge collapse?"),
        ("hey sanad, what happened in Homs", "what happened in Homs"),
        ("hello\nwho is the mayor", "who is the mayor"),
        ("ok. and when?", "and when?"),
        ("who died? thank you very much!", "who died?"),
        ("شكرا، وكم قتيل سقط؟", "وكم قتيل سقط؟"),
        ("السلام عليكم ورحمة الله، كم عدد القتلى؟", "كم عدد القتلى؟"),
        ("صباح الخير ممكن تقولي مين المسؤول", "ممكن تقولي مين المسؤول"),
        ("مرحبا متى انهار الجسر", "متى انهار الجسر"),
        ("طيب ومتى؟", "ومتى؟"),
        ("وين صار؟ مشكور", "وين صار؟"),
    ],
)
def test_courtesies_are_taken_off_a_question(text: str, question: str) -> None:
    assert without_courtesies(text) == question


@pytest.mark.parametrize(
    "text",
    [
        "Hello Kitty inventor",
        "Good morning America host",
        "No. 10 Downing Street",
        "Thanks to whom was the bridge rebuilt?",
        "سلام الشجعان: من قالها؟",
        "«لا»، يجيب الوزير.",
        "مع من التقى الوزير؟",
        "لا أعرف كم مرة عبرت الجسر",
        "من قال شكرا",
        "hi",
        "",
    ],
)
def test_words_of_the_question_itself_stay(text: str) -> None:
    assert without_courtesies(text) == text


def test_every_kind_has_its_place_among_the_others() -> None:
    data = read_word_lists("search", "small_talk")
    by_words = set(data["phrases"]) - {"filler"}
    assert set(data["priority"]) == (by_words | {"maths"})
    assert by_words | set(data["emoji"]) <= set(get_args(SmallTalk))
    assert set(SAID) == set(get_args(SmallTalk))


def test_no_phrase_is_of_two_kinds() -> None:
    kinds: dict[tuple[str, ...], set[str]] = {}
    for kind, lines in read_word_lists("search", "small_talk")["phrases"].items():
        for phrase in expand(lines):
            kinds.setdefault(phrase, set()).add(kind)
    assert {" ".join(phrase): found for phrase, found in kinds.items() if len(found - {"filler"}) > 1} == {}
