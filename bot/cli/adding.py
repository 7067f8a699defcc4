"""The command that adds single articles to the folder: add."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.session import Json, print_json, progress_bar, stages
from bot.cli.streams import messages, output, readable
from retrieval.errors import ArticleError, SanadError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.config.settings import Settings
    from retrieval.connectors.add import Added, OnTaken
    from retrieval.index.index import Index
    from retrieval.types import Failure

_MOST_SHOWN = 5  # articles of one container
_CHOICES: dict[str, OnTaken | None] = {"replace": "replace", "both": "keep both", "leave": None}


def add(
    sources: Annotated[list[str], typer.Argument(metavar="URL|FILE...", help="Pages to fetch, or files to copy in.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Let a file take the place of one that was added by its name.")
    ] = False,
    keep_both: Annotated[
        bool, typer.Option("--keep-both", help="Keep the file that was added by its name too, each under its own.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Add pages or files to the articles' folder, and say what they were understood as.

    Examples: sanad add https://example.org/news/1

    sanad add ~/Downloads/report.txt notes.md

    They go to the subfolder `added`. A page that was added before is brought up to date in its place; what holds
    no article is not kept. Where a file by the same name has other content, a terminal is asked what to do, and without
    one the file is left out. Proxies of the environment are not used.
    """
    from bot.config.settings import load_settings
    from bot.config.wiring import open_index

    if replace and keep_both:
        raise typer.BadParameter("one of --replace and --keep-both, not both.", param_hint="'--replace'")
    settings = load_settings()
    added, failed = _add(settings, sources, "replace" if replace else "keep both" if keep_both else "ask")
    with open_index(settings) as opened:
        trouble = refreshed(opened, settings) if added else None
        rows = [_row(opened, one) for one in added]
        if as_json:
            print_json({"added": rows, "failed": [{"given": one.path, "reason": one.reason} for one in failed]})
        else:
            _print(rows, failed)
    if trouble:
        raise trouble
    if failed:
        raise typer.Exit(1)


def _add(settings: Settings, sources: Sequence[str], on_taken: OnTaken) -> tuple[list[Added], list[Failure]]:
    """Add each, and return what was added and what was not; none keeps the others from being added."""
    from bot.config.wiring import make_limits, reading_bounds
    from retrieval.connectors.add import add_file, add_url
    from retrieval.types import Failure

    folder, limits, bounds = settings.articles_dir, make_limits(settings), reading_bounds(settings)
    added, failed = [], []
    with stages(messages()) as show:
        for source in sources:
            show(readable(source))
            try:
                if "://" in source:
                    one = add_url(folder, source, limits, bounds)
                else:
                    one = add_file(folder, _path(source), bounds, on_taken)
                if one.state == "taken":
                    show(None)
                    one = add_file(folder, _path(source), bounds, _chosen(one.path))
                added.append(one)
            except SanadError as error:
                failed.append(Failure(readable(source), str(error)))
        show(None)
    return added, failed


def _chosen(path: str) -> OnTaken:
    """Ask what is to become of a file whose name another one has.

    Raises:
        ArticleError: it is to be left out, or nobody can be asked.
    """
    from retrieval.nlp.display import visible

    if not (sys.stdin.isatty() and messages().is_terminal):
        raise ArticleError(f"{path} is there with other content; --replace takes its place, --keep-both keeps both")
    messages().print(f"{visible(path)} is there with other content.")
    chosen = ""
    while chosen not in _CHOICES:
        chosen = typer.prompt(f"What is to be done ({', '.join(_CHOICES)})", default="leave", err=True).strip().lower()
    if (on_taken := _CHOICES[chosen]) is None:
        raise ArticleError(f"was left out; {path} stays as it is")
    return on_taken


def _path(source: str) -> Path:
    with suppress(RuntimeError):  # the ~ of nobody is a letter of the name
        return Path(source).expanduser()
    return Path(source)


def refreshed(opened: Index, settings: Settings) -> SanadError | None:
    """Bring the index up to date; return why it cannot be, as what was added is to be said first."""
    from bot.rendering.terminal import pending_line

    try:
        with progress_bar() as on_progress:
            report = opened.refresh(settings.articles_dir, on_progress, extent="few")
    except SanadError as error:
        return error
    for line in (report.failure, pending_line(report.pending) if report.pending else None):
        if line:
            messages().print(line, style="dim")
    return None


def _row(opened: Index, added: Added) -> dict[str, object]:
    articles = [
        {
            "article_id": article.article_id,
            "title": article.title,
            "source": article.source,
            "author": article.author,
            "published": article.published,
            "dated": article.dated,
            "passages": len(opened.catalog.passages_of(article.article_id)),
        }
        for article in added.articles
    ]
    return {"path": added.path, "state": added.state, "articles": articles}


def _print(rows: Sequence[dict[str, Any]], failed: Sequence[Failure]) -> None:
    from bot.rendering.answer_lines import date_line
    from retrieval.nlp.display import for_screen, isolate, visible

    screen = output()
    for row in rows:
        screen.print(f"{row['state']}  {isolate(visible(row['path']), 'ltr')}")
        for article in row["articles"][:_MOST_SHOWN]:
            shown = article | {"published": date_line(article["published"], article["dated"])}
            for key in ("title", "source", "author", "published", "passages"):
                screen.print(f"  {key:<10} {isolate(for_screen(str(shown[key] or '-')))}")
        if len(row["articles"]) > _MOST_SHOWN:
            screen.print(f"  and {len(row['articles']) - _MOST_SHOWN} more articles")
    for one in failed:
        messages().print(f"failed  {visible(one.path)}: {visible(one.reason)}", style="red")
