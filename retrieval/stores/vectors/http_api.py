"""One connection to a Chroma server, through Chroma's own client: with time-outs, and with failures told apart.

The client itself waits for ever, and raises a bare `Exception` with whatever text a proxy in front of the server
has sent; what a refusal says is left out here, as it may repeat the token.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.api.fastapi import FastAPI
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings, System

from retrieval.concurrency.clients import EndableClient
from retrieval.concurrency.threads import Calls

_CONNECTING = 2.0  # seconds
ANSWERING = 5.0  # seconds, for a search and whatever else is quick
WORKING = 60.0  # seconds, for the writing and reading of many vectors
PAGE = 100  # collections listed at once
OLDEST = 1  # major version of a server; those before keep their graphs otherwise and know other settings
CLOUD = "trychroma.com"
_GRAPH: CreateHNSWConfiguration = {"space": "cosine", "max_neighbors": 32}  # as in the data folder


class RefusedError(Exception):
    """The server has answered with an HTTP status that is no success."""

    def __init__(self, status: int) -> None:
        """Take the status."""
        super().__init__(f"HTTP {status}")
        self.status = status


class NotChromaError(Exception):
    """Something answers, and it is no Chroma server that can be used; the text says what it is."""


class UnknownPlaceError(Exception):
    """The server has no such tenant or database, or leaves open which; `setting` names what to set."""

    def __init__(self, setting: str, named: str) -> None:
        """Take the setting, and what it names or would be."""
        super().__init__(named)
        self.setting = setting
        self.named = named


class _Api(FastAPI):
    """Chroma's client of its HTTP interface, which by itself has no time-outs, and cannot be ended."""

    def ask_among(self, calls: Calls) -> None:
        """Make requests among some calls from now on, in bounded time."""
        headers = self._session.headers
        self._session.close()
        hooks = {"request": [_limit], "response": [_check]}
        self._session = EndableClient(calls, headers=headers, event_hooks=hooks)

    def end_session(self) -> None:
        """Close all connections, which stopping leaves open."""
        self._session.close()


def _limit(request: httpx.Request) -> None:
    path = request.url.path
    works = request.method == "DELETE" or path.endswith(("/upsert", "/get"))
    request.extensions["timeout"] = httpx.Timeout(WORKING if works else ANSWERING, connect=_CONNECTING).as_dict()


def _check(response: httpx.Response) -> None:
    if not response.is_success:
        raise RefusedError(response.status_code)


@contextmanager
def _naming(setting: str, named: str) -> Iterator[None]:
    """Say which setting names what the server does not have."""
    try:
        yield
    except RefusedError as error:
        if error.status != 404:
            raise
        raise UnknownPlaceError(setting, named) from None


class Connection:
    """A tenant's database on a Chroma server, usable from several threads."""

    def __init__(self, url: str, token: str, tenant: str, database: str, calls: Calls) -> None:
        """Connect; an empty tenant or database is the one that the token is for. All requests are among the calls.

        Raises:
            EndedError: they were ended.
            httpx.TransportError: nothing answers.
            RefusedError: it does not let us in.
            NotChromaError: it is no Chroma server, or too old a one.
            UnknownPlaceError: there is no such tenant or database.
        """
        self._system = System(
            Settings(
                chroma_api_impl="chromadb.api.fastapi.FastAPI",
                chroma_server_host=url,
                chroma_server_http_port=443,  # the address has its own
                chroma_server_headers=_headers(url, token),
                anonymized_telemetry=False,
            )
        )
        self._api = self._system.instance(_Api)
        self._api.ask_among(calls)
        self._system.start()
        try:
            self.version = self._checked_version()
            self.tenant, self.database = self._checked_place(tenant, database)
        except BaseException:
            self.close()
            raise

    def _checked_version(self) -> str:
        try:
            self._api.heartbeat()
            version = str(self._api.get_version())
        except RefusedError as error:
            if error.status in {404, 405, 410, 501}:
                raise NotChromaError("no Chroma server of version 1 or later") from None
            raise
        except (ValueError, LookupError, TypeError, AttributeError) as error:  # a page, or other JSON
            raise NotChromaError("no Chroma server") from error
        if not version.partition(".")[0].isdecimal() or int(version.partition(".")[0]) < OLDEST:
            raise NotChromaError(f"a Chroma server of version {version[:20]}, and {OLDEST}.0 is needed")
        return version

    def _checked_place(self, tenant: str, database: str) -> tuple[str, str]:
        identity = self._api.get_user_identity()
        named = tenant or identity.tenant or ""
        known = identity.databases or []
        if not named or named == "*":
            raise UnknownPlaceError("SANAD_CHROMA_TENANT", "")
        if not database and (len(known) != 1 or known[0] == "*"):
            raise UnknownPlaceError("SANAD_CHROMA_DATABASE", "")
        place = named, database or known[0]
        with _naming("SANAD_CHROMA_TENANT", place[0]):
            self._api.get_tenant(place[0])
        with _naming("SANAD_CHROMA_DATABASE", place[1]):
            self._api.get_database(place[1], place[0])
        return place

    def close(self) -> None:
        """Close the connection."""
        self._system.stop()
        self._api.end_session()

    def names(self) -> list[str]:
        """Return the names of all collections in the database."""
        names: list[str] = []
        while True:
            page = self._api.list_collections(PAGE, len(names), tenant=self.tenant, database=self.database)
            names += [model.name for model in page]
            if len(page) < PAGE:
                return names

    def collection(self, name: str) -> Collection:
        """Return a collection."""
        model = self._api.get_collection(name, tenant=self.tenant, database=self.database)
        return Collection(self._api, model, embedding_function=None)

    def create(self, name: str) -> Collection:
        """Make a collection, in place of one by that name."""
        try:
            return self._create(name)
        except RefusedError as error:
            if error.status != 409:
                raise
        self.delete(name)
        return self._create(name)

    def _create(self, name: str) -> Collection:
        model = self._api.create_collection(
            name, configuration={"hnsw": _GRAPH}, tenant=self.tenant, database=self.database
        )
        return Collection(self._api, model, embedding_function=None)

    def delete(self, name: str) -> None:
        """Delete a collection."""
        self._api.delete_collection(name, tenant=self.tenant, database=self.database)


def _headers(url: str, token: str) -> dict[str, str]:
    """Return what a token is sent as: Chroma's cloud has a header of its own, others take the usual one."""
    if not token:
        return {}
    host = httpx.URL(url).host
    if host == CLOUD or host.endswith(f".{CLOUD}"):
        return {"X-Chroma-Token": token}
    return {"Authorization": f"Bearer {token}"}
