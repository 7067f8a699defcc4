from __future__ import annotations

from pathlib import Path

import pytest

from bot.config.settings import Settings, load_settings, origins, variable
from retrieval.errors import SettingsError

KNOWN = ", ".join(map(variable, Settings.model_fields))


def env_file(text: str) -> None:
    Path(".env").write_text(text, encoding="utf-8")


def test_defaults_need_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SANAD_EMBEDDING")  # that of the tests
    settings = load_settings()
    assert (settings.articles_dir, settings.data_dir, settings.embedding) == (Path("seeds"), Path(".sanad"), "e5")


def test_environment_wins_over_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    env_file("SANAD_ARTICLES_DIR=from_file\nSANAD_DATA_DIR=data\n")
    monkeypatch.setenv("SANAD_ARTICLES_DIR", "from_environment")
    assert (load_settings().articles_dir, load_settings().data_dir) == (Path("from_environment"), Path("data"))


def test_empty_value_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_DATA_DIR", "")
    assert load_settings().data_dir == Path(".sanad")


def test_home_is_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_ARTICLES_DIR", "~/articles")
    assert load_settings().articles_dir == Path.home() / "articles"


def test_other_programs_may_share_the_env_file() -> None:
    env_file("POSTGRES_PASSWORD=x\n")
    assert load_settings() == Settings()


def test_origins_say_where_each_value_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    env_file("SANAD_ARTICLES_DIR=here\nSANAD_DATA_DIR=there\n")
    monkeypatch.setenv("SANAD_DATA_DIR", "elsewhere")
    where = origins()
    assert (where["articles_dir"], where["data_dir"], where["llm"]) == (".env", "environment", "default")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "SANAD_ARTICLE_DIR",
            "x",
            "SANAD_ARTICLE_DIR: no such setting (in the environment). Did you mean SANAD_ARTICLES_DIR?\n"
            f"Known: {KNOWN}.",
        ),
        (
            "SANAD_QQQQQQQQQ",
            "x",
            f"SANAD_QQQQQQQQQ: no such setting (in the environment).\nKnown: {KNOWN}.",
        ),
    ],
)
def test_mistake_is_named_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["openai", "openai:", "gpt:4", "Ollama:x"])
def test_unknown_provider_is_answered_with_the_list(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("SANAD_LLM", name)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    known = "none, openai:MODEL, ollama:MODEL, anthropic:MODEL, openai-like:MODEL"
    known += ", llama-index:package.module.Class:MODEL"
    assert str(caught.value) == f"SANAD_LLM: known are {known}; it is {name!r}."


def test_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_LLM_API_KEY", "sk-secret")
    settings = load_settings()
    assert "sk-secret" not in f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"
    assert settings.llm_api_key.get_secret_value() == "sk-secret"


def test_typing_error_in_the_env_file_is_found_too() -> None:
    env_file("SANAD_DATADIR=x\n")
    with pytest.raises(SettingsError, match=r"\(in \.env\)\. Did you mean SANAD_DATA_DIR\?"):
        load_settings()


def test_file_in_place_of_a_folder_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("file").write_text("", encoding="utf-8")
    monkeypatch.setenv("SANAD_DATA_DIR", "file")
    with pytest.raises(SettingsError, match="SANAD_DATA_DIR: file is a file, and a folder is needed"):
        load_settings()


def test_env_file_that_is_not_text_is_named() -> None:
    Path(".env").write_bytes(b"SANAD_DATA_DIR=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env cannot be read as UTF-8 text"):
        load_settings()


def test_a_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANAD_EMBEDDING_API_KEY", "sk-secret")
    assert "sk-secret" not in repr(load_settings()) + str(load_settings()) + load_settings().model_dump_json()
    assert load_settings().embedding_api_key.get_secret_value() == "sk-secret"


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())
