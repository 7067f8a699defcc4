"""Roles: who does something to whom, where the texts say it of somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.grounding.actors import mentions_of_names
from retrieval.grounding.cast import Cast, Mention
from retrieval.grounding.comparison import Comparison
from retrieval.grounding.predications import Predication, ReadText, read_predications
from retrieval.grounding.verbs import GOAL, MUTUAL, PLAIN_SPEECH, UNDERGOING, meanings, similar_meanings, verbs_of

NEAR_GOAL = 3  # tokens after a journey in which it says where to
_TO_WHOM = ("ل", "الي")
_TO = (None, "to", "الي", "ل", "of")
PAIR = 2  # who do something with each other; a text that names fewer leaves the others open
_TOLD_APART = ("name", "nations", "groups")  # kinds of keys by which somebody is found in a text


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence and the texts nearest to it, with who does what in each, and everybody in the texts."""

    compared: Comparison
    own: ReadText
    near: tuple[ReadText, ...]  # the sentences nearest to it
    whole: tuple[ReadText, ...]  # the passages that these stand in
    all: Cast  # of the sentence and the texts
    there: Cast  # of the texts alone

    def has(self, side: Sequence[Mention]) -> bool:
        """Tell whether the texts mention everybody of a side, by whatever the sentence knows them."""
        keys = [{key for key in one.keys if key.kind in _TOLD_APART} for one in side]
        return bool(keys) and all(own and own & self.there.keys for own in keys)


def scene_of(compared: Comparison) -> Scene:
    """Return who does what in a sentence and in the texts nearest to it; their articles tell who is who."""
    claim = compared.claim
    own = read_predications(claim, compared.own)
    if not own.sources and not any(event.agent or event.patient for event in own.events):
        return Scene(compared, own, (), (), Cast(()), Cast(()))
    near = tuple(read_predications(claim, text) for text in compared.near)
    whole = tuple(read_predications(claim, text) for text in compared.whole)
    there = [mention for text in whole for mention in (*text.mentions, *_acting(text))]
    around = [mention for article in compared.articles for mention in mentions_of_names(claim, claim.align(article))]
    return Scene(compared, own, near, whole, Cast([*own.mentions, *there, *around]), Cast(there))


def _acting(text: ReadText) -> Iterator[Mention]:
    return (mention for event in text.events for mention in event.agent)


def exchanged_roles(scene: Scene) -> Iterable[str]:
    """Yield who in a sentence does what the texts say of somebody else, or goes elsewhere."""
    by_verb: dict[int, list[Predication]] = {}
    for event in scene.own.events:
        by_verb.setdefault(event.at, []).append(event)
    found: list[Mention] = []
    for events in by_verb.values():
        wrong = [_exchanged(scene, event) for event in events if event.verb.meaning not in PLAIN_SPEECH]
        if wrong and all(wrong):
            found += wrong[0]
        found += [mention for event in events for mention in _unnamed_doers(scene, event)]
    for mention in dict.fromkeys((*found, *_wrong_goals(scene), *_mere_addressees(scene))):
        yield scene.compared.words(mention.first, mention.last)


def _exchanged(scene: Scene, event: Predication) -> list[Mention]:
    """Return who in an event of the sentence is not who the texts say; nobody where they leave it open."""
    alike = similar_meanings(event.verb.meaning)
    same = [other for text in scene.near for other in text.events if other.verb.meaning in alike]
    if not same or any(_agrees(scene, event, other) for other in same):
        return []
    wrong = [side for side in (event.agent, event.patient) if scene.has(side)]
    return list(wrong[0][:1]) if wrong else []


def _agrees(scene: Scene, event: Predication, other: Predication) -> bool:
    """Tell whether an event of a text may be the sentence's, by who does it and who undergoes it."""
    if event.verb.meaning in MUTUAL:
        sides = [(*event.agent, *event.patient), (*other.agent, *other.patient)]
        return len(sides[1]) < PAIR or all(scene.all.may_be_same((one,), sides[1]) for one in sides[0])
    if not scene.all.may_be_same(event.agent, other.agent):
        return False
    turned = scene.all.is_same(event.agent, other.patient) and not scene.all.is_same(event.agent, other.agent)
    if turned and (other.agent or (event.patient and not scene.all.is_same(event.patient, other.patient))):
        return False
    return scene.all.may_be_same(event.patient, other.patient)


def _unnamed_doers(scene: Scene, event: Predication) -> Iterator[Mention]:
    """Yield who hurts somebody in the sentence, where the texts say that it happened, and nowhere name them."""
    if event.verb.meaning not in meanings("harm") or not event.agent or scene.has(event.agent[:1]):
        return
    for text in scene.near:
        for token in text.text.tokens:
            if any(verb.meaning == event.verb.meaning for verb in verbs_of(token.text)):
                yield event.agent[0]
                return


def _mere_addressees(scene: Scene) -> Iterator[Mention]:
    """Yield who acts in the sentence by name, and to whom alone something is said, given or done in the texts."""
    for event in scene.own.events:
        actors = [one for one in event.agent if one.of_kind("name")]
        if event.is_passive or event.verb.meaning in UNDERGOING | MUTUAL or len(event.agent) != 1 or not actors:
            continue
        named = actors[0].of_kind("name")
        roles = [(named & m.keys, m.preposition) for text in scene.near for m in text.mentions if named & m.keys]
        acting = [one for text in scene.near for one in _acting(text)]
        others = [one for one in acting if one.of_kind("name") and not one.keys & named]
        addressed = bool(roles) and all(preposition in _TO_WHOM for _, preposition in roles)
        if addressed and others and not any(one.keys & named for one in acting):
            yield actors[0]


def _wrong_goals(scene: Scene) -> Iterator[Mention]:
    """Yield the country that somebody visits or goes to in the sentence, and to another in the texts."""
    there = [mention for text in scene.near for mention in _goals(text)]
    for mention in _goals(scene.own):
        if there and scene.has((mention,)) and not any(mention.keys & other.keys for other in there):
            yield mention


def _goals(text: ReadText) -> Iterator[Mention]:
    for at, token in enumerate(text.text.tokens):
        if any(verb.meaning in GOAL for verb in verbs_of(token.text)):
            after = (m for m in text.mentions if at < m.first <= at + NEAR_GOAL and m.preposition in _TO)
            yield from (m for m in tuple(after)[:1] if m.keys == m.of_kind("nations"))
