"""Who is mentioned, by what they are known, and when two mentions may be of the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Key(NamedTuple):
    """One thing by which somebody is known: a kind (nations, offices…, or name) and which."""

    kind: str
    value: str | int


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody in a text, by first and last token, by what they are known, and the preposition before them."""

    first: int
    last: int
    keys: frozenset[Key]
    preposition: str | None = None

    def of_kind(self, kind: str) -> frozenset[Key]:
        """Return the keys of one kind."""
        return frozenset(key for key in self.keys if key.kind == kind)


class Cast:
    """Everybody in some texts, with what the texts say of each where they name them: office, nation, given name."""

    def __init__(self, mentioned: Iterable[Mention]) -> None:
        """Take the mentions of all texts together."""
        self._known: dict[Key, set[Key]] = {}
        self.keys: set[Key] = set()
        for mention in mentioned:
            self.keys |= mention.keys
            for name in mention.of_kind("name"):
                self._known.setdefault(name, set()).update(mention.keys)

    def known(self, keys: Iterable[Key]) -> frozenset[Key]:
        """Return everything by which the bearers of some keys are known."""
        found = set(keys)
        for key in tuple(found):
            found |= self._known.get(key, set())
        return frozenset(found)

    def may_be_same(self, one: Iterable[Mention], other: Iterable[Mention]) -> bool:
        """Tell whether one may be the other, as far as they are known; who is known too little may be anybody.

        A name tells before a nation, a nation before an office or a group.
        """
        first, second = (self.known(key for mention in side for key in mention.keys) for side in (one, other))
        for kinds in (("name",), ("nations",), ("offices", "groups")):
            here, there = ({key for key in keys if key.kind in kinds} for keys in (first, second))
            if here and there:
                return bool(here & there)
        return True

    def is_same(self, one: Iterable[Mention], other: Iterable[Mention]) -> bool:
        """Tell whether both are known by the same name, nation or group."""
        first, second = ({key for mention in side for key in mention.keys} for side in (one, other))
        return any(key.kind in ("name", "nations", "groups") for key in self.known(first) & self.known(second))
