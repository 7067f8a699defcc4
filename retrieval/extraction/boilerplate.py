"""What a news page adds to an article: links, sharing, comments, widgets. Known by whole lines, never by a part.

A rule must fit all of a short line, so that a paragraph that merely begins like one stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from retrieval.extraction.lines import Line
from retrieval.nlp.analysis import bare, normalise

LONGEST_LINE = 200  # code points; what is longer is a paragraph, whatever it begins with
LONGEST_LINK = 150  # code points of a line under «مقالات ذات صلة»
MOST_LINKS = 20  # lines of such a list

_READ_ALSO = (
    r"(?:اقر[أئ](?:وا|ي)?|طالع|شاهد|تابع|انظر) (?:أيضا|كذلك|المزيد)|للمزيد(?: من التفاصيل| من المعلومات)?"
    r"|read (?:also|more|next)|also read|see also|(?:you may|you might) also like|more on this(?: story| topic)?"
)
_LINKS = (
    r"(?:مقالات|مواضيع|موضوعات|أخبار|مواد|روابط|قصص|تقارير) (?:ذات صلة|متعلقة|مشابهة|مرتبطة|أخرى)"
    r"|(?:قد|ربما) (?:يعجبك|يهمك)(?: أيضا)?|الأكثر (?:قراءة|مشاهدة|تداولا|تعليقا)|آخر الأخبار|المزيد من الأخبار"
    r"|related(?: (?:articles|stories|posts|news|topics|links|content))?|recommended(?: for you)?"
    r"|most (?:read|popular|viewed)|latest news|more (?:news|stories)|trending(?: now)?"
)
_NETWORK = (
    r"فيسبوك|فيس بوك|تويتر|اكس|واتساب|واتس اب|تيليجرام|تلغرام|تيليغرام|لينكدإن|انستغرام|انستجرام|يوتيوب|ماسنجر"
    r"|بريد إلكتروني|البريد الإلكتروني|facebook|twitter|x|whatsapp|telegram|linkedin|instagram|youtube|pinterest"
    r"|reddit|messenger|e-?mail"
)
_SHARE = r"شارك(?:ها|نا)?|مشاركة|انشر(?:ها)?|غرد|طباعة|اطبع|إرسال|حفظ|نسخ الرابط|share|tweet|print|save|copy link"
_OF_WHAT = r"هذا|هذه|المقال|الخبر|الموضوع|على|عبر|this|article|story|post|on|via|and|@\w+|قناتنا|صفحتنا|في"


class Rule(NamedTuple):
    """A line that pages add; the pattern is written as people spell and matched in normal form."""

    example: str
    pattern: str


RULES = (
    Rule("اقرأ أيضًا: ملف إدلب على طاولة المحادثات", rf"(?:{_READ_ALSO})(?: ?[:؛|-].*)?"),
    Rule("قد يعجبك ايضا", _LINKS),
    Rule("التعليقات (3)", r"(?:\d+ )?(?:ال)?تعليق(?:ات)?(?: \(?\d+)?|(?:\d+ )?comments?(?: \(?\d+)?"),
    Rule("اترك تعليقاً", r"(?:اترك|أضف|اكتب) (?:تعليقا?|ردا?)(?: جديدا?)?|leave a (?:comment|reply)|add a comment"),
    Rule("لا توجد تعليقات", r"لا (?:توجد|يوجد) تعليقات|التعليقات مغلقة|no comments(?: yet)?|comments are closed"),
    Rule("لن يتم نشر عنوان بريدك الإلكتروني.", r"لن يتم نشر عنوان بريدك.*|your email address will not be .*"),
    Rule("جاري التحميل…", r"(?:جاري?|يتم) (?:ال)?تحميل|الرجاء الانتظار|loading|please wait"),
    Rule(
        "زر الذهاب إلى الأعلى",
        r"(?:زر )?(?:الذهاب|العودة|الرجوع|انتقل) إلى (?:ال)?أعلى|(?:back|scroll|go) to (?:the )?top",
    ),
    Rule("شارك هذا المقال على فيسبوك", rf"(?:{_SHARE}|{_NETWORK})(?:[ ،,|/]+و?(?:{_SHARE}|{_NETWORK}|{_OF_WHAT}))*"),
    Rule("تابعونا على تويتر", rf"(?:تابعون[اي]|تابعنا|follow us)(?:[ :،,|/]+و?(?:{_NETWORK}|{_OF_WHAT}))*"),
    Rule(
        "اشتركوا الآن في النشرة البريدية",
        r"(?:اشترك|سجل|للاشتراك|انضم)(?:وا)?(?: الآن)?"
        r"(?: (?:في|إلى) (?:نشرتنا|قناتنا|قائمتنا|(?:النشرة|القائمة) (?:البريدية|الإخبارية)).*)?",
    ),
    Rule(
        "Subscribe to our newsletter.",
        r"subscribe(?: now)?(?: to our .*)?|sign up(?: for our .*)?|join our (?:channel|newsletter|mailing list).*",
    ),
    Rule("الوسوم: سوريا، روسيا", r"(?:(?:ال)?وسوم|(?:ال)?كلمات (?:ال)?(?:مفتاحية|دلالية)|tags?|keywords)(?: ?:.*)?"),
    Rule("#إدلب #سوريا", r"#\w+(?:[ ،,|]+#\w+)*"),
    Rule(
        "جميع الحقوق محفوظة © 2019",
        r"(?:©.{0,60})?(?:جميع الحقوق محفوظة|حقوق النشر محفوظة|all rights reserved).*|(?:copyright )?(?:©|\d{4} ©).*",
    ),
    Rule("اضغط هنا للمزيد", r"(?:اضغط|انقر) هنا(?: ل.*)?|click here(?: (?:to|for) .*)?"),
    Rule("آخر تحديث: 14 مايو 2019", r"(?:آخر تحديث|تاريخ التحديث)(?: ?:.*)?|last updated(?: .*|:.*)?|updated ?:.*"),
    Rule("3 دقائق للقراءة", r"(?:مدة القراءة ?: ?)?\d+ (?:دقائق|دقيقة)(?: (?:لل)?قراءة)?|\d+ min(?:ute)?s? read"),
    Rule("1200 مشاهدة", r"\d+ (?:مشاهدة|مشاهدات|قراءة|views)"),
    Rule("بسم الله الرحمن الرحيم", r"بسم الله الرحمن الرحيم"),
    Rule(
        "المقالات المنشورة تعبّر عن رأي كتّابها",
        r"(?:.{0,20} )?(?:المقالات?|الآراء|المواد|ما ينشر|ما يرد)(?: .{1,40})? ?(?:لا )?(?:ت|ي)?عبر(?:ة)?(?: .{0,12})?"
        r" عن (?:رأي|آراء|وجهة نظر|وجهات نظر)(?: .{1,80})?",
    ),
    Rule(
        "رابط الخبر: https://example.org/news/1",
        r"(?:\[?(?:(?:ال)?رابط|(?:ال)?مصدر|url|link|permalink)(?: .{2,12})? ?(?::|\]\() ?)?"
        r"(?:https?|file)://[^ ]+(?: \d+/\d+)?",
    ),
    Rule("صفحة 1 من 3", r"(?:صفحة|page) ?:? ?\d+(?: ?(?:من|/|of) ?\d+)?"),
    Rule("إعلان", r"إعلان(?:ات)?|advertisement|sponsored(?: content)?"),
)

_ANY = re.compile("|".join(f"(?:{normalise(rule.pattern)})" for rule in RULES))
_HEADS_LIST = re.compile(normalise(f"(?:{_READ_ALSO}|{_LINKS})"))


def is_boilerplate(text: str) -> bool:
    """Return whether a line, as a whole, is something that the page adds.

    >>> [is_boilerplate(rule.example) for rule in RULES].count(False)
    0
    >>> is_boilerplate("تعليقات الوزير الروسي على الاتفاق أثارت جدلا."), is_boilerplate("شارك الوزير في الاجتماع.")
    (False, False)
    """
    return len(text) <= LONGEST_LINE and _ANY.fullmatch(bare(text)) is not None


def links_below(lines: Sequence[Line], at: int) -> int:
    r"""Return how many lines after the one at an index are a list of links that it heads.

    Short lines that do not end as sentences do, down to the text's end or to the first gap; none where
    the gap comes at once and a sentence later, as then nothing tells a link from a cross-heading.

    >>> from retrieval.extraction.lines import lines_of
    >>> links_below(lines_of("مقالات ذات صلة\n\nخبر أول\nخبر ثان"), 0)
    2
    >>> links_below(lines_of("مقالات ذات صلة\nخبر أول\n\nعنوان فرعي\nوقال الوزير إنه سيعود."), 0)
    1
    >>> links_below(lines_of("مقالات ذات صلة\n\nعنوان فرعي\n\nوقال الوزير إنه سيعود."), 0)
    0
    """
    if len(lines[at].text) > LONGEST_LINE or not _HEADS_LIST.fullmatch(bare(lines[at].text)):
        return 0
    below = lines[at + 1 : at + 1 + MOST_LINKS]
    links = next((i for i, line in enumerate(below) if line.is_closed or len(line.text) > LONGEST_LINK), len(below))
    if at + 1 + links == len(lines):
        return links
    if lines[at].gap:
        return 0
    return next((i + 1 for i, line in enumerate(below[:links]) if line.gap), 0)
