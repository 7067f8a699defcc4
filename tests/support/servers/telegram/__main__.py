"""Run the fake server on its own: python -m support.servers.telegram --port 0, in the folder of the tests."""

import argparse
import asyncio
import contextlib

from support.servers.telegram.server import FakeTelegram
from support.servers.telegram.spec import description


async def main() -> None:
    parser = argparse.ArgumentParser(description="Strict fake Telegram Bot API server.")
    parser.add_argument("--spec", default=description(), help="description of the Bot API, api.json")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--token", default="123456:TEST")
    parser.add_argument("--username", default="fake_bot")
    parser.add_argument("--lenient", action="store_true", help="only note unknown parameters")
    parser.add_argument("--no-flood", action="store_true", help="never answer 429 by itself")
    o = parser.parse_args()
    fake = FakeTelegram(o.spec, o.token, o.username, strict=not o.lenient, flood=not o.no_flood)
    async with fake.serve(o.host, o.port):
        print(fake.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
