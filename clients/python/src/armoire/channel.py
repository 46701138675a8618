"""How channels to a server are opened."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import grpc

DEFAULT_ADDRESS = "127.0.0.1:50051"
ADDRESS_VARIABLE = "ARMOIRE_ADDRESS"
KEY_VARIABLE = "ARMOIRE_API_KEY"
CA_VARIABLE = "ARMOIRE_CA_FILE"
END_USER_KEY, MAX_END_USER_CHARS = "armoire-end-user", 128
MAX_MESSAGE_BYTES = 64 * 2**20
"""The server's default."""


def server_address(address: str | None = None) -> str:
    """The address given, else that of the environment, else the default one."""
    return address or os.environ.get(ADDRESS_VARIABLE) or DEFAULT_ADDRESS


def channel_options(address: str, max_message_bytes: int = MAX_MESSAGE_BYTES) -> list[tuple[str, int | str]]:
    """What every channel to `address` is opened with."""
    return [
        ("grpc.max_send_message_length", max_message_bytes),
        ("grpc.max_receive_message_length", max_message_bytes),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 2000),
        ("grpc.primary_user_agent", "armoire-client"),
        # A proxy set for the web has no business between two programs of one machine.
        ("grpc.enable_http_proxy", 0 if is_loopback(address) else 1),
    ]


@dataclass(frozen=True, slots=True)
class Tls:
    """What a channel with TLS is opened with, in PEM; without roots, those that gRPC trusts."""

    root_certificates: bytes | None = None
    private_key: bytes | None = field(default=None, repr=False)
    certificate_chain: bytes | None = None

    def credentials(self) -> grpc.ChannelCredentials:
        return tls_credentials(self.root_certificates, self.private_key, self.certificate_chain)


def key_metadata() -> tuple[tuple[str, str], ...]:
    """The header with the key of the environment, if it has one."""
    key = os.environ.get(KEY_VARIABLE)
    return (("authorization", f"Bearer {key}"),) if key else ()


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
    host = address.rpartition(":")[0].strip("[]")
    return host in ("localhost", "::1") or host.startswith("127.")
