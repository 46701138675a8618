"""Milvus Lite's server in this process, which nobody else can reach."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import grpc
from milvus_lite.adapter.grpc.servicer import MilvusServicer
from milvus_lite.db import COLLECTIONS_DIRNAME, MilvusLite
from pymilvus.grpc_gen import milvus_pb2_grpc

_MAX_MESSAGE_BYTES = 256 * 2**20
"""As Milvus has it."""
_THREADS = 4
_STOP_S = 2.0


@dataclass(eq=False)
class LiteServer:
    """Serves the files in `folder` on a Unix socket in a folder of this user.

    Milvus Lite's own start listens on a TCP port of the loopback interface without a secret, where every
    user of the machine could read and drop the collections.
    """

    folder: Path

    def __post_init__(self) -> None:
        self._closing = ExitStack()

    def start(self) -> str:
        """Open the files and listen; returns the address for clients.

        Raises:
            MilvusLiteError: another process has the files open.
            OSError: the folder cannot be made.
            RuntimeError: the socket cannot be made.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as closing:
            files = MilvusLite(str(self.folder))
            closing.callback(files.close)
            private = closing.enter_context(TemporaryDirectory(prefix="armoire-lite-"))  # of mode 0700
            server = _server(files)
            server.add_insecure_port(address := f"unix:{private}/socket")
            closing.callback(lambda: server.stop(_STOP_S).wait())
            server.start()
            self._closing = closing.pop_all()
        return address

    def stop(self) -> None:
        """Stop listening and close the files."""
        self._closing.close()

    def remove_remains(self, collection: str) -> None:
        """Remove the folder of a collection that does not exist, as a crash during its creation leaves it.

        Lite then neither finds the collection nor creates it.
        """
        shutil.rmtree(self.folder / COLLECTIONS_DIRNAME / collection, ignore_errors=True)


def _server(files: MilvusLite) -> grpc.Server:
    options = [(f"grpc.max_{way}_message_length", _MAX_MESSAGE_BYTES) for way in ("receive", "send")]
    server = grpc.server(ThreadPoolExecutor(_THREADS, "milvus-lite"), options=options)
    milvus_pb2_grpc.add_MilvusServiceServicer_to_server(MilvusServicer(files), server)
    return server
