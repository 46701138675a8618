"""What other users of the machine can reach of a running server."""

from __future__ import annotations

from pathlib import Path

import psutil

from demo.server import ServerProcess


def test_a_server_listens_on_its_two_ports_only(server: ServerProcess) -> None:
    assert server.process is not None
    supervisor = psutil.Process(server.process.pid)
    listening = {
        connection.laddr.port
        for process in (supervisor, *supervisor.children(recursive=True))
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {server.grpc_port, server.http_port}


def test_nothing_in_a_home_can_be_read_by_others(server: ServerProcess) -> None:
    made = {"catalog.db", "blobs", "vectors.db", "bentoml"}
    assert made <= {path.name for path in server.home.iterdir()}
    stores = [path for name in ("blobs", "vectors.db") for path in (server.home / name).rglob("*")]
    assert stores
    assert [path for path in (server.home, *server.home.iterdir(), *stores) if _others_may(path)] == []


def _others_may(path: Path) -> bool:
    """False for a file that the server has deleted meanwhile."""
    try:
        return not path.is_symlink() and bool(path.stat().st_mode & 0o077)
    except FileNotFoundError:
        return False
