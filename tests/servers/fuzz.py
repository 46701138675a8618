"""Sends hostile requests over every transport, and measures how long a neighbour's health call waits then.

The neighbour is a process of its own. Other programs may have the cores, so each wait by the clock is also
cut down to what the server can have caused: no more than the CPU time that all of its threads took meanwhile,
and no more than the time in which the event loop's thread did not wait for a core. The report has the
longest without an attack, too.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import random
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import grpc
import psutil
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from grpc_health.v1 import health_pb2, health_pb2_grpc

from armoire.v1 import (
    account_pb2,
    admin_pb2,
    catalog_pb2,
    inference_pb2,
    models_pb2,
    operations_pb2,
    outfits_pb2,
)
from demo.server import ServerProcess
from services.oip.stubs import open_inference_pb2

Make: TypeAlias = Callable[[], bytes]
BOUND_MS = 100.0
PAUSE_S = 0.003
SIZES = (2**16, 2**20, 2**24, 60 * 2**20)
FILES = (
    account_pb2,
    admin_pb2,
    catalog_pb2,
    inference_pb2,
    models_pb2,
    operations_pb2,
    outfits_pb2,
    open_inference_pb2,
)
CHANGE_ANSWERS = ("UpdateTenant", "UpdateTenantSettings", "EraseTenant")
"""A valid one would change what the good request is answered."""
METHODS = [
    method
    for file in FILES
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
    if method.name not in CHANGE_ANSWERS
]
FORMS = ("/v1/analyze", "/v1/search", "/v1/index")
BAD_CODES = (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Attack:
    """`make` makes what is sent, before the measurement; `send` sends it and returns what it was answered."""

    name: str
    make: Make
    send: Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Wait:
    """The longest health call during an attack: by the clock, and what the server can have caused of it."""

    name: str
    wall_ms: float
    own_ms: float
    answer: str


class Targets:
    """The ports of a server, and the ways to send to them."""

    def __init__(self, server: ServerProcess) -> None:
        self._server = server
        options = (("grpc.max_send_message_length", 2**30), ("grpc.max_receive_message_length", 2**30))
        self._channel = grpc.insecure_channel(server.address, options=options)

    def grpc(self, method: MethodDescriptor, content: bytes) -> str:
        kinds = {
            (False, False): self._channel.unary_unary,
            (False, True): self._channel.unary_stream,
            (True, False): self._channel.stream_unary,
            (True, True): self._channel.stream_stream,
        }
        make: Any = kinds[method.client_streaming, method.server_streaming]
        given = iter([content]) if method.client_streaming else content
        try:
            answer = make(path_of(method))(given, timeout=60)
            if method.server_streaming:
                list(answer)
        except grpc.RpcError as error:
            return f"{'BAD ' if error.code() in BAD_CODES else ''}{error.code().name}"
        return "OK"

    def http(self, path: str, content_type: str, content: bytes) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.http_port, timeout=60)
        try:
            connection.request("POST", path, content, {"content-type": content_type})
            response = connection.getresponse()
            response.read()
        except OSError as error:
            return type(error).__name__
        finally:
            connection.close()
        return f"{'BAD ' if response.status == 500 else ''}{response.status}"

    def raw(self, port: int, content: bytes) -> str:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as opened, suppress(OSError):
            opened.sendall(content)
            return opened.recv(12).decode("latin-1")
        return "no answer"

    def attacks(self) -> Iterator[Attack]:
        yield from self._grpc_attacks()
        yield from self._connect_attacks()
        yield from self._form_attacks()
        yield from self._rest_attacks()
        yield from self._raw_attacks()

    def _grpc_attacks(self) -> Iterator[Attack]:
        for method in METHODS:
            streams = method.client_streaming or method.server_streaming
            post = self._post(path_of(method), "application/proto")
            for name, make in hostile_messages(method.input_type):
                yield Attack(f"grpc {method.name} {name}", make, partial(self.grpc, method))
                if not streams:
                    yield Attack(f"connect {method.name} {name}", make, post)

    def _connect_attacks(self) -> Iterator[Attack]:
        for method in METHODS:
            if method.containing_service.full_name.startswith("inference."):
                continue
            streams = method.client_streaming or method.server_streaming
            post = self._post(path_of(method), f"application/{'connect+' if streams else ''}json")
            for name, make in hostile_json(method.input_type):
                yield Attack(
                    f"json {method.name} {name}", partial(enveloped, make) if streams else make, post
                )

    def _post(self, path: str, content_type: str) -> Callable[[bytes], str]:
        return partial(self.http, path, content_type)

    def _form_attacks(self) -> Iterator[Attack]:
        part = b'--x\r\ncontent-disposition: form-data; name="a%d"\r\n\r\n1\r\n'
        file = b'--x\r\ncontent-disposition: form-data; name="image"; filename="a"\r\n\r\n'
        bodies: dict[str, Make] = {
            "parts": lambda: b"".join(part % index for index in range(50_000)),
            "files": lambda: (file + b"\r\n") * 50_000,
            "preamble": lambda: b"\r\n-" * 2**22,
            "almost boundaries": lambda: file + b"\r\n--y" * 2**21,
            "headers": lambda: b"--x\r\n" + b"a: b\r\n" * 2**20,
            "one header": lambda: b"--x\r\na: " + b"b" * 2**24,
            "json": lambda: file.replace(b'; filename="a"', b"") + b"[" + b"[]," * 300_000,
        }
        for path in FORMS:
            for name, make in bodies.items():
                yield Attack(f"form {path} {name}", make, self._post(path, "multipart/form-data; boundary=x"))

    def _rest_attacks(self) -> Iterator[Attack]:
        start = b'{"inputs":[{"name":"images","datatype":"FP32","shape":[1],"data":['
        for size in SIZES[:3]:
            for name, element in {"floats": b"0.12345,", "integers": b"1,", "lists": b"[],"}.items():
                make = partial(repeated, start, element, size, b"1]}]}")
                for model in ("detector", "embed"):
                    post = self._post(f"/v2/models/{model}/infer", "application/json")
                    yield Attack(f"rest {model} {name} {size}", make, post)
            make = partial(repeated, b"[", b"[],", size, b"[]]")
            yield Attack(f"rest index {size}", make, self._post("/v2/repository/index", "application/json"))

    def _raw_attacks(self) -> Iterator[Attack]:
        drawn = random.Random(0)
        for port in (self._server.http_port, self._server.grpc_port):
            for name, content in {
                "noise": drawn.randbytes(2**16),
                "headers": b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 2**14,
                "address": b"GET /" + b"a" * 2**20 + b" HTTP/1.1\r\n",
                "pipeline": b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n" * 2000,
                "chunks": b"POST /v1/search HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n"
                b"content-type: multipart/form-data; boundary=x\r\n\r\n" + b"1\r\na\r\n" * 2**17,
                "settings": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0" * 2**14,
            }.items():
                yield Attack(f"raw {port} {name}", partial(bytes, content), partial(self.raw, port))


def repeated(start: bytes, element: bytes, size: int, end: bytes = b"") -> bytes:
    """`element` so often that it has `size` bytes in all, between a start and an end."""
    return start + element * (size // len(element)) + end


def enveloped(make: Make) -> bytes:
    """A message of a stream. Source: the Connect protocol, "Streaming RPCs"."""
    content = make()
    return b"\0" + len(content).to_bytes(4, "big") + content


def path_of(method: MethodDescriptor) -> str:
    return f"/{method.containing_service.full_name}/{method.name}"


def hostile_messages(kind: Descriptor) -> Iterator[tuple[str, Make]]:
    """Messages with very much of each field, also of fields inside."""
    for path in field_paths(kind):
        for size in SIZES:
            yield f"{'.'.join(field.name for field in path)} {size}", partial(message_of, path, size)


def message_of(path: Sequence[FieldDescriptor], size: int) -> bytes:
    payload = repeated(b"", element_of(path[-1]), size)
    for field in reversed(path[:-1]):
        payload = varint(field.number << 3 | 2) + varint(len(payload)) + payload
    return payload


def field_paths(
    kind: Descriptor, above: tuple[Descriptor, ...] = ()
) -> Iterator[tuple[FieldDescriptor, ...]]:
    for field in kind.fields:
        yield (field,)
        inner = field.message_type
        if inner is not None and inner not in above and len(above) < 2:
            yield from ((field, *path) for path in field_paths(inner, (*above, kind)))


def element_of(field: FieldDescriptor) -> bytes:
    """One value of a field, the smallest there is."""
    if field.message_type is not None or field.type in (field.TYPE_STRING, field.TYPE_BYTES):
        return varint(field.number << 3 | 2) + b"\0"
    wire = {field.TYPE_DOUBLE: (1, 8), field.TYPE_FLOAT: (5, 4)}.get(field.type, (0, 1))
    return varint(field.number << 3 | wire[0]) + bytes(wire[1])


def varint(value: int) -> bytes:
    return bytes([value & 0x7F | 0x80]) + varint(value >> 7) if value > 0x7F else bytes([value])


def hostile_json(kind: Descriptor) -> Iterator[tuple[str, Make]]:
    for size in SIZES:
        yield f"names {size}", partial(names, size)
        yield f"blanks {size}", partial(repeated, b"", b" ", size, b"{}")
        yield f"nested {size}", partial(repeated, b"", b"[", size)
        for field in kind.fields:
            start = b"{" + json.dumps(field.name).encode() + b":"
            for element in (b"{},", b"[],", b'"",', b"1,"):
                make = partial(repeated, start + b"[", element, size, b"0]}")
                yield f"{field.name} {element.decode()} {size}", make
            yield f"{field.name} text {size}", partial(repeated, start + b'"', b"A", size, b'"}')


def names(size: int) -> bytes:
    return b"{" + b"".join(b'"n%d":1,' % index for index in range(size // 12)) + b'"n1":1}'


def probe(address: str, pid: int, roots: bytes | None, pipe: Any) -> None:
    """The neighbour: asks for the health all the time, and sends its longest waits when it is asked to."""
    server = psutil.Process(pid)
    processes = sorted([server, *server.children(recursive=True)], key=lambda each: -each.num_threads())
    credentials = None if roots is None else grpc.ssl_channel_credentials(roots)
    channel = grpc.secure_channel(address, credentials) if credentials else grpc.insecure_channel(address)
    stub = health_pb2_grpc.HealthStub(channel)
    wall_ms = own_ms = 0.0
    while True:
        if pipe.poll():
            if pipe.recv() == "end":
                return
            pipe.send((wall_ms, own_ms))
            wall_ms = own_ms = 0.0
        before, started = SchedulerTimes.of(processes), time.monotonic()
        stub.Check(health_pb2.HealthCheckRequest(), timeout=120)
        waited, after = (time.monotonic() - started) * 1e3, SchedulerTimes.of(processes)
        wall_ms, own_ms = max(wall_ms, waited), max(own_ms, after.caused_since(before, waited))
        time.sleep(PAUSE_S)


@dataclass(frozen=True, slots=True)
class SchedulerTimes:
    """Milliseconds of a server's threads: on cores, and the loop's thread waiting for one.

    Source: schedstat of Linux, in nanoseconds. Event loops run on the first thread of their processes.
    """

    cpu_ms: float
    loop_delay_ms: float

    @classmethod
    def of(cls, processes: Sequence[psutil.Process]) -> SchedulerTimes:
        """Of all processes of a server; the first is the one whose event loop answers."""
        cpu = delay = 0
        for process in processes:
            for stat in Path(f"/proc/{process.pid}/task").glob("*/schedstat"):
                with suppress(OSError):
                    on_core, waiting, _ = map(int, stat.read_text().split())
                    cpu += on_core
                    delay = waiting if int(stat.parent.name) == processes[0].pid else delay
        return cls(cpu / 1e6, delay / 1e6)

    def caused_since(self, before: SchedulerTimes, waited_ms: float) -> float:
        """How much of a wait between two moments the server can have caused."""
        delayed_ms = self.loop_delay_ms - before.loop_delay_ms
        return max(0.0, min(waited_ms - delayed_ms, self.cpu_ms - before.cpu_ms))


class Neighbour:
    """A process that asks for the health; `server.root_certificates` check the server's, if it has one."""

    def __init__(self, server: ServerProcess) -> None:
        assert server.process is not None
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(
            target=probe,
            args=(server.address, server.process.pid, server.root_certificates, other),
            daemon=True,
        )
        self._process.start()

    def longest(self) -> tuple[float, float]:
        """The longest wait since the last question, in milliseconds: by the clock, caused by the server."""
        self._pipe.send("tell")
        answer: tuple[float, float] = self._pipe.recv()
        return answer

    def end(self) -> None:
        self._pipe.send("end")
        self._process.join()


def run(server: ServerProcess, words: Sequence[str], seed: int, budget_s: float) -> list[Wait]:
    """Send attacks whose name has one of the words, in the order of the seed, until the time is over."""
    neighbour, targets = Neighbour(server), Targets(server)
    chosen = [each for each in targets.attacks() if not words or any(word in each.name for word in words)]
    random.Random(seed).shuffle(chosen)
    neighbour.longest()
    time.sleep(3)
    waits, end = [Wait("nothing", *neighbour.longest(), "")], time.monotonic() + budget_s
    for attack in chosen:
        if time.monotonic() > end:
            break
        content = attack.make()
        neighbour.longest()
        answer = attack.send(content)
        waits.append(Wait(attack.name, *neighbour.longest(), answer))
    neighbour.end()
    sys.stdout.write(f"{len(waits) - 1} of {len(chosen)} attacks\n")
    return waits


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only attacks with one of these in their name")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="armoire-fuzz-") as home, ServerProcess(Path(home)) as server:
        waits = run(server, chosen.words, chosen.seed, chosen.minutes * 60)
        log = server.log_path.read_text()
    for wait in [waits[0], *sorted(waits[1:], key=lambda each: -each.own_ms)[:20]]:
        sys.stdout.write(
            f"{wait.own_ms:8.1f} ms by the server {wait.wall_ms:8.1f} ms  {wait.name}  {wait.answer}\n"
        )
    bad = [wait for wait in waits if wait.answer.startswith("BAD")]
    long = [wait for wait in waits[1:] if wait.own_ms > BOUND_MS]
    for wait in bad[:20]:
        sys.stdout.write(f"{wait.answer}: {wait.name}\n")
    tracebacks = log.count("Traceback")
    sys.stdout.write(
        f"{len(long)} waits above {BOUND_MS:g} ms, {len(bad)} bad answers, {tracebacks} tracebacks\n"
    )
    if tracebacks:
        sys.stdout.write(log[log.index("Traceback") :][:3000])
    return 1 if long or bad or tracebacks else 0


if __name__ == "__main__":
    sys.exit(main())
