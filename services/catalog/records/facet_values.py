"""The filterable values of the rows of a Milvus server, kept beside it in SQL, where they can be counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.catalog.sql.tables import FacetValuesRow
from services.catalog.sql.upsert import table_of, upsert_rows
from services.catalog.vectors.row import RowKey, Value, VectorRow

_CHUNK = 500
_VALUES = table_of(FacetValuesRow)


def write_facet_values(session: Session, collection: str, rows: Sequence[VectorRow]) -> None:
    """Write the values of rows of a collection, by item id."""
    upsert_rows(
        session,
        FacetValuesRow,
        [
            {
                "tenant_id": row.tenant_id,
                "collection": collection,
                "item_id": row.id,
                "revision": row.revision,
                "document": _document(row.values),
            }
            for row in rows
        ],
    )


def delete_facet_values(session: Session, collection: str, item_ids: Sequence[str]) -> None:
    """Remove the values of items of any tenant; unknown ids are no error."""
    for start in range(0, len(item_ids), _CHUNK):
        some = _VALUES.c.item_id.in_(item_ids[start : start + _CHUNK])
        session.execute(delete(_VALUES).where(_VALUES.c.collection == collection, some))


def drop_facet_values(session: Session, collection: str) -> None:
    """Remove the values of all rows of a collection."""
    session.execute(delete(_VALUES).where(_VALUES.c.collection == collection))


def read_facet_revisions(session: Session, collection: str) -> dict[RowKey, str]:
    """The revision of every row of a collection whose values are kept."""
    query = select(_VALUES.c.tenant_id, _VALUES.c.item_id, _VALUES.c.revision)
    found = session.execute(query.where(_VALUES.c.collection == collection))
    return {(tenant_id, item_id): revision for tenant_id, item_id, revision in found}


def _document(values: Mapping[str, Value]) -> Mapping[str, Any]:
    """The values without empty texts, and tokens without their doubles."""
    return {
        name: list(dict.fromkeys(value)) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value not in ("", ())
    }
