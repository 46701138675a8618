from __future__ import annotations

from services.catalog.changes import Changes


async def test_only_the_watchers_of_a_job_are_woken() -> None:
    changes = Changes()
    with (
        changes.watch("t", "a") as first,
        changes.watch("t", "a") as second,
        changes.watch("u", "a") as other,
    ):
        changes.publish("t", "a")
        assert first.is_set()
        assert second.is_set()
        assert not other.is_set()


async def test_who_left_is_forgotten() -> None:
    changes = Changes()
    with changes.watch("t", "a") as first, changes.watch("t", "a"):
        pass
    changes.publish("t", "a")
    assert not first.is_set()
    assert not changes._watchers
