"""What answers a follow-up, pure: never the same message again where that does not say what is asked for now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from retrieval.answering.weights import ANSWER_WEIGHTS
from retrieval.citing.citations import GroundedSentence
from retrieval.nlp.analysis import words
from retrieval.nlp.asking import Asks
from retrieval.nlp.clitics import bare_forms
from retrieval.nlp.lexicon import Lexicon
from retrieval.nlp.stopwords import ARABIC_STOP
from retrieval.search.answer_kinds import is_of_kind
from retrieval.search.followups import asks_alone, asks_for_more
from retrieval.search.query import Query
from retrieval.types import Turn, Unsaid

MOST_LOOKED_THROUGH = 12  # sentences that are looked through for a follow-up's answer
_CHECKED: frozenset[Asks] = frozenset(  # of which a sentence shows that it says it
    ("when", "where", "how many", "how much", "how long", "why")
)
_UNSAID: Mapping[Asks, Unsaid] = {
    "who": "who",
    "when": "when",
    "where": "where",
    "why": "why",
    "how": "how",
    **dict.fromkeys(("how many", "how much", "how long"), "how many"),
}
_IN = frozenset("في قرب عند داخل شمالي جنوبي شرقي غربي شمال جنوب شرق غرب وسط".split())
_PLACES = frozenset(  # normalised, without the article
    "مدينه محافظه بلده قريه حي قضاء منطقه شارع ميناء مطار مقر ضاحيه ولايه اقليم معبر ساحه مبني قاعه مخيم ناحيه ريف "
    "عاصمه حدود جزيره طريق".split()
)


def fresh_statements(
    question: Query, statements: Sequence[GroundedSentence], history: Sequence[Turn], lexicon: Lexicon
) -> list[GroundedSentence]:
    """Return the statements that answer a follow-up, in their order; none where it is not said.

    A question that says nothing but what it asks for gets what says that; one for more, what was not said before. Any
    other one leaves out what was said before and does not say what is asked for.
    """
    told = [one for one in statements if any(one.text in turn.answer for turn in history)]
    quoted = {place.article_id for one in told for place in one.evidence}
    best = max((_covered(one) for one in statements), default=0.0)
    near = [one for one in statements if _covered(one) >= best * _least(one, quoted)]
    new = [one for one in near if one not in told]
    if asks_for_more(question):
        return new
    alone, asks = asks_alone(question), question.asks
    saying = [one for one in near if _says(one.text, asks, lexicon)]
    if alone and asks in _CHECKED:
        return saying
    if asks in _CHECKED:
        return [one for one in statements if one in saying or one not in told]
    return new if alone else list(statements)


def unsaid_of(question: Query) -> Unsaid:
    """Return what a follow-up asks for, to say that it is not said."""
    return "more" if asks_for_more(question) else _UNSAID.get(question.asks, "what")


def _least(statement: GroundedSentence, quoted: AbstractSet[str]) -> float:
    """Return the share of the best coverage that a statement needs to be of the conversation's subject."""
    is_quoted = not quoted or any(place.article_id in quoted for place in statement.evidence)
    return ANSWER_WEIGHTS.on_subject if is_quoted else ANSWER_WEIGHTS.elsewhere


def _covered(statement: GroundedSentence) -> float:
    return max(place.score for place in statement.evidence)


def _says(text: str, asks: Asks, lexicon: Lexicon) -> bool:
    said = words(text)
    if asks == "where":
        return _says_where(said)
    return any(is_of_kind(word, asks, lexicon) for word in said if word not in ARABIC_STOP or asks == "why")


def _says_where(said: Sequence[str]) -> bool:
    """Tell whether words name a place: one by its kind, or one that a preposition of place leads to."""
    is_place = any(form in _PLACES for word in said for form in bare_forms(word))
    return is_place or any(first in _IN and not second[0].isdigit() for first, second in pairwise(said))
