"""Reviewing in a browser, by keys alone, on the queue of the server; each decision can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from armoire import Client, CorrectionKind, Item
from tests.browser.accessibility import violations
from tests.browser.keyboard import choose, press
from tests.browser.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

DIFFERENCE = """async (versions) => {
    const main = document.querySelector('script[type="module"]').src;
    const { difference } = await import(main.replace("main.js", "review/statistics.js"));
    return difference(...versions);
}"""


@pytest.fixture(autouse=True)
def fresh(context: BrowserContext, site: Site) -> Iterator[None]:
    """Afterwards nobody has decided on anything, and nobody has an item."""
    yield
    with Client(site.address) as client:
        for page in context.pages:
            name = page.evaluate("sessionStorage.getItem('armoire-reviewer') ?? ''")
            client.release_review_items(reviewer=name)
        made = list(client.iter_corrections())
        taken_back = {each.undone_correction_id for each in made}
        for each in made:
            if each.kind is not CorrectionKind.UNDO and each.id not in taken_back:
                client.undo_correction(each.id)


def shown(page: Page) -> str:
    """The id of the item that is to be decided on."""
    return str(page.locator(".review-label a").get_attribute("href")).rpartition("/")[2]


def open_review(page: Page, site: Site, query: str = "") -> str:
    """Go to the queue; returns the id of its first item."""
    page.goto(site.page(f"review{query}"))
    page.locator(".review-item .picture img").first.wait_for()
    return shown(page)


def decide(page: Page, key: str, item: str) -> str:
    """Decide on an item by a key; returns the id of the next one."""
    page.keyboard.press(key)
    page.locator(f'.review-label a:not([href$="{item}"])').wait_for()
    return shown(page)


def offers(page: Page) -> list[str]:
    """What the digits stand for, from 1 on."""
    return page.locator(".offer > span:nth-child(2)").all_text_contents()


def test_items_are_decided_by_keys_and_taken_back(page: Page, site: Site, api: Client) -> None:
    first = open_review(page, site)
    before = {item.id: item for item in api.iter_items()}
    assert violations(page) == []
    second = decide(page, "Enter", first)
    said = offers(page)
    assert said[0] == before[second].label
    page.locator("h1").click()  # keys work whatever was clicked before
    page.keyboard.press("2")
    page.get_by_role("button", name="Save changes").wait_for()
    page.keyboard.press("ArrowDown")
    page.locator(".question.current").filter(has_text="Colour").wait_for()
    page.keyboard.press("0")
    assert violations(page) == []
    third = decide(page, "Enter", second)
    fourth = decide(page, "x", third)
    page.get_by_role("status").filter(has_text="3 decisions,").wait_for()
    assert api.get_item(first).verify_time is not None
    changed = api.get_item(second)
    assert (changed.label, "color" in changed.attributes) == (said[1], False)
    assert api.get_item(third).reject_reason == "not_a_garment"

    page.reload()
    page.locator(f'.review-label a[href$="{fourth}"]').wait_for()  # the same window keeps what it had
    for item in (third, second, first):
        page.keyboard.press("Backspace")
        page.locator(f'.review-label a[href$="{item}"]').wait_for()
        after = api.get_item(item)
        assert (after.label, after.reject_reason, after.verify_time) == (before[item].label, "", None)


def test_two_windows_never_have_the_same_item(page: Page, site: Site, api: Client) -> None:
    first = open_review(page, site)
    other = page.context.new_page()
    second = open_review(other, site)
    assert second != first
    held = set()
    item = first
    for _ in range(4):
        held.add(item)
        item = decide(page, "n", item)
    assert second not in held
    other.close()


def test_items_are_decided_with_the_mouse(page: Page, site: Site, api: Client) -> None:
    first = open_review(page, site)
    page.get_by_role("button", name="Skip").click()
    page.locator(f'.review-label a:not([href$="{first}"])').wait_for()
    second = shown(page)
    page.locator(".offer").nth(1).click()
    page.get_by_role("button", name="Save changes").wait_for()
    third = decide(page, "Enter", second)  # the digit's button is not pressed again
    page.get_by_role("button", name="Undo").click()
    page.locator(f'.review-label a[href$="{second}"]').wait_for()
    assert third != second
    assert api.get_item(second).verify_time is None
    assert api.get_item(first).verify_time is None


def test_boxes_are_moved_and_drawn_by_keys_and_zoom_stays(page: Page, site: Site, api: Client) -> None:
    first = open_review(page, site)
    before = api.get_item(first)
    page.keyboard.press("+")
    page.keyboard.press("+")
    width = page.locator(".zoom-ground").get_attribute("style")
    page.keyboard.press("r")
    corner = page.locator(".crop-corner.se")
    press(corner, "ArrowLeft")
    corner.press("Enter")
    page.locator(".crop").wait_for(state="detached")
    after = api.get_item(first)
    assert (after.box.x1, after.box.y1, after.box.y2) == pytest.approx(
        (before.box.x1, before.box.y1, before.box.y2), abs=0.06
    )
    assert after.box.x2 < before.box.x2
    page.keyboard.press("a")
    page.locator(".crop").wait_for()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator(".crop").wait_for(state="detached")
    count = len(list(api.iter_items(image_id=before.image_id)))
    page.keyboard.press("a")
    press(page.locator(".crop-move"), "ArrowDown")
    press(corner, "ArrowLeft")
    corner.press("Enter")
    page.locator(".crop").wait_for(state="detached")
    added = the_added(api, before.image_id)
    wide, high = before.image_width, before.image_height
    step = 0.02 * max(wide, high)
    assert added.box.xyxy == pytest.approx(
        (0.2 * wide, 0.2 * high + step, 0.8 * wide - step, 0.8 * high + step), abs=0.06
    )
    page.keyboard.press("Backspace")  # the addition
    page.get_by_text("taken back").wait_for()
    assert len(list(api.iter_items(image_id=before.image_id))) == count
    decide(page, "n", first)
    assert page.locator(".zoom-ground").get_attribute("style").split(",")[0] == width.split(",")[0]


def the_added(api: Client, image_id: str) -> Item:
    (item,) = [item for item in api.iter_items(image_id=image_id) if item.added]
    return item


def test_a_box_is_drawn_with_the_mouse(page: Page, site: Site, api: Client) -> None:
    before = api.get_item(open_review(page, site))
    page.get_by_role("button", name="Draw a new box").click()
    box = page.locator(".crop-ground").bounding_box()  # as wide as its frame, or less where the photo is tall
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 150)
    page.mouse.up()
    page.get_by_role("button", name="Add the garment").click()
    page.locator(".crop").wait_for(state="detached")
    added = the_added(api, before.image_id)
    assert added.box.x2 - added.box.x1 == pytest.approx(80 / box["width"] * before.image_width, rel=0.05)


def test_items_that_look_alike_are_accepted_together(page: Page, site: Site, api: Client) -> None:
    first = open_review(page, site)
    page.keyboard.press("m")
    page.get_by_role("dialog").wait_for()
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for(state="detached")
    page.locator(f'.review-label a:not([href$="{first}"])').wait_for()
    batch = api.list_corrections(item_id=first).items[0].batch_id
    accepted = [each.item_id for each in api.iter_corrections() if batch and each.batch_id == batch]
    assert first in accepted
    assert all(api.get_item(item).verify_time is not None for item in accepted)
    page.keyboard.press("Backspace")
    page.locator(f'.review-label a[href$="{first}"]').wait_for()
    assert all(api.get_item(item).verify_time is None for item in accepted)


def test_the_difference_of_two_versions_has_its_interval(page: Page, site: Site) -> None:
    page.goto(site.page("review/statistics"))
    page.locator(".counts").wait_for()
    found = page.evaluate(
        DIFFERENCE, [{"agreed": "48", "reviewed": "80"}, {"agreed": "56", "reviewed": "70"}]
    )
    assert found == pytest.approx([0.2, 0.0524, 0.3339], abs=1e-4)  # those of the paper


def test_statistics_and_the_verified_set(page: Page, site: Site, api: Client, tmp_path: Path) -> None:
    item = open_review(page, site)
    for key in ("Enter", "d", "Enter", "Enter"):
        item = decide(page, key, item)
    press(page.get_by_role("link", name="Statistics"))
    page.get_by_role("heading", name="Agreement with the models").wait_for()
    assert violations(page) == []
    told = api.get_review_statistics()
    assert (told.verified, told.rejected) == (3, 1)
    assert page.locator(".counts dd").all_text_contents() == [str(told.items), "3", "3", "1"]
    press(page.get_by_role("button", name="Make the file"))
    with page.expect_download() as saved:
        press(page.get_by_role("link", name="Save it"))
    saved.value.save_as(tmp_path / "set.json")
    document = json.loads((tmp_path / "set.json").read_text())
    assert len(document["annotations"]) == told.reviewed
    choose(page.get_by_label("Measured on"), "audited")
    page.get_by_text("Nothing can be compared yet").wait_for()
    assert violations(page) == []


def test_the_queue_is_filtered_and_on_a_phone(page: Page, site: Site, api: Client) -> None:
    label = api.get_item(open_review(page, site)).label
    choose(page.get_by_label("Category"), label)
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("category") == [label])
    page.locator(".review-item .picture img").first.wait_for()
    assert api.get_item(shown(page)).label == label
    page.goto(site.page("review?queue=disagreements&seen=0&audit=0.25&version=none"))
    page.get_by_text("Nothing is left to review").wait_for()
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    open_review(page, site)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
