"""The command line: its help, its one door for errors, and its commands.

What is heavy is imported inside the command that needs it.
"""

from __future__ import annotations

import errno
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bot.cli import adding, archive, asking, exchange, feeds, naming, serving, timelines, watching
from bot.cli.streams import drop_output, leave, messages, output, readable, use_utf8
from bot.operations.priority import give_way
from retrieval.errors import SanadError

_HELP = """Sanad answers questions about Arabic news articles, in Arabic or English,
and shows the exact passage behind every sentence. When the articles hold no answer, it says so.

\b
Examples:
  sanad chat
  sanad ask "متى التقى لافروف وبومبيو؟"
  sanad ask "Who met Pompeo in Sochi?"
  sanad ask --json < questions.txt
  sanad ask --since 2019-05 --source Reuters "ماذا قال لافروف؟"
  sanad search -k 5 "إدلب"
  sanad timeline "شويغو"
  sanad index ~/articles
  sanad show 1
  sanad name القذافي
  sanad add https://example.org/news/1
  sanad feed add https://example.org/rss.xml

The first question indexes the articles by itself; later ones find what was added, changed or deleted.
Settings are SANAD_* variables, in the environment or in .env: `sanad doctor` lists them.
Exit codes: 0 done (an answer was found or declined), 1 something failed, 2 wrong usage, 130 interrupted,
143 terminated.
"""
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class SanadGroup(TyperGroup):
    """The one door for errors: a failure that a person can read is one message and exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
            return done
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            drop_output()
            messages().print("sanad: the output cannot be written: no space left on the device.", style="red")
            raise typer.Exit(1) from None
        except SanadError as error:
            messages().print(f"sanad: {readable(str(error))}", style="red")
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            messages().print("Interrupted.")
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=SanadGroup,
    help=_HELP,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help opens twice as fast, and boxes come apart around Arabic
    context_settings=_CONTEXT,
)


def main() -> None:
    """Run the command line, and end the process."""
    if sys.argv[1:2] == ["index"]:  # here, as this process does nothing else
        give_way()
    try:
        app(prog_name="sanad")
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            leave(end.code or 0)
        raise


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"sanad {version('sanad')}")
        raise typer.Exit


@app.callback()
def prepare(
    _: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Make ready what every command needs."""
    use_utf8()


def doctor(
    telegram: Annotated[bool, typer.Option("--telegram", help="Ask Telegram too who the bot is.")] = False,
) -> None:
    """Say what is configured, what works and what to do."""
    from bot.cli.doctor import examine

    screen = output()
    broken = False
    for check in examine(telegram=telegram):
        broken |= not check.works
        mark, style = ("ok", "green") if check.works else ("--", "red")
        screen.print(f"{mark}  {check.name:<14} {check.found}", style=style if not check.works else None)
        if check.advice:
            screen.print(f"    {'':<14} {check.advice}", style="yellow")
    if broken:
        raise typer.Exit(1)


for command in (
    *(asking.chat, asking.ask, asking.search),
    *(archive.index, archive.articles, archive.show, naming.name),
    *(adding.add, exchange.export, serving.bot, serving.feedback, doctor),
):
    app.command()(command)
app.command("import")(exchange.import_articles)
app.command("timeline")(timelines.show_timeline)

feed = typer.Typer(help=feeds.HELP, no_args_is_help=True, rich_markup_mode=None, context_settings=_CONTEXT)
feed.command("add")(feeds.add)
feed.command("list")(feeds.show)
feed.command("fetch")(feeds.fetch)
feed.command("remove")(feeds.remove)
app.add_typer(feed, name="feed")

watched = typer.Typer(help=watching.WATCH_HELP, no_args_is_help=True, rich_markup_mode=None, context_settings=_CONTEXT)
watched.command("add")(watching.add_watched)
watched.command("list")(watching.show_watched)
watched.command("remove")(watching.remove_watched)
watched.command("run")(watching.run_watches)
app.add_typer(watched, name="watch")
