"""A steady load of index, update, delete and search; its answers are held against the catalogue later."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import armoire
from armoire import Client, NotFound, Product
from tests.integration.test_kill import variant
from tests.servers.crashes.ledger import Ledger

T = TypeVar("T")

PASSING = frozenset({"UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"})
"""Statuses of calls that a rehearsal may cut off; the ledger then takes either outcome."""
AGAIN_S = 0.1
PATIENCE_S = 300.0


class _Abandoned(Exception):
    """The rehearsal has failed, so nothing is waited for any more."""


@dataclass(eq=False)
class SteadyLoad:
    """Callers who live photos: each is indexed, waited for, found, renamed, perhaps deleted and restored.

    As a context manager it calls inside. `connect` makes the client that all callers share.
    """

    connect: Callable[[], Client]
    photos: Sequence[Path]
    callers: int = 3
    ledger: Ledger = field(default_factory=Ledger)
    failures: Counter[str] = field(default_factory=Counter)
    answers: int = 0

    def __post_init__(self) -> None:
        self._numbers, self._lock = count(1), threading.Lock()
        self._ending, self._abandoned = threading.Event(), threading.Event()
        self._threads = [
            threading.Thread(target=self._live, args=(random.Random(seed),)) for seed in range(self.callers)
        ]

    def __enter__(self) -> SteadyLoad:
        self._client = self.connect()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._ending.set()
        if kind is not None:  # the site may never answer again
            self._abandoned.set()
        for thread in self._threads:
            thread.join()
        self._client.close()

    def wait_for_answers(self, more: int = 10) -> float:
        """Wait until so many more calls were answered; returns the seconds. Raises TimeoutError."""
        begun_s, before = time.monotonic(), self.answers
        while self.answers < before + more:
            if time.monotonic() - begun_s > PATIENCE_S:
                raise TimeoutError(f"no {more} answers within {PATIENCE_S:g} s")
            time.sleep(0.05)
        return time.monotonic() - begun_s

    def _live(self, dice: random.Random) -> None:
        while not self._ending.is_set():
            with self._lock:
                number = next(self._numbers)
            try:
                self._live_photo(number, dice)
            except _Abandoned:
                return
            except Exception as error:  # a defect of the caller, which must not look like silence
                self.ledger.wrong.append(f"photo {number}: {error!r}")
                raise

    def _live_photo(self, number: int, dice: random.Random) -> None:
        job = self._index(number)
        self._call("wait", number, "", lambda: self._client.wait_for_indexing_job(job.id, timeout_s=30.0))
        self._call("search", number, "", lambda: self._client.search(text="a red dress", top_k=5))
        brand = f"brand-{dice.randrange(10**9)}"
        named = Product(f"Product {number}", external_id=f"SKU-{number}", brand=brand)
        self._call("brand", number, brand, lambda: self._client.update_product(named, ["brand"]))
        fate = dice.random()
        if fate < 0.4:
            self._until_answered("delete", number, lambda: self._delete(job.image_id))
        if fate < 0.2:
            self._until_answered("restore", number, lambda: self._client.restore_image(job.image_id))

    def _index(self, number: int) -> armoire.IndexingJob:
        """A photo and its product; a repeated call has the key of the first."""
        photo = variant(self.photos[number % len(self.photos)], number)
        name, product = (
            f"photo-{number}",
            Product(f"Product {number}", external_id=f"SKU-{number}", brand="first"),
        )

        def index() -> armoire.IndexingJob:
            return self._client.index(photo, image_name=name, product=product, idempotency_key=name)

        return self._until_answered("index", number, index)

    def _delete(self, image_id: str) -> bool:
        with suppress(NotFound):  # an earlier try was not answered
            self._client.delete_image(image_id)
        return True

    def _until_answered(self, op: str, number: int, call: Callable[[], T]) -> T:
        while (answer := self._call(op, number, "", call)) is None:
            if self._abandoned.wait(AGAIN_S):
                raise _Abandoned
        return answer

    def _call(self, op: str, number: int, value: str, call: Callable[[], T]) -> T | None:
        """The answer; None where the call was cut off."""
        self._note(op=op, phase="sent", number=number, value=value)
        try:
            answer = call()
        except armoire.ArmoireError as error:
            with self._lock:
                self.failures[f"{op} {error.code}"] += 1
            if error.code not in PASSING and "RST_STREAM" not in str(error):  # as a proxy cuts a stream
                self._note(op=op, phase="wrong", number=number, text=f"{error.code} {error.reason}: {error}")
            return None
        self._note(op=op, phase="done", number=number, value=value)
        return answer

    def _note(self, **told: Any) -> None:
        with self._lock:
            self.ledger.note(told)
            self.answers += told["phase"] == "done"

    def problems(self) -> list[str]:
        """What the catalogue does not hold as it said, once all jobs have ended; and what an audit finds."""
        with self.connect() as client:
            jobs = [client.wait_for_indexing_job(job.id) for job in client.iter_indexing_jobs()]
            until_written(client)
            report = client.audit()
            audit = {name: getattr(report, name) for name in ("items", "vectors", "blobs", *DIFFERENCES)}
            labels: dict[str, list[str]] = {}
            for item in client.iter_items():
                labels.setdefault(item.image_name, []).append(item.label)
            look = {
                "audit": audit | {"findings": [str(finding) for finding in report.findings]},
                "jobs": Counter(state_of(job) for job in jobs),
                "images": Counter(image.name for image in client.iter_images()),
                "products": {product.external_id: product.brand for product in client.iter_products()},
                "labels": labels,
            }
        return self.ledger.wrong + self.ledger.compare(look)


DIFFERENCES = ("lost", "doubled", "stale", "orphaned")


def state_of(job: armoire.IndexingJob) -> str:
    return f"{job.state.value.lower()} {job.error.reason if job.error else ''}".strip()


def until_written(client: Client) -> None:
    """Wait until the vector store has followed the database."""
    deadline = time.monotonic() + PATIENCE_S
    while any(collection.waiting for collection in client.list_collections()):
        assert time.monotonic() < deadline, "rows still wait for the vector store"
        time.sleep(0.2)
