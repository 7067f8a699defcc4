"""Where the archive writes a name: each place in each article, told from other people of the same surname."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from retrieval.archive.name_spellings import NameWord, bare_words, latin_beginnings, name_word
from retrieval.citing.passage_source import ArchiveSource
from retrieval.expressions.names import NameReader
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.expressions.word_tables import word_table
from retrieval.nlp.analysis import Token, grams, language_of, normalise, normalise_with_offsets, stem, tokens
from retrieval.nlp.clitics import PARTICLES, SHORTEST_CORE, bare_forms
from retrieval.nlp.lexicon import load_lexicon
from retrieval.nlp.phonetics import key_of_arabic, keys_of_latin
from retrieval.nlp.spellings import may_be_joined
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.nlp.transliteration import likely_spellings
from retrieval.nlp.word_lists import read_word_lists
from retrieval.search.name_spellings import IndexedSpellings
from retrieval.search.query import Alternative, Query, Term
from retrieval.types import Passage

MOST_ASKED = 8  # words of a name that are read
_LEFT, _RIGHT = 5, 4  # words beside a name in which the rest of a full name may stand
_BARE_ARTICLES = frozenset({"al", "el", "ال"})
_LATIN_INSIDE = frozenset({"bin", "ibn", "ben", "abu"})  # of a name
# What may stand before a name in its word: particles, articles, both.
_PROCLITICS = ("", "ب", "ل", "ك", "ال", "بال", "لل", "كال")
_BEFORE = tuple(f"{conjunction}{proclitic}" for conjunction in ("", "و", "ف") for proclitic in _PROCLITICS)
_SERVANT = "عبد"  # begins a name of two words that is written as one, too
_Stripped = Callable[[str], str | None]  # as NameWord.stripped
_IsGiven = Callable[[str], bool]
_PARTED = re.compile(r"[ \u00a0]+")
_UNWRITTEN = re.compile("[\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_WORDS = read_word_lists("archive", "names")
_NO_NAMES = frozenset(_WORDS["no_names"].split())
_NO_NAME = re.compile(rf"(?:\u064bا|ا\u064b|.(?:{'|'.join(_WORDS['pronouns'].split())}))$")  # «هاتفياً», «ثغاءها»


@dataclass(frozen=True, slots=True)
class AskedName:
    """A name as it is asked for: the names before the last one, which may be none, and the last one in its words."""

    text: str
    given: tuple[NameWord, ...]
    last: tuple[NameWord, ...]


@dataclass(frozen=True, slots=True)
class NameMention:
    """A place where an article writes a name: `start` and `end` are offsets in the article."""

    passage: Passage
    start: int
    end: int
    spelling: str  # as written, without particles before it
    full: str  # with the given names before it, or the names after a given name, as written
    begin: int  # where the full name begins
    finish: int  # and ends


def asked_name(text: str) -> AskedName | None:
    """Return a name as it is looked for, without a title before it; None where it has no word.

    >>> name = asked_name("الرئيس بشار الأسد")
    >>> [one.word for one in name.given], [one.word for one in name.last]
    (['بشار'], ['الاسد'])
    """
    found = [one.text for one in tokens(text) if one.text not in _BARE_ARTICLES][:MOST_ASKED]
    while len(found) > 1 and _is_title(found[0]):
        found = found[1:]
    if not found or not any(word[0].isalpha() for word in found):
        return None
    at = len(found) - 1
    while at and found[at - 1] in word_table("persons", "inside") | _LATIN_INSIDE:
        at -= 1
    given = tuple(name_word(word) for word in found[:at])
    return AskedName(" ".join(text.split()), given, tuple(name_word(word) for word in found[at:]))


def _is_title(word: str) -> bool:
    return any(form in word_table("persons", "titles") for form in bare_forms(word, particles=0))


def name_query(name: AskedName) -> Query:
    """Return a name as a query, by which its words are marked in a quote."""
    terms = tuple(
        Term(
            word.word,
            "name",
            None if word.is_latin else word.word,
            tuple(Alternative((own,), 1.0) for own in sorted({stem(form) for form in _written_forms(word)})),
            keys=word.keys,
        )
        for word in name.last
    )
    return Query(name.text, language_of(name.text), "who", terms, (), 0.0)


def _written_forms(word: NameWord) -> frozenset[str]:
    return frozenset({word.word, *word.forms, *word.headwords})


def indexed_spellings(word: NameWord, source: ArchiveSource) -> IndexedSpellings:
    """Return what the index is asked for a word of a name: all that it knows as one, or hears as one."""
    latin = (
        written
        for beginning in sorted(latin_beginnings(word))
        for written in source.latin_words(beginning)
        if word.stripped(written)
    )
    forms = (form for form in _written_forms(word) if form.isascii())
    arabic = (f"{before}{form}" for form in word.forms for before in _BEFORE)
    heard = word.forms or likely_spellings(word.word)
    looked = {gram for form in heard for gram in (*grams(form), *(f"{particle}{form[:3]}" for particle in PARTICLES))}
    return IndexedSpellings(frozenset(map(stem, (*forms, *arabic, *latin))), word.keys, frozenset(looked))


def name_mentions(
    source: ArchiveSource,
    name: AskedName,
    within: AbstractSet[str] | None = None,
    rank: Callable[[str], Any] = str,
) -> Iterator[tuple[str, list[NameMention]]]:
    """Yield the articles that write a name, by their ids, with where each does, in its order; read one by one.

    Of a name of several words, a last name that stands alone counts where the full name before it in the article is the
    one asked for, or, where none stands before it, the first one behind it. One whose given name differs is somebody
    else. `within` holds the ids of the articles that count, None for all; they come by what `rank` gives of an id.
    """
    is_given = cache(lambda word: is_given_name(word) or any(own.stripped(word) for own in name.given))
    passages: dict[str, list[tuple[Passage, tuple[_Stripped, ...]]]] = defaultdict(list)
    for way in _ways_of(name.last):
        bearing = _with_given(source, name, way)
        if bearing is not None and not bearing:
            continue
        last = tuple(cache(word.stripped) for word in way)  # the words of an archive are few, and each is read once
        for article_id, found in source.writing([indexed_spellings(word, source) for word in way]).items():
            if all(among is None or article_id in among for among in (within, bearing)):
                passages[article_id] += [(passage, last) for passage in found]
    for article_id in sorted(passages, key=rank):
        written = [one for passage, last in passages[article_id] for one in _written(passage, last, is_given)]
        if mentions := _of_asked(sorted(written, key=lambda one: one.start), name.given):
            yield article_id, mentions


def _with_given(source: ArchiveSource, name: AskedName, last: Sequence[NameWord]) -> AbstractSet[str] | None:
    """Return the articles in which a passage may write a given name and the last one; None for a last name alone."""
    if not name.given:
        return None
    indexed = [indexed_spellings(word, source) for word in last]
    ways = (way for word in _with_joined(name.given) for way in _ways_of((word,)))
    found = (source.writing([*(indexed_spellings(word, source) for word in way), *indexed]) for way in ways)
    return frozenset(article_id for articles in found for article_id in articles)


def _written(passage: Passage, last: Sequence[_Stripped], is_given: _IsGiven) -> Iterator[NameMention]:
    """Yield each place in a passage where a last name stands."""
    text = passage.text
    found = tokens(text)
    for at, token in enumerate(found):
        stripped = last[0](token.text)
        if stripped is None or not _goes_on(text, found, at, last):
            continue
        end = at + len(last) - 1
        start = _start_of(text, token, stripped)
        begin, finish = _full_name(text, found, range(at, end + 1), start, is_given)
        yield NameMention(
            passage,
            passage.start + start,
            passage.start + found[end].end,
            as_written(text[start : found[end].end], stripped),
            as_written(text[begin:finish], stripped if begin == start else ""),
            passage.start + begin,
            passage.start + finish,
        )


def _goes_on(text: str, found: Sequence[Token], at: int, last: Sequence[_Stripped]) -> bool:
    """Tell whether the further words of a last name follow a token, each at once: «تشاووش أوغلو», «بن سلمان»."""
    following = found[at + 1 : at + len(last)]
    gaps = (text[one.end : other.start] for one, other in zip(found[at:], following, strict=False))
    return (
        len(following) == len(last) - 1
        and all(map(_PARTED.fullmatch, gaps))
        and all(stripped(token.text) for stripped, token in zip(last[1:], following, strict=True))
    )


def as_written(text: str, stripped: str = "") -> str:
    """Return a name as it is listed: without vowel marks, on one line, and with the alif of an article after «ل».

    >>> as_written("شُويغـو"), as_written("لقذافي", "القذافي")
    ('شويغو', 'القذافي')
    """
    plain = " ".join(_UNWRITTEN.sub("", text).split())
    return f"ا{plain}" if stripped.startswith("ال") and plain[:1] == "ل" else plain


def _start_of(text: str, token: Token, stripped: str) -> int:
    """Return where a token's name begins, given its letters without the particles before it."""
    normal, offsets = normalise_with_offsets(text[token.start : token.end])
    dropped = len(normal) - len(stripped)
    return token.start + offsets[max(dropped, 0)]


def _full_name(text: str, found: Sequence[Token], own: range, start: int, is_given: _IsGiven) -> tuple[int, int]:
    """Return where the full name begins and ends that some tokens belong to; they alone where it is none."""
    first, last = own[0], own[-1]
    if found[first].text.isascii():
        return _latin_name(text, found, first), found[last].end
    left, right = max(first - _LEFT, 0), min(last + _RIGHT, len(found) - 1)
    offset = found[left].start
    begin, finish = given_before(text, found, first, start, is_given), found[last].end
    for opens, closes in _people(text[offset : found[right].end]):
        if offset + opens <= start and offset + closes >= finish:
            goes_on = found[first].text in word_table("persons", "given") and not _is_surname_alone(found[first].text)
            return min(begin, offset + opens), offset + closes if goes_on else finish
    return begin, finish


def given_before(text: str, found: Sequence[Token], first: int, start: int, is_given: _IsGiven) -> int:
    """Return where the given names begin that stand before a token whose name starts there; `start` for none."""
    begin = start
    for at in range(first - 1, max(first - _LEFT, 0) - 1, -1):
        if found[at + 1].start != begin or not _PARTED.fullmatch(text[found[at].end : begin]):
            break
        ends_in_ya = text[found[at].end - 1] == "ي"  # «علي», and not «على»
        forms = (form for form in bare_words(found[at].text) if form not in ARABIC_STOP or ends_in_ya)
        form = next(filter(is_given, forms), None)
        if form is None:
            break
        begin = _start_of(text, found[at], form)
    return begin


@lru_cache(maxsize=1 << 14)
def is_given_name(word: str) -> bool:
    """Tell whether a normalised Arabic word is a given name, in any spelling that the lexicon has, or stands in one.

    >>> is_given_name("سيرجي"), is_given_name("مايك"), is_given_name("ابو"), is_given_name("سوق")
    (True, True, True, False)
    """
    given = word_table("persons", "given")
    if len(word) < SHORTEST_CORE or (word in ARABIC_STOP and word not in given):
        return False
    if word in given or word in word_table("persons", "inside") or word in _first_names():
        return True
    lexicon = load_lexicon()
    return any(
        key_of_arabic(word) in keys_of_latin(headword)
        for headword in lexicon.forms.get(word, ())
        if not given.isdisjoint(map(normalise, lexicon.words[headword]))
    )


@cache
def _first_names() -> frozenset[str]:
    """Return the first words of the full names that the lexicon has."""
    named = (name for names in load_lexicon().sections["people"].values() for name in names)
    return frozenset(words[0] for name in named if len(words := normalise(name).split()) > 1)


def _is_surname_alone(word: str) -> bool:
    lexicon = load_lexicon()
    return not lexicon.sections["people"].keys().isdisjoint(lexicon.forms.get(word, ()))


def _latin_name(text: str, found: Sequence[Token], first: int) -> int:
    at = first
    while at and text[found[at].start].isupper():
        before = found[at - 1]
        beside = text[before.end : found[at].start] in (" ", "-", "\u00a0")
        is_name = before.text in _BARE_ARTICLES | _LATIN_INSIDE or text[before.start].isupper()
        if not (beside and is_name and before.text.isascii() and before.text.isalpha()) or _is_title(before.text):
            break
        at -= 1
    return found[at].start


@lru_cache(maxsize=1 << 14)
def _people(window: str) -> tuple[tuple[int, int], ...]:
    """Return the slices of a few words that are names of people, each without what is no name at its ends."""
    quote = QuoteTokens(window)
    return tuple(
        (quote.tokens[first].start, quote.tokens[last].end)
        for one in NameReader(quote, load_lexicon()).people()
        for first, last in [name_tokens(quote, one.name, one.last, is_known=one.is_known)]
        if first <= last
    )


def name_tokens(quote: QuoteTokens, first: int, last: int, *, is_known: bool) -> tuple[int, int]:
    """Return the tokens of a name as it is read, without what is none at its end; an empty range where none is left.

    A name that nothing vouches for begins with no feminine noun: «شبيحة الأسد».
    """
    written = [quote.text[token.start : token.end + 1].strip() for token in quote.tokens[first : last + 1]]
    if written[0].removeprefix("و") in _NO_NAMES or (not is_known and quote.words[first].endswith("ه")):
        return first, first - 1
    for at in range(first, last + 1):
        word, own = quote.words[at], written[at - first]
        follows_surname = at > first and word.startswith("ال") and _is_surname_alone(quote.words[at - 1])
        begins_another = at > first and word[0] == "و" and (is_given_name(word[1:]) or _is_surname_alone(word[1:]))
        is_noun = at > first + 1 and word.startswith("ال") and bool(load_lexicon().headwords(word))
        is_noun = is_noun and quote.words[at - 1] not in word_table("persons", "inside")
        if is_noun or _NO_NAME.search(own) or word.isdigit() or follows_surname or begins_another:
            return first, at - 1
    return first, last


def _of_asked(written: Sequence[NameMention], given: Sequence[NameWord]) -> list[NameMention]:
    """Return the mentions of one article that are of the person whose given names are asked for; all for no names."""
    if not given:
        return list(written)
    bearers = [_is_bearer(mention, given) for mention in written]
    told = next((bearer for bearer in bearers if bearer is not None), False)
    kept = []
    for mention, bearer in zip(written, bearers, strict=True):
        told = told if bearer is None else bearer
        if told:
            kept.append(mention)
    return kept


def _is_bearer(mention: NameMention, given: Sequence[NameWord]) -> bool | None:
    """Tell whether the names before a last name are those asked for; None where there are none.

    The first of them must be asked for, as the next is a father's: «خالد محمد الزرقاطي» is no «محمد الزرقاطي». But any
    may be where a part of a last name is asked for («تشاووش أوغلو»), or of somebody whom the lexicon knows by the last.
    """
    before = mention.passage.text[mention.begin - mention.passage.start : mention.start - mention.passage.start]
    found = [one.text for one in tokens(before)]
    if not found:
        return None
    is_any = given[0].word not in word_table("persons", "given") or _is_surname_alone(normalise(mention.spelling))
    first = 0 if is_any else next((at for at, word in enumerate(found) if is_given_name(word)), 0)
    shown = found if is_any else found[first : first + 1]
    names = {*shown, "".join(found[first : first + 2])}  # «عبد الفتاح» is «عبدالفتاح», too
    return any(own.stripped(name) for own in _with_joined(given) for name in names)


def _with_joined(given: Sequence[NameWord]) -> list[NameWord]:
    """Return the words of given names, and what two of them are in one."""
    pairs = pairwise(word.word for word in given)
    return [*given, *(name_word("".join(pair)) for pair in pairs if may_be_joined(*pair))]


def _ways_of(last: tuple[NameWord, ...]) -> list[tuple[NameWord, ...]]:
    """Return a last name as it may be parted into words: «عبد العزيز», «عبدالعزيز»."""
    ways = [last]
    if len(last) == 2 and may_be_joined(last[0].word, last[1].word):
        ways.append((name_word(last[0].word + last[1].word),))
    elif len(last) == 1 and last[0].word.startswith(_SERVANT) and len(last[0].word) > len(_SERVANT) + SHORTEST_CORE:
        ways.append((name_word(_SERVANT), name_word(last[0].word.removeprefix(_SERVANT))))
    return ways
