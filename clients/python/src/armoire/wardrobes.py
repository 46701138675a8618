# Generated from async_wardrobes.py by "make client". Change that file.
"""The calls on end users, which a client has as `wardrobes`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from armoire.caller import Caller
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


class Wardrobes:
    """What end users own, think and like; `end_user` is an id of yours, of 1 to 128 printable characters.

    `erase_end_user` of the client erases all of it.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def add(
        self, end_user: str, items: Sequence[NewWardrobeItem], *, timeout_s: float | None = None
    ) -> tuple[WardrobeItem, ...]:
        """Puts 1 to 100 items into a wardrobe; those that are in it get what is said here.

        Raises:
            FailedPrecondition: WARDROBE_FULL, where there would be more than 2,000.
        """
        return self._caller.run(wardrobes.add_wardrobe_items(end_user, items), timeout_s)

    def list(
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
        return self._caller.run(call, timeout_s)

    def iter(
        self,
        end_user: str,
        *,
        states: Sequence[WardrobeState | str] = (),
        never_worn: bool = False,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> Iterator[WardrobeItem]:
        """Like `list`, page after page; `timeout_s` is for each."""
        page_token = ""
        while True:
            call = wardrobes.list_wardrobe_items(end_user, states, never_worn, page_size, page_token)
            page = self._caller.run(call, timeout_s)
            yield from page.items
            page_token = page.next_page_token
            if not page_token:
                return

    def remove(self, end_user: str, item_ids: Sequence[str], *, timeout_s: float | None = None) -> int:
        """Takes 1 to 100 items out of a wardrobe; returns how many were in it."""
        return self._caller.run(wardrobes.remove_wardrobe_items(end_user, item_ids), timeout_s)

    def record_feedback(
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
        return self._caller.run(call, timeout_s)

    def preferences(self, end_user: str, *, timeout_s: float | None = None) -> Preferences:
        """What the feedback has come to, as of now."""
        return self._caller.run(wardrobes.get_preferences(end_user), timeout_s)

    def reset_preferences(self, end_user: str, *, timeout_s: float | None = None) -> None:
        """Forgets all feedback and what it has come to; the wardrobe stays."""
        self._caller.run(wardrobes.reset_preferences(end_user), timeout_s)

    def export(self, end_user: str, *, timeout_s: float | None = None) -> EndUserData:
        """All that is kept of an end user; for administrators."""
        return self._caller.run(wardrobes.export_end_user_data(end_user), timeout_s)
