from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.config.settings import load_settings
from bot.config.wiring import make_sanad, open_index


def test_settings_become_a_sanad_that_answers(articles: Path) -> None:
    with open_index(load_settings()) as index:
        index.refresh(articles)
        answer = make_sanad(index).ask("أين التقى لافروف وبومبيو؟")
    assert [citation.path for citation in answer.citations][:1] == ["talks/sochi.txt"]


def test_opening_writes_nothing(articles: Path) -> None:
    with open_index(load_settings()) as index:
        assert index.catalog.is_empty
    assert [path.name for path in articles.parent.iterdir()] == ["seeds"]


def test_an_answer_without_a_model_loads_no_llamaindex(articles: Path) -> None:
    code = (
        "import sys\nfrom bot.cli.main import app\n"
        "try:\n    app(['ask', 'أين التقى لافروف وبومبيو؟'])\nfinally:\n"
        "    print('llama_index' in sys.modules, file=sys.stderr)"
    )
    environment = {"PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONUTF8": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8", env=environment, timeout=60
    )
    assert ran.stderr.splitlines()[-1] == "False"
    assert "[1]" in ran.stdout
