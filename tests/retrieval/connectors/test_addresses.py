"""Which addresses are of the open internet: the bounds of each range that is not, whatever Python takes it for."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address, ip_network

import pytest

from retrieval.connectors.addresses import addresses_of, is_public
from retrieval.errors import FetchError

NOT_PUBLIC = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
    *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
    *("224.0.0.0/4", "240.0.0.0/4"),
    "::/96",  # the unspecified one, loopback, and IPv4-compatible, withdrawn
    "::ffff:0:0:0/96",  # IPv4-translated
    "64:ff9b:1::/48",  # NAT64 of one network
    "100::/64",  # thrown away
    "2001::/32",  # Teredo
    "2001:2::/48",  # benchmarks
    "2001:10::/28",  # ORCHID, withdrawn
    "2001:20::/28",  # ORCHID
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4
    "3ffe::/16",  # the 6bone
    "3fff::/20",  # documentation
    "5f00::/16",  # segment routing
    "fc00::/7",  # of one site
    "fe80::/10",  # of one link
    "fec0::/10",  # of one site, withdrawn
    "ff00::/8",  # multicast
    "4000::/2",  # given out to nobody
    "8000::/1",  # the same, and all of the ranges that begin with f
]
PUBLIC = [
    *("1.1.1.1", "9.255.255.255", "11.0.0.0", "93.184.216.34", "100.63.255.255", "100.128.0.0", "126.255.255.255"),
    *("128.0.0.0", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.255.255"),
    *("192.169.0.0", "198.17.255.255", "198.20.0.0", "203.0.114.0", "223.255.255.255"),
    *("2001:200::", "2001:4860:4860::8888", "2606:2800:220:1::1", "2620:fe::fe", "2a00:1450::1", "3fff:1000::"),
]


@pytest.mark.parametrize("network", NOT_PUBLIC)
def test_no_address_of_a_special_range_is_public(network: str) -> None:
    first, last = ip_network(network)[0], ip_network(network)[-1]
    assert not is_public(first)
    assert not is_public(last)
    assert not is_public(ip_network(network)[1])


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_beside_them_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("around", ["::ffff:{}", "64:ff9b::{}"])
def test_what_stands_for_another_address_is_judged_by_that(around: str) -> None:
    for network in (network for network in NOT_PUBLIC if ":" not in network):
        assert not is_public(ip_address(around.format(ip_network(network)[1])))
    for address in (address for address in PUBLIC if ":" not in address):
        assert is_public(ip_address(around.format(address)))


@pytest.mark.parametrize("around", ["::{}", "::ffff:0:{}", "64:ff9b:1::{}"])
def test_what_carries_another_address_through_a_tunnel_is_not_public(around: str) -> None:
    assert not is_public(ip_address(around.format("93.184.216.34")))


@pytest.mark.parametrize("address", ["fe80::1%eth0", "fe80::1%1", "2606:2800:220:1::1%eth0"])
def test_address_of_one_link_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["fec0::1", "fe80::1%eth0", "2002:5db8:d822::1", "3fff::1"])
def test_name_that_means_such_an_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 80, 0, 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(FetchError, match="is no public address"):
        asyncio.run(addresses_of("example.org", 80, allow_private=False))
    assert asyncio.run(addresses_of("example.org", 80, allow_private=True)) == [address.partition("%")[0]]
