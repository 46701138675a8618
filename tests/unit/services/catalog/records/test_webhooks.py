from __future__ import annotations

from contextlib import suppress

from sqlalchemy.orm import Session

from domain.errors import ArmoireError
from services.catalog.ids import IdSource
from services.catalog.records.claims import LeaseTerms, claim_jobs, complete_job, fail_job
from services.catalog.records.job_queue import cancel_job, end_open_jobs
from services.catalog.records.operations import (
    OperationKind,
    OperationState,
    claim_operation,
    end_operation,
    insert_operation,
    request_cancel,
)
from services.catalog.records.paging import Cursor
from services.catalog.records.webhooks import (
    ClaimedDelivery,
    DeliveryState,
    Event,
    claim_deliveries,
    disable_webhook,
    end_attempt,
    enqueue_event,
    insert_webhook,
    list_deliveries,
    next_delivery_us,
    purge_deliveries,
    read_webhook,
)
from services.sql.database import Database
from tests.unit.services.catalog.rows import add_job

IDS = IdSource()
ALL = [event.value for event in Event]
TERMS = LeaseTerms(lease_us=100, max_failures=3, max_interruptions=0)
GONE = ArmoireError("x", reason="GONE")


async def add_hook(database: Database, tenant_id: str = "t") -> str:
    id = IDS.next()
    await database.write(lambda session: insert_webhook(session, tenant_id, id, "u", ALL, "whsec_", 1))
    return id


async def events(database: Database) -> list[str]:
    """Of tenant "t", the oldest first."""
    cursor = Cursor(100, None, "")
    found = await database.read(lambda session: list_deliveries(session, "t", cursor, "", None))
    return [delivery.event for delivery in found][::-1]


async def claimed(
    database: Database,
    moment_us: int,
    most: int = 10,
    per_webhook: int = 4,
    busy: dict[str, int] | None = None,
) -> list[ClaimedDelivery]:
    return await database.write(
        lambda session: claim_deliveries(session, most, 100, moment_us, per_webhook, busy)
    )


async def test_every_end_of_a_job_is_an_event(database: Database) -> None:
    await add_hook(database)
    await add_hook(database, "other")

    def work(session: Session) -> None:
        for _ in range(3):
            add_job(session, 1)
        done, bad, _ = claim_jobs(session, 3, TERMS, 1).claims
        assert complete_job(session, done, 2)
        assert not complete_job(session, done, 2)  # which is no second event
        assert fail_job(session, bad, GONE, 3)
        cancel_job(session, "t", add_job(session, 10), 4)
        assert len(claim_jobs(session, 3, TERMS, 1000).interrupted) == 1
        add_job(session, 2000)
        (left,) = claim_jobs(session, 1, TERMS, 2000).claims
        assert end_open_jobs(session, "t", [left.photo.image_id], GONE, 2001) == [left.job_id]

    await database.write(work)
    assert sorted(await events(database)) == sorted(
        [Event.JOB_COMPLETE, Event.JOB_CANCELLED, *[Event.JOB_FAILED] * 3]
    )


async def test_every_end_of_an_operation_is_an_event(database: Database) -> None:
    await add_hook(database)

    def work(session: Session) -> None:
        for _ in range(2):
            insert_operation(session, "t", IDS.next(), OperationKind.AUDIT, {}, "", 1)
        kinds = frozenset(OperationKind)
        claim = claim_operation(session, kinds, 100, 1, 0).claim
        assert claim is not None
        end_operation(session, claim, OperationState.SUCCEEDED, 2)
        end_operation(session, claim, OperationState.FAILED, 2)  # it has no lease any more
        assert claim_operation(session, kinds, 100, 3, 0).claim is not None
        assert len(claim_operation(session, kinds, 100, 1000, 0).interrupted) == 1
        waiting = insert_operation(session, "t", IDS.next(), OperationKind.AUDIT, {}, "", 1)
        request_cancel(session, "t", waiting.id, 4)

    await database.write(work)
    assert sorted(await events(database)) == sorted(
        [Event.OPERATION_SUCCEEDED, Event.OPERATION_FAILED, Event.OPERATION_CANCELLED]
    )


async def test_a_rolled_back_end_is_no_event(database: Database) -> None:
    await add_hook(database)

    def work(session: Session) -> None:
        enqueue_event(session, "t", Event.JOB_FAILED, {}, 1)
        raise GONE

    with suppress(ArmoireError):
        await database.write(work)
    assert await events(database) == []


async def test_deliveries_are_claimed_with_a_lease_and_fairly(database: Database) -> None:
    first, second = await add_hook(database), await add_hook(database)
    for moment_us in (1, 2, 3):
        await database.write(
            lambda session, at=moment_us: enqueue_event(session, "t", Event.JOB_FAILED, {}, at)  # type: ignore[misc]
        )
    assert await database.read(next_delivery_us) == 1
    claims = await claimed(database, 10, per_webhook=2)
    assert [claim.webhook_id for claim in claims].count(first) == 2
    assert [claim.webhook_id for claim in claims].count(second) == 2
    rest = await claimed(database, 10, busy={first: 4, second: 3})
    assert [claim.webhook_id for claim in rest] == [second]
    assert len(await claimed(database, 10)) == 1
    assert await claimed(database, 109) == []
    assert await database.read(lambda session: next_delivery_us(session, (first, second))) is None
    again = await claimed(database, 110)
    assert {claim.attempts for claim in again} == {2}

    def end(session: Session) -> tuple[bool, bool]:
        lost = end_attempt(session, claims[0], DeliveryState.DELIVERED, 200, "", 0, 111)
        kept = end_attempt(session, again[0], DeliveryState.FAILED, 500, "no", 0, 111)
        return lost, kept

    assert await database.write(end) == (False, True)
    hook_id = again[0].webhook_id
    hook = await database.read(lambda session: read_webhook(session, "t", hook_id))
    assert hook.failing_from is not None
    assert not await database.write(lambda session: disable_webhook(session, "t", hook_id, 110))
    assert await database.write(lambda session: disable_webhook(session, "t", hook_id, 111))
    await database.write(lambda session: enqueue_event(session, "t", Event.JOB_FAILED, {}, 112))
    assert {claim.webhook_id for claim in await claimed(database, 500)} == {first, second} - {hook_id}


async def test_only_ended_deliveries_are_purged(database: Database) -> None:
    await add_hook(database)
    for _ in range(2):
        await database.write(lambda session: enqueue_event(session, "t", Event.JOB_FAILED, {}, 1))
    (claim,) = await claimed(database, 1, most=1)
    await database.write(lambda session: end_attempt(session, claim, DeliveryState.DELIVERED, 200, "", 0, 5))
    assert await database.write(lambda session: purge_deliveries(session, 5, 10)) == 0
    assert await database.write(lambda session: purge_deliveries(session, 6, 10)) == 1
    assert len(await events(database)) == 1
