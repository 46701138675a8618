"""A PostgreSQL, a Milvus and an S3 server of the tests' own, each started once."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.server import ROOT, free_port
from tests import postgres
from tests.servers.stores.milvus import milvus_server
from tests.servers.stores.postgres import postgres_server, url_of
from tests.servers.stores.process import StoreProcess
from tests.servers.stores.seaweed import BUCKET, environment_of, s3_server

PROGRAMS = ROOT / ".venv-stores/bin"
SESSION_S, KILLED_SESSION_S = 600, 10
"""Of Milvus: where nobody kills it, and where it is to come back soon after a kill."""


class StoresMissing(Exception):
    """A server is not installed; the message says which and how to install it."""


@dataclass(frozen=True, slots=True)
class StoreSite:
    """The servers, and how to reach them."""

    postgres: StoreProcess
    milvus: StoreProcess
    s3: StoreProcess
    database_url: str
    milvus_uri: str
    blob_url: str
    s3_environment: dict[str, str]

    @property
    def processes(self) -> tuple[StoreProcess, ...]:
        return self.postgres, self.milvus, self.s3


def missing() -> str:
    """What is not installed, "" if nothing is."""
    if not sys.platform.startswith("linux"):
        return "the packages of Milvus and SeaweedFS have programs for Linux alone"
    if postgres.find_binaries() is None:
        return "PostgreSQL is not installed (Debian: apt install postgresql)"
    absent = [name for name in ("milvus-server", "weed") if not (PROGRAMS / name).is_file()]
    return f"{PROGRAMS} has no {' and no '.join(absent)}: make .venv-stores/.made" if absent else ""


@contextmanager
def store_site(milvus_session_s: int = SESSION_S) -> Iterator[StoreSite]:
    """Servers that run. Raises StoresMissing, StoreFailed."""
    if lacking := missing():
        raise StoresMissing(lacking)
    with tempfile.TemporaryDirectory(prefix="armoire-stores-", ignore_cleanup_errors=True) as root:
        Path(root).chmod(0o755)  # PostgreSQL runs as another user where the tests run as root
        site = _site(Path(root), milvus_session_s)
        try:
            with ThreadPoolExecutor() as threads:
                list(threads.map(StoreProcess.start, site.processes))
            yield site
        finally:
            for process in site.processes:
                process.kill()


def _site(root: Path, milvus_session_s: int) -> StoreSite:
    folders = [root / name for name in ("postgres", "milvus", "s3")]
    for folder in folders:
        folder.mkdir()
    binaries = postgres.find_binaries()
    assert binaries is not None
    milvus_port, s3_port = free_port(), free_port()
    return StoreSite(
        postgres_server(binaries, folders[0]),
        milvus_server(PROGRAMS / "python", folders[1], milvus_port, milvus_session_s),
        s3_server(PROGRAMS / "weed", folders[2], s3_port),
        url_of(folders[0]),
        f"http://127.0.0.1:{milvus_port}",
        f"s3://{BUCKET}",
        environment_of(s3_port),
    )
