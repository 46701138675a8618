from __future__ import annotations

from services.catalog.records.job_events import MAX_CHANGES, JobEvents
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


async def test_a_watcher_of_all_hears_each_job_of_its_tenant_once() -> None:
    told: list[tuple[str, str]] = []
    events = JobEvents(lambda *job: told.append(job))
    with events.watch_all("t") as changes, events.watch_all("u") as others:
        events.publish("t", "a", CROPPING)
        events.publish("t", "b")
        events.publish("t", "a", ANALYZING)
        events.deliver("t", "c")
        assert await changes.wait(60.0) == ("a", "b", "c")
        assert await others.wait(0.0) is None
        assert told == [("t", "a"), ("t", "b"), ("t", "a")]  # not what another process has told
        events.deliver("", "")
        assert await changes.wait(60.0) is None
        assert await others.wait(60.0) is None


async def test_what_a_slow_watcher_misses_is_bounded() -> None:
    events = JobEvents()
    with events.watch_all("t") as changes:
        for number in range(MAX_CHANGES + 1):
            events.publish("t", str(number))
        assert await changes.wait(60.0) is None  # it looks through SQL
        events.publish("t", "a")
        assert await changes.wait(60.0) == ("a",)


async def test_an_event_of_another_process_reaches_the_watchers_of_its_job() -> None:
    events = JobEvents()
    with events.watch("t", "a") as first, events.watch("t", "b") as other:
        events.publish("t", "a", CROPPING)
        events.deliver("t", "a")
        assert await first.wait(60.0) is None
        events.publish("t", "b", CROPPING)
        events.deliver("", "")
        assert await other.wait(60.0) is None
