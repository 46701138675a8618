"""A stand-in for a Milvus server: Milvus Lite behind a TCP port of this process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from milvus_lite.adapter.grpc.servicer import MilvusServicer
from milvus_lite.db import MilvusLite
from pymilvus.grpc_gen import milvus_pb2_grpc

THREADS = 16


class Silence(grpc.ServerInterceptor):
    """Takes calls and answers none while `speaks` is not set."""

    def __init__(self) -> None:
        self.speaks = threading.Event()
        self.speaks.set()

    def intercept_service(self, continuation: Callable[[Any], Any], details: Any) -> Any:
        self.speaks.wait()
        return continuation(details)


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Silence]]:
    """The address of a server, and what silences it.

    It takes pings of connections without calls, as a Milvus does; gRPC would close those connections.
    """
    files, silence = MilvusLite(str(folder)), Silence()
    pings = [("grpc.keepalive_permit_without_calls", 1), ("grpc.http2.max_ping_strikes", 0)]
    server = grpc.server(ThreadPoolExecutor(THREADS, "milvus"), interceptors=[silence], options=pings)
    milvus_pb2_grpc.add_MilvusServiceServicer_to_server(MilvusServicer(files), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"http://127.0.0.1:{port}", silence
    finally:
        silence.speaks.set()
        server.stop(None).wait()
        files.close()
