"""How the Telegram bot holds under load: its own process against a fake Bot API server that keeps Telegram's limits.

Usage: python bench/telegram.py [--seconds 60] [--rate 30] [--chats 200]

Questions about the seeds arrive evenly from many chats. Each chat asks in an order of its own, and what it is sent is
compared with what Sanad answers to the same questions, so that a lost, repeated or misplaced answer shows. The time of
an answer is from the moment the server has the question until it has the whole answer.
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
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # not this folder, where `retrieval` would be a file of it
sys.path.append(str(ROOT / "tests"))

from fake_telegram.server import FakeTelegram
from fake_telegram.spec import description

from bot.settings import Settings
from bot.wiring import make_sanad, open_index

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
DRAIN_SECONDS = 60  # waited for what is owed at the end
MEMORY_EVERY = 10  # seconds


class Load(NamedTuple):
    """How much is asked."""

    seconds: int
    rate: int  # questions a second
    chats: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=30, help="questions a second")
    parser.add_argument("--chats", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(articles_dir=ROOT / "seeds", data_dir=Path(place, "data"))
        with open_index(settings) as index, make_sanad(index) as sanad:
            index.refresh(settings.articles_dir)
            signs = {question: _sign(sanad.ask(question)) for question in QUESTIONS}
        asyncio.run(_measure(Path(place), signs, Load(given.seconds, given.rate, given.chats)))


def _sign(answer: object) -> str:
    """Return what tells an answer from the others: its first sentence, or the beginning of a refusal."""
    sentences = getattr(answer, "sentences", ())
    return sentences[0].text[:40] if sentences else "لا أجد في المقالات"


async def _measure(place: Path, signs: dict[str, str], load: Load) -> None:
    async with FakeTelegram.running(description(), token=TOKEN) as fake:
        environment = {
            **os.environ,
            "SANAD_ARTICLES_DIR": str(ROOT / "seeds"),
            "SANAD_DATA_DIR": str(place / "data"),
            "SANAD_DATABASE_URL": f"sqlite:///{place / 'conversations.db'}",
            "SANAD_TELEGRAM_TOKEN": TOKEN,
            "SANAD_TELEGRAM_API_URL": fake.url,
            "SANAD_TELEGRAM_PER_MINUTE": "100000",
            "SANAD_TELEGRAM_PER_DAY": "100000",
            "SANAD_LOG_LEVEL": "warning",
        }
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "bot", cwd=ROOT, env=environment)
        try:
            await fake.control_wait({"method": "getUpdates", "timeout": 60})
            await _load(fake, process.pid, signs, load)
        finally:
            process.terminate()
            await process.wait()


async def _load(fake: FakeTelegram, pid: int, signs: dict[str, str], load: Load) -> None:
    """Ask, wait until everything is answered, and print the table."""
    seconds, rate, chats = load
    chance = random.Random(1)
    asked: dict[int, list[tuple[str, float]]] = {chat: [] for chat in range(1, chats + 1)}
    memory = []
    before = _processor(pid)
    started = time.time()
    for number in range(seconds * rate):
        await asyncio.sleep(max(0.0, started + number / rate - time.time()))
        chat = number % chats + 1
        question = chance.choice(list(signs))
        asked[chat].append((question, time.time()))
        fake.control_send_message({"chat_id": chat, "user_id": chat, "text": question, "language_code": "ar"})
        if number % (MEMORY_EVERY * rate) == MEMORY_EVERY * rate - 1:
            memory.append(_memory(pid))
    until = time.time() + DRAIN_SECONDS
    while len(_sent(fake)) < seconds * rate and time.time() < until:
        await asyncio.sleep(0.5)
    await asyncio.sleep(2)  # for what might come twice
    memory.append(_memory(pid))
    spent = (_processor(pid) - before) / (seconds * rate)
    got: dict[int, list[tuple[str, float]]] = {chat: [] for chat in asked}
    for call in _sent(fake):
        text = html.unescape(TAG.sub("", call["args"]["text"]))
        got[int(call["chat_id"])].append((text, call["time"] + call["seconds"]))
    _print(signs, asked, got, memory, fake)
    print(f"{'processor time a question':<50} {1000 * spent:.0f} ms")


def _sent(fake: FakeTelegram) -> list[dict]:  # type: ignore[type-arg]
    """Return the messages that the server took."""
    return [call for call in fake.control_calls({"method": "sendMessage"}) if call["status"] == 200]


def _print(
    signs: dict[str, str],
    asked: dict[int, list[tuple[str, float]]],
    got: dict[int, list[tuple[str, float]]],
    memory: list[float],
    fake: FakeTelegram,
) -> None:
    questions = sum(map(len, asked.values()))
    lost = sum(max(0, len(asked[chat]) - len(got[chat])) for chat in asked)
    twice = sum(max(0, len(got[chat]) - len(asked[chat])) for chat in asked)
    pairs = [pair for chat in asked for pair in zip(asked[chat], got[chat], strict=False)]
    misplaced = sum(signs[question] not in text for (question, _), (text, _) in pairs)
    waits = sorted(arrived - put for (_, put), (_, arrived) in pairs)
    refused = [call for call in fake.control_calls({"method": "send*"}) if call["status"] != 200]
    quantiles = statistics.median(waits), *(waits[int(share * len(waits))] for share in (0.95, 0.99))
    rows = {
        "questions, chats": f"{questions}, {len(asked)}",
        "lost": lost,
        "sent twice": twice,
        "not the answer to its question, or out of order": misplaced,
        "median, 95th, 99th percentile": ", ".join(f"{value:.2f} s" for value in quantiles),
        "calls that Telegram refused": len(refused),
        "violations of the Bot API": len(fake.control_violations({})),
        f"memory of the process every {MEMORY_EVERY} s, MB": " ".join(f"{value:.0f}" for value in memory),
    }
    for name, value in rows.items():
        print(f"{name:<50} {value}")


def _processor(pid: int) -> float:
    """Return the processor time that a process has used, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """Return the resident memory of a process, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
