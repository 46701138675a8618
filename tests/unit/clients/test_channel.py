"""What a channel is opened to, with one server and with several."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2

from armoire import RetryPolicy, Unavailable
from armoire.channel import channel_target, is_loopback, key_metadata
from armoire.v1 import inference_pb2, products_pb2
from tests.polling import until
from tests.unit.clients.scripted_server import ScriptedServer, serving


def test_the_key_may_be_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARMOIRE_API_KEY", raising=False)
    monkeypatch.setenv("ARMOIRE_API_KEY_FILE", str(file := tmp_path / "key"))
    with pytest.raises(ValueError, match=r"ARMOIRE_API_KEY_FILE: .*key cannot be read: No such file"):
        key_metadata()
    file.write_text("armoire_1_2\n")
    assert key_metadata() == (("authorization", "Bearer armoire_1_2"),)
    monkeypatch.setenv("ARMOIRE_API_KEY", "armoire_3_4")
    with pytest.raises(ValueError, match="both set"):
        key_metadata()


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("shop.example:50051", "shop.example:50051"),
        ("dns:///shop.example:50051", "dns:///shop.example:50051"),
        ("127.0.0.1:1, localhost:2", "ipv4:127.0.0.1:1,127.0.0.1:2"),
        ("[::1]:1,[::2]:2", "ipv6:[::1]:1,[::2]:2"),
    ],
)
def test_targets(address: str, target: str) -> None:
    assert channel_target(address) == target


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("10.0.0.1:1,shop.example:2", "not 'shop.example:2'; a name behind which"),
        ("10.0.0.1:1,", "not ''"),
        ("10.0.0.1:1,10.0.0.2", "not '10.0.0.2'"),
        ("10.0.0.1:1,[::1]:2", "both IPv4 and IPv6"),
    ],
)
def test_addresses_that_make_no_list(address: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        channel_target(address)


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("127.0.0.1:1,localhost:2", True),
        ("127.0.0.1:1,10.0.0.1:2", False),
        ("dns:///localhost:1", True),
        ("dns:shop.example:1", False),
    ],
)
def test_a_list_is_of_this_machine_if_each_of_it_is(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


class Health:
    """Answers all who watch a server's health, until it is closed."""

    def __init__(self, server: ScriptedServer) -> None:
        self._state, self._closed = "NOT_SERVING", False
        self._changed = threading.Condition()
        server.say("Watch", self._watch)

    def serve(self) -> None:
        with self._changed:
            self._state = "SERVING"
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _watch(self, _: Any) -> Iterator[health_pb2.HealthCheckResponse]:
        told = ""
        while not self._closed:
            if told != self._state:
                told = self._state
                yield health_pb2.HealthCheckResponse(status=told)
            with self._changed:
                while not self._closed and told == self._state:
                    self._changed.wait()


@pytest.fixture
def two() -> Iterator[list[ScriptedServer]]:
    with serving() as first, serving() as second:
        for server in (first, second):
            server.say("ListModels", inference_pb2.ListModelsResponse())
            server.say("DeleteProduct", products_pb2.DeleteProductResponse())
        yield [first, second]


@pytest.fixture
def watched(two: list[ScriptedServer]) -> Iterator[list[Health]]:
    """Both tell their health; none serves."""
    healths = [Health(server) for server in two]
    yield healths
    for health in healths:
        health.close()


def joined(servers: list[ScriptedServer]) -> str:
    return ",".join(server.address for server in servers)


def test_calls_go_round_the_servers(connect: Callable[..., Any], two: list[ScriptedServer]) -> None:
    client = connect(joined(two))
    until(lambda: client.models() == () and all(server.requests["ListModels"] for server in two))


def test_a_server_that_takes_no_calls_gets_none(
    connect: Callable[..., Any], two: list[ScriptedServer], watched: list[Health]
) -> None:
    watched[1].serve()
    client = connect(joined(two))
    assert [client.models() for _ in range(10)] == [()] * 10
    assert not two[0].requests["ListModels"]


def test_what_may_not_be_sent_twice_waits_for_a_server(
    connect: Callable[..., Any], two: list[ScriptedServer], watched: list[Health]
) -> None:
    client = connect(joined(two), retries=RetryPolicy(max_attempts=1))
    with pytest.raises(Unavailable):
        client.models()
    with ThreadPoolExecutor(1) as thread:
        deleting = thread.submit(client.delete_product, "1")
        with pytest.raises(TimeoutError):
            deleting.result(0.2)
        watched[1].serve()
        deleting.result(60)
    assert [len(server.requests["DeleteProduct"]) for server in two] == [0, 1]


def test_a_call_that_the_server_ends_is_made_again(client: Any, server: ScriptedServer, fail: Any) -> None:
    """gRPC cancels the calls that come while it closes a port."""
    ended = fail(grpc.StatusCode.CANCELLED, explained=False)
    server.say("ListModels", ended, inference_pb2.ListModelsResponse())
    assert client.models() == ()
