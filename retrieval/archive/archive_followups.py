"""Follow-ups to a question about the archive, in full: more of its rows, other days or sources, another subject."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from retrieval.archive.intent_patterns import intent_patterns
from retrieval.archive.intents import archive_question, bare_subject, limits_in
from retrieval.archive.month_years import with_years
from retrieval.archive_types import ArchiveAnswer
from retrieval.nlp.analysis import language_of, tokens, words
from retrieval.search.followups import subject_of, telling
from retrieval.search.query import Query
from retrieval.types import Span, Turn

_AND = "و"
_FEMININE = "ة"
_ROWS = {"ar": "الأسطر", "en": "rows"}
_PAGE = re.compile(rf"\((?:{'|'.join(_ROWS.values())}) (\d{{1,6}})–(\d{{1,6}})\)$")  # as `question_for_more` names it
_ACCORDING = {"ar": "بحسب", "en": "according to"}


class AskedInFull(NamedTuple):
    """A follow-up as a question that stands by itself, and how many pages of its rows were shown before."""

    text: str
    shown: int = 0


def question_for_more(asked: str, said: ArchiveAnswer) -> str | None:
    """Return the question for the rows that follow those of an answer; None where there are none.

    >>> from retrieval.archive_types import ArchiveRow
    >>> said = ArchiveAnswer("list", "Idlib", articles=14, rows=(ArchiveRow(None),) * 10, total=14)
    >>> question_for_more("Which articles mention Idlib?", said)
    'Which articles mention Idlib? (rows 11–20)'
    """
    begin = said.first + len(said.rows) + 1
    return f"{asked} ({_ROWS[language_of(asked)]} {begin}–{begin + len(said.rows) - 1})" if said.left else None


def archive_followup(
    text: str,
    history: Sequence[Turn],
    sources: Callable[[], Sequence[str]],
    days: Callable[[], Sequence[str]] = list,
    analyse: Callable[[str], Query] | None = None,
) -> AskedInFull | None:
    """Return a follow-up to a question about the archive in full; None where it is none.

    `sources` and `days` are those that articles state; `analyse` reads the questions before it for what they are about.

    >>> last = [Turn("كم مقالا تذكر إدلب؟", "")]
    >>> archive_followup("ومن رويترز؟", last, lambda: ["رويترز"])
    AskedInFull(text='كم مقالا تذكر إدلب بحسب رويترز', shown=0)
    >>> archive_followup("what about Hama?", [Turn("How many articles mention Idlib?", "")], list)
    AskedInFull(text='How many articles mention Hama?', shown=0)
    >>> archive_followup("المزيد", last, list), archive_followup("ومن قصفها؟", last, list)
    (AskedInFull(text='كم مقالا تذكر إدلب؟', shown=1), None)
    """
    if page := _PAGE.search(text):
        begin, end = map(int, page.groups())
        return AskedInFull(text[: page.start()].rstrip(), (begin - 1) // max(end - begin + 1, 1))
    last = archive_question(history[-1].question, sources) if history else None
    if history and archive_question(text, sources) is None and (pointing := _pronoun_in(text)):
        meant = last.subject if last else _meant(history, analyse)
        in_full = f"{text[: pointing.start].rstrip()} {meant}{text[pointing.end :]}"
        return AskedInFull(in_full) if meant and archive_question(in_full, sources) else None
    if last is None:
        return None
    before, known = history[-1].question, intent_patterns()
    said = frozenset(words(text))
    if said and said <= known.asks_for_rows and not said.isdisjoint(known.more):
        shown = next((at for at, turn in enumerate(reversed(history)) if turn.question != before), len(history))
        return AskedInFull(before, shown)
    rest = _after_opening(text)
    if limits := limits_in(with_years((rest or text).removeprefix(_AND), days), sources):
        bounds = [with_years((rest or text).removeprefix(_AND), days)] if limits.has_days else []
        bounds += [f"{_ACCORDING[language_of(before)]} {limits.source}"] if limits.source and not bounds else []
        return AskedInFull(" ".join([before.rstrip(" ؟?.!"), *bounds]))
    subject = bare_subject(rest) if archive_question(text, sources) is None else ""
    return AskedInFull(before.replace(last.subject, subject)) if last.subject and subject else None


def _pronoun_in(text: str) -> Span | None:
    """Return where a question points back at what was asked before: "mention him", the end of «عنها»."""
    known = intent_patterns()
    for word, start, end in reversed(tokens(text)):
        if word in known.pronouns:
            return Span(start, end)
        base = next((word.removesuffix(own) for own in known.suffixes if word.endswith(own)), "")
        if base in known.frame_of_all and not text[:end].endswith(_FEMININE):  # «مقالة» has no pronoun
            return Span(start + len(base), end)
    return None


def _meant(history: Sequence[Turn], analyse: Callable[[str], Query] | None) -> str:
    """Return what a conversation is about: the names of it, where it has any."""
    subject = subject_of(history, analyse) if analyse else None
    terms = telling(subject) if subject else []
    named = [term for term in terms if term.is_named_entity or term.kind == "name"]
    return " ".join(term.surface for term in named or terms)


def _after_opening(text: str) -> str:
    """Return what a follow-up asks about, after the words that lead to it; empty where none do."""
    said = tokens(text)
    first = next(intent_patterns().openings.ends([token.text for token in said], 0), 0)
    return text[said[first].start : said[-1].end] if 0 < first < len(said) else ""
