from __future__ import annotations

from pathlib import Path

from support.builders.telegram import answered, bare, play, tell
from support.servers.telegram.server import FakeTelegram

from bot.telegram.app.application import BotProcess
from retrieval.index.index import Index

VISIT = (
    "شويغو يصل إلى دمشق\n"
    "المصدر: {source}\n"
    "20 مايو 2019\n\n"
    "وصل وزير الدفاع الروسي سيرغي شويغو إلى دمشق يوم الاثنين في زيارة لم يعلن عنها. "
    "وبحث مع المسؤولين الوضع في إدلب، وفق مصدر في الوزارة.\n\n"
    "{more}\n"
)


def put(service: BotProcess, name: str, text: str) -> None:
    """Let an article come into the folder, and into the index."""
    index, folder = service._services.index, Path("seeds")
    (folder / name).write_text(text, encoding="utf-8")
    index.refresh(folder)


def test_a_watched_name_is_told_once_with_its_quote(index: Index) -> None:
    async def scenario(fake: FakeTelegram, service: BotProcess) -> None:
        assert (await tell(fake, 5, "/watch Shoigu")).startswith("Watching: Shoigu\nI tell you as soon as")
        put(service, "visit.txt", VISIT.format(source="وكالة الضفة", more="ولم يصدر بيان عن الزيارة."))
        told = bare((await answered(fake, 5, 2))[-1])
        assert told.startswith("New on what you watch: Shoigu\nوصل وزير الدفاع الروسي سيرغي شويغو إلى دمشق")
        assert "شويغو يصل إلى دمشق · وكالة الضفة · 20 May 2019" in told

    play(index, scenario, telegram_quiet_hours="")
