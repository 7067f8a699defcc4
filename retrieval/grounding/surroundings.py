"""What a reader of a passage knows besides: its article's header, who spoke last before it, who is who in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.grounding.alignment import AlignedText, Claim
from retrieval.grounding.name_matching import has_name, is_city_of_event
from retrieval.grounding.offices import is_meant_by_office
from retrieval.nlp.analysis import tokens
from retrieval.nlp.sentences import sentences
from retrieval.nlp.word_lists import normalised, read_word_lists
from retrieval.types import Article, Passage

LONGEST_ARTICLE = 20_000  # code points of an article that are looked through
BEFORE = 600  # code points before a passage in which its last speaker is looked for
SPEAKERS = 2  # sentences before it
SUBJECT = 6  # words in which a sentence names who speaks
APPOSITION = 4  # words between a name and another that tells who it is: "the Russian minister Lavrov"

_WORDS = read_word_lists("grounding", "names")
_GOES_ON, _UNNAMED = normalised(_WORDS["goes_on"]), normalised(_WORDS["unnamed_after"])


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around the passages that a sentence cites."""

    headers: tuple[AlignedText, ...]
    speakers: tuple[AlignedText, ...]  # the beginnings of sentences before passages that go on without naming anybody
    articles: tuple[AlignedText, ...]


def surroundings(claim: Claim, cited: Sequence[Passage], articles: Sequence[Article]) -> Surroundings:
    """Return what is known around passages, given their articles."""
    by_id = {article.article_id: article for article in articles}
    around = [(passage, by_id[passage.article_id]) for passage in cited if passage.article_id in by_id]
    own = dict.fromkeys(article for _, article in around)
    headers = ("\n".join(filter(None, (article.title, article.source, article.author))) for article in own)
    speakers = (
        beginning for passage, article in around if goes_on(passage.text) for beginning in _before(passage, article)
    )
    return Surroundings(
        tuple(claim.align(header) for header in headers if header),
        tuple(map(claim.align, speakers)),
        tuple(claim.align(article.text[:LONGEST_ARTICLE]) for article in own),
    )


def goes_on(text: str) -> bool:
    """Tell whether a sentence of a text goes on with what somebody said, and does not say who.

    >>> goes_on("وأضاف أن بلاده مستعدة"), goes_on("وأضاف لافروف أن بلاده مستعدة")
    (True, False)
    """
    for start, end in sentences(text):
        found = tokens(text[start : start + min(end - start, 60)])
        if len(found) > 1 and found[0].text in _GOES_ON and found[1].text in _UNNAMED:
            return True
    return False


def _before(passage: Passage, article: Article) -> Iterator[str]:
    """Yield the beginnings of the last sentences before a passage."""
    text = article.text[max(0, passage.start - BEFORE) : passage.start]
    for start, end in sentences(text)[-SPEAKERS:]:
        found = tokens(text[start:end])[:SUBJECT]
        if found:
            yield text[start : start + found[-1].end]


def is_known_around(claim: Claim, term: int, around: Surroundings, texts: Sequence[AlignedText]) -> bool:
    """Tell whether a name that some texts lack is known from what stands around them.

    It is where a header has it, where the last speaker goes on, or where the article tells who somebody is whom the
    sentence and the texts both name. That something happened elsewhere in the article says nothing of these passages.
    """
    if any(has_name(claim, header, term) for header in around.headers):
        return True
    if is_city_of_event(claim, term):
        return False
    if any(has_name(claim, speaker, term) for speaker in around.speakers):
        return True
    if is_meant_by_office(claim, term, texts, around.articles):
        return True
    at = claim.names[term]
    near = [
        other
        for other, place in claim.names.items()
        if other != term and abs(place - at) <= APPOSITION and any(has_name(claim, text, other) for text in texts)
    ]
    return any(_stand_together(article, term, other) for article in around.articles for other in near)


def _stand_together(article: AlignedText, one: int, other: int) -> bool:
    places = [[at for at in range(len(article.tokens)) if term in article.terms_at(at)] for term in (one, other)]
    return any(abs(first - second) <= APPOSITION for first in places[0] for second in places[1])
