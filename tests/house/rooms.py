"""The rooms of the house: what each promises and may import, and what the source says of both."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = ("prompts", "retrieval", "bot")


class Room(NamedTuple):
    """A folder of modules: its promise, and the rooms that its modules may import besides each other."""

    promise: str
    imports: tuple[str, ...] = ()


CORE = ("retrieval",)  # the values and the errors that all share; `prompts` imports nothing
RETRIEVAL = {
    "retrieval": Room("The values and the errors that all share."),
    "retrieval/nlp": Room(
        "What is known of Arabic and English and of nothing else: letters, stems, sentences, names, dates. Pure.",
        CORE,
    ),
    "retrieval/concurrency": Room(
        "Calls that can be ended, and tried again: threads that hold up no process, HTTP clients, retries.",
        CORE,
    ),
    "retrieval/extraction": Room(
        "A text's own paragraphs, and what it says about itself. Pure.", (*CORE, "retrieval/nlp")
    ),
    "retrieval/readers": Room(
        "The bytes of one format become text and stated metadata.", (*CORE, "retrieval/extraction", "retrieval/nlp")
    ),
    "retrieval/corpus": Room(
        "The folder of articles: which files, what changed, what each holds.",
        (*CORE, "retrieval/readers", "retrieval/extraction", "retrieval/nlp"),
    ),
    "retrieval/connectors": Room(
        "Articles come in from outside: pages, feeds, files, exports.",
        (
            *CORE,
            *(
                "retrieval/concurrency",
                "retrieval/corpus",
                "retrieval/readers",
                "retrieval/extraction",
                "retrieval/nlp",
            ),
        ),
    ),
    "retrieval/embeddings/e5": Room(
        "multilingual-e5-small on onnxruntime, from the weights that a package ships.",
        (*CORE, "retrieval/concurrency"),
    ),
    "retrieval/embeddings": Room(
        "Text becomes vectors.",
        (*CORE, "retrieval/embeddings/e5", "retrieval/concurrency", "retrieval/nlp"),
    ),
    "retrieval/search": Room(
        "A question becomes a query; passages are matched, scored, fused and collapsed by story. Pure.",
        (*CORE, "retrieval/nlp"),
    ),
    "retrieval/stores": Room(
        "What lies on the disk: the catalog (SQLite), the lexical index (tantivy), and what locks a generation.",
        (*CORE, "retrieval/stores/vectors", "retrieval/search", "retrieval/nlp"),
    ),
    "retrieval/stores/vectors": Room(
        "The vectors (Chroma), in the data folder or on a server.", (*CORE, "retrieval/concurrency", "retrieval/stores")
    ),
    "retrieval/index": Room(
        "An index is written (refresh, chunk, publish) and read at one generation.",
        (
            *CORE,
            *("retrieval/stores", "retrieval/stores/vectors", "retrieval/corpus", "retrieval/embeddings"),
            *("retrieval/search", "retrieval/extraction", "retrieval/concurrency", "retrieval/nlp"),
        ),
    ),
    "retrieval/grounding": Room(
        "Whether passages say what a sentence says. Pure.", (*CORE, "retrieval/search", "retrieval/nlp")
    ),
    "retrieval/expressions": Room(
        "The expression of a quote that answers who, when, where, how many or how much. Pure.",
        (*CORE, "retrieval/search", "retrieval/nlp"),
    ),
    "retrieval/llms": Room(
        "Language models with deadlines, and what keeps articles from giving them orders.",
        (*CORE, "retrieval/concurrency", "retrieval/nlp", "prompts"),
    ),
    "retrieval/citing": Room(
        "Where passages come from, and the verbatim citation of a place in one. Pure.",
        (*CORE, "retrieval/search", "retrieval/nlp"),
    ),
    "retrieval/archive": Room(
        "What the archive as a whole says: which articles mention a subject, when, and where sources differ.",
        (*CORE, *(f"retrieval/{room}" for room in ("citing", "expressions", "grounding", "search", "nlp"))),
    ),
    "retrieval/answering": Room(
        "From a question to a cited answer.",
        (
            *CORE,
            *("retrieval/archive", "retrieval/citing"),
            *("retrieval/index", "retrieval/expressions", "retrieval/grounding", "retrieval/search"),
            *("retrieval/llms", "retrieval/nlp", "prompts"),
        ),
    ),
    "retrieval/integrations/llama_index": Room(
        "LlamaIndex, in and out.",
        (
            *CORE,
            *(
                f"retrieval/{room}"
                for room in (
                    *(
                        "index",
                        "answering",
                        "archive",
                        "citing",
                        "expressions",
                        "embeddings",
                        "llms",
                        "grounding",
                        "search",
                    ),
                    "stores/vectors",
                    *("corpus", "readers", "extraction", "concurrency", "nlp"),
                )
            ),
        ),
    ),
}
BOT = {
    "bot": Room("The program's entry.", ("bot/cli",)),
    "bot/rendering": Room(
        "Answers as text, JSON and for a terminal, in both languages and either direction. Pure.",
        (*CORE, "retrieval/nlp"),
    ),
    "bot/storage": Room(
        "The bot's database: conversations, inbox, outbox, erasure.",
        (*CORE, "retrieval/concurrency", "retrieval/search", "bot/rendering"),
    ),
    "bot/operations": Room(
        "What an operator sees, and what nobody may: logs without secrets, metrics, health.",
        (*CORE, "bot/storage"),
    ),
    "bot/watching": Room(
        "Watches are checked against new articles, and it is known when each is told.",
        (*RETRIEVAL, "bot/storage", "bot/rendering"),
    ),
    "bot/config": Room("Settings, and the parts that are made of them.", (*RETRIEVAL, "bot/storage", "bot/operations")),
    "bot/telegram/messages": Room(
        "What is said in Telegram: HTML and keyboards. Pure.", (*CORE, "retrieval/nlp", "bot/rendering")
    ),
    "bot/telegram/transport": Room(
        "Updates come in and messages go out, at Telegram's pace.",
        (*CORE, "retrieval/concurrency", "bot/config", "bot/storage", "bot/operations", "bot/telegram/messages"),
    ),
    "bot/telegram/handlers": Room(
        "Who asks what, and what is done.",
        (
            *RETRIEVAL,
            *("bot/config", "bot/storage", "bot/operations", "bot/rendering", "bot/watching"),
            *("bot/telegram/messages", "bot/telegram/transport"),
        ),
    ),
    "bot/telegram/app": Room(
        "The bot's process.",
        (
            *RETRIEVAL,
            *("bot/config", "bot/storage", "bot/operations", "bot/rendering", "bot/watching"),
            *("bot/telegram/messages", "bot/telegram/transport", "bot/telegram/handlers"),
        ),
    ),
    "bot/cli": Room(
        "The command line: one module a group of commands.",
        (
            *RETRIEVAL,
            "prompts",
            *("bot/config", "bot/storage", "bot/operations", "bot/rendering", "bot/watching", "bot/telegram/app"),
        ),
    ),
}
DOOR = "retrieval/__init__.py"  # above the rooms of its package, which never ask it: it would close a circle with each
ROOMS: Mapping[str, Room] = {
    "prompts": Room("What a language model is told."),
    **RETRIEVAL,
    DOOR: Room(
        "The public door: `from retrieval import Sanad, Index`; each name is loaded when it is first asked for.",
        (*CORE, *(f"retrieval/{room}" for room in ("index", "answering", "embeddings", "llms"))),
    ),
    **BOT,
}


@cache
def modules() -> Mapping[str, Path]:
    """Return the modules of the packages by dotted name; an `__init__` goes by its package's."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def room_of(module: str) -> str:
    """Return the room that a module stands in: the folder of its file, but for the public door."""
    path = modules()[module].relative_to(ROOT)
    return DOOR if path.as_posix() == DOOR else path.parent.as_posix()


@cache
def edges() -> Mapping[str, frozenset[str]]:
    """Return which modules of ours each module imports, wherever in it, for types alone too."""
    return {name: frozenset(_imported(name, path)) for name, path in modules().items()}


def _imported(name: str, path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            named = [one if one in modules() else node.module for one in inner]
        elif isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        else:
            continue
        yield from (one for one in named if one in modules() and one != name)


def circles(graph: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """Return the circles of a graph, as groups that reach each other, each sorted."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        todo = [start]
        while todo:
            for following in graph.get(todo.pop(), frozenset()) - seen:
                seen.add(following)
                todo.append(following)
        return seen

    reach = {name: reached(name) for name in graph}
    groups = {
        tuple(sorted(other for other in reach[name] if name in reach.get(other, ())))
        for name in graph
        if name in reach[name]
    }
    return sorted(map(list, groups))
