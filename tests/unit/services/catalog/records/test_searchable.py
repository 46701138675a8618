from __future__ import annotations

from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, AttributeValue, Box, ColorShare, ItemVersions, ModelVersion
from services.catalog.ids import item_id
from services.catalog.records.found_items import FoundItem, write_items
from services.catalog.records.images import NewImage, delete_image, insert_image
from services.catalog.records.items import live_revisions
from services.catalog.records.money import Money
from services.catalog.records.product_drafts import Availability, ProductDraft
from services.catalog.records.product_primary import update_primary_item
from services.catalog.records.products import insert_product
from services.catalog.records.searchable import count_searchable, read_searchable, stream_searchable
from services.sql.database import Database
from tests.unit.services.catalog.rows import IDS, VERSION, add_items

TAXONOMY = Taxonomy.load(Path(__file__).parents[5] / "domain/taxonomy.toml")
WIDTH = 4
DETECTOR = ModelVersion("detector-1", "letterbox-1")


def add_image(session: Session, tenant_id: str, product_id: str = "") -> str:
    image = NewImage(IDS.next(), product_id, "a.png", "png", 60, 40, 99, "0" * 64)
    insert_image(session, tenant_id, image, 1)
    return image.id


def add_coat(session: Session) -> str:
    """An item with a product, attributes and colours; returns its id."""
    draft = ProductDraft(
        "Coat",
        brand="Acme",
        category="outerwear",
        price=Money("EUR", 19, 990_000_000),
        external_id="SKU-1",
        product_type="Winter",
        availability=Availability.PREORDER,
    )
    product = insert_product(session, "t", IDS.next(), draft, "", 1)
    image_id = add_image(session, "t", product.id)
    analyzed = AnalyzedItem(
        Box(0, 0, 9, 9),
        0.5,
        "jacket",
        attributes={
            "category": AttributeValue.one("outerwear", 0.9),
            "style": AttributeValue.one('"x"\\', 0.5),
            "formality": AttributeValue(number=0.5),
        },
        colors=(ColorShare("navy", 0.6, 1), ColorShare("grün", 0.4, 2)),
        embedding=np.array([0.5, -0.5, 0.5, -0.5], np.float32),
    )
    found = FoundItem(item_id(image_id, 0), 0, analyzed, True)
    write_items(session, "t", image_id, [found], ItemVersions(VERSION, DETECTOR), 1)
    update_primary_item(session, "t", product.id, TAXONOMY, 1)
    return found.id


async def test_an_item_comes_with_what_filters_ask_of_it_and_its_product(database: Database) -> None:
    id = await database.write(add_coat)
    (item,) = await database.read(lambda session: list(stream_searchable(session, VERSION, WIDTH)))
    assert (item.tenant_id, item.id, item.label) == ("t", id, "jacket")
    assert (item.primary_in_image, item.primary_in_product) == (True, True)
    assert item.attributes == {"category": "outerwear", "style": '"x"\\', "formality": ""}
    assert item.answer("style") == AttributeValue.one('"x"\\', 0.5)
    assert item.answer("formality") == AttributeValue(number=0.5)
    assert item.answer("fit") == AttributeValue()
    assert list(item.colors) == ["navy", "grün"]
    assert (item.brand, item.product_category) == ("Acme", "outerwear")
    assert (item.external_id, item.product_type, item.availability) == ("SKU-1", "Winter", "preorder")
    assert item.price == Money("EUR", 19, 990_000_000)
    assert item.vector.tolist() == [0.5, -0.5, 0.5, -0.5]
    assert item.vector.dtype == np.float32
    revisions = await database.read(lambda session: live_revisions(session, VERSION))
    assert revisions == {("t", id): item.revision}


async def test_items_without_a_product_have_none_of_its_texts(database: Database) -> None:
    await database.write(lambda session: add_items(session, add_image(session, "t"), 1))
    (item,) = await database.read(lambda session: list(stream_searchable(session, VERSION, WIDTH)))
    assert (item.product_id, item.brand, item.product_category, item.price) == ("", "", "", None)
    assert (item.external_id, item.product_type, item.availability) == ("", "", "")
    assert not item.primary_in_product


async def test_only_live_items_of_the_version_and_width_are_read(database: Database) -> None:
    def fill(session: Session) -> tuple[list[str], list[str]]:
        kept = add_items(session, add_image(session, "t"), 3)
        gone = add_image(session, "t")
        deleted = add_items(session, gone, 2)
        delete_image(session, "t", gone, "", 2)
        add_items(session, add_image(session, "u"), 1, tenant_id="u")
        return kept, deleted

    kept, deleted = await database.write(fill)

    def read(session: Session) -> None:
        of_all = list(stream_searchable(session, VERSION, WIDTH))
        assert {item.id for item in of_all if item.tenant_id == "t"} == set(kept)
        assert len(of_all) == 4
        assert count_searchable(session, VERSION, WIDTH) == 6
        other = ModelVersion("model-2", "square-1")
        assert list(stream_searchable(session, other, WIDTH)) == []
        assert list(stream_searchable(session, VERSION, WIDTH + 1)) == []
        asked = [kept[0], *deleted, "never"]
        assert [item.id for item in read_searchable(session, "t", asked, VERSION, WIDTH)] == [kept[0]]
        assert read_searchable(session, "u", asked, VERSION, WIDTH) == []
        assert read_searchable(session, "t", [], VERSION, WIDTH) == []

    await database.read(read)


async def test_many_items_are_read_in_pieces(database: Database) -> None:
    def fill(session: Session) -> list[str]:
        return [id for _ in range(13) for id in add_items(session, add_image(session, "t"), 100)]

    ids = await database.write(fill)
    streamed = await database.read(lambda session: list(stream_searchable(session, VERSION, WIDTH)))
    assert sorted(item.id for item in streamed) == sorted(ids)
    read = await database.read(lambda session: read_searchable(session, "t", ids, VERSION, WIDTH))
    assert sorted(item.id for item in read) == sorted(ids)
