"""What a word that nobody knows may stand for: as dialects and hasty hands write it, one step after the other.

Particles are joined to words («عالمحكمة», «هالقضية»), verbs take the prefixes and the negation of dialects («حيروح»,
«ما بيعرفش»), letters are lengthened («كتيير»), and sounds written as they are spoken («تاني» for «ثاني», «گال»). All
words are normalised. Nothing is known here of which of the forms exist: the caller does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from retrieval.nlp.clitics import ARTICLE, ARTICLES, SHORTEST_CORE, bare_forms

MOST_FORMS = 120  # that a word may be rewritten to
_MOST_STEPS = 3  # of rewriting: «وهالقضيه», «مابيقولوش»
_MOST_PARTICLES = 2  # of one letter

_LENGTHENED = re.compile(r"(.)\1+")
_ARTICLED = re.compile(r"[وف]?[بلعكهمد]?ه?ال(?=\w{3})")  # «عالمحكمة», «بهالسنة»
_WITHOUT_ALIF = re.compile(r"[وف]?(?:[بلعك]?ه|[عبفمدك])ل(?=\w{3})")  # «فلمدينة», «هلقضية»
_UPON = re.compile(r"[وف]?ع(?=\w{5})")  # «عبيروت»
_BEFORE_VERB = re.compile(r"[وف]?(?:عمب?|راح|رح|لح|غا|كا|تا|[حهغدكتبل]|م(?=ن))(?=[يتن]\w{3})")
_ASKED = re.compile(r"[وف]?ش(?=[يتن]\w{2}|صار|كان|قال|عمل|سوي|اسم)")  # «شصار»: what happened
_SUFFERED = re.compile(r"[وف]?(?:ا[نت]|ب?[يتن][نت])(?=\w{3})")  # «انبنى», «بينكسر»: it was built, it is broken
_NEGATED = re.compile(r"(?:ما?(\w{3,})ش(?:ي|ن)?|([يتنا]\w{3,})ش)")
_DATIVE = re.compile(r"(\w{3,}?)ل(?:ي|و|ها|هم|هن|ن|ك|كم|كن|نا|ه)")
_FOREIGN = {
    "گ": ("ق", "ك", "ج", "غ"), "چ": ("ج", "ك", "تش", "ش"), "پ": ("ب",), "ڤ": ("ف",), "ژ": ("ج", "ز"),
    "ڨ": ("ق", "غ"), "ڭ": ("ك", "غ"),
}  # fmt: skip
_SPOKEN = {  # letters as dialects say them, and the letters that newspapers write
    "ت": "ث", "ث": "ت", "س": "ث", "د": "ذ", "ذ": "د", "ز": "ذ", "ض": "ظ", "ظ": "ض",
}  # fmt: skip
_ENDINGS = {"و": ("ه", "وا", ""), "ا": ("اء", "ه", "ي"), "ه": ("ا",), "ن": ("هم",), "ء": ("",)}

_Step = Callable[[str], Iterator[str]]


def _without_length(word: str) -> Iterator[str]:
    once = _LENGTHENED.sub(r"\1", word)
    if once != word:
        yield once
        yield re.sub(r"(.)\1\1+", r"\1\1", word)


def _in_arabic_letters(word: str) -> Iterator[str]:
    for letter, others in _FOREIGN.items():
        if letter in word:
            yield from (word.replace(letter, other) for other in others)


def _without_particles(word: str) -> Iterator[str]:
    yield from bare_forms(word, _MOST_PARTICLES)[1:]
    articled = _ARTICLED.match(word)
    if articled:
        yield ARTICLE + word[articled.end() :]


def _after_joined(word: str) -> Iterator[str]:
    for pattern, article in ((_WITHOUT_ALIF, ARTICLE), (_UPON, "")):
        found = pattern.match(word)
        if found:
            yield article + word[found.end() :]


def _as_plain_verb(word: str) -> Iterator[str]:
    for pattern in (_BEFORE_VERB, _ASKED):
        found = pattern.match(word)
        if found:
            yield word[found.end() :]
    negated = _NEGATED.fullmatch(word)
    if negated:
        yield negated[1] or negated[2]


def _with_written_ending(word: str) -> Iterator[str]:
    dative = None if word.startswith(ARTICLES) else _DATIVE.fullmatch(word)
    if dative:
        yield dative[1]
    for ending in _ENDINGS.get(word[-1:], ()) if len(word) > SHORTEST_CORE else ():
        yield word[:-1] + ending


def _active(word: str) -> Iterator[str]:
    suffered = _SUFFERED.match(word)
    if suffered:
        yield word[suffered.end() :]


def _as_written(word: str) -> Iterator[str]:
    for at, letter in enumerate(word) if len(word) > SHORTEST_CORE else ():
        for other in _SPOKEN.get(letter, ""):
            yield word[:at] + other + word[at + 1 :]
            if word.count(letter) > 1 and word.index(letter) == at:
                yield word.replace(letter, other)  # «تلاته»


_SURE: tuple[_Step, ...] = (_without_length, _in_arabic_letters, _without_particles, _as_plain_verb)
_GUESSED: tuple[_Step, ...] = (_after_joined, _with_written_ending, _active, _as_written)


def rewritings(word: str) -> tuple[str, ...]:
    """Return what a normalised Arabic word is without what dialects and hands add, the fewest steps first.

    >>> rewritings("هالقضيه")[0], rewritings("كتييير")[0], "يعرف" in rewritings("مابيعرفش")
    ('القضيه', 'كتير', True)
    """
    found: dict[str, None] = {word: None}
    latest = [word]
    for _ in range(_MOST_STEPS):
        latest = list(dict.fromkeys(new for old in latest for step in _SURE for new in step(old) if new not in found))
        found.update(dict.fromkeys(new for new in latest if len(new) >= SHORTEST_CORE))
    return tuple(found)[1 : MOST_FORMS + 1]


def respellings(word: str) -> tuple[str, ...]:
    """Return what a normalised Arabic word, or a rewriting of it, may be where it is written as it is spoken.

    >>> "ثلاثه" in respellings("تلاته"), "بني" in respellings("انبني"), "قالوا" in respellings("قالو")
    (True, True, True)
    """
    found = (new for old in (word, *rewritings(word)) for step in _GUESSED for new in step(old))
    return tuple(dict.fromkeys(new for new in found if len(new) >= SHORTEST_CORE))[:MOST_FORMS]


_NAME_BEGINS = re.compile(r"[وبلفك]?(?:عبد|ابو|ابا|ابي|ابن|بن|ام|بو|ذو|ذي)(?=\w{3})")
_NAME_ENDS = re.compile(r"(?:الدين|الله|الحق|الاسلام|الزمان)$")
_ARTICLE_INSIDE = re.compile(r"(?<=\w{3})ال(?=\w{3})")


def parted(word: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of words that a word without its space may be, the likeliest first.

    >>> parted("عبدالعزيز"), parted("ابوهنيه"), parted("جسرالسدره")
    ((('عبد', 'العزيز'),), (('ابو', 'هنيه'),), (('جسر', 'السدره'),))
    """
    begins = _NAME_BEGINS.match(word)
    ends = _NAME_ENDS.search(word)
    places = [begins.end()] if begins else []
    places += [ends.start()] if ends and ends.start() >= SHORTEST_CORE else []
    places += [found.start() for found in _ARTICLE_INSIDE.finditer(word)]
    return tuple((word[:at], word[at:]) for at in dict.fromkeys(places))


_PARTICLES_IN_LATIN = (
    (re.compile(r"^abd(?:[aeu]l|ou?l)?(?=[a-z]{3})"), "عبد"),
    (re.compile(r"^ab(?:u|ou|o)(?=[a-z]{4})"), "ابو"),
    (re.compile(r"(?<=[a-z]{3})(?:[aeiu]l?)?dd?(?:i|ee|ii?)ne?$"), "الدين"),
    (re.compile(r"(?<=[a-z]{3})(?:[au]l)?lah$"), "الله"),
)


def parted_latin(word: str) -> tuple[tuple[str, str], ...]:
    """Return what a Latin name written in one may be in two: the Arabic of its particle, and the rest.

    >>> parted_latin("abdulaziz"), parted_latin("salahuddin"), parted_latin("lavrov")
    ((('عبد', 'aziz'),), (('الدين', 'salah'),), ())
    """
    found = ((particle, pattern.search(word)) for pattern, particle in _PARTICLES_IN_LATIN)
    return tuple((particle, word[: at.start()] + word[at.end() :]) for particle, at in found if at)


def may_be_joined(first: str, second: str) -> bool:
    """Tell whether two normalised words may be written as one: a name and its particle.

    >>> may_be_joined("ابو", "هنيه"), may_be_joined("صلاح", "الدين"), may_be_joined("abdul", "aziz")
    (True, True, True)
    """
    joined = first + second
    if joined.isascii():
        return bool(parted_latin(joined))
    return len(second) >= SHORTEST_CORE and (first, second) in parted(joined)
