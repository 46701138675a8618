from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services.catalog.records import erased, removal
from services.catalog.records.images import delete_image, delete_images
from services.catalog.records.jobs import read_job
from services.catalog.records.operations import OperationKind, insert_operation
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import delete_product, insert_product
from services.catalog.sql.tables import ImageRow, ImportEntryRow, ItemRow, ProductRow, Table
from services.sql.database import Database
from tests.unit.services.catalog.rows import IDS, add_items, add_job


def photo_of(session: Session, *, tenant_id: str = "t", product_id: str = "") -> str:
    """A photo with a job and two items; returns its id."""
    image_id = read_job(session, tenant_id, add_job(session, 1, tenant_id=tenant_id)).image_id
    add_items(session, image_id, 2, tenant_id=tenant_id)
    if product_id:
        of_image = (ImageRow.tenant_id == tenant_id, ImageRow.id == image_id)
        session.execute(update(ImageRow).where(*of_image).values(product_id=product_id))
    return image_id


def product(session: Session, tenant_id: str = "t") -> str:
    return insert_product(session, tenant_id, IDS.next(), ProductDraft("Coat"), "", 1).id


def rows(session: Session, tenant_id: str) -> dict[str, int]:
    """How many rows each table has of a tenant, where it has some; without the outbox."""
    tables = [
        each for each in Table.metadata.sorted_tables if "tenant_id" in each.c and each.name != "outbox"
    ]
    counts = {
        table.name: session.scalar(
            select(func.count()).select_from(table).where(table.c.tenant_id == tenant_id)
        )
        for table in tables
    }
    return {name: count for name, count in counts.items() if count}


def add_entries(session: Session, *external_ids: str | None) -> None:
    """Entries of an import, each with a product of that id, or none."""
    operation_id = IDS.next()
    insert_operation(session, "t", operation_id, OperationKind.IMPORT, {}, "", 1)
    for number, external_id in enumerate(external_ids):
        session.add(
            ImportEntryRow(
                tenant_id="t",
                operation_id=operation_id,
                number=number,
                source="a.csv",
                product=external_id and {"external_id": external_id},
                image_name="",
                state="waiting",
                product_change="",
                photo_known=False,
            )
        )
    session.flush()


async def test_images_expire_by_the_moment_of_their_deletion(database: Database) -> None:
    def fill(session: Session) -> list[str]:
        image_ids = [photo_of(session) for _ in range(3)]
        for moment_us, image_id in enumerate(image_ids[:2], 10):
            delete_images(session, "t", [image_id], moment_us)
        return image_ids

    image_ids = await database.write(fill)
    for before_us, expected in ((10, 0), (11, 1), (99, 2)):
        found = await database.write(
            lambda session, at=before_us: removal.expired_images(session, at, 9)  # type: ignore[misc]
        )
        assert sorted(found) == sorted(("t", image_id) for image_id in image_ids[:expected])
    assert len(await database.write(lambda session: removal.expired_images(session, 99, 1))) == 1


async def test_items_expire_unless_their_image_was_deleted_with_them(database: Database) -> None:
    def fill(session: Session) -> str:
        first, second = photo_of(session), photo_of(session)
        delete_images(session, "t", [first], 10)
        alone = session.scalars(select(ItemRow.id).where(ItemRow.image_id == second)).first()
        session.execute(update(ItemRow).where(ItemRow.id == alone).values(delete_us=9))
        return alone or ""

    alone = await database.write(fill)
    assert await database.write(lambda session: removal.expired_items(session, 99, 9)) == [("t", alone)]
    await database.write(lambda session: removal.remove_items(session, "t", [alone], 20))
    assert await database.write(lambda session: removal.expired_items(session, 99, 9)) == []
    assert (await database.read(lambda session: rows(session, "t")))["item"] == 3


async def test_products_expire_once_they_have_no_image(database: Database) -> None:
    def fill(session: Session) -> tuple[str, str]:
        product_id = product(session)
        image_id = photo_of(session, product_id=product_id)
        delete_images(session, "t", delete_product(session, "t", product_id, "", 10), 10)
        return product_id, image_id

    product_id, image_id = await database.write(fill)
    assert await database.write(lambda session: removal.expired_products(session, 99, 9)) == []
    await database.write(lambda session: removal.remove_images(session, "t", [image_id], 20))
    assert await database.write(lambda session: removal.expired_products(session, 99, 9)) == [
        ("t", product_id)
    ]
    removed = await database.write(lambda session: removal.remove_products(session, "t", [product_id], 20))
    assert (removed.count, removed.rows) == (1, 1)
    assert await database.read(lambda session: rows(session, "t")) == {"tenant_use": 1}


async def test_a_tenants_rows_are_erased_and_anothers_stay(database: Database) -> None:
    def fill(session: Session) -> dict[str, int]:
        for tenant_id in ("t", "u"):
            photo_of(session, tenant_id=tenant_id, product_id=product(session, tenant_id))
            delete_image(session, tenant_id, photo_of(session, tenant_id=tenant_id), "", 2)
        return rows(session, "u")

    kept = await database.write(fill)
    removed = 0
    while some := await database.write(lambda session: erased.erase_some(session, "t", 9)):
        removed += some
    assert removed == sum(kept.values())
    assert await database.read(lambda session: rows(session, "t")) == {}
    assert await database.read(lambda session: rows(session, "u")) == kept
    assert await database.read(lambda session: erased.count_rows(session, "t")) == 0


async def test_a_product_is_closed_and_erased_with_what_belongs_to_it(database: Database) -> None:
    def fill(session: Session) -> tuple[str, str, list[str]]:
        product_id, other = product(session), photo_of(session)
        image_ids = [photo_of(session, product_id=product_id) for _ in range(2)]
        delete_image(session, "t", image_ids[0], "", 2)
        session.execute(update(ProductRow).where(ProductRow.id == product_id).values(external_id="SKU-1"))
        add_entries(session, "SKU-1", "SKU-2", None)
        return product_id, other, image_ids

    product_id, other, image_ids = await database.write(fill)
    parts = await database.write(lambda session: erased.close_product(session, "t", product_id, 3))
    again = await database.write(lambda session: erased.close_product(session, "t", product_id, 4))
    assert sorted(again.resources) == sorted(parts.resources)
    assert (sorted(parts.image_ids), len(parts.item_ids)) == (sorted(image_ids), 4)
    names = [f"products/{product_id}", *(f"images/{each}" for each in image_ids)]
    assert {*names, *(f"items/{each}" for each in parts.item_ids)} < set(parts.resources)
    assert sum(name.startswith("jobs/") for name in parts.resources) == 2
    await database.write(lambda session: erased.erase_product(session, "t", product_id, parts, 5))
    assert await database.read(lambda session: erased.count_product(session, "t", product_id)) == 0
    left = await database.read(lambda session: rows(session, "t"))
    assert (left["image"], left["item"], left["job"], left.get("product")) == (1, 2, 1, None)
    assert left["import_entry"] == 2
    assert await database.read(lambda session: session.get(ImageRow, ("t", other))) is not None


def test_the_erasure_of_an_end_user_knows_all_tables_that_have_them() -> None:
    having = {table.name for table in Table.metadata.sorted_tables if "end_user" in table.c}
    known = {table.name for table in (*erased._FOR_END_USERS, *erased._OF_END_USERS)}
    assert having == known
