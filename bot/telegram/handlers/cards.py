"""A quote of the last answer as a picture."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from telegram import Update
from telegram.error import TelegramError

from bot.config.fonts import arabic_font
from bot.rendering.quote_card import quote_card
from bot.telegram.handlers.commands import last_given
from bot.telegram.handlers.services import Context, destination_of
from bot.telegram.handlers.sources import known_label
from bot.telegram.messages.cards import card_caption
from bot.telegram.messages.replies import told
from bot.telegram.transport.calls import send_photo
from bot.telegram.transport.retries import kind
from retrieval.errors import SettingsError

log = logging.getLogger(__name__)


async def show_card(update: Update, context: Context, number: str) -> None:
    """Send a quote of the last answer as a picture, the first one or that of a number; its caption is the quote."""
    services, language = context.services, await context.services.language(update)
    kept = await last_given(update, context)
    if kept is None:
        await services.say(update, told(language, "no_sources"))
        return
    found = replace(kept[1], language=language)
    wanted = number.strip() or "1"
    cited = next((one for one in found.citations if str(one.number) == wanted), None)
    if not found.found:
        await services.say(update, told(language, "refused_sources"))
    elif cited is None:
        await services.say(update, told(language, "no_such_source", number=wanted, last=len(found.citations)))
    else:
        try:
            drawn = await asyncio.to_thread(lambda: quote_card(cited, arabic_font()))
            label_of = known_label(services.index, found)
            caption = await asyncio.to_thread(card_caption, cited, language, label_of)
            await send_photo(context.bot, destination_of(update), drawn, caption)
        except SettingsError as error:
            log.warning("%s", error)
            await services.say(update, told(language, "no_card"))
        except TelegramError as error:
            log.warning("A card could not be sent (%s).", kind(error))
            await services.say(update, told(language, "card_not_sent"))
        else:
            await services.reply(update, lambda _: [])  # it is answered, and nothing is owed
