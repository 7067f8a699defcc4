"""What stands around a language model costs, over a real server on this machine that answers as it is told.

Usage: python bench/generation.py [FOLDER]

It prints the time of a whole answer from a server that replies at once (search, prompt, request, parsing, the check of
each sentence), the time from the last token of a sentence to its showing, and fifty questions at once to a server
that takes two seconds for each. It also prints how many characters of the seeds make a token; with FOLDER, as
bench/answers.py has it, how often what answers a question stands in the passages that a model is given, by tokens.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, where `retrieval` would be a file of it
sys.path.append(str(ROOT / "tests"))

import llama_index.core
import tiktoken
from support.servers.model import Call, ModelServer, filled, model_server, says

from bot.config.settings import Settings
from bot.config.wiring import make_model, open_index
from retrieval.answering.prompt_passages import prompt_passages
from retrieval.answering.retrieve import retrieve
from retrieval.answering.sanad import Sanad, passages_for
from retrieval.events import SentenceEvent
from retrieval.index.index import Index
from retrieval.search.query_plan import plan_query
from retrieval.types import Filters

QUESTIONS = [
    ("أين التقى لافروف وبومبيو؟", "التقى لافروف نظيره بومبيو على هامش اجتماع في فنلندا {فنلندا}.\n"),
    ("كم استغرق اجتماع بوتين وبومبيو؟", "استغرق الاجتماع بين بوتين وبومبيو حوالي ساعتين {ساعتين}.\n"),
    ("كم منشأة صحية تعرضت للقصف؟", "تعرضت 18 منشأة صحية للقصف منذ 28 أبريل {مستشفيين}.\n"),
    ("من دعا إلى حماية المدنيين؟", "دعا غوتيريس إلى حماية المدنيين {غوتيريس}.\n"),
    ("متى صدر القرار 2254؟", "صدر القرار 2254 بالإجماع في 2015 {بالإجماع}.\n"),
]
BUDGETS = (1000, 2000, 3000, 4000, 5000, 6000, 8000)  # tokens
ROUNDS = 20
AT_ONCE = 50
TAKES = 2.0  # seconds of the slow server
PACE = 0.02  # seconds between tokens of the steady one


def main() -> None:
    """Measure and print."""
    _tokens()
    for folder in sys.argv[1:2]:
        _budgets(Path(folder))
    with tempfile.TemporaryDirectory() as folder, open_index(Settings(data_dir=Path(folder))) as index:
        index.refresh(ROOT / "seeds")
        with model_server() as server:
            _overhead(index, server)
            _showing(index, server)
            _at_once(index, server)


def _tokens() -> None:
    """Print how many characters make a token, by the encodings of tiktoken that LlamaIndex has on the disk."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt")))
    os.environ["TIKTOKEN_CACHE_DIR"] = str(Path(llama_index.core.__file__).parent / "_static" / "tiktoken_cache")
    for name in ("cl100k_base", "o200k_base"):
        count = len(tiktoken.get_encoding(name).encode(text))
        print(f"characters a token, {name:24}  {len(text) / count:10.2f}")


def _budgets(folder: Path) -> None:
    """Print for some budgets how often a question's words of gold stand in what a model is given, and its passages."""
    lines = [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = [line for line in lines if line["gold"] and not line.get("history")]
    with tempfile.TemporaryDirectory() as place, open_index(Settings(data_dir=Path(place))) as index:
        index.refresh(folder / "articles")
        with index.pin() as source:
            found = [retrieve(source, plan_query(line["q"], (), Filters(), source), None, 0.0) for line in asked]
            for tokens in BUDGETS:
                given = [prompt_passages(passages_for(source, one), tokens) for one in found]
                texts = ["\n".join(own.passage.text for own in shown) for shown in given]
                held = [any(words in text for words in line["gold"]) for line, text in zip(asked, texts, strict=True)]
                share, count = statistics.mean(held), statistics.mean(map(len, given))
                print(f"{tokens:6} tokens: {share:.3f} of {len(asked)} questions, {count:.1f} passages on average")


def _sanad(index: Index, server: ModelServer) -> Sanad:
    settings = Settings(llm="openai-like:m", llm_base_url=server.url, llm_concurrency=AT_ONCE)
    return Sanad(index, model=make_model(settings))


def _overhead(index: Index, server: ModelServer) -> None:
    took, quoted, shown = [], [], 0
    with _sanad(index, server) as sanad:
        plain = Sanad(index)
        for place in range(ROUNDS + 1):
            for question, reply in QUESTIONS:
                server.on("answer", says(reply, size=1000))
                answer = sanad.ask(question)
                if place:  # what is loaded once is not the first questions' time
                    took.append(answer.seconds)
                    quoted.append(plain.ask(question).seconds)
                    shown += answer.mode == "llm"
    print(f"a whole answer, the model replying at once  {1000 * statistics.median(took):6.1f} ms at the median", end="")
    print(f"  ({1000 * _late(took):.1f} at the 95th percentile, {shown} of {len(took)} shown)")
    print(f"the same question, quoted without a model   {1000 * statistics.median(quoted):6.1f} ms at the median")


def _showing(index: Index, server: ModelServer) -> None:
    ended: list[float] = []

    def steadily(call: Call) -> None:
        """Write token by token, and note when the last one of a sentence leaves."""
        call.begin()
        for token in filled("".join(reply for _, reply in QUESTIONS), call).split(" "):
            time.sleep(PACE)
            if "\n" in token:
                ended.append(time.perf_counter())
            call.delta(token + " ")
        call.delta(None, "stop")
        call.end()

    server.on("answer", steadily)
    delays = []
    with _sanad(index, server) as sanad:
        for _ in range(ROUNDS):
            for question, _reply in QUESTIONS:
                ended.clear()
                for event in sanad.stream(question, limit=1):
                    if isinstance(event, SentenceEvent):
                        delays.append(time.perf_counter() - ended[-1])
                        break
    print(
        f"from a sentence's last token to its showing {1000 * statistics.median(delays):6.1f} ms at the median", end=""
    )
    print(f"  ({1000 * _late(delays):.1f} at the 95th percentile, {len(delays)} sentences)")


def _at_once(index: Index, server: ModelServer) -> None:
    question, reply = QUESTIONS[0]
    server.on("answer", says(reply, wait=TAKES))
    with _sanad(index, server) as sanad:
        memory = []
        for _ in range(2):
            started = time.perf_counter()
            with ThreadPoolExecutor(AT_ONCE) as pool:
                answers = list(pool.map(sanad.ask, [question] * AT_ONCE))
            took = time.perf_counter() - started
            memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    shown = sum(answer.mode == "llm" for answer in answers)
    left = [thread.name for thread in threading.enumerate() if thread.name == "sanad-model"]
    print(f"{AT_ONCE} questions at once, {TAKES:.0f} s each        {took:10.1f} s  ({shown} shown;", end="")
    print(f" memory {memory[0]:.0f} MB, after the same again {memory[1]:.0f} MB; threads left {len(left)})")


def _late(values: list[float]) -> float:
    return sorted(values)[int(0.95 * len(values))]


if __name__ == "__main__":
    main()
