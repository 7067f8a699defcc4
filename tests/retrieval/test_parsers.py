"""Any text whatever is parsed in a bounded number of steps, and nothing is raised but a refusal of our own.

Python's steps can be counted, those inside a pattern cannot; so the texts that are hardest on patterns are read in a
process that is watched. All of them take it seconds, and one pattern that is more than linear would take minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import parsers
from support.builders.folder import EMBEDDER, TEXTS, run, write

from retrieval.answering.sanad import Sanad
from retrieval.index.index import Index
from retrieval.nlp.analysis import normalise

STEPS = 600  # lines of Python for each letter, in normal form; what is quadratic takes thousands at 20,000 letters
STEPS_AT_LEAST = 200_000  # that any text may take
# One reads each word of a sentence against each of a passage; both are cut, at 400 letters and at 2,000.
STEPS_TOGETHER = {"support": 10_000_000}
WATCHDOG = 600  # seconds, in which all hard texts are read some ten times over

HARD = st.builds(
    lambda before, repeated, after, length: (before + repeated * length)[: max(0, length - len(after))] + after,
    st.text(max_size=20),
    st.lists(st.one_of(st.sampled_from(parsers.PIECES), st.characters()), min_size=1, max_size=12).map("".join),
    st.text(max_size=20),
    st.sampled_from([8, 20, 40, *parsers.BOUNDS, parsers.LONGEST]),
)


def with_tests() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(parsers.__file__).parents[1])}


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Load what parsers load once."""
    for parser in parsers.PARSERS.values():
        parsers.read(parser, "قال الوزير في 14 مايو 2019 إن Lavrov وافق.")


@pytest.mark.parametrize("name", parsers.PARSERS)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=HARD)
def test_any_text_is_parsed_in_bounded_steps(name: str, text: str) -> None:
    taken = parsers.steps(parsers.PARSERS[name], text)
    assert taken <= STEPS_TOGETHER.get(name, STEPS_AT_LEAST + STEPS * (len(text) + len(normalise(text))))


@pytest.mark.parametrize("name", parsers.PARSERS)
def test_steps_grow_with_the_text_and_not_faster(name: str) -> None:
    parser = parsers.PARSERS[name]
    for family in ("1 | ", "«", "(", "لا ", "وو", "a-", "[1].", "14 مايو 2019، ", "محمد ", ". "):
        small, large = (parsers.steps(parser, family * (length // len(family))) for length in (2_500, 5_000))
        assert large <= 3 * small + 20_000, family


def test_hard_texts_hold_no_pattern_up() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "support.parsers"], env=with_tests(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            said, _ = process.communicate(timeout=WATCHDOG)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
            pytest.fail(f"held up by {said.splitlines()[-1].decode()}")
    assert process.returncode == 0, said[-2000:].decode()


def test_articles_of_hard_texts_stop_nothing_after_they_were_read(data: Path, folder: Path) -> None:
    rows = []
    for number, family in enumerate(parsers.families(in_pairs=False)):
        whole, between = parsers.long(family, 2_000)
        write(folder, f"{number}.txt", between.encode("utf-8", "replace").decode())
        rows += [json.dumps({"text": text, "title": text, "date": text}) for text in (whole, between)]
    write(folder, "rows.jsonl", "\n".join(rows))
    run(data, folder)
    with Index.open(data, EMBEDDER) as index, Sanad(index) as sanad:
        assert set(TEXTS) <= set(dict(index.catalog.paths()))
        assert len(index.catalog.paths()) + len(index.catalog.failures()) >= 3 * len(parsers.PIECES)
        for article in index.catalog.articles():
            sanad.ask(article.text[:200])
