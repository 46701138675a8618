from __future__ import annotations

import asyncio

from services.catalog.operations.audit_schedule import AuditSchedule

DAY_S = 86_400.0


async def nothing(_key: str) -> None: ...


def test_a_period_has_one_key_and_ends_at_the_same_time_in_all_processes() -> None:
    schedule = AuditSchedule(nothing, DAY_S)
    assert schedule.key(10 * DAY_S) == schedule.key(11 * DAY_S - 1) == "scheduled-audit-86400-10"
    assert schedule.key(11 * DAY_S) == "scheduled-audit-86400-11"
    assert schedule.pause_s(10 * DAY_S + 400) == DAY_S - 400
    assert schedule.pause_s(10 * DAY_S) == DAY_S


async def test_audits_are_started_for_ever() -> None:
    keys: asyncio.Queue[str] = asyncio.Queue()
    running = asyncio.create_task(AuditSchedule(keys.put, 0.01).run())
    assert {(await keys.get()).rpartition("-")[0] for _ in range(3)} == {"scheduled-audit-0"}
    running.cancel()
