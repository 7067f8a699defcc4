"""Fetch one address of the web, within bounds of time, size, kind and place.

Each connection goes to an address that was checked, also after a redirect: a name is looked up once and never
again, so that it cannot mean another machine a moment later. The environment's proxies are not used, as a
proxy would do the looking up itself, unchecked.
"""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version

import httpx

from retrieval.concurrency.retries import seconds_to_wait
from retrieval.concurrency.threads import run
from retrieval.connectors.addresses import addresses_of
from retrieval.corpus.origins import utc_timestamp
from retrieval.errors import FetchError

XML = {"application/xml", "text/xml", "application/rss+xml", "application/atom+xml"}
LONGEST_URL = 2_000  # code points


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may take."""

    seconds: float = 30.0  # for everything, from the look-up of the name to the last byte
    size: int = 16 * 2**20  # bytes, unpacked
    redirects: int = 5
    allow_private: bool = False  # addresses of this machine and its network


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave."""

    url: str  # the last one, after redirects
    kind: str  # the media type, in small letters; empty where the server names none
    charset: str | None
    data: bytes
    is_new: bool = True  # False where the server says that nothing has changed
    etag: str | None = None
    modified: str | None = None  # the Last-Modified header, as it stands
    moved: bool = False  # for good, by a 301 or 308
    fetched: str = ""  # when, as 2026-11-28T05:40:07Z


def fetch(url: str, limits: Limits, kinds: Collection[str], headers: Mapping[str, str] | None = None) -> Fetched:
    """Return what an address gives; call it from a thread that runs no event loop.

    Args:
        url: An http or https address.
        limits: What the fetch may take.
        kinds: The media types that are taken; what the server does not name is taken too.
        headers: What to send beside the usual headers, as If-None-Match.

    Raises:
        FetchError: it cannot be had; the message is the reason alone, on one line.
    """
    return run(_fetch(checked(url), limits, kinds, headers or {}))


def checked(url: str) -> str:
    """Return an address without white space round it and without its fragment.

    >>> checked(" https://example.org/خبر#top ")
    'https://example.org/%D8%AE%D8%A8%D8%B1'

    Raises:
        FetchError: it is none that can be fetched.
    """
    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchError(f"is no address: {error}") from error
    if len(url) > LONGEST_URL:
        raise FetchError(f"is too long for an address: {len(url)} characters, at most {LONGEST_URL}")
    _check_scheme(parsed)
    if parsed.userinfo:
        raise FetchError("holds a name or a password, which would be written down; leave them out")
    return str(parsed.copy_with(fragment=None))


def _check_scheme(url: httpx.URL) -> None:
    if url.scheme not in ("http", "https"):
        raise FetchError(f"begins with {url.scheme or 'nothing'}:, and only http: and https: are fetched")
    try:
        host = url.host
    except UnicodeError as error:  # a name that begins as an encoded one, and is none
        raise FetchError(f"is no address: {error}") from error
    if not host:
        raise FetchError("names no host; write it in full, as https://example.org/page")


async def _fetch(url: str, limits: Limits, kinds: Collection[str], headers: Mapping[str, str]) -> Fetched:
    own = {
        "User-Agent": f"Sanad/{version('sanad')} (reads articles for a person's archive)",
        "Accept": ", ".join(sorted(kinds)) or "*/*",
        "Accept-Encoding": "gzip",
    }
    client = httpx.AsyncClient(
        transport=_CheckedTransport(limits.allow_private),
        headers={**own, **headers},
        timeout=limits.seconds,
        trust_env=False,
    )
    try:
        async with asyncio.timeout(limits.seconds), client:
            return await _follow(client, url, limits, kinds)
    except (TimeoutError, httpx.TimeoutException) as error:
        raise FetchError(f"was not there whole after {limits.seconds:g} seconds; try again later") from error
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
        raise FetchError(f"cannot be reached: {' '.join(str(error).split()) or type(error).__name__}") from error


async def _follow(client: httpx.AsyncClient, url: str, limits: Limits, kinds: Collection[str]) -> Fetched:
    """Return what stands at the end of the redirects; their bodies, which nothing would bound, are not read."""
    for_good: list[bool] = []
    for _ in range(limits.redirects + 1):
        async with client.stream("GET", url) as response:
            if response.next_request is None:
                page = await _read(response, limits, kinds)
                return replace(page, moved=bool(for_good) and all(for_good))
            url = str(response.next_request.url)
            for_good.append(response.status_code in (httpx.codes.MOVED_PERMANENTLY, httpx.codes.PERMANENT_REDIRECT))
    raise FetchError(f"redirects more than {limits.redirects} times")


class _CheckedTransport(httpx.AsyncBaseTransport):
    """Connects to addresses that were checked, and to no name."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._inner = httpx.AsyncHTTPTransport(
            verify=_certificates(),
            trust_env=False,
            # A connection is known by its address here, which two names may share: each has its own certificate.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the first of its host's addresses that takes it."""
        _check_scheme(request.url)
        host = request.url.raw_host.decode("ascii")
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        failure: httpx.TransportError = httpx.ConnectError("it has no address")
        for address in await addresses_of(host, port, self._allow_private):
            pinned = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,  # Host among them, by name
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},  # the certificate must be the name's
            )
            try:
                return await self._inner.handle_async_request(pinned)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        raise failure

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


@cache
def _certificates() -> ssl.SSLContext:
    """Return the certificates that are trusted; reading them takes longer than many a page."""
    return httpx.create_ssl_context(trust_env=False)


async def _read(response: httpx.Response, limits: Limits, kinds: Collection[str]) -> Fetched:
    url = str(response.url)
    if response.status_code == httpx.codes.NOT_MODIFIED:
        return Fetched(url, "", None, b"", is_new=False)
    if response.status_code != httpx.codes.OK:
        raise _refused(response)
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and kind not in kinds:
        advice = "; for a feed: sanad feed add URL" if kind in XML else ""
        raise FetchError(f"is {kind}, which is not read{advice}")
    return Fetched(
        url,
        kind,
        response.charset_encoding,
        await _body(response, limits.size),
        etag=response.headers.get("etag"),
        modified=response.headers.get("last-modified"),
        fetched=utc_timestamp(),
    )


def _refused(response: httpx.Response) -> FetchError:
    status = response.status_code
    advice = {404: "there is no such page", 410: "it is gone for good", 429: "too many requests"}.get(status)
    said = f"is refused by its server: HTTP {status}" + (f", {advice}" if advice else "")
    wait = seconds_to_wait(response.headers.get("retry-after")) if status in (429, 503) else None
    if wait is not None:
        said += f"; it asks to come again after {wait:.0f} seconds"
    return FetchError(said, status, wait)


async def _body(response: httpx.Response, limit: int) -> bytes:
    """Return the body, unpacked here so that a small one cannot swell beyond the bound."""
    packed = response.headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise FetchError(f"is packed as {packed!r}, which was not asked for")
    unpacker = None if packed in ("identity", "") else zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    declared = response.headers.get("content-length", "")
    data = bytearray()
    _check_size(int(declared) if declared.isascii() and declared.isdigit() and not unpacker else 0, limit)
    async for chunk in response.aiter_raw():
        try:
            data += unpacker.decompress(chunk, limit + 1 - len(data)) if unpacker else chunk
        except zlib.error as error:
            raise FetchError("is packed in a way that cannot be unpacked") from error
        _check_size(len(data), limit)
    if unpacker and data and not unpacker.eof:
        raise FetchError("broke off before its end; try again")
    return bytes(data)


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise FetchError(f"is larger than {limit / 2**20:g} MiB")
