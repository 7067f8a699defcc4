"""Lines that name who wrote an article, without a label to say so.

A person's name is told from a headline or a section's name by a known given name at its head; a name that
is not among them stays unknown rather than guessed.
"""

from __future__ import annotations

import re

from retrieval.nlp.analysis import bare, normalise

LONGEST_BYLINE = 80  # code points

_GIVEN_NAMES = frozenset(
    normalise(
        """
        محمد أحمد محمود مصطفى حامد حمد حمدي حمدان حميد علي عمر عمرو عثمان حسن حسين حسام حسني إبراهيم
        إسماعيل إسحاق يوسف يونس يعقوب يحيى ياسر ياسين ياسمين يزن يسرى موسى عيسى داود سليمان سليم سالم
        سامي سامر سامح سمير سعيد سعد سعود سيف سهيل سهى سارة سلمى سلوى سلمان سمر سناء سهام سوسن سيد شادي
        شادية شاكر شريف شيماء شيرين صالح صلاح صابر صبحي صبري صفاء طارق طاهر طلال طه عادل عامر عباس عبد
        عبدالله عبدالرحمن عبدالعزيز عبده عدنان عزت عزيز عصام عفاف علاء عماد عمار عواد غادة غازي غسان
        فادي فارس فاطمة فاروق فؤاد فايز فتحي فراس فرح فريد فهد فهمي فوزي فيصل قاسم قصي قيس كامل كريم
        كريمة كمال لؤي لبنى لطفي لمى ليث ليلى لينا ماجد ماجدة ماهر مازن مالك مأمون مجدي محسن مراد مروان
        مروة مريم معاذ معتز معن ممدوح منال منذر منصور منى منير مها مهند مؤيد ميادة ميساء ميشال ميشيل
        ناجي نادر نادية ناصر نبيل نجلاء نجيب نداء نزار نسرين نضال نعيم نوال نورا نوح هادي هاشم هاني هبة
        هدى هشام هند هيثم هيفاء وائل وسام وسيم وفاء وليد أسامة أسعد أسماء أشرف أكرم أماني أمجد أمل أمير
        أمين أميرة أنس أنور أيمن إياد إيمان إيهاب إلياس أيوب آية إحسان إدريس إكرام باسل باسم باسمة بدر
        بسام بشار بشير بكر بلال بهاء بيير تامر توفيق ثائر جابر جاسم جعفر جلال جمال جميل جهاد جواد جورج
        جوزيف جوني حاتم حازم حبيب حنان حنا حيدر خالد خلدون خلف خليل داليا دانا دنيا دينا ديمة راشد رامي
        رانيا رائد رباب ربيع رجاء رشا رشيد رضا رضوان رغد رفعت رمزي رنا رندة رؤوف روان ريم ريما زكريا زكي
        زهير زياد زيد زيدان زين زينب عائشة عبير كارولين أنطوان إيلي طوني سركيس بولس بطرس مارون شربل
        """
    ).split()
)
_NAME_PARTICLES = frozenset(normalise("بن ابن بنت أبو أبي آل عبد أم الدين الله").split())
_NO_NAMES = frozenset(normalise("في من على عن إلى أن إن لا ما هو هي بعد قبل مع جدا اليوم أمس فضاء أعمال").split())
_NAME = re.compile(r"(?:[دمأ]\.\s?)?(?P<words>[^\W\d_]+(?:\s+[^\W\d_]+){1,3})")
_PEOPLE = re.compile(r"\s*[،,]\s*و?|\s+و\s?")
_PLACE_FIRST = re.compile(r"[^\d:.؟!]{2,30}?\s*[-–—:/|]\s*(?P<rest>.+)")
_NEWS_DESK = re.compile(
    normalise(
        r"(?:.{2,40}[؛،,|/-] ?)?(?:قسم|هيئة|فريق|إدارة|غرفة) (?:الأخبار|التحرير|الترجمة|الرصد|المتابعة)(?: .{2,30})?"
        r"|(?:.{2,30} )?(?:news desk|newsroom|editorial (?:team|board)|staff writers?)"
    )
)


def is_name(text: str) -> bool:
    """Return whether a text is one person's name: a known given name, then one to three words that fit.

    >>> is_name("رائد جبر"), is_name("محمد حسن المصري"), is_name("الشأن السوري"), is_name("محمد صلاح يسجل هدفين")
    (True, True, False, False)
    >>> is_name("على الرصيف"), is_name("علي الراعي")
    (False, True)
    """
    spelled = _NAME.fullmatch(text.strip())
    if not spelled:
        return False
    words = bare(spelled["words"]).split()
    if spelled["words"].startswith("على ال"):  # «على الرصيف», and not Ali
        return False
    if len(words) < 2:  # «محمد ـ»: a tatweel is a letter, and no word
        return False
    first, *inner, last = words
    if first not in _GIVEN_NAMES or _NO_NAMES & {*inner, last} or (first == "عبد" and not inner):
        return False
    known = _GIVEN_NAMES | _NAME_PARTICLES
    if not all(word in known or word.startswith("ال") for word in inner):
        return False
    return last in known or (len(last) > 2 and not last.startswith(("ي", "ت")))  # ي and ت begin verbs as well


def byline_of(text: str) -> str | None:
    """Return who wrote, where a lone line names people, a place and a person, or a news desk; else None.

    >>> byline_of("رائد جبر وكمال شيخو"), byline_of("موسكو: رائد جبر"), byline_of("الأيام السورية؛ قسم الأخبار")
    ('رائد جبر وكمال شيخو', 'رائد جبر', 'الأيام السورية؛ قسم الأخبار')
    >>> byline_of("الشأن السوري")
    """
    if len(text) > LONGEST_BYLINE:
        return None
    people = _PEOPLE.split(text)
    if is_name(text) or (len(people) > 1 and all(is_name(person) for person in people)):
        return text
    if (rest := after_place(text)) and is_name(rest):
        return rest
    return text if _NEWS_DESK.fullmatch(bare(text)) else None


def after_place(text: str) -> str | None:
    """Return what follows the place that a line begins with, or None where it does not begin so.

    >>> after_place("موسكو: رائد جبر"), after_place("القاهرة - رويترز"), after_place("القاهرة")
    ('رائد جبر', 'رويترز', None)
    """
    placed = _PLACE_FIRST.fullmatch(text)
    return placed["rest"] if placed else None
