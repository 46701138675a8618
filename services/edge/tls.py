"""TLS on both ports, with certificates that are read again when their files change."""

from __future__ import annotations

import logging
import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import grpc

from domain.errors import FailedPrecondition

LOG = logging.getLogger("armoire")
Stamps: TypeAlias = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files.

    Attributes:
        certificate: the server's, with what leads to its root.
        key: that of the certificate.
        client_ca: if set, callers need a certificate that this one has signed.
        password: of the key; empty if it has none.
    """

    certificate: Path
    key: Path
    client_ca: Path | None = None
    password: str = field(default="", repr=False)

    @property
    def all(self) -> tuple[Path, ...]:
        return (self.certificate, self.key, *([self.client_ca] if self.client_ca else []))


class Certificates:
    """The server's certificate. Each new connection gets the one that is in the files at that time.

    Files that do not go together, as halfway through a change, are not taken: that of before stays.
    """

    def __init__(self, files: TlsFiles) -> None:
        """Raises FailedPrecondition if a file is missing, unreadable or does not go with the others."""
        self._files = files
        self._stamps: Stamps | None = None
        try:
            self._read()
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            names = ", ".join(map(str, files.all))
            raise FailedPrecondition(f"no TLS with {names}: {error}") from error

    def http_context(self) -> ssl.SSLContext:
        """For an HTTP server: its handshakes use the certificate of the moment."""

        def replace(connection: Any, _name: str | None, _context: ssl.SSLContext) -> None:
            self._refresh()
            connection.context = self._context

        context = _context_of(self._files)
        context.sni_callback = replace
        return context

    def grpc_credentials(self) -> grpc.ServerCredentials:
        """For a gRPC server: its handshakes use the certificate of the moment."""
        wants_client, current = self._files.client_ca is not None, self._configuration

        def changed() -> Any:
            """The configuration for a new connection; None if it is that of the connection before."""
            nonlocal current
            self._refresh()
            before, current = current, self._configuration
            return None if current is before else current

        return grpc.dynamic_ssl_server_credentials(current, changed, wants_client)

    def _refresh(self) -> None:
        """Read the files if they have changed."""
        try:
            if _stamps(self._files) == self._stamps:
                return
            self._read()
        except (OSError, ValueError) as error:
            LOG.warning("the TLS certificate stays that of before: %s", error)
        else:
            LOG.info("the TLS certificate is read again from %s", self._files.certificate)

    def _read(self) -> None:
        """Raises OSError or ValueError if the files cannot be used; they are not read again as they are."""
        self._stamps = _stamps(self._files)
        context, configuration = _context_of(self._files), _configuration_of(self._files)
        if _stamps(self._files) != self._stamps:
            self._stamps = None
            raise ValueError("the files change")
        self._context, self._configuration = context, configuration


def _stamps(files: TlsFiles) -> Stamps:
    """What changes with a file."""
    found = map(os.stat, files.all)
    return tuple((status.st_ino, status.st_mtime_ns, status.st_size) for status in found)


def _context_of(files: TlsFiles) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(files.certificate, files.key, files.password)  # without one OpenSSL asks for it
    if files.client_ca is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(files.client_ca)
    return context


def _configuration_of(files: TlsFiles) -> grpc.ServerCertificateConfiguration:
    pair = _plain_key(files), files.certificate.read_bytes()
    root = files.client_ca.read_bytes() if files.client_ca else None
    return grpc.ssl_server_certificate_configuration([pair], root)


def _plain_key(files: TlsFiles) -> bytes:
    """The key in PEM without its password, which gRPC does not take. Raises ValueError if it is wrong."""
    content = files.key.read_bytes()
    if not files.password:
        return content
    from cryptography.hazmat.primitives import serialization

    key = serialization.load_pem_private_key(content, files.password.encode())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
