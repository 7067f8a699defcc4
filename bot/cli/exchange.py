"""The commands that move articles between machines: export and import."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.adding import refreshed
from bot.cli.session import Json, print_json, progress_bar, ready
from bot.cli.streams import messages, output
from retrieval.errors import SettingsError

if TYPE_CHECKING:
    from bot.config.settings import Settings


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Where to write; - is standard output.")],
) -> None:
    """Write all articles with what is known of them to a file, one line of JSON each, for `import`.

    Examples: sanad export articles.jsonl

    sanad export - | gzip > articles.jsonl.gz
    """
    from bot.config.settings import load_settings
    from retrieval.connectors.jsonl import line_of, names_of
    from retrieval.corpus.origins import read_origins
    from retrieval.types import Progress

    settings = load_settings()
    count = 0
    with ready(settings) as (opened, _), _written(file, settings) as write, progress_bar() as on_progress:
        named = names_of([path for path, _ in opened.catalog.paths()], read_origins(settings.articles_dir))
        for done, (name, path) in enumerate(named, 1):
            if article := opened.catalog.article_at(path):
                write(line_of(article, name))
                count += 1
            if on_progress:
                on_progress(Progress(done, len(named), path))
    messages().print(f"{count} articles exported.", style="dim")


@contextmanager
def _written(file: Path, settings: Settings) -> Iterator[Callable[[bytes], object]]:
    """Give what writes to a file, which is there whole in the end or not at all; or to standard output."""
    if str(file) == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    from retrieval.corpus.atomic_files import written_whole

    if file.resolve().is_relative_to(settings.articles_dir.resolve()):
        raise SettingsError(
            f"{file} lies in the articles' folder and would be read as articles. Name a file elsewhere."
        )
    with written_whole(file) as write:
        yield write


def import_articles(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="What `export` wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Replace files that have other content.")] = False,
    as_json: Json = False,
) -> None:
    """Write exported articles into the articles' folder, and bring the index up to date.

    What is there already stays as it is, so an import that was broken off is completed by doing it again. What
    an article's text does not state by itself is added to `articles.toml`.

    Example: sanad import articles.jsonl
    """
    from dataclasses import asdict

    from bot.config.settings import load_settings
    from bot.config.wiring import open_index
    from retrieval.connectors.jsonl_import import import_file
    from retrieval.nlp.display import visible

    settings = load_settings()
    with progress_bar() as on_progress:
        done = import_file(settings.articles_dir, file, on_progress, force=force)
    if as_json:
        print_json(asdict(done))
    else:
        counts = {"new": len(done.new), "replaced": len(done.replaced), "there already": done.same}
        counts["failed"] = len(done.failed)
        output().print(", ".join(f"{count} {what}" for what, count in counts.items() if count or what == "new"))
        for failure in done.failed:
            messages().print(f"  failed  {visible(failure.path)}: {visible(failure.reason)}", style="red")
    with open_index(settings) as opened:
        if trouble := refreshed(opened, settings):
            raise trouble
    if done.failed:
        raise typer.Exit(1)
