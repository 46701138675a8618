"""The rows of a collection in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.catalog.records.items import live_revisions
from services.catalog.records.searchable import count_searchable, stream_searchable
from services.catalog.sync.index_rows import RowWriter
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.row import RowKey, VectorRow


@dataclass(frozen=True, slots=True)
class SqlSource:
    """A `CollectionSource` that reads in one transaction of `Database.read`, hence a consistent state."""

    session: Session
    collection: Collection
    writer: RowWriter

    def count(self) -> int:
        return count_searchable(self.session, self.collection.version, self.collection.width)

    def rows(self) -> Iterator[VectorRow]:
        items = stream_searchable(self.session, self.collection.version, self.collection.width)
        return map(self.writer.row, items)

    def revisions(self) -> Mapping[RowKey, str]:
        return live_revisions(self.session, self.collection.version)
