"""Sampled items, and those that were read lately."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from domain.types import ModelVersion
from services.catalog.records.item_sample import ItemWords
from services.catalog.records.searchable import SearchableItem
from services.catalog.records.wardrobe import OWN_PRODUCT_TYPE

MOST_KEPT = 4096
"""Items that are kept, of some kilobytes each."""
KEPT_S = 60.0
"""How long an item is kept, and how often those that were kept for longer are let go: nothing of a tenant or
product that was erased, by whichever process, stays in memory for more than twice that.
"""


@dataclass(frozen=True, slots=True, eq=False)
class SampledItem:
    """An item as the model that is searched with or people describe it, and what people call it."""

    item: SearchableItem
    words: ItemWords

    @property
    def is_own(self) -> bool:
        """Whether it is an end user's own, and not the shop's."""
        return self.item.product_type.casefold() == OWN_PRODUCT_TYPE


class RecentItems:
    """The items that were read last, for as long as what is stored of them is the same. Threads share it.

    What end users own is not kept, so that nothing is left of what is erased.
    """

    def __init__(self, most: int = MOST_KEPT, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._items: OrderedDict[tuple[str, ModelVersion, str], tuple[SampledItem, float]] = OrderedDict()
        self._lock = Lock()

    async def run(self) -> None:
        """Let old items go, again and again."""
        while True:
            await asyncio.sleep(KEPT_S)
            self.drop_old()

    def drop_old(self) -> None:
        """Let go of the items that were read more than `KEPT_S` seconds ago."""
        before = self._clock() - KEPT_S
        with self._lock:
            for key in [key for key, (_, read_at) in self._items.items() if read_at <= before]:
                del self._items[key]

    def get(self, tenant_id: str, version: ModelVersion, item_id: str, revision: str) -> SampledItem | None:
        """None unless the item is kept as of that revision."""
        key = (tenant_id, version, item_id)
        with self._lock:
            kept, _ = self._items.get(key, (None, 0.0))
            if kept is None or kept.item.revision != revision:
                return None
            self._items.move_to_end(key)
            return kept

    def put(self, version: ModelVersion, sampled: SampledItem) -> None:
        """Keep it, instead of what was used least lately where there are too many."""
        if sampled.is_own:
            return
        with self._lock:
            self._items[sampled.item.tenant_id, version, sampled.item.id] = sampled, self._clock()
            self._items.move_to_end((sampled.item.tenant_id, version, sampled.item.id))
            if len(self._items) > self._most:
                self._items.popitem(last=False)
