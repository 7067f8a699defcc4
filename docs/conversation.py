"""Draw recorded conversations as a chat shows them, and take the picture.

    python docs/conversation.py record.json docs/conversation.png

The record is a list of chats, each a list of what happened in order: updates of the Bot API, as
{"message": {"text": …}} or {"callback_query": {"data": …}}, and calls of the bot, as
{"method": "sendMessage", "args": {"text": …, "parse_mode": "HTML", "reply_markup": …}, "result": {"message_id": …}}.
A line's direction is that of its first strong letter, even inside an isolate, as in Telegram Desktop. Chromium takes
the picture.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

QUOTE = re.compile(r"(<blockquote(?: expandable)?>.*?</blockquote>)", re.DOTALL)
WIDTH, SCALE = 1000, 1

STYLE = """
* { box-sizing: border-box; margin: 0; }
body { background: #dfe7ec; font: 15px/1.5 "Noto Sans", "Noto Sans Arabic", sans-serif; color: #111; padding: 22px; }
main { display: grid; grid-template-columns: 1fr 1fr; gap: 26px; align-items: start; }
section { display: flex; flex-direction: column; gap: 10px; }
.bubble { max-width: 92%; padding: 8px 12px; border-radius: 14px; background: #fff; box-shadow: 0 1px 1px #0002; }
.asked { align-self: flex-end; background: #e2f6cf; border-bottom-right-radius: 4px; }
.said { align-self: flex-start; border-bottom-left-radius: 4px; min-width: 70%; }
.bubble p { text-align: start; overflow-wrap: anywhere; min-height: .7em; }
blockquote { border-inline-start: 3px solid #3390ec; background: #3390ec14; border-radius: 4px; padding: 3px 9px;
  margin: 4px 0; font-size: 14px; }
blockquote[dir=rtl] { direction: rtl; }
blockquote.folded { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.row { display: flex; gap: 5px; width: 92%; margin-top: -5px; }
.row span { flex: 1; text-align: center; background: #6c8496; color: #fff; border-radius: 8px; padding: 5px 4px;
  font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.row.url { border: 0; }
"""


def direction(line: str) -> str:
    """Return the direction in which Telegram Desktop lays a line of HTML out."""
    classes = (unicodedata.bidirectional(letter) for letter in html.unescape(re.sub("<[^>]*>", "", line)))
    first = next((found for found in classes if found in ("L", "R", "AL")), "L")
    return "ltr" if first == "L" else "rtl"


def lines(text: str) -> str:
    """Return the lines of a text as paragraphs."""
    return "".join(f'<p dir="{direction(line)}">{line}</p>' for line in text.split("\n"))


def bubble(text: str, kind: str) -> str:
    """Return a message, of which only blockquotes and what stands inside a line is markup."""
    parts = []
    for part in QUOTE.split(text):
        if part.startswith("<blockquote"):
            opening, inside = part.removesuffix("</blockquote>").split(">", 1)
            folded = "folded" if "expandable" in opening else ""
            parts.append(f'<blockquote class="{folded}" dir="{direction(inside)}">{lines(inside)}</blockquote>')
        elif part.strip("\n"):
            parts.append(lines(part.removeprefix("\n").removesuffix("\n")))
    return f'<div class="bubble {kind}">{"".join(parts)}</div>'


def keyboard(markup: dict[str, Any] | str | None) -> str:
    """Return the buttons under a message, laid out from left to right, always."""
    read = json.loads(markup) if isinstance(markup, str) else markup or {}
    rows = read.get("inline_keyboard", [])
    cells = [["<span dir='auto'>" + html.escape(button["text"]) + "</span>" for button in row] for row in rows]
    return "".join(f'<div class="row">{"".join(row)}</div>' for row in cells)


def chat(events: list[dict[str, Any]]) -> str:
    """Return what a chat shows after some updates and calls."""
    shown: dict[object, str] = {}
    for place, event in enumerate(events):
        args, method = event.get("args", {}), event.get("method")
        if "message" in event:
            shown["in", place] = bubble(html.escape(event["message"]["text"], quote=False), "asked")
        elif method in ("sendMessage", "editMessageText"):
            is_html = args.get("parse_mode") == "HTML"
            text = args["text"] if is_html else html.escape(args["text"], quote=False)
            number = args.get("message_id") or (event.get("result") or {}).get("message_id", place)
            shown["out", number] = bubble(text, "said") + keyboard(args.get("reply_markup"))
        elif method == "deleteMessage":
            shown.pop(("out", args["message_id"]), None)
    return f"<section>{''.join(shown.values())}</section>"


def page(chats: list[list[dict[str, Any]]]) -> str:
    """Return the page."""
    drawn = "".join(map(chat, chats))
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><main>{drawn}</main>'


def picture(source: str, target: Path) -> None:
    """Draw a page with Chromium, as high as it is."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "page.html"
        place.write_text(source, encoding="utf-8")
        browser = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        measure = source + "<script>document.title = document.documentElement.offsetHeight</script>"
        place.with_name("measure.html").write_text(measure, encoding="utf-8")
        dumped = subprocess.run(
            [*browser, f"--window-size={WIDTH},800", "--dump-dom", place.with_name("measure.html").as_uri()],
            capture_output=True,
            check=True,
            encoding="utf-8",
        ).stdout
        found = re.search(r"<title>(\d+)</title>", dumped)
        height = found[1] if found else "1600"
        size = [f"--window-size={WIDTH},{height}", f"--force-device-scale-factor={SCALE}"]
        subprocess.run([*browser, *size, f"--screenshot={target.absolute()}", place.as_uri()], check=True)


if __name__ == "__main__":
    record, target = map(Path, sys.argv[1:])
    picture(page(json.loads(record.read_text(encoding="utf-8"))), target)
