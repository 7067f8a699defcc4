"""Pure: an answer, and the account of how it came about, as lines of plain text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from bot.rendering.archive_lines import archive_heading, archive_refusal, archive_rest, row_label
from bot.rendering.filters import narrowed_lines
from bot.rendering.side_lines import quotes_of_sides, side_line, sides_header
from bot.rendering.texts import (
    BOTH,
    TextKey,
    count_articles,
    count_outlets,
    listed,
    notice,
    readings_text,
    reply_text,
    say,
    unsaid_text,
)
from retrieval.nlp.analysis import language_of
from retrieval.nlp.display import one_line
from retrieval.types import (
    Answer,
    Citation,
    Explanation,
    Hit,
    Language,
    Mode,
    SearchedWord,
    Sentence,
    SentenceCheck,
    SmallTalk,
)

LabelOf = Callable[[str], str]  # from an article's id to what it is called

MOST_STEMS = 6  # shown of a word's
MOST_HITS = 6  # passages shown of those that were found
_LEADS_TO_HELP: frozenset[SmallTalk] = frozenset(("greeting", "about", "help", "test"))
_CONTEXT = 400  # code points of the article shown on either side of a quote, at most


def plain_text(answer: Answer) -> str:
    """Return an answer as text in logical order: its sentences, what is held instead, or Sanad's own reply.

    Several stand under their questions.
    """
    if answer.parts:
        told = (f"{one_line(part.question)}\n{plain_text(part)}" for part in answer.parts)
        return "\n\n".join([*told, *unanswered(answer)])
    match answer.outcome:
        case "reply":
            return "\n".join(reply_lines(answer))
        case "not_covered":
            return "\n".join(refusal(answer))
        case _:
            said = (line for sentence in answer.sentences for line in _said(sentence, answer))
            return "\n".join([*frame(answer), *said, *_sides(answer)])


def _said(sentence: Sentence, answer: Answer) -> list[str]:
    """Return a sentence as it is shown, and below one that a model wrote the quotes that it leans on."""
    label = row_label(answer, sentence)
    first = " ".join(
        filter(None, (shown_text(sentence), markers(sentence), readings_mark(sentence, answer.mode, answer.language)))
    )
    return [
        *([label] if label else []),
        first,
        *(f"«{cited.quote}» [{cited.number}]" for cited in quotes_beside(sentence, answer.citations)),
    ]


def _sides(answer: Answer) -> list[str]:
    """Return where the sources differ: a line a side, and below it the quotes that no sentence has shown."""
    lines = sides_header(answer)
    for side, quotes in quotes_of_sides(answer):
        lines.append(side_line(side, answer.citations, answer.language))
        lines += [f"«{cited.quote}» [{cited.number}]" for cited in quotes]
    return lines


def unanswered(answer: Answer) -> list[str]:
    """Return the line that names the questions of a message beyond those that are answered; no line for none."""
    if not answer.unanswered:
        return []
    questions = " · ".join(map(one_line, answer.unanswered))
    return [say(answer.language, "unanswered", most=len(answer.parts), questions=questions)]


def remarks(answer: Answer) -> list[str]:
    """Return the lines that say what failed, and that name the filters in force."""
    return [*troubles(answer), *narrowed_lines(answer.filters, answer.language)]


def troubles(answer: Answer) -> list[str]:
    """Return the lines that say what failed or is missing: the vectors at the search, a model at the answer."""
    lines = vector_lines(answer.language, lexical_only=answer.lexical_only, pending=answer.vectors_pending)
    if answer.notice:
        is_written = answer.mode == "llm"
        lines.append(notice(answer.language, answer.notice, answer.server_words, written=is_written))
    return lines


def vector_lines(language: Language, *, lexical_only: bool, pending: float) -> list[str]:
    """Return the line that says what the vectors could not find; no line where nothing was missing.

    >>> vector_lines("en", lexical_only=False, pending=0.256)
    ['The vectors of 26% of the articles are still being made; these are found by their words alone.']
    """
    if lexical_only:
        return [say(language, "lexical_only")]
    return [say(language, "vectors_pending", share=f"{max(round(100 * pending), 1)}%")] if pending else []


def tally(answer: Answer, *, goes_on: bool = True) -> list[str]:
    """Return the lines below the sentences: how many of a model's were left out, or the rest of the archive's rows."""
    if answer.archive:
        return archive_rest(answer.archive, answer.language, goes_on=goes_on)
    shown = len(answer.sentences)
    if answer.mode != "llm" or shown >= answer.written:
        return []
    return [say(answer.language, "left_out", shown=shown, written=answer.written)]


def frame(answer: Answer) -> list[str]:
    """Return the lines that lead to the sentences: that they are only the nearest, or are in another language.

    For who asked in English, what answers in the first quote is said in English before them, where it is known.
    """
    if not answer.found:
        return [*_missing(answer), say(answer.language, "closest")]
    if answer.archive:
        return archive_heading(answer, answer.archive)
    foreign = any(language_of(sentence.text) != answer.language for sentence in answer.sentences)
    if not foreign or answer.mode != "extractive":
        return []
    said = answer.expression.english if answer.expression and answer.language == "en" else None
    told = [say(answer.language, "first_quote_says", expression=said)] if said else []
    return [*told, say(answer.language, "frame")]


def is_quotation(sentence: Sentence) -> bool:
    """Tell whether a sentence is the article's own words; one that a model wrote stands beside those."""
    return "quoted" in sentence.readings


def shown_text(sentence: Sentence) -> str:
    """Return a sentence's words; a quotation stands between quotation marks."""
    return f"«{sentence.text}»" if is_quotation(sentence) else sentence.text


def quotes_beside(sentence: Sentence, citations: Sequence[Citation]) -> list[Citation]:
    """Return the quotes that a sentence is shown with, as it leans on them; a quotation is its own."""
    return [] if is_quotation(sentence) else [cited for cited in citations if cited.number in sentence.citations]


def readings_mark(sentence: Sentence, mode: Mode, language: Language) -> str:
    """Return what was done with a sentence of a model's answer; quotes alone say by their marks what they are."""
    return f"({readings_text(language, sentence.readings)})" if mode == "llm" else ""


def markers(sentence: Sentence) -> str:
    """Return the numbers of a sentence's citations, as [1][2]."""
    return "".join(f"[{number}]" for number in sentence.citations)


def refusal(answer: Answer) -> list[str]:
    """Return the lines that say what was not found, which words the articles lack, and what they do cover."""
    language = answer.language
    if answer.archive:
        return archive_refusal(answer, answer.archive)
    if answer.unsaid:
        return [unsaid_text(language, answer.unsaid), *narrowed_lines(answer.filters, language)]
    emptied = answer.filters is not None and answer.filters.emptied_by
    lines = [say(language, "declined"), *([] if emptied else _missing(answer))]
    lines += narrowed_lines(answer.filters, language)
    if answer.covered is None or not answer.covered.articles:
        return [*lines, say(language, "nothing_held")]
    lines.append(say(language, "nearest", articles=count_articles(answer.covered.articles, language)))
    return [*lines, *(f"• {one_line(label)}" for label in answer.covered.nearest)]


def _missing(answer: Answer) -> list[str]:
    """Return the line that names the question's words which the articles lack; no line where none decided."""
    return [say(answer.language, "missing", words=listed(answer.missing, answer.language))] if answer.missing else []


def reply_lines(answer: Answer, *, has_commands: bool = False) -> list[str]:
    """Return what is said to a message that asks nothing of the articles, in both languages where it is in neither."""
    assert answer.reply is not None
    is_neither = answer.reply == "foreign" or not any(letter.isalpha() for letter in answer.question)
    languages = BOTH if is_neither else (answer.language,)
    lines = [line for language in languages for line in reply_text(language, answer.reply).splitlines()]
    if answer.covered and answer.covered.nearest:
        labels = (f"• {one_line(label)}" for label in answer.covered.nearest)
        lines += [say(answer.language, "ask_about", articles=count_articles(answer.covered.articles, answer.language))]
        lines += labels
    if has_commands and answer.reply in _LEADS_TO_HELP:
        lines.append(say(answer.language, "see_help"))
    return lines


def source_line(citation: Citation, label: str) -> list[str]:
    """Return what is known of a citation's source, most telling first; what is not known is left out."""
    known = (label, citation.source, date_line(citation.published, citation.dated), citation.path)
    return [one_line(part) for part in known if part]


def date_line(published: str | None, dated: str | None) -> str | None:
    """Return a date as it is shown: the day, and what the article says where that is another calendar or not all.

    >>> date_line("2019-05-14", "9 رمضان 1440 هـ"), date_line(None, "الثلاثاء 14 مايو")
    ('2019-05-14 (9 رمضان 1440 هـ)', 'الثلاثاء 14 مايو')
    """
    return f"{published} ({dated})" if published and dated else published or dated


def outlets_line(outlets: Sequence[str | None], language: Language) -> list[str]:
    """Return the line that says which other outlets print a text, with the names that are known; no line for none.

    >>> outlets_line(("Reuters", None, "AFP"), "en"), outlets_line((), "ar")
    (['+3 outlets: Reuters, AFP'], [])
    """
    if not outlets:
        return []
    names = ("، " if language == "ar" else ", ").join(one_line(name) for name in outlets if name)
    return [count_outlets(len(outlets), language) + (f": {names}" if names else "")]


def stems_line(word: SearchedWord) -> str:
    """Return the stems by which a word was looked for."""
    return "، ".join(word.stems[:MOST_STEMS]) + (" …" if len(word.stems) > MOST_STEMS else "")


def ranks_line(hit: Hit, language: Language, unknown: str) -> str:
    """Return how well a passage was found, and by what; `unknown` stands where one of the two did not find it."""
    words, vectors = hit.lexical_rank or unknown, hit.vector_rank or unknown
    return say(language, "why_rank", score=f"{hit.score:.3f}", words=words, vectors=vectors)


def gate_line(explanation: Explanation, language: Language) -> str:
    """Return whether the passages answer the question, how likely that is, and whether what they lack decided."""
    likely, least = _likelihood(explanation.score), _likelihood(explanation.threshold)
    withheld: TextKey = "why_withheld" if explanation.score >= explanation.threshold else "why_closed"
    key: TextKey = "why_open" if explanation.covered else withheld
    return say(language, key, figure=f"{likely:.2f}", threshold=f"{least:.2f}")


def _likelihood(log_odds: float) -> float:
    """Return log odds as a likelihood, by the logistic function; for no figure too great."""
    return (1 + math.tanh(log_odds / 2)) / 2


def check_line(checked: SentenceCheck, language: Language) -> str:
    """Return what the check of a model's sentence found."""
    key: TextKey = "why_holds" if checked.passed else "why_fails"
    return say(language, key, figure=f"{checked.figure:.2f}", problems="; ".join(checked.problems))


def excerpt(text: str, start: int, end: int, context: int = _CONTEXT) -> tuple[str, str, str]:
    """Return what stands before a slice, the slice, and what follows, cut at words where the text goes on.

    >>> excerpt("one two three four five six", 8, 13, context=6)
    ('… two ', 'three', ' four …')
    """
    before, after = text[max(start - context, 0) : start], text[end : end + context]
    if start > context and text[start - context - 1].strip():
        before = before.partition(" ")[2]
    if len(text) > end + context and text[end + context].strip():
        after = after.rpartition(" ")[0]
    before = before if start <= context else f"… {before.lstrip()}"
    return before, text[start:end], after.rstrip() + (" …" if len(text) > end + context else "")
