"""The entries of an import on their way, and again where the server has gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice

import grpc

from armoire.async_transport import AsyncTransport, Metadata
from armoire.calls.imports import IMPORT_ENTRIES, EntriesOf, failures_in, next_number
from armoire.deadlines import BULK_TIMEOUT_S
from armoire.errors import InvalidInput
from armoire.retries import Patience
from armoire.values.imports import ImportEntry, ImportFailure

IMPORT_WINDOW = 256
"""Entries in one stream of ImportEntries, whose answer comes at its end."""


class AsyncEntryStreams:
    """Sends groups of entries, a stream for each."""

    def __init__(
        self, transport: AsyncTransport, target: EntriesOf, timeout_s: float, metadata: Metadata
    ) -> None:
        self._transport = transport
        self._target = target
        self._timeout_s = timeout_s
        self._metadata = metadata
        self._patience = Patience(transport.policy, timeout_s)
        self._problem: Exception | None = None

    async def answer(self, entries: Sequence[ImportEntry]) -> bytes | None:
        """The answer to these entries; None where their stream broke, after the pause before the next try."""
        path = f"/{IMPORT_ENTRIES}"
        try:
            reply = await self._transport.collect(
                path, self._requests(entries), self._timeout_s, self._metadata
            )
        except grpc.RpcError as failure:
            wait_s = self._patience.wait_s(self._transport.error_of(failure, path))
            await asyncio.sleep(wait_s)
            return None
        if self._problem is not None:
            raise self._problem
        self._patience.restart()
        return reply

    async def _requests(self, entries: Sequence[ImportEntry]) -> AsyncIterator[bytes]:
        try:
            for entry in entries:
                yield await asyncio.to_thread(self._encode, entry)
        except Exception as problem:
            self._problem = problem

    def _encode(self, entry: ImportEntry) -> bytes:
        """The message for an entry; without its photo where that is too large for one."""
        request = self._target.encode(entry)
        try:
            self._transport.check_size(request)
        except InvalidInput as error:
            return self._target.encode_oversized(entry, error)
        return request


class AsyncImportRun:
    """Sends the entries of an import.

    A stream that breaks is sent again: the server passes over the entries that it has.
    """

    def __init__(
        self,
        transport: AsyncTransport,
        operation_id: str,
        entries: Iterable[ImportEntry],
        timeout_s: float = BULK_TIMEOUT_S,
        metadata: Metadata = (),
    ) -> None:
        self._streams = AsyncEntryStreams(transport, EntriesOf(operation_id), timeout_s, metadata)
        self._entries: Iterator[ImportEntry] = iter(entries)

    async def numbers(self) -> AsyncIterator[int]:
        """The number of each entry, once the server cannot lose it."""
        while group := list(islice(self._entries, IMPORT_WINDOW)):
            await self._send(group)
            for entry in group:
                yield entry.number

    async def _send(self, group: Sequence[ImportEntry]) -> None:
        """Send a group until the server has kept all of it."""
        following = group[0].number
        while following <= group[-1].number:
            reply = await self._streams.answer([entry for entry in group if entry.number >= following])
            if reply is not None:
                following = next_number(reply)


class AsyncImportCheck:
    """Sends entries that are only checked."""

    def __init__(
        self,
        transport: AsyncTransport,
        entries: Iterable[ImportEntry],
        again: bool,
        timeout_s: float = BULK_TIMEOUT_S,
        metadata: Metadata = (),
    ) -> None:
        self._streams = AsyncEntryStreams(transport, EntriesOf(again=again), timeout_s, metadata)
        self._entries: Iterator[ImportEntry] = iter(entries)

    async def failures(self) -> AsyncIterator[ImportFailure]:
        """The entries that an import would refuse, in their order."""
        while group := list(islice(self._entries, IMPORT_WINDOW)):
            reply = None
            while reply is None:
                reply = await self._streams.answer(group)
            for failure in failures_in(reply):
                yield failure
