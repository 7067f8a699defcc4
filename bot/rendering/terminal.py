"""What a terminal shows, as Rich texts: safe, isolated, styled, and never parsed as markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from rich.table import Table
from rich.text import Text

from bot.rendering.answer_lines import (
    LabelOf,
    date_line,
    excerpt,
    frame,
    is_quotation,
    markers,
    outlets_line,
    quotes_beside,
    readings_mark,
    refusal,
    remarks,
    reply_lines,
    source_line,
    tally,
    troubles,
    unanswered,
)
from bot.rendering.archive_lines import row_label
from bot.rendering.filters import narrowed_lines
from bot.rendering.name_sheet_lines import sheet_parts, sheet_summary
from bot.rendering.side_lines import quotes_of_sides, side_line, sides_header
from bot.rendering.texts import say
from retrieval.name_sheets import NameSheet
from retrieval.nlp.display import for_screen, isolate, one_line, shown_slice, visible
from retrieval.provenance import TextChange
from retrieval.types import (
    Answer,
    AnswerExpression,
    Article,
    Citation,
    Failure,
    Hit,
    Language,
    Mode,
    Narrowing,
    RefreshReport,
    Sentence,
    StoryMember,
)

QUOTE = "bold"
MARKER = "cyan"
DIM = "dim"
TITLE = "bold"
REMOVED, ADDED = "red", "green"  # lines
FOUND = "black on yellow"  # a quote inside its article

UNKNOWN = "-"
INDENT = "  "  # of a quote below the sentence that leans on it


def answer_text(answer: Answer, label_of: LabelOf, *, has_commands: bool = False) -> Text:
    """Return an answer and its sources, what is held instead, or Sanad's own reply.

    The reply names /help where there is such a command. Several answers stand under their questions.
    """
    if answer.parts:
        told = [
            _lines(
                [
                    Text(for_screen(one_line(part.question)), style=TITLE),
                    answer_text(part, label_of, has_commands=has_commands),
                ]
            )
            for part in answer.parts
        ]
        return Text("\n\n").join([*told, *(Text(for_screen(line), style=DIM) for line in unanswered(answer))])
    if answer.outcome == "reply":
        return _lines([Text(for_screen(line)) for line in reply_lines(answer, has_commands=has_commands)])
    if answer.outcome == "not_covered":
        quiet = [Text(for_screen(line), style=DIM) for line in troubles(answer)]
        return _lines([*quiet, *(Text(for_screen(line)) for line in refusal(answer))])
    lines = [Text(for_screen(line), style=DIM) for line in remarks(answer)]
    lines += [
        Text(for_screen(line), style=DIM if answer.found and not answer.archive else "") for line in frame(answer)
    ]
    for sentence in answer.sentences:
        if label := row_label(answer, sentence):
            lines.append(Text(for_screen(label), style=TITLE))
        lines.append(sentence_text(sentence, answer.citations, answer.mode, answer.language))
    lines += [Text(for_screen(line), style=DIM) for line in tally(answer, goes_on=has_commands)]
    sources = [Text(), *sources_text(answer, label_of).split("\n")] if answer.citations else []
    return _lines([*lines, *_sides(answer), *sources])


def _sides(answer: Answer) -> list[Text]:
    """Return where the sources differ: a line a side, and below it the quotes that no sentence has shown."""
    lines = [Text(), *(Text(for_screen(line), style=DIM) for line in sides_header(answer))] if answer.sides else []
    for side, quotes in quotes_of_sides(answer):
        lines.append(Text(for_screen(side_line(side, answer.citations, answer.language))))
        lines += [Text.assemble(INDENT, _quoted(one.quote, one.expression), " ", _number(one)) for one in quotes]
    return lines


def sentence_text(sentence: Sentence, citations: Sequence[Citation], mode: Mode, language: Language) -> Text:
    """Return a sentence with its markers; one that a model wrote with what was done with it, over its quotes."""
    if is_quotation(sentence):
        cited = [one for one in citations if one.number in sentence.citations and one.quote == sentence.text]
        said = _quoted(sentence.text, cited[0].expression if cited else None)
    else:
        said = Text(for_screen(sentence.text))
    first = Text.assemble(said, " ", (isolate(markers(sentence), "ltr"), MARKER))
    if done := readings_mark(sentence, mode, language):
        first.append(" ").append(for_screen(done), DIM)
    beside = quotes_beside(sentence, citations)
    return _lines(
        [first, *(Text.assemble(INDENT, _quoted(one.quote, one.expression), " ", _number(one)) for one in beside)]
    )


def _quoted(quote: str, expression: AnswerExpression | None) -> Text:
    """Return a quote between quotation marks, bold what answers in it, or all of it where that is not known."""
    shown = Text(for_screen(quote))
    bold = shown_slice(quote, expression.start, expression.end) if expression else (0, None)
    shown.stylize(QUOTE, *bold)
    return Text.assemble("«", shown, "»")


def _number(citation: Citation) -> tuple[str, str]:
    return _marker(citation.number), MARKER


def _marker(number: int) -> str:
    return isolate(f"[{number}]", "ltr")


def sources_text(answer: Answer, label_of: LabelOf) -> Text:
    """Return the list of an answer's sources."""
    return _sources(answer.citations, label_of, answer.language)


def _sources(citations: Sequence[Citation], label_of: LabelOf, language: Language) -> Text:
    lines = [Text(for_screen(say(language, "sources")), style=DIM)]
    for citation in citations:
        parts = source_line(citation, label_of(citation.article_id))
        parts += outlets_line(citation.outlets, language)
        known = " · ".join(isolate(for_screen(part)) for part in parts)
        lines.append(Text.assemble(_number(citation), " ", (known, DIM)))
    return _lines(lines)


def sheet_text(sheet: NameSheet, language: Language, label_of: LabelOf) -> Text:
    """Return a name's sheet: what is counted, quotes, and their sources."""
    lines = [Text(isolate(for_screen(sheet.name)), style=TITLE)]
    lines += [Text(for_screen(line)) for line in sheet_summary(sheet, language)]
    for part in sheet_parts(sheet, language):
        lines += [Text(), Text(for_screen(part.heading), style=DIM)]
        lines += [Text.assemble(_quoted(one.quote, None), " ", _number(one)) for one in part.quotes]
        lines += [
            Text.assemble(isolate(for_screen(text)), f"  {count} ", (_marker(number), MARKER))
            for text, count, number in part.counts
        ]
    if sheet.citations:
        lines += [Text(), *_sources(sheet.citations, label_of, language).split("\n")]
    return _lines(lines)


def excerpt_text(article: Article, citation: Citation) -> Text:
    """Return a citation's quote in its place in the article, under the article's label."""
    before, quote, after = excerpt(article.text, citation.start, citation.end)
    return _lines(
        [
            Text(isolate(for_screen(one_line(article.label))), style=TITLE),
            Text.assemble(
                (for_screen(before), DIM),
                ("«" + for_screen(quote) + "»", FOUND),
                " ",
                _number(citation),
                (for_screen(after), DIM),
            ),
        ]
    )


def hits_text(
    hits: Sequence[Hit], articles: Mapping[str, Article], language: Language, narrowing: Narrowing | None = None
) -> Text:
    """Return the passages that a search found, best first; `articles` maps ids to articles."""
    named = [Text(for_screen(line), style=DIM) for line in narrowed_lines(narrowing, language)]
    if not hits:
        emptied = narrowing is not None and narrowing.emptied_by
        return _lines(named if emptied else [*named, Text(say(language, "no_passages"))])
    lines: list[Text] = [*named, Text()] if named else []
    for place, hit in enumerate(hits, start=1):
        article = articles[hit.passage.article_id]
        where = f"{article.path}:{hit.passage.start}-{hit.passage.end}"
        lines.append(
            Text.assemble(
                (f"{place}. ", MARKER),
                (isolate(for_screen(one_line(article.label))), TITLE),
                (f"  {isolate(for_screen(where), 'ltr')}  {hit.score:.3f}", DIM),
                *((f"  {isolate(for_screen(line))}", DIM) for line in outlets_line(hit.outlets, language)),
            )
        )
        lines += [Text(for_screen(hit.passage.text.strip())), Text()]
    return _lines(lines[:-1])


def article_text(article: Article, copies: Sequence[StoryMember] = ()) -> Text:
    """Return an article with a header of what is known of it; `copies` tell the same story."""
    known = {
        "Title": article.title,
        "Source": article.source,
        "Author": article.author,
        "Published": date_line(article.published, article.dated),
        "Path": article.path,
        "Id": article.article_id,
        **({"Address": article.url} if article.url else {}),
        **({"Fetched": article.fetched} if article.fetched else {}),
    }
    header = [
        Text.assemble((f"{name:<10}", DIM), isolate(for_screen(one_line(value or UNKNOWN))))
        for name, value in known.items()
    ]
    for place, copy in enumerate(copies):
        known_of_copy = " · ".join(one_line(part) for part in (copy.path, copy.source, copy.published) if part)
        name = "" if place else f"Story {copy.story}"
        header.append(Text.assemble((f"{name:<10}", DIM), isolate(for_screen(f"also {known_of_copy}"))))
    return _lines([*header, Text(), Text(for_screen(article.text.strip("\n")))])


def articles_table(
    articles: Sequence[Article], passages: Mapping[str, int], members: Mapping[str, StoryMember]
) -> Table:
    """Return the list of articles for a terminal; `passages` maps the ids of those listed to counts."""
    table = Table(box=None, header_style=DIM, pad_edge=False)
    for heading in ("#", "Title or opening", "Source", "Date", "Passages", "Story"):
        justify: Literal["left", "right"] = "right" if heading in ("#", "Passages", "Story") else "left"
        table.add_column(heading, justify=justify, overflow="fold")
    for cells in listing(articles, passages, members):
        table.add_row(*(Text(isolate(for_screen(cell))) for cell in cells))
    return table


def listing(
    articles: Sequence[Article], passages: Mapping[str, int], members: Mapping[str, StoryMember]
) -> list[tuple[str, ...]]:
    """Return the list of articles as rows: number, label, source, date, passages, and the story told with others."""
    return [
        (
            str(number),
            visible(one_line(article.label)),
            visible(one_line(article.source or UNKNOWN)),
            visible(one_line(date_line(article.published, article.dated) or UNKNOWN)),
            str(passages[article.article_id]),
            str(members[article.article_id].story) if article.article_id in members else UNKNOWN,
        )
        for number, article in enumerate(articles, start=1)
        if article.article_id in passages
    ]


def failure_lines(failures: Sequence[Failure]) -> list[str]:
    """Return the files that were set aside, a line each: path and reason."""
    return [f"{visible(failure.path)}\t{visible(one_line(failure.reason))}" for failure in failures]


def changes_text(changes: Sequence[TextChange]) -> Text:
    """Return what changed in texts that were fetched again, line by line, each under its file and its times."""
    signs = {"removed": ("- ", REMOVED), "added": ("+ ", ADDED)}
    lines = []
    for change in changes:
        times = f"{change.before.fetched or UNKNOWN} → {change.after.fetched or change.replaced}"
        lines.append(Text(isolate(visible(change.path), "ltr"), style=TITLE))
        lines += [Text(visible(part), style=DIM) for part in (change.after.url or change.before.url, times) if part]
        for kind, line in change.lines:
            sign, style = signs[kind]
            lines.append(Text.assemble((sign, style), (isolate(for_screen(line)), style)))
        lines.append(Text())
    return _lines(lines[:-1])


def report_text(report: RefreshReport, folder: str) -> Text:
    """Return what a refresh did, for the one who asked for it: the counts, then what needs attention."""
    counts = (
        ("new", len(report.new)),
        ("changed", len(report.changed)),
        ("moved", len(report.moved)),
        ("deleted", len(report.deleted)),
        ("unchanged", report.unchanged),
        ("duplicates", len(report.duplicates)),
        ("failed", len(report.failed)),
    )
    lines = [Text(f"Rebuilt: {visible(report.rebuilt)}")] if report.rebuilt else []
    lines.append(Text(f"{visible(folder)}: " + ", ".join(f"{count} {name}" for name, count in counts) + "."))
    lines += [Text(f"  moved      {visible(old)} → {visible(new)}", style=DIM) for old, new in report.moved]
    lines += [Text(f"  duplicate  {visible(path)}", style=DIM) for path in report.duplicates]
    lines += [Text(f"  unsettled  {visible(path)}: is still being written") for path in report.unsettled]
    lines += [
        Text.assemble(("  failed     ", "red"), f"{visible(failure.path)}: {visible(failure.reason)}")
        for failure in report.failed
    ]
    lines.append(Text(f"The index holds {report.passages} passages ({report.seconds:.1f} s).", style=DIM))
    if report.pending:
        lines.append(Text(pending_line(report.pending), style=DIM))
    return _lines(lines)


def elsewhere_line(indexed: Path, folder: Path) -> str:
    """Return what to know where another folder than that of the settings was indexed."""
    return visible(f"The next question goes back to {folder}. To stay with this one, set SANAD_ARTICLES_DIR={indexed}")


def changes_line(report: RefreshReport) -> str | None:
    """Return in one line what a refresh that nobody asked for has changed; None where it changed nothing."""
    if report.rebuilt:
        return f"The index was rebuilt: {visible(report.rebuilt)}"
    counts = (
        *((len(report.new), "new"), (len(report.changed), "changed")),
        *((len(report.moved), "moved"), (len(report.deleted), "deleted")),
    )
    changes = [f"{count} {name}" for count, name in counts if count]
    if not changes:
        return None
    failed = f", {len(report.failed)} failed (`sanad index` says why)" if report.failed else ""
    return f"Articles: {', '.join(changes)}{failed}; {report.passages} passages, {report.seconds:.1f} s."


def pending_line(count: int) -> str:
    """Return what to know while some articles have no vectors."""
    have, are = ("article has", "is") if count == 1 else ("articles have", "are")
    return f"{count} {have} no vectors yet and {are} searched by words alone. Make them: sanad index"


def _lines(lines: Sequence[Text]) -> Text:
    return Text("\n").join(lines)
