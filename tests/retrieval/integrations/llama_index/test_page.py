"""The page about LlamaIndex does what it says: its Python blocks run, in their order, over one folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[4] / "docs/llama-index.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_blocks_of_the_page_run(articles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = []
    for block in BLOCKS:
        exec(compile(block, str(PAGE), "exec"), {})
        shown.append(capsys.readouterr().out.strip())
    assert shown[0] == "True بلغت كلفة الجسر 340 مليون جنيه. bridge.txt"
    assert re.fullmatch(r"وبلغت كلفة الجسر .* \[1\] True وبلغت كلفة الجسر .*", shown[1], re.DOTALL)
    assert shown[2] == "لا تقول المقاطع المسترجعة جوابًا عن هذا السؤال."
    assert shown[3] == "bridge.txt"
