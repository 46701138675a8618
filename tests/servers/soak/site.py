"""The server of a soak test, with TLS and keys, and the ways to call it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import httpx

from armoire import Client
from armoire.channel import Tls
from bench.secured_server import SecuredServer
from demo.server import ServerProcess

TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Site:
    """A server that asks for TLS and keys; `key` may do everything."""

    server: ServerProcess
    tls: Tls
    ca_file: Path
    key: str

    @classmethod
    def of(cls, secured: SecuredServer) -> Site:
        """The site of a server that has started."""
        assert secured.tls is not None
        assert secured.ca_file is not None
        return cls(secured.process, secured.tls, secured.ca_file, secured.make_key())

    def client(self) -> Client:
        """A client that tries again as it does by default."""
        credentials = self.tls.credentials()
        return Client(self.server.address, credentials=credentials, token=self.key, timeout_s=TIMEOUT_S)

    def http(self) -> httpx.Client:
        """A client that tries nothing again."""
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.server.http_port}",
            verify=ssl.create_default_context(cafile=str(self.ca_file)),
            headers={"authorization": f"Bearer {self.key}"},
            timeout=TIMEOUT_S,
        )
