"""Sessions before a real gRPC server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import grpc
import numpy as np
import pytest
from google.protobuf.any_pb2 import Any as AnyProto
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from domain.calls import CURRENT_CALL, Call
from domain.errors import (
    ArtifactError,
    DeadlineExceeded,
    FailedPrecondition,
    Overloaded,
    Unavailable,
)
from services.inference.remote_sessions.errors import KeyRefused
from services.inference.remote_sessions.session import CheckedSession, RemoteSession
from tests.polling import until
from tests.unit.services.inference.remote_sessions.model_server import (
    CONTRACT,
    PIXELS,
    TIMEOUT_S,
    ModelServer,
    double,
)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def session(server: ModelServer) -> Iterator[RemoteSession]:
    opened = RemoteSession.open(server.address, CONTRACT, TIMEOUT_S)
    yield opened
    opened.close()


@pytest.fixture
def sharing(server: ModelServer) -> Iterator[RemoteSession]:
    opened = RemoteSession.open(replace(server.address, shared_memory=True), CONTRACT, TIMEOUT_S)
    yield opened
    opened.close()


def test_outputs_come_back_in_raw_and_in_typed_contents(server: ModelServer, session: RemoteSession) -> None:
    for raw in (True, False):
        server.raw = raw
        np.testing.assert_array_equal(session.run(PIXELS)[0], double(PIXELS))


def test_a_server_gets_no_more_rows_than_it_takes(server: ModelServer) -> None:
    server.most_rows = 2
    session = RemoteSession.open(server.address, CONTRACT, TIMEOUT_S)
    np.testing.assert_array_equal(session.run(PIXELS)[0], double(PIXELS))
    assert server.batches == [2, 1]
    session.close()


def test_several_batches_are_in_flight(server: ModelServer, session: RemoteSession) -> None:
    together = threading.Barrier(3)

    def wait_and_double(rows: np.ndarray) -> np.ndarray:
        together.wait(TIMEOUT_S)
        return double(rows)

    server.model = wait_and_double
    with ThreadPoolExecutor(3) as threads:
        for outputs in threads.map(lambda _: session.run(PIXELS)[0], range(3)):
            np.testing.assert_array_equal(outputs, double(PIXELS))


def test_another_model_is_refused_with_both_shapes(server: ModelServer) -> None:
    server.input = ("images", "UINT8", [-1, 5])
    with pytest.raises(FailedPrecondition) as error:
        RemoteSession.open(server.address, CONTRACT, TIMEOUT_S)
    assert "takes images UINT8 [-1, 5]; the image needs images UINT8 [-1, 2]" in error.value.message


def test_an_unknown_model_is_refused_by_its_name(server: ModelServer) -> None:
    with pytest.raises(FailedPrecondition, match="there is no model 'other' of 127"):
        RemoteSession.open(replace(server.address, model="other"), CONTRACT, TIMEOUT_S)


def test_a_server_that_is_not_there_may_come() -> None:
    server = ModelServer()
    with pytest.raises(Unavailable, match="the server of the model cannot be reached"):
        RemoteSession.open(server.address, CONTRACT, TIMEOUT_S)


def test_an_output_of_another_shape_is_refused(server: ModelServer, session: RemoteSession) -> None:
    server.model = lambda rows: double(rows)[:, :1]
    with pytest.raises(FailedPrecondition, match=r"answered with FP32 \[3, 1\], not FP32 \[3, 2\]"):
        session.run(PIXELS)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (grpc.StatusCode.UNAVAILABLE, Unavailable),
        (grpc.StatusCode.NOT_FOUND, Unavailable),
        (grpc.StatusCode.DEADLINE_EXCEEDED, Unavailable),  # its own: ours has not passed
        (grpc.StatusCode.RESOURCE_EXHAUSTED, Overloaded),
        (grpc.StatusCode.INVALID_ARGUMENT, FailedPrecondition),
        (grpc.StatusCode.FAILED_PRECONDITION, FailedPrecondition),
        (grpc.StatusCode.UNIMPLEMENTED, FailedPrecondition),
        (grpc.StatusCode.INTERNAL, RuntimeError),
        (grpc.StatusCode.UNKNOWN, RuntimeError),
    ],
)
def test_failures_of_the_server_have_their_meaning(
    server: ModelServer, session: RemoteSession, code: grpc.StatusCode, kind: type[Exception]
) -> None:
    server.fail = lambda context: context.abort(code, "so it is")
    with pytest.raises(kind):
        session.run(PIXELS)


@pytest.mark.parametrize("code", [grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED])
def test_a_server_is_sent_the_key_and_may_refuse_it(
    server: ModelServer, session: RemoteSession, code: grpc.StatusCode
) -> None:
    def refuse(context: grpc.ServicerContext) -> None:
        if ("authorization", "Bearer ours") not in context.invocation_metadata():
            context.abort(code, "no such key")

    server.fail = refuse
    with pytest.raises(FailedPrecondition, match="wants another key: ARMOIRE_MODELS__REMOTE_KEY"):
        session.run(PIXELS)
    keyed = RemoteSession.open(replace(server.address, key="ours"), CONTRACT, TIMEOUT_S)
    np.testing.assert_array_equal(keyed.run(PIXELS)[0], double(PIXELS))
    keyed.close()


@pytest.mark.parametrize("code", [grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE])
def test_the_server_says_when_to_come_back(
    server: ModelServer, session: RemoteSession, code: grpc.StatusCode
) -> None:
    def fail(context: grpc.ServicerContext) -> None:
        detail = AnyProto()
        detail.Pack(RetryInfo(retry_delay=Duration(seconds=7, nanos=500_000_000)))
        status = Status(code=code.value[0], message="later", details=[detail])
        context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])
        context.abort(code, "later")

    server.fail = fail
    with pytest.raises((Overloaded, Unavailable)) as error:
        session.run(PIXELS)
    assert error.value.retry_after_s == 7.5


def test_a_batch_is_not_waited_for_beyond_its_deadline(server: ModelServer, session: RemoteSession) -> None:
    release = threading.Event()
    server.fail = lambda _: release.wait(TIMEOUT_S)
    token = CURRENT_CALL.set(Call("", deadline=time.monotonic() + 0.2))
    try:
        for _ in range(2):  # in the second run it has passed before
            with pytest.raises(DeadlineExceeded):
                session.run(PIXELS)
    finally:
        CURRENT_CALL.reset(token)
        release.set()


def test_a_server_that_does_not_answer_is_given_up(server: ModelServer) -> None:
    session = RemoteSession.open(server.address, CONTRACT, 0.2)
    release = threading.Event()
    server.fail = lambda _: release.wait(TIMEOUT_S)
    with pytest.raises(Unavailable, match="does not answer in time"):
        session.run(PIXELS)
    release.set()
    session.close()


def test_a_closed_session_runs_nothing(session: RemoteSession) -> None:
    session.close()
    with pytest.raises(Unavailable, match="the model was unloaded"):
        session.run(PIXELS)


def test_tensors_may_be_in_shared_memory(server: ModelServer, sharing: RemoteSession) -> None:
    before = set(Path("/dev/shm").iterdir())
    for count in (1, 3, 2):
        np.testing.assert_array_equal(sharing.run(PIXELS[:count])[0], double(PIXELS[:count]))
    assert len(server.memory.regions()) == 1
    assert set(Path("/dev/shm").iterdir()) <= before
    sharing.close()
    assert server.memory.regions() == []


def test_memory_of_a_failed_run_is_not_used_again(server: ModelServer, sharing: RemoteSession) -> None:
    sharing.run(PIXELS)
    (region,) = server.memory.regions()
    server.fail = lambda context: context.abort(grpc.StatusCode.INTERNAL, "so it is")
    with pytest.raises(RuntimeError):
        sharing.run(PIXELS)
    server.fail = None
    np.testing.assert_array_equal(sharing.run(PIXELS)[0], double(PIXELS))
    assert region.name not in [each.name for each in server.memory.regions()]


def test_a_server_that_has_lost_the_memory_gets_other(server: ModelServer, sharing: RemoteSession) -> None:
    sharing.run(PIXELS)
    server.memory.unregister()
    np.testing.assert_array_equal(sharing.run(PIXELS)[0], double(PIXELS))


class Checks:
    """Counts the checks of a session, each of which raises `error` where there is one."""

    def __init__(self, session: RemoteSession) -> None:
        self.count = 0
        self.error: Exception | None = None
        self.session = CheckedSession(session, self.check)

    def check(self) -> None:
        self.count += 1
        if self.error is not None:
            raise self.error


def answers(session: CheckedSession) -> bool:
    try:
        session.run(PIXELS)
    except Unavailable:
        return False
    return True


def test_a_server_that_comes_back_is_checked_before_it_answers(
    server: ModelServer, session: RemoteSession
) -> None:
    checks = Checks(session)
    until(lambda: checks.session.ready)
    assert answers(checks.session)
    assert checks.count == 0
    server.stop()
    assert until(lambda: not answers(checks.session))
    until(lambda: not checks.session.ready)
    server.start()
    until(lambda: checks.session.ready)  # without a call
    assert until(lambda: answers(checks.session))
    assert checks.count >= 1


def test_a_model_that_its_server_unloads_is_not_ready(server: ModelServer, session: RemoteSession) -> None:
    until(lambda: session.ready)
    server.ready = False
    until(lambda: not session.ready)
    server.ready = True
    until(lambda: session.ready)


def test_another_version_is_checked_before_its_answers_are_used(
    server: ModelServer, session: RemoteSession
) -> None:
    checks = Checks(session)
    assert answers(checks.session)
    server.version = "2"
    assert answers(checks.session)
    assert checks.count == 1


def test_another_model_in_its_place_fails_calls_until_it_is_gone(
    server: ModelServer, session: RemoteSession
) -> None:
    checks = Checks(session)
    until(lambda: checks.session.ready)
    assert answers(checks.session)
    server.version, checks.error = "2", ArtifactError("golden embeddings differ")
    with pytest.raises(Unavailable) as error:
        checks.session.run(PIXELS)
    assert error.value.reason == "MODEL_SERVER_CHANGED"
    assert not checks.session.ready
    checks.error = None
    assert until(lambda: answers(checks.session))
    assert checks.session.ready


def test_a_server_that_comes_back_may_refuse_the_key(server: ModelServer, session: RemoteSession) -> None:
    checks = Checks(session)
    assert answers(checks.session)
    server.stop()
    assert until(lambda: not answers(checks.session))
    checks.error = KeyRefused("the server of the model wants another key")
    server.start()

    def reason() -> str:
        with pytest.raises(Unavailable) as error:
            checks.session.run(PIXELS)
        return error.value.reason

    until(lambda: reason() == "MODEL_SERVER_KEY_REFUSED")
    assert reason() == "MODEL_SERVER_KEY_REFUSED"
    checks.error = None
    assert until(lambda: answers(checks.session))


def test_an_address_where_several_models_answer_is_no_model(
    server: ModelServer, session: RemoteSession
) -> None:
    checks = Checks(session)

    def another(rows: np.ndarray) -> np.ndarray:
        server.version = f"{server.version}+"
        return double(rows)

    assert answers(checks.session)
    server.model = another
    with pytest.raises(Unavailable, match="another model"):
        checks.session.run(PIXELS)
