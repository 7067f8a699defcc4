"""When two names mean one source, however they are spelt and in whichever script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from retrieval.nlp.analysis import bare, normalise
from retrieval.nlp.clitics import without_article
from retrieval.nlp.phonetics import alike, key_of_arabic, keys_of_latin

_CHANCE_KEY = 3  # sounds; of so few the vowels must agree too, unless other words of the name agree
LEAST_KEY_OF_JOINED = 5  # sounds, of a name that one spelling parts into more words than the other
MOST_NAME_WORDS = 5
LONGEST_LIST = 120  # code points of a line that names agencies and nothing else

_AGENCY = normalise(
    "رويترز|أ ف ب|فرانس برس|الصحافة الفرنسية|أ ب|أسوشيتد برس|أسوشييتد برس|د ب أ|الألمانية|أ ش أ|سانا|واس"
    "|وام|بترا|كونا|قنا|الأناضول|سبوتنيك|تاس|نوفوستي|ريا نوفوستي|إنترفاكس|شينخوا|يو بي آي|بلومبرغ"
    "|بي بي سي|سي إن إن|روسيا اليوم|آر تي|الجزيرة|الجزيرة نت|العربية|العربية نت|سكاي نيوز|سكاي نيوز عربية"
    "|فرانس 24|الحرة|الشرق الأوسط|القدس العربي|العربي الجديد|عنب بلدي|قاسيون|وكالات|الوكالات"
    "|وكالات الأنباء|reuters|afp|ap|(?:the )?associated press|dpa|upi|tass|xinhua|anadolu(?: agency)?"
    "|bloomberg|bbc(?: news)?|cnn|rt|al jazeera|interfax|ria novosti|sputnik|kyodo|(?:news )?agencies"
).replace(" ", r"[\s.]*")
_AGENCIES = re.compile(
    rf"(?:(?:{normalise('وكالة|وكالة أنباء|صحيفة|قناة')}) )?(?:{_AGENCY})\.?(?:[ ،,؛/|+&-]+(?:و ?)?(?:{_AGENCY})\.?)*"
)
_AGENCY_ALONE = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(_AGENCY.split('|'), key=len, reverse=True))})(?!\w)")
_SAME = tuple(  # names that do not sound alike; each line is one source
    frozenset(normalise(line).split("|"))
    for line in (
        "فرانس برس|الصحافة الفرنسية|ا ف ب|afp|agence france presse|france presse",
        "اسوشيتد برس|اسوشييتد برس|ا ب|ap|associated press",
        "الالمانية|د ب ا|dpa|german press agency",
        "روسيا اليوم|ار تي|rt|russia today",
        "بي بي سي|bbc",
        "سي ان ان|cnn",
        "يو بي اي|upi|united press international",
        "ريا نوفوستي|نوفوستي|ria novosti|novosti|ria",
        "شينخوا|xinhua",
        "سانا|sana",
        "واس|spa|saudi press agency",
        "وام|wam",
        "كونا|kuna",
        "بترا|petra",
        "قنا|qna",
        "العربي الجديد|al araby al jadeed|the new arab",
        "الحرة|alhurra|al hurra",
        "عنب بلدي|enab baladi",
    )
)
_GENERIC = frozenset(
    normalise(
        "وكالة وكالات انباء الانباء للانباء صحيفة جريدة قناة موقع شبكة نيوز نت اون لاين اونلاين الاخبارية الاخباري "
        "مصدر the agency news newspaper channel network website online net com daily"
    ).split()
)
_SEPARATORS = re.compile(r"\s*[،,؛;/|+&·•]\s*|\s+[-–—]\s+|\s+and\s+")
_WORD = re.compile(r"[^\W_]+")
_LATIN_ARTICLE = re.compile(r"^(?:a(?=sh|(?P<sun>[dnrstz])(?P=sun))|al|el)(?=[a-z]{3})")  # Alquds, Asharq, Annahar
_LATIN_ARTICLES = frozenset("al el as ash an ar at ad az".split())


def is_agencies(text: str) -> bool:
    """Return whether a text names news agencies and nothing else.

    >>> is_agencies("رويترز العربية نت وكالات"), is_agencies("أ.ف.ب، وكالات"), is_agencies("رويترز قالت")
    (True, True, False)
    """
    return len(text) <= LONGEST_LIST and _AGENCIES.fullmatch(bare(text)) is not None


def agencies_in(text: str) -> list[str]:
    """Return each agency that a list of them names, normalised.

    >>> agencies_in("رويترز العربية نت وكالات")
    ['رويترز', 'العربيه نت', 'وكالات']
    """
    return [found.group() for found in _AGENCY_ALONE.finditer(bare(text))]


def is_source(asked: str, stated: str) -> bool:
    """Tell whether a name means a source, or one of several, that an article states.

    >>> is_source("Reuters", "رويترز العربية نت وكالات"), is_source("Asharq al-Awsat", "الشرق الاوسط")
    (True, True)
    >>> is_source("AFP", "أ.ف.ب"), is_source("العربية", "العربي الجديد"), is_source("رويترز", "سبوتنيك")
    (True, False, False)
    """
    wanted = _words(asked)
    return bool(wanted) and any(_is_same(wanted, words) for words in _named(stated))


@lru_cache(maxsize=4096)
def _named(stated: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of each source that an article names."""
    return tuple(words for name in _names(stated) if (words := _words(name)))


def _names(stated: str) -> Iterator[str]:
    stated = " ".join(stated.split())
    yield stated
    for name in _SEPARATORS.split(stated):
        yield name
        if is_agencies(name):
            yield from agencies_in(name)


def _words(name: str) -> tuple[str, ...]:
    """Return the words that tell a source from others: without articles, and without what any source may be called."""
    found = [word for word in _WORD.findall(normalise(name)) if word not in _LATIN_ARTICLES]
    return tuple(word for word in found if word not in _GENERIC) or tuple(found)


def _is_same(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    one, other = " ".join(first), " ".join(second)
    if any({one, other} <= names for names in _SAME_WORDS):
        return True
    if len(first) != len(second):
        return _is_same_word("".join(first), "".join(second), LEAST_KEY_OF_JOINED)
    least = _CHANCE_KEY + 1 if len(first) == 1 else 2
    return all(_is_same_word(*pair, least) for pair in zip(first, second, strict=True))


_SAME_WORDS = tuple(frozenset(" ".join(_words(name)) for name in names) for names in _SAME)


@lru_cache(maxsize=1 << 14)
def _is_same_word(one: str, other: str, least: int = _CHANCE_KEY + 1) -> bool:
    """Tell whether two words of names are spellings of one; with a key of fewer sounds the vowels must agree too.

    >>> _is_same_word("asharq", "الشرق", 2), _is_same_word("سبوتنيك", "sputnik"), _is_same_word("العربيه", "العربي")
    (True, True, False)
    """
    if one.isascii() and not other.isascii():
        one, other = other, one
    first, second = without_article(one), without_article(other)
    if first == second:
        return True
    if one.isascii() or any(word.isdigit() for word in (one, other)):
        return False
    key = key_of_arabic(first)
    if not other.isascii():  # two Arabic spellings of one foreign name
        return len(key) > _CHANCE_KEY and len(key) >= least and key == key_of_arabic(second)
    latin = (other, _LATIN_ARTICLE.sub("", other))
    return any(
        key in keys_of_latin(word) and (len(key) >= least or alike(word, first, key)) for word in dict.fromkeys(latin)
    )
