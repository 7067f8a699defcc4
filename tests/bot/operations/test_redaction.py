"""No secret of the settings is shown, whatever it is called, and in whatever form a text holds it."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import quote

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.config.settings import Settings
from bot.operations import logs
from bot.operations.redaction import SECRET_NAME, redactor, secrets_in, secrets_of
from bot.storage.database import Database
from retrieval.errors import SanadError

PASSWORD = 'p@ss "wörd"/50%\\n'
NO_SECRET = {"llm_first_token", "llm_max_tokens", "llm_passage_tokens"}  # called like one, and none
URLS = [name for name in Settings.model_fields if name.endswith("_url")]
REFUSE_LOGINS = {"chroma_url"}  # whose addresses take no name and password


@pytest.fixture(autouse=True)
def _logging_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def filled() -> tuple[Settings, set[str]]:
    """Return settings in which each place that can hold a secret holds one, and those secrets."""
    keys = {name: f"key-of-{name}" for name, field in Settings.model_fields.items() if field.annotation is SecretStr}
    logins = {name: f"password-of-{name}" for name in URLS if name not in REFUSE_LOGINS}
    values: dict[str, Any] = {name: SecretStr(key) for name, key in keys.items()}
    values |= {name: f"https://me:{password}@example.org/x" for name, password in logins.items()}
    return Settings(**values), {*keys.values(), *logins.values()}


def test_every_secret_of_the_settings_is_known() -> None:
    settings, secrets = filled()
    assert secrets <= secrets_of(settings)
    assert len(secrets) >= 10


def test_whatever_is_called_like_a_secret_is_one_by_its_type() -> None:
    called_so = {name for name in Settings.model_fields if SECRET_NAME.search(name)} - NO_SECRET
    assert {name for name in called_so if Settings.model_fields[name].annotation is not SecretStr} == set()


def test_a_setting_to_come_is_covered_by_itself() -> None:
    class Later(Settings):
        """The settings of a later version."""

        mail_password: SecretStr = SecretStr("")
        mail_url: str = ""

    later = Later(mail_password=SecretStr("of-mail"), mail_url="smtp://me:of-smtp@host")
    assert {"of-mail", "of-smtp"} <= secrets_of(later)


def test_a_login_at_a_proxy_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:of-a-proxy@proxy:3128")
    monkeypatch.setenv("HTTP_PROXY", "me:of-another@proxy:3128")
    assert {"of-a-proxy", "of-another"} <= secrets_of(Settings())


@pytest.mark.parametrize(
    ("address", "secrets"),
    [
        ("postgresql://me:secret@host/x", {"secret"}),
        ("postgresql://me:se/cr?et@host/x", {"se/cr?et"}),
        ("postgresql://host/x?user=me&password=secret&sslmode=require", {"secret"}),
        ("https://token@host/v1", {"token"}),
        ("https://host/v1?api_key=secret", {"secret"}),
        ("https://host/a:b@c", set()),
        ("sqlite:////folder/a@b.db", set()),
        ("openai:gpt", set()),
        ("http://[bad", set()),
    ],
)
def test_secrets_of_an_address(address: str, secrets: set[str]) -> None:
    assert set(secrets_in(address)) == secrets


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    "written",
    [
        PASSWORD,
        quote(PASSWORD, safe=""),
        quote(PASSWORD, safe="").lower(),
        json.dumps(PASSWORD),
        json.dumps(PASSWORD, ensure_ascii=False),
        repr(PASSWORD),
        json.dumps({"password": PASSWORD}),
    ],
)
def test_a_secret_is_hidden_in_every_form(form: logs.Format, written: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(database_url=f"postgresql://me:{quote(PASSWORD, safe='')}@host/x")
    logs.start_logging(secrets_of(settings), form)
    try:
        raise ConnectionError(written)
    except ConnectionError:
        logging.getLogger("bot").exception("It says %s.", written)
    said = capsys.readouterr().err
    assert "It says" in said
    assert "wörd" not in said
    assert "50%" not in said
    assert r"w\u00f6rd" not in said
    assert "w%c3%b6rd" not in said.lower()
    if form == "json":
        json.loads(said)


@pytest.mark.parametrize("url", ["postgresql://me:of-the-database@127.0.0.1:1/x", "sqlite:////no/such/folder/x.db"])
def test_the_trace_of_a_database_shows_no_password(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.start_logging(secrets_of(Settings(database_url=url)))
    try:
        with closing(Database(url)) as database:
            database.work(lambda connection: connection.execute(text("SELECT 1")))
    except SanadError:
        logging.getLogger("bot").exception("Failed at %s", url)
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "of-the-database" not in said


def test_what_nobody_catches_is_logged_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start_logging(["a-secret"])

    def fail() -> None:
        raise RuntimeError("about a-secret")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    said = capsys.readouterr().err
    assert said.count("RuntimeError: about …") == 2
    assert "a-secret" not in said


def test_a_longer_secret_leaves_no_end_of_itself() -> None:
    assert redactor(["abc", "abcdef"])("x abcdef abc") == "x … …"
