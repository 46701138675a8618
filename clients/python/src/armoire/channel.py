"""How channels to a server are opened."""

from __future__ import annotations

import ipaddress
import json
import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

DEFAULT_ADDRESS = "127.0.0.1:50051"
ADDRESS_VARIABLE = "ARMOIRE_ADDRESS"
KEY_VARIABLE, KEY_FILE_VARIABLE = "ARMOIRE_API_KEY", "ARMOIRE_API_KEY_FILE"
CA_VARIABLE = "ARMOIRE_CA_FILE"
END_USER_KEY, MAX_END_USER_CHARS = "armoire-end-user", 128
MAX_MESSAGE_BYTES = 32 * 2**20
"""The server's default."""


def server_address(address: str | None = None) -> str:
    """The address given, else that of the environment, else the default one."""
    return address or os.environ.get(ADDRESS_VARIABLE) or DEFAULT_ADDRESS


BALANCING: dict[str, Any] = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "healthCheckConfig": {"serviceName": "grpc.health.v1.Health"},
}
"""Calls go round the servers that take calls. Of all services, that of health itself serves from the end of
the start to the beginning of the shutdown, even if a store fails, which is often one for all servers.

Source: gRPC's service config, and its client-side health checking (gRFC A17).
"""
LOOK_UP_MS, RECONNECT_MS = 1000, 500
"""The least between two look-ups of a name, and the most between two tries to reach one of several servers:
less than the tries of a call take together, so that one that is back is found while the next one restarts."""


def channel_target(address: str) -> str:
    """What a channel to `address` is opened to, in the naming of gRPC.

    Raises:
        ValueError: one of several addresses is not IP:PORT, or they are of both IPv4 and IPv6.
    """
    if not _is_list(address):
        return address
    parts = [_ip_and_port(part.strip()) for part in address.split(",")]
    versions = {ip.version for ip, _ in parts}
    if len(versions) > 1:
        raise ValueError(f"the addresses {address} are of both IPv4 and IPv6")
    joined = ",".join(f"{ip}:{port}" if ip.version == 4 else f"[{ip}]:{port}" for ip, port in parts)
    return f"ipv{versions.pop()}:{joined}"


def is_balanced(address: str) -> bool:
    """Whether an address may stand for several servers: a list, or a name that DNS is asked for."""
    return _is_list(address) or address.startswith("dns:")


def _is_list(address: str) -> bool:
    return "," in address


def _ip_and_port(address: str) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]:
    host, _, port = address.rpartition(":")
    try:
        return ipaddress.ip_address("127.0.0.1" if host == "localhost" else host.strip("[]")), int(port)
    except ValueError:
        raise ValueError(
            f"of several addresses each must be IP:PORT, not {address!r}; "
            "a name behind which several servers are is dns:///NAME:PORT"
        ) from None


def channel_options(address: str, max_message_bytes: int = MAX_MESSAGE_BYTES) -> list[tuple[str, int | str]]:
    """What every channel to `address` is opened with."""
    return [
        *_balancing_options(address),
        ("grpc.max_send_message_length", max_message_bytes),
        ("grpc.max_receive_message_length", max_message_bytes),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", RECONNECT_MS if is_balanced(address) else 2000),
        ("grpc.primary_user_agent", "armoire-client"),
        # A proxy set for the web has no business between two programs of one machine.
        ("grpc.enable_http_proxy", 0 if is_loopback(address) else 1),
    ]


def _balancing_options(address: str) -> list[tuple[str, int | str]]:
    """For a channel to several servers. With TLS, all their certificates must have the first one's name."""
    if not is_balanced(address):
        return []
    options: list[tuple[str, int | str]] = [
        ("grpc.service_config", json.dumps(BALANCING)),
        ("grpc.dns_min_time_between_resolutions_ms", LOOK_UP_MS),
    ]
    if _is_list(address):
        options.append(("grpc.default_authority", address.split(",")[0].strip()))
    return options


@dataclass(frozen=True, slots=True)
class Tls:
    """What a channel with TLS is opened with, in PEM; without roots, those that gRPC trusts."""

    root_certificates: bytes | None = None
    private_key: bytes | None = field(default=None, repr=False)
    certificate_chain: bytes | None = None

    def credentials(self) -> grpc.ChannelCredentials:
        return tls_credentials(self.root_certificates, self.private_key, self.certificate_chain)

    def ssl_context(self) -> ssl.SSLContext | None:
        """What checks a server's certificate over HTTPS; None for the CAs of this machine."""
        if self.root_certificates is None:
            return None
        return ssl.create_default_context(cadata=self.root_certificates.decode("ascii", errors="ignore"))


def environment_key() -> str:
    """The key of the environment, or in the file that it names; empty if it has none.

    Raises:
        ValueError: the environment has both, or the file cannot be read.
    """
    key, path = os.environ.get(KEY_VARIABLE, ""), os.environ.get(KEY_FILE_VARIABLE)
    if not path:
        return key
    if key:
        raise ValueError(f"{KEY_VARIABLE} and {KEY_FILE_VARIABLE} are both set: leave out one")
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ValueError(f"{KEY_FILE_VARIABLE}: {path} cannot be read: {reason}") from None


def key_metadata(token: str | None = None) -> tuple[tuple[str, str], ...]:
    """The header with the key given, else that of the environment, if it has one.

    Raises:
        ValueError: no key is like this one, which is not shown; or as `environment_key`.
    """
    token = (token or environment_key()).strip()
    if not (token.isascii() and token.isprintable()):
        raise ValueError(
            f"the key (token=, {KEY_VARIABLE} or its file) must have printable ASCII characters only"
        )
    return (("authorization", f"Bearer {token}"),) if token else ()


def end_user_metadata(end_user: str | None) -> tuple[tuple[str, str], ...]:
    """The header that says for whom a caller calls. Raises ValueError if it is none that a server takes."""
    if end_user is None:
        return ()
    plain = end_user.isascii() and end_user.isprintable() and end_user.strip() == end_user
    if not (plain and 0 < len(end_user) <= MAX_END_USER_CHARS):
        wanted = f"1 to {MAX_END_USER_CHARS} printable ASCII characters, without blanks at its ends"
        raise ValueError(f"end_user must be {wanted}")
    return ((END_USER_KEY, end_user),)


def tls_credentials(
    root_certificates: bytes | None = None,
    private_key: bytes | None = None,
    certificate_chain: bytes | None = None,
) -> grpc.ChannelCredentials:
    """Credentials for TLS, from PEM; without roots, those that gRPC trusts."""
    return grpc.ssl_channel_credentials(root_certificates, private_key, certificate_chain)


def is_loopback(address: str) -> bool:
    """Whether the address, or each of a list, is one of this machine."""
    return all(_is_loopback(part.strip().removeprefix("dns:").lstrip("/")) for part in address.split(","))


def _is_loopback(address: str) -> bool:
    host = address.rpartition(":")[0].strip("[]")
    return host in ("localhost", "::1") or host.startswith("127.")
