"""A connection to a model server."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf.message import Message

from domain.calls import CURRENT_CALL
from domain.errors import DeadlineExceeded, Unavailable
from services.inference.remote_sessions.address import RemoteAddress
from services.inference.remote_sessions.errors import GONE, closed, domain_error
from services.oip.stubs import open_inference_pb2 as pb

LOG = logging.getLogger("armoire.remote")

_SERVICE = pb.DESCRIPTOR.services_by_name["GRPCInferenceService"]
_OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 1000),
    ("grpc.max_reconnect_backoff_ms", 1000),
)
PROBE_S = 1.0
"""Seconds between two questions whether the model is ready."""


class Connection:
    """A gRPC channel to the server of a model. Several threads may call at once.

    It connects again by itself after a loss, and asks every second whether the model is ready. `losses`
    counts how often it was not, since a server that comes back may be another one.
    """

    def __init__(self, address: RemoteAddress, timeout_s: float) -> None:
        """`timeout_s` limits calls whose deadline is later, or that have none."""
        self.up = False
        self.losses = 0
        self._address = address
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._metadata = (("authorization", f"Bearer {address.key}"),) if address.key else ()
        self._channel = _channel(address)
        self._methods: dict[str, Callable[..., Any]] = {
            method.name: self._channel.unary_unary(
                f"/{_SERVICE.full_name}/{method.name}",
                getattr(pb, method.input_type.name).SerializeToString,
                getattr(pb, method.output_type.name).FromString,
            )
            for method in _SERVICE.methods
            if not method.server_streaming
        }
        self._probing = threading.Thread(target=self._probe, name=f"probe-{address.model}", daemon=True)
        self._probing.start()

    def call(self, method: str, request: Message) -> Any:
        """Call a method within the deadline of the current call; returns the answer.

        Raises:
            Unavailable: the server cannot be reached, takes too long, or lacks what is named.
            Overloaded: it is full.
            DeadlineExceeded: the deadline has passed.
            FailedPrecondition: it refuses the request.
            RuntimeError: it has failed.
        """
        answer = self._ask(method, request)
        self._note(up=True)
        return answer

    def close(self) -> None:
        """Leave the server; calls in flight fail."""
        self._closed.set()
        self._channel.close()
        self._probing.join()

    def _ask(self, method: str, request: Message) -> Any:
        timeout_s = self._remaining_s()
        try:
            return self._methods[method](request, timeout=timeout_s, metadata=self._metadata)
        except grpc.RpcError as error:
            failure = closed() if self._closed.is_set() else domain_error(error)
            if isinstance(failure, Unavailable) and failure.reason == GONE:
                self._note(up=False)
            raise failure from error
        except ValueError as error:  # the channel is closed
            raise closed() from error

    def _remaining_s(self) -> float:
        deadline = CURRENT_CALL.get().deadline
        if deadline is None:
            return self._timeout_s
        remaining_s = deadline - time.monotonic()
        if remaining_s <= 0:
            raise DeadlineExceeded("the deadline passed before the model had answered")
        return min(self._timeout_s, remaining_s)

    def _probe(self) -> None:
        """Ask until the connection is closed; a server that cannot tell is taken to be ready."""
        request = pb.ModelReadyRequest(name=self._address.model, version=self._address.version)
        while not self._closed.wait(PROBE_S):
            with contextlib.suppress(Exception):
                self._note(up=self._ask("ModelReady", request).ready)

    def _note(self, *, up: bool) -> None:
        with self._lock:
            was_up, self.up = self.up, up
            self.losses += was_up and not up
        if up and not was_up:
            LOG.info("the model server answers: %s", self._address)
        elif was_up and not up:
            LOG.error("the model server is gone, calls fail until it is back: %s", self._address)


def _channel(address: RemoteAddress) -> grpc.Channel:
    if address.ca is None:
        return grpc.insecure_channel(address.target, options=_OPTIONS)
    return grpc.secure_channel(
        address.target, grpc.ssl_channel_credentials(address.ca or None), options=_OPTIONS
    )
