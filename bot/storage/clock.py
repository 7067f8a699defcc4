"""The time by which ages are counted: Telegram's, where this machine's clock is wrong.

Messages carry Telegram's time. A clock that is an hour ahead would take each for an hour old, and keep it from being
answered; one that is years ahead would have everything deleted as too old.
"""

from __future__ import annotations

import logging
import time
from email.utils import parsedate_to_datetime

log = logging.getLogger(__name__)

TOLERANCE = 30.0  # seconds; a header has whole ones, and answers take some on their way


class _Clock:
    """This machine's clock, put right by the `Date` of answers."""

    def __init__(self) -> None:
        """Trust the machine until an answer says otherwise."""
        self._correction = 0.0

    def now(self) -> float:
        """Return the time, in seconds since 1970."""
        return time.time() + self._correction

    def correct(self, date: str) -> None:
        """Correct the clock by the `Date` header of an answer that has just come; one that says nothing is ignored."""
        try:
            behind = parsedate_to_datetime(date).timestamp() - time.time()
        except (OverflowError, TypeError, ValueError):
            return
        correction = behind if abs(behind) > TOLERANCE else 0.0
        if abs(correction - self._correction) <= TOLERANCE:
            return
        self._correction = correction
        if correction:
            which = "behind" if correction > 0 else "ahead of"
            log.warning(
                "This machine's clock is %.0f s %s Telegram's; ages are counted by Telegram's.", abs(correction), which
            )
        else:
            log.info("This machine's clock is right again.")


CLOCK = _Clock()  # of the process: times that are written down must all be of one clock
