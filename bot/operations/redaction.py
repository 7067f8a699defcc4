"""What must never be shown: every key and password of the settings, in each form in which a text may hold it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit
from urllib.request import getproxies

from pydantic import BaseModel, SecretStr

HIDDEN = "…"
SECRET_NAME = re.compile(r"pass|pwd|token|secret|key|auth|credential", re.IGNORECASE)
_TOKEN = re.compile(r"(?<!\d)\d{3,}:[A-Za-z0-9_-]{20,}")  # as BotFather gives it
_USERINFO = re.compile(r"(?<=://)[^\s/?#\"'<>]+@")  # a name and a password before a host

_OF_DATABASE = re.compile(r"://[^:/@]*:([^@]*)@")  # where SQLAlchemy lets a password hold / and ?


def secrets_of(settings: BaseModel) -> frozenset[str]:
    """Return every key, and every password in an address, of the settings and of the system's proxies.

    They are found by their type and form, so that a setting to come is covered by itself.
    """
    values = [getattr(settings, name) for name in type(settings).model_fields]
    keys = (value.get_secret_value() for value in values if isinstance(value, SecretStr))
    proxies = (proxy if "://" in proxy else f"http://{proxy}" for proxy in getproxies().values())
    addresses = [*(value for value in values if isinstance(value, str)), *proxies]
    return frozenset(filter(None, (*keys, *(secret for address in addresses for secret in secrets_in(address)))))


def secrets_in(address: str) -> Iterator[str]:
    """Yield what is secret in an address, as it is written there.

    >>> sorted(secrets_in("postgresql://me:s%40fe@host/x?sslpassword=p&sslmode=require"))
    ['p', 's%40fe']
    >>> list(secrets_in("https://t0ken@host/")), list(secrets_in("none")), list(secrets_in("http://host:80/x"))
    (['t0ken'], [], [])
    """
    if "://" not in address:
        return
    try:
        parts = urlsplit(address)
    except ValueError:
        return
    userinfo, at, _ = parts.netloc.rpartition("@")
    name, colon, password = userinfo.partition(":")
    if at:
        yield password if colon else name
    elif not parts.scheme.startswith("http") and (found := _OF_DATABASE.search(address)):
        yield found[1]
    yield from (value for key, value in parse_qsl(parts.query) if SECRET_NAME.search(key))


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return what hides secrets in a text, and with them whatever looks like a bot's token or a login in an address.

    >>> redactor(["p@ss"])("at postgresql://me:p%40ss@host: 'p@ss' of 123456:AAE-abcdefghijklmnopqrstuvw")
    "at postgresql://…@host: '…' of …"
    """
    forms = {form for secret in secrets for form in _forms(secret) if form}
    longest_first = sorted(forms, key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def redacted(text: str) -> str:
        hidden = known.sub(HIDDEN, text) if known else text
        return without_logins(without_tokens(hidden))

    return redacted


def without_tokens(text: str) -> str:
    """Return a text in which nothing that looks like a bot's token can be read.

    >>> without_tokens("POST https://api.telegram.org/bot123456:AAE-abcdefghijklmnopqrstuvw/getMe")
    'POST https://api.telegram.org/bot…/getMe'
    """
    return _TOKEN.sub(HIDDEN, text)


def without_logins(text: str) -> str:
    """Return a text in which no address shows a name and a password.

    >>> without_logins("sqlite:///a@b.db and postgresql://me:secret@host/x")
    'sqlite:///a@b.db and postgresql://…@host/x'
    """
    return _USERINFO.sub(f"{HIDDEN}@", text)


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as it is, decoded, as an address has it, and as JSON and Python write it, in a log of JSON too."""
    for plain in {secret, unquote(secret)}:
        in_addresses = {quote(plain, safe=""), quote(plain), quote_plus(plain)}
        in_addresses |= {re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), form) for form in in_addresses}
        for form in {plain, *in_addresses, json.dumps(plain)[1:-1], _in_json(plain), repr(plain)[1:-1]}:
            yield form
            yield _in_json(form)


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
