"""A Milvus server in one process, of the package `milvus`."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import grpc
from pymilvus.grpc_gen import milvus_pb2, milvus_pb2_grpc

from demo.server import free_port
from tests.servers.stores.process import StoreProcess

PORTS = (
    *("etcd-port", "root-coord-port", "proxy-internal-port", "query-coord-port", "query-node-port"),
    *("index-coord-port", "index-node-port", "data-coord-port", "data-node-port"),
)
INTERNAL = (
    "rootCoord",
    "proxy",
    "queryCoord",
    "queryNode",
    "indexCoord",
    "indexNode",
    "dataCoord",
    "dataNode",
)
LAUNCH = """
import socket, sys
from milvus import main

class ReusingSocket(socket.socket):
    def bind(self, address):
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        super().bind(address)

socket.socket = ReusingSocket
sys.exit(main())
"""
"""The package tries its ports before the server starts, and takes the next ones where they are not free.
Those of a server that was killed are not, for a minute, unless sockets reuse them, as the server's own do."""
SETTINGS = {"log.level": "warn", "proxy.timeTickInterval": 20}
"""A read waits for the next tick, 200 ms by default."""


def milvus_server(python: Path, folder: Path, port: int, session_s: int) -> StoreProcess:
    """An empty server on a port of the loopback interface, not started.

    The server ends where other programs keep it from its cores for as long as a session, `session_s`; and a
    killed one's parts are taken for alive until their sessions end.

    `python` is that of the environment with the package. Its unpacked programs are shared by all servers.
    """
    home = folder / "home"
    (home / "bin").mkdir(parents=True)
    _link_programs(python.parents[1] / "milvus/bin", home / "bin", f"port-{port}")
    etcd = folder / "etcd.json"
    etcd.write_text(json.dumps(_etcd_settings()))
    command: list[str | Path] = [python, "-c", LAUNCH, "--debug", "--data", home]
    for name, number in {"proxy-port": port, **{name: free_port() for name in PORTS}}.items():
        command += [f"--{name}", str(number)]
    settings = SETTINGS | {"common.session.ttl": session_s} | {f"{part}.ip": "127.0.0.1" for part in INTERNAL}
    for name, value in settings.items():
        command += ["--extra-config", f"{name}={value}"]
    environment = os.environ | {"ETCD_CONFIG_PATH": str(etcd)}
    return StoreProcess("milvus", command, folder, lambda: _answers(port), environment)


def _link_programs(unpacked: Path, into: Path, alias: str) -> None:
    """Link the programs, and start Milvus by a name of its own: servers of one name wait for each other."""
    for program in unpacked.iterdir():
        if program.name != "milvus":
            (into / program.name).symlink_to(program)
    started = into / "milvus"
    started.write_text(f'#!/bin/sh\nexec {shlex.quote(str(unpacked / "milvus"))} "$@" -alias={alias}\n')
    started.chmod(0o755)


def _etcd_settings() -> dict[str, str]:
    """The etcd inside Milvus on ports of its own; the usual ones are another server's where two run."""
    client, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    return {
        "name": "default",
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"default={peer}",
    }


def _answers(port: int) -> bool:
    """Whether all parts of the server are healthy."""
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = milvus_pb2_grpc.MilvusServiceStub(channel)
        try:
            reply = stub.CheckHealth(milvus_pb2.CheckHealthRequest(), timeout=5.0)
        except grpc.RpcError:
            return False
    return bool(reply.isHealthy)
