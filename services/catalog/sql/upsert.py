"""Rows written as they are, several in one statement, without an object for each.

Building a statement takes ten times as long as running it, so those of every photo and every search are built
once and get their values as parameters.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias, cast

from sqlalchemy import Row
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.catalog.sql.tables import Table

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row of any columns, by name."""


def table_of(rows: type[Table]) -> SqlTable:
    """The table itself."""
    return cast(SqlTable, rows.__table__)


def upsert_rows(
    session: Session, rows_of: type[Table], rows: Sequence[Mapping[str, Any]], *, keep: Collection[str] = ()
) -> None:
    """Insert rows; if a primary key exists, update all columns except `keep`."""
    if rows:
        statement = _upsert(session.get_bind().dialect.name, rows_of, frozenset(keep))
        session.execute(statement, list(rows))


@cache
def _upsert(dialect: str, rows_of: type[Table], keep: frozenset[str]) -> sqlite.Insert | postgresql.Insert:
    table = table_of(rows_of)
    statement = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    names, key = [column.name for column in table.c], [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in names if name not in {*key, *keep}}
    return statement.on_conflict_do_update(index_elements=key, set_=changed)
