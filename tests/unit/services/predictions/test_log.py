"""The prediction log takes at once, writes later, and never fails a call."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from domain.calls import CURRENT_CALL, Call
from domain.errors import Unavailable
from domain.types import ModelVersion, Principal
from services.background.backoff import Backoff
from services.predictions.log import LogOptions, PredictionLog
from services.predictions.observation import (
    Observation,
    RequestOptions,
    observed_embeddings,
    observed_text,
)
from services.predictions.prediction import Prediction
from services.predictions.store import PredictionStore
from services.predictions.window import Window

VERSION = ModelVersion("embedder-1", "square-1")
VECTOR = np.ones(4, np.float32)
FAST = LogOptions(keep_inputs=True, pause_s=0, retry=Backoff(0.001, 0.001))


@dataclass
class Counted:
    """How many entries were written and dropped; `until` waits until so many were told of."""

    logged: int = 0
    dropped: int = 0
    told: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __call__(self, logged: int, dropped: int) -> None:
        self.logged, self.dropped = self.logged + logged, self.dropped + dropped
        self._task = asyncio.ensure_future(self._tell())

    async def _tell(self) -> None:
        async with self.told:
            self.told.notify_all()

    async def until(self, logged: int, dropped: int = 0) -> None:
        async with asyncio.timeout(60), self.told:
            await self.told.wait_for(lambda: (self.logged, self.dropped) == (logged, dropped))


def said(content: bytes = b"photo") -> Observation:
    return observed_embeddings(content, [VECTOR], VERSION, RequestOptions())


@pytest.fixture(autouse=True)
def _call() -> Iterator[None]:
    token = CURRENT_CALL.set(Call("call-1", Principal("shop")))
    yield
    CURRENT_CALL.reset(token)


def log_to(store: object, counted: Counted, options: LogOptions = FAST) -> PredictionLog:
    async def opened() -> PredictionStore:
        if isinstance(store, Exception):
            raise store
        return store  # type: ignore[return-value]

    return PredictionLog(lambda tenant_id: 1.0 if tenant_id == "shop" else 0.0, opened, options, counted)


async def test_what_is_recorded_is_written_later(store: PredictionStore) -> None:
    counted = Counted()
    log = log_to(store, counted)
    running = asyncio.create_task(log.run())
    log.record(said())
    log.record(observed_text("a dress", VECTOR, VERSION, RequestOptions(bulk=True)))
    assert counted.logged == 0
    await counted.until(logged=2)
    running.cancel()
    photo, text = await store.page(Window("shop"), 10)
    assert (photo.method, photo.request_id, photo.embedder) == ("EmbedImage", "call-1", VERSION)
    assert (photo.sha256, photo.size_bytes) == (hashlib.sha256(b"photo").hexdigest(), 5)
    assert await store.picture(photo) == b"photo"
    assert (text.text, text.has_picture, text.options.bulk) == ("a dress", False, True)
    assert text.sha256 == hashlib.sha256(b"a dress").hexdigest()


async def test_neither_photos_nor_texts_nor_embeddings_are_kept_unless_wanted(store: PredictionStore) -> None:
    log = log_to(store, Counted(), LogOptions(keep_inputs=False, embeddings=False))
    log.record(said())
    log.record(observed_text("a dress", VECTOR, VERSION, RequestOptions()))
    await log.flush()
    photo, text = await store.page(Window("shop"), 10)
    assert (photo.has_picture, photo.items[0].embedding) == (False, None)
    assert text.text == ""


async def test_each_tenant_has_its_own_share() -> None:
    log = log_to(None, Counted())
    assert log.wants("0")
    CURRENT_CALL.set(Call("call-1", Principal("other")))
    assert not log.wants("0")


@pytest.mark.parametrize("options", [LogOptions(max_waiting=2), LogOptions(max_waiting_bytes=2 * 21)])
async def test_what_does_not_fit_is_dropped_and_counted(options: LogOptions) -> None:
    """An observation has a photo of 5 bytes and an embedding of 16."""
    counted = Counted()
    log = log_to(Unavailable("no database"), counted, options)
    for _ in range(5):
        log.record(said())
    assert (counted.logged, counted.dropped) == (0, 3)


async def test_entries_wait_until_the_store_answers(store: PredictionStore) -> None:
    class Flaky:
        attempts = 0

        async def write(self, batch: Sequence[Prediction]) -> None:
            self.attempts += 1
            if self.attempts < 3:
                raise Unavailable("the database is away")
            await store.write(batch)

    counted = Counted()
    log = log_to(Flaky(), counted)
    running = asyncio.create_task(log.run())
    log.record(said())
    await counted.until(logged=1)
    running.cancel()


async def test_entries_that_cannot_be_stored_do_not_hold_up_others(store: PredictionStore) -> None:
    class Picky:
        async def write(self, batch: Sequence[Prediction]) -> None:
            if batch[0].sha256 == hashlib.sha256(b"bad").hexdigest():
                raise ValueError("out of range")
            await store.write(batch)

    counted = Counted()
    log = log_to(Picky(), counted, LogOptions(batch=1, pause_s=0))
    log.record(said(b"bad"))
    log.record(said(b"good"))
    running = asyncio.create_task(log.run())
    await counted.until(logged=1, dropped=1)
    running.cancel()


async def test_a_full_batch_is_written_without_a_pause(store: PredictionStore) -> None:
    counted = Counted()
    log = log_to(store, counted, LogOptions(batch=2, pause_s=3600))
    running = asyncio.create_task(log.run())
    for _ in range(2):
        log.record(said())
    await counted.until(logged=2)
    running.cancel()


async def test_the_end_writes_what_waits(store: PredictionStore) -> None:
    log = log_to(store, Counted(), LogOptions(batch=2))
    for _ in range(5):
        log.record(said())
    await log.flush()
    assert len(await store.page(Window("shop"), 10)) == 5


async def test_the_end_drops_what_cannot_be_written(caplog: pytest.LogCaptureFixture) -> None:
    counted = Counted()
    log = log_to(Unavailable("no database"), counted)
    log.record(said())
    await log.flush()
    assert (counted.logged, counted.dropped) == (0, 1)
    assert "1 entries of the prediction log were not written" in caplog.text
