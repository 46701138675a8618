"""Sends what waits for webhooks."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.clock import MICROSECONDS, now_us
from domain.errors import Unavailable
from services.background.backoff import Backoff
from services.background.log_throttle import LogThrottle
from services.background.retry import retry
from services.catalog.records.webhooks import (
    ClaimedDelivery,
    DeliveryState,
    claim_deliveries,
    disable_webhook,
    end_attempt,
    next_delivery_us,
    purge_deliveries,
)
from services.catalog.webhooks.sender import Sent, WebhookSender
from services.sql.database import Database

_LOG = logging.getLogger(__name__)
_GONE = 410
_PURGE_EVERY_S = 3600.0
_PURGE_BATCH = 500
_TAKEN_S = 0.1
"""The pause where another process has taken what was due."""


@dataclass(frozen=True, slots=True)
class DispatchOptions:
    """How events are sent.

    Attributes:
        concurrency: requests at a time, of this process; 0: other processes send them.
        per_webhook: of those, to one webhook.
        lease_s: a delivery is taken over when its process has not told of it for this long.
        retry: pauses between the attempts at one delivery.
        retry_for_s: after this long a delivery is FAILED, and a webhook that has failed all along disabled.
        look_s: the longest pause between looks for what is due.
        keep_s: how long deliveries that have ended are kept.
    """

    concurrency: int = 16
    per_webhook: int = 4
    lease_s: float = 60.0
    retry: Backoff = Backoff(5.0, 6 * 3600.0, jitter=0.5)
    retry_for_s: float = 72 * 3600.0
    look_s: float = 1.0
    keep_s: float = 30 * 86_400.0


class Dispatcher:
    """Claims deliveries as they become due, sends each, and stores the outcome; rests while there are none.

    A delivery whose outcome could not be stored is sent again: a receiver gets each event at least once.
    """

    def __init__(
        self, database: Database, sender: WebhookSender, options: DispatchOptions = DispatchOptions()
    ) -> None:
        self._database = database
        self._sender = sender
        self._options = options
        self._wake = asyncio.Event()
        self._busy: Counter[str] = Counter()
        self._purge_at_s = 0.0
        self._throttle = LogThrottle()

    def wake(self) -> None:
        """Look for due deliveries now."""
        self._wake.set()

    async def run(self) -> None:
        """Send for ever."""
        async with asyncio.TaskGroup() as attempts:
            while True:
                self._wake.clear()
                await self._purge_sometimes()
                pause_s = await self._pause_s()
                if not pause_s:
                    claims = await retry(self._claim, Backoff(0.5, 5.0), self._claiming_failed)
                    for claim in claims:
                        self._busy[claim.webhook_id] += 1
                        attempts.create_task(self._attempt(claim))
                    pause_s = 0.0 if claims else _TAKEN_S
                await self._rest(pause_s)

    async def _claim(self) -> list[ClaimedDelivery]:
        options, busy = self._options, dict(self._busy)
        free = options.concurrency - self._busy.total()
        lease_us = int(options.lease_s * MICROSECONDS)
        return await self._database.write(
            lambda session: claim_deliveries(session, free, lease_us, now_us(), options.per_webhook, busy)
        )

    def _claiming_failed(self, error: Exception, pause_s: float) -> None:
        self._throttle.warn(_LOG, "claiming deliveries failed; next attempt in %.1f s", pause_s, error=error)

    async def _rest(self, pause_s: float) -> None:
        try:
            async with asyncio.timeout(pause_s):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _pause_s(self) -> float:
        """Seconds until something may be due; 0 where it is."""
        if self._busy.total() >= self._options.concurrency:
            return self._options.look_s
        full = self._full()
        try:
            due_us = await self._database.read(lambda session: next_delivery_us(session, full))
        except Unavailable:
            due_us = None
        if due_us is None:
            return self._options.look_s
        return min(max((due_us - now_us()) / MICROSECONDS, 0.0), self._options.look_s)

    def _full(self) -> list[str]:
        """The webhooks to which as many requests go as may."""
        return [hook for hook, count in self._busy.items() if count >= self._options.per_webhook]

    async def _attempt(self, claim: ClaimedDelivery) -> None:
        try:
            timestamp_s = int(time.time())
            sent = await self._sender.send(claim.url, claim.secret, claim.id, timestamp_s, claim.body)
            await self._database.write(lambda session: self._store(session, claim, sent))
        except Exception as error:  # it is sent again once its lease has run out
            self._throttle.warn(_LOG, "the outcome of delivery %s was not stored", claim.id, error=error)
        finally:
            self._busy[claim.webhook_id] -= 1
            self._busy += Counter()  # without those that have none
            self._wake.set()

    def _store(self, session: Session, claim: ClaimedDelivery, sent: Sent) -> None:
        moment_us, limit_us = now_us(), int(self._options.retry_for_s * MICROSECONDS)
        pause_us = int(self._options.retry.pause_s(claim.attempts) * MICROSECONDS)
        over = sent.status == _GONE or moment_us + pause_us - claim.first_us > limit_us
        state = (
            DeliveryState.DELIVERED if sent.ok else DeliveryState.FAILED if over else DeliveryState.PENDING
        )
        stored = end_attempt(session, claim, state, sent.status, sent.error, moment_us + pause_us, moment_us)
        if not stored or state is not DeliveryState.FAILED:
            return
        failing_before_us = moment_us if sent.status == _GONE else moment_us - limit_us // 2
        if disable_webhook(session, claim.tenant_id, claim.webhook_id, failing_before_us):
            _LOG.warning("webhook %s is disabled: %s", claim.webhook_id, sent.error)

    async def _purge_sometimes(self) -> None:
        if not self._options.concurrency or time.monotonic() < self._purge_at_s:
            return
        self._purge_at_s = time.monotonic() + _PURGE_EVERY_S
        before_us = now_us() - int(self._options.keep_s * MICROSECONDS)
        try:
            await self._database.write(lambda session: purge_deliveries(session, before_us, _PURGE_BATCH))
        except Unavailable as error:
            self._throttle.warn(_LOG, "removing old deliveries failed", error=error)
