"""What a question asks of the archive as a whole, by rule: which articles there are, how many, of which days, by whom.

An intent is taken only where a pattern is the whole question, but for courtesies: «كم مقالا تذكر إدلب» asks for a
count, «كم قتيلا في إدلب» for an answer from the articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from retrieval.archive.intent_patterns import intent_patterns
from retrieval.archive_types import ArchiveIntent
from retrieval.nlp.analysis import Token, tokens, words
from retrieval.nlp.clitics import without_lam
from retrieval.nlp.lexicon import load_lexicon
from retrieval.nlp.stopwords import ARABIC_STOP, ENGLISH_STOP
from retrieval.search.filter_parser import parse_filters
from retrieval.search.filters import merge_filters
from retrieval.search.question_words import is_asking
from retrieval.search.small_talk import small_talk
from retrieval.types import Filters

LONGEST_ASKED = 200  # code points; what is longer tells something, and asks no such question
_NO_FILTERS = Filters()
_AND = "و"
_IN_NAMES = frozenset({"ام"})  # «أم درمان»; "or" begins no subject
_ONTO_ARTICLE = re.compile(r"^(?:[هبفك]ال|لل)(?=\w{2})")
_LEADING = ("in ", "according to ")  # to a day, and to a source, as `parse_filters` reads them


class ArchiveQuestion(NamedTuple):
    """A question about the archive: the subject as it was typed, empty for all articles, and the filters in words."""

    intent: ArchiveIntent
    subject: str
    filters: Filters


def archive_question(text: str, sources: Callable[[], Sequence[str]] = list) -> ArchiveQuestion | None:
    """Return what a question asks of the archive; None where it asks what the articles say.

    `sources` gives those that articles state, of which alone «بحسب رويترز» can name one.

    >>> archive_question("أي المقالات تذكر شويغو؟")[:2], archive_question("How many stories mention Idlib?")[:2]
    (('list', 'شويغو'), ('count', 'Idlib'))
    >>> archive_question("what is the latest since May 2019").filters.since
    '2019-05-01'
    >>> archive_question("كم قتيلا سقط في إدلب؟"), archive_question("Which articles does the treaty have?")
    (None, None)
    """
    if len(text) > LONGEST_ASKED:
        return None
    typed = tokens(text)
    plain = [_plain(token) for token in typed]
    wordings = [*_wordings(typed), *(_wordings(plain) if plain != typed else ())]
    known = intent_patterns()
    for read in (known.readings, *(() if small_talk(text) else (known.loose_readings,))):
        for said in wordings:
            for intent, gaps in read([token.text for token in said]):
                filled = [(gap.name, text[said[gap.start].start : said[gap.end - 1].end]) for gap in gaps]
                if question := _question(intent, filled, sources):
                    return question
    return None


def _plain(token: Token) -> Token:
    """Return a word of the frame without what is written onto its article: «هالمقالات», «للمقالات», «بالأرشيف»."""
    bare = _ONTO_ARTICLE.sub("ال", token.text)
    return token._replace(text=bare) if bare in intent_patterns().frame_of_all else token


def _wordings(said: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield a question as it may be asked: without the courtesies before it and after it, then with them."""
    yield from reversed(list(_bared(said)))
    if said and said[0].text.startswith(_AND) and len(said[0].text) > 2:  # «وكم مقالا…» follows another question
        first = said[0]._replace(text=said[0].text.removeprefix(_AND), start=said[0].start + 1)
        yield from reversed(list(_bared([first, *said[1:]])))


def _bared(said: Sequence[Token]) -> Iterator[Sequence[Token]]:
    known = intent_patterns()
    while said:
        yield said
        spoken = [token.text for token in said]
        tails = (at for at in range(len(said)) if len(said) in known.tails.ends(spoken, at))
        first = next(known.leads.ends(spoken, 0), 0)
        said = said[first:] if first else said[: next(tails, 0)]


def _question(
    intent: ArchiveIntent, gaps: Sequence[tuple[str, str]], sources: Callable[[], Sequence[str]]
) -> ArchiveQuestion | None:
    """Return a question by what was typed in the gaps of its pattern; None where one holds what it may not."""
    filters, subject = _NO_FILTERS, ""
    for name, typed in gaps:
        if name == "subject":
            parsed = parse_filters(typed, sources)
            own, subject = parsed.filters, bare_subject(parsed.bare, may_ask=intent == "compare")
            if not subject:
                return None
        elif found := limits_in(typed, sources):
            own = found
        else:
            return None
        filters = merge_filters(filters, own)
    return ArchiveQuestion(intent, subject, filters)


def limits_in(text: str, sources: Callable[[], Sequence[str]]) -> Filters | None:
    """Return the days and the source that words name and nothing else; None where they say more."""
    found = _NO_FILTERS
    for leading in _LEADING:  # what stands before them may say nothing: «articles of May», «مقالات رويترز»
        rest = [one for one in tokens(text) if one.text not in intent_patterns().little_in_limits]
        if not rest:
            break
        parsed = parse_filters(f"{leading}{text[rest[0].start : rest[-1].end]}", sources)
        if parsed.filters:
            found, text = merge_filters(found, parsed.filters), parsed.bare
    is_all = intent_patterns().little_in_limits.issuperset(words(text))
    return found if found and is_all else None


def bare_subject(typed: str, *, may_ask: bool = False) -> str:
    """Return what words name, without particles and words that name nothing at their ends; empty where they ask.

    They `may_ask` where sources are compared: whether these agree on "how many were killed".

    >>> bare_subject("لقضية جسر السدرة"), bare_subject("أم درمان"), bare_subject("who bombed it")
    ('جسر السدرة', 'أم درمان', '')
    """
    known = intent_patterns()
    found = [(token, _unjoined(token.text)) for token in tokens(typed)]
    if may_ask and found and is_asking(found[0][1]):
        return typed[found[0][0].start : found[-1][0].end]
    if not may_ask and not known.never_in_subject.isdisjoint(token.text for token, _ in found):
        return ""
    little = ENGLISH_STOP | ARABIC_STOP
    while len(found) > 1 and found[0][1] in (known.heads | little) - _IN_NAMES:
        found = found[1:]
    while len(found) > 1 and found[-1][1] in little:
        found = found[:-1]
    if all(word in little for _, word in found):
        return ""
    (first, word), (last, _) = found[0], found[-1]
    joined = typed[first.start : first.end]
    named = without_lam(joined) if word != first.text else joined
    return named + typed[first.end : last.end]


def _unjoined(word: str) -> str:
    """Return a word without the «ل» before it, where the lexicon has it so and not with it."""
    rest = without_lam(word)
    forms = load_lexicon().forms
    return rest if rest != word and rest in forms and word not in forms else word
