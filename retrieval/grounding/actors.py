"""Who is mentioned in a text, and when two mentions may be of the same: by name, nation, office or group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache

from retrieval.grounding.alignment import AlignedText, Claim
from retrieval.grounding.cast import Key, Mention
from retrieval.grounding.names import is_heard_alike, places_of
from retrieval.grounding.negation import is_content
from retrieval.grounding.phrases import Phrases
from retrieval.grounding.verbs import PLAIN_SPEECH, verbs_of
from retrieval.nlp.analysis import stem, words
from retrieval.nlp.clitics import ARTICLE, ARTICLES, bare_forms
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.word_lists import normalised, read_word_lists

_KINDS = ("bodies", "offices", "fields", "others", "groups")
_PEOPLE = frozenset({"offices", "others"})
_HEADS = frozenset({*_PEOPLE, "groups"})  # kinds that begin another mention after a name
_LISTS = read_word_lists("grounding", "clauses")
_PREPOSITIONS, _INSIDE = normalised(_LISTS["prepositions"]), normalised(_LISTS["inside"])
_NOBODY = normalised(_LISTS["nobody"])
_NOT_THEIRS = normalised(_LISTS["not_theirs"])
BY = Phrases(_LISTS["by"])  # after these stands who does what is done
_PARTICLES = "وفبل"
_OF_NATION = ("ي", "يه", "يين", "يون")  # the endings of its adjective
_SHORTEST_NAME = 4  # letters
_BEFORE_NOUN = frozenset({"both", "also", "its", "his", "her", "their"})
_SLAVE = "عبد"
_PRONOUNS = ("ها", "هم", "هما")
_LONGEST = 3  # words of a listed phrase
_IDAFA = "of"  # the preposition of what another noun is of


INTRODUCED = 3  # times that a name is looked at: an article says at first who it is
AROUND_NAME = 8  # tokens on each side of it
VICTIMS = frozenset(Key("groups", value) for value in read_word_lists("grounding", "actors")["victims"].split())


def mentions(claim: Claim, text: AlignedText) -> tuple[Mention, ...]:
    """Return who is mentioned in a text, from left to right.

    Names are known by the claim's terms; one that the claim does not have is known by its own word.
    """
    return tuple(_mentions(claim, text))


def mentions_of_names(claim: Claim, text: AlignedText) -> Iterator[Mention]:
    """Yield who is mentioned around the claim's names in a text, where the text introduces each."""
    seen: dict[int, int] = {}
    done = 0
    for at in range(len(text.tokens)):
        named = _terms_of_name(claim, text, at)
        if at < done or not any(seen.get(term, 0) < INTRODUCED for term in named):
            continue
        seen.update((term, seen.get(term, 0) + 1) for term in named)
        first, done = max(0, at - AROUND_NAME), min(len(text.tokens), at + AROUND_NAME)
        countries = {place - first: country for place, country in text.countries.items() if first <= place < done}
        slices = text.tokens[first:done], text.says[first:done]
        yield from _mentions(claim, AlignedText(text.text, *slices, (), (), (), countries))


def _mentions(claim: Claim, text: AlignedText) -> Iterator[Mention]:
    first, previous = None, -1
    keys: set[Key] = set()
    after = 0
    for at in range(len(text.tokens) + 1):
        found, size = _keys_at(claim, text, at, keys) if after <= at < len(text.tokens) else (frozenset[Key](), 1)
        if at < after:
            continue
        inside = at < len(text.tokens) and first is not None and text.tokens[at].text in _INSIDE
        if first is not None and (_ends(claim, text, at, found - keys, keys) or not (found or inside)):
            mention = _finished(claim, text, first, at - 1, keys)
            if mention:
                yield replace(mention, preposition=None) if _touches(mention, previous) else mention
                previous = mention.last
            first, keys = None, set()
        if found:
            first = at if first is None else first
            keys |= found
            after = at + size


def _touches(mention: Mention, previous: int) -> bool:
    """Tell whether a mention stands right behind another, which is no noun that it belongs to."""
    return mention.first == previous + 1 and mention.preposition == _IDAFA


def _ends(claim: Claim, text: AlignedText, at: int, found: Iterable[Key], keys: set[Key]) -> bool:
    """Tell whether a mention ends before a token, whatever it is."""
    if at == len(text.tokens):
        return True
    gap = text.text[text.tokens[at - 1].end : text.tokens[at].start].strip()
    have, kinds = {key.kind for key in keys}, {key.kind for key in found}
    word = text.tokens[at].text
    joined = is_joined(claim.lexicon, word) and not (word.startswith("لل") and have & _HEADS)
    if gap in (",", "،"):
        return joined or {"name"} <= have & kinds
    if gap in ("'", "’", "-", "–") and word != "s":
        return False
    return bool(gap) or word == "s" or joined or _begins_another(text.tokens[at - 1].text, word, have, kinds)


def _begins_another(previous: str, word: str, have: set[str], kinds: set[str]) -> bool:
    """Tell whether what follows a mention without a mark is somebody else: «موسكو الأمين العام»، «السلطات لافروف»."""
    if "others" in kinds:
        return True  # «نظيره»
    if "name" in have:
        apposed = "offices" in kinds and not word.isascii() and not word.startswith(ARTICLES)  # «أوغلو وزير الخارجية»
        country = "nations" in kinds and not word.isascii() and not word.endswith(_OF_NATION)
        return (bool(kinds & _HEADS) and not apposed) or country
    if previous.isascii():
        return False
    if have == {"nations"} and not previous.endswith(_OF_NATION):
        return bool(kinds & _HEADS) or ("nations" in kinds and not word.endswith(_OF_NATION))
    return "name" in kinds and "groups" in have and not have & _PEOPLE


@lru_cache(maxsize=1 << 15)
def is_joined(lexicon: Lexicon, word: str) -> bool:
    """Tell whether an Arabic word is another one that a particle is written onto: and, for, by."""
    if word.isascii() or word[0] not in _PARTICLES or len(word) <= _SHORTEST_NAME or word in lexicon.forms:
        return False
    rest = word[1:]
    if word.startswith(("وال", "بال", "فال", "لل")) or rest in lexicon.forms or _words().get(_core(rest)):
        return True
    return stem(word) not in lexicon.concepts and stem(rest) in lexicon.concepts


def _finished(claim: Claim, text: AlignedText, first: int, last: int, keys: set[Key]) -> Mention | None:
    while last > first and text.tokens[last].text in _INSIDE:
        last -= 1
    following = text.tokens[last + 1].text if last + 1 < len(text.tokens) else ""
    kinds = {key.kind for key in keys}
    if kinds == {"fields"} or following in _NOT_THEIRS:
        return None
    if text.tokens[first].text.isascii() and kinds <= {"nations", "fields"} and _describes(text, last):
        return None
    return Mention(first, last, frozenset(keys), _preposition(claim, text, first))


def _describes(text: AlignedText, last: int) -> bool:
    """Tell whether an English nation or its owner stands before what it describes: Russian strikes, Moscow's aid."""
    if last + 1 == len(text.tokens):
        return False
    following = text.tokens[last + 1].text
    gap = text.text[text.tokens[last].end : text.tokens[last + 1].start].strip()
    return not gap and is_content(following) and not verbs_of(following) and not following[0].isdigit()


def _preposition(claim: Claim, text: AlignedText, first: int) -> str | None:
    """Return the preposition before a mention, also one that is written onto it or that a noun before it stands for."""
    word = text.tokens[first].text
    if word[0] in "بل" and is_joined(claim.lexicon, word):
        return word[0]
    before = first - 1
    while before >= 0 and _is_adjective(text, first, before):
        before -= 1
    if before < 0 or text.text[text.tokens[before].end : text.tokens[before + 1].start].strip(" \"“”«»'’"):
        return None
    previous = text.tokens[before].text
    if previous in _PREPOSITIONS:
        return previous
    if word.isascii() or word[0] == "و" or previous.isdigit() or not _is_noun(previous):
        return None
    return None if _keys_at(claim, text, before)[0] else _IDAFA


def _is_adjective(text: AlignedText, first: int, at: int) -> bool:
    """Tell whether an English word may stand between a preposition and whoever it is said of: the rural hospital."""
    word = text.tokens[at].text
    if word in _INSIDE or word in _BEFORE_NOUN:
        return True
    gap = text.text[text.tokens[at].end : text.tokens[at + 1].start].strip()
    return word.isascii() and first - at <= 2 and is_content(word) and not gap and not verbs_of(word) and word.islower()


def _is_noun(word: str) -> bool:
    """Tell whether an Arabic word may be a noun whose possessor follows: no particle, verb or participle in ا."""
    if not is_content(word) or (word[0] in "وف" and not is_content(word[1:])):
        return False
    found = verbs_of(word)
    return not found or (all(verb.form == "noun" for verb in found) and not word.endswith("ا"))


def _keys_at(claim: Claim, text: AlignedText, at: int, have: Iterable[Key] = ()) -> tuple[frozenset[Key], int]:
    """Return by what somebody is known at a token, and how many tokens say it, after what a mention has before it."""
    if at and (by := BY.at(text.tokens, at - 1)) and by.last == at:
        return frozenset(), 1  # «من جانب»: by
    if found := _phrase_at(text, at):
        return found
    if not is_content(text.tokens[at].text):
        return frozenset(), 1
    kinds = {key.kind for key in have}
    if "name" in kinds and _is_family_name(claim, text, at, of_office="offices" in kinds):
        return frozenset({name_at(claim, text, at)}), 1
    listed = _known_at(text, at)
    if not listed and (_is_name(claim, text, at) or (kinds & _PEOPLE and _follows_office(claim, text, at))):
        return frozenset({name_at(claim, text, at)}), 1
    return listed, 1


def _known_at(text: AlignedText, at: int) -> frozenset[Key]:
    """Return the country, office or group that a token names."""
    if at and text.tokens[at - 1].text == _SLAVE:
        return frozenset()  # «عبد الأمير» is a name
    if at in text.countries:
        return frozenset({Key("nations", text.countries[at])})
    return _listed(text.tokens[at].text)


def _is_family_name(claim: Claim, text: AlignedText, at: int, *, of_office: bool) -> bool:
    """Tell whether a word after a name is one too: it looks like an adjective («السوداني»), or none knows it."""
    word, start, _ = text.tokens[at]
    if word.isascii() or not is_content(word) or text.tokens[at - 1].end + 1 != start:
        return False
    if not word.startswith(ARTICLE):
        return _sounds_like_itself(claim.lexicon, word) and not verbs_of(word) and not _known_at(text, at)
    kinds = {key.kind for key in _known_at(text, at)}
    return _is_unknown(claim, word) or kinds == {"nations"} or (not kinds and word.endswith("ي") and of_office)


def _phrase_at(text: AlignedText, at: int) -> tuple[frozenset[Key], int] | None:
    word = text.tokens[at].text
    forms = [word, f"ا{word[1:]}" if word.startswith("لل") else word[1:]]
    if _first_words().isdisjoint(forms):
        return None
    following = [token.text for token in text.tokens[at + 1 : at + _LONGEST]]
    for form in forms:
        for size in range(len(following), 0, -1):
            if found := _phrases().get((form, *following[:size])):
                return found, size + 1
    return None


def name_at(claim: Claim, text: AlignedText, at: int) -> Key:
    """Return the key of a name: the claim's term for it, or its own word."""
    own = _terms_of_name(claim, text, at)
    return Key("name", min(own) if own else stem(text.tokens[at].text))


def _terms_of_name(claim: Claim, text: AlignedText, at: int) -> set[int]:
    return {term for term in text.terms_at(at) & claim.names.keys() if not claim.terms[term].parts}


def _is_name(claim: Claim, text: AlignedText, at: int) -> bool:
    """Tell whether a word is a person's name: the claim's, the lexicon's, a given name, or unknown after "said"."""
    word = text.tokens[at].text
    if _terms_of_name(claim, text, at) and not _is_place(claim.lexicon, word):
        return True
    if _is_person(claim.lexicon, word) or _is_given_name(claim, text, at):
        return True
    return (
        at > 0
        and _is_unknown(claim, word)
        and any(v.meaning in PLAIN_SPEECH for v in verbs_of(text.tokens[at - 1].text))
    )


def _is_unknown(claim: Claim, word: str) -> bool:
    known = word.isascii() or claim.lexicon.headwords(word) or verbs_of(word)
    return not known and is_content(word) and len(word) >= _SHORTEST_NAME


def _follows_office(claim: Claim, text: AlignedText, at: int) -> bool:
    """Tell whether a word after an office is part of a name: written large, or sounding so, or before one that does."""
    word, start, end = text.tokens[at]
    if not is_content(word) or word[0].isdigit() or word in _INSIDE:
        return False
    if word.isascii():
        return text.text[start].isupper()
    if word.endswith("ا") and claim.lexicon.headwords(word[:-1]):
        return False  # an accusative: «تقريرا»
    if word.startswith(ARTICLES) or word.endswith(_PRONOUNS) or is_joined(claim.lexicon, word):
        return False
    if verbs_of(word):
        following = text.tokens[at + 1].text if at + 1 < len(text.tokens) else ""
        apart = at + 1 < len(text.tokens) and text.text[end : text.tokens[at + 1].start].strip()
        return bool(following) and not apart and _may_be_family_name(claim, text, at + 1)
    return _sounds_like_itself(claim.lexicon, word) or _is_definite(text.tokens[at - 1].text)


def _is_definite(word: str) -> bool:
    """Tell whether an Arabic noun is definite by itself, so that what follows without an article is its name."""
    return word.startswith(ARTICLES) or word.endswith("ه")


def _may_be_family_name(claim: Claim, text: AlignedText, at: int) -> bool:
    word = text.tokens[at].text
    people = claim.lexicon.sections["people"]
    known = any(headword in people for headword in claim.lexicon.headwords(word))
    return known or bool(_terms_of_name(claim, text, at)) or _is_unknown(claim, word)


@lru_cache(maxsize=1 << 15)
def _is_person(lexicon: Lexicon, word: str) -> bool:
    """Tell whether an Arabic word is a name of the lexicon that is no place's."""
    if word.isascii():
        return False
    known = lexicon.headwords(word)
    people = lexicon.sections["people"]
    return len(word) >= _SHORTEST_NAME and bool(known) and all(headword in people for headword in known)


@lru_cache(maxsize=1 << 15)
def _sounds_like_itself(lexicon: Lexicon, word: str) -> bool:
    """Tell whether an Arabic word is unknown, or said in English as it sounds in Arabic, as no ordinary word is."""
    known = lexicon.headwords(word)
    heard = (is_heard_alike(headword, lexicon, word) for headword in known)
    return not known or (not _is_place(lexicon, word) and any(heard))


def _is_given_name(claim: Claim, text: AlignedText, at: int) -> bool:
    """Tell whether a word that may be a name stands before a family name."""
    word, start, end = text.tokens[at]
    if at + 1 == len(text.tokens) or text.text[end : text.tokens[at + 1].start].strip() or not is_content(word):
        return False
    if word.isascii():
        if not text.text[start].isupper():
            return False
    elif verbs_of(word) or not is_content(word.lstrip("وف")) or not _sounds_like_itself(claim.lexicon, word):
        return False
    following = text.tokens[at + 1].text
    if _is_unknown(claim, following) and not following.startswith(ARTICLE) and not is_joined(claim.lexicon, word):
        return True
    return (bool(_terms_of_name(claim, text, at + 1)) and not _is_place(claim.lexicon, following)) or _is_person(
        claim.lexicon, following
    )


@lru_cache(maxsize=1 << 15)
def _is_place(lexicon: Lexicon, word: str) -> bool:
    found = lexicon.headwords(word) if not word.isascii() else (word,)
    return any(headword in places_of(lexicon) for headword in found)


@lru_cache(maxsize=1 << 15)
def _listed(word: str) -> frozenset[Key]:
    if word.isascii() or word in _NOBODY or not is_content(word):
        return _words().get(word, frozenset()) if word.isascii() else frozenset()
    found = (_words().get(_core(form)) for form in bare_forms(word, particles=1))
    return next((keys for keys in found if keys), frozenset())


def _core(word: str) -> str:
    """Return the stem of an Arabic word with the و that it begins with, which is no particle here: «وزارة»."""
    if word.isascii():
        return word
    return stem(f"ال{word}" if word[0] == "و" and not word.startswith("وال") else word)


@cache
def _entries() -> tuple[tuple[tuple[str, ...], Key], ...]:
    lists = read_word_lists("grounding", "actors")
    return tuple(
        (tuple(words(phrase)), Key("nations" if kind == "bodies" else kind, value))
        for kind in _KINDS
        for value, listed in lists[kind].items()
        for phrase in listed.split(",")
    )


@cache
def _words() -> Mapping[str, frozenset[Key]]:
    found: dict[str, set[Key]] = {}
    for phrase, key in _entries():
        if len(phrase) == 1:
            found.setdefault(_core(phrase[0]), set()).add(key)
    return {word: frozenset(keys) for word, keys in found.items()}


@cache
def _first_words() -> frozenset[str]:
    return frozenset(phrase[0] for phrase in _phrases())


@cache
def _phrases() -> Mapping[tuple[str, ...], frozenset[Key]]:
    return {phrase: frozenset({key}) for phrase, key in _entries() if len(phrase) > 1}
