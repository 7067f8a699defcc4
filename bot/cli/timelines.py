"""The command that puts what names a subject in the order of its days."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.cli.session import Since, Source, Until, filters_of, print_json, ready
from bot.cli.streams import messages, output, readable


def show_timeline(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name, a place or an event, in either language.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table, a statement a row.")] = False,
    as_ics: Annotated[bool, typer.Option("--ics", help="Print a calendar of the days that are named.")] = False,
    since: Since = None,
    until: Until = None,
    source: Source = None,
) -> None:
    """Show what the articles say of a name or an event, by the days that the sentences speak of.

    «أمس» and "two days ago" are worked out against the article's own day. What names no day comes last.

    --since, --until and --source choose the articles, by the day and the source that they state.
    """
    from bot.config.settings import load_settings
    from retrieval.archive.timeline import timeline
    from retrieval.nlp.analysis import language_of

    if as_json + as_csv + as_ics > 1:
        raise typer.BadParameter("give one of --json, --csv and --ics")
    wanted = readable(name).strip()
    if not wanted:
        raise typer.BadParameter("it is empty.", param_hint="NAME")
    filters, language = filters_of(since, until, source), language_of(wanted)
    with ready(load_settings()) as (index, _), index.pin() as pinned:
        within, narrowing = pinned.narrow(filters) if filters else (None, None)
        found = timeline(pinned, pinned.analyse(wanted), within)
        if as_json or as_csv or as_ics:
            from bot.rendering.timeline_forms import has_a_date, timeline_csv, timeline_ics, timeline_json

            if found.left_out:
                messages().print(
                    f"Only the newest {found.articles} articles were read; {found.left_out} were left out."
                )
            if as_json:
                print_json(timeline_json(found, language, narrowing))
            elif as_csv:
                sys.stdout.write(timeline_csv(found))
            else:
                count = sum(not has_a_date(one) for one in (*found.entries, *found.undated))
                if count:
                    messages().print(f"Left out, as a calendar has days alone: {count} that name no single days.")
                sys.stdout.buffer.write(timeline_ics(found))
            return
        from bot.rendering.timeline_terminal import timeline_text

        output().print(timeline_text(found, language, lambda one: pinned.article_by_id(one).label, narrowing))
