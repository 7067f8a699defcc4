"""Each call of the bot: recorded, spoilt where a test wants it, checked, held to the flood limits, answered."""

from __future__ import annotations

import asyncio
import fnmatch
import json
import math
import re
import time
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from aiohttp import web
from support.servers.telegram.wire import CURRENT, HANDLERS, JSON, ApiError, Upload

Limits = tuple[tuple[int, float], ...]  # (count, seconds) pairs


@dataclass
class Config:
    """What ``/_control/config`` can change. Telegram does not publish exact flood limits; these are strict."""

    strict: bool = True  # reject unknown parameters, which Telegram would ignore
    privacy_mode: bool = True  # in groups: only commands, replies to the bot, mentions of it
    flood: bool = True  # answer 429 beyond these limits
    per_chat: Limits = ((5, 5.0),)  # messages and edits: one a second, short bursts allowed
    per_group: Limits = ((20, 60.0),)
    overall: Limits = ((30, 1.0),)
    typing: Limits = ((20, 5.0), (40, 30.0))  # chat actions and drafts, per chat
    query_ttl: float = 30.0  # seconds a callback or inline query may wait for its answer
    webhook_backoff: float = 0.2  # first retry delay, doubling up to 64 times that
    webhook_attempts: int = 50
    long_polling: bool = True  # getUpdates waits for updates
    clock: float = 0.0  # seconds by which Telegram's clock differs from this machine's


class Calls:
    """What the server does with a call."""

    # -- calls

    def lane(self, method: str, chat_id: Any) -> tuple[str, Any]:
        """Drafts and chat actions have a flood limit of their own."""
        return "typing" if method.endswith("draft") or method == "sendchataction" else "chat", chat_id

    def flood(self, method: str, chat_id: Any) -> None:
        """Raise 429 if the bot is too fast for this chat, group or overall."""
        cfg, now, lane = self.config, time.monotonic(), self.lane(method, chat_id)
        if chat_id not in self.chats or not re.match("send|edit|forward|copy", method):
            return
        limits: dict[Any, Limits] = {lane: cfg.typing}
        if lane[0] == "chat":
            limits = {lane: cfg.per_chat, "all": cfg.overall}
            if self.chats[chat_id]["type"] != "private":
                limits["group", chat_id] = cfg.per_group
        wait = self.quiet_until.get(lane, 0.0) - now
        if wait > 0.05:
            self.note("flood", f"called {wait:.1f} s before retry_after had passed", rejected=cfg.flood)
        for key, windows in limits.items():
            self.sent[key] = [t for t in self.sent[key] if now - t < max(s for _, s in windows)]
            for count, seconds in windows:
                recent = [t for t in self.sent[key] if now - t < seconds]
                wait = max(wait, recent[-count] + seconds - now) if len(recent) >= count else wait
        if cfg.flood and wait > 0.05:
            raise self.too_many(math.ceil(wait), lane)
        for key in limits:
            self.sent[key].append(now)

    def too_many(self, seconds: int, lane: tuple[str, Any]) -> ApiError:
        self.quiet_until[lane] = time.monotonic() + seconds
        return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})

    def check(self, method: str, args: JSON) -> JSON:
        """The parameters, decoded and checked against the specification."""
        if not self.spec.knows(method):
            raise ApiError(404, "method not found")
        name, fields = self.spec.name(method), self.spec.fields(method)
        kinds = {f["name"]: f["types"] for f in fields}
        decoded = {
            k: self.spec.decode(v, kinds.get(k, ["String"]), k)
            for k, v in args.items()
            if k in kinds or not fields or not isinstance(v, Upload)
        }  # files named by attach:// are no parameters
        for f in fields:
            if f["required"] and decoded.get(f["name"]) in (None, "") and f["name"] != "url":
                raise ApiError(
                    400,
                    {"chat_id": "chat_id is empty", "text": "message text is empty"}.get(
                        f["name"], f'parameter "{f["name"]}" is required'
                    ),
                )
        for problem in self.spec.members(decoded, fields, name):
            unknown = problem.startswith("UNKNOWN ")
            if not unknown or self.config.strict:
                raise ApiError(400, problem if problem.isupper() else f"{problem.removeprefix('UNKNOWN ')} ({name})")
            self.note("spec", problem)
        return decoded

    async def execute(self, name: str, args: JSON) -> tuple[int, JSON, str]:
        """One call: record, faults, checks, flood control, behaviour; (status, body, kind of fault)."""
        method = name.lower()
        chat_id = self.spec.decode(args.get("chat_id"), ["Integer", "String"], "chat_id")
        name = self.spec.name(method) or name
        call: JSON = {
            "n": len(self.calls) + 1,
            "method": name,
            "chat_id": chat_id,
            "args": args,
            "time": time.time(),
            "seconds": None,
            "status": 0,
            "description": "",
            "result": None,
            "fault": "",
        }  # status 0: no answer
        self.calls.append(call)
        CURRENT.set(call)
        fault: JSON = next(
            (
                f
                for f in self.faults
                if fnmatch.fnmatch(method, f["method"].lower())
                and f["chat_id"] in (None, chat_id)
                and (f["share"] == 1.0 or self.chance.random() < f["share"])
            ),
            {"kind": ""},
        )
        kind: str = fault["kind"]
        call["fault"] = kind
        try:
            if kind:
                fault["times"] -= 1
                self.faults = [f for f in self.faults if f["times"] > 0]
                await asyncio.sleep(fault["seconds"] if kind == "delay" else 0)
                if kind == "429":
                    raise self.too_many(fault["retry_after"], self.lane(method, chat_id))
                if kind == "error":
                    raise ApiError(fault["status"], fault["description"], fault["parameters"])
                if kind in ("reset", "502", "garbage"):
                    call.update(description=kind, status={"502": 502, "garbage": 200}.get(kind, 0))
                    return call["status"], {}, kind
            decoded = call["args"] = self.check(method, args)
            self.flood(method, chat_id)
            handler = HANDLERS.get(method)
            result = handler(self, decoded) if handler else self.spec.sample(self.spec.returns(method))
            call["result"] = json.loads(json.dumps(await result if asyncio.iscoroutine(result) else result))
            await asyncio.sleep(fault["seconds"] if kind == "delay_after" else 0)
            call["status"] = {"reset_after": 0, "502_after": 502}.get(kind, 200)
            if kind == "odd_after":
                return 200, {"odd": fault["body"]}, kind
            return call["status"], {"ok": True, "result": call["result"]}, kind
        except ApiError as exc:
            call.update(status=exc.code, description=exc.description)
            if not kind and exc.code != 429:
                self.note("call", exc.description, rejected=True)
            body = {"ok": False, "error_code": exc.code, "description": exc.description}
            return exc.code, body | ({"parameters": exc.parameters} if exc.parameters else {}), kind
        finally:
            call["seconds"] = time.time() - call["time"]
            call["args"] = {
                k: f"<file {v.name}: {len(v.data)} bytes>" if isinstance(v, Upload) else v
                for k, v in call["args"].items()
            }
            async with self.changed:
                self.changed.notify_all()

    # -- HTTP

    async def handle_bot(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return failure(401, "Unauthorized")
        try:
            args: JSON = dict(request.query)
            if request.content_type == "application/json" and request.can_read_body:
                args |= await request.json()
            else:
                args |= {
                    k: v if isinstance(v, str) else Upload(v.filename, v.content_type, v.file.read())  # type: ignore[union-attr]
                    for k, v in (await request.post()).items()
                }
        except (ValueError, TypeError):
            return failure(400, "Bad Request: can't parse the request body")
        status, body, fault = await self.execute(request.match_info["method"], args)
        if fault.startswith("reset") and request.transport:
            request.transport.abort()
        if "odd" in body:
            return web.Response(body=body["odd"].encode("utf-8", "surrogateescape"), content_type="application/json")
        if fault in ("502", "502_after", "garbage"):
            return web.Response(status=status, text="<html>Bad Gateway</html>", content_type="text/html")
        wait = body.get("parameters", {}).get("retry_after")
        headers = {"Date": formatdate(self.now(), usegmt=True)} | ({"Retry-After": str(wait)} if wait else {})
        return web.json_response(body, status=status or 200, headers=headers)

    async def handle_file(self, request: web.Request) -> web.Response:
        for info, content in self.files.values():
            if request.match_info["token"] == self.token and info["file_path"] == request.match_info["path"]:
                return web.Response(body=content, content_type="application/octet-stream")
        return failure(404, "Not Found")


def failure(code: int, description: str) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": description}, status=code)
