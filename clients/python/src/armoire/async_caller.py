"""What the calls of a client share: the connection, and what goes with every call."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeVar

from armoire.async_transport import AsyncTransport, Metadata
from armoire.call import Call
from armoire.values.types import Page

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class AsyncCaller:
    """Makes calls over one connection; `timeout_s` is for those that do not say."""

    transport: AsyncTransport
    timeout_s: float
    metadata: Metadata
    upload_tls: ssl.SSLContext | None

    def with_metadata(self, metadata: Sequence[tuple[str, str]]) -> Self:
        """This caller with further headers, on the same connection."""
        return replace(self, metadata=(*self.metadata, *metadata))

    async def run(self, call: Call[T], timeout_s: float | None) -> T:
        """The answer; `timeout_s` is for all tries together, None for the caller's."""
        timeout_s = self.timeout_s if timeout_s is None else timeout_s
        return await self.transport.run(call, timeout_s, self.metadata)

    def stream(self, call: Call[T], timeout_s: float) -> AsyncIterator[T]:
        """The answers of a call that has many."""
        return self.transport.stream(call, timeout_s, self.metadata)

    async def each(
        self, list_page: Callable[[str], Call[Page[T]]], timeout_s: float | None
    ) -> AsyncIterator[T]:
        """What the pages hold, from the first page on; `timeout_s` is for each."""
        page_token = ""
        while True:
            page = await self.run(list_page(page_token), timeout_s)
            for each in page.items:
                yield each
            page_token = page.next_page_token
            if not page_token:
                return
