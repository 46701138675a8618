"""Records on SQLite and PostgreSQL, and a clock that a test turns."""

from __future__ import annotations

import pytest

from services.audit.options import AuditOptions
from services.audit.trail import AuditTrail
from services.sql.database import Database
from tests.unit.services.access.conftest import Clock

DAY_US = 86_400_000_000


@pytest.fixture
def clock() -> Clock:
    return Clock(us=100 * DAY_US)


@pytest.fixture
def trail(database: Database, clock: Clock) -> AuditTrail:
    return AuditTrail(database, AuditOptions(retention_days=30), clock)
