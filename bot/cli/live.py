"""An answer on a terminal while it is being made: what is known of it, until the answer takes its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.cli.session import stages
from bot.rendering.draft import AnswerDraft
from retrieval.nlp.display import for_screen
from retrieval.types import Answer

if TYPE_CHECKING:
    from rich.console import Console

    from bot.rendering.answer_lines import LabelOf
    from retrieval.events import Event

Show = Callable[[AnswerDraft | None], None]  # until the next is shown; None takes it away


@contextmanager
def live_drafts(screen: Console, label_of: LabelOf) -> Iterator[Show | None]:
    """Give what shows a draft on a terminal; None where there is none, as only the answer itself goes to a file."""
    if not screen.is_terminal:
        yield None
        return
    from rich.console import Group
    from rich.live import Live
    from rich.text import Text

    from bot.rendering.terminal import DIM, answer_text

    drawn = Live(console=screen, auto_refresh=False, transient=True)  # redrawn for a change alone, lest it flicker
    with stages(screen) as doing:

        def show(draft: AnswerDraft | None) -> None:
            if draft is None or draft.answer is None:
                drawn.update("")  # what it holds at its end is drawn whole
                drawn.stop()
                doing(for_screen(draft.line) if draft else None)
                return
            doing(None)
            drawn.vertical_overflow = "ellipsis"  # each end makes it "visible": what leaves the screen cannot be erased
            drawn.start()
            line = Text(for_screen(draft.line), style=DIM)
            drawn.update(Group(line, answer_text(draft.answer, label_of)), refresh=True)

        try:
            yield show
        finally:
            show(None)


def show_live(events: Iterable[Event], draft: AnswerDraft, show: Show | None, finish: Callable[[Answer], None]) -> None:
    """Show an answer as it comes, and finish it; of one that is interrupted, what was shown is finished.

    Raises:
        KeyboardInterrupt: it was.
    """
    shown = show or (lambda _: None)
    try:
        for event in events:
            if isinstance(event, Answer):
                shown(None)
                finish(event)
                return
            draft = draft.after(event)
            shown(draft)
    except KeyboardInterrupt:
        shown(None)
        if show and draft.answer:
            finish(draft.answer)
        raise
    finally:
        shown(None)
