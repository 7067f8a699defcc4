"""When what was found for a watch is told, pure: at once, after the quiet hours, or at an hour of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.storage.watches import Watch


@dataclass(frozen=True, slots=True)
class TellingHours:
    """The hours of the day between which nobody is told, and the zone whose clock counts; None for this machine's."""

    quiet: tuple[int, int] | None  # from, until: hours, 0 to 23
    zone: ZoneInfo | None

    @classmethod
    def of(cls, quiet: str, zone: str) -> TellingHours:
        """Return what settings say.

        >>> TellingHours.of("22-7", "Asia/Beirut").quiet, TellingHours.of("", "").quiet
        ((22, 7), None)
        """
        first, _, last = quiet.partition("-")
        return cls((int(first), int(last)) if quiet else None, ZoneInfo(zone) if zone else None)

    @property
    def zone_name(self) -> str:
        """Return what to call the zone."""
        return str(self.zone) if self.zone else datetime.now().astimezone().tzname() or ""

    def due_at(self, watch: Watch, found_at: float) -> float:
        """Return when what is found at a time is told, in seconds since 1970."""
        if watch.hour is not None:
            return self._next(watch.hour, found_at)
        return found_at if watch.at_night else self.after_quiet(found_at)

    def not_before(self, watch: Watch, due_at: float, time: float) -> float:
        """Return from when on what is due is told, at a time: late, it waits for the end of the quiet hours.

        What was to be told in the quiet hours, by the watch's own hour or by night, is told in them.
        """
        is_wanted = watch.hour is not None and self.after_quiet(due_at) != due_at
        return time if watch.at_night or is_wanted else self.after_quiet(time)

    def after_quiet(self, time: float) -> float:
        """Return a time as it is, or the end of the quiet hours that it is in."""
        if self.quiet is None:
            return time
        first, last = self.quiet
        hour = datetime.fromtimestamp(time, self.zone).hour
        is_quiet = first <= hour < last if first <= last else hour >= first or hour < last
        return self._next(last, time) if is_quiet else time

    def _next(self, hour: int, time: float) -> float:
        """Return the next time after one at which the clock shows a full hour."""
        now = datetime.fromtimestamp(time, self.zone)
        at = now.replace(hour=hour, minute=0, second=0, microsecond=0)
        return (at if at > now else at + timedelta(days=1)).timestamp()
