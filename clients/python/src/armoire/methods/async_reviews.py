"""The calls on the queue of reviewers, and what they choose from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from armoire.async_caller import AsyncCaller
from armoire.calls import reviews
from armoire.calls.reviews import Split
from armoire.values.reviews import ReviewLeases, ReviewStatistics, VersionedTaxonomy


class AsyncReviewMethods:
    """The calls on the queue of reviewers, and what they choose from."""

    _caller: AsyncCaller

    async def lease_review_items(
        self,
        *,
        reviewer: str = "",
        max_items: int = 0,
        lease_s: int = 0,
        category: str = "",
        model_version: str = "",
        never_seen: bool = False,
        audit_share: float = 0.0,
        disagreements: bool = False,
        similar_to: str = "",
        min_similarity: float = 0.0,
        item_id: str = "",
        include_picture_urls: bool = False,
        timeout_s: float | None = None,
    ) -> ReviewLeases:
        """Items to review, the most useful first, which nobody else gets until the lease ends.

        Called again, it renews the leases of those that are still open, and adds items up to `max_items`.

        Args:
            reviewer: tells reviewers who share a key apart.
            max_items, lease_s: 0 stands for 10 items and for 300 s.
            category, model_version, never_seen: what they are taken for, by which model, and whether only
            items count that nobody has ever changed.
            audit_share: which share is drawn at random.
            disagreements: only items that models, or a newer model and a person, do not agree on.
            similar_to, min_similarity: only items that look like this one and are taken for the same.
            item_id: only this item, unless another reviewer has it.
            include_picture_urls: return URLs of crops and photos.
        """
        options = reviews.LeaseOptions(
            reviewer,
            max_items,
            lease_s,
            category,
            model_version,
            never_seen,
            audit_share,
            disagreements,
            similar_to,
            min_similarity,
            item_id,
            include_picture_urls,
        )
        return await self._caller.run(reviews.lease_review_items(options), timeout_s)

    async def release_review_items(
        self,
        item_ids: Sequence[str] = (),
        *,
        reviewer: str = "",
        skip: bool = False,
        timeout_s: float | None = None,
    ) -> int:
        """Give items back to the queue, all that the reviewer has if none are named; returns how many.

        With `skip`, nobody gets them for an hour.
        """
        return await self._caller.run(reviews.release_review_items(reviewer, item_ids, skip), timeout_s)

    async def get_review_statistics(
        self,
        *,
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        only_audited: bool = False,
        split: Split = "",
        shares: tuple[float, float, float] | None = None,
        agreement_in_time: bool = False,
        timeout_s: float | None = None,
    ) -> ReviewStatistics:
        """Who has decided how much in a time, and how often each model says what people say.

        Agreement is that on all reviewed items, on those that were drawn at random, on those of photos in
        one split of `export_dataset`, with the same `shares`, or with `agreement_in_time` on those that
        people have decided on in the time.
        """
        wanted = only_audited, split, shares, agreement_in_time
        call = reviews.get_review_statistics(created_from, created_before, *wanted)
        return await self._caller.run(call, timeout_s)

    async def get_taxonomy(self, *, timeout_s: float | None = None) -> VersionedTaxonomy:
        """The words that garments are described with."""
        return await self._caller.run(reviews.get_taxonomy(), timeout_s)
