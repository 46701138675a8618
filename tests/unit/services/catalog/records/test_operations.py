from __future__ import annotations

import asyncio

import pytest

from domain.errors import AlreadyExists, ArmoireError, FailedPrecondition, NotFound
from services.catalog.ids import IdSource
from services.catalog.records.operations import (
    Operation,
    OperationClaim,
    OperationFilter,
    OperationKind,
    OperationProgress,
    OperationState,
    claim_operation,
    end_operation,
    insert_operation,
    list_operations,
    next_operation_us,
    read_operation,
    release_operations,
    renew_operation,
    request_cancel,
    requeue_operation,
    retry_operation,
    save_progress,
)
from services.catalog.records.paging import Cursor
from services.sql.database import Database

IDS = IdSource()
ALL = frozenset(OperationKind)


async def add(database: Database, moment_us: int = 10, key: str = "", tenant: str = "t") -> Operation:
    operation_id = IDS.next()
    return await database.write(
        lambda session: insert_operation(
            session, tenant, operation_id, OperationKind.AUDIT, {"repair": False}, key, moment_us
        )
    )


async def claim(
    database: Database, moment_us: int, kinds: frozenset[OperationKind] = ALL
) -> OperationClaim | None:
    found = await database.write(lambda session: claim_operation(session, kinds, 100, moment_us, 2))
    return found.claim


async def claimed(database: Database, moment_us: int) -> OperationClaim:
    found = await claim(database, moment_us)
    assert found is not None
    return found


async def read(database: Database, operation_id: str, tenant: str = "t") -> Operation:
    return await database.read(lambda session: read_operation(session, tenant, operation_id))


async def test_an_operation_is_claimed_once_when_it_is_due(database: Database) -> None:
    operation = await add(database)
    assert operation.state is OperationState.QUEUED
    assert await claim(database, 9) is None
    found = await claimed(database, 10)
    assert (found.id, found.request, found.checkpoint) == (operation.id, {"repair": False}, {})
    assert await claim(database, 11) is None
    assert (await read(database, operation.id)).state is OperationState.RUNNING


async def test_only_the_kinds_of_a_runner_are_claimed(database: Database) -> None:
    await add(database)
    assert await claim(database, 10, frozenset({OperationKind.TRAINING})) is None


async def test_concurrent_claims_never_share_an_operation(database: Database) -> None:
    ids = {(await add(database)).id for _ in range(8)}
    found = await asyncio.gather(*(claim(database, 10) for _ in range(8)))
    while len(taken := [each.id for each in found if each is not None]) < 8:
        found += await asyncio.gather(*(claim(database, 10) for _ in range(8)))
    assert set(taken) == ids


async def test_progress_outlives_the_process_and_the_first_try_is_void(database: Database) -> None:
    operation = await add(database)
    first = await claimed(database, 10)
    progress = OperationProgress("photos", 3, 1, 9, "indexing")
    saved = await database.write(lambda session: save_progress(session, first, progress, {"at": "k"}, 20))
    assert saved is False
    assert await claim(database, 110) is None
    second = await claimed(database, 111)
    assert (second.checkpoint, second.progress) == ({"at": "k"}, progress)
    for change in (
        lambda session: renew_operation(session, first, 500),
        lambda session: save_progress(session, first, progress, {}, 120),
    ):
        assert await database.write(change) is None
    await database.write(
        lambda session: end_operation(session, first, OperationState.CANCELLED, 120)
    )  # changes nothing
    assert (await read(database, operation.id)).state is OperationState.RUNNING
    done = {"items": 4}
    await database.write(lambda session: end_operation(session, second, OperationState.SUCCEEDED, 130, done))
    ended = await read(database, operation.id)
    assert (ended.state, ended.response, ended.progress, ended.done) == (
        *(OperationState.SUCCEEDED, done, progress),
        True,
    )
    assert await database.read(next_operation_us) is None


async def test_leases_of_a_process_that_is_gone_are_released(database: Database) -> None:
    await add(database)
    first = await claimed(database, 10)
    assert await database.read(next_operation_us) == 110
    await database.write(lambda session: release_operations(session, 20))
    assert (await claimed(database, 20)).id == first.id


async def test_an_operation_that_waits_is_cancelled_at_once(database: Database) -> None:
    operation = await add(database)
    cancelled = await database.write(lambda session: request_cancel(session, "t", operation.id, 20))
    assert (cancelled.state, cancelled.done, cancelled.cancel_requested) == (
        *(OperationState.CANCELLED, True),
        True,
    )
    assert await claim(database, 30) is None
    with pytest.raises(FailedPrecondition, match="is done: it is CANCELLED") as caught:
        await database.write(lambda session: request_cancel(session, "t", operation.id, 20))
    assert caught.value.reason == "OPERATION_DONE"


async def test_a_running_operation_is_told_to_stop_and_can_be_retried(database: Database) -> None:
    operation = await add(database)
    found = await claimed(database, 10)
    asked = await database.write(lambda session: request_cancel(session, "t", operation.id, 20))
    assert (asked.state, asked.cancel_requested) == (OperationState.RUNNING, True)
    assert await database.write(lambda session: renew_operation(session, found, 500)) is True
    with pytest.raises(FailedPrecondition, match="RUNNING and cannot be retried") as caught:
        await database.write(lambda session: retry_operation(session, "t", operation.id, 30))
    assert caught.value.reason == "OPERATION_NOT_RETRYABLE"
    progress = OperationProgress("photos", 5)
    await database.write(lambda session: save_progress(session, found, progress, {"at": "m"}, 30))
    await database.write(lambda session: end_operation(session, found, OperationState.CANCELLED, 40))
    again = await database.write(lambda session: retry_operation(session, "t", operation.id, 50))
    assert (again.state, again.cancel_requested, again.end_time) == (OperationState.QUEUED, False, None)
    assert (await claimed(database, 50)).checkpoint == {"at": "m"}


async def test_a_failure_is_counted_and_kept(database: Database) -> None:
    operation = await add(database)
    first = await claimed(database, 10)
    await database.write(lambda session: requeue_operation(session, first, 60, 20, counts=True))
    assert await claim(database, 59) is None
    second = await claimed(database, 60)
    assert second.failures == 1
    error = ArmoireError("it broke", reason="BROKEN")
    await database.write(
        lambda session: end_operation(session, second, OperationState.FAILED, 70, error=error)
    )
    failed = await read(database, operation.id)
    assert failed.error is not None
    assert (failed.state, failed.error.reason) == (OperationState.FAILED, "BROKEN")


async def test_a_clock_that_was_set_back_delays_nothing(database: Database) -> None:
    hour_us = 3_600_000_000
    operation = await add(database, 2 * hour_us)
    assert (await claimed(database, hour_us)).id == operation.id


async def test_a_key_queues_once(database: Database) -> None:
    first, second = await add(database, key="k"), await add(database, key="k")
    assert first.id == second.id
    other = await add(database, key="k", tenant="u")
    assert other.id != first.id
    with pytest.raises(AlreadyExists, match="'k' was used for a different request") as caught:
        await database.write(
            lambda session: insert_operation(session, "t", "x", OperationKind.EXPORT, {}, "k", 10)
        )
    assert caught.value.reason == "IDEMPOTENCY_KEY_REUSED"


async def test_a_tenant_sees_its_own_only(database: Database) -> None:
    operation = await add(database)
    for call in (read_operation, lambda *of: request_cancel(*of, 20), lambda *of: retry_operation(*of, 20)):
        with pytest.raises(NotFound):
            await database.write(lambda session, act=call: act(session, "u", operation.id))  # type: ignore[misc]
    wanted = OperationFilter()
    page = await database.read(lambda session: list_operations(session, "u", Cursor(5, None, ""), wanted))
    assert page == []


async def test_lists_are_filtered_and_newest_first(database: Database) -> None:
    ids = [(await add(database, moment)).id for moment in (10, 20, 30)]
    await database.write(lambda session: request_cancel(session, "t", ids[1], 40))

    async def listed(wanted: OperationFilter, before: str | None = None) -> list[str]:
        cursor = Cursor(5, before, "")
        found = await database.read(lambda session: list_operations(session, "t", cursor, wanted))
        return [operation.id for operation in found]

    assert await listed(OperationFilter()) == ids[::-1]
    assert await listed(OperationFilter(), ids[2]) == ids[1::-1]
    assert await listed(OperationFilter(states=frozenset({OperationState.CANCELLED}))) == [ids[1]]
    assert await listed(OperationFilter(kinds=frozenset({OperationKind.EXPORT}))) == []
    assert await listed(OperationFilter(created_from_us=20, created_before_us=30)) == [ids[1]]


async def test_an_operation_with_which_processes_die_again_and_again_fails(database: Database) -> None:
    bad, good = await add(database, 10), await add(database, 11)
    for moment_us in (10, 200, 400):
        assert (await claimed(database, moment_us)).id == bad.id
    found = await database.write(lambda session: claim_operation(session, ALL, 100, 600, 2))
    assert found.claim is not None
    assert (found.claim.id, found.interrupted) == (good.id, (("t", bad.id),))
    ended = await read(database, bad.id)
    assert (ended.state, ended.error and ended.error.reason) == (OperationState.FAILED, "INTERRUPTED")
    retried = await database.write(lambda session: retry_operation(session, "t", bad.id, 700))
    assert retried.state is OperationState.QUEUED
    assert (await claimed(database, 700)).id == bad.id
