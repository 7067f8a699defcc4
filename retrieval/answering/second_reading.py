"""A second reading by a language model: whether each quote says its sentence, asked in one call for all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from prompts import phrase, prompt
from retrieval.errors import ModelError
from retrieval.llms.prompt_injection import neutralise_delimiters
from retrieval.nlp.analysis import normalise
from retrieval.nlp.display import one_line
from retrieval.types import Language

if TYPE_CHECKING:
    from retrieval.llms.client import LLMClient

LONGEST_CONTEXT = 800  # code points of the passage around a quote
_UNTOLD = "—"  # what a reader finds unsaid without telling which words

_LINE = re.compile(r"^\W*(\d{1,2})\W+(?:is\s+)?(not\s+said|not|said)\b\W*(.*)$", re.IGNORECASE)


class ReadingPair(NamedTuple):
    """A sentence, the quote that is to say it, and the passage that the quote stands in."""

    sentence: str
    quote: str
    context: str


def read_again(
    reader: LLMClient, pairs: Sequence[ReadingPair], language: Language, deadline: float
) -> list[str | None]:
    """Return for each pair what the quote does not say: nothing where it says all, None where no verdict came."""
    shown = "\n\n".join(_shown(number, pair, language) for number, pair in enumerate(pairs, start=1))
    try:
        reply = reader.complete(prompt("read", language, pairs=shown), deadline)
    except ModelError:
        return [None] * len(pairs)
    found = parse_verdicts(reply)
    return [found.get(number) for number in range(1, len(pairs) + 1)]


def parse_verdicts(reply: str) -> dict[int, str]:
    r"""Return the verdicts of a reply by number; the last one of a number counts, as models think aloud.

    >>> parse_verdicts('1 SAID\n**2**: NOT: "was convicted"\n٣. Not said')
    {1: '', 2: 'was convicted', 3: '—'}
    """
    verdicts = {}
    for line in reply.rpartition("</think>")[2].splitlines():
        if found := _LINE.match(normalise(line) if re.match(r"\W*[٠-٩]", line) else line):
            words = found[3].strip(' .:"“”«»*')
            verdicts[int(found[1])] = "" if found[2].lower() == "said" else words or _UNTOLD
    return verdicts


def _shown(number: int, pair: ReadingPair, language: Language) -> str:
    at = max(pair.context.find(pair.quote[:40]), 0)
    start = max(0, at - LONGEST_CONTEXT // 4)
    context = pair.context[start : start + LONGEST_CONTEXT]
    parts = {"sentence": pair.sentence, "quote": pair.quote, "context": context}
    shown = {name: one_line(neutralise_delimiters(part)) for name, part in parts.items()}
    return phrase("pair", language, number=number, **shown)
