from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import threading

import httpx
import pytest
from support.servers.web import Visit, WebServer, fails, gives, hangs, redirects

from retrieval.connectors.web import Limits, _certificates, _CheckedTransport, checked, fetch
from retrieval.errors import FetchError

KINDS = {"text/html", "text/plain"}
NEAR = Limits(seconds=5, size=10_000, allow_private=True)


def test_page_comes_as_it_was_sent(web: WebServer) -> None:
    web.pages["/a"] = gives("نص".encode("cp1256"), "text/html; charset=windows-1256", ETag='"1"', Last_Modified="then")
    page = fetch(web.url("/a#top"), NEAR, KINDS)
    assert (page.url, page.kind, page.charset) == (web.url("/a"), "text/html", "windows-1256")
    assert (page.data.decode("cp1256"), page.etag, page.modified) == ("نص", '"1"', "then")


def test_visitor_says_who_it_is(web: WebServer) -> None:
    web.pages["/a"] = gives("a")
    fetch(web.url("/a", "localhost"), NEAR, KINDS)
    (visit,) = web.visits
    assert visit.headers["User-Agent"].startswith("Sanad/")
    assert visit.headers["Host"] == f"localhost:{web.server_port}"


@pytest.mark.parametrize(
    "host",
    (
        "127.0.0.1 localhost [::1] [::ffff:127.0.0.1] 10.0.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 [::] "
        "224.0.0.1 [fe80::1] [fd00::1] [64:ff9b::7f00:1] [2002:7f00:1::1]"
    ).split(),
)
def test_address_that_is_not_public_is_refused(host: str, web: WebServer) -> None:
    with pytest.raises(FetchError, match="SANAD_ALLOW_PRIVATE_ADDRESSES"):
        fetch(f"http://{host}:{web.server_port}/a", Limits(seconds=5), KINDS)
    assert not web.visits


def test_name_that_also_means_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, 80)) for text in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(FetchError, match=r"10\.0\.0\.1"):
        fetch("http://example.org/a", Limits(), KINDS)


def test_name_is_looked_up_once_and_its_answer_is_what_is_connected_to(
    web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.pages["/a"] = gives("first")
    answers = iter(["127.0.0.1", "10.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", (next(answers), 80))])
    assert fetch(web.url("/a", "rebinding.example"), NEAR, KINDS).data == b"first"
    assert next(answers) == "10.0.0.1"


def test_second_address_serves_where_the_first_does_not(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    web.pages["/a"] = gives("second")
    rows = [(2, 1, 6, "", (text, 80)) for text in ("127.0.0.2", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    assert fetch(web.url("/a", "two.example"), NEAR, KINDS).data == b"second"


def test_connection_serves_one_request_and_never_another_name(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    web.keeps_alive = True
    web.pages["/a"] = gives("a")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", 80))])

    async def visit() -> None:
        async with httpx.AsyncClient(transport=_CheckedTransport(allow_private=True)) as client:
            for host in ("one.example", "two.example", "two.example"):
                assert (await client.get(web.url("/a", host))).text == "a"

    asyncio.run(visit())
    assert len({visit.client_address for visit in web.visits}) == 3


def test_redirect_is_followed_by_another_connection(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    web.keeps_alive = True
    web.pages |= {"/a": redirects(web.url("/b", "two.example")), "/b": redirects("/c"), "/c": gives("c")}
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", 80))])
    assert fetch(web.url("/a", "one.example"), NEAR, KINDS).data == b"c"
    assert [visit.headers["Host"].partition(":")[0] for visit in web.visits] == ["one.example", *["two.example"] * 2]
    assert len({visit.client_address for visit in web.visits}) == 3


def test_certificate_is_asked_for_by_name_and_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []

    def listen() -> None:
        with listening.accept()[0] as connection:
            heard.append(connection.recv(4096))

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        thread = threading.Thread(target=listen)
        thread.start()
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", port))])
        with pytest.raises(FetchError, match="cannot be reached"):
            fetch(f"https://news.example:{port}/", NEAR, KINDS)
        thread.join()
    assert b"news.example" in heard[0]
    assert (_certificates().check_hostname, _certificates().verify_mode) == (True, ssl.CERT_REQUIRED)


def test_redirect_is_followed_and_named(web: WebServer) -> None:
    web.pages |= {"/old": redirects("/new", 301), "/soon": redirects("/new"), "/new": gives("a")}
    moved, lent = (fetch(web.url(path), NEAR, KINDS) for path in ("/old", "/soon"))
    assert (moved.url, moved.moved, lent.moved) == (web.url("/new"), True, False)


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("file:///etc/passwd", "only http: and https: are fetched"),
        ("ftp://127.0.0.1/a", "only http: and https: are fetched"),
        ("/again", "redirects more than 5 times"),
        ("http://[::z]/", "cannot be reached"),
    ],
)
def test_redirect_is_checked_as_the_first_address_is(web: WebServer, to: str, said: str) -> None:
    web.pages["/again"] = redirects(to)
    with pytest.raises(FetchError, match=said):
        fetch(web.url("/again"), NEAR, KINDS)
    assert len(web.visits) <= 6


def test_body_of_a_redirect_is_not_read(web: WebServer) -> None:
    def endless(visit: Visit) -> None:
        visit.send_response(302)
        visit.send_header("Location", "/b")
        visit.end_headers()
        while True:
            visit.wfile.write(b"a" * 5_000)

    web.pages |= {"/a": endless, "/b": gives("b")}
    assert fetch(web.url("/a"), NEAR, KINDS).data == b"b"


def test_redirect_to_a_private_address_is_refused(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    web.pages["/a"] = redirects("http://10.0.0.1/secret")
    monkeypatch.setattr("retrieval.connectors.addresses.is_public", lambda address: str(address) == "127.0.0.1")
    with pytest.raises(FetchError, match=r"10\.0\.0\.1"):
        fetch(web.url("/a"), Limits(seconds=5), KINDS)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:///etc/passwd", "only http: and https: are fetched"),
        ("example.org/a", "only http: and https: are fetched"),
        ("http://", "names no host"),
        ("http://me:secret@example.org/", "a name or a password"),
        ("http://example.org/" + "a" * 3000, "too long"),
        ("http://[::z]/", "is no address"),
        ("http://a\x00b/", "is no address"),
        ("http://example.org/\udcff", "is no address"),
        ("http://xn--/", "is no address"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str, said: str) -> None:
    with pytest.raises(FetchError, match=said) as raised:
        checked(url)
    assert "secret" not in str(raised.value)


def test_large_page_is_refused_by_what_it_declares_and_by_what_it_sends(web: WebServer) -> None:
    def endless(visit: Visit) -> None:
        visit.send_response(200)
        visit.end_headers()
        while True:
            visit.wfile.write(b"a" * 5_000)

    web.pages |= {"/declared": gives(b"a" * 10_001), "/endless": endless}
    for path in web.pages:
        with pytest.raises(FetchError, match=r"larger than 0\.0095"):
            fetch(web.url(path), NEAR, KINDS)


def test_packed_page_is_unpacked_and_bounded(web: WebServer) -> None:
    def packed(data: bytes, name: str = "gzip") -> None:
        web.pages["/a"] = gives(data, Content_Encoding=name)

    packed(gzip.compress(b"a" * 9_000))
    assert fetch(web.url("/a"), NEAR, KINDS).data == b"a" * 9_000
    for data, name, said in (
        (gzip.compress(b"a" * 10_000_000), "gzip", "larger"),
        (gzip.compress(b"a" * 9_000)[:-9], "gzip", "broke off"),
        (b"no gzip", "gzip", "cannot be unpacked"),
        (b"a", "br", "was not asked for"),
    ):
        packed(data, name)
        with pytest.raises(FetchError, match=said):
            fetch(web.url("/a"), NEAR, KINDS)


def test_kind_that_is_not_taken_is_refused(web: WebServer) -> None:
    web.pages["/a"] = gives(b"GIF89a", "image/gif")
    with pytest.raises(FetchError, match="is image/gif, which is not read"):
        fetch(web.url("/a"), NEAR, KINDS)
    web.pages["/a"] = gives(b"<rss/>", "application/rss+xml")
    with pytest.raises(FetchError, match="for a feed: sanad feed add URL"):
        fetch(web.url("/a"), NEAR, KINDS)


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nabc",
    ],
)
def test_server_that_stops_is_left_in_time(web: WebServer, start: bytes) -> None:
    web.pages["/a"] = hangs(start)
    with pytest.raises(FetchError, match=r"not there whole after 0\.3 seconds"):
        fetch(web.url("/a"), Limits(seconds=0.3, allow_private=True), KINDS)


def test_look_up_of_a_name_counts_within_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    given_up: list[bool] = []

    def slow(*_: object, **__: object) -> object:
        given_up.append(not over.wait(30))
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(FetchError, match=r"not there whole after 0\.3 seconds"):
        fetch("http://slow.example/a", Limits(seconds=0.3), KINDS)
    assert given_up == []  # nobody has waited for it
    over.set()


def test_page_cut_short_is_no_page(web: WebServer) -> None:
    web.pages["/a"] = lambda visit: visit.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")  # type: ignore[func-returns-value]
    with pytest.raises(FetchError, match="cannot be reached"):
        fetch(web.url("/a"), NEAR, KINDS)


@pytest.mark.parametrize(
    ("header", "wait"), [({"Retry_After": "90"}, 90.0), ({"Retry_After": "soon"}, None), ({}, None)]
)
def test_refusal_names_the_status_and_how_long_to_wait(
    web: WebServer, header: dict[str, str], wait: float | None
) -> None:
    web.pages["/a"] = fails(429, **header)
    with pytest.raises(FetchError, match="HTTP 429, too many requests") as raised:
        fetch(web.url("/a"), NEAR, KINDS)
    assert (raised.value.status, raised.value.wait) == (429, wait)


def test_nothing_new_is_no_failure(web: WebServer) -> None:
    web.pages["/a"] = fails(304)
    assert not fetch(web.url("/a"), NEAR, KINDS, {"If-None-Match": '"1"'}).is_new
    assert web.visits[0].headers["If-None-Match"] == '"1"'


def test_closed_door_is_said_to_be_one() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(FetchError, match="cannot be reached"):
            fetch(f"http://127.0.0.1:{free.getsockname()[1]}/", NEAR, KINDS)


def test_proxies_of_the_environment_are_not_used(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://10.0.0.1:1")
    web.pages["/a"] = gives("a")
    assert fetch(web.url("/a"), NEAR, KINDS).data == b"a"
