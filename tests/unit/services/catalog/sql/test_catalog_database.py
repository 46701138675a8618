"""Databases of earlier versions, with rows in them, brought up to date."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session

from domain.preference_rules import Facet
from domain.preferences import Tally
from domain.types import AttributeValue, ModelVersion
from services.catalog.records.feedback import list_feedback
from services.catalog.records.images import read_image
from services.catalog.records.items import read_embedding, read_items
from services.catalog.records.preferences import read_preferences
from services.catalog.records.product_drafts import Availability
from services.catalog.records.products import ProductKey, read_product
from services.catalog.records.suggested_outfits import recent_outfits
from services.catalog.records.uploads import read_upload
from services.catalog.records.wardrobe import all_entries
from services.catalog.sql.catalog_database import MIGRATIONS

PRODUCT = "00000000-0000-7000-8000-0000000000%02d"
IMAGE = "11111111-0000-7000-8000-0000000000%02d"
ITEM = "22222222-0000-7000-8000-0000000000%02d"
VERSION = ModelVersion("model-1", "square-1-grow0.1")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Of an empty database."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def insert(connection: Connection, table: str, **values: object) -> None:
    names = ", ".join(values)
    parameters = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({parameters})"), values)


def add_product(connection: Connection, number: int, **values: object) -> None:
    texts = dict.fromkeys(("description", "brand", "category", "fingerprint"), "")
    insert(
        connection, "product", tenant_id="t", id=PRODUCT % number, display_name="Coat", etag="e", create_us=1,
        update_us=1, **texts, **values,
    )  # fmt: skip


def add_image(connection: Connection, number: int, product_id: str | None) -> None:
    insert(
        connection, "image", tenant_id="t", id=IMAGE % number, product_id=product_id, name="a.png",
        format="png", width=60, height=40, size_bytes=9, sha256="0" * 64, boxes="[]", etag="e", create_us=1,
        update_us=1,
    )  # fmt: skip


def add_item(connection: Connection, number: int, image: int, *, primary: bool, **values: object) -> None:
    """With what one model said of it."""
    insert(
        connection, "item", tenant_id="t", id=ITEM % number, image_id=IMAGE % image, ordinal=number, x1=0,
        y1=0, x2=9, y2=9, whole_image=False, is_primary=primary, etag="e", create_us=1, update_us=1, **values,
    )  # fmt: skip
    of_version = {
        "tenant_id": "t", "item_id": ITEM % number, "model_version": "model-1",
        "preprocess_version": "square-1", "create_us": 1,
    }  # fmt: skip
    insert(connection, "embedding", **of_version, width=1, vector=b"\x00\x00\x80\x3f")
    insert(
        connection, "prediction", **of_version, detector_version="d", detector_preprocess_version="p",
        score=0.5, label="dress", attributes='{"category": ["dress", 0.75]}', colors="[]", warnings="[]",
    )  # fmt: skip


def filled(engine: Engine) -> None:
    """A product with two photos, of version 0002; the primary item of the older one was deleted."""
    with engine.begin() as connection:
        MIGRATIONS.upgrade(connection, "0002")
        add_product(connection, 1, price_currency="EUR", price_units=9, price_nanos=500_000_000)
        add_product(connection, 2)
        for image in (1, 2, 3):
            add_image(connection, image, PRODUCT % 1)
        add_item(connection, 1, 1, primary=True, delete_us=2)
        add_item(connection, 2, 2, primary=False)
        add_item(connection, 3, 2, primary=True)
        add_item(connection, 4, 3, primary=True)
        insert(
            connection, "collection", tenant_id="*", name="items_1", model_version="model-1",
            preprocess_version="square-1", width=1, alias="items", create_us=1,
        )  # fmt: skip


def test_rows_of_version_2_are_read_by_this_one(engine: Engine) -> None:
    filled(engine)
    with engine.begin() as connection:
        MIGRATIONS.upgrade(connection)
    with Session(engine) as session:
        product = read_product(session, "t", ProductKey(PRODUCT % 1))
        assert product.price is not None
        assert (product.price.amount, product.list_price) == (9.5, None)
        assert (product.external_id, product.product_type, product.url) == ("", "", "")
        assert (product.availability, product.attributes) == (Availability.UNSPECIFIED, {})
        assert product.primary_item_id == ITEM % 3, "of the oldest photo that has one"
        assert read_product(session, "t", ProductKey(PRODUCT % 2)).primary_item_id == ""

        image = read_image(session, "t", IMAGE % 1)
        assert (image.warnings, image.rejected_crops) == ((), ())

        items = read_items(session, "t", [ITEM % number for number in (1, 2, 3, 4)], VERSION)
        assert items.keys() == {ITEM % 2, ITEM % 3, ITEM % 4}
        primaries = {id: (i.item.primary_in_image, i.item.primary_in_product) for id, i in items.items()}
        assert primaries == {
            ITEM % 2: (False, False),
            ITEM % 3: (True, True),
            ITEM % 4: (True, False),
        }
        assert items[ITEM % 2].item.attributes == {"category": AttributeValue.one("dress", 0.75)}
        vector = read_embedding(session, "t", ITEM % 2, VERSION)
        assert vector is not None
        assert vector.tolist() == [1.0]
        versions = session.execute(text("SELECT preprocess_version FROM collection")).scalars().all()
        assert versions == [VERSION.preprocess_version]


def test_the_way_back_to_version_2(engine: Engine) -> None:
    filled(engine)
    with engine.begin() as connection:
        MIGRATIONS.upgrade(connection)
        command.downgrade(MIGRATIONS.config(connection), "0002")
        primary = connection.execute(text("SELECT id FROM item WHERE is_primary ORDER BY id"))
        assert primary.scalars().all() == [ITEM % 1, ITEM % 3, ITEM % 4]
        for table in ("embedding", "prediction", "collection"):
            versions = connection.execute(text(f"SELECT DISTINCT preprocess_version FROM {table}"))
            assert versions.scalars().all() == ["square-1"]
        MIGRATIONS.upgrade(connection)


def test_predictions_of_before_have_categories_and_uncertainties(engine: Engine) -> None:
    filled(engine)
    with engine.begin() as connection:
        MIGRATIONS.upgrade(connection, "0015")
        newer = '{"category": {"values": [["skirt", 0.5]]}}'
        of_item = {"of_item": ITEM % 3, "stored": newer}
        connection.execute(
            text("UPDATE prediction SET attributes = :stored WHERE item_id = :of_item"), of_item
        )
        none = {"of_item": ITEM % 4, "stored": "{}"}
        connection.execute(text("UPDATE prediction SET attributes = :stored WHERE item_id = :of_item"), none)
        MIGRATIONS.upgrade(connection)
        query = text("SELECT category, uncertainty FROM prediction ORDER BY item_id")
        assert [tuple(row) for row in connection.execute(query)] == [
            *[("dress", 0.25)] * 2, ("skirt", 0.5), ("", 1.0)
        ]  # fmt: skip


def test_uploads_come_and_go_with_their_version(engine: Engine) -> None:
    filled(engine)
    with engine.begin() as connection:
        MIGRATIONS.upgrade(connection)
        insert(
            connection, "upload", tenant_id="t", id=IMAGE % 9, media_type="image/png", size_bytes=2**40,
            sha256="", create_us=1, expire_us=2,
        )  # fmt: skip
    with Session(engine) as session:
        assert read_upload(session, "t", IMAGE % 9, 1).size_bytes == 2**40
    with engine.begin() as connection:
        command.downgrade(MIGRATIONS.config(connection), "0012")
        MIGRATIONS.upgrade(connection)
        assert connection.execute(text("SELECT count(*) FROM upload")).scalar() == 0
        assert connection.execute(text("SELECT count(*) FROM image")).scalar() == 3


def test_version_2_freed_the_keys_of_deleted_products(engine: Engine) -> None:
    with engine.begin() as connection:
        MIGRATIONS.upgrade(connection, "0001")
        add_product(connection, 1, idempotency_key="gone", delete_us=2)
        add_product(connection, 2, idempotency_key="live")
        MIGRATIONS.upgrade(connection, "0002")
        keys = connection.execute(text("SELECT idempotency_key FROM product ORDER BY id")).scalars().all()
        assert keys == [None, "live"]


def add_job(connection: Connection, number: int, state: str, error: str | None) -> None:
    insert(
        connection, "job", tenant_id="t", id=ITEM % number, image_id=IMAGE % 1, state=state, attempts=1,
        failures=0, interruptions=0, error=error, run_after_us=50 + number, fingerprint="", create_us=number,
        update_us=60,
    )  # fmt: skip


def test_jobs_of_version_9_have_places_in_the_queue_and_reasons(engine: Engine) -> None:
    with engine.begin() as connection:
        MIGRATIONS.upgrade(connection, "0009")
        insert(
            connection, "image", tenant_id="t", id=IMAGE % 1, product_id=None, name="a.png", format="png",
            width=60, height=40, size_bytes=9, sha256="0" * 64, boxes="[]", etag="e", create_us=1,
            update_us=1, warnings="[]", rejected_crops="[]",
        )  # fmt: skip
        add_job(connection, 1, "queued", None)
        add_job(connection, 2, "failed", '{"kind": "ArmoireError", "message": "x", "reason": "GONE"}')
        MIGRATIONS.upgrade(connection)
        columns = "SELECT priority, queue_us, reason FROM job ORDER BY id"
        rows = [tuple(row) for row in connection.execute(text(columns))]
        assert rows == [("interactive", 51, None), ("interactive", 2, "GONE")]
        command.downgrade(MIGRATIONS.config(connection), "0009")
        assert connection.execute(text("SELECT count(*) FROM job WHERE run_after_us > 50")).scalar() == 2
        MIGRATIONS.upgrade(connection)


def test_imports_end_on_the_way_back_to_version_7(engine: Engine) -> None:
    of_import = {"tenant_id": "t", "operation_id": ITEM % 1}
    with engine.begin() as connection:
        MIGRATIONS.upgrade(connection, "0008")
        for number, kind in ((1, "import"), (2, "audit")):
            insert(
                connection, "operation", tenant_id="t", id=ITEM % number, kind=kind, state="running",
                request="{}", checkpoint="{}", progress="{}", cancel_requested=False, failures=0,
                run_after_us=1, create_us=1, update_us=1,
            )  # fmt: skip
        insert(connection, "import_source", **of_import, actor="a", end_user="", entries_us=1)
        insert(
            connection, "import_entry", **of_import, number=1, source="row 1", image_name="",
            state="waiting", product_change="", photo_known=False,
        )  # fmt: skip
        command.downgrade(MIGRATIONS.config(connection), "0007")
        assert connection.execute(text("SELECT kind FROM operation")).scalars().all() == ["audit"]
        MIGRATIONS.upgrade(connection)


def test_wardrobes_come_and_go_with_their_version(engine: Engine) -> None:
    filled(engine)
    with engine.begin() as connection:
        MIGRATIONS.upgrade(connection)
        of_user = {"tenant_id": "t", "end_user": "ann"}
        insert(
            connection, "wardrobe_entry", **of_user, id=PRODUCT % 9, item_id=ITEM % 2, state="owned",
            acquire_date="", note="", wear_count=0, create_us=1,
        )  # fmt: skip
        insert(
            connection, "feedback", **of_user, id=PRODUCT % 9, item_id=ITEM % 2, kind="like", weight=1.0,
            fingerprint="f", create_us=1,
        )  # fmt: skip
        insert(
            connection, "preference", **of_user, signals=1, tallies='{"color": {"navy": [1.0, 1.0]}}',
            model_version="", preprocess_version="", liked=b"", disliked=b"", liked_weight=0.0,
            disliked_weight=0.0, update_us=1,
        )  # fmt: skip
        insert(connection, "suggested_outfit", **of_user, digest="0" * 32, suggest_us=1)
    with Session(engine) as session:
        assert [each.draft.item_id for each in all_entries(session, "t", "ann")] == [ITEM % 2]
        assert [each.id for each in list_feedback(session, "t", "ann")] == [PRODUCT % 9]
        assert read_preferences(session, "t", "ann").tallies == {Facet.COLOR: {"navy": Tally(1.0, 1.0)}}
        assert recent_outfits(session, "t", "ann", 1) == {"0" * 32}
    with engine.begin() as connection:
        command.downgrade(MIGRATIONS.config(connection), "0016")
        MIGRATIONS.upgrade(connection)
        for table in ("wardrobe_entry", "feedback", "preference", "suggested_outfit"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
