"""The page about LlamaIndex does what it says: its Python blocks run, in their order, over one folder."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "docs/llama-index.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_blocks_of_the_page_run(capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(ROOT / "seeds", "seeds")
    shown = []
    for block in BLOCKS:
        exec(compile(block, str(PAGE), "exec"), {})
        shown.append(capsys.readouterr().out.strip())
    assert shown[0] == "True بلغت كلفة الجسر 340 مليون جنيه. bridge.txt"
    assert re.fullmatch(r"واستغرق الاجتماع .* حوالي ساعتين .* \[1\] True .*", shown[1], re.DOTALL)
    assert shown[2] == "لا تقول المقاطع المسترجعة جوابًا عن هذا السؤال."
    assert shown[3] == "003_bfdeebde6696c89a.txt"
