"""Who does what to whom in a text, as far as the order of words in Arabic and in English tells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.grounding.actors import BY, VICTIMS, is_joined, mentions, name_at
from retrieval.grounding.alignment import AlignedText, Claim
from retrieval.grounding.cast import Mention
from retrieval.grounding.negation import is_content
from retrieval.grounding.phrases import Phrases
from retrieval.grounding.verbs import ADDRESSED, MUTUAL, OF_DOER, OF_SAME_DOER, PLAIN_SPEECH, Verb, meanings, verbs_of
from retrieval.nlp.word_lists import normalised, read_word_lists

REACH_BACK, REACH_AHEAD = 16, 14  # tokens before and after a verb in which its parts are looked for
NEAR_VERB = 24  # tokens on each side in which whoever is mentioned may have to do with a verb; verbs before it, too
BESIDE_VERB = 3  # small words between an Arabic verb and whoever does it

_LISTS = read_word_lists("grounding", "clauses")
_OPENERS, _ADVERBS = normalised(_LISTS["openers"]), normalised(_LISTS["adverbs"])
_BE, _HELPERS = normalised(_LISTS["be"]), normalised(_LISTS["helpers"])
_PREPOSITIONS = normalised(_LISTS["prepositions"])
_ACCORDING = Phrases(_LISTS["according"])
_OWN_WORDS = normalised(_LISTS["own_words"])
_ENDS = frozenset(".;:!?؛؟…\n")
_ON_BEHALF = "باسم"
_NO_VERBS = normalised(_LISTS["no_verbs"])
_THAT = frozenset({"ان", "بان", "لان", "لكن", "ولكن"})
_OF_MANY = ("ا", "وا", "ان", "ون")
_DASHES = (" - ", " – ", " — ")
_PRONOUNS = normalised(_LISTS["pronouns"])
_CONJUNCTIONS = frozenset({"and", "or"})


@dataclass(frozen=True, slots=True)
class Predication:
    """A verb of the list, who does it and who undergoes it; an empty side is not told."""

    at: int
    verb: Verb
    agent: tuple[Mention, ...]
    patient: tuple[Mention, ...]
    is_passive: bool = False
    is_implied: bool = False  # who does it is who did the last thing: «وأضاف أن…»


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text with whom it mentions and what they do, in its order."""

    text: AlignedText
    mentions: tuple[Mention, ...]
    events: tuple[Predication, ...]
    sources: tuple[Mention, ...]  # according to whom


def read_predications(claim: Claim, text: AlignedText) -> ReadText:
    """Return who does what in a text that is aligned with a claim."""
    mentioned = mentions(claim, text)
    found: list[Predication] = []
    inside = {at for mention in mentioned for at in range(mention.first, mention.last + 1)}
    starts = [mention.first for mention in mentioned]
    for at, token in enumerate(text.tokens):
        if at not in inside and token.text not in _NO_VERBS and verbs_of(token.text):
            near = mentioned[bisect_left(starts, at - NEAR_VERB) : bisect_right(starts, at + NEAR_VERB)]
            if token.text.isascii():
                found += _english(text, near, found[-NEAR_VERB:], at)
            else:
                found += _arabic(claim, text, near, found[-NEAR_VERB:], at)
    return ReadText(text, mentioned, tuple(found), tuple(_sources(text, mentioned)))


def _sources(text: AlignedText, mentioned: Sequence[Mention]) -> Iterator[Mention]:
    for found in _ACCORDING.find(text.tokens):
        yield from _at(text, mentioned, found.last + 1)
    for mention in mentioned:
        following = [token.text for token in text.tokens[mention.last + 1 : mention.last + 3]]
        if following[:1] == ["s"] and following[-1] in _OWN_WORDS:
            yield mention


def _at(text: AlignedText, mentioned: Sequence[Mention], at: int) -> tuple[Mention, ...]:
    """Return whoever is mentioned at a place, small words aside, with those that "and" joins to them."""
    first = next((m for m in mentioned if at <= m.first <= at + BESIDE_VERB and _is_small(text, at, m.first)), None)
    return _joined(text, mentioned, first) if first else ()


def _is_small(text: AlignedText, first: int, last: int) -> bool:
    between = (token.text for token in text.tokens[first:last])
    return all(word in _ADVERBS or word in ("the", "a", "an", "both") for word in between)


def _joined(text: AlignedText, mentioned: Sequence[Mention], first: Mention) -> tuple[Mention, ...]:
    together = [first]
    for mention in mentioned:
        between = [token.text for token in text.tokens[together[-1].last + 1 : mention.first]]
        comma = _punctuation(text, together[-1].last + 1, mention.first)
        joined = between in (["and"], ["and", "the"]) or (not between and text.tokens[mention.first].text[0] == "و")
        both = together[-1].of_kind("name") and mention.of_kind("name")
        apposed = not between and comma == "," and not both
        if mention.first > together[-1].last and (joined or apposed):
            together.append(mention)
    return tuple(together)


def _punctuation(text: AlignedText, first: int, last: int) -> str:
    """Return the marks between two neighbouring tokens, an Arabic comma as a Latin one."""
    return "".join(text.text[text.tokens[first - 1].end : text.tokens[last].start].split()).replace("،", ",")


def _ends_before(text: AlignedText, at: int) -> bool:
    """Tell whether a sentence ends, its quotation opens, or its dateline ends before a token."""
    gap = text.text[text.tokens[at - 1].end : text.tokens[at].start]
    return any(mark in _ENDS for mark in gap) or any(dash in gap for dash in _DASHES)


def _opens(word: str) -> bool:
    """Tell whether a clause begins behind a word, whatever particle is written onto it: «وأن»."""
    return word in _OPENERS or (not word.isascii() and _without_and(word) in _OPENERS)


def _clause_start(text: AlignedText, at: int) -> int:
    start = at
    while start > max(0, at - REACH_BACK) and not _ends_before(text, start):
        if _opens(text.tokens[start - 1].text):
            break
        start -= 1
    return start


def _clause_end(text: AlignedText, at: int) -> int:
    end = at + 1
    while end < min(len(text.tokens), at + REACH_AHEAD) and not _ends_before(text, end):
        if _opens(text.tokens[end].text):
            break
        end += 1
    return end


def _arabic(
    claim: Claim, text: AlignedText, mentioned: Sequence[Mention], before: Sequence[Predication], at: int
) -> Iterator[Predication]:
    """Yield what an Arabic word says: a verbal noun, or a verb with its subject behind or before it."""
    finite = _finite(verbs_of(text.tokens[at].text))
    start, end = _clause_start(text, at), _clause_end(text, at)
    if not finite:
        yield from _of_noun(text, mentioned, before, at)
        return
    if _is_verbal_noun(text, start, at):
        return
    by = _doer(text, mentioned, at, end)
    if by:
        after = _bare(text, mentioned, at + 1)
        yield from (Predication(at, verb, by, after, True) for verb in finite)
        return
    agent, patient = _sides(claim, text, mentioned, before, at)
    if not patient and any(verb.meaning in ADDRESSED for verb in finite):
        patient = _addressee(mentioned, agent, at, end)
    implied = not agent and _has_no_subject(text, at)
    yield from (_predication(at, verb, agent, patient, implied) for verb in finite)


def _is_verbal_noun(text: AlignedText, start: int, at: int) -> bool:
    """Tell whether a word that may be a verb stands behind a preposition: «خلال بحث»."""
    return len(verbs_of(text.tokens[at].text)) > 1 and at > start and text.tokens[at - 1].text in _PREPOSITIONS


def _of_noun(
    text: AlignedText, mentioned: Sequence[Mention], before: Sequence[Predication], at: int
) -> Iterator[Predication]:
    """Yield what a verbal noun or a participle says, where somebody does it: «أعلنت اللجنة تعليق إضرابها»."""
    word = text.tokens[at].text
    verbs = verbs_of(word)
    if word.endswith("ا") and word[-2:] != "ها" and (doer := _last_doer(text, before, at)):
        yield Predication(at, verbs[0], doer, _at(text, mentioned, at + 1))
        return
    doer = tuple(m for m in mentioned if m.first == at + 1)
    yield from (Predication(at, verb, doer, ()) for verb in verbs if doer and verb.meaning in OF_DOER)
    last = before[-1] if before else None
    if last and last.verb.meaning in OF_SAME_DOER and last.agent and not doer and at < _clause_end(text, last.at):
        patient = _addressee(mentioned, last.agent, at, _clause_end(text, at))
        yield from (Predication(at, verb, last.agent, patient) for verb in verbs)


def _sides(
    claim: Claim, text: AlignedText, mentioned: Sequence[Mention], before: Sequence[Predication], at: int
) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """Return who does what an Arabic verb says, and who undergoes it."""
    word, start = text.tokens[at].text, _clause_start(text, at)
    after = _bare(text, mentioned, at + 1)
    previous = before[-1] if before and before[-1].at >= start else None
    first = next((m for m in mentioned if start <= m.first and m.last < at and m.preposition is None), None)
    if first is None and start < at and start and _without_and(text.tokens[start - 1].text) in _THAT:
        return (), after  # «أن التوتر يهدد اللجنة»
    if first and previous is None:
        return _joined(text, mentioned, first), after
    if any(verb.meaning in PLAIN_SPEECH for verb in verbs_of(word)) and (
        named := _named_behind(claim, text, mentioned, at)
    ):
        return (named,), ()
    if after:
        return after, _bare(text, mentioned, after[-1].last + 1)
    return (_shared(previous, word) if previous and word[0] in "وف" else (), ())


def _named_behind(claim: Claim, text: AlignedText, mentioned: Sequence[Mention], at: int) -> Mention | None:
    """Return who is named behind a verb of speech, in all words up to a clause, a preposition or another verb.

    «قالت الناطقة باسم اللجنة سهى درادكة إن»: of whatever words it is, nobody else says it.
    """
    inside = {place: m for m in mentioned for place in range(m.first, m.last + 1)}
    first = at + 1
    while first < len(text.tokens) and text.tokens[first].text in _ADVERBS:
        first += 1
    last = first
    while last < len(text.tokens) and (last in inside or _may_be_named(claim, text, last, first)):
        if last > at + 1 and _punctuation(text, last, last):
            break
        last += 1
    beginning = inside.get(first)
    if last == first or (beginning and {key.kind for key in beginning.keys} == {"name"}):
        return None
    keys = {key for place in range(first, last) if place in inside for key in inside[place].keys}
    keys |= {name_at(claim, text, place) for place in range(first, last) if place not in inside}
    return Mention(first, last - 1, frozenset(keys))


def _may_be_named(claim: Claim, text: AlignedText, at: int, first: int) -> bool:
    word = text.tokens[at].text
    if word == _ON_BEHALF:
        return True
    if word in _OPENERS or word in _PREPOSITIONS or not is_content(word) or word[0].isdigit() or verbs_of(word):
        return False
    return not is_joined(claim.lexicon, word) or at == first


def _without_and(word: str) -> str:
    return word[1:] if len(word) > 2 and word[0] in "وف" else word


def _shared(previous: Predication, word: str) -> tuple[Mention, ...]:
    """Return who does what «and they…» adds to an event: all of it where the verb is of two or many."""
    both = word.endswith(_OF_MANY) and previous.verb.meaning in MUTUAL
    return (*previous.agent, *previous.patient) if both else previous.agent


def _finite(verbs: Sequence[Verb]) -> list[Verb]:
    """Return the verbs that are no verbal nouns, each meaning once."""
    by_meaning: dict[str, Verb] = {}
    for verb in verbs:
        if verb.form != "noun":
            by_meaning.setdefault(verb.meaning, verb)
    return list(by_meaning.values())


def _last_doer(text: AlignedText, before: Sequence[Predication], at: int) -> tuple[Mention, ...]:
    """Return who did the last thing of a sentence, which a participle goes on with: «مطالبا»."""
    same = (event for event in reversed(before) if not _ends_between(text, event.at, at))
    return next((event.agent for event in same if event.agent), ())


def _has_no_subject(text: AlignedText, at: int) -> bool:
    """Tell whether nobody is named behind a verb: a clause, a preposition, or a quotation follows."""
    following = at + 1
    while following < len(text.tokens) and text.tokens[following].text in _ADVERBS:
        following += 1
    if following >= len(text.tokens) or _ends_before(text, following):
        return True
    word = text.tokens[following].text
    return word in _OPENERS or word in _PREPOSITIONS or not is_content(word)


def _predication(
    at: int, verb: Verb, agent: tuple[Mention, ...], patient: tuple[Mention, ...], implied: bool
) -> Predication:
    """Return an Arabic event; who is only hurt does not hurt: «قتل مدنيون»."""
    hurt = verb.meaning in meanings("harm") and not patient
    if hurt and all(key in VICTIMS for mention in agent for key in mention.keys):
        return Predication(at, verb, (), agent, True)
    return Predication(at, verb, agent, patient, is_implied=implied)


def _ends_between(text: AlignedText, first: int, last: int) -> bool:
    return any(_ends_before(text, at) for at in range(first + 1, last + 1))


def _bare(text: AlignedText, mentioned: Sequence[Mention], at: int) -> tuple[Mention, ...]:
    """Return whoever is mentioned at a place without a preposition."""
    found = _at(text, mentioned, at)
    return () if found and found[0].preposition is not None else found


def _doer(text: AlignedText, mentioned: Sequence[Mention], at: int, end: int) -> tuple[Mention, ...]:
    """Return by whom something is done, where the text says so after the verb."""
    for found in BY.find(text.tokens):
        if at < found.first < end:
            return _at(text, mentioned, found.last + 1)
    return ()


def _addressee(mentioned: Sequence[Mention], agent: Sequence[Mention], at: int, end: int) -> tuple[Mention, ...]:
    """Return whom somebody asks something of or gives it to: the first one after من, ل or إلى."""
    found = (m for m in mentioned if at < m.first < end and m not in agent)
    return tuple(m for m in found if m.preposition in ("من", "ل", "الي"))[:1]


def _english(
    text: AlignedText, mentioned: Sequence[Mention], before: Sequence[Predication], at: int
) -> Iterator[Predication]:
    """Yield the event of an English word: subject, verb, object; a passive; or a verb of speech before its subject."""
    verbs = _finite(verbs_of(text.tokens[at].text))
    if not verbs or (at and text.tokens[at - 1].text in ("the", "a", "an", "of", "for", "in", "s", "to", "by")):
        return
    start, end = _clause_start(text, at), _clause_end(text, at)
    auxiliaries = _auxiliaries(text, at)
    is_passive = verbs[0].form == "past" and any(word in _BE for word in auxiliaries)
    is_pronoun = at > len(auxiliaries) and text.tokens[at - 1 - len(auxiliaries)].text in _PRONOUNS
    subject = () if is_pronoun else _subject(text, mentioned, before, start, at - len(auxiliaries))
    after = _object(text, mentioned, at, end)
    by = _doer(text, mentioned, at, end) if is_passive else ()
    if is_passive:
        yield from (Predication(at, verb, by, subject, True) for verb in verbs)
    elif subject:
        yield from (Predication(at, verb, subject, after) for verb in verbs)
    elif verbs[0].form == "past" and at and not is_pronoun and _punctuation(text, at, at)[:1] in (",", '"', "”", "»"):
        yield from (Predication(at, verb, _at(text, mentioned, at + 1), ()) for verb in verbs)
    elif verbs[0].form == "past" or auxiliaries:
        yield from (Predication(at, verb, (), after, is_implied=is_pronoun) for verb in verbs)


def _auxiliaries(text: AlignedText, at: int) -> list[str]:
    found: list[str] = []
    while at - len(found) > 0 and text.tokens[at - 1 - len(found)].text in _HELPERS:
        found.append(text.tokens[at - 1 - len(found)].text)
    return found


def _subject(
    text: AlignedText, mentioned: Sequence[Mention], before: Sequence[Predication], start: int, at: int
) -> tuple[Mention, ...]:
    """Return who stands before a verb as its subject, or who is the subject that it shares with the verb before."""
    within = [event for event in before if event.at >= start]
    first = within[-1].at + 1 if within else start
    if at and text.tokens[at - 1].text in _CONJUNCTIONS:
        shared = (event.patient if event.is_passive else event.agent for event in reversed(within))
        return next((mentioned for mentioned in shared if mentioned), ())
    inside = [m for m in mentioned if first <= m.first and m.last < at and m.preposition is None]
    if not inside:
        return ()
    last = inside[-1]
    if _has_noun_between(text, last, at):
        return ()
    head = inside[0]
    together = _joined(text, mentioned, head)
    return tuple(m for m in together if m.last < at) if last in together else (last,)


def _has_noun_between(text: AlignedText, mention: Mention, at: int) -> bool:
    """Tell whether something else than the mention is the verb's subject: Lavrov, whose visit ended."""
    following = mention.last + 1
    return following < at and text.tokens[following].text in ("s", "whose")


def _object(text: AlignedText, mentioned: Sequence[Mention], at: int, end: int) -> tuple[Mention, ...]:
    """Return whom a verb takes as its object: the first mention after it, straight or by on, to, with."""
    first = next((m for m in mentioned if at < m.first < end), None)
    if first is None or first.first - at > BESIDE_VERB or _has_noun_between(text, first, len(text.tokens)):
        return ()
    return _joined(text, mentioned, first) if first.preposition in (None, "on", "to", "of") else ()
