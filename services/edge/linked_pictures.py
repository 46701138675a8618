"""What the HTTP port needs of the links of the catalogue."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Protocol


class LinkedPicture(Protocol):
    """What a link leads to; see `services.catalog.resources.links`."""

    @property
    def tenant_id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    @property
    def size_bytes(self) -> int: ...

    @property
    def etag(self) -> str: ...

    @property
    def read(self) -> Callable[[int, int], AsyncIterator[bytes]]: ...


class LinkedPictures(Protocol):
    """Finds the picture of a link by the path and the query of its URL."""

    async def open(self, path: str, query: str) -> LinkedPicture: ...
