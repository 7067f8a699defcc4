"""What an article says about itself: source, author and date where a line states them.

Nothing is guessed: a line counts when a label, a known agency, a known given name or a full date marks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, cast

from retrieval.extraction.bylines import after_place, byline_of
from retrieval.nlp.analysis import bare, normalise
from retrieval.nlp.dates import date_of, stated_date
from retrieval.nlp.display import clean
from retrieval.nlp.news_sources import is_agencies
from retrieval.nlp.word_lists import read_word_lists

Field = Literal["title", "source", "author", "published", "dated"]
Facts = dict[str, str]  # by Field

LONGEST_STATEMENT = 120  # code points of a line that only states a fact
MOST_AUTHOR_WORDS = 6
MOST_VALUE_WORDS = 10
MOST_PLACE_WORDS = 3
MOST_OUTLET_WORDS = 5
MOST_PARTS = 12  # of a line that states facts; one with more is a list, as a pager is


def _words(listed: str) -> frozenset[str]:
    return frozenset(normalise(listed).split("|"))


_TABLES = read_word_lists("extraction", "labels")
_LABELS, _LABELS_ANYWHERE = (
    {label: cast(Field, field) for field, spelt in _TABLES[table].items() for label in _words(spelt)}
    for table in ("labels", "labels_anywhere")
)
_OTHERS: dict[str, str] = _TABLES["others"]
_UPDATED, _BEFORE_A_NAME, _NOT_AUTHORS, _NO_AGENCY, _OUTLETS, _MEDIA, _OF_MEDIA = (
    _words(_OTHERS[kind])
    for kind in ("updated", "before_a_name", "not_authors", "no_agency", "outlets", "media", "of_media")
)
_IN_SENTENCE = frozenset(normalise(_OTHERS["in_sentence"]).split())
_BESIDE_DATE, _CALLS = (re.compile("|".join(_words(_OTHERS[kind]))) for kind in ("beside_a_date", "calls"))
_LABELLED = re.compile(r"(?P<label>[^:：/|–—-]{2,30})[:：/|–—-]\s*(?P<value>.*)", re.DOTALL)
_ARABIC_BY = re.compile(r"(?:بقلم|بواسطة)\s+(?P<name>.+)")
_ENGLISH_BY = re.compile(
    r"(?:[Ww]ritten )?(?:[Bb]y|BY)\s+(?P<name>[A-Z][\w.'’-]*(?:,?\s+(?:and|de|von|van|al|bin|[A-Z][\w.'’-]*)){1,5})"
)

_BAR = re.compile(r"\s*[|•·]\s*")
_BETWEEN_LABELS = re.compile(r"\s*[|•·؛;]\s*|\s+[-–—]+\s+|\s{3,}")
_PARTS = re.compile(r"\s{0,9}[|•·]\s{0,9}|\s{1,9}[-–—]{1,3}\s{1,9}|\s{0,9}[،,:]\s{1,9}")
_AFTER_DATE = re.compile(r"\s*(?:[|•·]|\s[-–—]\s*(?=\D)|[آا]خر تحديث|(?:last )?updated).*", re.IGNORECASE)


class StatedFact(NamedTuple):
    """A line that only states a fact; the value is None where its label names none that can be used."""

    field: Field
    value: str | None
    beside: StatedFact | None = None  # what else the line states, as «رويترز | 14 مايو 2019» does


def statement_of(text: str) -> StatedFact | None:
    """Return the fact that a lone line states by a label, as an agency's name or as a date; None for any other line.

    >>> statement_of("المصدر: الشرق الاوسط")[:2], statement_of("مصدر رويترز العربية نت وكالات")[:2]
    (('source', 'الشرق الاوسط'), ('source', 'رويترز العربية نت وكالات'))
    >>> statement_of("By Robin Wright")[:2], statement_of("نشر في: 14 مايو 2019")[:2]
    (('author', 'Robin Wright'), ('published', '2019-05-14'))
    >>> statement_of("مصدر أمني: القوات ستنسحب"), statement_of("كتب الوزير رسالة إلى نظيره.")
    (None, None)
    """
    if len(text) > LONGEST_STATEMENT:
        return None
    plain = _undecorated(text)
    return _several(plain) or _stated(plain, _dated_beside)


def _undecorated(text: str) -> str:
    """Return a line without Markdown's marks of stress, and without the brackets that hold all of it."""
    text = text.replace("**", "").replace("__", "").strip()
    is_held = text[:1] + text[-1:] in ("()", "[]") and not set(text[1:-1]) & set("()[]")
    return text[1:-1].strip() if is_held else text


def _several(text: str) -> StatedFact | None:
    """Return what a line states whose every part states a fact of its own by a label, or when it was changed.

    >>> _several("المصدر: صحيفة المتوسط | التاريخ: 4 آذار 2020").beside.value
    '2020-03-04'
    >>> _several("آخر تحديث: 15 آب 2023 | نُشر: 12 آب 2023")[:2]
    ('published', '2023-08-12')
    """
    parts = _BETWEEN_LABELS.split(text)
    if not 1 < len(parts) <= MOST_PARTS or is_agencies(text):
        return None
    labels = [bare(found["label"]) if (found := _LABELLED.fullmatch(part)) else "" for part in parts]
    if not all(label in _LABELS or label in _UPDATED for label in labels):
        return None
    chain: StatedFact | None = None
    for part in (part for part, label in zip(reversed(parts), reversed(labels), strict=True) if label in _LABELS):
        stated = _stated(part, lambda _: None)
        if stated is None:
            return None
        chain = stated._replace(beside=chain)
    return chain


def _stated(text: str, beside: Callable[[str], StatedFact | None]) -> StatedFact | None:
    if stated := (StatedFact("source", unwrap(text)) if is_agencies(text) else statement_of_date(text)):
        return stated
    if by := _ARABIC_BY.fullmatch(text) or _ENGLISH_BY.fullmatch(text):
        return _labelled("author", by["name"])
    if labelled := _LABELLED.fullmatch(text):
        label, value = bare(labelled["label"]), labelled["value"].strip()
        if label in _UPDATED and statement_of_date(value):
            return StatedFact("published", None)
        if label in _BEFORE_A_NAME | _NOT_AUTHORS and byline_of(value):
            return StatedFact("author", clean(value) if label in _BEFORE_A_NAME else None)
        if (field := _LABELS.get(label)) and (field == "published" or not beside(text)):
            return _labelled(field, value)
    return beside(text) or _without_colon(text) or _first_of_parts(text)


def labelled_anywhere(text: str) -> StatedFact | None:
    """Return the fact that a line states by a label that is unlike all prose, wherever in the text the line stands.

    >>> labelled_anywhere("المصدر: سانا")[:2], labelled_anywhere("التاريخ: 14 مايو 2019"), labelled_anywhere("سانا")
    (('source', 'سانا'), None, None)
    """
    labelled = _LABELLED.fullmatch(text) if len(text) <= LONGEST_STATEMENT else None
    field = _LABELS_ANYWHERE.get(bare(labelled["label"])) if labelled else None
    return _labelled(field, labelled["value"].strip()) if labelled and field else None


def _first_of_parts(text: str) -> StatedFact | None:
    """Return the date of a line that says beside it when it was changed, or how long it takes to read.

    >>> _first_of_parts("8 فبراير 2024 · آخر تحديث 21:15 · قراءة في 3 دقائق").value
    '2024-02-08'
    """
    first, *rest = _BAR.split(text)
    if not rest or len(rest) > MOST_PARTS or not all(_BESIDE_DATE.search(bare(part)) for part in rest):
        return None
    return statement_of_date(first)


def statement_of_date(text: str) -> StatedFact | None:
    """Return the statement that a text is as a date: a full Gregorian one, or as it is said."""
    stated = stated_date(text)
    if stated is None:
        return None
    if stated.day and not stated.is_hijri:
        return StatedFact("published", stated.day)
    return StatedFact("dated", clean(text).strip(" -–—|*،,:"))


def _dated_beside(text: str) -> StatedFact | None:
    """Return what a line states that joins a date to a place, an agency, a byline or a label.

    >>> _dated_beside("By Robin Wright, May 14, 2019").beside.value, _dated_beside("سوتشي، 14 مايو 2019").value
    ('2019-05-14', '2019-05-14')
    >>> _dated_beside("الثلاثاء 14 مايو - رويترز").beside.value, _dated_beside("قتل في 14 مايو 2019")
    ('الثلاثاء 14 مايو', None)
    """
    if not any(letter.isdecimal() for letter in text):
        return None
    cuts = list(_PARTS.finditer(text))
    for cut in cuts if len(cuts) <= MOST_PARTS else ():
        first, second = text[: cut.start()], text[cut.end() :]
        for date, rest in ((second, first), (first, second)):
            if not (dated := statement_of_date(date)):
                continue
            if outlet := outlet_of(rest, dated):
                return outlet
            if (stated := _labelled_alone(rest)) and stated.field in ("source", "author"):
                return stated._replace(beside=dated)
            if author := byline_of(rest):
                return StatedFact("author", clean(author), dated)
            if date is second and dated.field == "published" and is_place(rest, 1):
                return dated
    return None


def outlet_of(text: str, beside: StatedFact | None = None) -> StatedFact | None:
    """Return what a text states that is an outlet's name, or one beside the name of who wrote.

    >>> outlet_of("صحيفة الساحل | رنا الخطيب").beside.value, outlet_of("قناة السويس")
    ('رنا الخطيب', None)
    """
    if is_agencies(text) or is_outlet_named(text):
        return StatedFact("source", unwrap(text), beside)
    parts = _PARTS.split(text)
    for outlet, name in (parts, parts[::-1]) if len(parts) == 2 else ():
        if (is_agencies(outlet) or is_outlet_named(outlet)) and (author := byline_of(name)):
            return StatedFact("source", unwrap(outlet), StatedFact("author", clean(author), beside))
    return None


def _labelled_alone(text: str) -> StatedFact | None:
    """Return what a text without a date states by a label or as an agency's name.

    Of a text with a date, the next cut is to judge: to look for it here too would take twice as long for each cut.
    """
    if any(statement_of_date(part) for part in _PARTS.split(text)):
        return None
    return _stated(text, lambda _: None)


def is_place(text: str, most: int = MOST_PLACE_WORDS) -> bool:
    """Tell whether a text may be the name of the place that an article was sent from: few words, and no particle.

    >>> is_place("دير الزور"), is_place("قتل في حلب"), is_place("14 مايو")
    (True, False, False)
    """
    words = bare(text).split()
    spelt = all(word.isalpha() for word in words) and _IN_SENTENCE.isdisjoint(words)
    return spelt and 0 < len(words) <= most


def is_outlet(text: str) -> bool:
    """Tell whether a text may be an agency's name where one stands, in the brackets that close a dateline.

    >>> is_outlet("وكالة الساحل للأنباء"), is_outlet("خاص"), is_outlet("تحديث 2")
    (True, False, False)
    """
    return is_place(text, MOST_OUTLET_WORDS) and bare(text) not in _NO_AGENCY


def is_outlet_named(text: str) -> bool:
    """Tell whether a text is an outlet's name that says what it is.

    >>> [is_outlet_named(text) for text in ("صحيفة الشرق الأوسط", "راديو الهامش", "صحيفة تكشف خطة الوزير", "صحيفة")]
    [True, True, False, False]
    >>> [is_outlet_named(text) for text in ("وكالة الضفة للأنباء", "موقع سهل نيوز", "قناة السويس", "موقع الحادث")]
    [True, True, False, False]
    """
    words = bare(text).split()
    is_said = len(words) > 1 and words[0] in _OUTLETS and (len(words) == 2 or words[1].startswith("ال"))
    is_media = len(words) > 2 and words[0] in _MEDIA and not _OF_MEDIA.isdisjoint({words[1], words[-1]})
    return (is_said or is_media) and is_place(text, MOST_OUTLET_WORDS)


def value_start(text: str) -> int:
    """Return the offset at which the value of a labelled line begins; 0 for another line.

    >>> value_start("العنوان: روسيا"), value_start("روسيا")
    (9, 0)
    """
    labelled = _LABELLED.fullmatch(text)
    return labelled.start("value") if labelled else 0


def labelled_value(text: str) -> tuple[Field, str] | None:
    """Return the fact that a line's label names and what stands after it, whatever that is; None without a label.

    >>> labelled_value("المصدر: سانا"), labelled_value("title: "), labelled_value("قال: نعم")
    (('source', 'سانا'), ('title', ''), None)
    """
    labelled = _LABELLED.fullmatch(text)
    field = _LABELS.get(bare(labelled["label"])) if labelled else None
    return (field, clean(labelled["value"])) if labelled and field else None


def _without_colon(text: str) -> StatedFact | None:
    """Return what a line states whose label and value stand side by side, or a place before an agency.

    >>> _without_colon("كتب كريم بن يوسف")[:2], _without_colon("كتب الوزير"), _without_colon("تصوير سامر حداد")[:2]
    (('author', 'كريم بن يوسف'), None, ('author', None))
    """
    for label in (text.split()[:count] for count in (1, 2)):
        value = text[len(" ".join(label)) :].strip(" :/-–—|")
        if normalise(" ".join(label)) in ("مصدر", "المصدر") and (is_agencies(value) or is_outlet_named(value)):
            return StatedFact("source", unwrap(value))
        spelt = normalise(" ".join(label))
        if (_LABELS.get(spelt) == "author" or spelt in _BEFORE_A_NAME | _NOT_AUTHORS) and byline_of(value):
            return StatedFact("author", None if spelt in _NOT_AUTHORS else clean(value))
        if _LABELS.get(spelt) == "published" and (dated := statement_of_date(value)):
            return dated
    if (agency := after_place(text)) and is_agencies(agency):
        return StatedFact("source", unwrap(agency))
    return None


def _labelled(field: Field, value: str) -> StatedFact | None:
    """Return the statement, or None where what follows the label is a sentence and not a value."""
    count = len(value.split())
    if field == "published":
        undated = StatedFact(field, None) if count <= MOST_VALUE_WORDS else None
        return statement_of_date(value) or statement_of_date(_AFTER_DATE.sub("", value)) or undated
    if field == "author" and (count > MOST_AUTHOR_WORDS or re.search(r"[\d؟?!]|\.$", value)):
        return None
    if field == "source":
        value = " | ".join(part for part in _BAR.split(value) if not _CALLS.search(normalise(part)))
        most = MOST_VALUE_WORDS if not value.endswith(".") else MOST_OUTLET_WORDS  # else a sentence, as notes have
        if len(value.split()) > most:
            return None
    return StatedFact(field, unwrap(value) or None)


def unwrap(value: str) -> str:
    """Return a value without the brackets and dashes that a line sets round it."""
    value = clean(value).strip(" -–—|*،,:")
    return value[1:-1].strip() if value[:1] + value[-1:] in ("()", "[]", "«»", "“”", '""') else value


def merge_facts(*layers: Mapping[str, str]) -> Facts:
    """Return what several places state of one article, the first having the last word.

    Of the dates one place decides: the first that has a full one, else the first that has any. What was
    said of the day is kept where it is more than a Gregorian date.

    >>> merge_facts({"dated": "الثلاثاء"}, {"published": "2019-05-14"}), merge_facts({"dated": "9 رمضان 1440"})
    ({'published': '2019-05-14'}, {'dated': '9 رمضان 1440', 'published': '2019-05-14'})
    >>> merge_facts({"published": "", "dated": "الثلاثاء"}, {"published": "2019-05-14"})
    {'dated': 'الثلاثاء', 'published': ''}
    """
    facts = {field: value for layer in reversed(layers) for field, value in layer.items() if field not in _DATES}
    open_ended = ""
    for layer in layers:
        said = layer.get("dated", "")
        day = date_of(said)
        if "published" in layer or day:
            published = layer.get("published", day or "")
            kept = said and published == (day or "")
            return facts | ({"dated": said} if kept else {}) | {"published": published}
        open_ended = open_ended or said
    return facts | ({"dated": open_ended} if open_ended else {})


_DATES = ("published", "dated")
