"""The expressions by which prose says when: days, months, years, hours, relative ones too; in Arabic and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count

from retrieval.nlp.analysis import normalise, normalise_with_offsets
from retrieval.nlp.dates import HIJRI_MONTH_OF, MONTH_OF, NUMBER_OF_DAY, WEEKDAY_OF, any_of
from retrieval.nlp.word_lists import read_word_lists

_NAME = re.compile(r"\(\?P<(\w+)>")


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words that say when, as a slice of their text, and what their parts say, normalised."""

    start: int
    end: int
    words: str
    said: Mapping[str, str]


def time_expressions_in(text: str) -> tuple[TimeExpression, ...]:
    """Return the expressions of time of a text, in its order.

    >>> [one.words for one in time_expressions_in("قال أمس الثلاثاء إنه وصل قبل يومين، في 3 آذار/مارس 2021")]
    ['امس الثلاثاء', 'قبل يومين', '3 اذار/مارس 2021']
    >>> [one.words for one in time_expressions_in("He left on Tuesday, two days ago, and may return in May.")]
    ['on tuesday', 'two days ago', 'in may']
    """
    normal, offsets = normalise_with_offsets(text)
    return tuple(
        TimeExpression(
            offsets[found.start("own")],
            offsets[found.end()],  # a mark or a tatweel that ends it is its own
            found["own"],
            {name.split("_")[0]: value for name, value in found.groupdict().items() if value and name != "own"},
        )
        for found in _pattern().finditer(normal)
        if _is_name_of_time(text, found, offsets)
    )


def _is_name_of_time(text: str, found: re.Match[str], offsets: list[int]) -> bool:
    """Tell whether a name of a month or a day is written as one: "may" and "march" are other words."""
    named = (name for name, value in found.groupdict().items() if value and name.startswith(("month", "weekday")))
    places = map(found.start, named)
    return all(not text[offsets[at]].isascii() or text[offsets[at]].isupper() for at in places)


@cache
def forms_of(section: str, name: str) -> frozenset[str]:
    """Return the forms that a list of `times.toml` has, normalised.

    >>> "يومين" in forms_of("units", "day"), "اليوم" in forms_of("days", "0")
    (True, True)
    """
    listed = read_word_lists("nlp", "times")[section][name]
    return frozenset(form.strip() for form in normalise(" ".join(listed.split())).split("|"))


@cache
def named_by(section: str) -> Mapping[str, str]:
    """Return which list of a section of `times.toml` each form stands in.

    >>> named_by("turns")["المقبل"], named_by("days")["امس الاول"]
    ('future', '-2')
    """
    return {form: name for name in read_word_lists("nlp", "times")[section] for form in forms_of(section, name)}


def _any(section: str, *, is_ascii: bool) -> str:
    return any_of(form for form in named_by(section) if form.isascii() == is_ascii)


@cache
def _pattern() -> re.Pattern[str]:
    """Return what matches an expression of time in a normalised text; compiled when it is first needed."""
    numbers = count()
    forms = "|".join((*_arabic(), *_english(), *_digits()))
    numbered = _NAME.sub(lambda named: f"(?P<{named[1]}_{next(numbers)}>", forms)
    return re.compile(rf"(?<![\w@#])[وفب]{{0,2}}?(?P<own>{numbered})(?!\w)")


def _any_month(*, is_ascii: bool) -> str:
    """Return what matches a month by its name, or by two of them: «أيار/مايو», «سبتمبر أيلول»."""
    names = any_of(name for name in (*MONTH_OF, *HIJRI_MONTH_OF) if name.isascii() == is_ascii)
    return rf"(?:{names})(?:(?: ?[/(] ?| )(?:{names})\)?)?"


def _digits() -> tuple[str, ...]:
    return (r"(?P<whole>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})",)


def _arabic() -> tuple[str, ...]:
    """Return the forms of Arabic expressions; where several begin at one place, the first that fits is taken."""
    single = any_of(form for form in forms_of("prose", "single") if not form.isascii())
    decades, ordinals, around = (any_of(forms_of("prose", name)) for name in ("decades", "ordinals", "around"))
    beyond = any_of(form for form in forms_of("prose", "beyond") if not form.isascii())
    days, turns, units, parts = (_any(section, is_ascii=False) for section in ("days", "turns", "units", "parts"))
    ordinal = rf"(?:ال)?(?:{ordinals})(?: عشره?| وال(?:عشرين|عشرون|ثلاثين|ثلاثون))?"
    weekdays = any_of(name for name in WEEKDAY_OF if not name.isascii())
    part, month = rf"(?:(?:ال)?(?:{parts}) )", _any_month(is_ascii=False)
    turn = rf"(?: (?P<turn>{turns}))?"
    year = r"(?:[،,]? (?:من )?(?:ل?ل?(?:ال)?(?:عام |سنه ))?(?P<year>\d{4})(?: ?(?:م|(?P<era>هجريه|هجري|ه))\b)?)?"
    days_from = r"(?:(?P<opening>\d{1,2}) ?(?:-|–|و|(?:و?حتي|الي|و) ))?"
    day = rf"(?:{days_from}(?P<day>(?:ال ?)?\d{{1,2}}) ?|(?P<day>{ordinal}|{any_of(NUMBER_OF_DAY)}) )(?:من )?"
    counted_year = rf" من (?P<unit>ال(?:عام|سنه) )(?P<turn>{turns})"  # «شباط من العام الماضي»
    in_month = rf"(?:{day})?(?:شهر )?(?P<month>{month})(?:{counted_year}|{turn}{year})"
    beside = rf"(?:ل?(?:يوم|نهار|ليله) )?(?:(?P<relative>{days})،? )?(?:(?:يوم|نهار) )?"
    on_day = rf"{beside}\(?(?P<weekday>{weekdays})\)?{turn}(?:[،,]? ?\(?(?:الموافق )?{in_month})?"
    hour = r"(?: (?:من )?(?:صباحا|مساء|ظهرا|فجرا|عصرا|ليلا|صباح|مساء))?"
    clock = rf"(?P<clock>الساعه (?:\d{{1,2}}(?::\d\d)?|{ordinal})(?: وال(?:نصف|ربع|ثلث)| الا (?:ربعا|ثلثا))?{hour})"
    whole_year = (
        r"(?:لل|ل|ال)?(?:عام|سنه) (?P<year>\d{3,4})(?: ?(?:(?P<before>ق\.? ?م|قبل الميلاد)|م|(?P<era>هجريه|هجري|ه))\b)?"
        rf"{turn}"
    )
    years = r"(?:عامي|سنتي) (?P<span>\d{3,4}) (?:و|الي) ?(?P<year>\d{3,4})"
    century = rf"(?P<vague>القرن {ordinal}(?: (?:الميلادي|الهجري))?|(?:ال)?(?:{decades})(?: القرن {ordinal})?)"
    lead = "|".join(
        rf"(?<=\b{word} )" for word in ("في", "منذ", "حتي", "بحلول", "بعد", "قبل", "من", "بين", "الي", "عامي", "وفي")
    )
    lead += r"|(?<=\b\d{4} و)"  # «بين 2014 و2017»
    bare_year = rf"(?:{lead})(?P<year>(?:1\d{{3}}|20\d\d)(?: ?م)?|\d{{3}} ?م)\b(?! ?[%٪])"
    relative_to = rf"من (?!الان|اليوم)|علي |\d|(?:{days}|{weekdays}|{month})\b"  # the day of something else
    ago = (
        rf"(?:قبل|منذ) (?:(?:(?P<around>{around})|(?P<beyond>{beyond})) )?"
        rf"(?:(?P<count>\d{{1,3}}|\w+(?: عشره?)?) )?(?P<unit>{units})(?! (?:{relative_to}))"
    )
    in_turn = rf"(?:(?P<day>\d{{1,2}}|{ordinal}) من )?(?P<unit>ال(?:{single}) (?:قبل )?)(?P<turn>{turns})"
    unit = rf"{in_turn}|هذ[اه] (?P<this>ال(?:{single}))"
    week_end = "(?P<vague>نهايه الاسبوع|منتصف الليل)"
    part_of_year = rf"{part}(?P<year>(?:1[89]|20)\d\d)(?: ?م\b)?"
    relative = rf"(?:(?:يوم|ليله) )?(?P<relative>{days})"
    dated = f"{years}|{on_day}|{in_month}|{whole_year}|{clock}"
    return (ago, week_end, rf"{part}{{0,2}}(?:{dated}|{unit}|{relative})", part_of_year, century, bare_year)


def _english() -> tuple[str, ...]:
    days, turns, units = (_any(section, is_ascii=True) for section in ("days", "turns", "units"))
    around, beyond, single = (any_of(forms_of("prose", name)) for name in ("around", "beyond", "single"))
    weekdays = any_of(name for name in WEEKDAY_OF if name.endswith("day"))
    name = _any_month(is_ascii=True)
    part = "(?:(?:early|late|mid|the (?:morning|evening|night|end|beginning) of)[ -])?"
    turn = rf"(?:(?P<turn>{turns}) )?"
    year = r"(?:,? (?P<year>(?:1[3-9]|20)\d\d))?"
    nth = r"(?:(?P<opening>\d{1,2})(?:st|nd|rd|th)? ?(?:-|–|to|and) ?)?(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    in_month = (
        rf"(?:the )?{nth} (?:of )?(?P<month>{name}){year}",
        rf"(?P<month>{name})\.? (?:the )?{nth}\b(?! ?%){year}",
    )
    counted_year = rf"(?: of)? (?P<turn>{turns}) (?P<unit>year)"
    lead = rf"(?:(?:in|since|by|until|during|from|of) {part}|{part})"
    month = rf"{lead}{turn}(?P<month>{name})(?:{counted_year}|(?: of)?{year})"
    on_day = rf"(?:on |by |until )?{part}{turn}(?P<weekday>{weekdays})(?: (?:morning|evening|night|afternoon))?"
    about = rf"(?:(?:(?P<around>{around})|(?P<beyond>{beyond})) )?"
    ago = rf"{about}(?P<count>\d{{1,3}}|[a-z-]+) (?P<unit>{units}) ago"
    unit = rf"(?<!the )(?P<turn>{turns}) (?P<unit>{single})"
    bare_year = r"(?:in|since|by|until|from|during|of)(?: the year)? (?P<year>(?:1[89]|20)\d\d)"
    return (
        rf"{on_day}(?:,? (?:{'|'.join(in_month)}))?",
        ago,
        rf"(?P<relative>{days})",
        *(rf"(?:on |by |until )?{one}" for one in in_month),
        unit,
        month,
        bare_year,
    )
