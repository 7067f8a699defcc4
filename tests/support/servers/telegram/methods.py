"""The behaviour of Bot API methods: updates, webhooks, queries, files, the bot's profile."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Any

from support.servers.telegram.wire import CURRENT, JSON, ApiError, on

if TYPE_CHECKING:
    from support.servers.telegram.server import FakeTelegram

DOWNLOAD_LIMIT = 20 << 20
LOOPBACK = re.compile(r"https?://(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?::\d+)?(?:/|$)")


@on("getMe")
def get_me(t: FakeTelegram, a: JSON) -> JSON:
    return t.me


@on("getUpdates")
async def get_updates(t: FakeTelegram, a: JSON) -> list[JSON]:
    if t.webhook:
        raise ApiError(
            409, "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    offset, timeout, t.allowed = a.get("offset", 0), a.get("timeout", 0), a.get("allowed_updates", t.allowed)
    if offset > t.next_update + 10:
        t.note("getUpdates", f"offset {offset} is in the future; Telegram ignores it")
        offset = 0
    if offset < 0 and t.pending:
        offset = t.pending[max(offset, -len(t.pending))]["update"]["update_id"]
    t.confirm(lambda u: bool(u["update"]["update_id"] < offset))
    if timeout > 0 and not t.pending and t.config.long_polling:
        if t.poller and not t.poller.done():
            t.poller.set_exception(
                ApiError(409, "terminated by other getUpdates request; make sure that only one bot instance is running")
            )
        mine = t.poller = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(mine, min(timeout, 50))
        except TimeoutError:
            pass
        except ApiError:
            now = time.monotonic()
            await asyncio.sleep(3 if now < t.conflict_time else 0)  # repeated conflicts are slowed down
            t.conflict_time = now + 3
            raise
        finally:
            t.poller = None if t.poller is mine else t.poller
    batch = t.pending[: max(1, min(a.get("limit", 100), 100))]
    for update in batch:
        update["delivered"] += 1
    return [u["update"] for u in batch]


@on("setWebhook", "deleteWebhook")
def set_webhook(t: FakeTelegram, a: JSON) -> bool:
    url, secret, t.webhook = a.get("url", ""), a.get("secret_token", ""), None
    if a.get("drop_pending_updates"):
        t.confirm(lambda u: True)
    t.allowed = a.get("allowed_updates", t.allowed)
    if not url:
        return True
    if not LOOPBACK.match(url):
        raise ApiError(
            400,
            "bad webhook: "
            + (
                "this server delivers to loopback only"
                if url.startswith("https://")
                else "An HTTPS URL must be provided for webhook"
            ),
        )
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise ApiError(400, "secret token contains unallowed characters")
    t.webhook = {"url": url, "secret": secret, "max": a.get("max_connections", 40), "error": {}}
    if t.poller and not t.poller.done():
        t.poller.set_exception(ApiError(409, "terminated by setWebhook request"))
    t.busy.clear()
    t.pump()
    return True


@on("getWebhookInfo")
def get_webhook_info(t: FakeTelegram, a: JSON) -> JSON:
    hook = t.webhook or {"url": "", "max": 40, "error": {}}
    return {
        "url": hook["url"],
        "has_custom_certificate": False,
        "pending_update_count": len(t.pending),
        "max_connections": hook["max"],
        "allowed_updates": t.allowed,
        **hook["error"],
    }


@on("answerCallbackQuery")
def answer_callback_query(t: FakeTelegram, a: JSON) -> bool:
    return bool(t.answer(a["callback_query_id"], "callback query"))


@on("answerInlineQuery")
def answer_inline_query(t: FakeTelegram, a: JSON) -> bool:
    for bad, code in (
        (len(a["results"]) > 50, "RESULTS_TOO_MUCH"),
        (len({r["id"] for r in a["results"]}) < len(a["results"]), "RESULT_ID_DUPLICATE"),
        (not all(1 <= len(r["id"].encode()) <= 64 for r in a["results"]), "RESULT_ID_INVALID"),
        (len(a.get("next_offset", "").encode()) > 64, "NEXT_OFFSET_INVALID"),
    ):
        if bad:
            raise ApiError(400, code)
    for result in a["results"]:
        content = result.get("input_message_content", {})
        t.keyboard(result)
        t.styled(content.get("message_text", ""), content, 4096)
        t.styled(result.get("caption", ""), result, 1024, key="caption")
    return bool(t.answer(a["inline_query_id"], "inline query"))


@on("getChatMember")
def get_chat_member(t: FakeTelegram, a: JSON) -> JSON:
    user = t.users.get(a["user_id"])
    if user is None:
        raise ApiError(400, "PARTICIPANT_ID_INVALID")
    if (t.chat(a)["id"], a["user_id"]) in t.owners:
        return {"status": "creator", "user": user, "is_anonymous": False}
    return {"status": "member", "user": user}


@on("getFile")
def get_file(t: FakeTelegram, a: JSON) -> JSON:
    if a["file_id"] not in t.files:
        raise ApiError(400, "wrong file_id or the file is temporarily unavailable")
    info = t.files[a["file_id"]][0]
    if info["file_size"] > DOWNLOAD_LIMIT:
        raise ApiError(400, "file is too big")
    return info


@on(
    *(
        f"{verb}My{what}"
        for verb in ("set", "get", "delete")
        for what in ("Commands", "Name", "Description", "ShortDescription")
    )
)
def my_profile(t: FakeTelegram, a: JSON) -> Any:
    """Localised texts and commands, kept by language (and scope)."""
    verb, what = re.findall("(set|get|delete)My(.+)", CURRENT.get()["method"])[0]
    name = re.sub("(?<!^)([A-Z])", r"_\1", what).lower()
    language, scope = a.get("language_code", ""), a.get("scope") or {"type": "default"}
    if not re.fullmatch("([a-z]{2})?", language):
        raise ApiError(400, "invalid language code specified")
    stored = t.profile.setdefault(name, {})
    key = ":".join([language or "*", *map(str, scope.values())])
    if verb == "get":
        return stored.get(key, []) if name == "commands" else {name: stored.get(key, "")}
    if len(a.get(name, "")) > 100 and name == "commands":
        raise ApiError(400, "BOT_COMMANDS_TOO_MUCH")
    if name == "commands" and not all(re.fullmatch("[a-z0-9_]+", c["command"]) for c in a.get("commands", [])):
        raise ApiError(400, "BOT_COMMAND_INVALID")
    stored[key] = a.get(name, [] if name == "commands" else "")
    return True
