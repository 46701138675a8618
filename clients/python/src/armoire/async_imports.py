"""The entries of an import on their way, and again where the server has gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice

import grpc

from armoire.async_transport import AsyncTransport
from armoire.calls.imports import IMPORT_ENTRIES, encode_entry, encode_oversized, next_number
from armoire.deadlines import BULK_TIMEOUT_S
from armoire.errors import InvalidInput
from armoire.retries import Patience
from armoire.values.imports import ImportEntry

Metadata = tuple[tuple[str, str], ...]

IMPORT_WINDOW = 256
"""Entries in one stream of ImportEntries, whose answer comes at its end."""


class AsyncImportRun:
    """Sends entries, one stream for each group of them.

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
        self._transport = transport
        self._operation_id = operation_id
        self._entries: Iterator[ImportEntry] = iter(entries)
        self._timeout_s = timeout_s
        self._metadata = metadata
        self._patience = Patience(transport.policy, timeout_s)
        self._problem: Exception | None = None

    async def numbers(self) -> AsyncIterator[int]:
        """The number of each entry, once the server cannot lose it."""
        while group := list(islice(self._entries, IMPORT_WINDOW)):
            await self._send(group)
            for entry in group:
                yield entry.number

    async def _send(self, group: Sequence[ImportEntry]) -> None:
        """Send a group until the server has kept all of it."""
        path = f"/{IMPORT_ENTRIES}"
        following = group[0].number
        while following <= group[-1].number:
            rest = [entry for entry in group if entry.number >= following]
            try:
                reply = await self._transport.collect(
                    path, self._requests(rest), self._timeout_s, self._metadata
                )
            except grpc.RpcError as failure:
                wait_s = self._patience.wait_s(self._transport.error_of(failure, path))
                await asyncio.sleep(wait_s)
            else:
                if self._problem is not None:
                    raise self._problem
                self._patience.restart()
                following = next_number(reply)

    async def _requests(self, entries: Sequence[ImportEntry]) -> AsyncIterator[bytes]:
        try:
            for entry in entries:
                yield await asyncio.to_thread(self._encode, entry)
        except Exception as problem:
            self._problem = problem

    def _encode(self, entry: ImportEntry) -> bytes:
        """The message for an entry; without its photo where that is too large for one."""
        request = encode_entry(self._operation_id, entry)
        try:
            self._transport.check_size(request)
        except InvalidInput as error:
            return encode_oversized(self._operation_id, entry, error)
        return request
