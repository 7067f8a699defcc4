"""Type checks of every call, driven by the published description of the Bot API where it is there."""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path
from typing import Any

from support.servers.telegram.wire import JSON, NAMES, Upload

SCALARS: JSON = {"Integer": int, "Float": (int, float), "String": str, "Boolean": bool, "InputFile": (Upload, str)}
LENGTH_ERRORS = {
    "InlineKeyboardButton.callback_data": "BUTTON_DATA_INVALID",
    "CopyTextButton.text": "BUTTON_COPY_TEXT_INVALID",
    "answerCallbackQuery.text": "MESSAGE_TOO_LONG",
    "BotCommand.command": "BOT_COMMAND_INVALID",
    "BotCommand.description": "BOT_COMMAND_DESCRIPTION_INVALID",
}


class Spec:
    """Type checks driven by api.json. A problem is a string; the first becomes the error text."""

    LENGTH = re.compile(r"(\d+)-(\d+)\s+(characters|bytes)(?! after entit)", re.IGNORECASE)
    CONST = re.compile(r'(?:must be|always) ["“]?(\w+)')

    def __init__(self, path: str | Path):
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        self.version: str = data["version"]
        self.types: dict[str, JSON] = data["types"]
        self.methods: dict[str, JSON] = {name.lower(): method for name, method in data["methods"].items()}

    def knows(self, method: str) -> bool:
        return method in self.methods

    def name(self, method: str) -> str:
        """The name of a method as Telegram writes it; empty if there is none."""
        return self.methods.get(method, {}).get("name", "")

    def fields(self, method: str) -> list[JSON]:
        return self.methods[method].get("fields", [])

    def returns(self, method: str) -> str:
        return self.methods[method]["returns"][0]

    def const(self, owner: str, f: JSON) -> str | None:
        """The only value a discriminating field may have."""
        found = self.CONST.search(f["description"])
        ok = found and f["name"] in ("type", "source", "status") and owner in self.types
        return found[1] if found and ok else None

    def decode(self, raw: Any, types: list[str], name: str = "") -> Any:
        """One parameter as it came over the wire: text, or a native value of a JSON body."""
        if not isinstance(raw, str) or types == ["String"]:
            return raw
        if "Integer" in types and re.fullmatch(r"[+-]?\d+", raw.strip()):
            return int(raw)
        if types == ["Boolean"]:
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(raw.lower(), raw)
        if "String" in types or "Integer" in types:
            return raw
        with contextlib.suppress(ValueError):
            return json.loads(raw)
        return raw

    def flat(self, types: list[str]) -> list[str]:
        """Union types opened up."""
        out: list[str] = []
        for kind in types:
            subtypes = self.types.get(kind, {}).get("subtypes")
            out += [kind] if not subtypes else self.flat([s for s in subtypes if s not in types])
        return out

    def problems(self, value: Any, types: list[str], path: str) -> list[str]:
        """Why ``value`` fits none of ``types``; empty if it fits one."""
        tries = (self._problems(value, kind, path) for kind in self.flat(types))
        return min(tries, key=lambda p: (any("must be exactly" in x for x in p), len(p)))

    def _problems(self, value: Any, kind: str, path: str) -> list[str]:
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f'field "{path}" must be an Array']
            return [p for i, v in enumerate(value) for p in self.problems(v, [kind[9:]], f"{path}[{i}]")]
        if kind in SCALARS:
            good = isinstance(value, SCALARS[kind]) and (kind == "Boolean" or not isinstance(value, bool))
            return [] if good else [f'field "{path}" must be of type {kind}']
        if not isinstance(value, dict):
            return [f'field "{path}" must be of type {kind}']
        return self.members(value, self.types[kind].get("fields", []), kind, path + ".")

    def members(self, value: JSON, fields: list[JSON], owner: str, path: str = "") -> list[str]:
        """Missing, unknown and ill-typed members of an object, or parameters of a method."""
        known = {f["name"]: f for f in fields}
        out = [f'can\'t find field "{path}{k}"' for k, f in known.items() if f["required"] and k not in value]
        for key, item in value.items():
            if key not in known:
                out.append(f'UNKNOWN "{path}{key}" is not in {owner} of {self.version}')
                continue
            f = known[key]
            const = self.const(owner, f)
            if const and item != const:
                out.append(f'field "{path}{key}" must be exactly "{const}"')
            out += self.problems(item, f["types"], path + key)
            limit = self.LENGTH.search(f["description"])
            if limit and isinstance(item, str):
                size = len(item.encode()) if limit[3].lower() == "bytes" else len(item)
                if not int(limit[1]) <= size <= int(limit[2]):
                    out.append(
                        LENGTH_ERRORS.get(f"{owner}.{key}", f'field "{path}{key}" must have {limit[0]}, has {size}')
                    )
        return out

    def sample(self, kind: str) -> Any:
        """The smallest value of a type, for methods without a behaviour."""
        if kind.startswith("Array of "):
            return []
        if kind in SCALARS:
            return {"Integer": 1, "Float": 1.0, "Boolean": True}.get(kind, "x")
        kind = self.flat([kind])[0]
        return {
            f["name"]: self.const(kind, f) or self.sample(f["types"][0])
            for f in self.types[kind].get("fields", [])
            if f["required"]
        }


class NoSpec:
    """Stands in where there is no description: values are decoded by their names, and nothing else is checked."""

    version = "no description"
    NUMBERS = re.compile(r"(.*_)?(id|date|time)|offset|limit|timeout|max_connections|button|ttl")
    TEXTS = re.compile(r"(inline_message|callback_query|inline_query|file|business_connection)_id|(.*_)?text")

    def knows(self, method: str) -> bool:
        return bool(method)

    def name(self, method: str) -> str:
        return NAMES.get(method, "")

    def fields(self, method: str) -> list[JSON]:
        return []

    def returns(self, method: str) -> str:
        return "Boolean"

    def decode(self, raw: Any, types: list[str], name: str = "") -> Any:
        if not isinstance(raw, str) or self.TEXTS.fullmatch(name):
            return raw
        if self.NUMBERS.fullmatch(name) and re.fullmatch(r"[+-]?\d+", raw.strip()):
            return int(raw)
        if raw in ("true", "false") or raw[:1] in ("[", "{"):
            with contextlib.suppress(ValueError):
                return json.loads(raw)
        return raw

    def problems(self, value: Any, types: list[str], path: str) -> list[str]:
        return []

    def members(self, value: JSON, fields: list[JSON], owner: str, path: str = "") -> list[str]:
        return []

    def sample(self, kind: str) -> Any:
        return True


def description() -> Path | None:
    """The published description of the Bot API: at SANAD_BOT_API_SPEC, or beside the checkout; None where it is not."""
    named = os.environ.get("SANAD_BOT_API_SPEC")
    beside = Path(__file__).parents[5] / "shared/telegram/api.json"
    return Path(named) if named else beside if beside.exists() else None
