"""Which addresses may be reached, and connections that reach no others."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import httpcore

from domain.errors import InvalidInput

IpAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
IsAllowed: TypeAlias = Callable[[IpAddress], bool]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Addresses that stand for an IPv4 address. Source: RFC 6052."""


def is_public(address: IpAddress) -> bool:
    """Whether an address is of the public internet: not private, loopback, link-local, multicast or reserved.

    IPv6 addresses that stand for an IPv4 one are not public, because where they lead depends on the network;
    of those that map one it counts what they map.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.sixtofour is not None or address.teredo is not None or address in _NAT64:
            return False
    return address.is_global and not address.is_multicast


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves a host, checks its addresses, and connects to one of those that it has checked.

    So a name that leads elsewhere a moment later does not matter. TLS still checks the name.
    """

    def __init__(self, is_allowed: IsAllowed = is_public) -> None:
        self._is_allowed = is_allowed
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises InvalidInput where an address of the host is not allowed."""
        addresses = await self._addresses(host, port)
        for address in addresses:
            if not self._is_allowed(address):
                raise InvalidInput(
                    "url", f"{host} is not on the public internet", reason="ADDRESS_NOT_PUBLIC"
                )
        for address in addresses[:-1]:
            try:
                return await self._network.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(
            str(addresses[-1]), port, timeout, local_address, socket_options
        )

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[IpAddress]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise httpcore.ConnectError(f"{host} has no address") from None
        texts = dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)
        return [ipaddress.ip_address(text) for text in texts]
