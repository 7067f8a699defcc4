"""What to ask next: questions of whose answers the index is sure, drawn from the articles that were just quoted.

One kind is offered: what somebody said whom these articles quote elsewhere. A question is tried before it is
offered, so that whoever taps it reads something new.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from retrieval.answering.conversation import asked_in_full
from retrieval.answering.sanad import Sanad
from retrieval.archive.archive_followups import question_for_more
from retrieval.nlp.analysis import normalise
from retrieval.nlp.lexicon import Lexicon, load_lexicon
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search.passage_scoring import PassageSentence, same_statement, sentences_of
from retrieval.types import Answer, Language, Passage

if TYPE_CHECKING:
    from retrieval.index.index import Index

MOST = 2  # questions
MOST_TRIED = 3
MOST_SECONDS = 0.02  # after which no further one is tried; a trial takes about 0.01
_NEWEST = 5  # articles in which an opening question is looked for
MOST_KNOWN = 1000  # questions whose answers are remembered
NEAR = 10_000  # code points from a quote; what stands further off in a long article is another matter
_LONGEST_TITLE = 3  # words that say what somebody is, before the name
_LONGEST_NAME = 3  # words

_SPEAKS = re.compile(r"(?<!\w)[وف]?(?:قال|أضاف|أكد|أوضح|صرح|ذكر|شدد)(?P<she>ت)?\s+(?P<rest>[\u0621-\u0652 ]+)")
_THAT = frozenset("إن أن إنه أنه إنها أنها".split())


class Suggestions:
    """Finds what to ask after an answer; one at a time, since answers are worth more than offers."""

    def __init__(self, index: Index) -> None:
        """Take an index; no model is asked, what the articles say decides."""
        self._index = index
        self._sanad = Sanad(index)
        self._working = threading.Lock()
        self._known: dict[str, tuple[str, ...]] = {}  # what questions are answered with, at one generation
        self._generation = 0

    def after(self, answer: Answer) -> list[str]:
        """Return up to two questions that the index answers with what was not said yet, in the answer's language.

        After some rows of what the archive says, it is the question for more of them. Returns none while another
        thread is at it.
        """
        if answer.archive:
            more = question_for_more(asked_in_full(answer), answer.archive)
            return [more] if more else []
        if not answer.citations or not self._working.acquire(blocking=False):
            return []
        try:
            return self._found(answer)
        finally:
            self._working.release()

    def opening(self, language: Language) -> str | None:
        """Return a question about one of the newest articles that the index answers; None where none is found."""
        with self._working:
            for article in self._index.catalog.newest(_NEWEST):
                passages = self._index.catalog.passages_of(article.article_id)
                for question, sentence in questions_of(passages, language, load_lexicon(), key=lambda one: one.start):
                    if sentence in self._quotes(question):
                        return question
            return None

    def _found(self, answer: Answer) -> list[str]:
        started = time.perf_counter()
        said = [citation.quote for citation in answer.citations]
        found: list[str] = []
        tried: set[str] = set()
        for question, sentence in self._candidates(answer):
            if question in tried or any(same_statement(sentence, quote) for quote in said):
                continue
            if len(tried) == MOST_TRIED or len(found) == MOST or time.perf_counter() - started > MOST_SECONDS:
                break
            tried.add(question)
            quotes = self._quotes(question)
            is_new = bool(quotes) and not any(same_statement(quotes[0], quote) for quote in said)
            if is_new and sentence in quotes:
                found.append(question)
                said.append(quotes[0])
        return found

    def _quotes(self, question: str) -> tuple[str, ...]:
        """Return what a question is answered with; none where it is not answerable."""
        generation = self._index.catalog.generation
        if generation != self._generation or len(self._known) >= MOST_KNOWN:
            self._known.clear()
            self._generation = generation
        if question not in self._known:
            answer = self._sanad.ask(question)
            self._known[question] = tuple(citation.quote for citation in answer.citations if answer.found)
        return self._known[question]

    def _candidates(self, answer: Answer) -> Iterator[tuple[str, str]]:
        """Yield questions, each with the sentence that answers it; those of sentences near a quote first."""
        lexicon = load_lexicon()
        for article_id in dict.fromkeys(citation.article_id for citation in answer.citations):
            quoted = [citation.start for citation in answer.citations if citation.article_id == article_id]

            def distance(start: int, quoted: Sequence[int] = quoted) -> int:
                return min(abs(start - at) for at in quoted)

            near = [one for one in self._index.catalog.passages_of(article_id) if distance(one.start) <= NEAR]
            yield from questions_of(near, answer.language, lexicon, key=lambda one: distance(one.start))


def questions_of(
    passages: Sequence[Passage], language: Language, lexicon: Lexicon, key: Callable[[PassageSentence], int]
) -> Iterator[tuple[str, str]]:
    """Yield what may be asked of passages, each with the sentence that answers it, in the order of a key."""
    held = [sentence for passage in passages for sentence in sentences_of(passage)]
    for sentence in sorted(held, key=key):
        for match in _SPEAKS.finditer(sentence.text):
            asked = _asked(match["rest"].split(), bool(match["she"]), language, lexicon)
            if asked:
                yield asked, sentence.text


def _asked(rest: list[str], she: bool, language: Language, lexicon: Lexicon) -> str | None:
    """Return the question what somebody said, of the words that follow the verb; None if they begin with no name."""
    title, name = _speaker(rest, lexicon)
    if not name:
        return None
    if language == "ar":
        return f"ماذا {'قالت' if she else 'قال'} {' '.join([*title, *name])}؟"
    if name[0].startswith("ال") and (title or name[-1].endswith(("ي", "ية"))):
        return None  # it says whose the ministry is: without the ministry it is nobody
    english = [_english(word, lexicon) for word in name]
    return f"What did {' '.join(filter(None, english))} say?" if all(english) else None


def _speaker(rest: list[str], lexicon: Lexicon) -> tuple[list[str], list[str]]:
    """Return what somebody is and what they are called; a title counts only where the statement follows the name."""
    name = _name(rest, lexicon)
    if name:
        return [], name
    for length in range(1, _LONGEST_TITLE + 1):
        if length >= len(rest) or rest[length - 1] in _THAT or normalise(rest[length - 1]) in ARABIC_STOP:
            break
        name = _name(rest[length:], lexicon)
        if name and rest[length + len(name) :][:1] and rest[length + len(name)] in _THAT:
            return rest[:length], name
    return [], []


def _name(rest: list[str], lexicon: Lexicon) -> list[str]:
    """Return the name with which words begin: at least one word of it is known as a name, or there are two."""
    name = []
    for word in rest[:_LONGEST_NAME]:
        plain = normalise(word)
        known = lexicon.headwords(plain)
        if _is_joined(plain, lexicon):
            break
        if word in _THAT or plain in ARABIC_STOP or (known and not lexicon.names.intersection(known)):
            break
        name.append(word)
    is_known = any(lexicon.names.intersection(lexicon.headwords(normalise(word))) for word in name)
    return name if is_known else []


def _is_joined(word: str, lexicon: Lexicon) -> bool:
    """Tell whether a name has a preposition before it, as in what was said to somebody."""
    return word[:1] in set("لبك") and bool(lexicon.names.intersection(lexicon.headwords(word[1:])))


def _english(word: str, lexicon: Lexicon) -> str | None:
    known = next((one for one in lexicon.headwords(normalise(word)) if one in lexicon.names), None)
    return known.title() if known else None
