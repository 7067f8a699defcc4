"""A question as the rest of the core sees it: terms to look for, in Arabic, and the kind of answer it asks for."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from retrieval.nlp.analysis import Token, language_of, normalise, stem, tokens, words
from retrieval.nlp.arabizi import in_arabic, is_arabizi
from retrieval.nlp.asking import Asking, Asks, load_asking_words, roles_in_statement
from retrieval.nlp.clitics import bare_forms, without_article
from retrieval.nlp.dialects import DialectWord, load_dialects
from retrieval.nlp.lexicon import FURTHER, Lexicon, english_stems
from retrieval.nlp.phonetics import SHORTEST_KEY, is_telling, keys_in_text, keys_of_latin
from retrieval.nlp.quantities import quantities_in, spellings_of
from retrieval.nlp.spellings import may_be_joined, parted_latin
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search.vocabulary import (
    Vocabulary,
    is_guessed,
    is_known_word,
    near_headwords,
    near_stems,
    respelt,
    rewritten,
    stems_of_parts,
)
from retrieval.search.weights import WEIGHTS
from retrieval.types import Language

_Kind = Literal["word", "name", "number"]
ContextNeed = Literal["yes", "perhaps", "no"]

LONGEST_QUESTION = 1_000  # code points that are read; a longer question is cut at a word
MOST_TERMS = 40  # terms that are looked for
LONGEST_NUMBER = 12  # digits of one that may be written out
MOST_UNKNOWN = 6  # words that nobody knows whose neighbours are looked up; each costs some milliseconds

_INFLECTED = re.compile(  # no bare name
    r"^(?:[وفبلك]?(?:ال|است|ست|سي|ان|ا[^ل]ت|ي|ت|ن|م)|لل)|(?:ها|هم|هما|وا|ات|ون|ين|ان|ته|يه)$"
)
_POSSESSIVE = re.compile(r"['’]s\b")


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way in which a text may say a term: stems that must all be there."""

    stems: tuple[str, ...]
    weight: float  # 0 to 1, how surely it says the term


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a question names, and the ways in which an article may write it."""

    surface: str
    kind: _Kind
    word: str | None  # the Arabic word or the number itself, normalised; None for an English one
    alternatives: tuple[Alternative, ...]  # the likeliest first
    is_named_entity: bool = False  # a name that the lexicon knows to be one, or a number
    keys: frozenset[str] = frozenset()  # phonetic, where it may be a name
    fuzzy_keys: frozenset[str] = frozenset()  # of names in the collection that sound much like it
    cores: frozenset[str] = frozenset()  # what an Arabic word may be an inflection of
    parts: tuple[str, ...] = ()  # of a multi-word term: the surfaces of its words, which it also covers
    value: float | None = None  # of a number, however a text writes it
    idf: float = 0.0  # inverse document frequency, in nats
    place: int = 0  # of its first word, among the words of the question
    is_demonym: bool = False  # a nationality, which belongs to the word that it stands beside: «الوزير الإيراني»
    is_country: bool = False  # which belongs to the word before it: «رئيس إيران»


@dataclass(frozen=True, slots=True)
class Query:
    """A question, analysed."""

    text: str
    language: Language
    asks: Asks
    terms: tuple[Term, ...]
    pairs: tuple[str, ...]  # neighbouring Arabic stems, joined by _
    max_idf: float  # the idf of a term that no passage has
    needs_context: ContextNeed = "no"  # of the question before it
    expansions: tuple[Query, ...] = ()  # the same said in full with what that one was about, the fullest first


def analyse(text: str, vocabulary: Vocabulary, lexicon: Lexicon) -> Query:
    """Return what a question asks for, in the collection's terms, however it is spelt, Arabizi in Arabic letters."""
    text = _bounded(text)
    if is_arabizi(text, lexicon):
        text = in_arabic(text, lexicon, lambda word: bool(vocabulary.document_frequency("stem", stem(word))))
    bare = _POSSESSIVE.sub("", text)
    found = tokens(bare)
    asking = load_asking_words().read(bare, found, lexicon.forms)
    terms = _with_numbers(bare, found, list(_terms(bare, found, asking, vocabulary, lexicon)))
    unknown = [term for term in terms if _is_unknown(term, vocabulary, lexicon)][:MOST_UNKNOWN]
    repaired = (
        _repaired(term, vocabulary, lexicon) if term in unknown else _with_spellings(term, vocabulary, lexicon)
        for term in terms
    )
    terms = [*_joined_terms([token.text for token in found], vocabulary), *repaired]
    return _query(text, terms, _pairs(found, asking), asking.asks, vocabulary)


def analyse_statement(text: str, vocabulary: Vocabulary, lexicon: Lexicon) -> Query:
    """Return what a sentence says, word by word as it is spelt: what stands there is not what is only near it."""
    text = _bounded(text)
    bare = _POSSESSIVE.sub("", text)
    found = tokens(bare)
    asking = Asking("what", roles_in_statement(bare, found))
    terms = list(_terms(bare, found, asking, vocabulary, lexicon))
    return _query(text, terms, _pairs(found, asking), asking.asks, vocabulary)


def _query(text: str, terms: Sequence[Term], pairs: tuple[str, ...], asks: Asks, vocabulary: Vocabulary) -> Query:
    distinct = list({(term.surface, term.kind): term for term in terms}.values())[:MOST_TERMS]
    expanded = (_expand_phonetically(term, vocabulary) for term in distinct)
    rated = tuple(replace(term, idf=_idf(term, vocabulary)) for term in expanded)
    return Query(text, language_of(text), asks, rated, pairs, _inverse_frequency(0, vocabulary.passages))


def _pairs(found: Sequence[Token], asking: Asking) -> tuple[str, ...]:
    """Return the neighbouring stems of a question, without what only dialects say between words."""
    stems = [
        stem(word)
        for (word, _, _), role in zip(found, asking.roles, strict=True)
        if (not word.isascii() or word.isdigit()) and (role in ("content", "doubtful") or word in ARABIC_STOP)
    ]
    return tuple(dict.fromkeys(f"{first}_{second}" for first, second in pairwise(stems)))[:MOST_TERMS]


def _bounded(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_QUESTION else text[:LONGEST_QUESTION].rsplit(" ", 1)[0]


def _terms(
    text: str, found: Sequence[Token], asking: Asking, vocabulary: Vocabulary, lexicon: Lexicon
) -> Iterator[Term]:
    """Yield the terms of a question in its order, unrated; a multi-word English term before its words."""
    stems = english_stems([token.text for token in found])
    covered_until = 0
    for at, (token, role) in enumerate(zip(found, asking.roles, strict=True)):
        word = token.text
        if not word.isascii():
            yield from _phrase_of_dialect([other.text for other in found], at)
            if role == "content":
                yield replace(_arabic_term(word, lexicon), place=at)
            elif role == "doubtful" and vocabulary.document_frequency("stem", stem(word)):
                yield Term(word, "word", word, (Alternative((stem(word),), 1.0),), place=at)
            continue
        size, equivalents = lexicon.term_at(stems, at)
        if at + size > covered_until and size:
            covered_until = at + size
            parts = tuple(part.text for part in found[at : at + size])
            surface = " ".join(parts)
            named = surface in lexicon.names
            yield Term(
                surface, "name" if named else "word", None, _alternatives(equivalents), named, parts=parts, place=at
            )
        if word[0].isdigit():
            yield replace(_number_term(word, lexicon), place=at)
        elif role == "content" and len(word) > 1:
            yield replace(_english_term(word, text[token.start : token.end], lexicon), place=at)


def _phrase_of_dialect(found: list[str], at: int) -> Iterator[Term]:
    """Yield the term of several words for which newspapers have their own: «طيارة من غير طيار»."""
    size, dialect = load_dialects().phrase_at(found, at)
    if dialect:
        parts = tuple(found[at : at + size])
        yield Term(" ".join(parts), "word", None, _in_newspapers(dialect), parts=parts, place=at)


def _joined_terms(found: Sequence[str], vocabulary: Vocabulary) -> Iterator[Term]:
    """Yield the names of two words that the collection writes in one: «عبد العزيز», where it has «عبدالعزيز»."""
    for at, parts in enumerate(pairwise(found)):
        if not may_be_joined(*parts):
            continue
        joined, surface = "".join(parts), " ".join(parts)
        keys = keys_of_latin(joined) if joined.isascii() else frozenset[str]()
        known = frozenset(key for key in keys if vocabulary.document_frequency("key", key))
        if known or vocabulary.document_frequency("stem", stem(joined)):
            yield Term(surface, "word", None, (Alternative((stem(joined),), 1.0),), keys=known, parts=parts, place=at)


def _number_term(digits: str, lexicon: Lexicon) -> Term:
    """Return the term of a number in digits, which an article may write out: «القرن الخامس عشر»."""
    spelt = [tuple(stem(word) for word in words(form)) for form in lexicon.spelt_numbers.get(digits, ())]
    if digits.isdecimal() and len(digits) <= LONGEST_NUMBER:
        spelt += [tuple(map(stem, form)) for form in spellings_of(float(digits))]
    alternatives = (
        Alternative((digits,), 1.0),
        *(Alternative(stems, WEIGHTS.spelt_out) for stems in dict.fromkeys(spelt)),
    )
    return Term(digits, "number", digits, alternatives, is_named_entity=True)


def _with_numbers(text: str, found: Sequence[Token], terms: Sequence[Term]) -> list[Term]:
    """Return the terms with the value of each number, and one term for a number of several words."""
    left = {term.place: term for term in terms if not term.parts}
    whole = []
    for quantity in quantities_in(text):
        places = range(quantity.first, quantity.last + 1)
        if quantity.kind != "number" or not quantity.is_certain or not any(place in left for place in places):
            continue
        if len(places) == 1:
            left[quantity.first] = replace(left[quantity.first], value=quantity.value)
            continue
        parts = [found[place].text for place in places]
        digits = f"{quantity.value:.15g}"
        said = dict.fromkeys(
            (tuple(map(stem, parts)), *(tuple(map(stem, form)) for form in spellings_of(quantity.value)))
        )
        spelt = (
            Alternative(stems, WEIGHTS.spelt_out) for stems in said if not stems[0].isalpha() or not stems[0].isascii()
        )
        in_digits = any(part[0].isdigit() for part in parts)
        whole.append(
            Term(
                " ".join(parts),
                "number" if in_digits else "word",
                digits,
                (Alternative((digits,), 1.0), *spelt),
                is_named_entity=in_digits,
                place=quantity.first,
                value=quantity.value,
            )
        )
        left = {place: term for place, term in left.items() if place not in places}
    kept = [term for term in terms if term.parts or term.place in left]
    return sorted((*whole, *(term if term.parts else left[term.place] for term in kept)), key=lambda term: term.place)


def _in_digits(name: str, lexicon: Lexicon) -> tuple[Alternative, ...]:
    """Return the digits of a number that a question writes out, given its English word or Arabic stem."""
    digits = lexicon.digits.get(name)
    return (Alternative((digits,), WEIGHTS.spelt_out),) if digits else ()


def _english_term(word: str, typed: str, lexicon: Lexicon) -> Term:
    equivalents = lexicon.equivalents(word)
    is_named_entity = word in lexicon.names
    capitalised = typed[0].isupper()
    acronym = typed.isupper()  # what it stands for may be written out in Arabic
    kind: _Kind = "name" if is_named_entity or (capitalised and not acronym and not equivalents) else "word"
    keys = keys_of_latin(word) if capitalised or not equivalents else frozenset()
    alternatives = (*_alternatives(equivalents), *_in_digits(word, lexicon), Alternative((stem(word),), 1.0))
    return Term(
        word,
        kind,
        None,
        alternatives,
        is_named_entity,
        keys,
        is_demonym=word in lexicon.demonyms,
        is_country=word in lexicon.countries,
    )


def _alternatives(equivalents: list[str]) -> tuple[Alternative, ...]:
    """Return the alternatives that equivalents make, the weight falling with their order."""
    found: dict[tuple[str, ...], float] = {}
    for order, arabic in enumerate(equivalents):
        found.setdefault(tuple(stem(word) for word in words(arabic)), FURTHER**order)
    kept = ((stems, weight) for stems, weight in found.items() if stems and not ARABIC_STOP.issuperset(stems))
    return tuple(Alternative(stems, weight) for stems, weight in kept)  # «منى» has the stem of «من»


def _arabic_term(word: str, lexicon: Lexicon) -> Term:
    own = (stem(word),)
    headwords = lexicon.headwords(word)
    named = all(headword in lexicon.names for headword in headwords) if headwords else not _INFLECTED.search(word)
    dialect = _dialect_word(word, headwords, lexicon)
    kind: _Kind = "name" if named and not dialect else "word"
    synonyms = dict.fromkeys(
        alternative.stems
        for headword in (headwords if dialect is None or dialect.is_ambiguous else ())
        for alternative in _alternatives(lexicon.words[headword])
        if alternative.stems != own
    )
    synonymous = (Alternative(stems, WEIGHTS.synonym) for stems in synonyms)
    alternatives = (Alternative(own, 1.0), *_in_digits(own[0], lexicon), *_in_newspapers(dialect), *synonymous)
    may_be_name = kind == "name" or (named and dialect and (dialect.is_inflected or dialect.is_ambiguous))
    keys = keys_in_text(without_article(word)) if may_be_name else frozenset()
    cores = lexicon.cores(word) if kind == "word" else frozenset[str]()
    if dialect and not dialect.is_ambiguous:  # «عثر» of «لقو» also stands as «عثرت»
        cores |= frozenset(filter(str.isalpha, map(normalise, dialect.equivalents)))
    is_demonym = word.endswith(("ي", "يه", "يين", "يون")) and not lexicon.demonyms.isdisjoint(headwords)
    is_named_entity = kind == "name" and bool(headwords)
    is_country = not is_demonym and not lexicon.countries.isdisjoint(headwords)
    return Term(
        word, kind, word, alternatives, is_named_entity, keys, cores=cores, is_demonym=is_demonym, is_country=is_country
    )


def _dialect_word(word: str, headwords: tuple[str, ...], lexicon: Lexicon) -> DialectWord | None:
    """Return what newspapers write for a word of a dialect; nothing for a name or a word of newspapers."""
    if headwords and lexicon.names.issuperset(headwords):
        return None
    found = load_dialects().find(word)
    is_known = found and found.is_inflected and not lexicon.forms.keys().isdisjoint(bare_forms(word))
    return None if is_known else found


def _in_newspapers(dialect: DialectWord | None) -> tuple[Alternative, ...]:
    if dialect is None:
        return ()
    weight = WEIGHTS.synonym if dialect.is_ambiguous else WEIGHTS.dialect
    return tuple(replace(way, weight=way.weight * weight) for way in _alternatives(list(dialect.equivalents)))


def _is_unknown(term: Term, vocabulary: Vocabulary, lexicon: Lexicon) -> bool:
    """Tell whether a term means nothing as it stands: neither the lexicon nor the collection has it."""
    if term.kind == "number" or term.parts:
        return False
    if term.word is not None:
        return not (is_known_word(term.word, vocabulary, lexicon) or load_dialects().find(term.word))
    named = any(vocabulary.document_frequency("key", key) for key in term.keys)
    return not named and not lexicon.equivalents(term.surface)


def _with_spellings(term: Term, vocabulary: Vocabulary, lexicon: Lexicon) -> Term:
    """Return a term whose meaning is guessed from a part of it with the words of the collection that it may be too."""
    if term.word is None or term.kind == "number" or term.parts or not is_guessed(term.word, vocabulary, lexicon):
        return term
    spelt = (Alternative((stem(form),), WEIGHTS.mistyped) for form in respelt(term.word, vocabulary))
    return replace(term, alternatives=(*term.alternatives, *spelt))


def _repaired(term: Term, vocabulary: Vocabulary, lexicon: Lexicon) -> Term:
    """Return an unknown term as what it is written for, or with what it may be mistyped for."""
    if term.word is None:
        return _repaired_english(term, lexicon)
    meant = rewritten(term.word, vocabulary, lexicon)
    if meant:
        return replace(_arabic_term(meant, lexicon), surface=term.surface, place=term.place)
    parts = (Alternative(stems, WEIGHTS.parted) for stems in stems_of_parts(term.word, vocabulary))
    near = (Alternative((own,), WEIGHTS.mistyped) for own in near_stems(term.word, vocabulary))
    return replace(term, alternatives=(*term.alternatives, *parts, *near))


def _repaired_english(term: Term, lexicon: Lexicon) -> Term:
    """Return an unknown English term with the two words that a name may be, or what it may be mistyped for."""
    parted = parted_latin(term.surface)
    inside = tuple(
        Alternative((stem(particle), *found.stems), found.weight * WEIGHTS.parted)
        for particle, rest in parted
        for found in _alternatives(lexicon.equivalents(rest))
    )
    headwords = () if parted else near_headwords(term.surface, lexicon)
    near = (found for headword in headwords for found in _alternatives(lexicon.equivalents(headword)))
    weakened = tuple(replace(found, weight=found.weight * WEIGHTS.mistyped) for found in near)
    return replace(term, alternatives=(*term.alternatives, *inside, *weakened))


def _expand_phonetically(term: Term, vocabulary: Vocabulary) -> Term:
    """Return an unknown Latin name with the collection's nearest keys where none of its own is there."""
    if not term.keys or term.is_named_entity or term.word is not None:
        return term
    if any(vocabulary.document_frequency("key", key) for key in term.keys):
        return term
    return replace(term, fuzzy_keys=frozenset[str]().union(*(vocabulary.fuzzy_keys(key) for key in term.keys)))


def _idf(term: Term, vocabulary: Vocabulary) -> float:
    """Return the inverse document frequency of a term, all its alternatives taken together."""
    found = sum(_frequency(alternative, vocabulary) for alternative in term.alternatives)
    if not found:
        of_name = (key for key in term.keys | term.fuzzy_keys if is_telling(key))
        keys = [key for key in of_name if len(key) > SHORTEST_KEY or not term.is_named_entity]
        found = max((vocabulary.document_frequency("key", key) for key in keys), default=0)
    return _inverse_frequency(min(found, vocabulary.passages), vocabulary.passages)


def _inverse_frequency(found: int, passages: int) -> float:
    """Return BM25's weight of a term, in nats.

    Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
    """
    return math.log(1 + (passages - found + 0.5) / (found + 0.5))


def _frequency(alternative: Alternative, vocabulary: Vocabulary) -> int:
    return min(vocabulary.document_frequency("stem", stem) for stem in alternative.stems)
