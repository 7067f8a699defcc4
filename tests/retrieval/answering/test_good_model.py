"""What a good model writes over the seeds comes through, and what is false in it does not (bench/good_model.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from support.servers.good_model import GoodModel, read_script
from support.servers.model import ModelServer

from bot.config.settings import Settings
from bot.config.wiring import make_sanad, open_index
from retrieval.index.index import Index

SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("seeds")
    with open_index(Settings(data_dir=folder, embedding="hashing")) as index:
        index.refresh(SEEDS)
        yield index


class Least(NamedTuple):
    """The shares that are to be reached: of true sentences and of those that answer, shown; of false ones, stopped."""

    true: float
    answers: float
    false: float


@pytest.mark.parametrize(("right", "least"), [(1.0, Least(0.9, 0.95, 1.0)), (0.9, Least(0.85, 0.9, 0.9))])
def test_true_sentences_come_through_and_false_ones_are_stopped(
    seeds: Index, server: ModelServer, right: float, least: Least
) -> None:
    GoodModel(server, with_false=True, right=right)
    settings = Settings(llm="openai-like:m", llm_base_url=server.url)
    true, false, answers = list[bool](), list[bool](), list[bool]()
    with make_sanad(seeds, settings) as sanad:
        for asked in read_script():
            answer = sanad.ask(asked["question"], limit=5)
            said = {sentence.text for sentence in answer.sentences}
            shown = [one["text"] in said or one.get("again") in said for one in asked["sentences"]]
            answers.append(shown[0])
            for one, is_shown in zip(asked["sentences"], shown, strict=True):
                (false if one.get("false") else true).append(is_shown)
            for citation in answer.citations:
                article = seeds.article_by_id(citation.article_id)
                assert article.text[citation.start : citation.end] == citation.quote
    assert sum(true) >= least.true * len(true)
    assert sum(answers) >= least.answers * len(answers)
    assert sum(not is_shown for is_shown in false) >= least.false * len(false)
