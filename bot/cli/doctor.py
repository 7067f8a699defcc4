"""What is configured, what works, and what to do about the rest; nothing is changed by looking."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.config.settings import load_settings, origins, variable
from bot.config.wiring import (
    database_file,
    make_model,
    make_reader,
    make_sanad,
    open_embedder,
    open_index,
    open_server,
    stand_in_notice,
)
from bot.operations.redaction import redactor, secrets_in
from bot.rendering.texts import failure_text
from retrieval.corpus.articles import find_files
from retrieval.errors import ModelError, SanadError
from retrieval.nlp.display import one_line, visible
from retrieval.readers.pdf_ocr import tesseract_languages, why_no_ocr
from retrieval.reranking import Reranking, SentenceInContext
from retrieval.types import LLMFailure

if TYPE_CHECKING:
    from bot.config.settings import Settings
    from prompts import Prompt
    from retrieval.index.index import Index
    from retrieval.llms.client import LLMClient

LONGEST_REPLY = 60  # code points of a model's reply that are shown
_MOST_ARTICLES = 20  # from which passages are taken; each has one at least, and no more passages are sent
_LOOK_AT = "Look at SANAD_LLM, SANAD_LLM_BASE_URL and SANAD_LLM_API_KEY. Answers are quoted until it works."
_ADVICE: Mapping[LLMFailure, str] = {
    "too_long": "Give the model's server a longer context, or set SANAD_LLM_PASSAGE_TOKENS lower.",
    "late": "Set SANAD_LLM_FIRST_TOKEN higher, SANAD_LLM_PASSAGE_TOKENS lower, or choose a faster model.",
    "slow": "Set SANAD_LLM_TIMEOUT higher, SANAD_LLM_PASSAGE_TOKENS lower, or choose a faster model.",
}
LIBRARIES = ("chromadb", "llama-index-core", "tantivy")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, whether it works, and what to do where it does not."""

    name: str
    found: str
    works: bool = True
    advice: str = ""


def examine(*, telegram: bool = False) -> Iterator[Check]:
    """Look at everything in turn, from the settings to a question answered; stop where the next needs the last."""
    try:
        settings = load_settings()
    except SanadError as error:
        yield Check("settings", str(error), works=False, advice="Correct it in the environment or in .env.")
        return
    for field, origin in origins().items():
        yield Check(variable(field), f"{_shown(getattr(settings, field))} ({origin})")
    yield Check("libraries", ", ".join(f"{name} {version(name)}" for name in LIBRARIES))
    yield _articles(settings)
    yield _data_folder(settings.data_dir)
    if settings.ocr != "off":
        yield _ocr()
    yield _conversations(settings)
    if settings.embedding != "hashing":
        yield from _embedding(settings)
    if settings.chroma_url:
        yield _chroma(settings)
    yield from _index(settings)
    if settings.llm != "none":
        yield _model(settings)
        if settings.reader_llm not in ("same", "none"):
            yield _reader(settings)
    if telegram:
        yield from _telegram(settings)


def _shown(value: object) -> str:
    """Return a setting as it may be read by anybody: no key, and no password in an address."""
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "not set"
    return redactor(secrets_in(str(value)))(str(value)) or "not set"


def _embedding(settings: Settings) -> Iterator[Check]:
    """Embed one word, and read it as a question; a model that runs here is loaded for it, or fetched, if need be."""
    if notice := stand_in_notice(settings):
        yield Check("embedding", "hashing stands in for e5", advice=notice)
        return
    name, started = "embedding", time.perf_counter()
    try:
        embedder = open_embedder(settings)
        vector = embedder.get_query_embedding("سند")
        yield Check(name, f"{len(vector)} dimensions in {1000 * (time.perf_counter() - started):.0f} ms")
        if isinstance(embedder, Reranking) and embedder.reranker is not None:
            name, started = "reranker", time.perf_counter()
            embedder.reranker.read("سند", [SentenceInContext("سند")])
            yield Check(name, f"loaded in {1000 * (time.perf_counter() - started):.0f} ms")
    except SanadError as error:
        yield Check(name, str(error), works=False)


def _chroma(settings: Settings) -> Check:
    """Ask the Chroma server what it is and what it holds."""
    with closing(open_server(settings)) as server:
        try:
            status = server.status(settings.data_dir)
        except SanadError as error:
            advice = "Questions are answered by words alone until it works."
            return Check("chroma", str(error), works=False, advice=advice)
    held = f"{status.collections} collections, {status.own} of this data folder"
    answered = f"answers in {1000 * status.seconds:.0f} ms"
    return Check("chroma", f"version {status.version} {answered}; in {status.place}: {held}")


def _articles(settings: Settings) -> Check:
    try:
        files = len(find_files(settings.articles_dir))
    except SanadError as error:
        return Check("articles", str(error), works=False)
    if not files:
        return Check(
            "articles",
            "the folder holds no articles",
            works=False,
            advice="Put .txt, .html, .pdf or other articles there; docs/articles.md names the formats.",
        )
    return Check("articles", f"{files} files")


def _ocr() -> Check:
    missing = why_no_ocr()
    if missing is None:
        return Check("ocr", f"tesseract reads {', '.join(tesseract_languages())}")
    return Check("ocr", missing.found, works=False, advice=missing.advice)


def _data_folder(folder: Path) -> Check:
    existing = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    if os.access(existing, os.W_OK):
        return Check("data folder", "can be written" if folder.exists() else "will be made by the first question")
    return Check(
        "data folder",
        f"{existing} cannot be written",
        works=False,
        advice="Give yourself the right to write there, or set SANAD_DATA_DIR to another folder.",
    )


def _conversations(settings: Settings) -> Check:
    """Say where the bot's conversations lie, and whether a database of an earlier version waits here to be moved."""
    from bot.storage.database_file import FORMER, is_former

    try:
        file = database_file(settings)
    except SanadError as error:
        return Check("conversations", str(error), works=False)
    if file is None:
        return Check("conversations", "on a server of SANAD_DATABASE_URL")
    is_left = not settings.database_url and is_former(FORMER) and not (file.exists() and file.samefile(FORMER))
    left = "is not used, as that one is there" if file.exists() else "is moved there by the next `sanad bot`"
    return Check("conversations", str(file), advice=f"{FORMER.absolute()} {left}." if is_left else "")


def _index(settings: Settings) -> Iterator[Check]:
    try:
        with open_index(settings) as index:
            if index.catalog.is_empty:
                yield Check("index", "empty", advice="`sanad index` builds it; so does the first question.")
                return
            held = f"{index.catalog.article_count()} articles, {index.catalog.passage_count()} passages"
            pending = index.catalog.pending_count()
            advice = "`sanad index` makes the vectors that are missing." if pending else ""
            yield Check("index", f"{held}{f', {pending} articles without vectors' if pending else ''}", advice=advice)
            yield _answer(index)
    except SanadError as error:
        yield Check("index", str(error), works=False)


def _answer(index: Index) -> Check:
    """Ask the index for one of its own articles, by its label."""
    with index.pin() as pinned:
        (article,) = pinned.first_articles(1)
    answer = make_sanad(index).ask(article.label)
    if not answer.found:
        return Check(
            "an answer", f"none for the words of article 1, {article.path}", works=False, advice="Run `sanad index`."
        )
    return Check("an answer", f"quoted from {answer.citations[0].path} in {1000 * answer.seconds:.0f} ms")


def _model(settings: Settings) -> Check:
    """Ask the language model what an answer asks, with as many passages, and say when it began to write."""
    from retrieval.answering.generation import Request, answer_prompt
    from retrieval.answering.prompt_passages import CHARACTERS_PER_TOKEN, prompt_passages

    try:
        model = make_model(settings)
        if model is None:
            return Check("model", "none")
        with closing(model), open_index(settings) as index:
            catalog = index.catalog
            newest = catalog.newest(_MOST_ARTICLES)
            found = ((passage, article) for article in newest for passage in catalog.passages_of(article.article_id))
            passages = prompt_passages(found, settings.llm_passage_tokens)
            about = passages[0].article.label if passages else "سند"
            prompt = answer_prompt(Request(about, "ar", limit=3), passages, model.form)
            length = len(prompt.system) + len(prompt.user) + sum(len(document.text) for document in prompt.documents)
            asked = f"{settings.llm}, asked with some {length / CHARACTERS_PER_TOKEN:.0f} tokens,"
            return _begun(model, prompt, asked)
    except SanadError as error:
        return Check("model", str(error), works=False)


def _begun(model: LLMClient, prompt: Prompt, asked: str) -> Check:
    """Send a prompt, and read until there is a line to show."""
    started, first, reply = time.perf_counter(), 0.0, ""
    pieces = model.stream(prompt, model.deadline())
    try:
        for piece in pieces:
            first = first or time.perf_counter() - started
            reply += piece
            if len(reply) > LONGEST_REPLY:
                break
    except ModelError as error:
        status = f" (HTTP {error.status})" if error.status else ""
        found = f"{asked} failed: {failure_text('en', error.reason, error.said)}{status}"
        return Check("model", found, works=False, advice=_ADVICE.get(error.reason, _LOOK_AT))
    said = shorten(one_line(visible(reply)), LONGEST_REPLY, placeholder="…")
    return Check("model", f"{asked} began to write after {first:.1f} s: “{said}”")


def _reader(settings: Settings) -> Check:
    """Have the model that reads sentences again read a true one and a false one."""
    from retrieval.answering.second_reading import ReadingPair, read_again

    name, quote = "reading again", "وصل الوزير إلى أنقرة."
    pairs = [ReadingPair(sentence, quote, quote) for sentence in (quote, "غادر الوزير باريس.")]
    try:
        writer = make_model(settings)
        reader = make_reader(settings, writer)
        if writer is None or reader is None:
            return Check(name, "none")
        with closing(writer), closing(reader):
            true, false = read_again(reader, pairs, "ar", reader.deadline())
    except SanadError as error:
        return Check(name, str(error), works=False)
    if true is None or false is None:
        advice = "Look at SANAD_READER_LLM, its address and its key. Sentences are read by code alone until it works."
        return Check(name, f"{settings.reader_llm} gave no verdict on two sentences", works=False, advice=advice)
    told = "took a true sentence for said and a false one not" if not true and false else "did not tell true from false"
    return Check(name, f"{settings.reader_llm} {told}")


def _telegram(settings: Settings) -> Iterator[Check]:
    """Ask Telegram who the bot is, and open its database."""
    from bot.telegram.app.checks import check_bot_settings
    from bot.telegram.app.identity import ask_identity

    try:
        check_bot_settings(settings)
        found = ask_identity(settings)
    except SanadError as error:
        yield Check(
            "telegram", str(error), works=False, advice="Look at SANAD_TELEGRAM_TOKEN and SANAD_TELEGRAM_API_URL."
        )
        return
    groups = "every message of a group" if found.reads_groups else "in groups only what is meant for it"
    inline = "inline" if found.answers_inline else "not inline (@BotFather: /setinline)"
    yield Check("telegram", f"@{found.username}; reads {groups}; {inline}")
    way = f"webhook at {found.webhook}" if found.webhook else "no webhook, so the bot asks for updates"
    advice = f"Telegram's last failure at the webhook: {found.last_error}" if found.last_error else ""
    yield Check("updates", f"{found.waiting} waiting; {way}", advice=advice)
    yield _database(settings)


def _database(settings: Settings) -> Check:
    """Write to the bot's database and delete it again; one that is not there yet is not made."""
    from bot.storage.database import Database
    from bot.storage.write_probe import WriteProbe

    try:
        file = database_file(settings)
        if file and not file.exists():
            return Check("database", "will be made by the first `sanad bot`")
        with closing(Database(settings.database_url or f"sqlite:///{file}")) as database:
            trouble = WriteProbe(database).trouble()
    except SanadError as error:
        return Check("database", str(error), works=False)
    return Check("database", trouble or "can be written", works=not trouble)
