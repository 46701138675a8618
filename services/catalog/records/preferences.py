"""The preferences of end users, one row for each, which feedback changes in its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.preference_rules import Facet
from domain.preferences import Direction, Preferences, Tally
from domain.types import FloatArray, ModelVersion
from services.catalog.sql.tables import PreferenceRow
from services.catalog.sql.upsert import table_of

_PREFERENCE = table_of(PreferenceRow)
_NOTHING: Mapping[str, Any] = {
    "signals": 0,
    "tallies": {},
    "model_version": "",
    "preprocess_version": "",
    "liked": b"",
    "disliked": b"",
    "liked_weight": 0.0,
    "disliked_weight": 0.0,
    "update_us": 0,
}


def read_preferences(session: Session, tenant_id: str, end_user: str) -> Preferences:
    """Of an end user without any, those of somebody of whom nothing is known."""
    row = session.get(PreferenceRow, (tenant_id, end_user))
    return Preferences() if row is None else _preferences(row)


def lock_preferences(session: Session, tenant_id: str, end_user: str) -> Preferences:
    """As `read_preferences`; whoever else wants to change them waits for the end of this transaction."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    statement: Any = sqlite.insert(_PREFERENCE) if is_sqlite else postgresql.insert(_PREFERENCE)
    key = {"tenant_id": tenant_id, "end_user": end_user}
    session.execute(statement.values({**key, **_NOTHING}).on_conflict_do_nothing())
    query = select(PreferenceRow).filter_by(**key).with_for_update()
    return _preferences(session.scalars(query).one())


def write_preferences(session: Session, tenant_id: str, end_user: str, after: Preferences) -> None:
    """Write what `lock_preferences` has read, changed."""
    row = session.get_one(PreferenceRow, (tenant_id, end_user))
    row.signals, row.update_us = after.signals, after.as_of_us
    row.tallies = {
        facet.value: {value: [tally.score, tally.weight] for value, tally in values.items()}
        for facet, values in after.tallies.items()
    }
    direction = after.direction
    if direction is not None:
        row.model_version = direction.version.model_version
        row.preprocess_version = direction.version.preprocess_version
        row.liked, row.disliked = _to_bytes(direction.liked), _to_bytes(direction.disliked)
        row.liked_weight, row.disliked_weight = direction.liked_weight, direction.disliked_weight


def delete_preferences(session: Session, tenant_id: str, end_user: str) -> None:
    of_user = (_PREFERENCE.c.tenant_id == tenant_id, _PREFERENCE.c.end_user == end_user)
    session.execute(delete(_PREFERENCE).where(*of_user))


def _preferences(row: PreferenceRow) -> Preferences:
    tallies = {
        Facet(facet): {value: Tally(*sums) for value, sums in values.items()}
        for facet, values in row.tallies.items()
    }
    direction = None
    if row.liked:
        version = ModelVersion(row.model_version, row.preprocess_version)
        sums = _from_bytes(row.liked), _from_bytes(row.disliked)
        direction = Direction(version, *sums, row.liked_weight, row.disliked_weight)
    return Preferences(row.update_us, row.signals, tallies, direction)


def _to_bytes(vector: FloatArray) -> bytes:
    return vector.astype("<f4").tobytes()


def _from_bytes(content: bytes) -> FloatArray:
    return np.frombuffer(content, "<f4").astype(np.float32)
