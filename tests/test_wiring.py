from __future__ import annotations

from pathlib import Path

from bot.settings import load
from bot.wiring import make_sanad, open_index


def test_settings_become_a_sanad_that_answers(articles: Path) -> None:
    with open_index(load()) as index:
        index.refresh(articles)
        answer = make_sanad(index).ask("أين التقى لافروف وبومبيو؟")
    assert [citation.path for citation in answer.citations][:1] == ["talks/sochi.txt"]


def test_opening_writes_nothing(articles: Path) -> None:
    with open_index(load()) as index:
        assert index.is_empty
    assert [path.name for path in articles.parent.iterdir()] == ["seeds"]
