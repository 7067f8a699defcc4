"""A strict fake Telegram Bot API server.

    python -m fake_telegram --spec api.json --port 0    # in the folder of the tests; prints its URL
    async with FakeTelegram.running(description()) as fake: ... fake.url ...

Every call is checked against the spec (api.json of github PaulSonOfLars/telegram-bot-api-spec),
where it is there, and answered in the Bot API's own shape. ``/_control/violations`` lists what the
bot did wrong; ``rejected`` says whether it also got an error, for Telegram forgives some of it.
Methods without a behaviour below are checked all the same and answered with the smallest object the spec allows.

Control API (JSON in, JSON out; GET takes query parameters; an error is a 400 with {"error": ...}):
  POST send_message   {chat_id, user_id, text, language_code, chat_type, first_name, username, title,
                       reply_to_message_id, extra: {any field of Message}}
  POST send_document  {... as above, file_name, mime_type, content | content_base64, file_size, caption}
  POST press_button   {chat_id, user_id, message_id?, data? | text?}   the newest fitting button; what it sends after
                      its first slash stands for its text too
  POST edit_message   {chat_id, message_id, text}
  POST inline_query   {user_id, query, offset, chat_type, language_code}
  POST update         {"<kind>": {...}}    any other update, checked against the spec
  POST fault          {kind, method: "*", chat_id?, times: 1, share: 1.0, ...}; DELETE clears; a share below one
                      spoils that share of the calls, by chance. Kinds: 429 {retry_after}, 502, reset,
                      reset_after and 502_after (done, but the answer is lost), garbage (200, not JSON),
                      odd_after {body} (done, but answered by these words), delay {seconds},
                      delay_after {seconds} (done, but the answer is late), error {status, description, parameters}
  POST config         any field of Config (GET shows them);   POST reset   forget all but the configuration
  GET  calls          ?method=&chat_id=&since=n               every call of the bot with time stamps
  GET  wait           ... &count=1&timeout=10                 the same, once there are so many
  GET  violations | messages?chat_id= | updates | state       (each under /_control/)
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import itertools
import json
import random
import re
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from support.servers.telegram import methods, sending
from support.servers.telegram.calls import Calls, Config
from support.servers.telegram.control import Control
from support.servers.telegram.spec import NoSpec, Spec
from support.servers.telegram.text import URL, parse_html, tidy
from support.servers.telegram.wire import CURRENT, JSON, ApiError, utf16

Limits = tuple[tuple[int, float], ...]  # (count, seconds) pairs
RAW_TEXT_LIMIT = 1 << 15
UPLOAD_LIMIT = 50 << 20
UNWANTED_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


BEHAVIOURS = (methods, sending)  # importing them registers what the methods do


class FakeTelegram(Calls, Control):
    """Telegram as one bot sees it."""

    def __init__(self, spec: str | Path | None, token: str = "123456:TEST", username: str = "fake_bot", **config: Any):
        self.spec: Spec | NoSpec = Spec(spec) if spec else NoSpec()
        self.token, self.config, self.url = token, Config(**config), ""
        self.me = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": "Fake",
            "username": username,
            "can_join_groups": True,
            "supports_inline_queries": True,
            "can_read_all_group_messages": not self.config.privacy_mode,
        }
        self.tasks: set[asyncio.Task[None]] = set()
        self.changed = asyncio.Condition()
        self.reset()

    def reset(self) -> None:
        self.ids = itertools.count(1)
        self.chance = random.Random(1)
        self.calls: list[JSON] = []
        self.violations: list[JSON] = []
        self.faults: list[JSON] = []
        self.users: dict[int, JSON] = {}
        self.chats: dict[Any, JSON] = {}
        self.owners: set[tuple[int, int]] = set()  # chats with who owns them, for getChatMember
        self.messages: dict[tuple[Any, int], JSON] = {}  # by chat and number, in order of sending
        self.last_message: collections.Counter[Any] = collections.Counter()  # by counter, see new_message
        self.queries: dict[str, JSON] = {}  # callback and inline queries
        self.drafts: dict[tuple[int, int], JSON] = {}  # by chat and draft
        self.files: dict[str, tuple[JSON, bytes]] = {}
        self.profile: dict[str, Any] = {}  # commands, descriptions, menu button
        self.sent: dict[Any, list[float]] = collections.defaultdict(list)
        self.quiet_until: dict[Any, float] = {}
        self.updates: list[JSON] = []  # {"update", "queue", "delivered", "confirmed"}
        self.pending: list[JSON] = []  # those of them that are not confirmed
        self.next_update = 1000
        self.allowed: list[str] = []
        self.poller: asyncio.Future[None] | None = None
        self.conflict_time = 0.0
        self.webhook: JSON | None = None  # {"url", "secret", "max", "error"}
        self.busy: set[tuple[str, Any]] = set()

    def now(self) -> float:
        """Telegram's time."""
        return time.time() + self.config.clock

    def note(self, rule: str, *details: str, rejected: bool = False) -> None:
        """Record violations of the call in progress."""
        call = CURRENT.get({"n": 0, "method": ""})
        self.violations += [
            {"n": call["n"], "method": call["method"], "rule": rule, "detail": detail, "rejected": rejected}
            for detail in details
        ]

    # -- what handlers use

    def chat(self, a: JSON) -> JSON:
        if a["chat_id"] not in self.chats:
            raise ApiError(400, "chat not found")
        return self.chats[a["chat_id"]]

    def styled(self, text: str, a: JSON, limit: int, too_long: str = "MESSAGE_TOO_LONG", key: str = "text") -> JSON:
        """Parse, clean and measure a text as Telegram does: {key: ..., "[caption_]entities": ...}."""
        entities_key = "entities" if key == "text" else "caption_entities"
        mode, entities = (a.get("parse_mode") or "none").lower(), a.get(entities_key) or []
        notes: list[str] = []
        if len(text.encode("utf-8", "surrogatepass")) > RAW_TEXT_LIMIT:
            raise ApiError(400, "text is too long")
        if mode == "html":
            text, entities = parse_html(text, notes)
        elif mode in ("markdown", "markdownv2"):
            notes.append(f"this server does not parse {mode}; use HTML")
        elif mode != "none":
            raise ApiError(400, "unsupported parse_mode")
        notes += [f"entity {e} ends beyond the text" for e in entities if e["offset"] + e["length"] > utf16(text)]
        text, entities = tidy(text, entities, notes)
        if len(text) > limit:  # code points, unlike entities
            raise ApiError(400, too_long)
        self.note("text", *notes)
        return {key: text} | ({entities_key: entities} if entities else {})

    def keyboard(self, a: JSON) -> JSON:
        """The inline keyboard of a message, checked; nothing for other markups."""
        rows = (a.get("reply_markup") or {}).get("inline_keyboard") or []
        for button in itertools.chain(*rows):
            actions = button.keys() - {"text", "style", "icon_custom_emoji_id"}
            if not actions:
                raise ApiError(
                    400, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
                )
            if len(actions) > 1:
                self.note("button", f"exactly one action is allowed, not {sorted(actions)}")
            if not button["text"].strip():
                raise ApiError(400, "inline keyboard button text must be non-empty")
            if "url" in button and not URL.fullmatch(button["url"]):
                raise ApiError(400, f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
        if sum(map(len, rows)) > 100:
            raise ApiError(400, "reply markup is too long")
        return {"reply_markup": {"inline_keyboard": rows}} if any(rows) else {}

    def new_message(self, chat: JSON, sender: JSON, content: JSON) -> JSON:
        """Number a message as Telegram does: one counter of the bot's account over all its private chats and basic
        groups (so a chat's next number is not known before it is given), one of its own per supergroup or channel."""
        counter = "account" if chat["type"] in ("private", "group") else chat["id"]
        self.last_message[counter] += 1
        number = self.last_message[counter]
        message = {"message_id": number, "date": int(self.now()), "chat": chat, "from": sender, **content}
        self.messages[chat["id"], number] = message
        return message

    def quoted(self, chat_id: Any, number: int) -> JSON:
        return {k: v for k, v in self.messages[chat_id, number].items() if k != "reply_to_message"}

    def post(self, a: JSON, content: JSON) -> JSON:
        """Send a message of the bot."""
        chat, reply = self.chat(a), a.get("reply_parameters") or {}
        if "message_thread_id" in a:
            content |= {"message_thread_id": a["message_thread_id"], "is_topic_message": True}
        source = (reply.get("chat_id", chat["id"]), reply.get("message_id", 0))
        if source in self.messages:
            content["reply_to_message"] = original = self.quoted(*source)
            if reply.get("quote"):
                text = parse_html(reply["quote"], [])[0] if reply.get("quote_parse_mode") else reply["quote"]
                if text not in original.get("text", ""):
                    raise ApiError(400, "QUOTE_TEXT_INVALID")
                content["quote"] = {"text": text, "position": utf16(original["text"].split(text)[0])}
        elif reply and not reply.get("allow_sending_without_reply"):
            raise ApiError(400, "message to be replied not found")
        content |= self.keyboard(a)
        self.drafts = {k: d for k, d in self.drafts.items() if k[0] != chat["id"]}  # a message ends them
        return self.new_message(chat, self.me, content)

    def answer(self, query_id: str, kind: str) -> JSON:
        query = self.queries.get(query_id, {"kind": "", "time": 0.0})
        if query["kind"] != kind or time.time() - query["time"] > self.config.query_ttl:
            raise ApiError(400, "query is too old and response timeout expired or query ID is invalid")
        query["answered"] = True
        return query

    def store(self, name: str, mime: str, data: bytes, size: int | None = None) -> JSON:
        n, size = next(self.ids), len(data) if size is None else size
        info: JSON = {"file_id": f"FILE{n}", "file_unique_id": f"U{n}", "file_size": size}
        self.files[info["file_id"]] = info | {"file_path": f"documents/file_{n}{Path(name).suffix}"}, data
        return info | {"file_name": name, "mime_type": mime}

    # -- updates

    def confirm(self, done: Callable[[JSON], bool]) -> None:
        """Forget pending updates; they never come again."""
        for update in filter(done, self.pending):
            update["confirmed"] = True
        self.pending = [u for u in self.pending if not u["confirmed"]]

    def push(self, kind: str, body: JSON, queue: tuple[str, Any]) -> JSON:
        """Queue an update for the bot, if it wants that kind; a webhook gets each queue in order."""
        body = {"update_id": self.next_update, kind: json.loads(json.dumps(body))}
        wrong = self.spec.problems(body, ["Update"], "update")
        if wrong:
            raise ValueError("; ".join(wrong))
        wanted = kind in self.allowed if self.allowed else kind not in UNWANTED_BY_DEFAULT
        if wanted:
            self.next_update += 1
            self.updates.append({"update": body, "queue": queue, "delivered": 0, "confirmed": False})
            self.pending.append(self.updates[-1])
            if self.poller and not self.poller.done():
                self.poller.set_result(None)
            self.pump()
        return {"update_id": body["update_id"], "delivered": wanted}

    def visible(self, message: JSON) -> bool:
        """Group privacy: would Telegram show this message to the bot?"""
        text, me = message.get("text") or message.get("caption") or "", f"@{self.me['username']}".lower()
        if message["chat"]["type"] in ("private", "channel") or not self.config.privacy_mode:
            return True
        if message.get("reply_to_message", {}).get("from") == self.me:
            return True
        command = re.match(r"/\w+(@\w+)?", text)
        return (command[1] or me).lower() == me if command else me in re.findall(r"@\w+", text.lower())

    def pump(self) -> None:
        """Start webhook deliveries: queues in parallel, each in order."""
        for update in self.pending:
            if self.webhook and update["queue"] not in self.busy and len(self.busy) < self.webhook["max"]:
                self.busy.add(update["queue"])
                task = asyncio.get_running_loop().create_task(self.deliver(update, self.webhook))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)

    async def deliver(self, update: JSON, hook: JSON) -> None:
        """Post an update to the webhook until it is accepted, the webhook is gone, or for too long."""
        reply: Any = None
        for attempt in range(self.config.webhook_attempts):
            if self.webhook is not hook:
                return
            delay = self.config.webhook_backoff * 2 ** min(attempt, 6)
            secret = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]} if hook["secret"] else {}
            headers = {"Content-Type": "application/json"} | secret
            update["delivered"] += 1
            try:
                async with self.http.post(hook["url"], data=json.dumps(update["update"]), headers=headers) as response:
                    with contextlib.suppress(ValueError):
                        reply = json.loads(await response.read())
                    if 200 <= response.status < 300:
                        break
                    error = f"Wrong response from the webhook: {response.status} {response.reason}"
                    delay = float(response.headers.get("Retry-After", delay))
            except (ClientError, TimeoutError) as exc:
                error = f"Connection failed: {exc}"
            hook["error"] = {"last_error_date": int(time.time()), "last_error_message": error}
            await asyncio.sleep(delay)
        else:
            self.note("webhook", f"update {update['update']['update_id']} dropped, {hook['error']}")
        self.confirm(lambda u: u is update)
        self.busy.discard(update["queue"])
        self.pump()
        if isinstance(reply, dict) and "method" in reply:  # a call made by answering the webhook
            await self.execute(reply.pop("method"), reply)

    # -- HTTP

    async def handle_control(self, request: web.Request) -> web.Response:
        handler = getattr(self, "control_" + request.match_info["action"], None)
        if handler is None:
            return web.json_response({"error": "no such control"}, status=404)
        try:
            body: Any = await request.json() if request.can_read_body else dict(request.query)
            result = handler({"kind": None} if request.method == "DELETE" else body)
            return web.json_response(await result if asyncio.iscoroutine(result) else result)
        except (KeyError, TypeError, ValueError) as exc:
            return web.json_response({"error": f"{type(exc).__name__}: {exc}"}, status=400)

    @contextlib.asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[FakeTelegram]:
        app = web.Application(client_max_size=UPLOAD_LIMIT + (8 << 20))
        app.router.add_route("*", "/bot{token}/{method}", self.handle_bot)
        app.router.add_get("/file/bot{token}/{path:.+}", self.handle_file)
        app.router.add_route("*", "/_control/{action}", self.handle_control)
        runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        self.url = f"http://{host}:{runner.addresses[0][1]}"
        async with ClientSession(timeout=ClientTimeout(total=60)) as self.http:
            try:
                yield self
            finally:
                for task in list(self.tasks):
                    task.cancel()
                await runner.cleanup()

    @classmethod
    @contextlib.asynccontextmanager
    async def running(cls, spec: str | Path | None, **kwargs: Any) -> AsyncIterator[FakeTelegram]:
        async with cls(spec, **kwargs).serve() as fake:
            yield fake
