"""A server with TLS and keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from armoire import Client
from armoire.channel import Tls
from demo.server import ServerProcess

SCOPES = ("infer", "read", "write", "admin")


@dataclass(frozen=True, slots=True)
class SecuredServer:
    """A server that has not started yet, and the file of its CA; without one it has no TLS."""

    process: ServerProcess
    ca_file: Path | None

    @property
    def tls(self) -> Tls | None:
        return None if self.ca_file is None else Tls(self.ca_file.read_bytes())

    def make_key(self) -> str:
        """A key for everything, made with the first administrator's. The server must have started."""
        first = (self.process.home / "first-admin-key").read_text().strip()
        credentials = None if self.tls is None else self.tls.credentials()
        with Client(self.process.address, credentials=credentials, token=first) as client:
            return client.create_api_key("test", list(SCOPES)).key


def secured_server(
    folder: Path,
    environment: Mapping[str, str] | None = None,
    service: str = "services.app:Armoire",
    tls: bool = True,
) -> SecuredServer:
    """A server that asks for keys, and has a certificate of its own if `tls` says so."""
    secured = {**(environment or {}), "ARMOIRE_AUTH__MODE": "required"}
    ca_file = _certificate(folder) if tls else None
    if ca_file is not None:
        secured["ARMOIRE_TLS__CERTIFICATE_FILE"] = str(folder / "server.pem")
        secured["ARMOIRE_TLS__KEY_FILE"] = str(folder / "server.pem")
    roots = None if ca_file is None else ca_file.read_bytes()
    return SecuredServer(ServerProcess(folder / "home", service, secured, root_certificates=roots), ca_file)


def _certificate(folder: Path) -> Path:
    """Write a certificate with its key to "server.pem"; returns the file of its CA."""
    import trustme  # which only those have who test

    folder.mkdir(parents=True, exist_ok=True)
    ca = trustme.CA()
    ca.cert_pem.write_to_path(folder / "ca.pem")
    ca.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    return folder / "ca.pem"
