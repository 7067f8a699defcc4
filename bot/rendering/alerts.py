"""Pure: what a terminal and JSON show of a story that was found for what somebody watches."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from bot.rendering.answer_lines import outlets_line, source_line
from bot.rendering.json_forms import citation_json
from bot.rendering.terminal import DIM, QUOTE, TITLE
from retrieval.nlp.display import for_screen, isolate, one_line
from retrieval.types import Citation


def alert_text(watches: Sequence[str], citation: Citation, label: str, *, is_new: bool) -> Text:
    """Return a story with its quote; of one that was told before, only what it is and which outlets print it by now."""
    watched = " · ".join(isolate(for_screen(one_line(one))) for one in watches)
    parts = [*source_line(citation, label), *outlets_line(citation.outlets, "en")]
    source = " · ".join(isolate(for_screen(part)) for part in parts)
    if not is_new:
        return Text.assemble((watched, TITLE), "\n", (source, DIM))
    return Text.assemble((watched, TITLE), "\n«", (for_screen(citation.quote), QUOTE), "»\n", (source, DIM))


def alert_json(watches: Sequence[str], citation: Citation, label: str, *, is_new: bool) -> dict[str, object]:
    """Return the stable JSON form of a story; one that is not new was told before, and more outlets print it by now."""
    return {"watches": list(watches), "new": is_new, "label": label, "citation": citation_json(citation)}
