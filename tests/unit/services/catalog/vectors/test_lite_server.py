from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from pymilvus import MilvusClient

from services.catalog.vectors.lite_server import LiteServer

NOBODY = 65534
CONNECT = f"""
import os, socket, sys
os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY})
socket.socket(socket.AF_UNIX).connect(sys.argv[1])
"""


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[LiteServer]:
    server = LiteServer(tmp_path / "new" / "milvus.db")
    yield server
    server.stop()


def test_it_listens_on_a_socket_of_this_user_and_on_no_port(lite: LiteServer) -> None:
    ports = len(psutil.Process().net_connections("inet"))
    socket = Path(lite.start().removeprefix("unix:"))
    assert len(psutil.Process().net_connections("inet")) == ports
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    client = MilvusClient(f"unix:{socket}")
    assert client.list_collections() == []
    client.close()
    lite.stop()
    assert not socket.parent.exists()


def test_what_a_killed_process_left_is_beside_the_files_and_replaced(lite: LiteServer) -> None:
    left = lite.folder.parent / ".milvus.db"
    left.mkdir(parents=True)
    (left / "socket").write_text("of before")
    assert lite.start() == f"unix:{left}/socket"
    assert stat.S_ISSOCK((left / "socket").stat().st_mode)


@pytest.mark.parametrize("name", ["x" * 90, "with 100%"])
def test_a_path_that_no_socket_can_have_is_not_used(tmp_path: Path, name: str) -> None:
    lite = LiteServer(tmp_path / name / "milvus.db")
    socket = Path(lite.start().removeprefix("unix:"))
    assert socket.is_relative_to(tempfile.gettempdir())
    assert socket.parent.name.startswith("armoire-lite-")
    lite.stop()
    assert not socket.parent.exists()


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to be another user")
def test_another_user_cannot_connect(lite: LiteServer) -> None:
    socket = lite.start().removeprefix("unix:")
    tried = subprocess.run(
        [sys.executable, "-c", CONNECT, socket], capture_output=True, text=True, check=False
    )
    assert "PermissionError" in tried.stderr
