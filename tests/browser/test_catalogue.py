"""The catalogue in a browser: grids, pages of one thing, uploads, deleting and restoring."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from armoire import Availability, Client, Product
from tests.browser.accessibility import violations
from tests.browser.site import SAMPLES, Site

if TYPE_CHECKING:
    from playwright.sync_api import Page


KEPT_UPLOADS = """(count) => new Promise((resolve) => {
    const opening = indexedDB.open("armoire");
    opening.onsuccess = () => {
        const asked = opening.result.transaction("uploads").objectStore("uploads").count();
        asked.onsuccess = () => (opening.result.close(), resolve(asked.result === count));
    };
})"""
"""Whether the browser keeps so many uploads for the next visit."""


def names(page: Page) -> list[str]:
    page.locator(".grid .card").first.wait_for()
    return page.locator(".grid .card-name").all_text_contents()  # also of those below the screen


def test_products_photos_and_items(page: Page, site: Site, api: Client) -> None:
    page.goto(site.page("catalogue"))
    assert names(page) == [product.display_name for product in api.iter_products()]
    page.locator(".picture img").first.wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Photos").click()
    page.wait_for_url("**tab=photos*")
    page.get_by_text("weekend-look.jpg").wait_for()
    assert names(page) == [image.name for image in api.iter_images()]
    page.get_by_role("button", name="Items").click()
    page.wait_for_url("**tab=items*")
    page.locator(".card-name", has_text="hat").first.wait_for()
    assert names(page) == [item.label for item in api.iter_items()]


def test_from_a_product_to_its_photo_its_item_and_what_is_similar(
    page: Page, site: Site, api: Client
) -> None:
    page.goto(site.page("catalogue"))
    page.get_by_role("link", name="Weekend Look").press("Enter")
    page.get_by_role("heading", name="Weekend Look").wait_for()
    assert page.locator(".facts").inner_text().split("\n")[:2] == ["Price", "€59.00"]
    assert violations(page) == []
    page.get_by_role("link", name="weekend-look.jpg", exact=True).click()
    page.locator(".stage img").wait_for()
    assert page.locator(".stage .garment").count() == 5
    assert violations(page) == []
    page.locator(".stage").get_by_role("link", name=re.compile("hat$")).click()
    page.get_by_role("heading", name="Hat").wait_for()
    item = api.get_item(page.url.rpartition("/")[2])
    shown = [text.split("\n")[:2] for text in page.locator(".attribute").all_inner_texts()]
    assert ["Category", item.attributes["category"].values[0].value] in shown
    page.locator('.stage .garment[aria-current="true"]').wait_for()
    assert violations(page) == []
    page.get_by_role("link", name="Find similar").click()
    page.wait_for_url(f"**/search?item={item.id}")
    page.locator(".hits .picture img").first.wait_for()


def test_products_as_a_table_in_another_order_and_by_name(page: Page, site: Site, api: Client) -> None:
    page.goto(site.page("catalogue"))
    page.get_by_role("button", name="As a table").press("Enter")
    page.wait_for_url("**view=table*")
    rows = page.locator(".table tbody tr")
    rows.first.wait_for()
    page.get_by_role("button", name="Price").press("Enter")
    page.wait_for_url("**order=price*")
    page.locator('th[aria-sort="ascending"]', has_text="Price").wait_for()
    page.locator('[aria-busy="false"] .table').wait_for()
    shown = [text.split("\t")[1].strip() for text in rows.all_inner_texts()]
    assert shown == [product.display_name for product in api.iter_products(order_by="price")]
    page.locator(".table .picture img").first.wait_for()
    assert violations(page) == []
    page.get_by_role("searchbox").fill("SET")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**q=SET*")
    page.locator('[aria-busy="false"] .table').wait_for()
    found = [product.display_name for product in api.iter_products(text="set", order_by="price")]
    assert [text.split("\t")[1].strip() for text in rows.all_inner_texts()] == found
    assert 0 < len(found) < len(shown)
    for tab in ("photos", "items"):
        page.goto(site.page(f"catalogue?tab={tab}&view=table"))
        rows.first.wait_for()
        assert violations(page) == []


@pytest.mark.deletes
def test_a_product_is_made_changed_and_deleted_by_keys(
    page: Page, site: Site, api: Client, complaints: list[str]
) -> None:
    page.goto(site.page("catalogue"))
    page.get_by_role("link", name="New product").press("Enter")
    page.get_by_role("textbox", name="Name").fill("Linen shirt")
    page.get_by_label("Price", exact=True).fill("19,90")
    page.get_by_role("textbox", name="Name").press("Enter")
    page.get_by_role("alert").filter(has_text="currency").wait_for()
    complaints.clear()  # of the refused product
    page.get_by_label("Currency").fill("EUR")
    page.get_by_label("Own id").fill("LS-1")
    page.get_by_label("Availability").select_option("AVAILABILITY_IN_STOCK")
    page.get_by_label("Further fields").fill("material: linen\ncare: wash at 30")
    assert violations(page) == []
    page.get_by_role("textbox", name="Name").press("Enter")
    page.get_by_role("heading", name="Linen shirt").wait_for()
    made = api.get_product(external_id="LS-1")
    assert (str(made.price), made.attributes) == ("19.90 EUR", {"material": "linen", "care": "wash at 30"})
    assert made.availability is Availability.IN_STOCK

    page.get_by_role("button", name="Change").press("Enter")
    page.get_by_label("Price", exact=True).fill("")
    page.get_by_label("Brand").fill("Acme")
    page.get_by_label("Brand").press("Enter")
    page.get_by_text("Saved.").wait_for()
    changed = api.get_product(made.id)
    assert (changed.price, changed.brand, changed.attributes) == (None, "Acme", made.attributes)
    page.get_by_role("button", name="Delete").press("Enter")
    page.get_by_text("Linen shirt is deleted").wait_for()
    assert "LS-1" not in {product.external_id for product in api.iter_products()}


def test_a_change_of_somebody_else_is_not_written_over(
    page: Page, site: Site, api: Client, complaints: list[str]
) -> None:
    product = api.create_product(Product("Wool scarf"))
    try:
        page.goto(site.page(f"products/{product.id}"))
        page.get_by_role("button", name="Change").click()
        api.update_product(Product("", id=product.id, brand="Theirs"), ["brand"])
        page.get_by_label("Brand").fill("Mine")
        page.get_by_label("Brand").press("Enter")
        page.get_by_role("alert").filter(has_text="Somebody else has changed it").wait_for()
        assert api.get_product(product.id).brand == "Theirs"
        complaints.clear()  # of the refused change
    finally:
        api.delete_product(product.id)


def test_an_item_tells_who_said_what(page: Page, site: Site, api: Client) -> None:
    item = next(item for item in api.iter_items() if item.label == "bag")
    corrected = api.correct_item(item.id, label="hat")
    try:
        page.goto(site.page(f"items/{item.id}"))
        page.locator(".history li").first.wait_for()
        assert "Corrected" in page.locator(".history").inner_text()
        assert "label: bag → hat" in page.locator(".history").inner_text()
        assert page.locator(".attribute", has_text="Category").locator(".tag").inner_text() == (
            "said by a person"
        )
        assert violations(page) == []
    finally:
        assert corrected.correction is not None
        api.undo_correction(corrected.correction.id)


@pytest.mark.deletes
def test_a_photo_is_deleted_and_comes_back(page: Page, site: Site, api: Client) -> None:
    image = next(image for image in api.iter_images() if image.name == "winter-set.jpg")
    page.goto(site.page(f"photos/{image.id}"))
    page.get_by_role("button", name="Delete").press("Enter")
    page.wait_for_url("**tab=photos*")
    page.get_by_text("winter-set.jpg is deleted").wait_for()
    assert image.name not in names(page)
    page.get_by_role("button", name="Undo").press("Enter")
    page.get_by_text("winter-set.jpg is back").wait_for()
    page.wait_for_url(f"**/photos/{image.id}")
    assert api.get_image(image.id).delete_time is None


@pytest.mark.deletes
def test_a_product_is_deleted_and_restored_from_the_list(page: Page, site: Site, api: Client) -> None:
    product = next(each for each in api.iter_products() if each.display_name == "Winter Set")
    page.goto(site.page(f"products/{product.id}"))
    page.get_by_role("button", name="Delete").click()
    page.wait_for_url("**/app/catalogue")
    assert "Winter Set" not in names(page)
    page.get_by_role("checkbox", name="Show deleted ones").check()
    restore = page.get_by_role("button", name="Restore: Winter Set")
    restore.wait_for()
    assert violations(page) == []
    restore.click()
    page.get_by_text("Winter Set is back").wait_for()
    restore.wait_for(state="detached")
    assert api.get_product(product.id).delete_time is None


@pytest.mark.deletes
def test_photos_are_added(page: Page, site: Site, api: Client, complaints: list[str], tmp_path: Path) -> None:
    before = {image.id for image in api.iter_images()}
    notes = tmp_path / "notes.txt"
    notes.write_text("no photo")
    broken = tmp_path / "broken.jpg"
    broken.write_bytes((SAMPLES / "court-polo.jpg").read_bytes()[:800])
    page.goto(site.page("upload"))
    files = [SAMPLES / "winter-set.jpg", SAMPLES / "court-polo.jpg", broken, notes]
    page.locator('.drop-zone .file:not(.camera) input[type="file"]').set_input_files(files)
    page.get_by_text("4 of 4 photos done").wait_for()
    rows = {text.split("\n")[0]: text.split("\n")[1:] for text in page.locator(".upload").all_inner_texts()}
    assert rows["notes.txt"] == ["no JPEG, PNG or WebP file", "failed"]
    assert rows["broken.jpg"][-1] == "failed"
    added = [image for image in api.iter_images() if image.id not in before]
    try:
        assert {image.name for image in added} == {"winter-set.jpg", "court-polo.jpg"}
        for image in added:
            labels = {item.label for item in api.iter_items(image_id=image.id)}
            note, state = rows[image.name]
            assert (set(note.split(", ")), state) == (labels, "done")
        assert violations(page) == []
        assert all("400" in complaint for complaint in complaints)  # of the broken photo
        complaints.clear()
    finally:
        for image in added:
            api.delete_image(image.id)


@pytest.mark.deletes
def test_photos_that_were_not_sent_go_on_after_a_reload(page: Page, site: Site, api: Client) -> None:
    product = api.create_product(Product("Winter outfit"))
    page.route("**/v1/index", lambda _: None)  # no answer comes
    page.goto(site.page(f"upload?product={product.id}"))
    page.locator('.drop-zone .file:not(.camera) input[type="file"]').set_input_files(
        SAMPLES / "winter-set.jpg"
    )
    page.locator(".upload.sending").wait_for()
    page.wait_for_function(KEPT_UPLOADS, arg=1)
    page.unroute("**/v1/index")
    page.reload()
    page.get_by_text("1 of 1 photo done").wait_for()
    (image,) = api.iter_images(product_id=product.id)
    assert image.name == "winter-set.jpg"
    page.wait_for_function(KEPT_UPLOADS, arg=0)
    page.get_by_role("link", name="Open the product").press("Enter")
    page.get_by_role("heading", name="Winter outfit").wait_for()
    api.delete_product(product.id)


def test_on_a_phone_no_page_is_wider_than_the_screen(page: Page, site: Site, api: Client) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    item = next(iter(api.iter_items()))
    paths = (
        "catalogue",
        "catalogue?view=table",
        "upload",
        "products/new",
        "transfer",
        "jobs",
        "jobs?tab=operations",
        "admin",
        "admin?tab=models",
        "admin?tab=keys",
        "admin?tab=users",
        "admin?tab=audit",
        "admin?tab=tenant",
        f"compare?one={item.id}&other={item.id}",
        "review",
        f"items/{item.id}",
        f"photos/{item.image_id}",
        f"products/{item.product_id}",
    )
    for path in paths:
        page.goto(site.page(path))
        page.locator("main h1").wait_for()
        page.locator("main .loading").first.wait_for(state="detached")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
