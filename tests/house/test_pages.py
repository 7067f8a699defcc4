"""The pages that are made from the code say what the code says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from house.draw_commands import commands_page
from house.draw_map import the_map
from house.draw_settings import env_example, settings_page
from house.rooms import ROOT

from bot.config.settings import Settings, variable


@pytest.mark.parametrize(
    ("page", "drawn"),
    [
        ("docs/map.md", the_map),
        ("docs/settings.md", settings_page),
        ("docs/commands.md", commands_page),
        (".env.example", env_example),
    ],
)
def test_page_is_as_the_code_has_it(page: str, drawn: Callable[[], str]) -> None:
    assert (ROOT / page).read_text(encoding="utf-8") == drawn(), "Draw it again: make docs"


def test_settings_page_names_every_setting() -> None:
    page = settings_page()
    assert all(page.count(f"| `{variable(name)}` |") == 1 for name in Settings.model_fields)
