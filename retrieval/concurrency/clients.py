"""An HTTP client whose requests can be ended from another thread, however silent the server is."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx

from retrieval.concurrency.threads import Calls


class EndableClient(httpx.Client):
    """httpx's client; a response is read whole, in a thread of its own."""

    def __init__(self, calls: Calls, **options: Any) -> None:
        """Take the calls that the requests are to be among, and the options of httpx."""
        super().__init__(**options)
        self._calls = calls

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Return the response to a request.

        Raises:
            EndedError: the calls were ended.
            httpx.HTTPError: as httpx has it.
        """
        return self._calls.run(partial(super().send, request, **options))
