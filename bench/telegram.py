"""How the Telegram bot holds under load: its own process against a fake Bot API server that keeps Telegram's limits.

Usage: python bench/telegram.py [--seconds 60] [--rate 30] [--chats 200] [--faults 0.0] [--kills 0]

Questions about the seeds arrive evenly from many chats, numbered as Telegram numbers messages. Each chat asks in an
order of its own, never two in a row with the same answer, and what it is sent is compared, question by question, with
what Sanad answers: so a lost, doubled or misordered answer shows. The time of an answer is from the moment the server
has the question until it has the whole answer.

With `--faults` that share of the calls that send a message comes to nothing that the bot could know: a quarter each is
cut off or ends in a 502, done or not done. With `--kills` the bot is ended by kill -9 so many times, and started again.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, where `retrieval` would be a file of it
sys.path.append(str(ROOT / "tests"))

from support.servers.telegram.server import FakeTelegram
from support.servers.telegram.spec import description

from bot.config.settings import Settings
from bot.config.wiring import make_sanad, open_index

TOKEN = "123456:TEST"
TAG = re.compile(r"<[^<>]*>")
QUESTIONS = (
    "متى التقى لافروف وبومبيو؟",
    "كم استغرق اجتماع بوتين وبومبيو؟",
    "من قدم التعازي بضحايا الزلزال؟",
    "How many health facilities were hit?",
    "Who met Assad?",
    "ماذا قال ماكرون عن إدلب؟",
)
UNKNOWN = ("reset", "reset_after", "502", "502_after")  # faults after which nobody knows whether a message arrived
DRAIN_SECONDS = 120  # waited for what is owed at the end
MEMORY_EVERY = 10  # seconds


class Load(NamedTuple):
    """How much is asked, and what goes wrong meanwhile."""

    seconds: int
    rate: int  # questions a second
    chats: int
    faults: float
    kills: int


@dataclass
class Account:
    """What became of the questions of a chat, or of all."""

    lost: int = 0
    doubled: int = 0  # copies beyond the first
    misordered: int = 0  # not the answer to its question, or after the answer to a later one
    waits: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=30, help="questions a second")
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument(
        "--faults", type=float, default=0.0, help="share of messages whose sending has no known outcome"
    )
    parser.add_argument("--kills", type=int, default=0, help="times that the bot is ended by kill -9")
    given = parser.parse_args()
    load = Load(given.seconds, given.rate, given.chats, given.faults, given.kills)
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(articles_dir=ROOT / "seeds", data_dir=Path(place, "data"))
        with open_index(settings) as index, make_sanad(index) as sanad:
            index.refresh(settings.articles_dir)
            signs = {question: _sign(sanad.ask(question)) for question in QUESTIONS}
        asyncio.run(_measure(Path(place), signs, load))


def _sign(answer: object) -> str:
    """Return what tells an answer from the others: its first sentence, or the beginning of a refusal."""
    sentences = getattr(answer, "sentences", ())
    return sentences[0].text[:40] if sentences else "لا أجد في المقالات"


async def _measure(place: Path, signs: dict[str, str], load: Load) -> None:
    async with FakeTelegram.running(description(), token=TOKEN) as fake:
        bot = Bot(place, fake)
        await bot.start()
        try:
            await _load(fake, bot, signs, load)
        finally:
            await bot.end()


class Bot:
    """The process of the bot."""

    def __init__(self, place: Path, fake: FakeTelegram) -> None:
        self._fake = fake
        self._environment = {
            **os.environ,
            "SANAD_ARTICLES_DIR": str(ROOT / "seeds"),
            "SANAD_DATA_DIR": str(place / "data"),
            "SANAD_DATABASE_URL": f"sqlite:///{place / 'conversations.db'}",
            "SANAD_TELEGRAM_TOKEN": TOKEN,
            "SANAD_TELEGRAM_API_URL": fake.url,
            "SANAD_TELEGRAM_PER_MINUTE": "100000",
            "SANAD_TELEGRAM_PER_DAY": "100000",
            "SANAD_LOG_LEVEL": "error",
        }

    async def start(self) -> None:
        """Start it, and wait until it takes questions."""
        command = sys.executable, "-m", "bot", "bot"
        since = len(self._fake.calls)
        self._process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=self._environment)
        await self._fake.control_wait({"method": "getUpdates", "since": since, "timeout": 60})

    async def kill(self) -> None:
        """End it at once, and start it again."""
        self._process.kill()
        await self._process.wait()
        await self.start()

    async def end(self) -> None:
        """Stop it."""
        self._process.terminate()
        await self._process.wait()

    def processor(self) -> float:
        """Return the processor time that it has used, in seconds."""
        path = Path(f"/proc/{self._process.pid}/stat")
        fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Return its resident memory, in megabytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def _load(fake: FakeTelegram, bot: Bot, signs: dict[str, str], load: Load) -> None:
    """Ask, wait until everything is answered, and print the table."""
    chance = random.Random(1)
    asked: dict[int, list[tuple[str, float]]] = {chat: [] for chat in range(1, load.chats + 1)}
    memory = []
    before = bot.processor()
    for at, kind in enumerate(UNKNOWN if load.faults else ()):
        share = load.faults / 4 / (1 - at * load.faults / 4)  # of what the faults before leave
        fake.control_fault({"kind": kind, "method": "sendMessage", "times": 10**9, "share": share})
    killing = asyncio.create_task(_kill(bot, load))
    started = time.time()
    for number in range(load.seconds * load.rate):
        await asyncio.sleep(max(0.0, started + number / load.rate - time.time()))
        chat = number % load.chats + 1
        others = [question for question in signs if not asked[chat] or signs[question] != signs[asked[chat][-1][0]]]
        question = chance.choice(others)
        asked[chat].append((question, time.time()))
        fake.control_send_message({"chat_id": chat, "user_id": chat, "text": question, "language_code": "ar"})
        if number % (MEMORY_EVERY * load.rate) == MEMORY_EVERY * load.rate - 1 and not load.kills:
            memory.append(bot.memory())
    await killing
    until = time.time() + DRAIN_SECONDS
    while time.time() < until and _settle(signs, asked, fake).lost:
        await asyncio.sleep(0.5)
    await asyncio.sleep(5)  # for what might come twice
    memory.append(bot.memory())
    spent = (bot.processor() - before) / (load.seconds * load.rate)
    _print(_settle(signs, asked, fake), load, memory, fake)
    if not load.kills:
        print(f"{'processor time a question':<50} {1000 * spent:.0f} ms")


async def _kill(bot: Bot, load: Load) -> None:
    """End the bot now and then, while it is asked."""
    chance = random.Random(2)
    for _ in range(load.kills):
        await asyncio.sleep(load.seconds / (load.kills + 1) * chance.uniform(0.5, 1.2))
        await bot.kill()


def _settle(signs: dict[str, str], asked: dict[int, list[tuple[str, float]]], fake: FakeTelegram) -> Account:
    """Return what became of all questions."""
    got: dict[int, list[tuple[str, float]]] = {chat: [] for chat in asked}
    for call in _done(fake):
        text = html.unescape(TAG.sub("", call["args"]["text"]))
        held = [sign for sign in signs.values() if sign in text]  # an answer may quote what another begins with
        got[int(call["chat_id"])].append((min(held, key=text.find, default=""), call["time"] + call["seconds"]))
    total = Account()
    for chat, questions in asked.items():
        found = account([(signs[question], put) for question, put in questions], got[chat])
        total.lost += found.lost
        total.doubled += found.doubled
        total.misordered += found.misordered
        total.waits += found.waits
    return total


def account(asked: Sequence[tuple[str, float]], got: Sequence[tuple[str, float]]) -> Account:
    """Return what became of one chat's questions, by the signs of their answers; no two in a row are the same.

    >>> account([("a", 0), ("b", 0), ("a", 0), ("c", 0)], [("a", 1), ("a", 2), ("b", 3), ("c", 4), ("b", 5)])
    Account(lost=1, doubled=1, misordered=1, waits=[1, 3, 4])
    """
    found, newest, missed = Account(), -1, set[int]()
    for sign, arrived in got:
        later = next((at for at in range(newest + 1, len(asked)) if asked[at][0] == sign), None)
        if newest >= 0 and asked[newest][0] == sign:
            found.doubled += 1
        elif later is None:
            found.misordered += 1
            missed -= {next((at for at in sorted(missed) if asked[at][0] == sign), -1)}
        else:
            missed |= set(range(newest + 1, later))
            newest = later
            found.waits.append(arrived - asked[later][1])
    found.lost = len(missed) + len(asked) - newest - 1
    return found


def _done(fake: FakeTelegram) -> list[dict[str, Any]]:
    """Return the messages that the server took, whether it could say so or not."""
    return [call for call in fake.calls if call["method"] == "sendMessage" and call["result"] is not None]


def _print(found: Account, load: Load, memory: list[float], fake: FakeTelegram) -> None:
    waits = sorted(found.waits)
    sends = [call for call in fake.calls if call["method"] == "sendMessage"]
    unknown = sum(call["fault"] in UNKNOWN for call in sends)
    refused = [call for call in fake.control_calls({"method": "send*"}) if call["status"] >= 400 and not call["fault"]]
    quantiles = statistics.median(waits), *(waits[int(share * len(waits))] for share in (0.95, 0.99))
    killed = f" and {load.kills} kills" if load.kills else ""
    rows = {
        "questions, chats": f"{load.seconds * load.rate}, {load.chats}",
        "lost": found.lost,
        "misordered": found.misordered,
        "doubled": f"{found.doubled} of {unknown} ambiguous sends{killed}",
        "median, 95th, 99th percentile": ", ".join(f"{value:.2f} s" for value in quantiles),
        "calls that Telegram refused": len(refused),
        "violations of the Bot API": len(fake.control_violations({})),
        f"memory of the process every {MEMORY_EVERY} s, MB": " ".join(f"{value:.0f}" for value in memory),
    }
    for name, value in rows.items():
        print(f"{name:<50} {value}")


if __name__ == "__main__":
    main()
