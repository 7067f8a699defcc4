from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from bot.operations import logs

TOKEN = "123456789:AAExample_token-abcdefghijklmnopqrs"
SECRET = "webhook-secret"


@pytest.fixture(autouse=True)
def _root_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in logs.QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_token_is_logged(form: logs.Format, capsys: pytest.CaptureFixture[str]) -> None:
    logs.start_logging((SECRET,), form)
    try:
        raise ConnectionError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ConnectionError:
        logging.getLogger("bot").exception("Failed with %s and %s", TOKEN, SECRET)
    logging.getLogger("httpx").info("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    said = capsys.readouterr().err
    assert "Failed with … and …" in said
    assert TOKEN.partition(":")[2] not in said
    assert SECRET not in said


def test_json_is_one_object_a_line_with_its_request(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start_logging(form="json")
    with logs.request("u42"):
        logging.getLogger("bot").info("سؤال\nجديد")
    logging.getLogger("bot").info("after")
    first, second = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (first["request"], first["message"], first["level"], first["logger"]) == ("u42", "سؤال\nجديد", "INFO", "bot")
    assert second["request"] == "-"


def test_levels_below_the_chosen_one_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start_logging(level="warning")
    logging.getLogger("bot").info("quiet")
    logging.getLogger("bot").warning("loud")
    said = capsys.readouterr().err
    assert "loud" in said
    assert "quiet" not in said
