"""Streams of many requests that are answered one by one, with few of them worked on at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, aclosing, contextmanager
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias, TypeVar

from google.protobuf.duration_pb2 import Duration

from domain.calls import CURRENT_CALL
from domain.errors import InvalidInput, Overloaded
from services.edge.admission import Admission

Q = TypeVar("Q")
R = TypeVar("R")
T = TypeVar("T")
Answer: TypeAlias = Callable[[Q], Awaitable[R]]

MAX_ID_CHARS = 128


@dataclass(frozen=True, slots=True)
class BulkOptions:
    """Attributes:
    max_streams: streams at a time; further ones are refused.
    window: requests of one stream that are worked on at a time.
    max_requests: requests of all streams that are worked on at a time.
    """

    max_streams: int = 64
    window: int = 32
    max_requests: int = 128


class BulkStreams:
    """Answers the requests of streams, within the limits of all streams together."""

    def __init__(self, options: BulkOptions = BulkOptions()) -> None:
        self._window = options.window
        self._admission = Admission(options.max_streams, "bulk streams")
        self._room = asyncio.Semaphore(options.max_requests)

    def admitted(self) -> AbstractContextManager[None]:
        """A `with` block in which a stream is open that is not answered one by one. Raises Overloaded."""
        return self._admission.acquire()

    async def answers(
        self, requests: AsyncGenerator[Q, None], answer: Answer[Q, R]
    ) -> AsyncGenerator[R, None]:
        """The answers as they are ready, in any order.

        A request is read only when fewer than `window` requests have no answer. Where `requests` raises, the
        requests that were read are answered before the error is raised. `requests` is closed in the end.

        Raises:
            Overloaded: too many streams are open.
        """
        with self._admission.acquire():
            stream = _BulkStream(requests, answer, self._window, self._room)
            async with aclosing(stream.run()) as answers:
                async for each in answers:
                    yield each


@dataclass(frozen=True, slots=True)
class _End:
    """Stands behind the last answer; `error` is what an answer function raised, against its contract."""

    error: Exception | None = None


class _BulkStream(Generic[Q, R]):
    """One stream: a task reads the requests, and each request has a task that answers it."""

    def __init__(
        self, requests: AsyncGenerator[Q, None], answer: Answer[Q, R], window: int, room: asyncio.Semaphore
    ) -> None:
        self._requests = requests
        self._answer = answer
        self._window = asyncio.Semaphore(window)
        self._room = room
        self._working: set[asyncio.Task[None]] = set()
        self._answers: asyncio.Queue[R | _End] = asyncio.Queue()

    async def run(self) -> AsyncGenerator[R, None]:
        """Where the generator is closed before its end, all that is under way is cancelled."""
        reader = asyncio.create_task(self._read())
        try:
            while not isinstance(answer := await self._answers.get(), _End):
                yield answer
                self._window.release()
            if answer.error is not None:
                raise answer.error
            await reader
        finally:
            tasks = [reader, *self._working]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self) -> None:
        try:
            async with aclosing(self._requests):
                await self._window.acquire()
                async for request in self._requests:
                    await self._room.acquire()
                    self._begin(request)
                    await self._window.acquire()
        finally:
            if self._working:
                await asyncio.wait(self._working)
            self._answers.put_nowait(_End())

    def _begin(self, request: Q) -> None:
        task = asyncio.create_task(self._work(request))
        self._working.add(task)
        task.add_done_callback(self._end)

    async def _work(self, request: Q) -> None:
        try:
            self._answers.put_nowait(await self._answer(request))
        except Exception as error:
            self._answers.put_nowait(_End(error))

    def _end(self, task: asyncio.Task[None]) -> None:
        self._room.release()
        self._working.discard(task)


@contextmanager
def claimed(id: str, taken: set[str]) -> Iterator[None]:
    """Hold `id` among the ids that are taken. Raises InvalidInput where it cannot be used."""
    check_new_id(id, taken)
    taken.add(id)
    try:
        yield
    finally:
        taken.discard(id)


def check_new_id(id: str, taken: set[str]) -> None:
    """Raises InvalidInput where `id` is empty, too long or taken."""
    if not 1 <= len(id) <= MAX_ID_CHARS:
        raise InvalidInput("id", f"must have 1 to {MAX_ID_CHARS} characters, got {len(id)}")
    if id in taken:
        raise InvalidInput("id", f"must be unique, but {id!r} is in use already")


def limit_deadline(timeout: Duration | None) -> None:
    """Let the current task's call end after `timeout`, if that is earlier than its deadline.

    Raises:
        InvalidInput: it is not above 0.
    """
    if timeout is None:
        return
    seconds = timeout.seconds + timeout.nanos / 1e9
    if seconds <= 0:
        raise InvalidInput("timeout", f"must be above 0, got {seconds:g} s")
    call = CURRENT_CALL.get()
    deadline = time.monotonic() + seconds
    CURRENT_CALL.set(replace(call, deadline=min(deadline, call.deadline or deadline)))


async def wait_for_room(work: Callable[[], Awaitable[T]]) -> T:
    """The result of `work`, which is tried again for as long as it is refused for want of room.

    The stream's other requests wait meanwhile: that is its flow control. Raises what else `work` raises;
    DeadlineExceeded among it, where the call has a deadline.
    """
    while True:
        try:
            return await work()
        except Overloaded as error:
            await asyncio.sleep(CURRENT_CALL.get().until_deadline_s(error.retry_after_s))
        CURRENT_CALL.get().check_deadline()
