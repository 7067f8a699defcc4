"""What every test runs in: no network, no settings from outside, an empty folder of its own."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from support.builders.folder import TEXTS, write
from support.servers import postgres
from support.servers.chroma import ChromaServer, Guard, guarding
from support.servers.model import ModelServer, model_server
from support.servers.web import WebServer, web_server

from bot.config.settings import Settings
from bot.config.wiring import open_index
from bot.storage.database import METADATA, Database
from retrieval.answering import suggestions
from retrieval.index.index import Index

FROM_OUTSIDE = (
    *("SANAD_", "OPENAI_", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"),
    *("ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "http_proxy", "https_proxy"),
)

HASHING = ("SANAD_EMBEDDING", "hashing")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and look-up that leaves the machine."""

    def guarded(call: Callable[..., object]) -> Callable[..., object]:
        def checked(own: socket.socket, *arguments: object) -> object:
            if own.family != getattr(socket, "AF_UNIX", None):
                _refuse_unless_loopback(arguments[-1])
            return call(own, *arguments)

        return checked

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))

    look_up = socket.getaddrinfo

    def checked_look_up(host: object, *arguments: object, **named: object) -> object:
        _refuse_unless_loopback((host,))
        return look_up(host, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", checked_look_up)


def _refuse_unless_loopback(address: object) -> None:
    host = address[0] if isinstance(address, tuple) else address
    host = host.decode() if isinstance(host, bytes) else host
    if host in (None, "", "localhost"):
        return
    try:
        is_loopback = ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        pytest.fail(f"A test reached for the network: {host}.")


@pytest.fixture(scope="session", autouse=True)
def _fast_vectors() -> Iterator[None]:
    """Let hashing make the vectors wherever a test does not choose; those of e5 take longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(*HASHING)
        yield


@pytest.fixture(scope="session", autouse=True)
def _patient_suggestions() -> Iterator[None]:
    """Let questions be suggested however busy the machine is; with the bot, a few hundredths of a second are enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suggestions, "MOST_SECONDS", 60.0)
        yield


@pytest.fixture(autouse=True)
def _clean_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run in an empty folder, without the settings and the terminal of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith(FROM_OUTSIDE)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(*HASHING)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))
    monkeypatch.chdir(tmp_path)


ARTICLES = {
    "bridge.txt": (
        "افتتاح جسر النيل الجديد في أسوان\n"
        "المصدر: وكالة الضفة\n"
        "14 مايو 2019\n\n"
        "افتتح وزير النقل كامل الوزير جسر النيل الجديد في أسوان يوم الثلاثاء. "
        "وبلغت كلفة الجسر 340 مليون جنيه، ويبلغ طوله 1800 متر.\n\n"
        "وقال الوزير إن الجسر يختصر زمن الرحلة بين ضفتي النهر إلى عشر دقائق.\n"
    ),
    "harvest.txt": (
        "محصول القمح في سوريا يتراجع بسبب الجفاف\n\n"
        "تراجع محصول القمح في سوريا هذا العام بسبب الجفاف، وفق ما أعلنته وزارة الزراعة في دمشق. "
        "وأوضح مدير الإنتاج أحمد حيدر أن الحصاد لم يتجاوز مليون طن.\n"
    ),
    "talks/sochi.txt": (
        "لقاء روسي أمريكي في سوتشي\n\n"
        "التقى وزير الخارجية الروسي سيرغي لافروف نظيره الأمريكي مايك بومبيو في سوتشي. "
        "وبحث الوزيران الوضع في إدلب وتشكيل اللجنة الدستورية.\n"
    ),
}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Return a folder `seeds` with three small articles, in the folder that the test runs in."""
    folder = tmp_path / "seeds"
    for name, text in ARTICLES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def index(articles: Path) -> Iterator[Index]:
    """Return the index of the three small articles."""
    with open_index(Settings()) as opened:
        opened.refresh(articles)
        yield opened


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """Return a running server that speaks OpenAI's protocol and answers as it is told."""
    with model_server() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Return the URL of a PostgreSQL server of the tests' own."""
    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return an empty database of each kind."""
    url = "sqlite:///conversations.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            METADATA.drop_all(connection)
        engine.dispose()
    with closing(Database(url)) as opened:
        yield opened


@pytest.fixture(scope="session")
def _one_chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    yield server
    server.kill()


@pytest.fixture
def chroma(_one_chroma: ChromaServer) -> ChromaServer:
    """Return the one Chroma server of all tests, started where a test before has killed it."""
    if _one_chroma.process is None:
        _one_chroma.start()
    return _one_chroma


@pytest.fixture
def guard(chroma: ChromaServer) -> Iterator[Guard]:
    """Return what stands before the Chroma server."""
    with guarding(chroma) as guard:
        yield guard


@pytest.fixture
def web() -> Iterator[WebServer]:
    """Return a running web server with no page yet."""
    with web_server() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    for path, text in TEXTS.items():
        write(folder, path, text)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"
