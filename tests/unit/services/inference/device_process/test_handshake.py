from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from domain.errors import FailedPrecondition
from services.inference.device_process.handshake import GraphOnDevice, Hello, receive_message, send_message
from services.inference.device_process.shared_rows import RowLayout

OPEN_FILES = Path("/proc/self/fd")


def test_a_hello_is_received_as_it_was_sent() -> None:
    graph = GraphOnDevice("detector", "yolo-1", "letterbox-1", "cuda", RowLayout((2, 3), "|u1", (4,), "<f4"))
    hello = Hello((graph,))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        send_message(ours, hello.to_message())
        message, file = receive_message(theirs)
    assert (Hello.from_message(message), file) == (hello, None)


def test_another_protocol_is_refused() -> None:
    with pytest.raises(FailedPrecondition, match="speaks protocol 99"):
        Hello.from_message({"protocol": 99, "graphs": []})


def test_a_file_that_comes_with_nonsense_is_closed(tmp_path: Path) -> None:
    before = set(OPEN_FILES.iterdir())
    ours, theirs = socket.socketpair()
    with ours, theirs, (tmp_path / "file").open("wb") as file:
        socket.send_fds(ours, [b"\x03\0\0\0"], [file.fileno()])
        ours.sendall(b"{{{")
        with pytest.raises(json.JSONDecodeError):
            receive_message(theirs)
    assert set(OPEN_FILES.iterdir()) == before


@pytest.mark.parametrize("sent", [b"", b"\x09\0\0\0", b"\x09\0\0\0{"])
def test_an_end_that_goes_during_the_handshake_is_an_error(sent: bytes) -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(sent)
        ours.close()
        with pytest.raises(ConnectionError):
            receive_message(theirs)
