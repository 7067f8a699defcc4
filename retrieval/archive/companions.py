"""Who and which places stand in the same sentences as a name, by the number of articles that have them there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.archive.name_mentions import as_written, given_before, is_given_name, name_tokens
from retrieval.archive.name_spellings import bare_words
from retrieval.expressions.known_names import place_in_english
from retrieval.expressions.names import NameReader
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.nlp.analysis import words as words_of
from retrieval.nlp.clitics import without_article
from retrieval.nlp.lexicon import Lexicon, load_lexicon
from retrieval.nlp.phonetics import key_of_arabic, keys_of_latin

_FAR_COMMONER = 3  # times as often as the next full name
_SHORTEST_SURNAME = 3  # sounds of the key by which a last name alone is joined to a full name


@dataclass(frozen=True, slots=True)
class NamedInSentence:
    """A person or a place that a sentence names: `start` and `end` are code points of the sentence."""

    identity: tuple[str, ...]  # the same for all spellings
    text: str  # as written, without particles
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody or something named beside a name: its commonest spelling, its articles, and where it stands first."""

    text: str
    articles: int
    mentions: int
    place: int  # of the sentence, among those that were read


def people_named(quote: QuoteTokens) -> list[NamedInSentence]:
    """Return the people of a sentence: by full names, by a title before them, or known to the lexicon by one name.

    >>> [one.text for one in people_named(QuoteTokens("التقى الرئيس فلاديمير بوتين ببومبيو في سوتشي"))]
    ['فلاديمير بوتين', 'بومبيو']
    """
    lexicon = load_lexicon()
    found: list[NamedInSentence] = []
    for one in NameReader(quote, lexicon).people():
        first, last = name_tokens(quote, one.name, one.last, is_known=one.is_known)
        is_titled = one.first < one.name
        if first <= last and (is_titled or (last > first and one.is_known and not _is_noun(quote.words[first]))):
            found.append(_named(quote, first, last))
    for at, token in enumerate(quote.tokens):
        form = next((form for form in bare_words(token.text) if _is_person(form, lexicon)), None)
        if form is not None and not any(one.start <= token.start < one.end for one in found):
            found.append(_with_given(quote, at, form))
    return sorted(found, key=lambda one: one.start)


def _with_given(quote: QuoteTokens, at: int, form: str) -> NamedInSentence:
    """Return a person whom the lexicon knows by a last name, with the given name before it."""
    token = quote.tokens[at]
    own = token.start + max(len(token.text) - len(form), 0)
    start = given_before(quote.text, quote.tokens, at, own, is_given_name)
    words = [*words_of(quote.text[start:own]), form]
    return NamedInSentence(_identity(words), as_written(quote.text[start : token.end]), start, token.end)


def places_named(quote: QuoteTokens) -> list[NamedInSentence]:
    """Return the places of a sentence that the lexicon knows, and no nationality.

    >>> [one.text for one in places_named(QuoteTokens("عاد الوفد السوري من موسكو وتركيا إلى سوريا"))]
    ['موسكو', 'تركيا', 'سوريا']
    """
    lexicon = load_lexicon()
    found = []
    for token in quote.tokens:
        form = next((form for form in reversed([*bare_words(token.text)]) if place_in_english(form, lexicon)), None)
        if form is not None and not _is_nationality(form, lexicon):
            start = token.start + max(len(token.text) - len(form), 0)
            written = as_written(quote.text[start : token.end], form)
            found.append(NamedInSentence((str(place_in_english(form, lexicon)),), written, start, token.end))
    return found


def count_companions(sentences: Sequence[tuple[str, Iterable[NamedInSentence]]]) -> list[Companion]:
    """Return what sentences name, given each with the id of its article: in most articles first, then as they come."""
    found: dict[tuple[str, ...], list[tuple[int, str, NamedInSentence]]] = defaultdict(list)
    for place, (article_id, named) in enumerate(sentences):
        for one in named:
            found[one.identity].append((place, article_id, one))
    joined: dict[tuple[str, ...], list[tuple[int, str, NamedInSentence]]] = defaultdict(list)
    for identity, entries in found.items():
        joined[_full_identity(identity, found)] += entries
    companions = [
        Companion(
            _commonest(one.text for _, _, one in entries),
            len({article_id for _, article_id, _ in entries}),
            len(entries),
            min(place for place, _, _ in entries),
        )
        for entries in joined.values()
    ]
    return sorted(companions, key=lambda one: (-one.articles, -one.mentions, one.place))


def _commonest(written: Iterable[str]) -> str:
    """Return the commonest of some spellings, a fuller one before one that leaves names out."""
    counts = Counter(written)
    most = max(len(text.split()) > 1 for text in counts)
    return max((text for text in counts if (len(text.split()) > 1) == most), key=lambda text: counts[text])


def _full_identity(identity: tuple[str, ...], known: Mapping[tuple[str, ...], Sequence[object]]) -> tuple[str, ...]:
    """Return the full name that a last name alone is: the only one, or one that is far commoner than all others."""
    if len(identity) > 1 or len(identity[0]) < _SHORTEST_SURNAME:
        return identity
    full = [other for other in known if len(other) > 1 and other[-1] == identity[0]]
    full.sort(key=lambda other: -len(known[other]))
    is_told = len(full) == 1 or (full and len(known[full[0]]) >= _FAR_COMMONER * len(known[full[1]]))
    return full[0] if is_told else identity


def _named(quote: QuoteTokens, first: int, last: int) -> NamedInSentence:
    start, end = quote.span(first, last)
    return NamedInSentence(_identity(quote.words[first : last + 1]), as_written(quote.text[start:end]), start, end)


def _identity(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(key_of_arabic(without_article(word)) or word for word in words)


@lru_cache(maxsize=1 << 14)
def _is_noun(word: str) -> bool:
    """Tell whether the lexicon has a given name as an ordinary word alone: «بيان»."""
    headwords = load_lexicon().forms.get(word, ())
    is_common = bool(headwords) and load_lexicon().names.isdisjoint(headwords)
    return is_common and not any(key_of_arabic(word) in keys_of_latin(headword) for headword in headwords)


@lru_cache(maxsize=1 << 14)
def _is_person(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a normalised word is the name of a person of the lexicon and nothing else."""
    headwords = lexicon.forms.get(word) or lexicon.forms.get(without_article(word), ())
    people = lexicon.sections["people"].keys()
    return bool(headwords) and not people.isdisjoint(headwords) and lexicon.names.issuperset(headwords)


@lru_cache(maxsize=1 << 14)
def _is_nationality(word: str, lexicon: Lexicon) -> bool:
    headwords = lexicon.headwords(word)
    is_adjective = without_article(word) != word and word.endswith(("ي", "يه"))
    return is_adjective and not lexicon.demonyms.isdisjoint(headwords)
