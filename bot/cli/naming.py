"""The command about names: what the archive writes of one, or the sentences that write each of a list."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.session import Json, Since, Source, Until, filters_of, print_json, progress_bar, ready
from bot.cli.streams import messages, output, readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.index.snapshot import Snapshot
    from retrieval.readers.name_list import BadLine, ListedName

_BOM = "\ufeff"  # by which spreadsheets know UTF-8


def name(
    asked: Annotated[str | None, typer.Argument(metavar="NAME", help="In either script and any spelling.")] = None,
    *,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Write the sentences that write it, a row each.")] = False,
    names: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE.csv", help="Look up the names of a file, one a row, and write CSV."),
    ] = None,
    most: Annotated[int, typer.Option("-k", min=1, max=100_000, help="Rows of CSV a name, at most.")] = 1_000,
    since: Since = None,
    until: Until = None,
    source: Source = None,
) -> None:
    """Say what the archive writes of a name: spellings, first and last mention, who stands beside it, what it said.

    A last name covers all who bear it, and lists their full names; a full name leaves out those of another first name.

    Examples: sanad name القذافي

    sanad name --from names.csv > hits.csv
    """
    from bot.config.settings import load_settings

    if (asked is None) == (names is None):
        raise typer.BadParameter("give a name, or a file of names with --from.", param_hint="NAME")
    if as_json and (as_csv or names):
        raise typer.BadParameter("it is for the sheet of one name; leave it out for CSV.", param_hint="--json")
    filters = filters_of(since, until, source)
    listed, bad = _read_list(names) if names else ([], [])
    with ready(load_settings()) as (index, _), index.pin() as pinned:
        within = pinned.narrow(filters)[0] if filters else None
        if asked is None:
            _write_hits(pinned, [one.name for one in listed], most, within)
        elif as_csv:
            _write_hits(pinned, [readable(asked)], most, within)
        else:
            _show_sheet(pinned, readable(asked), within, as_json=as_json)
    if bad:
        raise typer.Exit(1)


def _show_sheet(pinned: Snapshot, asked: str, within: frozenset[str] | None, *, as_json: bool) -> None:
    from bot.rendering.json_forms import sheet_json
    from bot.rendering.terminal import sheet_text
    from retrieval.archive.name_sheet import name_sheet
    from retrieval.nlp.analysis import language_of

    sheet = name_sheet(pinned, pinned, asked, within)
    if as_json:
        print_json(sheet_json(sheet))
    else:
        output().print(sheet_text(sheet, language_of(asked), lambda article_id: pinned.article_by_id(article_id).label))


def _read_list(file: Path) -> tuple[list[ListedName], list[BadLine]]:
    """Return the names of a file and its bad lines, which are named on standard error.

    Raises:
        SettingsError: it cannot be read.
    """
    from retrieval.errors import ArticleError, SettingsError
    from retrieval.nlp.display import visible
    from retrieval.readers.name_list import read_names

    try:
        listed, bad = read_names(file.read_bytes())
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror or error}.") from None
    except ArticleError as error:
        raise SettingsError(f"{file} {error}.") from None
    for one in bad:
        messages().print(visible(f"{file}, line {one.line}: {one.reason}"), style="red")
    if not listed:
        raise SettingsError(f"{file} holds no name: write one a row, in the first column or in one headed name.")
    return listed, bad


def _write_hits(pinned: Snapshot, names: Sequence[str], most: int, within: frozenset[str] | None) -> None:
    """Write the sentences that write each name as CSV, and a row that says so for a name without any."""
    from bot.rendering.name_sheet_lines import csv_heading, csv_hit, csv_note
    from retrieval.archive.name_sheet import days_of, name_hits
    from retrieval.types import Progress

    write, days = sys.stdout.write, days_of(pinned)
    write(("" if sys.stdout.isatty() else _BOM) + csv_heading())
    with progress_bar() as on_progress:
        for done, asked in enumerate(names, 1):
            hits = name_hits(pinned, pinned, asked, days, within)
            shown = list(islice(hits, most))
            for hit in shown:
                write(csv_hit(asked, hit, pinned.article_by_id(hit.citation.article_id).label))
            if not shown:
                write(csv_note(asked, "no article writes this name"))
            elif next(hits, None):
                write(csv_note(asked, f"more sentences write it; these are the first {most}"))
            if on_progress:
                on_progress(Progress(done, len(names), asked, "names"))
