"""The conversation: questions and /commands in, answers out, with nothing of the terminal in its core."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from bot.cli.live import Show, show_live
from bot.cli.streams import readable
from bot.rendering.answer_lines import date_line
from bot.rendering.commands import IN_TERMINAL, command_list
from bot.rendering.draft import AnswerDraft
from bot.rendering.explanation import account_text
from bot.rendering.terminal import (
    DIM,
    MARKER,
    UNKNOWN,
    answer_text,
    excerpt_text,
    sheet_text,
    sources_text,
)
from bot.rendering.texts import TextKey, count_articles, say
from bot.rendering.timeline_terminal import timeline_text
from retrieval.answering.conversation import turns_in
from retrieval.archive.name_sheet import name_sheet
from retrieval.archive.timeline import timeline
from retrieval.errors import SanadError
from retrieval.nlp.analysis import language_of
from retrieval.nlp.display import for_screen, isolate
from retrieval.search.followups import bounded
from retrieval.types import Answer, Language, Turn

if TYPE_CHECKING:
    from retrieval.answering.sanad import Sanad
    from retrieval.index.index import Index

_Read = Callable[[], str]  # the next line; EOFError at the end, KeyboardInterrupt for Ctrl-C
Write = Callable[[Text], None]
Refresh = Callable[[], None]

PROMPT = "> "


class ChatConversation:
    """One person's conversation with Sanad; it remembers the last turns and the language of the last question."""

    def __init__(self, index: Index, sanad: Sanad, write: Write, refresh: Refresh, show: Show | None = None) -> None:
        """Take finished parts; `refresh` runs before each question, so that new articles count at once."""
        self._show = show
        self._history: tuple[Turn, ...] = ()
        self._index = index
        self._sanad = sanad
        self._write = write
        self._refresh = refresh
        self._answer: Answer | None = None
        self._language: Language | None = None  # unknown until something is typed

    def greet(self) -> None:
        """Say what there is to ask about, in both languages."""
        for language in self._languages:
            articles = count_articles(self._index.catalog.article_count(), language)
            self._say(say(language, "greeting", articles=articles))

    def run(self, read: _Read, *, goes_on: bool = True) -> None:
        """Answer line by line until the end of input or /quit; an interrupt ends what is being typed or answered.

        Raises:
            KeyboardInterrupt: there was one, and the conversation does not go on after it.
        """
        while True:
            try:
                line = readable(read()).strip()
                if line and not self.reply(line):
                    return
            except EOFError:
                return
            except KeyboardInterrupt:
                if not goes_on:
                    raise

    def reply(self, line: str) -> bool:
        """Answer one line; return False where it ends the conversation."""
        try:
            if line.startswith("/"):
                return self._obey(line)
            self._refresh()
            self._reply_to(line)
        except SanadError as error:
            self._write(Text(str(error), style="red"))
        return True

    def _reply_to(self, question: str) -> None:
        """Show the answer as it comes: the extracts, then a model's sentences once they have passed their readings."""
        events = self._sanad.stream(question, self._history)
        show_live(events, AnswerDraft(language_of(question)), self._show, self._finish)

    def _finish(self, answer: Answer) -> None:
        self._language = answer.language
        self._write(answer_text(answer, self._label_of, has_commands=True))
        self._write(Text())
        if answer.outcome == "reply":  # the answer before it stays the last
            return
        self._answer = answer
        self._history = bounded((*self._history, *turns_in(answer)))

    def _obey(self, line: str) -> bool:
        name, _, argument = line.partition(" ")
        if language_of(name) == "ar":
            self._language = "ar"
        given = IN_TERMINAL.get(name.lower())
        command = given.name if given else None
        if command == "quit":
            return False
        acts: Mapping[str | None, Callable[[str], None]] = {
            "sources": self._show_sources,
            "name": self._show_name,
            "timeline": self._show_timeline,
            "why": self._show_why,
            "articles": self._show_articles,
            "help": self._show_help,
        }
        if command in acts:
            acts[command](argument.strip())
        else:
            self._not_a_command(name)
        return True

    def _show_help(self, _: str) -> None:
        for language in self._languages:
            self._say(chat_help(language))

    def _show_sources(self, asked: str) -> None:
        wanted = asked.strip("[]")
        if self._answer is None or not self._answer.citations:
            self._tell("no_sources")
            return
        by_number = {str(citation.number): citation for citation in self._answer.citations}
        number = str(int(wanted)) if wanted.isdecimal() else wanted  # ٢ is 2
        if not number:
            self._write(sources_text(self._answer, self._label_of))
        elif number in by_number:
            article = self._sanad.article_by_id(by_number[number].article_id)
            self._write(excerpt_text(article, by_number[number]))
        else:
            self._tell("unknown_source", number=wanted, last=len(by_number))

    def _show_name(self, asked: str) -> None:
        if not asked:
            self._tell("name_usage")
            return
        self._refresh()
        with self._index.pin() as pinned:
            self._write(sheet_text(name_sheet(pinned, pinned, asked), language_of(asked), self._label_of))

    def _show_timeline(self, subject: str) -> None:
        if not subject:
            self._tell("timeline_usage")
            return
        self._refresh()
        with self._index.pin() as pinned:
            found = timeline(pinned, pinned.analyse(subject))
            self._write(timeline_text(found, language_of(subject), self._label_of))

    def _show_why(self, _: str) -> None:
        if self._answer is None:
            self._tell("no_why")
            return
        for part in self._answer.each:
            if account := account_text(part, self._label_of):
                self._write(account)

    def _show_articles(self, _: str) -> None:
        articles = self._index.catalog.articles()
        if not articles:
            self._tell("nothing_held")
        for number, article in enumerate(articles, start=1):
            known = (article.source or UNKNOWN, date_line(article.published, article.dated) or UNKNOWN)
            details = " · ".join(isolate(for_screen(part)) for part in known)
            label = isolate(for_screen(article.label))
            self._write(Text.assemble((f"{number}. ", MARKER), label, (f"  {details}", DIM)))

    def _not_a_command(self, name: str) -> None:
        nearest = get_close_matches(name, IN_TERMINAL, n=1)
        self._tell("unknown_command", command=name)
        if nearest:
            self._tell("did_you_mean", command=nearest[0])
        else:
            self._tell("see_help")

    def _label_of(self, article_id: str) -> str:
        return self._sanad.article_by_id(article_id).label

    def _tell(self, key: TextKey, **values: object) -> None:
        self._say(say(self._languages[0], key, **values))

    def _say(self, text: str) -> None:
        self._write(Text(for_screen(text)))

    @property
    def _languages(self) -> tuple[Language, ...]:
        return ("ar", "en") if self._language is None else (self._language,)


def chat_help(language: Language) -> str:
    """Return how to ask, and the commands."""
    return say(language, "help", commands=command_list(IN_TERMINAL.values(), language, "{name:<10} {summary}"))


def prompt_reader(history: Path) -> _Read:
    """Return a reader with line editing, a history kept in a file, and completion of the commands."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.application import get_app
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.history import FileHistory

    class ReadableHistory(FileHistory):
        """A history file that takes what was pasted, be it text or not."""

        def store_string(self, string: str) -> None:
            super().store_string(readable(string))

    history.parent.mkdir(parents=True, exist_ok=True)
    session: PromptSession[str] = PromptSession(
        history=ReadableHistory(history),
        completer=WordCompleter(list(IN_TERMINAL), sentence=True),
        complete_while_typing=Condition(lambda: get_app().current_buffer.text.startswith("/")),
    )
    return lambda: session.prompt(PROMPT)
