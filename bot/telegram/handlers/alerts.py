"""What is told of new articles by now: each chat's stories become messages that are owed, as an answer is.

Part of a transaction: either the messages are owed and the alerts told, or neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.storage import alerts as stored
from bot.storage import inbox, outbox
from bot.storage.access import access_of
from bot.storage.answer_codec import citation_of
from bot.storage.conversations import DAY
from bot.storage.database import now
from bot.telegram.handlers.access import may_ask
from bot.telegram.handlers.services import draft_of
from bot.telegram.handlers.watches import WATCH_KEY, hours_of, teller_of
from bot.telegram.messages.alerts import AlertedStory, alert_message, count_fitting
from bot.watching.stories import FoundStory, merged_by_story, told_already

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.config.settings import Settings
    from bot.storage.inbox import Incoming
    from bot.storage.outbox import Destination
    from bot.telegram.messages.layout import Message
    from retrieval.types import Language

KIND = "alert"  # of what the bot begins by itself
MOST_AT_ONCE = 3  # messages of one look to one chat; more stories are told as a digest


def owe_alerts(connection: Connection, settings: Settings, bot_id: int) -> list[Incoming]:
    """Owe what is to be told by now, and return it as what the bot begins by itself."""
    teller, hours, moment = teller_of(settings), hours_of(settings), now()
    owed: list[Incoming] = []
    places: defaultdict[Destination, FoundStory] = defaultdict(list)
    for watch, alert in stored.due_alerts(connection, teller):
        access = access_of(connection, bot_id, watch.user_id)
        if not may_ask(settings, watch.user_id, watch.place.chat_id, access, in_group=watch.place.chat_id < 0):
            stored.mark_told(connection, [alert], None)
        elif (start := hours.not_before(watch, alert.due_at, moment)) > moment:
            stored.delay(connection, [alert], start)
        else:
            places[watch.place].append((watch, alert))
    for place, due in places.items():
        owed += _told_in(connection, settings, bot_id, place, due)
    return owed


def _told_in(
    connection: Connection, settings: Settings, bot_id: int, place: Destination, due: FoundStory
) -> list[Incoming]:
    """Owe what is to be told in a chat; what was told there for another watch is joined to that message."""
    teller, most = teller_of(settings), settings.telegram_alerts_per_day
    told = stored.told_alerts(connection, teller, place.chat_id)
    told = [(watch, alert) for watch, alert in told if watch.place == place and alert.part_id]
    new: list[FoundStory] = []
    for story in merged_by_story(due):
        before = told_already(story[0][1], told)
        if before is None:
            new.append(story)
        else:
            stored.mark_told(connection, [alert for _, alert in story], before.part_id)
    times = stored.times_told(connection, teller, place.chat_id)
    if new and len(times) >= most:
        until = hours_of(settings).after_quiet(times[most - 1] + DAY)
        stored.delay(connection, [alert for story in new for _, alert in story], until)
        return []
    left = most - len(times)
    return [_owed(connection, bot_id, place, message) for message in _messages(new, left)[:left]]


def _owed(connection: Connection, bot_id: int, place: Destination, stories: Sequence[FoundStory]) -> Incoming:
    """Owe one message with some stories, and note that it tells them."""
    people = {watch.user_id for story in stories for watch, _ in story}
    opened = inbox.open_own(connection, bot_id, KIND, place.chat_id, people.pop() if len(people) == 1 else None)
    (part,) = outbox.owe(connection, opened.update_id, place, [draft_of(message_of(stories), WATCH_KEY)])
    stored.mark_told(connection, [alert for story in stories for _, alert in story], part)
    return opened


def _messages(stories: Sequence[FoundStory], left: int) -> list[list[FoundStory]]:
    """Return which stories share a message: each its own, or as many as fit where they are many or told once a day."""
    at_once = [story for story in stories if any(watch.hour is None for watch, _ in story)]
    if len(at_once) > min(MOST_AT_ONCE, left):
        at_once = []
    messages = [[story] for story in at_once]
    gathered = [story for story in stories if story not in at_once]
    while gathered:
        fit = count_fitting([_shown(story) for story in gathered], _language(gathered))
        messages.append(gathered[:fit])
        gathered = gathered[fit:]
    return messages


def message_of(stories: Sequence[FoundStory]) -> Message:
    """Return the message that tells some stories, as they stand by now."""
    return alert_message([_shown(story) for story in stories], _language(stories))


def _language(stories: Sequence[FoundStory]) -> Language:
    return stories[0][0][0].language


def _shown(story: FoundStory) -> AlertedStory:
    """Return a story as it is shown: by the quote of the first alert, with all that is watched."""
    watches = {watch.watch_id: watch.text for watch, _ in story}
    first = story[0][1]
    texts = tuple(dict.fromkeys(watches.values()))  # in a group, two people may watch the same
    return AlertedStory(texts, tuple(watches), citation_of(first.body), first.body["label"])
