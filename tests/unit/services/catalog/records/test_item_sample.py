"""Samples of items, and what SQL tells of filters, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import true, update
from sqlalchemy.orm import Session

from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, AttributeValue, Box, ColorShare
from services.catalog.ids import item_id
from services.catalog.limits import CatalogLimits
from services.catalog.records.found_items import FoundItem, write_items
from services.catalog.records.images import NewImage, insert_image
from services.catalog.records.item_sample import ItemWords, read_words, sample_ids
from services.catalog.records.money import Money
from services.catalog.records.narrowing import necessary
from services.catalog.records.overlay import values_said
from services.catalog.records.product_drafts import Availability, ProductDraft
from services.catalog.records.products import insert_product
from services.catalog.records.searchable import read_searchable
from services.catalog.records.wardrobe import OWN_PRODUCT_TYPE
from services.catalog.search.filter import Between, Condition, Filter, OneOf
from services.catalog.search.filter_rules import FilterRules, filter_fields
from services.catalog.sql.tables import ItemRow
from services.catalog.sync.index_rows import RowWriter
from services.catalog.vectors.predicates import Predicate
from services.catalog.vectors.row_match import matches
from services.sql.database import Database
from tests.unit.services.catalog.rows import IDS, VERSION, VERSIONS

TAXONOMY = Taxonomy.load(Path(__file__).parents[5] / "domain/taxonomy.toml")
RULES = FilterRules(filter_fields(TAXONOMY), TAXONOMY, CatalogLimits())
WRITER = RowWriter(TAXONOMY)
WIDTH = 4
DRAWN = [[48, 51, 18, 19, 58, 22], [51, 18, 15, 1, 16, 52], [24, 39, 12, 31, 4, 19]]
"""The numbers of the items of three seeds, whatever the database and the process."""


def image_id(number: int) -> str:
    """The same in each run, so that the items have the same ids."""
    return str(uuid.UUID(int=(1_700_000_000_000 + number) << 80 | 7 << 76 | 2 << 62 | number))


def add_item(
    session: Session, number: int, category: str, product: ProductDraft | None = None, color: str = "navy"
) -> str:
    product_id = insert_product(session, "t", IDS.next(), product, "", 1).id if product else ""
    image = NewImage(image_id(number), product_id, "a.png", "png", 60, 40, 99, "0" * 64)
    insert_image(session, "t", image, 1)
    analyzed = AnalyzedItem(
        Box(0, 0, 9, 9),
        0.5,
        category,
        attributes={
            "category": AttributeValue.one(category, 0.9),
            "pattern": AttributeValue.one("striped" if number % 2 else "plain", 0.9),
        },
        colors=(ColorShare(color, 0.9, 1),),
        embedding=np.eye(WIDTH, dtype=np.float32)[number % WIDTH],
        garment_score=0.5,
    )
    found = FoundItem(item_id(image.id, 0), 0, analyzed, True)
    write_items(session, "t", image.id, [found], VERSIONS, 1)
    return found.id


def drawn(session: Session, seed: int, most: int, categories: Sequence[str] = ("dress", "bag")) -> list[str]:
    found = sample_ids(session, "t", VERSION, categories, seed, most, true())
    return [each for category in categories for each in found[category]]


async def test_what_represents_its_photo_is_drawn_first(database: Database) -> None:
    def read(session: Session) -> tuple[list[str], list[str], set[str]]:
        ids = [add_item(session, number, "dress") for number in range(20)]
        beside = set(ids[::2])
        session.execute(update(ItemRow).where(ItemRow.id.in_(beside)).values(primary_in_image=False))
        return drawn(session, 3, 12, ["dress"]), drawn(session, 3, 20, ["dress"]), beside

    some, every, beside = await database.write(read)
    assert every[:12] == some
    assert set(every[10:]) == beside


async def test_each_database_draws_the_same(database: Database) -> None:
    def read(session: Session) -> list[list[str]]:
        for number in range(60):
            add_item(session, number, ("dress", "bag", "hat")[number % 3])
        return [drawn(session, seed, 3) for seed in (0, 1, 2)]

    samples = await database.write(read)
    numbers = {item_id(image_id(number), 0): number for number in range(60)}
    assert [[numbers[each] for each in sample] for sample in samples] == DRAWN


async def test_what_end_users_own_takes_no_place_of_a_sample(database: Database) -> None:
    def read(session: Session) -> tuple[set[str], list[str]]:
        sold = ProductDraft("Dress", product_type="dress")
        owned = [ProductDraft("Mine", product_type=name) for name in (OWN_PRODUCT_TYPE, "Wardrobe")]
        of_shop = {add_item(session, number, "dress", sold if number % 2 else None) for number in range(4)}
        for number in range(4, 40):
            add_item(session, number, "dress", owned[number % 2])
        return of_shop, drawn(session, 0, 4, ["dress"])

    of_shop, sample = await database.write(read)
    assert set(sample) == of_shop


async def test_a_sample_goes_round_and_has_each_item_once(database: Database) -> None:
    def read(session: Session) -> tuple[list[str], list[str], set[str]]:
        ids = [add_item(session, number, "dress") for number in range(20)]
        session.execute(update(ItemRow).where(ItemRow.id == ids[0]).values(delete_us=5))
        session.execute(update(ItemRow).where(ItemRow.id == ids[1]).values(reject_reason="duplicate"))
        return drawn(session, 7, 50), drawn(session, 8, 50), set(ids[2:])

    one, other, there = await database.write(read)
    assert set(one) == there
    assert len(one) == len(there)
    start = other.index(one[0])
    assert other[start:] + other[:start] == one


async def test_the_words_of_people(database: Database) -> None:
    def read(session: Session) -> list[ItemWords]:
        named = add_item(session, 1, "dress", ProductDraft("Gown"))
        plain = add_item(session, 2, "dress")
        session.execute(update(ItemRow).where(ItemRow.id == plain).values(corrected_label="skirt"))
        words = read_words(session, "t", [named, plain])
        return [words[named], words[plain]]

    assert await database.write(read) == [ItemWords("", "Gown"), ItemWords("skirt", "")]


def any_of(field: str, *values: str) -> Filter:
    return Filter((Condition(field, OneOf(values)),))


FILTERS = {
    "brand": any_of("brand", "straße"),
    "brand, one that is there as written": any_of("brand", "acme"),
    "accents": any_of("brand", "ÉCRU"),
    "price": Filter((Condition("price", Between(at_most=19.99)),)),
    "price above": Filter((Condition("price", Between(more_than=19.99)),)),
    "color": any_of("color", "blue"),
    "corrected color": any_of("main_color", "red"),
    "corrected category": any_of("category", "hat"),
    "attribute": any_of("pattern", "striped"),
    "label": any_of("label", "dress"),
    "stock": any_of("availability", "in_stock"),
    "type": any_of("product_type", 'a"b\\c'),
    "material": any_of("product.material", 'Wolle "fein"'),
    "material with =": any_of("product.a=b", "c=d"),
    "garment score": Filter((Condition("garment_score", Between(at_least=0.5)),)),
    "primary": any_of("primary_in_image", "true"),
    "none": Filter(none_of=(any_of("brand", "acme"),)),
    "or": Filter(any_of=(any_of("brand", "acme"), any_of("color", "red"))),
    "created": Filter((Condition("create_time", Between(at_least=0)),)),
}


@pytest.mark.parametrize("name", FILTERS)
async def test_sql_leaves_out_no_item_that_passes(database: Database, name: str) -> None:
    predicate = RULES.predicate("t", FILTERS[name])

    def read(session: Session) -> tuple[set[str], set[str], int]:
        ids = stocked(session)
        drawn = sample_ids(session, "t", VERSION, ["dress", "bag"], 1, 50, necessary(predicate))
        let_through = {item_id for of_category in drawn.values() for item_id in of_category}
        return passing(session, ids, predicate), let_through, len(ids)

    passed, let_through, count = await database.write(read)
    assert passed
    assert passed <= let_through
    assert (len(let_through) < count) == (name in NARROWED)


NARROWED = FILTERS.keys() - {"none", "created", "primary", "garment score"}
"""Filters that leave something out, of which SQL can tell what."""


def stocked(session: Session) -> list[str]:
    """Items with odd values, two of which people have corrected."""
    drafts = [
        ProductDraft("a", brand="Straße", price=Money("EUR", 19, 990_000_000)),
        ProductDraft("b", brand="ACME", price=Money("EUR", 20), availability=Availability.IN_STOCK),
        ProductDraft("c", brand="écru", product_type='A"B\\C', attributes={"material": 'Wolle "fein"'}),
        ProductDraft("d", attributes={"a=b": "C=D"}),
    ]
    ids = [add_item(session, number, "dress", draft) for number, draft in enumerate(drafts)]
    ids += [add_item(session, number, "bag", color="green") for number in range(10, 14)]
    said = {"color": values_said(["red"]), "category": values_said(["hat"])}
    corrected = {"corrected": True, "corrected_attributes": said}
    session.execute(update(ItemRow).where(ItemRow.id == ids[-1]).values(**corrected))
    return ids


def passing(session: Session, ids: Sequence[str], predicate: Predicate) -> set[str]:
    found = read_searchable(session, "t", ids, VERSION, WIDTH)
    return {item.id for item in found if matches(predicate, WRITER.row(item))}
