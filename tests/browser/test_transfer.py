"""Importing a table and exporting the catalogue, in a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from armoire import Client
from tests.browser.accessibility import violations
from tests.browser.keyboard import choose, choose_files, press
from tests.browser.site import SAMPLES, Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

TABLE = """\
sku;Title;brand;price;image;material
IM-1;Linen shirt;Acme;19,90;court-polo.jpg;linen
IM-2;Coat;Acme;cheap;;wool
;Nameless;Acme;5;;
IM-4;"Wool; hat";Acme;12 USD;missing.jpg;wool
IM-5;Scarf;Acme;;https://elsewhere.example/scarf.jpg;silk
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "autumn.csv"
    path.write_text(TABLE)
    return path


@pytest.mark.deletes
def test_a_table_is_looked_at_before_it_is_imported(page: Page, site: Site, api: Client, table: Path) -> None:
    before = {product.id for product in api.iter_products()}
    page.goto(site.page("transfer"))
    page.get_by_role("heading", name="Import and export").wait_for()
    assert violations(page) == []
    choose_files(page.get_by_label("Choose a CSV file"), table)
    page.get_by_text("The first 5 of 5 rows").wait_for()
    assert page.get_by_label("What Title is").input_value() == "displayName"
    choose(page.get_by_label("What material is"), "attribute")
    choose_files(page.get_by_label("Choose the photos"), [SAMPLES / "court-polo.jpg"])
    page.get_by_text("1 photo chosen").wait_for()
    problems = page.locator(".history li").all_inner_texts()
    assert problems == [
        "Line 3: price: “cheap” is no price such as 19.90 or 19.90 EUR",
        "Line 4: it has no product id, by which an import finds products",
        "Line 5: the photo missing.jpg is not among those that were chosen",
    ]
    assert violations(page) == []
    assert {product.id for product in api.iter_products()} == before  # nothing was sent
    press(page.get_by_role("button", name="Import 3 products with 3 photos"))
    panel = page.get_by_role("region", name="Import")
    panel.filter(has_text="Done").wait_for()
    panel.locator(".history li").first.wait_for()
    try:
        told = panel.inner_text()
        assert "Products created: 3" in told
        assert "autumn.csv, line 5, column image" in told
        assert "autumn.csv, line 6, column image" in told
        shirt = api.get_product(external_id="IM-1")
        assert (shirt.display_name, str(shirt.price)) == ("Linen shirt", "19.90 EUR")
        assert shirt.attributes == {"material": "linen"}
        assert [image.name for image in api.iter_images(product_id=shirt.id)] == ["court-polo.jpg"]
        hat = api.get_product(external_id="IM-4")
        assert (hat.display_name, str(hat.price)) == ("Wool; hat", "12.00 USD")
        assert violations(page) == []
    finally:
        for product in api.iter_products():
            if product.id not in before:
                api.delete_product(product.id)


def test_the_catalogue_is_exported(page: Page, site: Site, api: Client) -> None:
    page.goto(site.page("transfer"))
    press(page.get_by_role("button", name="Begin an export"))
    part = page.get_by_role("button", name="products-00000.jsonl")
    part.wait_for()
    assert violations(page) == []
    with page.expect_download() as downloading:
        press(part)
    lines = Path(downloading.value.path()).read_text().splitlines()
    names = {json.loads(line)["display_name"] for line in lines}
    assert names == {product.display_name for product in api.iter_products()}
