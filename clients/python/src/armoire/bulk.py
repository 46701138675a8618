# Generated from async_bulk.py by "make client". Change that file.
"""Bulk runs: many photos over streams, answered in order, resumed where the server has gone.

A photo is sent again only where it has no answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

import grpc

from armoire.calls.bulk import BulkCall, index, to_index
from armoire.deadlines import BULK_TIMEOUT_S
from armoire.errors import ArmoireError, InvalidInput, Unavailable
from armoire.ledger import Entry, Ledger
from armoire.photos import Photo, PhotoSource, PhotoToIndex, size_of
from armoire.retries import Patience, RetryPolicy
from armoire.stall import StallGuard
from armoire.transport import Metadata, Transport
from armoire.values.bulk import BulkProgress
from armoire.values.indexing import IndexingJob

I = TypeVar("I")  # noqa: E741 - an input
T = TypeVar("T")
P = TypeVar("P", bound=PhotoSource | Photo | PhotoToIndex)
OnProgress: TypeAlias = Callable[[BulkProgress], None]

BULK_WINDOW = 128
"""Photos that are taken and not handed out yet, which bounds what order costs in memory."""
INDEX_WINDOW = 64
"""Photos in one stream of IndexImages, whose answer comes at its end."""
INDEX_BYTES = 16 * 2**20
"""Of the photos of one such stream, if it has more than one."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a bulk run goes on.

    Attributes:
        window: photos that are taken and not handed out yet.
        timeout_s: how long the run goes on without an answer.
    """

    window: int
    timeout_s: float = BULK_TIMEOUT_S
    metadata: Metadata = ()
    on_progress: OnProgress | None = None

    def __post_init__(self) -> None:
        if self.window < 1:
            raise ValueError(f"window must be at least 1, not {self.window}")


class ProgressCounter:
    """Tells how far a run has come."""

    def __init__(self, photos: Iterable[object], on_progress: OnProgress | None) -> None:
        self.resumed = 0
        self._total = len(photos) if isinstance(photos, Sized) else None
        self._done = self._failed = 0
        self._on_progress = on_progress

    def count(self, outcome: object) -> None:
        self._done += 1
        self._failed += isinstance(outcome, ArmoireError)
        if self._on_progress is not None:
            self._on_progress(BulkProgress(self._done, self._failed, self._total, self.resumed))


class BulkRun(Generic[I, T]):
    """Sends photos over one bidirectional stream after the other, each until it breaks.

    The photos are taken and sent where gRPC asks for the stream's requests, which is apart from where the
    replies are read: what both use is guarded by `_changed`.
    """

    def __init__(
        self,
        transport: Transport,
        call: BulkCall[I, T],
        photos: Iterable[I],
        options: RunOptions,
    ) -> None:
        self._transport = transport
        self._call = call
        self._options = options
        self._photos = iter(photos)
        self._progress = ProgressCounter(photos, options.on_progress)
        self._patience = Patience(transport.policy, options.timeout_s)
        self._ledger = Ledger[I, T](options.window)
        self._guard = StallGuard(options.timeout_s, lambda: self._ledger.owes)
        self._stream = 0
        self._problem: Exception | None = None
        self._changed = threading.Condition()
        self._taking = threading.Lock()

    def outcomes(self) -> Iterator[tuple[I, T | ArmoireError]]:
        """Each photo with its result or error, in their order."""
        try:
            while True:
                replies = self._transport.exchange(
                    self._call.path, self._requests(self._begin()), self._options.metadata
                )
                try:
                    while (reply := self._guard.read(replies)) is not None:
                        for photo, outcome in self._record(reply):
                            self._progress.count(outcome)
                            yield photo, outcome
                except grpc.RpcError as failure:
                    error = self._transport.error_of(failure, self._call.path)
                else:
                    if self._problem is not None:
                        raise self._problem
                    if self._ledger.finished:
                        return
                    error = Unavailable("the stream ended before all was answered", code="UNAVAILABLE")
                finally:
                    replies.cancel()
                time.sleep(self._patience.wait_s(error))
                self._progress.resumed += 1
        finally:
            self._guard.close()
            self._begin()

    def _begin(self) -> int:
        """Begin a stream, which ends the requests of the one before. Returns its number."""
        with self._changed:
            self._stream += 1
            self._ledger.send_all_again()
            self._changed.notify_all()
            return self._stream

    def _record(self, reply: bytes) -> Iterable[tuple[I, T | ArmoireError]]:
        """Note what a reply answers. Returns what can be handed out."""
        with self._changed:
            for id, outcome in self._call.parse(reply):
                entry = self._ledger.entry_of(id)
                if entry is not None:
                    self._answer(entry, outcome)
            ready = list(self._ledger.hand_out())
            self._changed.notify_all()
        return ready

    def _answer(self, entry: Entry[I], outcome: T | ArmoireError) -> None:
        wait_s = wait_before_retry(self._transport.policy, entry, outcome)
        if wait_s is None:
            self._ledger.answer(entry, outcome)
            self._patience.restart()
        else:
            self._ledger.send_again(entry, time.monotonic() + wait_s)

    def _requests(self, stream: int) -> Iterator[bytes]:
        """What is sent on a stream, until all is answered or the stream is over."""
        try:
            while (entry := self._next_entry(stream)) is not None:
                yield encode(self._transport, self._call, entry)
        except Exception as problem:
            self._problem = problem

    def _next_entry(self, stream: int) -> Entry[I] | None:
        """The photo to send next; None where the stream is over, or all is answered."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._may_go_on(stream))
                if self._stream != stream or self._ledger.finished:
                    return None
                due = self._ledger.next_to_send() if self._ledger.must_send else None
            if due is not None:
                time.sleep(max(0.0, due[0] - time.monotonic()))
                return due[1]
            if (entry := self._take(stream)) is not None:
                return entry

    def _may_go_on(self, stream: int) -> bool:
        ledger = self._ledger
        return self._stream != stream or ledger.must_send or ledger.has_room or ledger.finished

    def _take(self, stream: int) -> Entry[I] | None:
        """The next photo; None where there is none, or the stream is over, so that the next one sends it."""
        with self._taking:
            photos = [] if self._stream != stream else list(_first(self._photos))
            with self._changed:
                if self._stream == stream and not photos:
                    self._ledger.exhausted = True
                entries = [self._ledger.take(photo) for photo in photos]
                if self._stream == stream:
                    return entries[0] if entries else None
                for entry in entries:
                    self._ledger.send_again(entry)
                self._changed.notify_all()
        return None


class IndexRun(Generic[P]):
    """Sends photos to the catalogue, one stream for each group of them.

    A stream that breaks is sent again, with the same idempotency keys.
    """

    def __init__(self, transport: Transport, photos: Iterable[P], options: RunOptions) -> None:
        self._transport = transport
        self._call = index()
        self._options = options
        self._photos = iter(photos)
        self._held: list[tuple[P, PhotoToIndex]] = []
        self._progress = ProgressCounter(photos, options.on_progress)
        self._patience = Patience(transport.policy, options.timeout_s)
        self._problem: Exception | None = None

    def outcomes(self) -> Iterator[tuple[P, IndexingJob | ArmoireError]]:
        """Each photo with its job or error, in their order."""
        while group := self._next_group():
            outcomes = self._index([photo for _, photo in group])
            for (given, _), outcome in zip(group, outcomes, strict=True):
                self._progress.count(outcome)
                yield given, outcome

    def _next_group(self) -> list[tuple[P, PhotoToIndex]]:
        """The next photos, as many as go into one stream; none at the end."""
        group, self._held = self._held, []
        size = sum(size_of(photo.photo) for _, photo in group)
        for given in self._photos:
            photo = to_index(given)
            size += size_of(photo.photo)
            if group and size > INDEX_BYTES:
                self._held = [(given, photo)]
                break
            group.append((given, photo))
            if len(group) >= self._options.window:
                break
        return group

    def _index(self, photos: Sequence[PhotoToIndex]) -> list[IndexingJob | ArmoireError]:
        """The outcome of each photo of a group."""
        ledger = Ledger[PhotoToIndex, IndexingJob](len(photos))
        entries = [ledger.take(photo) for photo in photos]
        while ledger.owes:
            unanswered = [entry for entry in entries if ledger.entry_of(entry.id)]
            try:
                reply = self._transport.collect(
                    self._call.path,
                    self._requests(unanswered),
                    self._options.timeout_s,
                    self._options.metadata,
                )
            except grpc.RpcError as failure:
                error = self._transport.error_of(failure, self._call.path)
                wait_s = self._patience.wait_s(error)
                self._progress.resumed += 1
            else:
                wait_s = self._record(reply, ledger)
            time.sleep(wait_s)
        return [outcome for _, outcome in ledger.hand_out()]

    def _requests(self, entries: Sequence[Entry[PhotoToIndex]]) -> Iterator[bytes]:
        try:
            for entry in entries:
                yield encode(self._transport, self._call, entry)
        except Exception as problem:
            self._problem = problem

    def _record(self, reply: bytes, ledger: Ledger[PhotoToIndex, IndexingJob]) -> float:
        """Note what a reply answers. Returns how long to wait before the photos that are left are sent."""
        if self._problem is not None:
            raise self._problem
        self._patience.restart()
        wait_s = 0.0
        for id, outcome in self._call.parse(reply):
            if (entry := ledger.entry_of(id)) is None:
                continue
            sent_back_s = wait_before_retry(self._transport.policy, entry, outcome)
            if sent_back_s is None:
                ledger.answer(entry, outcome)
            else:
                wait_s = max(wait_s, sent_back_s)
        return wait_s


def encode(transport: Transport, call: BulkCall[I, T], entry: Entry[I]) -> bytes:
    """The message for a photo. Where it cannot be sent, its error is kept, and it is sent without content."""
    try:
        request = call.encode(entry.id, entry.photo)
        transport.check_size(request)
    except InvalidInput as error:
        entry.unreadable = error
        return call.encode_unreadable(entry.id)
    return request


def wait_before_retry(policy: RetryPolicy, entry: Entry[I], outcome: object) -> float | None:
    """Seconds after which a photo is sent again that the server has sent back; None for an outcome."""
    if not isinstance(outcome, ArmoireError) or entry.unreadable:
        return None
    entry.tries += 1
    return policy.backoff_s(entry.tries, outcome)


def _first(photos: Iterator[I]) -> Iterator[I]:
    """The next photo, if there is one."""
    for photo in photos:
        yield photo
        return
