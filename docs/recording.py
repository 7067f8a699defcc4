"""Record two conversations with the bot's own process, over the strict server that the tests use.

python docs/recording.py docs/conversation.json && python docs/conversation.py docs/conversation.json docs/conversation.png
"""  # noqa: E501 - two commands that are typed as one

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.builders.telegram import answered, start, telegram  # noqa: E402 - the same
from support.servers.telegram.server import FakeTelegram  # noqa: E402 - the path comes first

CHATS = {
    7: ("ar", "/start", "ماذا قال لافروف عن قرار مجلس الأمن 2254؟", "ومتى التقى بومبيو؟"),
    8: ("en", "What did Lavrov say about resolution 2254?", "Who won Eurovision 2050 in Paris?"),
}
KEPT = ("sendMessage", "editMessageText", "deleteMessage")


async def talk(fake: FakeTelegram, chat: int) -> list[dict[str, Any]]:
    """Hold one conversation and return what happened, in order."""
    language, *asked = CHATS[chat]
    events: list[dict[str, Any]] = []
    for number, text in enumerate(asked, start=1):
        since = len(fake.calls)
        entities = [{"type": "bot_command", "offset": 0, "length": len(text)}] if text.startswith("/") else []
        fake.control_send_message(
            {"chat_id": chat, "user_id": chat, "text": text, "language_code": language, "extra": {"entities": entities}}
        )
        await answered(fake, chat, number)
        await asyncio.sleep(1.5)
        events.append({"message": {"text": text}})
        calls = fake.control_calls({"chat_id": chat, "since": since})
        events += [
            {"method": call["method"], "args": call["args"], "result": call["result"]}
            for call in calls
            if call["method"] in KEPT
        ]
    return events


async def record() -> list[list[dict[str, Any]]]:
    """Return the conversations, each begun by a person who has just met the bot."""
    async with telegram() as fake:
        with tempfile.TemporaryDirectory() as data:
            database = f"sqlite:///{data}/conversations.db"
            own = {"SANAD_DATA_DIR": data, "SANAD_ARTICLES_DIR": str(ROOT / "seeds"), "SANAD_DATABASE_URL": database}
            index = [sys.executable, "-m", "bot", "index"]
            subprocess.run(index, env=os.environ | own, check=True, stdout=subprocess.DEVNULL)
            process = await start(fake, **own)
            try:
                chats = [await talk(fake, chat) for chat in CHATS]
            finally:
                process.terminate()
                await process.wait()
        violations = fake.control_violations({})
    if violations:
        raise SystemExit(f"The bot broke Telegram's rules: {violations}")
    return chats


if __name__ == "__main__":
    os.chdir(ROOT)
    chats = asyncio.run(record())
    for event in (event for events in chats for event in events):
        event["result"] = {"message_id": (event.get("result") or {}).get("message_id")}
    Path(sys.argv[1]).write_text(json.dumps(chats, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
