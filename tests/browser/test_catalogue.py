"""The catalogue in a browser: grids, pages of one thing, uploads, deleting and restoring."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from armoire import Availability, Client, Product
from tests.browser.accessibility import violations
from tests.browser.keyboard import choose, choose_files, press, submit, write
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
    press(page.get_by_role("link", name="Photos", exact=True))
    page.wait_for_url("**tab=photos*")
    page.get_by_text("weekend-look.jpg").wait_for()
    assert names(page) == [image.name for image in api.iter_images()]
    press(page.get_by_role("link", name="Items", exact=True))
    page.wait_for_url("**tab=items*")
    page.locator(".card-name", has_text="hat").first.wait_for()
    assert names(page) == [item.label for item in api.iter_items()]


def test_from_a_product_to_its_photo_its_item_and_what_is_similar(
    page: Page, site: Site, api: Client
) -> None:
    page.goto(site.page("catalogue"))
    press(page.get_by_role("link", name="Weekend Look"))
    page.get_by_role("heading", name="Weekend Look").wait_for()
    assert page.locator(".facts").inner_text().split("\n")[:2] == ["Price", "€59.00"]
    assert violations(page) == []
    press(page.get_by_role("link", name="weekend-look.jpg", exact=True))
    page.locator(".stage img").wait_for()
    assert page.locator(".stage .garment").count() == 5
    assert violations(page) == []
    press(page.locator(".stage").get_by_role("link", name=re.compile("hat$")))
    page.get_by_role("heading", name="Hat").wait_for()
    item = api.get_item(page.url.rpartition("/")[2])
    shown = [text.split("\n")[:2] for text in page.locator(".attribute").all_inner_texts()]
    assert ["Category", item.attributes["category"].values[0].value] in shown
    page.locator('.stage .garment[aria-current="true"]').wait_for()
    assert violations(page) == []
    press(page.get_by_role("link", name="Find similar"))
    page.wait_for_url(f"**/search?item={item.id}")
    page.locator(".hits .picture img").first.wait_for()


def test_products_as_a_table_in_another_order_and_by_name(page: Page, site: Site, api: Client) -> None:
    page.goto(site.page("catalogue"))
    press(page.get_by_role("button", name="As a table"))
    page.wait_for_url("**view=table*")
    rows = page.locator(".table tbody tr")
    rows.first.wait_for()
    press(page.get_by_role("button", name="Price"))
    page.wait_for_url("**order=price*")
    page.locator('th[aria-sort="ascending"]', has_text="Price").wait_for()
    page.locator('[aria-busy="false"] .table').wait_for()
    shown = [text.split("\t")[1].strip() for text in rows.all_inner_texts()]
    assert shown == [product.display_name for product in api.iter_products(order_by="price")]
    page.locator(".table .picture img").first.wait_for()
    assert violations(page) == []
    submit(page.get_by_role("searchbox"), "SET")
    page.wait_for_url("**q=SET*")
    page.locator('[aria-busy="false"] .table').wait_for()
    found = [product.display_name for product in api.iter_products(text="set", order_by="price")]
    assert [text.split("\t")[1].strip() for text in rows.all_inner_texts()] == found
    assert 0 < len(found) < len(shown)
    for tab in ("photos", "items"):
        page.goto(site.page(f"catalogue?tab={tab}&view=table"))
        rows.first.wait_for()
        assert violations(page) == []


def test_products_are_filtered_by_field(page: Page, site: Site, api: Client) -> None:
    page.goto(site.page("catalogue"))
    press(page.locator("summary", has_text="Filters"))
    most = page.get_by_label("to", exact=True)
    write(most, "45,00")
    press(page.get_by_role("checkbox", name=re.compile("^Everyday, ")), "Space")
    page.wait_for_url("**is.brand=Everyday*")
    page.locator('.filter-drawer[aria-busy="false"]').wait_for()
    assert most.input_value() == "45,00"  # what is typed stays when the counts are new
    most.press("Enter")
    page.wait_for_url("**to=45*")
    page.locator('[aria-busy="false"] .grid').wait_for()
    where = "brand=Everyday,price<=45"
    wanted = [product.display_name for product in api.iter_products(where=where)]
    assert names(page) == wanted
    assert (
        0
        < len(wanted)
        < len(list(api.iter_products(where="brand=Everyday")))
        < len(list(api.iter_products()))
    )
    (brands,) = api.search(text="garment", where="price<=45", facets=["brand"]).facets
    counts = {each.value: each.count for each in brands.values}
    page.get_by_role("checkbox", name=f"Everyday, {counts['Everyday']} items").wait_for()
    assert violations(page) == []
    press(page.get_by_role("button", name="As a table"))
    rows = page.locator(".table tbody tr")
    rows.first.wait_for()
    assert [text.split("\t")[1].strip() for text in rows.all_inner_texts()] == wanted
    page.reload()
    rows.first.wait_for()
    assert rows.count() == len(wanted)
    since = page.get_by_label("since", exact=True)
    press(since, "0")
    page.keyboard.type("1012099")
    since.press("Enter")
    page.wait_for_url("**since=2099-01-01*")
    page.get_by_role("heading", name="Nothing fits").wait_for()
    assert violations(page) == []
    press(page.locator(".empty").get_by_role("button", name="Clear all filters"))
    rows.first.wait_for()
    assert "is." not in page.url


def test_items_are_filtered_by_what_they_are(page: Page, site: Site, api: Client) -> None:
    page.goto(site.page("catalogue?tab=items&is.category=hat&is.category=bag"))
    wanted = [item.label for item in api.iter_items(where="category=hat|bag")]
    assert names(page) == wanted
    assert set(wanted) == {"hat", "bag"}
    press(page.get_by_role("checkbox", name=re.compile("^hat, ")), "Space")
    page.wait_for_url(lambda url: "hat" not in url)
    page.locator('[aria-busy="false"] .grid').wait_for()
    assert set(names(page)) == {"bag"}


def test_the_words_of_the_tenant(page: Page, site: Site, api: Client) -> None:
    page.goto(site.page("catalogue"))
    press(page.get_by_role("link", name="Vocabulary"))
    page.get_by_role("heading", name="Categories").wait_for()
    told = api.get_taxonomy()

    def words(title: str) -> list[list[str]]:
        rows = page.get_by_role("group", name=title, exact=True).locator("tbody tr").all_inner_texts()
        return [[cell.strip() for cell in row.split("\t")] for row in rows]

    assert words("Categories") == [
        [each.name, each.slot, ", ".join(each.synonyms)] for each in told.taxonomy.categories
    ]
    kinds = {row[0]: row[1:4] for row in words("Garments in outfits")}
    assert list(kinds) == [kind.name for kind in told.garment_types]
    assert kinds["blazer"] == ["outerwear", "outerwear, layer", "spring, autumn, winter"]
    assert words("Attributes")[0][0] == "Pattern"
    assert [row[:2] for row in words("Colours")] == [
        [each.name, each.family] for each in told.taxonomy.colors
    ]
    assert violations(page) == []
    press(page.get_by_role("link", name="hat", exact=True))
    page.wait_for_url("**/catalogue?tab=items&is.category=hat")
    assert set(names(page)) == {"hat"}


@pytest.mark.deletes
def test_a_product_is_made_changed_and_deleted_by_keys(
    page: Page, site: Site, api: Client, complaints: list[str]
) -> None:
    page.goto(site.page("catalogue"))
    press(page.get_by_role("link", name="New product"))
    write(page.get_by_role("textbox", name="Name"), "Linen shirt")
    write(page.get_by_label("Price", exact=True), "19,90")
    press(page.get_by_role("textbox", name="Name"))
    page.get_by_role("alert").filter(has_text="currency").wait_for()
    complaints.clear()  # of the refused product
    write(page.get_by_label("Currency"), "EUR")
    write(page.get_by_label("Product id"), "LS-1")
    choose(page.get_by_label("Availability"), "AVAILABILITY_IN_STOCK")
    write(page.get_by_label("Further fields"), "material: linen\ncare: wash at 30")
    assert violations(page) == []
    press(page.get_by_role("textbox", name="Name"))
    page.get_by_role("heading", name="Linen shirt").wait_for()
    made = api.get_product(external_id="LS-1")
    assert (str(made.price), made.attributes) == ("19.90 EUR", {"material": "linen", "care": "wash at 30"})
    assert made.availability is Availability.IN_STOCK

    press(page.get_by_role("button", name="Change"))
    write(page.get_by_label("Price", exact=True), "")
    submit(page.get_by_label("Brand"), "Acme")
    page.get_by_text("Saved.").wait_for()
    changed = api.get_product(made.id)
    assert (changed.price, changed.brand, changed.attributes) == (None, "Acme", made.attributes)
    press(page.get_by_role("button", name="Delete"))
    page.get_by_text("Linen shirt is deleted").wait_for()
    assert "LS-1" not in {product.external_id for product in api.iter_products()}


def test_a_change_of_somebody_else_is_not_written_over(
    page: Page, site: Site, api: Client, complaints: list[str]
) -> None:
    product = api.create_product(Product("Wool scarf"))
    try:
        page.goto(site.page(f"products/{product.id}"))
        press(page.get_by_role("button", name="Change"))
        api.update_product(Product("", id=product.id, brand="Theirs"), ["brand"])
        submit(page.get_by_label("Brand"), "Mine")
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
    press(page.get_by_role("button", name="Delete"))
    page.wait_for_url("**tab=photos*")
    page.get_by_text("winter-set.jpg is deleted").wait_for()
    assert image.name not in names(page)
    press(page.get_by_role("button", name="Undo"))
    page.get_by_text("winter-set.jpg is back").wait_for()
    page.wait_for_url(f"**/photos/{image.id}")
    assert api.get_image(image.id).delete_time is None


@pytest.mark.deletes
def test_a_product_is_deleted_and_restored_from_the_list(page: Page, site: Site, api: Client) -> None:
    product = next(each for each in api.iter_products() if each.display_name == "Winter Set")
    page.goto(site.page(f"products/{product.id}"))
    press(page.get_by_role("button", name="Delete"))
    page.wait_for_url("**/app/catalogue")
    assert "Winter Set" not in names(page)
    press(page.get_by_role("checkbox", name="Only deleted ones"), "Space")
    restore = page.get_by_role("button", name="Restore: Winter Set")
    restore.wait_for()
    assert "Winter Set" in names(page)
    assert "Weekend Look" not in names(page)
    assert page.get_by_role("button", name="Filters").count() == 0
    assert violations(page) == []
    press(restore)
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
    choose_files(page.locator('.drop-zone .file:not(.camera) input[type="file"]'), files)
    page.get_by_text("2 of 4 photos done · 2 photos failed").wait_for()
    assert page.get_by_role("button", name="Try the failed ones again").count() == 1  # of the broken one
    rows = {text.split("\n")[0]: text.split("\n")[1:] for text in page.locator(".upload").all_inner_texts()}
    assert rows["notes.txt"] == ["no JPEG, PNG or WebP file", "failed"]
    assert rows["broken.jpg"][-1] == "failed"
    added = [image for image in api.iter_images() if image.id not in before]
    try:
        assert {image.name for image in added} == {"winter-set.jpg", "court-polo.jpg"}
        for image in added:
            labels = {item.label for item in api.iter_items(image_id=image.id)}
            note, state = rows[image.name]
            found, _, copy = note.partition(" · ")
            assert (set(found.split(", ")), state) == (labels, "done")
            is_copy = image.near_duplicate_of is not None
            assert (copy == "a copy of a photo that is there already") == is_copy
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
    files = page.locator('.drop-zone .file:not(.camera) input[type="file"]')
    choose_files(files, SAMPLES / "winter-set.jpg")
    page.locator(".upload.sending").wait_for()
    page.wait_for_function(KEPT_UPLOADS, arg=1)
    page.unroute("**/v1/index")
    page.reload()
    page.get_by_text("1 of 1 photo done").wait_for()
    (image,) = api.iter_images(product_id=product.id)
    assert image.name == "winter-set.jpg"
    page.wait_for_function(KEPT_UPLOADS, arg=0)
    press(page.get_by_role("link", name="Open the product"))
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
