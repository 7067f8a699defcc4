"""A stand-in for a good language model over the seeds: it writes what bench/good_model.toml has, and reads it again."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from support.servers.model import Call, ModelServer, stream

SCRIPT = Path(__file__).parents[3] / "bench" / "good_model.toml"
_PAIR = re.compile(r"^(\d+)\.\n(?:Sentence|الجملة): (.*)$", re.MULTILINE)


def read_script() -> Sequence[Mapping[str, Any]]:
    """Return the questions with their sentences."""
    questions: Sequence[Mapping[str, Any]] = tomllib.loads(SCRIPT.read_text(encoding="utf-8"))["questions"]
    return questions


class GoodModel:
    """Writes the true sentences of a question, and its false ones where it is to; reads with a share of mistakes."""

    def __init__(self, server: ModelServer, *, with_false: bool = False, right: float = 1.0) -> None:
        """Take over a server; `right` is the share of its second readings that are, by a sentence's hash."""
        self._questions = {one["question"]: one["sentences"] for one in read_script()}
        self._with_false, self._right = with_false, right
        for purpose, behaviour in (("answer", self._answers), ("repair", self._repairs), ("read", self._reads)):
            server.on(purpose, behaviour)

    def _answers(self, call: Call) -> None:
        question = next(one for one in self._questions if one in call.prompt)
        said = [one for one in self._questions[question] if self._with_false or not one.get("false")]
        self._write(call, [(one["text"], one["quote"]) for one in said])

    def _repairs(self, call: Call) -> None:
        every = [one for said in self._questions.values() for one in said]
        failed = [one for one in every if f"- {one['text']}\n" in call.prompt and not one.get("false")]
        self._write(call, [(one["again"], one["quote"]) for one in failed])

    def _reads(self, call: Call) -> None:
        false = {one["text"] for said in self._questions.values() for one in said if one.get("false")}
        verdicts = [
            f"{number} {'SAID' if (text not in false) == self._is_right(text) else 'NOT'}"
            for number, text in _PAIR.findall(call.prompt)
        ]
        _say(call, "\n".join(verdicts))

    def _is_right(self, text: str) -> bool:
        return int(sha256(text.encode()).hexdigest(), 16) % 100 < 100 * self._right

    def _write(self, call: Call, said: Sequence[tuple[str, str]]) -> None:
        items = []
        for sentence, quote in said:
            opening = " ".join(quote.split()[:4])
            holding = (own for own, text in call.ids().items() if opening in " ".join(text.split()))
            items.append({"passage": next(holding, "0"), "quote": quote, "sentence": sentence})
        _say(call, json.dumps({"answer": items}, ensure_ascii=False))


def _say(call: Call, text: str) -> None:
    stream(call, text, size=1000)
    call.delta(None, "stop")
    call.end()
