"""Draw docs/settings.md and .env.example from the fields of the settings.

Usage: PYTHONPATH=tests python -m house.draw_settings
"""

from __future__ import annotations

from house.rooms import ROOT
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.config.settings import Settings, variable

HEAD = """# Settings

Every setting is a variable, in the environment or in a file `.env` in the working directory. The environment wins. An
empty value is the default; a relative path counts from the working directory. A name or a value that is not known
stops the program at its start, with a line that says which one and what is known. `sanad doctor` prints each setting
with its origin; keys and passwords are never shown.

This page and `.env.example` are made from `bot/config/settings.py` by `make docs`.
"""
EXAMPLE_HEAD = """# What can be set, with the defaults. Copy this file to .env and change what you need;
# a variable of the environment wins over .env. A relative path counts from the working directory.
"""
SECTIONS = {  # by how the names of their fields begin; what begins otherwise stands in the first
    "Articles and index": (),
    "Embedding model": ("embedding", "e5"),
    "Chroma server": ("chroma",),
    "Language model": ("llm", "reader"),
    "Telegram": ("database", "telegram", "webhook"),
    "Logs and health": ("log", "health"),
}


def settings_page() -> str:
    """Return the page."""
    parts = [HEAD]
    for title in SECTIONS:
        rows = [_row(name, field) for name, field in Settings.model_fields.items() if _section_of(name) == title]
        parts.append(
            "\n".join([f"## {title}", "", "| variable | default | what it is |", "| --- | --- | --- |", *rows, ""])
        )
    return "\n".join(parts)


def env_example() -> str:
    """Return the text of .env.example."""
    blocks = [
        f"# {field.description}\n{variable(name)}={field.default}\n" for name, field in Settings.model_fields.items()
    ]
    return "\n".join([EXAMPLE_HEAD, *blocks])


def _section_of(name: str) -> str:
    first, *others = SECTIONS
    return next((title for title in others if name.startswith(SECTIONS[title])), first)


def _row(name: str, field: FieldInfo) -> str:
    given = field.default.get_secret_value() if isinstance(field.default, SecretStr) else str(field.default)
    shown = f"`{given}`" if given else "empty"
    return f"| `{variable(name)}` | {shown} | {(field.description or '').replace('|', chr(92) + '|')} |"


if __name__ == "__main__":
    (ROOT / "docs/settings.md").write_text(settings_page(), encoding="utf-8")
    (ROOT / ".env.example").write_text(env_example(), encoding="utf-8")
