"""A closed-loop load that checks every answer: is it right, and if refused, is there a RetryInfo?"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from armoire import ArmoireError, AsyncClient, Overloaded, RetryPolicy

TIMEOUT_S = 60.0
ONCE = RetryPolicy(max_attempts=1)
TOLERANCE = 1e-3
FIRST_WAVE_S = 1.0
"""Seconds at the start, when all clients send at once; their latencies are kept apart."""


@dataclass(slots=True)
class Outcomes:
    """Outcomes of the calls that were sent, with the latencies of correct answers and of refusals.

    `first_ms` holds those of the first second, when all clients start at once; `good_ms` the rest.
    """

    sent: int = 0
    first_ms: list[float] = field(default_factory=list)
    good_ms: list[float] = field(default_factory=list)
    refused_ms: list[float] = field(default_factory=list)
    without_retry_info: int = 0
    wrong: int = 0
    others: Counter[str] = field(default_factory=Counter)

    @property
    def accounted(self) -> int:
        """Calls with a known outcome; fewer than `sent` if calls were lost."""
        return self.answered + len(self.refused_ms) + self.wrong + self.others.total()

    @property
    def answered(self) -> int:
        return len(self.first_ms) + len(self.good_ms)


@dataclass(frozen=True, slots=True)
class ClosedLoop:
    """A number of clients that call EmbedImage at `address`, each with the next photo once it has an answer.

    A refused client waits as long as RetryInfo says if it `honours_retry_info`, otherwise it retries at once.
    """

    address: str
    photos: Sequence[bytes]
    clients: int
    seconds: float
    honours_retry_info: bool

    async def run(self) -> Outcomes:
        async with AsyncClient(self.address, timeout_s=TIMEOUT_S, retries=ONCE) as client:
            expected = {photo: await _embedding(client, photo) for photo in self.photos}
            outcomes, begin = Outcomes(), time.monotonic()
            async with asyncio.TaskGroup() as group:
                for index in range(self.clients):
                    group.create_task(self._run_client(client, index, expected, outcomes, begin))
        return outcomes

    async def _run_client(
        self,
        client: AsyncClient,
        index: int,
        expected: Mapping[bytes, Sequence[float]],
        outcomes: Outcomes,
        begin: float,
    ) -> None:
        until = begin + self.seconds
        while (now := time.monotonic()) < until:
            photo = self.photos[index % len(self.photos)]
            index += self.clients + 1
            good_ms = outcomes.good_ms if now - begin > FIRST_WAVE_S else outcomes.first_ms
            wait_s = await _call(client, photo, expected[photo], outcomes, good_ms)
            left_s = max(until - time.monotonic(), 0.0)
            await asyncio.sleep(min(wait_s, left_s) if self.honours_retry_info else 0)


async def _call(
    client: AsyncClient,
    photo: bytes,
    expected: Sequence[float],
    outcomes: Outcomes,
    good_ms: list[float],
) -> float:
    """Send one call, record its outcome, and return the seconds after which the server wants a retry."""
    outcomes.sent += 1
    started = time.perf_counter()
    try:
        values = await _embedding(client, photo)
    except Overloaded as error:
        outcomes.refused_ms.append((time.perf_counter() - started) * 1e3)
        outcomes.without_retry_info += error.retry_after_s is None
        return error.retry_after_s or 0.0
    except ArmoireError as error:
        outcomes.others[error.code] += 1
        return 0.0
    if max(abs(a - b) for a, b in zip(values, expected, strict=True)) > TOLERANCE:
        outcomes.wrong += 1
    else:
        good_ms.append((time.perf_counter() - started) * 1e3)
    return 0.0


async def _embedding(client: AsyncClient, photo: bytes) -> Sequence[float]:
    """Embed one photo.

    Raises:
        ArmoireError: the call failed, or its photo was refused.
    """
    return (await client.embed_image(photo)).embeddings[0].values
