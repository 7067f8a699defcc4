"""Which network addresses a page may be fetched from: public ones, unless the operator allows more."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from retrieval.errors import FetchError

# What is no address of the open internet, by IANA's registries of special-purpose addresses (RFC 6890). Python's
# `is_global` knows them too, but each patch release by another list, and passes what was withdrawn, as fec0::/10.
_NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",
            "100.64.0.0/10",  # behind a provider's address translation
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local; clouds have their secrets there
            "172.16.0.0/12",
            "192.0.0.0/24",  # protocols
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays, withdrawn
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_UNICAST_6 = IPv6Network("2000::/3")  # all that IANA gives out; what is outside is of this machine, link or site
_NOT_PUBLIC_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols, Teredo among them, which carries an IPv4 address through any wall
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, which carries one too
            "3ffe::/16",  # the 6bone, withdrawn
            "3fff::/20",  # documentation
        ),
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is one of the open internet; one that stands for an IPv4 address is judged by that.

    >>> [is_public(ip_address(text)) for text in ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822")]
    [True, True, True]
    >>> [is_public(ip_address(text)) for text in ("127.0.0.1", "100.64.0.1", "::ffff:10.0.0.1", "fec0::1", "224.0.0.1")]
    [False, False, False, False, False]
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id is not None:  # it counts on one link of this machine
        return False
    if address.ipv4_mapped:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and address in _UNICAST_6 and not any(address in network for network in _NOT_PUBLIC_6)


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
