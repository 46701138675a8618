"""The command `cost`: CPU of a call whose model does nothing, by the transport that it came over."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from google.protobuf import json_format

from armoire.bench.requests import empty_request, photo_requests
from armoire.v1 import inference_pb2
from bench.endpoints import GrpcEndpoint
from bench.null_server import JPEG_BYTES
from bench.oip_requests import metadata_request, raw_request
from bench.options import Commands, add_command, add_runs
from bench.overhead import Cell, Kind, measure, table
from bench.process_tree import ProcessTree
from bench.report import log, publish
from bench.wire_endpoint import Wire, WireEndpoint
from demo.server import ServerFailed, ServerProcess

SERVICE = "bench.null_service:Null"
NOTE = (
    "One process below BentoML, as a server runs; it does not decode the photo. The load comes from another "
    "process; its CPU is not counted."
)


def add_to(commands: Commands) -> None:
    summary = "CPU of a call whose model does nothing, over gRPC, Connect, JSON, gRPC-Web and OIP."
    parser = add_command(commands, "cost", run, summary)
    add_runs(parser, seconds=2.0, rounds=5)
    parser.add_argument("--clients", type=int, default=8, help="(%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    cells: list[Cell] = []
    with (
        tempfile.TemporaryDirectory(prefix="armoire-cost-") as home,
        ServerProcess(Path(home), SERVICE) as server,
    ):
        assert server.process is not None
        tree, ways = ProcessTree(server.process.pid), endpoints(server)
        for _, endpoint in ways:
            if not endpoint.answers("", b""):
                raise ServerFailed("the null server does not answer a call")
        for _ in range(arguments.rounds):
            for kind, endpoint in ways:
                cells.append(measure(kind, tree, endpoint, arguments.clients, arguments.seconds))
                log(f"{kind.name}: {cells[-1].cpu_ms:.2f} ms")
    publish(table("cost", cells, [NOTE]), arguments.json)
    return not any(cell.errors for cell in cells)


def endpoints(server: ServerProcess) -> list[tuple[Kind, GrpcEndpoint | WireEndpoint]]:
    """Each kind of call, with where it is sent. The empty calls return limits, or metadata by OIP."""
    photo = bytes(JPEG_BYTES)
    empty, sent = empty_request(), photo_requests("detect", [photo])
    request = inference_pb2.DetectRequest.FromString(sent.bodies[0])
    sent_json = json_format.MessageToJson(request, indent=None).encode()
    grpc = [
        Kind("empty, gRPC", empty),
        Kind("empty, OIP over gRPC", metadata_request()),
        Kind("60 KB photo, gRPC", sent),
        Kind("60 KB photo, OIP raw over gRPC", raw_request(f"null-{JPEG_BYTES}", "bytes", photo)),
    ]
    http = [
        Wire.binary("empty, Connect binary", empty.path, empty.bodies[0]),
        Wire.json("empty, JSON", empty.path, b"{}"),
        Wire.web("empty, gRPC-Web", empty.path, empty.bodies[0]),
        Wire.json("empty, OIP over REST", "/v2/repository/index", b"{}"),
        Wire.binary("60 KB photo, Connect binary", sent.path, sent.bodies[0]),
        Wire.json("60 KB photo, JSON", sent.path, sent_json),
        Wire.web("60 KB photo, gRPC-Web", sent.path, sent.bodies[0]),
        rest_raw_request("60 KB photo, OIP raw over REST", f"null-{JPEG_BYTES}", "bytes", photo),
    ]
    over_grpc: Sequence[tuple[Kind, GrpcEndpoint | WireEndpoint]] = [
        (kind, GrpcEndpoint(server.address, kind.make)) for kind in grpc
    ]
    over_http = [(wire.kind, WireEndpoint(server.http_url, wire)) for wire in http]
    return sorted([*over_grpc, *over_http], key=lambda way: way[0].name.split(",")[0] != "empty")


def rest_raw_request(name: str, model: str, tensor: str, row: bytes) -> Wire:
    """A request of OIP over REST with one row of UINT8: JSON, and the row as binary data behind it."""
    parameters = {"binary_data_size": len(row)}
    given = {"name": tensor, "datatype": "UINT8", "shape": [1, len(row)], "parameters": parameters}
    head = json.dumps({"inputs": [given], "parameters": {"binary_data_output": True}}).encode()
    headers = {"Inference-Header-Content-Length": str(len(head))}
    return Wire(name, f"/v2/models/{model}/infer", "application/octet-stream", head + row, headers)
