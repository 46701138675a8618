"""Milvus Lite's server in this process, which nobody else can reach."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import grpc
from milvus_lite.adapter.grpc.servicer import MilvusServicer
from milvus_lite.db import COLLECTIONS_DIRNAME, MilvusLite
from milvus_lite.exceptions import MilvusLiteError
from pymilvus.grpc_gen import milvus_pb2_grpc

from domain.addresses import driver_message
from domain.errors import Unavailable

_LOG = logging.getLogger(__name__)
_MAX_MESSAGE_BYTES = 256 * 2**20
"""As Milvus has it."""
_MAX_PATH_BYTES = 90
"""Of the socket's folder; a socket's path has at most 107. Source: unix(7)."""
_PLAIN_PATH = re.compile(r"[\w/.-]+", re.ASCII)
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
            Unavailable: another process has the files open.
            OSError: the folder cannot be made.
            RuntimeError: the socket cannot be made.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as closing:
            files = _opened(self.folder)
            closing.callback(files.close)
            private = closing.enter_context(_private_folder(self.folder))
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


def _opened(folder: Path) -> MilvusLite:
    """Raises Unavailable if another process has the files open."""
    try:
        return MilvusLite(str(folder))
    except MilvusLiteError as error:
        _LOG.warning("the vector store failed: %s", driver_message(error))
        raise Unavailable(
            "the files of the vector store cannot be opened", reason="VECTOR_STORE_UNAVAILABLE"
        ) from error


@contextmanager
def _private_folder(files: Path) -> Iterator[Path]:
    """A folder of this user for the socket, beside the files: what a killed process leaves goes with them.

    It is in the folder for temporary files where a path beside them is too long, or none that gRPC reads as
    it is. The files are locked, so no other process uses the folder.
    """
    folder = files.absolute().with_name(f".{files.name}")
    if len(os.fsencode(folder)) > _MAX_PATH_BYTES or not _PLAIN_PATH.fullmatch(str(folder)):
        with TemporaryDirectory(prefix="armoire-lite-") as temporary:
            yield Path(temporary)
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _server(files: MilvusLite) -> grpc.Server:
    options = [(f"grpc.max_{way}_message_length", _MAX_MESSAGE_BYTES) for way in ("receive", "send")]
    server = grpc.server(ThreadPoolExecutor(_THREADS, "milvus-lite"), options=options)
    milvus_pb2_grpc.add_MilvusServiceServicer_to_server(MilvusServicer(files), server)
    return server
