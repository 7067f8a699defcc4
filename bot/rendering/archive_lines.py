"""Pure: what the archive as a whole says to a question, as the lines around the quotes of its rows."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rendering.filters import narrowed_lines, whole_period
from bot.rendering.plurals import counted
from bot.rendering.texts import TextKey, archive_text, date_in_words, say
from retrieval.archive_types import ArchiveAnswer
from retrieval.nlp.display import one_line
from retrieval.types import Answer, Language, Sentence


def archive_heading(answer: Answer, said: ArchiveAnswer) -> list[str]:
    """Return the lines that lead to the quotes: what was counted, and the rows that are about no text."""
    language = answer.language
    heading = _leading(said, language)
    has_rows = answer.citations or any(row.articles is not None for row in said.rows)
    counts = ((row.label, row.articles) for row in said.rows if row.label and row.articles is not None)
    listed = (f"• {one_line(label)}: {counted(articles, 'article', language)}" for label, articles in counts)
    lines = [heading + (":" if has_rows else "."), *listed]
    if said.unread:
        read, left = (counted(count, "article", language) for count in (said.articles - said.unread, said.unread))
        lines.append(say(language, "timeline_left_out", read=read, left=left))
    return lines


def row_label(answer: Answer, sentence: Sentence) -> str | None:
    """Return what stands above a quote that is a row by its day; None where the row before it has the same."""
    if answer.archive is None or answer.archive.intent != "timeline":
        return None
    rows = answer.archive.rows
    at = next((at for at, row in enumerate(rows) if row.citations == sentence.citations), 0)
    if at and rows[at].label == rows[at - 1].label:
        return None
    label = rows[at].label
    return _in_words(label, answer.language) if label else say(answer.language, "timeline_undated")


def _in_words(label: str, language: Language) -> str:
    """Return a day, or a span of days as ISO 8601 has it, as prose does.

    >>> _in_words("2019-05-01/2019-05-31", "en"), _in_words("2019-05-14", "ar")
    ('May 2019', '14 مايو 2019')
    """
    first, _, last = label.partition("/")
    if not last:
        return date_in_words(first, language)
    if whole := whole_period(first, last):
        return date_in_words(whole, language)
    ends = (date_in_words(day, language) for day in (first, last))
    return say(language, "from_day_to_day", **dict(zip(("first", "last"), ends, strict=True)))


def _leading(said: ArchiveAnswer, language: Language) -> str:
    if said.intent in ("sources", "dates") and not said.rows:
        return _unstated(said, language)
    days = [date_in_words(row.label, language) for row in said.rows if row.label] if said.intent == "dates" else [""]
    return archive_text(
        language,
        said.intent,
        one_line(said.subject) if said.subject else None,
        articles=counted(said.articles, "article", language, "after" if said.subject else "subject"),
        outlets=counted(said.total, "outlet", language, "after"),
        first=days[0],
        last=days[-1],
    )


def _unstated(said: ArchiveAnswer, language: Language) -> str:
    key: TextKey = "archive_unsourced" if said.intent == "sources" else "archive_undated"
    return say(language, key, articles=counted(said.unstated, "article", language, "after"))


def archive_rest(said: ArchiveAnswer, language: Language, *, goes_on: bool) -> list[str]:
    """Return the lines below the rows: the articles that state nothing to go by, and how many rows there are more.

    Where the conversation `goes_on`, they say how to see those.
    """
    lines = []
    if said.unstated and said.rows:
        lines.append(f"{_unstated(said, language)}.")
    more: TextKey = "archive_more" if goes_on else "archive_left"
    return [*lines, say(language, more, count=said.left)] if said.left else lines


def archive_refusal(answer: Answer, said: ArchiveAnswer) -> list[str]:
    """Return the lines that say that no article mentions a subject, and which names come near."""
    language = answer.language
    if not said.is_known:
        return [say(language, "archive_unknown")]
    lines = narrowed_lines(answer.filters, language)
    if not (answer.filters and answer.filters.emptied_by):
        about = one_line(said.subject) if said.subject else None
        lines.append(say(language, "archive_none", subject=about) if about else say(language, "nothing_held"))
    return [*lines, say(language, "archive_near", names=_either(said.near, language))] if said.near else lines


def _either(names: Sequence[str], language: Language) -> str:
    """Return names as a choice.

    >>> _either(["لافروف", "شويغو"], "en")
    '“لافروف” or “شويغو”'
    """
    if language == "ar":
        return " أو ".join(f"«{one_line(name)}»" for name in names)
    return " or ".join(f"“{one_line(name)}”" for name in names)
