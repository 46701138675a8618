"""A real gRPC server that answers what a test tells it to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as AnyProto
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2

from armoire.v1 import (
    account_pb2,
    admin_pb2,
    catalog_pb2,
    inference_pb2,
    models_pb2,
    operations_pb2,
    outfits_pb2,
)

PROTOS = (
    account_pb2,
    admin_pb2,
    inference_pb2,
    catalog_pb2,
    models_pb2,
    operations_pb2,
    outfits_pb2,
    health_pb2,
)


@dataclass(frozen=True)
class Failure:
    """A call that ends in a status, explained by google.rpc details or not."""

    status: status_pb2.Status
    explained: bool = True


def failure(
    code: grpc.StatusCode,
    message: str = "no",
    *,
    reason: str = "",
    fields: dict[str, str] | None = None,
    retry_after_ms: int | None = None,
    explained: bool = True,
) -> Failure:
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=reason, domain="armoire", metadata={"a": "b"})
    ]
    if fields:
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=name, description=text)
            for name, text in fields.items()
        ]
        details.append(error_details_pb2.BadRequest(field_violations=violations))
    if retry_after_ms is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(retry_after_ms)
        details.append(retry)
    status = status_pb2.Status(code=code.value[0], message=message)
    for detail in details:
        packed = AnyProto()
        packed.Pack(detail)
        status.details.append(packed)
    return Failure(status, explained)


@dataclass
class ScriptedServer(grpc.GenericRpcHandler):
    """Serves every method of the protos from a script; the last answer of a method is given for ever."""

    answers: dict[str, list[Any]] = field(default_factory=dict)
    requests: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    metadata: dict[str, list[dict[str, str | bytes]]] = field(default_factory=lambda: defaultdict(list))
    address: str = ""

    def say(self, method: str, *answers: Any) -> None:
        """An answer is a message, a Failure, a list of those (for a stream), or a function of the request.

        For a stream of requests it is a function of their iterator and the context.
        """
        self.answers[method] = list(answers)

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        service, method = details.method.rsplit("/", 1)
        found = _method(service.lstrip("/"), method)
        if found is None or method not in self.answers:
            return None
        reader = GetMessageClass(found.input_type).FromString
        if found.client_streaming:
            return self._streamed(method, found.server_streaming, reader)
        if found.server_streaming:
            return grpc.unary_stream_rpc_method_handler(self._stream(method), reader, _write)
        return grpc.unary_unary_rpc_method_handler(self._unary(method), reader, _write)

    def _streamed(self, method: str, server_streaming: bool, reader: Any) -> grpc.RpcMethodHandler:
        def kept(requests: Iterator[Message]) -> Iterator[Message]:
            for request in requests:
                self.requests[method].append(request)
                yield request

        def take_turn(requests: Iterator[Message], context: grpc.ServicerContext) -> Any:
            self.metadata[method].append(dict(context.invocation_metadata()))
            script = self.answers[method]
            answer = script.pop(0) if len(script) > 1 else script[0]
            return answer(kept(requests), context)

        def serve_stream(requests: Iterator[Message], context: grpc.ServicerContext) -> Iterator[Message]:
            for answer in take_turn(requests, context):
                yield _say(answer, context)

        def serve_single(requests: Iterator[Message], context: grpc.ServicerContext) -> Message:
            return _say(take_turn(requests, context), context)

        if server_streaming:
            return grpc.stream_stream_rpc_method_handler(serve_stream, reader, _write)
        return grpc.stream_unary_rpc_method_handler(serve_single, reader, _write)

    def _next(self, method: str, request: Message, context: grpc.ServicerContext) -> Any:
        self.requests[method].append(request)
        self.metadata[method].append(dict(context.invocation_metadata()))
        script = self.answers[method]
        answer = script.pop(0) if len(script) > 1 else script[0]
        return answer(request) if callable(answer) else answer

    def _unary(self, method: str) -> Callable[[Message, grpc.ServicerContext], Message]:
        def serve(request: Message, context: grpc.ServicerContext) -> Message:
            return _say(self._next(method, request, context), context)

        return serve

    def _stream(self, method: str) -> Callable[[Message, grpc.ServicerContext], Iterator[Message]]:
        def serve(request: Message, context: grpc.ServicerContext) -> Iterator[Message]:
            for answer in self._next(method, request, context):
                yield _say(answer, context)

        return serve


def _method(service: str, method: str) -> Any:
    for proto in PROTOS:
        for found in proto.DESCRIPTOR.services_by_name.values():
            if found.full_name == service:
                return found.methods_by_name.get(method)
    return None


def _write(message: Message) -> bytes:
    return message.SerializeToString()


def _say(answer: Any, context: grpc.ServicerContext) -> Message:
    if not isinstance(answer, Failure):
        return answer
    trailing: list[tuple[str, str | bytes]] = [("x-request-id", "request-1")]
    if answer.explained:
        trailing.append(("grpc-status-details-bin", answer.status.SerializeToString()))
    context.set_trailing_metadata(tuple(trailing))
    code = next(code for code in grpc.StatusCode if code.value[0] == answer.status.code)
    context.abort(code, answer.status.message)
    raise AssertionError("abort raises")


@contextmanager
def serving(credentials: grpc.ServerCredentials | None = None) -> Iterator[ScriptedServer]:
    """A scripted server on a free port, encrypted where there are credentials."""
    script = ScriptedServer()
    with ThreadPoolExecutor(16) as pool:
        limits = [("grpc.max_receive_message_length", 64 * 2**20)]
        running = grpc.server(pool, handlers=(script,), options=limits)
        if credentials is None:
            port = running.add_insecure_port("127.0.0.1:0")
        else:
            port = running.add_secure_port("127.0.0.1:0", credentials)
        script.address = f"127.0.0.1:{port}"
        running.start()
        yield script
        running.stop(None).wait()
