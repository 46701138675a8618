"""Rows that transactions need to be there first."""

from __future__ import annotations

import numpy as np
from sqlalchemy.orm import Session

from domain.types import AnalyzedItem, Box, ItemVersions, ModelVersion
from services.catalog.ids import IdSource, item_id
from services.catalog.records.found_items import FoundItem, write_items
from services.catalog.records.images import NewImage, insert_image
from services.catalog.records.job_queue import insert_job
from services.catalog.records.jobs import JobPriority, read_job
from services.sql.database import Database

VERSION = ModelVersion("model-1", "square-1")
VERSIONS = ItemVersions(VERSION, ModelVersion("detector-1", "letterbox-1"))
IDS = IdSource()


def add_job(
    session: Session,
    moment_us: int,
    *,
    tenant_id: str = "t",
    key: str = "",
    priority: JobPriority = JobPriority.INTERACTIVE,
) -> str:
    """A queued job of a new image; returns the job's id."""
    image = NewImage(IDS.next(), "", "a.png", "png", 60, 40, 99, "0" * 64)
    insert_image(session, tenant_id, image, moment_us)
    job_id = IDS.next()
    insert_job(session, tenant_id, job_id, image.id, key, "f" * 64, moment_us, priority=priority)
    return job_id


def add_items(session: Session, image_id: str, count: int, *, tenant_id: str = "t") -> list[str]:
    """Items of an image with embeddings of VERSION; returns their ids."""
    items = found(image_id, count)
    write_items(session, tenant_id, image_id, items, VERSIONS, 1)
    return [entry.id for entry in items]


async def items_in(database: Database, count: int, tenant_id: str = "t") -> list[str]:
    """Items of a new image, as `add_items`."""

    def add(session: Session) -> list[str]:
        image_id = read_job(session, tenant_id, add_job(session, 1, tenant_id=tenant_id)).image_id
        return add_items(session, image_id, count, tenant_id=tenant_id)

    return await database.write(add)


def found(image_id: str, count: int) -> list[FoundItem]:
    """Items as an analysis finds them, with embeddings."""
    return [
        FoundItem(
            item_id(image_id, place),
            place,
            AnalyzedItem(Box(0, 0, 9, 9), 0.5, "dress", embedding=np.eye(4, dtype=np.float32)[place % 4]),
            place == 0,
        )
        for place in range(count)
    ]
