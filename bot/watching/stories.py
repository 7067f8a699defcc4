"""Which alerts are of one story, pure: a story is told once in a chat, for however many watches it was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.storage.alerts import Alert
from bot.storage.watches import Watch

FoundStory = list[tuple[Watch, Alert]]  # what was found of one story for the watches of a chat


def merged_by_story(found: Iterable[tuple[Watch, Alert]]) -> list[FoundStory]:
    """Return alerts in groups of one story each, in the order of the first of each."""
    groups: list[FoundStory] = []
    for watch, alert in found:
        group = next((one for one in groups if told_already(alert, one)), None)
        if group is None:
            groups.append([(watch, alert)])
        else:
            group.append((watch, alert))
    return groups


def told_already(alert: Alert, told: Sequence[tuple[Watch, Alert]]) -> Alert | None:
    """Return which of some alerts is of the same story; None where none is."""
    return next((other for _, other in told if other.story.is_same(alert.story)), None)
