"""How much of what a good language model writes over the seeds is shown, and how much of what is false in it.

Usage: python bench/good_model.py

The model is a stand-in, over a real server on this machine: it writes what bench/good_model.toml has for 24 questions,
by hand, with its quotes, and puts a sentence nearer to the quote when it is asked to. A second reader is right always,
or in nine of ten sentences, or is not there.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, where `retrieval` would be a file of it
sys.path.append(str(ROOT / "tests"))

from support.servers.good_model import GoodModel, read_script
from support.servers.model import model_server

from bot.config.settings import Settings
from bot.config.wiring import make_sanad, open_index
from retrieval.index.index import Index

MOST = 5  # sentences of an answer


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, open_index(Settings(data_dir=Path(folder))) as index:
        index.refresh(ROOT / "seeds")
        print("the model writes                read again            true shown  the answer's own  false shown")
        for written, with_false in (("true sentences alone", False), ("true and false ones", True)):
            for read, right in (("by nobody", None), ("always rightly", 1.0), ("rightly in nine of ten", 0.9)):
                measure(index, f"{written:32}{read:22}", with_false=with_false, right=right)


def measure(index: Index, name: str, *, with_false: bool, right: float | None) -> None:
    """Ask all questions of one model, and print what of its sentences is shown."""
    shown: dict[str, list[bool]] = {"true": [], "own": [], "false": []}
    with model_server() as server:
        GoodModel(server, with_false=with_false, right=right or 1.0)
        reader = "same" if right else "none"
        settings = Settings(llm="openai-like:m", llm_base_url=server.url, reader_llm=reader)
        with make_sanad(index, settings) as sanad:
            for asked in read_script():
                answer = sanad.ask(asked["question"], limit=MOST)
                said = {sentence.text for sentence in answer.sentences} if answer.mode == "llm" else set()
                for place, one in enumerate(asked["sentences"]):
                    is_shown = one["text"] in said or one.get("again") in said
                    if not one.get("false"):
                        shown["true"].append(is_shown)
                    elif with_false:
                        shown["false"].append(is_shown)
                    if not place:
                        shown["own"].append(is_shown)
    print(name + "".join(f"{_share(values):>14}" for values in shown.values()))


def _share(values: list[bool]) -> str:
    return f"{sum(values) / len(values):.2f} of {len(values)}" if values else ""


if __name__ == "__main__":
    main()
