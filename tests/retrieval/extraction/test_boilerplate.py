"""Lines that a page adds to an article, and paragraphs that only begin like one."""

from __future__ import annotations

import re

import pytest

from retrieval.extraction.boilerplate import LONGEST_LINE, MOST_LINKS, RULES, Rule, is_boilerplate, links_below
from retrieval.extraction.lines import lines_of
from retrieval.nlp.analysis import bare, normalise


@pytest.mark.parametrize("rule", RULES, ids=[rule.example for rule in RULES])
def test_every_rule_fits_its_example(rule: Rule) -> None:
    assert re.fullmatch(normalise(rule.pattern), bare(rule.example))


@pytest.mark.parametrize(
    "line",
    [
        "اقرأ أيضاً: أردوغان وبوتين يدشنان “السيل التركي” ويتفقان على هدنة بليبيا.. ماذا عن إدلب!",
        "إقرأ أيضا :",
        "📌 شاهد أيضاً: سوريا",
        "مقالات ذات صلة",
        "قد يهمّك أيضًا",
        "الأكثر قراءة",
        "تعليقات",
        "٣ تعليقات",
        "جارٍ التحميل...",
        "العودة إلى الأعلى ↑",
        "فيسبوك | تويتر | واتساب",
        "شارك",
        "طباعة",
        "تابعنا على فيسبوك وتويتر",
        "كلمات مفتاحية: روسيا، تركيا",
        "#سوريا #إدلب",
        "© 2019 Sanad News",
        "Read also: Russia and Turkey agree",
        "Related articles",
        "Share on Facebook",
        "Follow us on Twitter and Telegram",
        "Leave a comment",
        "Tags: Syria, Russia",
        "Loading…",
        "Back to top",
    ],
)
def test_what_a_page_adds_is_known(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "اقرأ باسم ربك الذي خلق",
        "اقرأ أيضا ما كتبه الوزير في مذكراته عن تلك الأيام.",
        "شاهد أيضا المراقبون قصفا على المدينة.",
        "تعليقات الوزير الروسي على الاتفاق أثارت جدلا.",
        "مقالات ذات صلة بالأزمة السورية نشرتها الصحيفة أمس.",
        "شارك الوزير في الاجتماع.",
        "مشاركة تركيا في المحادثات",
        "تابعنا باهتمام تصريحات الوزير الروسي.",
        "جاري التحميل على السفن في ميناء طرطوس.",
        "إعلان سوتشي",
        "طباعة الدستور الجديد تبدأ غدا",
        "انضم إلى القائمة الموحدة ثلاثة مستقلين",
        "Copyright law will change in 2019.",
        "Share prices fell on Tuesday.",
        "Comments by the minister were not welcome.",
        "Print media decline",
        "2254",
    ],
)
def test_what_only_begins_like_it_stays(line: str) -> None:
    assert not is_boilerplate(line)


def test_a_long_line_is_a_paragraph_whatever_it_begins_with() -> None:
    assert not is_boilerplate("اقرأ أيضًا: " + "كلمة " * (LONGEST_LINE // 5))


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("تعليقات\nسطر\nسطر", 0),
        ("مقالات ذات صلة", 0),
        ("مقالات ذات صلة\nخبر\n\nخبر", 2),
        ("اقرأ أيضًا\nخبر\n\nعنوان فرعي\nوقال الوزير إنه سيعود.", 1),
        ("اقرأ أيضًا: خبر\nعنوان فرعي\n\nوقال الوزير إنه سيعود.", 0),
        ("اقرأ أيضًا\nوقال الوزير إنه سيعود.\nخبر", 0),
        ("اقرأ أيضًا\nخبر\nوقال الوزير إنه سيعود.", 0),
        ("مقالات ذات صلة\n" + "خبر\n" * MOST_LINKS, MOST_LINKS),
        ("مقالات ذات صلة\n" + "خبر\n" * (MOST_LINKS + 1), 0),
        ("مقالات ذات صلة\n" + "كلمة " * 40, 0),
    ],
)
def test_a_list_of_links_is_short_lines_down_to_the_end_or_a_gap(text: str, links: int) -> None:
    assert links_below(lines_of(text), 0) == links
