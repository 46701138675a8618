from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from armoire import (
    ArmoireError,
    DeadlineExceeded,
    InvalidInput,
    Overloaded,
    Product,
    RetryPolicy,
    Unavailable,
)
from armoire.v1 import indexing_pb2, inference_pb2, products_pb2

MODELS = inference_pb2.ListModelsResponse()


def unavailable(**options: Any) -> ArmoireError:
    return Unavailable("down", code="UNAVAILABLE", **options)


def test_waits_double_up_to_the_limit() -> None:
    policy = RetryPolicy(max_attempts=6, initial_backoff_s=1.0, max_backoff_s=5.0, jitter=0.0)
    assert [policy.backoff_s(attempt, unavailable()) for attempt in range(1, 7)] == [1, 2, 4, 5, 5, None]


def test_jitter_spreads_the_waits() -> None:
    policy = RetryPolicy(initial_backoff_s=1.0, jitter=0.25)
    waits = [policy.backoff_s(1, unavailable()) or 0.0 for _ in range(50)]
    assert len(set(waits)) > 1
    assert all(0.75 <= wait_s <= 1.25 for wait_s in waits)


def test_the_time_a_server_names_is_kept() -> None:
    error = Overloaded("full", code="RESOURCE_EXHAUSTED", retry_after_s=7.0)
    assert RetryPolicy(max_backoff_s=1.0).backoff_s(1, error) == 7.0


@pytest.mark.parametrize(
    "error",
    [
        Overloaded("too large", code="RESOURCE_EXHAUSTED"),
        InvalidInput("no", code="INVALID_ARGUMENT", retry_after_s=1.0),
        DeadlineExceeded("late", code="DEADLINE_EXCEEDED"),
    ],
)
def test_what_does_not_pass_is_not_tried_again(error: ArmoireError) -> None:
    assert RetryPolicy().backoff_s(1, error) is None


@pytest.mark.parametrize(
    "passing",
    [
        {"code": grpc.StatusCode.UNAVAILABLE, "explained": False},
        {"code": grpc.StatusCode.UNAVAILABLE, "retry_after_ms": 1},
        {"code": grpc.StatusCode.RESOURCE_EXHAUSTED, "retry_after_ms": 1},
    ],
)
def test_a_read_is_tried_again(client: Any, server: Any, fail: Any, passing: dict[str, Any]) -> None:
    server.say("ListModels", fail(**passing), fail(**passing), MODELS)
    assert client.models() == ()
    assert len(server.requests["ListModels"]) == 3


def test_tries_end(client: Any, server: Any, fail: Any) -> None:
    server.say("ListModels", fail(grpc.StatusCode.UNAVAILABLE, "still down", retry_after_ms=1))
    with pytest.raises(Unavailable, match="still down"):
        client.models()
    assert len(server.requests["ListModels"]) == 3


def test_an_overload_without_a_time_is_not_tried_again(client: Any, server: Any, fail: Any) -> None:
    server.say("ListModels", fail(grpc.StatusCode.RESOURCE_EXHAUSTED))
    with pytest.raises(Overloaded):
        client.models()
    assert len(server.requests["ListModels"]) == 1


@pytest.mark.parametrize(
    ("method", "write"),
    [
        ("UpdateProduct", lambda client: client.update_product(Product("a", id="p"), ["brand"])),
        ("UpdateProduct", lambda client: client.upsert_product(Product("a", external_id="s", etag="e"))),
        ("DeleteProduct", lambda client: client.delete_product("p")),
        ("CancelIndexingJob", lambda client: client.cancel_indexing_job("j")),
        ("RetryOperation", lambda client: client.retry_operation("o")),
        ("DeleteImage", lambda client: client.delete_image("i")),
        ("CreateProduct", lambda client: client.create_product(Product("a"), idempotency_key="")),
        ("IndexImage", lambda client: client.index(b"x", idempotency_key="")),
        ("Check", lambda client: client.health()),
    ],
)
def test_what_may_not_be_repeated_is_tried_once(
    client: Any, server: Any, fail: Any, method: str, write: Callable[[Any], object]
) -> None:
    server.say(method, fail(grpc.StatusCode.UNAVAILABLE, retry_after_ms=1))
    with pytest.raises(Unavailable):
        write(client)
    assert len(server.requests[method]) == 1


@pytest.mark.parametrize(
    ("method", "reply", "write"),
    [
        (
            "CreateProduct",
            products_pb2.CreateProductResponse(),
            lambda client: client.create_product(Product("a")),
        ),
        ("IndexImage", indexing_pb2.IndexImageResponse(), lambda client: client.index(b"x")),
    ],
)
def test_a_write_with_a_key_is_repeated_with_that_key(
    client: Any, server: Any, fail: Any, method: str, reply: Any, write: Callable[[Any], object]
) -> None:
    server.say(method, fail(grpc.StatusCode.UNAVAILABLE, retry_after_ms=1), reply, reply)
    write(client)
    write(client)
    first, again, other = (request.idempotency_key for request in server.requests[method])
    assert first == again != other


def test_an_upsert_without_an_etag_is_repeated(client: Any, server: Any, fail: Any) -> None:
    passing = fail(grpc.StatusCode.UNAVAILABLE, retry_after_ms=1)
    server.say("UpdateProduct", passing, products_pb2.UpdateProductResponse(created=True))
    assert client.upsert_product(Product("a", external_id="s"))[1]
    assert len(server.requests["UpdateProduct"]) == 2


def test_the_deadline_of_a_call(client: Any, server: Any, never: Any) -> None:
    server.say("ListModels", never)
    with pytest.raises(DeadlineExceeded, match=server.address):
        client.models(timeout_s=0.05)


def test_the_deadline_of_a_client(connect: Callable[..., Any], server: Any, never: Any) -> None:
    server.say("ListModels", never)
    with pytest.raises(DeadlineExceeded):
        connect(server.address, timeout_s=0.05).models()


def test_a_wait_beyond_the_deadline_is_not_begun(client: Any, server: Any, fail: Any) -> None:
    server.say("ListModels", fail(grpc.StatusCode.RESOURCE_EXHAUSTED, "full", retry_after_ms=7_200_000))
    with pytest.raises(Overloaded, match="full"):
        client.models(timeout_s=3600)  # either wait would outlast the time limit of a test


@pytest.mark.parametrize("timeout_s", [0, -1])
def test_a_deadline_in_the_past_is_refused(client: Any, timeout_s: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        client.models(timeout_s=timeout_s)
