"""The handshake of an edge and the device: one message each, in JSON.

The device sends `Hello`. The edge answers with its number of row slots for each graph, and sends the file
descriptor of their shared memory.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from domain.errors import FailedPrecondition
from services.inference.device_process.shared_rows import RowLayout

PROTOCOL = 1
"""The version of the handshake and the records; it must be equal, since both ends are of one installation."""
HANDSHAKE_S = 10.0
"""Seconds that the other end has for its message."""
RETRY_S = 0.1
"""Seconds between two attempts to connect, or to accept a connection."""

_LENGTH = struct.Struct("<I")

Message: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GraphOnDevice:
    """A graph that the device runs, its model, and the layout of its rows."""

    name: str
    model_version: str
    preprocess_version: str
    provider: str
    rows: RowLayout


@dataclass(frozen=True, slots=True)
class Hello:
    """The graphs that the device runs; requests name a graph by its index here."""

    graphs: tuple[GraphOnDevice, ...]
    protocol: int = PROTOCOL

    def to_message(self) -> Message:
        return asdict(self)

    @classmethod
    def from_message(cls, message: Message) -> Hello:
        """Read the message. Raises FailedPrecondition if the device has another version of the protocol."""
        if message["protocol"] != PROTOCOL:
            raise FailedPrecondition(
                f"the device process speaks protocol {message['protocol']}, this edge process {PROTOCOL}: "
                "start both from one installation"
            )
        graphs = (
            GraphOnDevice(**{**graph, "rows": RowLayout.from_message(graph["rows"])})
            for graph in message["graphs"]
        )
        return cls(tuple(graphs))


def send_message(channel: socket.socket, message: Message, file: int | None = None) -> None:
    """Send a message and, if given, a file descriptor."""
    text = json.dumps(message).encode()
    files = [] if file is None else [file]
    socket.send_fds(channel, [_LENGTH.pack(len(text))], files)
    channel.sendall(text)


def receive_message(channel: socket.socket) -> tuple[Message, int | None]:
    """Receive a message and its file descriptor, if any. Raises ConnectionError if the other end closed."""
    header, files, _, _ = socket.recv_fds(channel, _LENGTH.size, 1)
    try:
        return json.loads(_receive_text(channel, header)), files[0] if files else None
    except BaseException:
        for file in files:
            os.close(file)
        raise


def _receive_text(channel: socket.socket, header: bytes) -> bytes:
    if len(header) < _LENGTH.size:
        raise ConnectionError("the other end closed the connection before the handshake")
    (length,) = _LENGTH.unpack(header)
    text = bytearray()
    while len(text) < length:
        if not (piece := channel.recv(length - len(text))):
            raise ConnectionError("the other end closed the connection during the handshake")
        text += piece
    return bytes(text)
