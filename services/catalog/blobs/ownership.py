"""The owner of the blob store: a marker in it has the id of the database that may sweep it."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import FailedPrecondition, NotFound
from services.catalog.addresses import BLOB_URL, DATABASE_URL
from services.catalog.blobs.store import BlobStore, StoreMissing
from services.catalog.ids import IdSource
from services.catalog.records.images import has_images
from services.catalog.sql.tables import IdentityRow
from services.sql.database import Database

MARKER = "armoire-catalog-id"
_NAME = "catalog"


class Ownership:
    """Ties one blob store, or prefix of one, to one database."""

    def __init__(self, database: Database, blobs: BlobStore, ids: IdSource) -> None:
        self._database = database
        self._blobs = blobs
        self._ids = ids

    async def claim(self) -> None:
        """Mark the blob store as this database's if it has no mark and the database has no photos.

        Raises:
            FailedPrecondition: it is another database's.
            StoreMissing: it has no mark, but the database has photos.
            Unavailable: a store cannot be reached.
        """
        own = await self._own_id()
        if await self._marker() is None:
            if await self._database.read(has_images):
                self._blobs.require(MARKER, found=False)
                raise StoreMissing(_missing(own))
            self._blobs.require("", found=True)
            await self._blobs.put(MARKER, own.encode())
        if await self._marker() != own:
            raise FailedPrecondition(
                f"the blob store of {BLOB_URL} belongs to another database than that of {DATABASE_URL}; "
                f"choose another blob store or, if the other database no longer exists, delete {MARKER!r} "
                "in this one",
                reason="BLOB_STORE_NOT_OURS",
            )
        self._blobs.require(MARKER, found=True)

    async def is_owner(self) -> bool:
        """Whether the blob store is still marked as this database's. Raises Unavailable."""
        return await self._marker() == await self._own_id()

    async def _marker(self) -> str | None:
        try:
            return (await self._blobs.get(MARKER)).decode(errors="replace").strip()
        except (NotFound, StoreMissing):
            return None

    async def _own_id(self) -> str:
        """The database's id, drawn on first use."""
        fresh, moment_us = self._ids.next(), now_us()

        def read_or_draw(session: Session) -> str:
            row = session.get(IdentityRow, _NAME)
            if row is None:
                row = IdentityRow(name=_NAME, id=fresh, create_us=moment_us)
                session.add(row)
                session.flush()
            return row.id

        try:
            return await self._database.write(read_or_draw)
        except IntegrityError:  # another process drew one at the same time
            return await self._database.write(read_or_draw)


def _missing(own_id: str) -> str:
    return (
        f"the blob store of {BLOB_URL} has no {MARKER!r}, but the database has photos: mount its volume or "
        f"correct the setting; if all photos are lost, store a file of that name with the text {own_id}"
    )
