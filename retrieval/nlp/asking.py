"""What each word of a question does in it: it asks, it holds the question together, or it says what to look for.

The words are in `data/asking.toml`, by the kind of answer that they ask for and by region.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

from retrieval.nlp.analysis import Token, words
from retrieval.nlp.clitics import ARTICLES, without_article
from retrieval.nlp.stopwords import ARABIC_STOP, ENGLISH_STOP
from retrieval.nlp.word_lists import read_word_lists

Asks = Literal["who", "when", "where", "how many", "how much", "how long", "why", "how", "which", "what", "yes_no"]
Role = Literal["asks", "filler", "doubtful", "content"]  # a doubtful word is looked for where the articles have it

_ASKS: tuple[Asks, ...] = get_args(Asks)
_OPEN: frozenset[Asks] = frozenset(("what", "which", "how many", "how much"))  # a noun behind them makes them plainer
_REACH = 3  # words behind "what" among which that noun stands, with nothing but fillers before it
_ENGLISH_HEADS, _ARABIC_HEADS = 3, 1  # words at the start, one of which may name the answer; in Arabic the noun leads
_SHORTEST_JOINED = 3  # letters of a form that is known behind a preposition
_VERB = re.compile(r"ب\w{3,}|[حه]?[يتن]\w{2,}|ا[^ل]\w{2,}")  # by its first letters, in the imperfect
_APART = re.compile(r"[,،;؛:.!?؟\n–—]")  # between two words: what follows may ask anew

_Form = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """The kind of answer that a question asks for, and what each of its words does."""

    asks: Asks
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """Words that mean one thing together: a kind of answer, or nothing of their own."""

    first: int
    last: int
    asks: Asks | None
    condition: str | None = None  # under which they do

    @property
    def is_met(self) -> bool:
        return self.condition is None


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """Where a word with a second meaning stands."""

    mark: _Mark
    before: str
    after: str
    is_opening: bool  # nothing to look for stands before it
    is_first_asking: bool  # and nothing that asks
    others_ask: bool
    leads_on: bool  # a word of asking or a filler follows
    typed: str
    in_capitals: bool  # the whole question
    beside_number: bool
    before_month: bool


_CONDITIONS: Mapping[str, Callable[[_Surroundings], bool]] = {
    "opening, where nothing else asks": lambda at: at.is_opening and not at.others_ask,
    "where nothing else asks": lambda at: not at.others_ask,
    "not of a definite noun": lambda at: not (at.others_ask and at.after.startswith(ARTICLES)),
    "before a verb": lambda at: _VERB.fullmatch(at.after) is not None,
    "before a word of asking": lambda at: at.leads_on,
    "by a definite noun": lambda at: at.before.startswith(ARTICLES) or at.after.startswith(ARTICLES),
    "after a definite noun": lambda at: at.before.startswith(ARTICLES) and not at.after.startswith(ARTICLES),
    "at the start": lambda at: at.is_opening and at.is_first_asking,
    "in lower case": lambda at: at.in_capitals or _is_small(at),
}


_ELSEWHERE: Mapping[str, Role] = {  # what a word does where its condition is not met; else it is doubtful
    "opening, where nothing else asks": "filler",
    "after a definite noun": "content",
    "at the start": "content",
    "in lower case": "content",
}


class AskingWords:
    """The words of asking and the fillers, normalised."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        """Read the tables of `data/asking.toml`."""
        self._forms: dict[_Form, tuple[Asks | None, str | None]] = {}
        for condition, meanings in tables["sometimes"].items():
            for meaning, listed in meanings.items():
                self._forms.update((form, (_kind(meaning), condition)) for form in _forms(listed))
        for meaning, regions in (*tables["asks"].items(), ("filler", tables["fillers"])):
            for region, listed in regions.items():
                if region != "arabizi":
                    self._forms.update((form, (_kind(meaning), None)) for form in _forms(listed))
        self._longest = max(map(len, self._forms))
        self.arabizi: Mapping[_Form, Asks | None] = {
            form: _kind(meaning)
            for meaning, regions in (*tables["asks"].items(), ("filler", tables["fillers"]))
            for form in (tuple(one.split()) for one in regions.get("arabizi", "").split(","))
        }
        alone = {form[0] for form in self._forms if len(form) == 1}
        self._emptied = alone.union(*map(words, tables["emptied"].values()))
        self._opens = frozenset(word for listed in tables["opens"]["yes_no"].values() for word in words(listed))
        self._nouns = {
            word: asks for asks in _ASKS for listed in tables["nouns"].get(asks, {}).values() for word in words(listed)
        }
        self._before_month = frozenset(words(tables["months"]["before"]))

    def read(self, text: str, found: Sequence[Token], known: Container[str] = frozenset()) -> Asking:
        """Return what a question asks for and what each of its words does; `found` are the tokens of its text.

        `known` are words of other meaning, from which no particle is taken off: «وادي» is no «أدي».
        """
        marks = list(self._marks([token.text for token in found], known))
        for place, mark in enumerate(marks):
            if mark.condition and _CONDITIONS[mark.condition](self._surroundings(text, found, marks, mark)):
                marks[place] = _Mark(mark.first, mark.last, mark.asks)
        roles = [_role_alone(token.text) for token in found]
        for mark in marks:
            for at in range(mark.first, mark.last):
                roles[at] = _role_in(mark, roles[at], keeps=self._is_kept(mark, found[at].text))
        return Asking(self._asks(text, found, [mark for mark in marks if mark.is_met], roles), tuple(roles))

    def _is_kept(self, mark: _Mark, word: str) -> bool:
        """Tell whether a word of a form of several that asks is looked for all the same, as in "how old"."""
        return mark.last - mark.first > 1 and mark.asks is not None and word not in self._emptied

    def _marks(self, found: Sequence[str], known: Container[str]) -> Iterator[_Mark]:
        """Yield the longest forms in a question, in its order."""
        at = 0
        while at < len(found):
            mark = self._mark_at(found, at, known)
            if mark:
                yield mark
            at = mark.last if mark else at + 1

    def _mark_at(self, found: Sequence[str], at: int, known: Container[str]) -> _Mark | None:
        for size in range(min(self._longest, len(found) - at), 0, -1):
            rest = tuple(found[at + 1 : at + size])
            exact = self._forms.get((found[at], *rest))
            if exact:
                return _Mark(at, at + size, *exact)
            for first in () if size == 1 and found[at] in known else _without_particles(found[at]):
                asks, condition = self._forms.get((first, *rest), (None, None))
                if asks and not condition:
                    return _Mark(at, at + size, asks)
            joined = (_without_conjunction(found[at]), *rest)
            if found[at] not in known and joined in self._forms and len(joined[0]) >= _SHORTEST_JOINED:
                return _Mark(at, at + size, *self._forms[joined])
        return None

    def _surroundings(self, text: str, found: Sequence[Token], marks: Sequence[_Mark], mark: _Mark) -> _Surroundings:
        at = mark.first
        beside = found[max(0, at - 1) : at + 2]
        met = {place for one in marks if one.is_met for place in range(one.first, one.last)}
        before = found[at - 1].text if at else ""
        return _Surroundings(
            mark,
            before,
            found[mark.last].text if mark.last < len(found) else "",
            is_opening=all(place in met or _role_alone(found[place].text) == "filler" for place in range(at)),
            is_first_asking=not any(one.asks and one.is_met and one.first < at for one in marks),
            others_ask=any(one.asks and one.is_met for one in marks),
            leads_on=any(one.first == mark.last for one in marks),
            typed=text[found[at].start : found[at].end],
            in_capitals=text.isupper(),
            beside_number=any(token.text[0].isdigit() for token in beside),
            before_month=before in self._before_month,
        )

    def _asks(self, text: str, found: Sequence[Token], marks: Sequence[_Mark], roles: Sequence[Role]) -> Asks:
        """Return the kind of answer that the first word of asking asks for, or else what the question opens with."""
        asking = [mark for mark in marks if mark.asks]
        if not asking:
            return self._asked_without(found, roles)
        posed = next((mark for mark in asking if _is_posed(text, found, mark, roles)), asking[0])
        kind = posed.asks or "what"
        behind = range(posed.last, min(posed.last + _REACH, len(found))) if kind in _OPEN else ()
        for at in behind:
            noun = self._nouns.get(without_article(found[at].text))
            if noun and (kind in ("what", "which") or noun in ("how much", "how long")):
                return noun
            if roles[at] == "content":
                break
        return kind

    def _asked_without(self, found: Sequence[Token], roles: Sequence[Role]) -> Asks:
        """Return what a question without a word of asking asks for: yes or no, or what one of its first nouns names."""
        if found and found[0].text in self._opens:
            return "yes_no"
        heads = [
            token.text
            for token, role in zip(found, roles, strict=True)
            if role == "content" or token.text in self._nouns
        ]
        reach = _ENGLISH_HEADS if heads and heads[0].isascii() else _ARABIC_HEADS
        return next((self._nouns[word] for word in heads[:reach] if word in self._nouns), "what")


def _kind(meaning: str) -> Asks | None:
    return next((asks for asks in _ASKS if asks == meaning), None)


def _forms(listed: str) -> Iterable[_Form]:
    return (tuple(words(form)) for form in listed.split(","))


def _role_alone(word: str) -> Role:
    return "filler" if word in ARABIC_STOP or word in ENGLISH_STOP else "content"


def _role_in(mark: _Mark, alone: Role, *, keeps: bool) -> Role:
    """Return what a word does in a mark, given what it does alone."""
    if mark.is_met:
        return alone if keeps and alone == "content" else "asks" if mark.asks else "filler"
    return _ELSEWHERE.get(mark.condition or "", "doubtful")


def _is_small(at: _Surroundings) -> bool:
    """Tell whether an English word is a small one, which a name or an acronym would not be as it stands."""
    first = at.is_opening and not at.before
    if len(at.typed) > 1 and at.typed.isupper():
        return first and at.mark.asks is not None
    if at.typed in ("may", "May") and (at.beside_number or at.before_month):
        return False
    return at.mark.asks is not None or first or (at.typed.islower() and at.before != "the")


def _is_posed(text: str, found: Sequence[Token], mark: _Mark, roles: Sequence[Role]) -> bool:
    """Tell whether a word asks, and does not begin a clause, as in "the man who"."""
    at = mark.first
    if not found[at].text.isascii() or "content" not in roles[:at]:
        return True
    return _APART.search(text[found[at - 1].end : found[at].start]) is not None


def _without_conjunction(word: str) -> str:
    return word[1:] if word[0] in "وف" and len(word) > 2 else word


def _without_particles(word: str) -> list[str]:
    """Return a word without a conjunction, and then without a preposition of one letter.

    >>> _without_particles("ولوين"), _without_particles("لكم")
    (['لوين', 'وين'], ['لكم'])
    """
    bare = _without_conjunction(word)
    return [bare, bare[1:]] if bare[0] in "لبع" and len(bare) > _SHORTEST_JOINED else [bare]


def roles_in_statement(text: str, found: Sequence[Token]) -> tuple[Role, ...]:
    """Return what the words of a sentence that asks nothing do in it; `found` are the tokens of its text."""
    return tuple("content" if text[token.start : token.end] == "US" else _role_alone(token.text) for token in found)


@lru_cache(maxsize=1)
def load_asking_words() -> AskingWords:
    """Return the project's words of asking, read once."""
    return AskingWords(read_word_lists("nlp", "asking"))
