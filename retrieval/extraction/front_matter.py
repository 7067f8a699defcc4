"""What a YAML block at the head of a text states about it."""

from __future__ import annotations

import re

import yaml

from retrieval.extraction.metadata import Facts, Field, StatedFact, statement_of_date
from retrieval.nlp.display import clean

LONGEST_FRONT_MATTER = 10_000  # code points
MOST_BRACKETS = 100  # in it; a reader of YAML goes down into each, however many are in one another

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<block>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_KEYS: dict[str, Field] = {
    "title": "title", "source": "source", "author": "author", "authors": "author", "byline": "author",
    "date": "published", "published": "published",
}  # fmt: skip


def read_front_matter(text: str) -> tuple[Facts, int]:
    r"""Return what a YAML block at the text's head states, and the offset at which the article begins.

    A block that is not YAML («title: روسيا: اتفاق» is none) is read line by line; where even that finds
    no key that we know, the lines are the article's own and nothing is left out.

    >>> read_front_matter("---\ntitle: روسيا: اتفاق\ndate: 2019-05-14\n---\nقال")
    ({'title': 'روسيا: اتفاق', 'published': '2019-05-14'}, 45)
    >>> read_front_matter("---\nقال\n---\n")
    ({}, 0)
    """
    block = _FRONT_MATTER.match(text[:LONGEST_FRONT_MATTER])
    if not block:
        return {}, 0
    given = _yaml_of(block["block"]) or _lines_of(block["block"])
    facts: Facts = {}
    for key, value in given.items():
        field = _KEYS.get(key.strip().lower())
        stated = (
            statement_of_date(value) if field == "published" else StatedFact(field, clean(value)) if field else None
        )
        if stated and stated.value:
            facts.setdefault(stated.field, stated.value)
    known = any(key.strip().lower() in _KEYS for key in given)
    return (facts, block.end()) if known else ({}, 0)


def _yaml_of(block: str) -> dict[str, str]:
    """Return the block's scalars, and its lists of scalars joined; empty where it is no YAML mapping."""
    if block.count("[") + block.count("{") > MOST_BRACKETS:
        return {}
    try:
        # BaseLoader builds strings, lists and mappings only: a title `2019` or `no` stays the text that it is.
        loaded = yaml.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    if not isinstance(loaded, dict):
        return {}
    joined = {
        key: ", ".join(item for item in value if isinstance(item, str)) if isinstance(value, list) else value
        for key, value in loaded.items()
    }
    return {key: value for key, value in joined.items() if isinstance(key, str) and isinstance(value, str)}


def _lines_of(block: str) -> dict[str, str]:
    """Return the `key: value` lines of a block that is no YAML."""
    pairs = (line.partition(":") for line in block.splitlines())
    return {key.strip(): value.strip().strip("\"'") for key, colon, value in pairs if colon}
