"""Calls that count once Telegram confirmed them, whatever else its reply says.

`"ok": true` means done. python-telegram-bot builds an object of what comes with it, and where it cannot, the call looks
as if it had failed and would be made again. So what is sent is read here from the reply as it came.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from telegram import LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

if TYPE_CHECKING:
    from bot.storage.outbox import Destination
    from bot.telegram.transport.rate_limiter import JSON, Bot

Keyboard = Sequence[Sequence[Mapping[str, Any]]]  # rows of buttons as Telegram writes them

CONFIRMED = re.compile(rb'\s*\{\s*"ok"\s*:\s*true\b')
HIGHEST_NUMBER = 1 << 53  # of a message; what is higher is none, and no database holds it


class ConfirmingRequest(HTTPXRequest):
    """Reads replies so that a confirmed call never fails for what is missing or broken behind its confirmation."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> JSON:
        """Return what a reply says; one that begins with its confirmation and cannot be read is a bare one.

        Raises:
            TelegramError: the reply is none of Telegram's.
        """
        try:
            body = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            body = {"ok": True} if CONFIRMED.match(payload) else None
        if not isinstance(body, dict) or not isinstance(body.get("ok"), bool):
            raise TelegramError("Invalid server response")
        return {"result": True} | body if body["ok"] else body


async def send_text(
    bot: Bot, place: Destination, html: str, keyboard: Keyboard = (), *, hurry: JSON | None = None
) -> int | None:
    """Send a message, and return its number; None where Telegram took it and names none.

    Raises:
        TelegramError: Telegram did not take it, or nobody knows whether it did.
    """
    wanted = {
        "chat_id": place.chat_id,
        "message_thread_id": place.thread_id,
        "reply_parameters": None if place.reply_to is None else ReplyParameters(place.reply_to),
        **_content(html, keyboard),
    }
    return number_in(await _confirmed(bot, "sendmessage", wanted, hurry))


async def send_photo(bot: Bot, place: Destination, picture: bytes, caption: str) -> None:
    """Send a picture with its caption.

    Raises:
        TelegramError: Telegram did not take it, or nobody knows whether it did.
    """
    await bot.send_photo(
        place.chat_id,
        picture,
        caption=caption,
        parse_mode=ParseMode.HTML,
        message_thread_id=place.thread_id,
        reply_parameters=None if place.reply_to is None else ReplyParameters(place.reply_to),
        filename="card.png",
    )


async def edit_text(
    bot: Bot, chat_id: int, message_id: int, html: str, keyboard: Keyboard = (), *, hurry: JSON | None = None
) -> None:
    """Put another text into a message of the bot.

    Raises:
        TelegramError: Telegram did not take it, or nobody knows whether it did.
    """
    wanted = {"chat_id": chat_id, "message_id": message_id, **_content(html, keyboard)}
    await _confirmed(bot, "editmessagetext", wanted, hurry)


async def ask_for_a_sign(bot: Bot) -> None:
    """Make a call that changes nothing.

    Raises:
        TelegramError: Telegram does not answer as it should.
    """
    await _confirmed(bot, "getme", {}, None)


def number_in(result: object) -> int | None:
    """Return the number of the message that a reply shows; None where it shows none.

    >>> number_in({"message_id": 7, "chat": None}), number_in({"message_id": "7"}), number_in(True)
    (7, None, None)
    """
    number = result.get("message_id") if isinstance(result, dict) else None
    return number if type(number) is int and 0 < number < HIGHEST_NUMBER else None


def _content(html: str, keyboard: Keyboard) -> JSON:
    return {
        "text": html,
        "parse_mode": ParseMode.HTML,
        "link_preview_options": LinkPreviewOptions(),  # the bot's defaults are put into it, as into the reply's
        "reply_markup": {"inline_keyboard": keyboard} if keyboard else None,
    }


async def _confirmed(bot: Bot, method: str, wanted: JSON, hurry: JSON | None) -> object:
    """Make a call, and return the result as it came."""
    try:
        # Telegram's methods have no case; written small, python-telegram-bot does not point to a method of its own.
        return await bot.do_api_request(method, wanted, rate_limit_args=hurry)
    except KeyError:  # a success by its HTTP status that is none by its words
        raise TelegramError("Invalid server response") from None
