"""A service of the contract with the servicer that implements it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from domain.errors import Unimplemented
from services.edge.decoding import decode_message


class UnknownMethod(Unimplemented):
    """The server offers no such call; another one may, or a later release."""

    reason = "UNKNOWN_METHOD"
    http_status = 404

    def __init__(self, path: str) -> None:
        super().__init__("method", f"this server does not offer {path}")


@dataclass(frozen=True, slots=True)
class HostedMethod:
    """A method of a service, and the servicer's function (request, context) for it.

    A request is a message, or an asynchronous iterator of messages where the client streams. The function is
    a coroutine function, or an asynchronous generator where the server streams.
    """

    descriptor: MethodDescriptor
    function: Any

    @property
    def request_class(self) -> type[Message]:
        return GetMessageClass(self.descriptor.input_type)

    @property
    def response_class(self) -> type[Message]:
        return GetMessageClass(self.descriptor.output_type)

    @property
    def path(self) -> str:
        """Its path, which is the same in gRPC and over HTTP."""
        return f"/{self.descriptor.containing_service.full_name}/{self.descriptor.name}"


@dataclass(frozen=True, slots=True)
class HostedService:
    """A service and its servicer, an object with a function by the name of each method."""

    descriptor: ServiceDescriptor
    servicer: object

    @property
    def name(self) -> str:
        return self.descriptor.full_name

    def method(self, name: str) -> HostedMethod:
        return HostedMethod(self.descriptor.methods_by_name[name], getattr(self.servicer, name))

    def methods(self) -> Iterator[HostedMethod]:
        for method in self.descriptor.methods:
            yield self.method(method.name)

    def add_to(self, server: grpc.aio.Server) -> None:
        handlers = {method.descriptor.name: _handler(method) for method in self.methods()}
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(self.name, handlers),))
        server.add_registered_method_handlers(self.name, handlers)  # type: ignore[attr-defined]


_HANDLERS = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}
"""By whether the client and the server stream."""


def _handler(method: HostedMethod) -> Any:
    make = _HANDLERS[method.descriptor.client_streaming, method.descriptor.server_streaming]
    decode = partial(decode_message, method.request_class)
    return make(method.function, decode, method.response_class.SerializeToString)
