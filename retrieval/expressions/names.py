"""The places and the people that a quote names, as far as the order of its words tells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from retrieval.expressions.known_names import is_transliterated, place_in_english
from retrieval.expressions.quote_tokens import QuoteTokens
from retrieval.expressions.word_tables import word_table
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.stopwords import ARABIC_STOP

_MOST_WORDS = 6  # of a name
_LEAST_UNKNOWN = 3  # letters of a name that no table has
_SPACE = re.compile(r"[ \u00a0]+")
_SPACE_OR_OPENING = re.compile(r"[ ]*[«\"“]?")
_VERBAL = re.compile(r"^(?:ي|ت|ن|است|ا?ن).*|.*(?:وا|ت)$")


@dataclass(frozen=True, slots=True)
class NamedThing:
    """A place or a person: the tokens that name it, with a title; `name` is where the name itself begins."""

    first: int
    last: int
    name: int
    is_known: bool  # a place of the lexicon or by its first noun; a person by a title or by a given name


class NameReader:
    """Finds names in a quote; `taken` are tokens that are something else: numbers, dates."""

    def __init__(self, quote: QuoteTokens, lexicon: Lexicon, taken: Collection[int] = ()) -> None:
        """Take the quote and what is known of words."""
        self._quote = quote
        self._words = quote.words
        self._lexicon = lexicon
        self._taken = taken

    def places(self) -> Iterator[NamedThing]:
        """Yield the places that a quote names: after a preposition, or known ones."""
        at = 0
        while at < len(self._words):
            head = self._head(at)
            last = at if head is None else self._place_end(head)
            if head is not None and last >= head:
                yield NamedThing(self._with_compass(head), last, head, is_known=True)
            at = max(last, at) + 1

    def _with_compass(self, head: int) -> int:
        """Return where a place begins with the words that say on which side of it: «شمال غرب سورية»."""
        while head and self._words[head - 1] in word_table("places", "compass") and self._is_beside(head - 1):
            head -= 1
        return head

    def _head(self, at: int) -> int | None:
        """Return the token at which a place may begin, given a preposition's token or a word with one."""
        word = self._words[at]
        if at in self._taken:
            return None
        if word in word_table("places", "before"):
            following = at + 1
            return following if self._is_beside(at) and self._begins_place(following) else None
        return at if self._begins_place(at) and (word[0] == "ب" or self._place(at)) else None

    def _begins_place(self, at: int) -> bool:
        return at < len(self._words) and at not in self._taken and (self._is_place_noun(at) or bool(self._place(at)))

    def _place_end(self, head: int) -> int:
        """Return the last token of the place that begins at a token; before it where it is not whole."""
        if self._place(head):
            return self._adjectives_end(head)
        if self._is_definite(head):
            last = self._adjectives_end(head)
            named = self._is_beside(last) and self._place(last + 1)
            return last + 1 if named else last if last > head else head - 1
        last = head
        while last - head + 1 < _MOST_WORDS and self._is_beside(last) and self._may_belong(last + 1):
            last += 1
            if self._is_definite(last) or self._place(last):
                return self._adjectives_end(last)
        return last if last > head and not self._goes_on(last) else head - 1

    def _adjectives_end(self, last: int) -> int:
        while self._is_beside(last) and self._words[last + 1].startswith("ال") and not self._is_stop(last + 1):
            last += 1
        return last

    def _goes_on(self, last: int) -> bool:
        """Tell whether a word stands at once after a phrase that is neither a particle nor parted from it."""
        return self._is_beside(last) and not self._is_stop(last + 1) and self._words[last + 1][0] not in "وبل"

    def _may_belong(self, at: int) -> bool:
        """Tell whether a word may go on a phrase of nouns."""
        word = self._words[at]
        prefixed = word[0] == "و" or (word[0] in "بلف" and word[1:] in self._lexicon.forms)
        return at not in self._taken and not self._is_stop(at) and not prefixed and not word.startswith(("لل", "بال"))

    def people(self) -> Iterator[NamedThing]:
        """Yield the names of people in a quote, each with the title right before it."""
        at = 0
        while at < len(self._words):
            last = self._person_end(at)
            if last < at:
                at += 1
                continue
            first = at - 1 if at and self._is_beside(at - 1) and self._is_title(at - 1) else at
            is_known = first < at or self._is_given(at)
            if first < at or last > at or (is_known and self._words[at] not in self._lexicon.forms):
                yield NamedThing(first, last, at, is_known)
            at = last + 1

    def _person_end(self, at: int) -> int:
        """Return the last token of a name that begins at a token; before it where none begins."""
        if at in self._taken or not (self._is_given(at) or self._is_unknown(at) or self._words[at] in ("عبد", "ابو")):
            return at - 1
        last = at
        while last - at + 1 < _MOST_WORDS and self._is_beside(last) and self._continues_name(last):
            last += 1
        while last >= at and self._words[last] in word_table("persons", "inside"):
            last -= 1
        return last

    def _continues_name(self, last: int) -> bool:
        """Tell whether the word after a token goes on the name that the token belongs to."""
        following, word, inside = last + 1, self._words[last + 1], word_table("persons", "inside")
        if following in self._taken:
            return False
        if {self._words[last], word} & inside or (word in word_table("persons", "given") and self._is_given(following)):
            return True
        if self._is_title(following) or self._is_stop(following) or word.startswith("بال"):
            return False
        return self._is_surname(following)

    def _is_surname(self, at: int) -> bool:
        """Tell whether a word after a given name may be its bearer's other name."""
        word = self._words[at]
        if self._is_definite(at):
            return not self._lexicon.demonyms & set(self._lexicon.headwords(word))
        is_prefixed = word[0] == "و" or (word[0] in "بلفك" and word[1:] in self._lexicon.forms)
        is_unknown = word not in self._lexicon.forms and not _VERBAL.match(word) and not is_prefixed
        return is_unknown or is_transliterated(word, self._lexicon)

    def _is_given(self, at: int) -> bool:
        """Tell whether a word is a given name; «على» is none, though it is written as «علي» when normalised."""
        word, given = self._words[at], word_table("persons", "given")
        if word in given:
            return word not in ARABIC_STOP or self._quote.text[self._quote.tokens[at].end - 1] == "ي"
        return word[0] in "ول" and word[1:] in given - ARABIC_STOP and word not in self._lexicon.forms

    def _is_unknown(self, at: int) -> bool:
        """Tell whether a word is in no table and looks like no verb, so that it may be a name."""
        word = self._words[at]
        if word.isascii() or len(word) < _LEAST_UNKNOWN or self._is_stop(at) or self._is_definite(at):
            return False
        is_prefixed = word[0] == "و" or (word[0] in "لبف" and bool(self._lexicon.headwords(word[1:])))
        return not self._lexicon.headwords(word) and not _VERBAL.match(word) and not is_prefixed

    def _is_title(self, at: int) -> bool:
        titles = word_table("persons", "titles")
        return any(
            form in titles or form.removesuffix("ا") in titles for form in bare_forms(self._words[at], particles=1)
        )

    def _place(self, at: int) -> str | None:
        return place_in_english(self._words[at], self._lexicon)

    def _is_place_noun(self, at: int) -> bool:
        word = self._words[at]
        heads = word_table("places", "heads")
        return any(form.removeprefix("ال") in heads for form in (word, word[1:] if word[0] == "ب" else word))

    def _is_stop(self, at: int) -> bool:
        word = self._words[at]
        return (
            word in ARABIC_STOP
            or word in word_table("places", "before")
            or word.startswith(("الذ", "التي", "اللذ", "لل"))
        )

    def _is_definite(self, at: int) -> bool:
        word = self._words[at]
        return word.startswith(("ال", "بال")) and len(word) > 4

    def _is_beside(self, before: int) -> bool:
        """Tell whether a word follows a token with nothing but a space, or a quotation's opening, between them."""
        return before + 1 < len(self._words) and bool(_SPACE_OR_OPENING.fullmatch(self._quote.gap(before)))
