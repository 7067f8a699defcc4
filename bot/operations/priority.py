"""Who goes first where a machine is busy: whoever waits for an answer, before a process that only indexes."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

NICENESS = 10  # what nice(1) takes too by default: about a tenth of the share of a thread that was not told to


def give_way() -> None:
    """Let other processes go before this thread and the threads that it will start; it cannot be taken back.

    Not for a thread beside one that answers questions: Python's lock would stay with the slow one. Linux alone counts
    niceness by thread; elsewhere nothing happens.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # forbidden here: then all are equals
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, max(os.getpriority(os.PRIO_PROCESS, thread), NICENESS))
