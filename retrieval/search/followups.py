"""Follow-ups, pure: whether a question leans on the one before it, and what it then takes over from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from retrieval.nlp.analysis import normalise, tokens, words
from retrieval.nlp.clitics import ARTICLES
from retrieval.search.query import ContextNeed, Query, Term
from retrieval.search.question_words import question_words, without_and
from retrieval.types import Turn

MOST_TURNS = 4  # that are remembered; a follow-up that leans further back names what it means
MOST_WAYS = 4  # of saying a follow-up in full that are tried
_MORE = "ماذا؟"
FEW_TERMS = 2  # a question with more stands alone, unless it says otherwise

_CONTINUES = re.compile(
    r"^\W*(?:and|also|but|what about|how about|then|ok(?:ay)?,? and)\b"
    r"|^\W*(?:و|ف)(?:متي|من|ماذا|ما|اين|كيف|كم|لماذا|هل|اي|مع من|في اي|عن)\b"
    r"|^\W*(?:ماذا|وماذا) عن\b"
)
_GOES_ON = re.compile(  # «والضحايا؟», «وبالآخر كم سنة؟», «وبتستمر كم يوم؟»; not «والد», «والي»
    r"^\W*و(?:ال(?!د|له\b|ي\b|يا\b)\w{2,}|بال\w{2,}|ب[تي]\w{2,}|لل\w{2,})\b"
)
_POINTS_BACK = re.compile(
    # «هذا العام» is a time, not something said before; "that" may only begin a clause.
    r"\b[وفبلك]?(?:ذلك|تلك|هذا|هذه|هذان|هولاء|هناك|حينها|عندها)\b(?!\s+(?:العام|الاسبوع|الشهر|اليوم|السنه|المره)\b)"
    r"|\b(?:بينهما|بينهم|فيه|فيها|عنه|عنها|عنهم|عنهما|معه|معها|معهم|معهما|به|بها|له|لها|لهم|لهما|منه|منها|خلاله|خلالها"
    r"|اليه|اليها|عليه|عليها|بعده|بعدها|قبله|قبلها)\b"
    r"|\b(?:it|its|they|them|their|he|him|his|she|her|those|these|there|then)\b"
    r"|\bthis\b(?!\s+(?:year|week|month|day|time)\b)"
    r"|\bthat\s*(?:\?|$|happen|mean|end|begin|start|take)"
    r"|\b(?:in|at|after|before|during|about|of|from|for|with|was|is|were) that\b"
)
_IT_STANDS_FOR_NOTHING = re.compile(r"\bis it true\b|\bis there\b|\bare there\b|\bwas there\b|\bwere there\b")
_ENDS_WITH_PRONOUN = re.compile(r"^\W*(?:و|ف)?(?:من|ما|اين|كيف|متي|لماذا) (?:هو|هي|هم|هما)\W*$")


def needs_context(question: Query) -> ContextNeed:
    """Return whether a question leans on the one before it.

    "Perhaps" is a short question without a name of its own, which may as well begin a new subject.
    """
    text = _IT_STANDS_FOR_NOTHING.sub("", normalise(question.text))
    named = [term for term in question.terms if term.is_named_entity or term.kind == "name"]
    says_something = any(len(token.text) > 1 for token in tokens(question.text))
    says_much = len(telling(question)) > FEW_TERMS
    continues = _CONTINUES.search(text) or _ENDS_WITH_PRONOUN.search(text)
    if continues or (_begins_with_and(text) and not says_much) or (says_something and not telling(question)):
        return "yes"
    if not says_something:
        return "no"
    pointer = _POINTS_BACK.search(text)
    if pointer and not any(term.surface in text[: pointer.start()] for term in named):
        return "yes"
    return "perhaps" if not named and len(telling(question)) <= FEW_TERMS else "no"


def telling(question: Query) -> list[Term]:
    """Return the terms that name what a question is about; a multi-word term instead of its words."""
    inside = {part for term in question.terms for part in term.parts}
    return [term for term in question.terms if term.surface not in inside and not _says_little(term.surface)]


def _says_little(word: str) -> bool:
    """Tell whether a word hardly names what is asked about, as "happened" and "else"."""
    known = question_words()
    return any(without_and(word) in said for said in (known.little, known.more))


def _begins_with_and(text: str) -> bool:
    """Tell whether a question begins with «و» and a word of asking, or one that asks for more."""
    first = next(iter(words(text)), "")
    return without_and(first) != first


def asks_for_more(question: Query) -> bool:
    """Tell whether a question only asks what else there is to say: "what else?", «وبعدين؟»."""
    said = {without_and(word) for word in words(question.text)}
    return asks_alone(question) and not said.isdisjoint(question_words().more)


def asks_alone(question: Query) -> bool:
    """Tell whether a question says nothing but what it asks for: «وليش؟»."""
    return not telling(question)


def subject_of(history: Sequence[Turn], analyse: Callable[[str], Query]) -> Query | None:
    """Return what a conversation is about: its last question that stands by itself, with what the last one adds to it.

    What follow-ups between the two have asked is left out: "how long did it last?" is not about who had signed it. A
    follow-up that brings another name begins anew: «وماذا عن لافروف؟».
    """
    root: Query | None = None
    subject: Query | None = None
    seen: set[str] = set()
    for turn in history:
        asked = analyse(turn.question)
        own = telling(asked)
        new = [term for term in own if term.surface not in seen]
        if not own:
            continue
        is_in_full = subject is not None and {term.surface for term in telling(subject)} <= {one.surface for one in own}
        leans = needs_context(asked) == "yes" or _GOES_ON.search(normalise(asked.text))
        if root is None or subject is None or not (is_in_full or leans):
            root = subject = asked
            seen = {term.surface for term in asked.terms}
        elif any(map(_is_named, new)) and _CONTINUES.search(normalise(asked.text)):
            has_topic = any(term.surface in seen for term in own)
            root = subject = asked if has_topic else analyse(next(iter(expansions(asked, subject)), asked.text))
            seen |= {term.surface for term in root.terms}
        else:
            subject = analyse(_with(_with("", asked.text, new), root.text, telling(root)).strip())
            seen |= {term.surface for term in asked.terms}
    return subject


def expansions(question: Query, last: Query) -> list[str]:
    """Return ways to say a follow-up with what the last question was about, the fullest first.

    Where the follow-up brings a name of its own («وماذا عن لافروف؟»), that stands in the place of one of the last
    question's.
    """
    own = {term.surface for term in question.terms}
    topic = [term for term in last.terms if not (term.surface in own or term.parts or _says_little(term.surface))]
    named = [term for term in topic if _is_named(term)]
    plain = [term for term in topic if not _is_named(term)]
    if any(_is_named(term) for term in question.terms) and _CONTINUES.search(normalise(question.text)):
        ways = [*([term for term in topic if term is not name] for name in named), plain]
    else:
        rarest = sorted(topic, key=lambda term: (not _is_named(term), -term.idf))
        ways = [topic, named, rarest[: (len(topic) + 1) // 2]]
    asked = _put(question)
    return list(dict.fromkeys(_with(asked, last.text, way) for way in ways if way))[:MOST_WAYS]


def _put(question: Query) -> str:
    """Return a question as it is said with its subject: one for more without the words that would be looked for."""
    return _MORE if asks_for_more(question) and question.terms else question.text


def is_underspecified(question: Query) -> bool:
    """Tell whether a question has too little of its own to be asked alone: one word, and neither name nor subject."""
    own = telling(question)
    return len(own) <= 1 and not any(_is_named(term) or term.surface.startswith(ARTICLES) for term in own)


def brings_subject(question: Query) -> bool:
    """Tell whether a question has a subject of its own that is no name: «وما سبب الزلزال؟», not «وماذا عن لافروف؟»."""
    return not is_underspecified(question) and not all(map(_is_named, telling(question)))


def bounded(history: Sequence[Turn]) -> tuple[Turn, ...]:
    """Return the turns that are remembered."""
    return tuple(history[-MOST_TURNS:])


def _is_named(term: Term) -> bool:
    return term.is_named_entity or term.kind != "word"


def _with(text: str, last: str, terms: Sequence[Term]) -> str:
    """Return a question followed by words of the last one, as they were typed there."""
    wanted = {term.surface for term in terms}
    words = dict.fromkeys(last[token.start : token.end] for token in tokens(last) if token.text in wanted)
    return f"{text} {' '.join(words)}"
