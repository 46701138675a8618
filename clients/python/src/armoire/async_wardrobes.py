"""The calls on end users, which a client has as `wardrobes`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from armoire.async_caller import AsyncCaller
from armoire.calls import wardrobes
from armoire.values.types import Page
from armoire.values.wardrobes import (
    EndUserData,
    FeedbackKind,
    NewWardrobeItem,
    Preferences,
    WardrobeItem,
    WardrobeState,
)


class AsyncWardrobes:
    """What end users own, think and like; `end_user` is an id of yours, of 1 to 128 printable characters.

    `erase_end_user` of the client erases all of it.
    """

    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def add(
        self, end_user: str, items: Sequence[NewWardrobeItem], *, timeout_s: float | None = None
    ) -> tuple[WardrobeItem, ...]:
        """Puts 1 to 100 items into a wardrobe; those that are in it get what is said here.

        Raises:
            FailedPrecondition: WARDROBE_FULL, where there would be more than 2,000.
        """
        return await self._caller.run(wardrobes.add_wardrobe_items(end_user, items), timeout_s)

    async def list(
        self,
        end_user: str,
        *,
        states: Sequence[WardrobeState | str] = (),
        never_worn: bool = False,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[WardrobeItem]:
        """A page of a wardrobe, newest first; only what is in these states, or was never worn,"""
        call = wardrobes.list_wardrobe_items(end_user, states, never_worn, page_size, page_token)
        return await self._caller.run(call, timeout_s)

    async def iter(
        self,
        end_user: str,
        *,
        states: Sequence[WardrobeState | str] = (),
        never_worn: bool = False,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[WardrobeItem]:
        """Like `list`, page after page; `timeout_s` is for each."""
        page_token = ""
        while True:
            call = wardrobes.list_wardrobe_items(end_user, states, never_worn, page_size, page_token)
            page = await self._caller.run(call, timeout_s)
            for each in page.items:
                yield each
            page_token = page.next_page_token
            if not page_token:
                return

    async def remove(self, end_user: str, item_ids: Sequence[str], *, timeout_s: float | None = None) -> int:
        """Takes 1 to 100 items out of a wardrobe; returns how many were in it."""
        return await self._caller.run(wardrobes.remove_wardrobe_items(end_user, item_ids), timeout_s)

    async def record_feedback(
        self,
        end_user: str,
        kind: FeedbackKind | str,
        item_ids: Sequence[str],
        *,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> str:
        """What an end user said or did to an item, or to the items of an outfit; returns its id.

        Args:
            idempotency_key: a second call with the same one counts nothing; one is made unless given.
        """
        call = wardrobes.record_feedback(end_user, kind, item_ids, idempotency_key)
        return await self._caller.run(call, timeout_s)

    async def preferences(self, end_user: str, *, timeout_s: float | None = None) -> Preferences:
        """What the feedback has come to, as of now."""
        return await self._caller.run(wardrobes.get_preferences(end_user), timeout_s)

    async def reset_preferences(self, end_user: str, *, timeout_s: float | None = None) -> None:
        """Forgets all feedback and what it has come to; the wardrobe stays."""
        await self._caller.run(wardrobes.reset_preferences(end_user), timeout_s)

    async def export(self, end_user: str, *, timeout_s: float | None = None) -> EndUserData:
        """All that is kept of an end user; for administrators."""
        return await self._caller.run(wardrobes.export_end_user_data(end_user), timeout_s)
