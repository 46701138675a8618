from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from services.catalog.records.money import Money
from services.catalog.records.searchable import SearchableItem
from services.catalog.sync.index_rows import RowWriter, attribute_column

WRITER = RowWriter(Taxonomy.load(Path(__file__).parents[5] / "domain/taxonomy.toml"))
COAT = SearchableItem(
    tenant_id="t",
    id="i",
    revision="1.2",
    label="Jacket",
    primary_in_image=True,
    primary_in_product=False,
    attributes={"category": "outerwear", "color": "navy", "of another taxonomy": "x"},
    answers={},
    colors=("Light Blue", "navy", "red", "pink", "green"),
    garment_score=0.75,
    vector=np.ones(2, np.float32),
    product_id="P",
    external_id="SKU-1",
    brand="Straße",
    product_category="outerwear",
    product_type="Winter > Coats",
    availability="in_stock",
    price=Money("EUR", 19, 990_000_000),
    create_us=1_700_000_000_250_000,
    update_us=1_700_000_001_000_000,
    product_create_us=1_600_000_000_000_000,
    product_update_us=1_600_000_001_000_000,
    product_attributes={"Material": "Wool", "fit": "Slim=tight"},
)


def test_a_row_fills_every_column_with_folded_texts() -> None:
    row = WRITER.row(COAT)
    assert (row.id, row.tenant_id, row.revision) == ("i", "t", "1.2")
    assert set(row.values) == set(WRITER.columns.names)
    assert row.values[attribute_column("category")] == "outerwear"
    assert row.values[attribute_column("style")] == ""
    assert [row.values[f"color_{place}"] for place in range(1, 5)] == ["light blue", "navy", "red", "pink"]
    assert (row.values["label"], row.values["brand"], row.values["currency"]) == ("jacket", "strasse", "eur")
    assert (row.values["external_id"], row.values["product_type"]) == ("sku-1", "winter > coats")
    assert (row.values["price"], row.values["has_price"]) == (19.99, True)
    assert (row.values["primary_in_image"], row.values["primary_in_product"]) == (True, False)
    assert (row.values["garment_score"], row.values["has_garment_score"]) == (0.75, True)
    assert row.values["availability"] == "in_stock"
    assert row.vector is COAT.vector
    assert (row.values["create_time"], row.values["update_time"]) == (1_700_000_000.25, 1_700_000_001.0)
    assert row.values["product_create_time"] == 1_600_000_000.0
    assert row.tokens("product_attributes") == ("Material=wool", "fit=slim=tight")


def test_an_item_without_price_or_measured_colours() -> None:
    row = WRITER.row(replace(COAT, price=None, colors=(), garment_score=None))
    assert (row.values["garment_score"], row.values["has_garment_score"]) == (0.0, False)
    assert (row.values["price"], row.values["has_price"], row.values["currency"]) == (0.0, False, "")
    assert (row.values["color_1"], row.values["color_2"]) == ("navy", "")


def test_an_item_without_a_product_has_none_of_its_times() -> None:
    row = WRITER.row(replace(COAT, product_create_us=None, product_update_us=None, product_attributes={}))
    assert (row.values["has_product"], row.tokens("product_attributes")) == (False, ())
    assert WRITER.row(COAT).values["has_product"] is True


@pytest.mark.parametrize("name", WRITER.columns.output)
def test_the_columns_of_hits_are_texts(name: str) -> None:
    assert name in WRITER.columns.texts
