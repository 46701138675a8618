"""Notifications between the processes on one PostgreSQL: what one has changed, the others learn at once."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import URL, func, select
from sqlalchemy.orm import Session

from services.background.backoff import Backoff
from services.background.log_throttle import LogThrottle
from services.background.retry import repeat
from services.sql.database import Database

_LOG = logging.getLogger(__name__)
_CHANNEL = "armoire"
_PAYLOAD_CHARS = 7900
"""PostgreSQL takes less than 8,000 bytes; tenants and ids are ASCII."""
_MAX_WAITING = 10_000
"""More of what was changed is told as one notice that anything may have changed."""
_GATHER_S = 0.01
"""How long further changes gather after a notification, so that they share the next one."""
_KEEPALIVE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""Of the connection that listens: an end that is gone is noticed within a minute."""


class Topic(StrEnum):
    """What a notice is about; the first two name one job or operation, the others nothing."""

    JOB = "job"
    OPERATION = "operation"
    JOBS_DUE = "jobs-due"
    OPERATIONS_DUE = "operations-due"
    OUTBOX = "outbox"


Receiver: TypeAlias = Callable[[str, str], None]
"""Is called with the tenant and the id; both are empty where anything of the topic may have changed."""


class Notifications:
    """Tells other processes of changes by NOTIFY, and calls the receivers with what they tell.

    They only make things fast: notices are lost while a connection is down, so whoever waits for one looks
    for itself now and then. After a connection was made anew, every receiver is called. An SQLite file has
    one process, which tells itself nothing. For the event loop's thread only.

    LISTEN needs a connection of its own, which must not go through a pooler in transaction mode.
    Source: PostgreSQL, LISTEN and NOTIFY.
    """

    def __init__(self, database: Database, retry: Backoff = Backoff(0.2, 30.0)) -> None:
        self._database = database
        self._retry = retry
        self._receivers: dict[Topic, Receiver] = {}
        self._sender = uuid.uuid4().hex
        self._waiting: dict[str, None] = {}
        self._wake = asyncio.Event()
        self._throttle = LogThrottle()

    def receive(self, receivers: Mapping[Topic, Receiver]) -> None:
        """Call these with what other processes tell."""
        self._receivers |= receivers

    def send(self, topic: Topic, tenant_id: str = "", id: str = "") -> None:
        """Tell the other processes, soon."""
        if self._database.embedded:
            return
        if len(self._waiting) >= _MAX_WAITING:
            self._waiting = {_line(each, "", ""): None for each in Topic}
        self._waiting[_line(topic, tenant_id, id)] = None
        self._wake.set()

    def waking(self, topic: Topic, wake: Callable[[], None]) -> Callable[[], None]:
        """A function that calls `wake` here and, by a notice, in the other processes."""

        def everywhere() -> None:
            wake()
            self.send(topic)

        self._receivers[topic] = lambda _tenant_id, _id: wake()
        return everywhere

    async def run(self) -> None:
        """Send and receive for ever."""
        if self._database.embedded:
            await asyncio.Event().wait()
        async with asyncio.TaskGroup() as both:
            both.create_task(repeat(self._send_waiting, self._retry, self._failed))
            both.create_task(repeat(self._listen, self._retry, self._failed))

    def _failed(self, error: Exception, pause_s: float) -> None:
        message = "notifications between processes stopped; next attempt in %.1f s"
        self._throttle.warn(_LOG, message, pause_s, error=error)

    async def _send_waiting(self) -> None:
        await self._wake.wait()
        self._wake.clear()
        lines = list(self._waiting)
        payloads = list(_payloads(self._sender, lines))
        await self._database.write(lambda session: _notify(session, payloads))
        for line in lines:
            self._waiting.pop(line, None)
        await asyncio.sleep(_GATHER_S)

    async def _listen(self) -> None:
        from psycopg import AsyncConnection  # only where PostgreSQL is used

        arguments = _KEEPALIVE | _connect_arguments(self._database.url)
        async with await AsyncConnection.connect(autocommit=True, **arguments) as connection:
            await connection.execute(f"LISTEN {_CHANNEL}")
            for topic in self._receivers:  # what was told before is not known
                self._receivers[topic]("", "")
            async for notice in connection.notifies():
                self._take(notice.payload)

    def _take(self, payload: str) -> None:
        sender, *lines = payload.split("\n")
        if sender == self._sender:
            return
        for line in lines:
            topic, tenant_id, id = line.split("\t")
            receiver = self._receivers.get(topic)  # type: ignore[call-overload]
            if receiver is not None:  # another release may have other topics
                receiver(tenant_id, id)


def _line(topic: Topic, tenant_id: str, id: str) -> str:
    return f"{topic}\t{tenant_id}\t{id}"


def _payloads(sender: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines in as few payloads as they fit into, each after the sender."""
    payload = sender
    for line in lines:
        if len(payload) + len(line) >= _PAYLOAD_CHARS:
            yield payload
            payload = sender
        payload += f"\n{line}"
    yield payload


def _notify(session: Session, payloads: Iterable[str]) -> None:
    for payload in payloads:
        session.execute(select(func.pg_notify(_CHANNEL, payload)))


def _connect_arguments(url: URL) -> dict[str, Any]:
    """What psycopg needs to connect to a URL of SQLAlchemy."""
    psycopg_url = url.set(drivername="postgresql+psycopg")
    _, arguments = psycopg_url.get_dialect()().create_connect_args(psycopg_url)
    return dict(arguments)
