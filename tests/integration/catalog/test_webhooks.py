"""Webhooks, sent to a real receiver on loopback."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.types import DEFAULT_PRINCIPAL
from services.background.backoff import Backoff
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.records.operations import OperationKind
from services.catalog.records.webhooks import Delivery, DeliveryState, Webhook
from services.catalog.webhooks.dispatcher import DispatchOptions
from services.catalog.webhooks.sender import SendOptions
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, bad_photo, photo
from tests.integration.catalog.flows import OTHER, end_of

QUICK = DispatchOptions(retry=Backoff(0.01, 0.01), look_s=0.05)


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def event(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    def is_signed(self, secret: str) -> bool:
        """As the Standard Webhooks specification says."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.{self.body}"
        digest = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
        return self.headers["webhook-signature"] == f"v1,{digest}"


@dataclass
class Receiver:
    """Takes requests and answers with the statuses it is given, 204 after the last."""

    statuses: list[int] = field(default_factory=list)
    received: asyncio.Queue[Received] = field(default_factory=asyncio.Queue)
    silent: asyncio.Event | None = None
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, *rest = head.decode().split("\r\n")
                headers = {
                    name.lower(): value for name, _, value in (each.partition(": ") for each in rest if each)
                }
                body = (await reader.readexactly(int(headers["content-length"]))).decode()
                self.received.put_nowait(Received(line.split()[1], headers, body))
                if self.silent is not None:
                    await self.silent.wait()
                status = self.statuses.pop(0) if self.statuses else 204
                location = "location: /elsewhere\r\n" if status == 302 else ""
                writer.write(f"HTTP/1.1 {status} X\r\n{location}content-length: 0\r\n\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    yield receiver
    if receiver.silent is not None:
        receiver.silent.set()
    server.close()


@pytest.fixture
def options(options: CatalogOptions) -> CatalogOptions:
    sending = SendOptions(allow_http=True, allow_private=True, timeout_s=600.0)
    return replace(options, webhooks=sending, dispatch=QUICK)


async def ended(catalog: Catalog, wanted: Callable[[Delivery], bool]) -> Delivery:
    """The delivery once it is as wanted."""
    async with asyncio.timeout(60):
        while True:
            page = await catalog.webhooks.list_deliveries(DEFAULT_PRINCIPAL)
            for delivery in page.entries:
                if wanted(delivery):
                    return delivery
            await asyncio.sleep(0.02)


async def hook_of(catalog: Catalog) -> Webhook:
    (hook,) = await catalog.webhooks.list(DEFAULT_PRINCIPAL)
    return hook


async def fail_a_job(catalog: Catalog, seed: int = 1) -> str:
    job = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(bad_photo(seed)))
    return (await end_of(catalog, job.id)).id


async def test_the_ends_of_jobs_and_operations_are_sent_signed(catalog: Catalog, receiver: Receiver) -> None:
    made = await catalog.webhooks.create(DEFAULT_PRINCIPAL, receiver.url, [])
    failed = await fail_a_job(catalog)
    complete = await end_of(
        catalog, (await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(2)))).id
    )
    operation = await catalog.operations.start(DEFAULT_PRINCIPAL, OperationKind.AUDIT, {})
    got = [await receiver.received.get() for _ in range(3)]
    assert all(each.is_signed(made.secret) for each in got)
    assert not any(each.is_signed("whsec_" + "A" * 43 + "=") for each in got)
    by_type = {each.event["type"]: each.event["data"] for each in got}
    assert by_type == {
        "indexing_job.failed": {"job_id": failed, "state": "FAILED", "reason": "INVALID_INPUT"},
        "indexing_job.complete": {"job_id": complete.id, "state": "COMPLETE", "reason": ""},
        "operation.succeeded": {
            "operation_id": operation.id,
            "kind": "AUDIT",
            "state": "SUCCEEDED",
            "reason": "",
        },
    }
    for each in got:
        sent = await ended(
            catalog,
            lambda delivery, id=each.headers["webhook-id"]: (  # type: ignore[misc]
                delivery.id == id and delivery.state is DeliveryState.DELIVERED
            ),
        )
        assert (sent.attempts, sent.status, sent.error) == (1, 204, "")


async def test_only_events_that_were_asked_for_are_sent_and_only_to_their_tenant(
    catalog: Catalog, receiver: Receiver
) -> None:
    await catalog.webhooks.create(DEFAULT_PRINCIPAL, receiver.url, ["indexing_job.cancelled"])
    await catalog.webhooks.create(OTHER, receiver.url, [])
    await fail_a_job(catalog)
    page = await catalog.webhooks.list_deliveries(DEFAULT_PRINCIPAL)
    assert page.entries == (await catalog.webhooks.list_deliveries(OTHER)).entries == ()


async def test_a_delivery_is_sent_until_it_is_taken_with_the_same_id(
    catalog: Catalog, receiver: Receiver
) -> None:
    receiver.statuses = [500, 302, 429]
    await catalog.webhooks.create(DEFAULT_PRINCIPAL, receiver.url, [])
    await fail_a_job(catalog)
    got = [await receiver.received.get() for _ in range(4)]
    assert {each.path for each in got} == {"/hook"}  # no redirect is followed
    (id,) = {each.headers["webhook-id"] for each in got}
    sent = await ended(catalog, lambda delivery: delivery.state is DeliveryState.DELIVERED)
    assert (sent.id, sent.attempts, sent.status) == (id, 4, 204)
    assert (await hook_of(catalog)).failing_from is None


async def test_a_delivery_that_nobody_takes_is_given_up_and_its_webhook_disabled(
    build: Callable[[], Catalog], options: CatalogOptions, receiver: Receiver
) -> None:
    impatient = replace(options, dispatch=replace(QUICK, retry_for_s=0.0))
    catalog = Catalog(impatient, FakeAnalyzer(), TAXONOMY)
    await catalog.start()
    receiver.statuses = [503]
    made = await catalog.webhooks.create(DEFAULT_PRINCIPAL, receiver.url, [])
    failed_id = await fail_a_job(catalog)
    dead = await ended(catalog, lambda delivery: delivery.state is DeliveryState.FAILED)
    assert (dead.status, dead.error) == (503, "127.0.0.1 answered 503")
    assert (await hook_of(catalog)).disabled
    await fail_a_job(catalog, 2)
    assert len((await catalog.webhooks.list_deliveries(DEFAULT_PRINCIPAL)).entries) == 1

    tested = await catalog.webhooks.test(DEFAULT_PRINCIPAL, made.webhook.id)
    assert (tested.event, tested.state) == ("webhook.test", DeliveryState.DELIVERED)
    assert not (await hook_of(catalog)).disabled
    await catalog.webhooks.redeliver(DEFAULT_PRINCIPAL, dead.id)
    again = await ended(
        catalog, lambda delivery: (delivery.id, delivery.state) == (dead.id, DeliveryState.DELIVERED)
    )
    assert again.attempts == 1
    bodies = [receiver.received.get_nowait().event for _ in range(receiver.received.qsize())]
    assert [body["data"].get("job_id") for body in bodies] == [failed_id, None, failed_id]
    await catalog.stop()


async def test_a_receiver_that_is_gone_is_sent_nothing_more(catalog: Catalog, receiver: Receiver) -> None:
    receiver.statuses = [410]
    await catalog.webhooks.create(DEFAULT_PRINCIPAL, receiver.url, [])
    await fail_a_job(catalog)
    await ended(catalog, lambda delivery: delivery.state is DeliveryState.FAILED)
    assert (await hook_of(catalog)).disabled


async def test_a_silent_receiver_keeps_no_other_waiting(catalog: Catalog, receiver: Receiver) -> None:
    receiver.silent = asyncio.Event()
    await catalog.webhooks.create(DEFAULT_PRINCIPAL, receiver.url, [])
    other = Receiver()
    server = await asyncio.start_server(other.serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    await catalog.webhooks.create(DEFAULT_PRINCIPAL, url, [])
    jobs = {await fail_a_job(catalog, seed) for seed in range(20)}
    assert {(await other.received.get()).event["data"]["job_id"] for _ in jobs} == jobs
    assert receiver.received.qsize() == QUICK.per_webhook
    server.close()


async def test_a_removed_webhook_takes_its_deliveries_along(catalog: Catalog, receiver: Receiver) -> None:
    made = await catalog.webhooks.create(DEFAULT_PRINCIPAL, receiver.url, [])
    await fail_a_job(catalog)
    await ended(catalog, lambda delivery: delivery.state is DeliveryState.DELIVERED)
    for principal, id in ((OTHER, made.webhook.id), (DEFAULT_PRINCIPAL, made.webhook.id)):
        if principal is OTHER:
            with pytest.raises(NotFound):
                await catalog.webhooks.delete(principal, id)
        else:
            await catalog.webhooks.delete(principal, id)
    assert (await catalog.webhooks.list_deliveries(DEFAULT_PRINCIPAL)).entries == ()
    await fail_a_job(catalog, 2)
    assert receiver.received.qsize() == 1


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://shop.example/", "must be"),
        ("http://shop.example/", "must be https"),
        ("https://user:secret@shop.example/", "must name no user"),
    ],
)
async def test_urls_that_are_refused(options: CatalogOptions, url: str, problem: str) -> None:
    catalog = Catalog(replace(options, webhooks=SendOptions()), FakeAnalyzer(), TAXONOMY)
    with pytest.raises(InvalidInput, match=problem):
        await catalog.webhooks.create(DEFAULT_PRINCIPAL, url, [])


async def test_no_private_address_is_reached_unless_the_operator_says_so(
    options: CatalogOptions, receiver: Receiver
) -> None:
    guarded = replace(options, webhooks=SendOptions(allow_http=True))
    catalog = Catalog(guarded, FakeAnalyzer(), TAXONOMY)
    await catalog.start()
    made = await catalog.webhooks.create(DEFAULT_PRINCIPAL, receiver.url, [])
    tested = await catalog.webhooks.test(DEFAULT_PRINCIPAL, made.webhook.id)
    assert (tested.state, tested.status) == (DeliveryState.FAILED, 0)
    assert "not on the public internet" in tested.error
    assert receiver.received.empty()
    await catalog.stop()


async def test_events_and_numbers_are_checked(catalog: Catalog, receiver: Receiver) -> None:
    with pytest.raises(InvalidInput, match=r"events\[1\]: must be one of"):
        await catalog.webhooks.create(DEFAULT_PRINCIPAL, receiver.url, ["operation.failed", "x"])
    for _ in range(16):
        await catalog.webhooks.create(DEFAULT_PRINCIPAL, receiver.url, [])
    with pytest.raises(FailedPrecondition, match="at most 16"):
        await catalog.webhooks.create(DEFAULT_PRINCIPAL, receiver.url, [])
