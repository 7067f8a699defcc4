"""What is written onto an Arabic word: the article, particles of one letter, the affixes of verbs and pronouns.

All words here are normalised. «لل» is the particle ل and an article whose alif is not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

ARTICLE = "ال"
ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")  # with the particles that light10 takes off together with it
PARTICLES = "وفبلك"  # and, so, in, for, like: one letter each
SHORTEST_CORE = 3  # letters that are left of a word when its affixes are off
LONGEST_WORD = 60  # letters of a word that is looked at without its particles

_AFTER = {"و": "بكل", "ف": "بكل", "ب": "", "ك": "", "ل": "ل"}  # the particles that may follow one; «لل» has the article
_WITH_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)")
_PREFIXES = ("", "و", "ف", "ب", "ل", "ك", "س", "ي", "ت", "ن", "ا", "سي", "ست", "لي", "لت")  # of verbs too
_SUFFIXES = (
    "", "ت", "ا", "ه", "ي", "وا", "نا", "تا", "ها", "هم", "هن", "كم", "ته", "هما", "تها", "تهم",
    "ون", "ين", "ان", "ات", "تان", "تين", "وه", "وها", "وهم", "ونه", "ونها", "ونهم", "ني",
)  # fmt: skip
_BEFORE_CORE = frozenset(particle + prefix for particle in ("", "و", "ف") for prefix in (*_PREFIXES, "ال", "بال", "لل"))
_AFTER_CORE = frozenset(_SUFFIXES)


def without_article(word: str) -> str:
    """Return a word without the ال that it begins with, and without nothing else.

    >>> without_article("القاهره"), without_article("والقاهره")
    ('قاهره', 'والقاهره')
    """
    return word.removeprefix(ARTICLE)


def has_article(word: str) -> bool:
    """Tell whether a word begins with the article, after particles or not.

    >>> has_article("والهند"), has_article("للهند"), has_article("هند")
    (True, True, False)
    """
    return _WITH_ARTICLE.match(word) is not None


def without_lam(word: str) -> str:
    """Return a word without the ل that it begins with, as «for» and «by», its article written out again.

    >>> without_lam("لرويترز"), without_lam("للشرق"), without_lam("الشرق")
    ('رويترز', 'الشرق', 'الشرق')
    """
    return f"ا{word[1:]}" if word.startswith("لل") else word.removeprefix("ل")


@lru_cache(maxsize=1 << 15)
def bare_forms(word: str, particles: int = LONGEST_WORD) -> tuple[str, ...]:
    """Return a word, what it is without its particles, one after the other, then each of these without its article.

    A letter that may be a particle there is taken for one, up to a number of them, while more than three letters stand:
    a conjunction comes first, then a preposition.

    >>> bare_forms("وبالقاهره"), bare_forms("للقاهره")
    (('وبالقاهره', 'بالقاهره', 'القاهره', 'قاهره'), ('للقاهره', 'لقاهره', 'قاهره'))
    >>> bare_forms("وبوتين", particles=1), bare_forms("القاهره", particles=0)
    (('وبوتين', 'بوتين'), ('القاهره', 'قاهره'))
    >>> bare_forms("كوستي")
    ('كوستي', 'وستي')
    """
    forms, may_stand = [word], PARTICLES
    while len(forms) <= particles and SHORTEST_CORE < len(forms[-1]) <= LONGEST_WORD and forms[-1][0] in may_stand:
        may_stand = _AFTER[forms[-1][0]]
        forms.append(forms[-1][1:])
    return tuple(dict.fromkeys((*forms, *map(without_article, forms))))


def without_affixes(word: str) -> Iterator[str]:
    """Yield what is left of a word without the affixes of verbs and pronouns, the shortest affixes first.

    >>> list(without_affixes("يبحثون"))
    ['بحثون', 'يبحث', 'بحث']
    """
    prefixes = [len(prefix) for prefix in _PREFIXES if word.startswith(prefix)]
    suffixes = [len(suffix) for suffix in _SUFFIXES if word.endswith(suffix)]
    affixes = sorted(((before, after) for before in prefixes for after in suffixes), key=sum)
    for before, after in affixes[1:]:
        if len(word) - before - after >= SHORTEST_CORE:
            yield word[before : len(word) - after]


def is_inflection(word: str, core: str) -> bool:
    """Tell whether a normalised Arabic word is a core of three letters or more with nothing but affixes round it.

    >>> is_inflection("وبحثا", "بحث"), is_inflection("سيبحثون", "بحث"), is_inflection("مبحث", "بحث")
    (True, True, False)
    """
    at = word.find(core) if len(core) >= SHORTEST_CORE else -1
    return at >= 0 and word[:at] in _BEFORE_CORE and word[at + len(core) :] in _AFTER_CORE


def inflected_cores(word: str) -> Iterator[str]:
    """Yield the cores of which a normalised Arabic word may be an inflection, as `is_inflection` has it.

    >>> "بحث" in set(inflected_cores("وبحثا")), "بحث" in set(inflected_cores("مبحث"))
    (True, False)
    """
    ends = [at for at in range(SHORTEST_CORE, len(word) + 1) if word[at:] in _AFTER_CORE]
    for start in range(len(word) - SHORTEST_CORE + 1):
        if word[:start] in _BEFORE_CORE:
            yield from (word[start:end] for end in ends if end - start >= SHORTEST_CORE)
