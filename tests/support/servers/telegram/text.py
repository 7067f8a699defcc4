"""Telegram's texts: its HTML, what it does to characters, the entities that it finds by itself."""

from __future__ import annotations

import re

from support.servers.telegram.wire import JSON, ApiError, utf16

URL = re.compile(
    r"(?:https?://)?(?:[^\s/?#@]+@)?[^\s/?#.<>]+\.[^\s<>]\S*|(?:tg|ton|tonsite):(?://)?[\w-]+\S*", re.IGNORECASE
)
TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
SPACE, NOT_SPACE = r"[ \t\r\n\v\0]", r"[^ \t\r\n\v\0>]"
ATTRIBUTE = (
    r"""([^ \t\r\n\v\0=>/"']+)"""
    rf"""(?:{SPACE}*={SPACE}*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]*)(?=[ \t\r\n\v\0>])))?"""
)
START_TAG = rf"<(?P<tag>(?!/){NOT_SPACE}*)(?P<attributes>(?:{SPACE}+{ATTRIBUTE})*){SPACE}*"
HTML = re.compile(
    rf"{START_TAG}>|</(?P<end>{NOT_SPACE}*){SPACE}*>|&(?:#x(?P<hex>[0-9a-fA-F]{{1,6}})(?![0-9a-fA-F])"
    r"|#(?P<dec>[0-9]{1,7})(?![0-9])|(?P<name>lt|gt|amp|quot)(?![A-Za-z]));?|.",
    re.DOTALL,
)
DETECTED = re.compile(
    r"(?P<url>https?://[^\s<>\u2066-\u2069]+)|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?)(?![\w/])"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)|(?<![\w@])(?P<mention>@[A-Za-z]\w{3,31})|(?<!\w)(?P<hashtag>#\w*[^\W\d]\w*)"
)


def character(m: re.Match[str]) -> str:
    """What an HTML reference, or any other single character, stands for."""
    if m["name"]:
        return {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}[m["name"]]
    code = int(m["hex"], 16) if m["hex"] else int(m["dec"] or 0)
    return chr(code) if 0 < code < 0x10FFFF else m.group()


def malformed(rest: str, inside: bool) -> str:
    """What is wrong with something that only starts like a tag."""
    if rest.startswith("</"):
        return "Unclosed end tag" if inside else "Unexpected end tag"
    name, tag = re.match(f"<({NOT_SPACE}*)", rest), re.match(START_TAG, rest)
    if name is None or name.end() == len(rest):
        return "Unclosed start tag"
    if name[1].lower() not in TAGS:
        return f'Unsupported start tag "{name[1].lower()}"'
    value = re.match(rf"{SPACE}*={SPACE}*(.?)", rest[tag.end() :]) if tag else None
    if value and value[1]:
        return "Unclosed start tag" if value[1] in "'\"" else "Unexpected end of name token"
    if value or (tag and tag.end() == len(rest) and not re.fullmatch(SPACE, rest[-1])):
        return f'Unclosed start tag "{name[1].lower()}"'
    return f'Empty attribute name in the tag "{name[1].lower()}"'


def parse_html(source: str, notes: list[str]) -> tuple[str, list[JSON]]:
    """Text and entities of Telegram HTML, with the server's errors.

    ``notes`` gets what the documentation forbids but the server lets through."""
    out = ""
    stack: list[tuple[str, JSON, int]] = []
    entities: list[JSON] = []

    def fail(text: str, more: str = "") -> ApiError:
        offset = len(source[: m.start()].encode("utf-8", "surrogatepass"))
        return ApiError(400, f"can't parse entities: {text} at byte offset {offset}{more}")

    for m in HTML.finditer(source):
        tag, end = (m["tag"] or "").lower(), (m["end"] or "").lower()
        if m.group() == "<":
            raise fail(malformed(source[m.start() :], bool(stack)))
        if m["tag"] is None and m["end"] is None:  # a character or a reference
            if m.group() in "&>":
                notes.append(f'"{m.group()}" at character {m.start()} is not written as a reference')
            out += character(m)
        elif m["tag"] is not None:
            attributes = {
                a[1]: HTML.sub(character, a[2] or a[3] or (a[4] or "").lower())
                for a in re.finditer(ATTRIBUTE, m["attributes"])
            }
            if tag not in TAGS:
                raise fail(f'Unsupported start tag "{tag}"')
            if tag == "span" and attributes.get("class") != "tg-spoiler":
                raise fail('Tag "span" must have class "tg-spoiler"')
            stack.append((tag, attributes, len(out)))
        elif not stack:
            raise fail("Unexpected end tag")
        elif end not in ("", stack[-1][0]):
            raise fail("Unmatched end tag", f', expected "</{stack[-1][0]}>", found "</{end}>"')
        else:
            tag, attributes, start = stack.pop()
            if out[start:]:
                entities += entity_of(tag, attributes, out, start, entities, notes)
    if stack:
        raise ApiError(400, f"can't parse entities: Can't find end tag corresponding to start tag \"{stack[-1][0]}\"")
    return out, entities


def entity_of(tag: str, attributes: JSON, out: str, start: int, entities: list[JSON], notes: list[str]) -> list[JSON]:
    """The entity a closed tag makes, if any."""
    made = {"type": TAGS[tag], "offset": utf16(out[:start]), "length": utf16(out[start:])}
    if tag == "blockquote" and "expandable" in attributes:
        made["type"] = "expandable_blockquote"
    elif tag == "a":
        url = attributes.get("href") or out[start:]
        user = re.fullmatch(r"tg://user\?id=(\d+)", url)
        if user:
            return [made | {"type": "text_mention", "user": {"id": int(user[1]), "is_bot": False, "first_name": "?"}}]
        if not URL.fullmatch(url):
            notes.append(f"link dropped, not a URL Telegram accepts: {url!r}")
            return []
        made["url"] = url
    elif tag == "tg-emoji":
        if not re.fullmatch(r"[1-9]\d*", attributes.get("emoji-id", "")):
            raise ApiError(400, "can't parse entities: Invalid custom emoji identifier specified")
        made["custom_emoji_id"] = attributes["emoji-id"]
    elif tag == "tg-time":
        made |= {"unix_time": int(attributes.get("unix") or 0), "date_time_format": attributes.get("format", "")}
    elif tag == "code" and attributes.get("class", "").startswith("language-"):
        made["language"] = attributes["class"][9:]
    if (
        entities
        and {made["type"], entities[-1]["type"]} == {"code", "pre"}
        and all(made[k] == entities[-1][k] for k in ("offset", "length"))
        and "language" in made | entities[-1]
    ):
        made |= entities.pop() | {"type": "pre"}  # <pre><code class="language-...">
    return [made]


def tidy(text: str, entities: list[JSON], notes: list[str]) -> tuple[str, list[JSON]]:
    """What Telegram does to every text: replace characters, trim, settle and detect entities."""
    out, position, removed = "", [0], set()
    for char in text:
        keep = char
        if char == "\r" or "\u2028" <= char <= "\u202e" or char in "\u0333\u033f\u030a":
            keep = ""  # line separators, bidi embeddings, overrides
        elif char < " " and char != "\n":
            keep = " "
        if keep != char and char not in "\r\t":
            removed.add(f"U+{ord(char):04X}")
        out += keep
        position += [position[-1] + utf16(keep)] * utf16(char)
    if re.search("[\u200e\u200f]{2}", out):  # only the last of several LRM or RLM stays
        out, removed = re.sub("[\u200e\u200f](?=[\u200e\u200f])", "\u200c", out), removed | {"repeated LRM or RLM"}
    if removed:
        notes.append("Telegram removes or replaces " + ", ".join(sorted(removed)))
    spans = [
        (position[min(e["offset"], len(position) - 1)], position[min(e["offset"] + e["length"], len(position) - 1)], e)
        for e in entities
    ]
    left = min([len(out) - len(out.lstrip(" \n")), *(begin for begin, _, _ in spans)])
    result = out.rstrip(" \n")[left:]
    kept: list[JSON] = []
    for begin, end, entity in sorted(spans, key=lambda s: (s[0], -s[1])):
        begin, end = begin - left, min(end - left, utf16(result))
        outer = [k["type"] for k in kept if k["offset"] <= begin and end <= k["offset"] + k["length"]]
        if {"code", "pre"} & {*outer} or ("quote" in entity["type"] and any("quote" in o for o in outer)):
            notes.append(f"{entity['type']} inside {outer[-1]} is dropped")
        elif begin < end:
            kept.append(entity | {"offset": begin, "length": end - begin})
    if len(kept) > 100:
        notes.append(f"{len(kept)} entities; Telegram keeps 100")
    for m in DETECTED.finditer(result):
        begin, end = utf16(result[: m.start()]), utf16(result[: m.end()])
        if not any(
            k["type"] in ("code", "pre", "text_link") and k["offset"] < end and begin < k["offset"] + k["length"]
            for k in kept
        ):
            kept.append({"type": m.lastgroup, "offset": begin, "length": end - begin})
    return result, sorted(kept, key=lambda e: (e["offset"], -e["length"]))
