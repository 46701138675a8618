"""The agreement of people with the models in two windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from armoire import Agreement, AsyncClient, ReviewStatistics
from services.drift.agreement import Agreed
from services.drift.reviews import read_agreements
from services.drift.window import Window

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class Reviewed:
    """A client whose server knows of reviews before and after the moment."""

    async def get_review_statistics(
        self, *, created_from: datetime | None, created_before: datetime | None, agreement_in_time: bool
    ) -> ReviewStatistics:
        assert agreement_in_time
        agreed = 9 if created_before == MOMENT else 6
        assert MOMENT in (created_from, created_before)
        agreement = Agreement("category", "embedder-1", "p", 10, agreed, True)
        return ReviewStatistics((), (agreement,), (), 0, 0, 0, 0, False)


async def test_each_window_has_the_reviews_of_its_time() -> None:
    windows = Window(None, MOMENT), Window(MOMENT, None)
    (change,) = await read_agreements(cast(AsyncClient, Reviewed()), *windows)
    assert (change.attribute, change.model_version) == ("category", "embedder-1")
    assert (change.reference, change.current) == (Agreed(10, 9), Agreed(10, 6))
