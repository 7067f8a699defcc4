"""Pure: where sources of one event differ, as lines of plain text: what each says, who says it and on which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.rendering.texts import TextKey, date_in_words, say
from retrieval.answer_sides import Side
from retrieval.nlp.display import one_line
from retrieval.types import Answer, Citation, Language


def sides_header(answer: Answer) -> list[str]:
    """Return the line that says that the sources differ; no line where they do not."""
    return [say(answer.language, "sides")] if answer.sides else []


def side_line(side: Side, citations: Sequence[Citation], language: Language) -> str:
    """Return what a side says: the value, the outlets, the day, whether it is a correction, the citations."""
    cited = {citation.number: citation for citation in citations}
    quoted = [cited[number] for number in side.citations if number in cited]
    named = (outlet or one.title or one.path for outlet, one in zip(side.outlets, quoted, strict=False))
    names = ("، " if language == "ar" else ", ").join(map(one_line, dict.fromkeys(named)))
    day = date_in_words(side.day, language) if side.day else None
    correction = say(language, "side_corrects") if side.is_correction else None
    known = " · ".join(filter(None, (_value(side, cited, language), names, day, correction)))
    return f"• {known} {''.join(f'[{number}]' for number in side.citations)}"


def _value(side: Side, cited: Mapping[int, Citation], language: Language) -> str:
    """Return a value as its quote has it, after yes or no, the day that it means, or what it is in English."""
    quoted = f"«{side.text}»"
    if side.kind == "whether":
        said: TextKey = "side_yes" if side.value == "yes" else "side_no"
        return f"{say(language, said)}: {quoted}"
    if side.kind == "date":
        return f"{date_in_words(side.value, language)} ({quoted})"
    if language == "ar" or side.kind == "person":
        return quoted
    marked = (cited[number].expression for number in side.citations if number in cited)
    said_in_english = next((one.english for one in marked if one and one.english and one.text == side.text), None)
    if said_in_english:
        return f"{said_in_english} ({quoted})"
    unit = f" {side.unit}" if side.unit else ""
    return f"{float(side.value):,.12g}{unit} ({quoted})"


def quotes_of_sides(answer: Answer) -> list[tuple[Side, list[Citation]]]:
    """Return the sides, each with those of its quotes that no sentence leans on and no side before it has."""
    shown = {number for sentence in answer.sentences for number in sentence.citations}
    found = []
    for side in answer.sides:
        own = [one for one in answer.citations if one.number in side.citations and one.number not in shown]
        shown |= {*side.citations}
        found.append((side, own))
    return found
