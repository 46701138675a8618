"""The catalogue in a browser: grids, pages of one thing, uploads, deleting and restoring."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from armoire import Client
from tests.browser.accessibility import violations
from tests.browser.site import SAMPLES, Site

if TYPE_CHECKING:
    from playwright.sync_api import Page


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


def test_on_a_phone_no_page_is_wider_than_the_screen(page: Page, site: Site, api: Client) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    item = next(iter(api.iter_items()))
    paths = (
        "catalogue",
        "upload",
        "review",
        f"items/{item.id}",
        f"photos/{item.image_id}",
        f"products/{item.product_id}",
    )
    for path in paths:
        page.goto(site.page(path))
        page.locator("main h1").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
