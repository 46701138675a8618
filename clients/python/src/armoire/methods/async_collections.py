"""The calls on collections of embeddings, and what fills them."""

from __future__ import annotations

from armoire.async_caller import AsyncCaller
from armoire.calls import collections
from armoire.values.collections import Collection, ReindexScope
from armoire.values.operations import Operation


class AsyncCollectionMethods:
    """The calls on collections of embeddings, and what fills them."""

    _caller: AsyncCaller

    async def list_collections(self, *, timeout_s: float | None = None) -> tuple[Collection, ...]:
        """The collection that is searched, and the one beside it; for those who run the server."""
        return await self._caller.run(collections.list_collections(), timeout_s)

    async def start_backfill(
        self,
        embedder_version: str = "",
        *,
        photos_per_second: float = 0.0,
        swap: bool = False,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> Operation:
        """Begins to embed the catalogue for a loaded embedder, by version or alias; "" is the default.

        The live collection goes on answering. `photos_per_second` limits the work; 0 is no limit. With
        `swap`, searches go to the new collection at the end, if it lacks nothing. The same key begins once;
        without one the client makes a fresh one.
        """
        call = collections.start_backfill(embedder_version, photos_per_second, swap, idempotency_key)
        return await self._caller.run(call, timeout_s)

    async def start_reindex(
        self,
        scope: ReindexScope = ReindexScope.STALE,
        *,
        photos_per_second: float = 0.0,
        all_tenants: bool = False,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> Operation:
        """Begins to find and describe the items of stored photos anew, with what is served.

        Items keep their ids where their boxes are found again, and what people say of them holds.
        `photos_per_second` limits the work; 0 is no limit. `all_tenants` is for those who run the server. The
        same key begins once; without one the client makes a fresh one.
        """
        call = collections.start_reindex(scope, photos_per_second, all_tenants, idempotency_key)
        return await self._caller.run(call, timeout_s)

    async def swap_collection(
        self, collection: str, *, allow_lacking: bool = False, timeout_s: float | None = None
    ) -> tuple[Collection, ...]:
        """Lets searches go to the collection of this name; the one before is still written.

        It is refused where the collection lacks items, unless `allow_lacking` says so.
        """
        return await self._caller.run(collections.swap_collection(collection, allow_lacking), timeout_s)

    async def drop_collection(self, collection: str, *, timeout_s: float | None = None) -> None:
        """Removes the collection of this name, which is not searched, with its embeddings."""
        await self._caller.run(collections.drop_collection(collection), timeout_s)
