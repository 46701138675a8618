"""Reviewing in a browser: by keys alone, with decisions that are taken back after a reload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armoire import Client
from tests.browser.accessibility import violations
from tests.browser.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page


def least_sure(api: Client) -> list[str]:
    """The ids of the items that nobody has decided on."""
    items = [item for item in api.iter_items() if item.verify_time is None]
    return [item.id for item in sorted(items, key=lambda each: each.attributes["category"].values[0].score)]


def wait_for_decisions(page: Page, decided: str) -> None:
    page.get_by_role("status").filter(has_text=decided).wait_for()


def shown(page: Page) -> str:
    """The id of the item that is to be decided on."""
    return str(page.locator(".review-label a").get_attribute("href")).rpartition("/")[2]


def test_items_are_decided_by_keys_and_taken_back(page: Page, site: Site, api: Client) -> None:
    queue = least_sure(api)
    first, second, third, fourth, *_ = queue
    before = api.get_item(second)
    page.goto(site.page("review"))
    assert shown(page) == first
    assert violations(page) == []
    page.keyboard.press("Enter")
    wait_for_decisions(page, "1 decision,")
    assert shown(page) == second
    label, digit = next(pair for pair in labels(page) if pair[0] != before.label)
    page.locator("h1").click()  # keys work whatever was clicked before
    page.keyboard.press(digit)
    wait_for_decisions(page, "2 decisions,")
    assert shown(page) == third
    page.keyboard.press("x")
    wait_for_decisions(page, "3 decisions,")
    assert shown(page) == fourth
    assert api.get_item(first).verify_time is not None
    assert api.get_item(second).label == label
    assert api.get_item(third).reject_reason == "not_a_garment"

    page.reload()
    assert shown(page) == fourth
    for item in (third, second, first):
        page.keyboard.press("Backspace")
        page.locator(f'.review-label a[href$="{item}"]').wait_for()
    assert least_sure(api) == queue
    assert api.get_item(first).verify_time is None
    assert api.get_item(second).label == before.label
    assert api.get_item(third).reject_reason == ""


def labels(page: Page) -> list[tuple[str, str]]:
    """Each label that may be chosen, and its digit."""
    buttons = page.locator(".review .choices .button")
    return [(text[:-1].strip(), text[-1]) for text in buttons.all_text_contents()]


def test_items_are_decided_with_the_mouse(page: Page, site: Site, api: Client) -> None:
    first, second, *_ = least_sure(api)
    page.goto(site.page("review"))
    assert shown(page) == first
    page.get_by_role("button", name="Skip").click()
    assert shown(page) == second
    page.get_by_role("button", name="All is right").click()
    wait_for_decisions(page, "1 decision,")
    page.get_by_role("button", name="Undo").click()
    wait_for_decisions(page, "0 decisions,")
    assert shown(page) == second
    assert api.get_item(second).verify_time is None
