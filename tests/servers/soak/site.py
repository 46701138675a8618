"""The server of a soak test, with TLS and keys, and the ways to call it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import grpc
import httpx
import trustme

from armoire import Client
from demo.server import ServerProcess

TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Site:
    """A server that asks for TLS and keys; `key` may do everything."""

    server: ServerProcess
    ca_file: Path
    key: str

    def client(self) -> Client:
        """A client that tries again as it does by default."""
        roots = grpc.ssl_channel_credentials(self.ca_file.read_bytes())
        return Client(self.server.address, credentials=roots, token=self.key, timeout_s=TIMEOUT_S)

    def http(self) -> httpx.Client:
        """A client that tries nothing again."""
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.server.http_port}",
            verify=ssl.create_default_context(cafile=str(self.ca_file)),
            headers={"authorization": f"Bearer {self.key}"},
            timeout=TIMEOUT_S,
        )


def secured_server(folder: Path, environment: dict[str, str]) -> tuple[ServerProcess, Path]:
    """A server with a certificate of its own, not started yet, and its CA's file."""
    folder.mkdir(parents=True, exist_ok=True)
    ca = trustme.CA()
    ca.cert_pem.write_to_path(folder / "ca.pem")
    ca.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    secured = {
        "ARMOIRE_AUTH__MODE": "required",
        "ARMOIRE_TLS__CERTIFICATE_FILE": str(folder / "server.pem"),
        "ARMOIRE_TLS__KEY_FILE": str(folder / "server.pem"),
    }
    roots = (folder / "ca.pem").read_bytes()
    server = ServerProcess(folder / "home", environment=environment | secured, root_certificates=roots)
    return server, folder / "ca.pem"


def opened(server: ServerProcess, ca_file: Path) -> Site:
    """The site of a server that has started."""
    first = (server.home / "first-admin-key").read_text().strip()
    with Site(server, ca_file, first).client() as client:
        key = client.create_api_key("soak", ["infer", "read", "write", "admin"]).key
    return Site(server, ca_file, key)
