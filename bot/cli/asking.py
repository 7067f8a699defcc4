"""The commands that answer: chat, ask and search."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli.session import (
    Json,
    Since,
    Source,
    Until,
    answerer,
    asked_questions,
    filters_of,
    print_json,
    ready,
    tell_pending,
    unwinding,
)
from bot.cli.streams import lines, messages, next_line, output
from retrieval.archive_types import MOST_ARCHIVE_ROWS

if TYPE_CHECKING:
    from rich.console import Console

    from bot.rendering.answer_lines import LabelOf
    from retrieval.answering.sanad import Sanad
    from retrieval.types import Answer

CitationStyle = Literal["md", "docx", "ris", "bibtex", "csl"]


def chat() -> None:
    """Talk with Sanad; /help there lists the commands, Ctrl-C ends an answer, Ctrl-D the talk.

    Reads questions from a pipe too, one a line; there Ctrl-C ends them all.
    """
    from bot.cli.background import vectors_in_background
    from bot.cli.chat import ChatConversation, prompt_reader
    from bot.cli.live import live_drafts
    from bot.config.settings import load_settings
    from bot.config.wiring import make_sanad

    settings = load_settings()
    screen = output()
    with (
        unwinding(),
        ready(settings) as (index, refresh),
        make_sanad(index, settings) as sanad,
        live_drafts(screen, _labels(sanad)) as show,
        vectors_in_background(index, settings.articles_dir) as trouble,
    ):

        def refresh_and_tell() -> None:
            refresh()
            if told := trouble():
                messages().print(told, style="dim")

        conversation = ChatConversation(index, sanad, screen.print, refresh_and_tell, show)
        if sys.stdin.isatty():
            conversation.greet()
            conversation.run(prompt_reader(settings.data_dir / "history"))
        else:
            questions = lines(sys.stdin)
            conversation.run(lambda: next_line(questions), goes_on=False)


def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="Without it, standard input is read, one question a line.")
    ] = None,
    *,
    as_json: Json = False,
    most: Annotated[int, typer.Option("-k", min=1, max=10, help="Sentences in an answer, at most.")] = 3,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say how the answer came about: words, ranks, figures, checks.")
    ] = False,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    cite: Annotated[
        CitationStyle | None,
        typer.Option("--cite", help="Write the quotes as references instead: for a text, Zotero, LaTeX, Pandoc, Word."),
    ] = None,
    every_row: Annotated[
        bool, typer.Option("--all", help="All rows of an answer about the archive, in place of the first ten.")
    ] = False,
    card: Annotated[
        Path | None,
        typer.Option("--card", metavar="FILE.png", help="Draw the first quote of the answer as a picture, too."),
    ] = None,
) -> None:
    """Answer a question, or each line of standard input.

    Words of a question filter as well («في مايو 2019», "according to Reuters"); an option wins over them.

    --cite md|ris|bibtex|csl writes references as text, --cite docx a Word document: sanad ask … --cite docx > it.docx

    The exit code is 0 where the articles hold no answer, too; "found" of --json tells which.
    """
    from bot.config.settings import load_settings

    _check_together(question, cite, card, is_plain=not (as_json or explain))
    questions = asked_questions(question, "sanad ask")
    filters = filters_of(since, until, source)
    settings = load_settings()
    with ready(settings) as (index, _), answerer(index, settings) as sanad:
        rows = 0 if every_row else MOST_ARCHIVE_ROWS
        if cite:
            write_citations([sanad.ask(asked, limit=most, filters=filters, rows=rows) for asked in questions], cite)
            return
        from bot.cli.live import live_drafts, show_live
        from bot.rendering.draft import AnswerDraft
        from bot.rendering.json_forms import answer_json, explained_json
        from retrieval.nlp.analysis import language_of

        tell_pending(index)
        screen, label_of = output(), _labels(sanad)

        def tell(answer: Answer) -> None:
            _tell(answer, screen, label_of, explain=explain)
            write_card(answer, card)

        with live_drafts(screen, label_of) as show:
            for place, asked in enumerate(questions):
                if as_json:
                    answer = sanad.ask(asked, limit=most, filters=filters, rows=rows)
                    print_json(explained_json(answer) if explain else answer_json(answer))
                    write_card(answer, card)
                    continue
                if place:
                    screen.print()
                events = sanad.stream(asked, limit=most, filters=filters, rows=rows)
                show_live(events, AnswerDraft(language_of(asked)), show, tell)


def _check_together(question: str | None, cite: CitationStyle | None, card: Path | None, *, is_plain: bool) -> None:
    """Refuse options that do not go together.

    Raises:
        typer.BadParameter: some do not.
    """
    if card and (question is None or cite):
        raise typer.BadParameter("give it with one question, and without --cite", param_hint="--card")
    if cite and not is_plain:
        raise typer.BadParameter("give it without --json and --explain", param_hint="--cite")
    if cite == "docx" and sys.stdout.isatty():
        raise typer.BadParameter("a Word document is no text: add > answer.docx", param_hint="--cite docx")


def _tell(answer: Answer, screen: Console, label_of: LabelOf, *, explain: bool) -> None:
    """Print an answer, and how it came about where that is asked for."""
    from bot.rendering.explanation import account_text
    from bot.rendering.terminal import answer_text

    screen.print(answer_text(answer, label_of))
    for part in answer.each:
        if explain and (account := account_text(part, label_of)):
            screen.print()
            screen.print(account)


def _labels(sanad: Sanad) -> LabelOf:
    """Return what an answer's articles are called."""
    return lambda article_id: sanad.article_by_id(article_id).label


def write_citations(answers: Sequence[Answer], style: CitationStyle) -> None:
    """Write the quotes of answers as references; say on standard error which questions have none."""
    from bot.rendering.citation_styles import styled_citations
    from retrieval.nlp.display import visible

    answered = [answer for answer in answers if answer.found]
    for answer in answers:
        if not answer.found:
            messages().print(f"No quote answers this, so there is none to cite: {visible(answer.question)}")
    if style != "docx":
        sys.stdout.write(styled_citations(answered, style))
    elif answered:
        from bot.rendering.citation_docx import docx_citations

        sys.stdout.buffer.write(docx_citations(answered))


def write_card(answer: Answer, file: Path | None) -> None:
    """Write the first quote of an answer as a picture, where a file is named; say on standard error if there is none.

    Raises:
        SettingsError: what draws it is missing, or the file cannot be written.
    """
    if file is None:
        return
    if not answer.found or not answer.citations:
        messages().print("No quote answers this, so there is no card to draw.")
        return
    from bot.config.fonts import arabic_font
    from bot.rendering.quote_card import quote_card
    from retrieval.corpus.atomic_files import written_whole

    drawn = quote_card(answer.citations[0], arabic_font())
    with written_whole(file) as write:
        write(drawn)


def search(
    query: Annotated[
        str | None, typer.Argument(metavar="QUERY", help="Without it, standard input is read, one query a line.")
    ] = None,
    *,
    as_json: Json = False,
    most: Annotated[int, typer.Option("-k", min=1, max=100, help="Passages, at most.")] = 10,
    since: Since = None,
    until: Until = None,
    source: Source = None,
) -> None:
    """Find the passages nearest to a query, best first."""
    from bot.config.settings import load_settings

    queries = asked_questions(query, "sanad search")
    filters = filters_of(since, until, source)
    with ready(load_settings()) as (index, _), index.pin() as pinned:
        from bot.rendering.answer_lines import vector_lines
        from bot.rendering.json_forms import search_json
        from bot.rendering.terminal import hits_text
        from retrieval.nlp.analysis import language_of

        tell_pending(index)
        screen = output()
        within, narrowing = pinned.narrow(filters) if filters else (None, None)
        for place, wanted in enumerate(queries):
            started = time.perf_counter()
            result = pinned.search(pinned.analyse(wanted), most, within, "story")
            hits = result.hits
            seconds = time.perf_counter() - started
            found = {hit.passage.article_id for hit in hits}
            articles = {article_id: pinned.article_by_id(article_id) for article_id in found}
            if as_json:
                found_by = search_json(wanted, hits, articles, seconds, narrowing)
                missing = {"lexical_only": result.failure is not None, "vectors_pending": round(result.pending, 4)}
                print_json(found_by | missing)
                continue
            if place:
                screen.print()
            lexical_only = result.failure is not None
            for line in vector_lines(language_of(wanted), lexical_only=lexical_only, pending=result.pending):
                screen.print(line, style="dim")
            screen.print(hits_text(hits, articles, language_of(wanted), narrowing))
