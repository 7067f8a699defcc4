"""What a person's erasure takes of their access, and what it leaves."""

from __future__ import annotations

from functools import partial
from typing import get_args

import pytest

from bot.storage.access import Decision, access_of, ask_for_access, decide_access
from bot.storage.database import Database
from bot.storage.erasure import erase_person

BOT, OTHER_BOT = 1, 2


def test_request_to_be_let_in_is_erased_with_whoever_asked(database: Database) -> None:
    for bot in (BOT, OTHER_BOT):
        for person in (5, 6):
            assert database.work(partial(ask_for_access, bot_id=bot, user_id=person))
    database.work(partial(erase_person, user_id=5, but=0))
    for bot in (BOT, OTHER_BOT):
        assert database.work(partial(access_of, bot_id=bot, user_id=5)) is None
        assert database.work(partial(access_of, bot_id=bot, user_id=6)) == "asked"


@pytest.mark.parametrize("decision", get_args(Decision))
def test_decision_of_an_admin_outlives_an_erasure(database: Database, decision: Decision) -> None:
    database.work(partial(decide_access, bot_id=BOT, user_id=5, decision=decision))
    database.work(partial(erase_person, user_id=5, but=0))
    assert database.work(partial(access_of, bot_id=BOT, user_id=5)) == decision
