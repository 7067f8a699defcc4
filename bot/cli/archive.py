"""The commands about what the index holds: index, articles and show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.following import follow
from bot.cli.session import (
    Json,
    Since,
    Source,
    Until,
    current,
    filters_of,
    print_json,
    progress_bar,
    ready,
    tell_stand_in,
)
from bot.cli.streams import messages, output, readable
from retrieval.types import OnProgress, Progress

if TYPE_CHECKING:
    from bot.config.settings import Settings

WORTH_SAYING = 1_000  # rows of the vectors that are to be made


def index(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="Folder of the articles; SANAD_ARTICLES_DIR where it is left out."),
    ] = None,
    as_json: Json = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and take in what changes until Ctrl-C; says what did, a line each.")
    ] = False,
) -> None:
    """Bring the index up to date, and say what changed and what failed."""
    from bot.config.settings import load_settings
    from bot.config.wiring import open_index
    from bot.rendering.json_forms import report_json
    from bot.rendering.terminal import elsewhere_line, report_text

    settings = load_settings()
    chosen = settings.articles_dir if folder is None else folder
    with open_index(settings) as opened:
        if chosen.absolute() != settings.articles_dir.absolute():
            messages().print(elsewhere_line(chosen, settings.articles_dir))
        tell_stand_in(opened, settings)
        if watch:
            follow(opened, chosen, settings.watch_seconds, as_json=as_json)
            return
        with progress_bar() as on_progress:
            report = opened.refresh(chosen, _saying_when_words_are_there(on_progress))
    if as_json:
        print_json(report_json(report))
    else:
        output().print(report_text(report, str(chosen)))
    if report.failure:
        messages().print(report.failure, style="red")
    if report.failure or (report.failed and not report.passages):
        raise typer.Exit(1)


def _saying_when_words_are_there(on_progress: OnProgress | None) -> OnProgress:
    """Return what reports progress, and says once that the articles can be searched, where vectors take their time."""
    is_said = False

    def told(progress: Progress) -> None:
        nonlocal is_said
        if progress.phase == "vectors" and not is_said and progress.total - progress.done > WORTH_SAYING:
            messages().print("The articles can be searched by their words now; their vectors follow.", style="dim")
            is_said = True
        if on_progress:
            on_progress(progress)

    return told


def articles(
    *,
    as_json: Json = False,
    failed: Annotated[
        bool, typer.Option("--failed", help="The files that were set aside, and why; each is tried when it changes.")
    ] = False,
    changed: Annotated[
        bool,
        typer.Option("--changed", help="What changed, line by line, in texts that were fetched again or replaced."),
    ] = False,
    since: Since = None,
    until: Until = None,
    source: Source = None,
) -> None:
    """List the articles, numbered as `show` takes them, with the number of the story that several tell."""
    from bot.config.settings import load_settings
    from bot.rendering.json_forms import listing_json
    from bot.rendering.terminal import articles_table, listing

    filters = filters_of(since, until, source)
    if failed or changed:
        if filters or failed == changed:
            hint = "a file that was set aside has no date and no source" if failed else "it tells of every article"
            raise typer.BadParameter(f"{hint}.", param_hint="'--failed'" if failed else "'--changed'")
        (_list_failures if failed else _list_changes)(load_settings(), as_json=as_json)
        return
    with ready(load_settings()) as (opened, _):
        held, passages = opened.catalog.articles(), opened.catalog.passage_counts()
        if filters:
            with opened.pin() as pinned:
                passages = {article_id: passages[article_id] for article_id in pinned.narrow(filters)[0]}
        members = opened.catalog.members(passages)
    screen = output()
    if as_json:
        print_json(listing_json(held, passages, members))
    elif screen.is_terminal:
        screen.print(articles_table(held, passages, members))
    else:
        for row in listing(held, passages, members):
            print("\t".join(row))


def _list_failures(settings: Settings, *, as_json: bool) -> None:
    from bot.rendering.json_forms import failures_json
    from bot.rendering.terminal import failure_lines

    with current(settings) as (opened, _):
        faults = opened.catalog.failures()
    if as_json:
        print_json(failures_json(faults))
    else:
        for line in failure_lines(faults):
            print(line)


def _list_changes(settings: Settings, *, as_json: bool) -> None:
    from bot.rendering.json_forms import changes_json
    from bot.rendering.terminal import changes_text
    from retrieval.corpus.former_texts import read_former, text_changes

    former = read_former(settings.articles_dir)
    with current(settings) as (opened, _):
        found = ((path, opened.catalog.article_at(path)) for path in former)
        changes = text_changes(former, {path: article for path, article in found if article})
    if as_json:
        print_json(changes_json(changes))
    elif changes:
        output().print(changes_text(changes))


def show(
    article: Annotated[
        str,
        typer.Argument(metavar="ARTICLE", help="Its number in `articles`, its id or the beginning of it, or its path."),
    ],
    as_json: Json = False,
) -> None:
    """Show an article and what is known of it."""
    from bot.config.settings import load_settings
    from bot.rendering.json_forms import article_json
    from bot.rendering.terminal import article_text

    with ready(load_settings()) as (opened, _):
        found = opened.article(readable(article))
        copies = opened.catalog.copies_of(found.article_id)
    if as_json:
        print_json(article_json(found, copies))
    else:
        output().print(article_text(found, copies))
