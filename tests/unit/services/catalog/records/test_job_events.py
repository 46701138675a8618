from __future__ import annotations

from services.catalog.records.job_events import JobEvents
from services.catalog.records.jobs import JobState, Progress

CROPPING, ANALYZING = Progress(JobState.CROPPING, 1, 10), Progress(JobState.ANALYZING, 1, 20)


async def test_only_the_watchers_of_a_job_hear_of_it() -> None:
    changes = JobEvents()
    with (
        changes.watch("t", "a") as first,
        changes.watch("t", "a") as second,
        changes.watch("u", "a") as other,
    ):
        changes.publish("t", "a", CROPPING)
        assert await first.wait(60.0) == CROPPING
        assert await second.wait(60.0) == CROPPING
        assert await other.wait(0.0) is None
        changes.publish("u", "a", ANALYZING)
        assert await other.wait(60.0) == ANALYZING
        assert await first.wait(0.0) is None


async def test_the_latest_progress_is_heard() -> None:
    changes = JobEvents()
    with changes.watch("t", "a") as watch:
        changes.publish("t", "a", CROPPING)
        changes.publish("t", "a", ANALYZING)
        assert await watch.wait(60.0) == ANALYZING


async def test_a_change_that_sql_has_to_tell_is_not_covered_by_progress() -> None:
    changes = JobEvents()
    with changes.watch("t", "a") as watch:
        for published in (None, CROPPING), (CROPPING, None):
            for progress in published:
                changes.publish("t", "a", progress)
            assert await watch.wait(60.0) is None
        changes.publish("t", "a", ANALYZING)
        assert await watch.wait(60.0) == ANALYZING


async def test_who_left_is_forgotten() -> None:
    changes = JobEvents()
    with changes.watch("t", "a") as first, changes.watch("t", "a"):
        pass
    changes.publish("t", "a", CROPPING)
    assert await first.wait(0.0) is None
    assert not changes._watches
