"""What a test tells the fake server, and what it asks it: the actions under /_control/."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import fnmatch
import itertools
import time
from dataclasses import asdict, replace

from support.servers.telegram.text import tidy
from support.servers.telegram.wire import JSON


class Control:
    """The control API; each action is a method, callable within a test's process too."""

    def person(self, p: JSON) -> JSON:
        user_id = int(p["user_id"] if "user_id" in p else p["chat_id"])
        user = self.users.setdefault(user_id, {"id": user_id, "is_bot": False, "first_name": f"User {user_id}"})
        user.update({k: p[k] for k in ("first_name", "username", "language_code") if k in p})
        return dict(user)

    def incoming(self, p: JSON, content: JSON) -> JSON:
        """A message of a user; the bot gets it if group privacy allows."""
        sender = self.person(p)
        chat_id = int(p["chat_id"] if "chat_id" in p else sender["id"])
        kind = p.get("chat_type", "private" if chat_id > 0 else "supergroup")
        names = {"first_name": sender["first_name"]} if kind == "private" else {"title": p.get("title", "A group")}
        chat = self.chats.setdefault(chat_id, {"id": chat_id, "type": kind, **names})
        if "reply_to_message_id" in p:
            content["reply_to_message"] = self.quoted(chat_id, int(p["reply_to_message_id"]))
        message = self.new_message(chat, sender, content | p.get("extra", {}))
        update: JSON = {"delivered": False}
        if self.visible(message):
            update = self.push("channel_post" if kind == "channel" else "message", message, ("chat", chat_id))
        return {"message_id": message["message_id"], **update}

    def control_send_message(self, p: JSON) -> JSON:
        text, entities = tidy(p["text"], [], [])
        return self.incoming(p, {"text": text} | ({"entities": entities} if entities else {}))

    def control_edit_message(self, p: JSON) -> JSON:
        """A user's message with other words; the bot gets it if group privacy allows."""
        message = self.messages[p["chat_id"], p["message_id"]]
        text, entities = tidy(p["text"], [], [])
        message.pop("entities", None)
        message |= {"text": text, "edit_date": int(self.now())} | ({"entities": entities} if entities else {})
        visible = self.visible(message)
        return self.push("edited_message", message, ("chat", p["chat_id"])) if visible else {"delivered": False}

    def control_send_document(self, p: JSON) -> JSON:
        data = base64.b64decode(p["content_base64"]) if "content_base64" in p else p.get("content", "").encode()
        name, mime = p.get("file_name", "file.txt"), p.get("mime_type", "text/plain")
        document = self.store(name, mime, data, p.get("file_size"))
        return self.incoming(p, {"document": document} | ({"caption": p["caption"]} if "caption" in p else {}))

    def control_press_button(self, p: JSON) -> JSON:
        for (chat_id, number), message in reversed(self.messages.items()):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in itertools.chain(*rows) if chat_id == p["chat_id"] else []:
                if (
                    "callback_data" in button
                    and p.get("message_id", number) == number
                    and p.get("data") in (None, button["callback_data"])
                    and p.get("text") in (None, button["text"], button["callback_data"].partition("/")[2])
                ):
                    query = {
                        "id": str(next(self.ids)),
                        "from": self.person(p),
                        "message": message,
                        "chat_instance": str(chat_id),
                        "data": button["callback_data"],
                    }
                    self.queries[query["id"]] = {"kind": "callback query", "time": time.time(), "answered": False}
                    return {"callback_query_id": query["id"]} | self.push(
                        "callback_query", query, ("user", query["from"]["id"])
                    )
        raise ValueError("no such callback button on screen")

    def control_inline_query(self, p: JSON) -> JSON:
        query = {
            "id": str(next(self.ids)),
            "from": self.person(p),
            "query": p.get("query", ""),
            "offset": p.get("offset", ""),
            "chat_type": p.get("chat_type", "private"),
        }
        self.queries[query["id"]] = {"kind": "inline query", "time": time.time(), "answered": False}
        return {"inline_query_id": query["id"]} | self.push("inline_query", query, ("inline", query["from"]["id"]))

    def control_update(self, p: JSON) -> JSON:
        ((kind, body),) = p.items()
        return self.push(kind, body, ("other", next(self.ids)))

    def control_fault(self, p: JSON) -> JSON:
        fault = {
            "method": "*",
            "chat_id": None,
            "times": 1,
            "share": 1.0,
            "retry_after": 1,
            "seconds": 1.0,
            "status": 400,
            "description": "Bad Request: injected",
            "parameters": None,
            "body": '{"ok":true}',
            **p,
            "kind": str(p["kind"]),
        }
        if fault["kind"] not in (
            "None",
            "429",
            "502",
            "reset",
            "reset_after",
            "502_after",
            "odd_after",
            "garbage",
            "delay",
            "delay_after",
            "error",
        ):
            raise ValueError(f"no such fault: {fault['kind']}")
        self.faults = [*self.faults, fault] if p["kind"] else []
        return {"faults": self.faults}

    def control_config(self, p: JSON) -> JSON:
        self.config = replace(self.config, **p)
        self.me["can_read_all_group_messages"] = not self.config.privacy_mode
        return asdict(self.config)

    def control_reset(self, p: JSON) -> JSON:
        self.reset()
        return {"ok": True}

    def control_calls(self, p: JSON) -> list[JSON]:
        return [
            c
            for c in self.calls
            if c["n"] > int(p.get("since", 0))
            and c["seconds"] is not None
            and fnmatch.fnmatch(c["method"].lower(), p.get("method", "*").lower())
            and str(p.get("chat_id", c["chat_id"])) == str(c["chat_id"])
        ]

    async def control_wait(self, p: JSON) -> list[JSON]:
        async with self.changed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(
                    self.changed.wait_for(lambda: len(self.control_calls(p)) >= int(p.get("count", 1))),
                    float(p.get("timeout", 10)),
                )
        return self.control_calls(p)

    def control_violations(self, p: JSON) -> list[JSON]:
        """Also what the bot owes by now: answers to queries, messages after drafts."""
        late = [
            ("unanswered " + q["kind"], key)
            for key, q in self.queries.items()
            if not q["answered"] and time.time() - q["time"] > self.config.query_ttl
        ]
        late += [("draft without a message", str(k)) for k, d in self.drafts.items() if time.time() - d["time"] > 30]
        return self.violations + [{"n": 0, "method": "", "rule": r, "detail": d, "rejected": False} for r, d in late]

    def control_messages(self, p: JSON) -> list[JSON]:
        return [m for (chat, _), m in self.messages.items() if str(p.get("chat_id", chat)) == str(chat)]

    def control_updates(self, p: JSON) -> list[JSON]:
        return self.updates

    def control_state(self, p: JSON) -> JSON:
        return {
            "spec": self.spec.version,
            "me": self.me,
            "profile": self.profile,
            "webhook": self.webhook,
            "drafts": list(self.drafts.values()),
        }
