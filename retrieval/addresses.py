"""Which network addresses a page may be fetched from: public ones, unless the operator allows more."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from retrieval.errors import FetchError

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is one of the open internet; one that carries another is judged by that one.

    >>> [is_public(ip_address(text)) for text in ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822")]
    [True, True, True]
    >>> [is_public(ip_address(text)) for text in ("127.0.0.1", "100.64.0.1", "::ffff:10.0.0.1", "fe80::1", "224.0.0.1")]
    [False, False, False, False, False]
    """
    if isinstance(address, IPv6Address):
        carried = _carried(address)
        if carried:
            return all(is_public(inner) for inner in carried)
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _carried(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses that stand in an IPv6 address: mapped, 6to4, Teredo or NAT64."""
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    return (IPv4Address(int(address) & 0xFFFFFFFF),) if address in _NAT64 else ()


async def addresses_of(host: str, port: int, allow_private: bool) -> list[str]:
    """Return the addresses of a host, each fit to connect to; a caller connects to these and looks up no more.

    Raises:
        FetchError: there is none, or one is not public and none but public ones are allowed.
    """
    try:
        found = [ip_address(host)]
    except ValueError:
        found = await _look_up(host, port)
    private = [address for address in found if not is_public(address)]
    if private and not allow_private:
        raise FetchError(
            f"leads to {private[0]}, which is no public address; to fetch from this machine or its network, "
            "set SANAD_ALLOW_PRIVATE_ADDRESSES=true"
        )
    return [str(address) for address in found]


async def _look_up(host: str, port: int) -> list[IPv4Address | IPv6Address]:
    try:
        rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"cannot be reached: no address is known for {host}; check the spelling") from error
    return [ip_address(str(text).partition("%")[0]) for text in dict.fromkeys(row[4][0] for row in rows)]
