"""Addresses that imports may reach."""

from __future__ import annotations

import asyncio
import ipaddress

import httpcore
import pytest

from domain.errors import InvalidInput
from services.catalog.web.addresses import CheckedNetwork, IpAddress, is_public

PRIVATE = (
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
    *(
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
    ),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "2001:0:1::1"),
)


@pytest.mark.parametrize("text", PRIVATE)
def test_addresses_that_are_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14"])
def test_public_addresses(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0177.0.0.1", "2130706433", "0x7f000001"])
async def test_loopback_is_refused_however_it_is_written(host: str) -> None:
    """The port is one where nobody listens: a connection would fail in another way."""
    with pytest.raises((InvalidInput, httpcore.ConnectError)) as refused:
        await CheckedNetwork().connect_tcp(host, 9)
    assert "Connection refused" not in str(refused.value)


async def test_the_address_that_was_checked_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that resolves to another address the second time is asked for once."""
    accepted = asyncio.Event()

    async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.set()
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    answers = [["127.0.0.1"], ["127.0.0.2"]]

    async def resolve(host: str, asked_port: int, **_: object) -> list[object]:
        assert host == "shop.example"
        return [(2, 1, 6, "", (text, asked_port)) for text in answers.pop(0)]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    seen: list[IpAddress] = []

    def allow(address: IpAddress) -> bool:
        seen.append(address)
        return True

    stream = await CheckedNetwork(allow).connect_tcp("shop.example", port)
    await accepted.wait()
    await stream.aclose()
    server.close()
    assert [str(address) for address in seen] == ["127.0.0.1"]


async def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolve(_host: str, port: int, **_: object) -> list[object]:
        return [(2, 1, 6, "", (text, port)) for text in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    with pytest.raises(InvalidInput) as refused:
        await CheckedNetwork().connect_tcp("shop.example", 443)
    assert refused.value.reason == "ADDRESS_NOT_PUBLIC"
