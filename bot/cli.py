"""The commands: parse, call, render. What is heavy is imported inside the command that needs it."""

from __future__ import annotations

import errno
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from bot.streams import drop_output, lines, messages, next_line, output, readable, use_utf8
from retrieval.errors import EmbeddingError, EmptyIndexError, IndexBusyError, SanadError

if TYPE_CHECKING:
    from rich.console import Console

    from bot.chat import Show
    from bot.settings import Settings
    from retrieval.index import Index
    from retrieval.sanad import Sanad
    from retrieval.types import OnProgress

HELP = """Sanad answers questions about Arabic news articles, in Arabic or English,
and shows the exact passage behind every sentence. When the articles hold no answer, it says so.

\b
Examples:
  sanad chat
  sanad ask "متى التقى لافروف وبومبيو؟"
  sanad ask "Who met Pompeo in Sochi?"
  sanad ask --json < questions.txt
  sanad search -k 5 "إدلب"
  sanad index ~/articles
  sanad show 1

The first question indexes the articles by itself; later ones find what was added, changed or deleted.
Settings are SANAD_* variables, in the environment or in .env: `sanad doctor` lists them.
Exit codes: 0 done (an answer was found or declined), 1 something failed, 2 wrong usage, 130 interrupted.
"""


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
    help=HELP,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help opens twice as fast, and boxes come apart around Arabic
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]


def main() -> None:
    """Run the command line."""
    app(prog_name="sanad")


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


@app.command()
def chat() -> None:
    """Talk with Sanad; /help there lists the commands.

    Reads questions from a pipe too, one a line.
    """
    from bot.chat import Conversation, prompt_reader
    from bot.settings import load
    from bot.wiring import make_sanad

    settings = load()
    screen = output()
    with _ready(settings) as (index, refresh), make_sanad(index, settings) as sanad, _stages(screen) as show:
        conversation = Conversation(index, sanad, screen.print, refresh, show)
        if sys.stdin.isatty():
            conversation.greet()
            conversation.run(prompt_reader(settings.data_dir / "history"))
        else:
            questions = lines(sys.stdin)
            conversation.run(lambda: next_line(questions))


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="Without it, standard input is read, one question a line.")
    ] = None,
    as_json: Json = False,
    most: Annotated[int, typer.Option("-k", min=1, max=10, help="Sentences in an answer, at most.")] = 3,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say how the answer came about: words, ranks, figures, checks.")
    ] = False,
) -> None:
    """Answer a question, or each line of standard input.

    The exit code is 0 where the articles hold no answer, too; "found" of --json tells which.
    """
    from bot.settings import load

    questions = _asked(question, "sanad ask")
    settings = load()
    with _ready(settings) as (index, _), _answerer(index, settings) as sanad:
        from bot.explanation import explanation_text
        from bot.render import answer_json, explanation_json
        from bot.terminal import answer_text

        def label_of(article_id: str) -> str:
            return index.article_by_id(article_id).label

        screen = output()
        for place, asked in enumerate(questions):
            answer = sanad.ask(asked, limit=most)
            if as_json:
                _print_json(answer_json(answer) | (explanation_json(answer) if explain else {}))
                continue
            if place:
                screen.print()
            screen.print(answer_text(answer, label_of))
            if explain and answer.explanation:
                screen.print()
                screen.print(explanation_text(answer.explanation, answer.language, label_of))


@app.command()
def search(
    query: Annotated[
        str | None, typer.Argument(metavar="QUERY", help="Without it, standard input is read, one query a line.")
    ] = None,
    as_json: Json = False,
    most: Annotated[int, typer.Option("-k", min=1, max=100, help="Passages, at most.")] = 10,
) -> None:
    """Find the passages nearest to a query, best first."""
    from bot.settings import load

    queries = _asked(query, "sanad search")
    with _ready(load()) as (index, _):
        from bot.render import search_json
        from bot.terminal import hits_text
        from retrieval.arabic import language_of

        screen = output()
        for place, wanted in enumerate(queries):
            started = time.perf_counter()
            hits = index.search(wanted, limit=most)
            seconds = time.perf_counter() - started
            found = {hit.passage.article_id for hit in hits}
            articles = {article_id: index.article_by_id(article_id) for article_id in found}
            if as_json:
                _print_json(search_json(wanted, language_of(wanted), hits, articles, seconds))
                continue
            if place:
                screen.print()
            screen.print(hits_text(hits, articles, language_of(wanted)))


@app.command()
def index(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="Folder of the articles; SANAD_ARTICLES_DIR where it is left out."),
    ] = None,
) -> None:
    """Bring the index up to date, and say what changed and what failed."""
    from bot.settings import load
    from bot.terminal import elsewhere_line, report_text
    from bot.wiring import open_index

    settings = load()
    chosen = settings.articles_dir if folder is None else folder
    with open_index(settings) as opened, _progress_bar() as on_progress:
        report = opened.refresh(chosen, on_progress)
    output().print(report_text(report, str(chosen)))
    if chosen.absolute() != settings.articles_dir.absolute():
        messages().print(elsewhere_line(chosen, settings.articles_dir))
    if report.failed and not report.passages:
        raise typer.Exit(1)


@app.command()
def articles(as_json: Json = False) -> None:
    """List the articles, numbered as `show` takes them."""
    from bot.render import listing_json
    from bot.settings import load
    from bot.terminal import articles_table, listing

    with _ready(load()) as (opened, _):
        held = opened.articles()
        passages = {article.article_id: len(opened.passages_of(article.article_id)) for article in held}
    screen = output()
    if as_json:
        _print_json(listing_json(held, passages))
    elif screen.is_terminal:
        screen.print(articles_table(held, passages))
    else:
        for row in listing(held, passages):
            print("\t".join(row))


@app.command()
def show(
    article: Annotated[
        str,
        typer.Argument(metavar="ARTICLE", help="Its number in `articles`, its id or the beginning of it, or its path."),
    ],
    as_json: Json = False,
) -> None:
    """Show an article and what is known of it."""
    from bot.render import article_json
    from bot.settings import load
    from bot.terminal import article_text

    with _ready(load()) as (opened, _):
        found = opened.article(readable(article))
    if as_json:
        _print_json(article_json(found))
    else:
        output().print(article_text(found))


@app.command()
def doctor() -> None:
    """Say what is configured, what works and what to do."""
    from bot.doctor import examine

    screen = output()
    broken = False
    for check in examine():
        broken |= not check.works
        mark, style = ("ok", "green") if check.works else ("--", "red")
        screen.print(f"{mark}  {check.name:<14} {check.found}", style=style if not check.works else None)
        if check.advice:
            screen.print(f"    {'':<14} {check.advice}", style="yellow")
    if broken:
        raise typer.Exit(1)


@contextmanager
def _ready(settings: Settings) -> Iterator[tuple[Index, Callable[[], None]]]:
    """Open the index, up to date with its folder; give it, and what brings it up to date again."""
    from bot.wiring import open_index

    folder = settings.articles_dir
    with open_index(settings) as opened:

        def refresh() -> None:
            _refresh(opened, folder)

        refresh()
        if opened.is_empty:
            raise EmptyIndexError(
                f"There are no articles in {folder}. Put UTF-8 text files there, or set SANAD_ARTICLES_DIR to a folder"
                " that has some; `sanad index` names the files that could not be read."
            )
        yield opened, refresh


def _answerer(index: Index, settings: Settings) -> Sanad:
    """Return what answers; its import is slow, and waits until the index stands."""
    from bot.wiring import make_sanad

    return make_sanad(index, settings)


@contextmanager
def _stages(screen: Console) -> Iterator[Show]:
    """Give what shows on a terminal, until something else is shown, what is being done."""
    if not screen.is_terminal:
        yield lambda _: None
        return
    from rich.text import Text

    status = screen.status("")

    def show(stage: str | None) -> None:
        if stage is None:
            status.stop()
        else:
            status.update(Text(stage))
            status.start()

    try:
        yield show
    finally:
        status.stop()


def _refresh(opened: Index, folder: Path) -> None:
    """Bring the index up to date, and say on standard error what that changed."""
    from bot.terminal import changes_line

    is_first = opened.is_empty
    try:
        with _progress_bar() as on_progress:
            report = opened.refresh(folder, on_progress) if is_first else opened.refresh(folder, on_progress, wait=0)
    except IndexBusyError:
        if is_first:
            raise
        messages().print("Another process is indexing; this answers from the index as it stands.", style="dim")
        return
    except EmbeddingError as error:
        if is_first:
            raise
        messages().print(f"{error} This answers from the index as it stands.", style="dim")
        return
    if line := changes_line(report):
        messages().print(line, style="dim")


@contextmanager
def _progress_bar() -> Iterator[OnProgress | None]:
    """Give what reports progress on a terminal's standard error; None where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from bot.render import for_screen
    from retrieval.types import Progress as Progressed

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[path]}", markup=False))
    with Progress(*columns, console=messages(), transient=True) as bar:
        task = bar.add_task("", total=None, path="", visible=False)

        def advance(progress: Progressed) -> None:
            shown = for_screen(progress.path)
            bar.update(task, completed=progress.done, total=progress.total, path=shown, visible=True)

        yield advance


def _asked(argument: str | None, command: str) -> Iterator[str]:
    """Return the questions: the one given, or the lines of standard input."""
    if argument is None:
        if sys.stdin.isatty():
            raise typer.BadParameter(f'say what you look for, as in {command} "إدلب", or pipe one question a line.')
        return map(readable, lines(sys.stdin))
    if not argument.strip():
        raise typer.BadParameter("it is empty.")
    return iter([readable(argument)])


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)
