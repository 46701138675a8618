"""Sessions whose graph a model server runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np

from domain.errors import ArtifactError, FailedPrecondition, Unavailable
from models.session import REMOTE
from services.inference.batching.entries import Array
from services.inference.remote_sessions.address import RemoteAddress
from services.inference.remote_sessions.connection import LOG, Connection
from services.inference.remote_sessions.contract import GraphContract
from services.inference.remote_sessions.errors import UNKNOWN_NAME, KeyRefused, refusal
from services.inference.remote_sessions.messages import infer_request, output_rows, place_tensors, served_by
from services.inference.remote_sessions.shared_tensors import SharedRegion, SharedTensors
from services.oip.stubs import open_inference_pb2 as pb

RECHECK_S = 1.0
"""Seconds until a model that was refused is looked at again."""

MOST_CHANGES = 3
"""How often a run begins anew because the model has changed; several models may answer at one address."""


class RemoteSession:
    """A `Session` of one model of a server; made by `open`.

    `changes` counts how often another model may have taken the place of the one before: after a loss of the
    connection, and where an answer names another version.
    """

    provider = REMOTE

    def __init__(self, address: RemoteAddress, contract: GraphContract, timeout_s: float) -> None:
        self._address = address
        self._contract = contract
        self._connection = Connection(address, timeout_s)
        self._shared = SharedTensors(self._connection) if address.shared_memory else None
        self._output = ""
        self._max_rows = 0
        self._served_by: tuple[str, ...] | None = None
        self._other_models = 0

    @classmethod
    def open(cls, address: RemoteAddress, contract: GraphContract, timeout_s: float) -> RemoteSession:
        """Connect, and compare what the server says of the model with the contract.

        Raises:
            Unavailable: the server cannot be reached.
            FailedPrecondition: it has no such model, or the model has other tensors.
        """
        session = cls(address, contract, timeout_s)
        try:
            session.compare()
        except BaseException:
            session.close()
            raise
        return session

    @property
    def ready(self) -> bool:
        return self._connection.up

    @property
    def changes(self) -> int:
        return self._connection.losses + self._other_models

    def compare(self) -> None:
        """Ask the server what the model is. Raises as `open`."""
        about = {"name": self._address.model, "version": self._address.version}
        try:
            metadata = self._connection.call("ModelMetadata", pb.ModelMetadataRequest(**about))
        except Unavailable as error:
            if error.reason != UNKNOWN_NAME:
                raise
            raise refusal(f"there is no {self._address}: {error.message}") from error
        self._output = self._contract.output_name(metadata, str(self._address))
        self._max_rows = self._most_rows(about)

    def _most_rows(self, about: dict[str, str]) -> int:
        """The most rows of a request; 0 where the server does not tell: a configuration is an extension."""
        try:
            config = self._connection.call("ModelConfig", pb.ModelConfigRequest(**about)).config
        except (FailedPrecondition, RuntimeError):
            return 0
        return int(config.max_batch_size)

    def run(self, inputs: Array, *, exclusive: bool = False) -> tuple[Array, ...]:
        """Run rows, in requests of as many as the server takes. Raises as `Connection.call`."""
        most = self._max_rows or len(inputs)
        if len(inputs) <= most:
            return (self._run(inputs),)
        parts = [self._run(inputs[start : start + most]) for start in range(0, len(inputs), most)]
        return (np.concatenate(parts),)

    def shrink_arena(self, inputs: Array) -> None:
        """Does nothing, since the memory belongs to the server."""

    def close(self) -> None:
        """Leave the server; runs in flight fail."""
        if self._shared is not None:
            self._shared.clear()
        self._connection.close()

    def _run(self, rows: Array) -> Array:
        if self._shared is None:
            return self._infer(rows, None)
        try:
            return self._run_shared(self._shared, rows)
        except Unavailable as error:
            if error.reason != UNKNOWN_NAME:
                raise
            self._shared.clear()  # a server that has been started anew knows none of the regions
            return self._run_shared(self._shared, rows)

    def _run_shared(self, shared: SharedTensors, rows: Array) -> Array:
        with shared.region(rows.nbytes + self._contract.output.size_bytes(len(rows))) as region:
            return self._infer(rows, region)

    def _infer(self, rows: Array, region: SharedRegion | None) -> Array:
        contract = self._contract
        request = infer_request(self._address, contract, self._output, rows)
        if region is None:
            request.raw_input_contents.append(rows.tobytes())
        else:
            place_tensors(request, rows, region)
        response = self._connection.call("ModelInfer", request)
        self._note(served_by(response))
        return output_rows(response, contract, self._output, rows, region)

    def _note(self, served_by: tuple[str, ...]) -> None:
        if self._served_by not in (None, served_by):
            self._other_models += 1
        self._served_by = served_by


class CheckedSession:
    """A `Session` that runs no rows on a model it has not checked.

    Whenever the model of the server may be another one, `check` is called before it answers again.
    """

    provider = REMOTE

    def __init__(self, session: RemoteSession, check: Callable[[], object]) -> None:
        """`session` was checked just now; `check` raises if the outputs are not those of the model."""
        self._session = session
        self._check = check
        self._checked = session.changes
        self._refused: int | None = None
        self._refused_until = 0.0
        self._refusal = _other_model
        self._lock = threading.Lock()

    @property
    def ready(self) -> bool:
        """Whether the server is connected, and its model was not refused."""
        return self._session.ready and self._refused != self._session.changes

    def run(self, inputs: Array, *, exclusive: bool = False) -> tuple[Array, ...]:
        """Run rows. Raises as `RemoteSession.run`; Unavailable also if the server has another model."""
        for _ in range(MOST_CHANGES):
            changes = self._require_checked()
            outputs = self._session.run(inputs)
            if self._session.changes == changes:
                return outputs
        raise _other_model()

    def shrink_arena(self, inputs: Array) -> None:
        """Does nothing, since the memory belongs to the server."""

    def close(self) -> None:
        self._session.close()

    def _require_checked(self) -> int:
        """How many changes of the session were checked: all."""
        changes = self._session.changes
        if changes != self._checked:
            with self._lock:
                if changes != self._checked:
                    self._check_again(changes)
        return changes

    def _check_again(self, changes: int) -> None:
        if self._refused == changes and time.monotonic() < self._refused_until:
            raise self._refusal()
        try:
            self._session.compare()
            self._check()
        except (ArtifactError, FailedPrecondition) as error:
            LOG.error("the model server came back with another model, or refuses, so calls fail: %s", error)
            self._refused, self._refused_until = changes, time.monotonic() + RECHECK_S
            self._refusal = _key_refused if isinstance(error, KeyRefused) else _other_model
            raise self._refusal() from error
        LOG.info("the model of the model server was checked again")
        self._checked, self._refused = changes, None


def _key_refused() -> Unavailable:
    return Unavailable(
        "the server of the model does not take the key that is sent to it", reason="MODEL_SERVER_KEY_REFUSED"
    )


def _other_model() -> Unavailable:
    return Unavailable("the server of the model has another model now", reason="MODEL_SERVER_CHANGED")
