"""Outfits in a browser: looks as collages, a piece that is swapped, and what is told where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from armoire import Client, FeedbackKind, NewWardrobeItem, Occasion, Outfit
from tests.browser.accessibility import violations
from tests.browser.keyboard import choose, press, submit, write
from tests.browser.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

LOOKS = 6


def open_looks(page: Page, site: Site, query: str = "") -> None:
    page.goto(site.page(f"outfits{query}"))
    settle_looks(page)


def settle_looks(page: Page) -> None:
    """Wait until the looks are those of the address."""
    page.locator('section[aria-label="Looks"][aria-busy="false"]').wait_for()


def settle_look(page: Page) -> None:
    """Wait until the look that is open is that of the address, and its alternatives are there."""
    page.locator('.look[aria-busy="false"] .look-score').wait_for()


def sentences(page: Page) -> list[str]:
    return page.locator(".looks .look-why").all_text_contents()


def shown(page: Page) -> list[str]:
    """The ids of the items of the look that is open, as the address has them."""
    return parse_qs(urlsplit(page.url).query).get("look", [""])[0].split(",")


def item_ids(outfit: Outfit) -> list[str]:
    return [item.item_id for item in outfit.items]


def told(number: float) -> str:
    """A score as the page writes it."""
    return f"{number + 1e-7:.2f}"


def test_looks_are_those_of_the_server(page: Page, site: Site, api: Client) -> None:
    open_looks(page, site)
    wanted = api.outfits.suggest(LOOKS)
    assert sentences(page) == [outfit.explanation for outfit in wanted]
    scores = page.locator(".looks .look-score small").all_text_contents()
    assert scores == [told(each.score) for each in wanted]
    first = page.locator(".looks .card").first
    assert first.locator(".piece").count() == len(wanted[0].items)
    assert first.locator(".look-term").count() == len(wanted[0].terms)
    first.locator(".piece img:not(.ground)").first.wait_for()
    assert violations(page) == []
    page.keyboard.press("n")
    page.wait_for_url("**seed=1*")
    settle_looks(page)
    assert sentences(page) == [outfit.explanation for outfit in api.outfits.suggest(LOOKS, seed=1)]
    page.reload()
    settle_looks(page)
    assert sentences(page) == [outfit.explanation for outfit in api.outfits.suggest(LOOKS, seed=1)]


def test_a_piece_is_swapped_by_keys_and_taken_back(page: Page, site: Site, api: Client) -> None:
    open_looks(page, site)
    first, second = api.outfits.suggest(LOOKS)[:2]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    settle_look(page)
    assert shown(page) == item_ids(second)
    assert page.locator(".look .look-why").inner_text() == second.explanation
    assert violations(page) == []

    page.keyboard.press("2")
    pressed = page.locator('.look .piece[aria-pressed="true"]')
    assert str(pressed.get_attribute("aria-label")).startswith("2: ")
    href = page.locator(".look h2 a").get_attribute("href")
    swapped = next(item for item in second.items if str(href).endswith(item.item_id))
    others = [each for each in item_ids(second) if each != swapped.item_id]
    found = api.outfits.complete(others, swapped.slot, count=12)
    candidates = [each.item.item_id for each in found if each.item.item_id != swapped.item_id]
    page.keyboard.press("s")
    page.locator(".alternatives .card").nth(len(candidates) - 1).wait_for()
    settle_look(page)
    assert page.locator(".alternatives .card").count() == len(candidates)
    assert violations(page) == []

    last = min(len(candidates), 9)
    expected = [candidates[last - 1] if each == swapped.item_id else each for each in item_ids(second)]
    page.keyboard.press(str(last))
    page.wait_for_url(lambda url: expected[0] in url and candidates[last - 1] in url)
    settle_look(page)
    assert shown(page) == expected
    score = api.outfits.score(expected)
    assert page.locator(".look .look-why").inner_text() == score.outfit.explanation
    assert score.outfit.explanation != second.explanation
    assert page.locator(".look .look-score small").inner_text() == told(score.outfit.score)
    assert changes(page) == moved(second, score.outfit)
    assert violations(page) == []

    page.keyboard.press("Backspace")
    page.wait_for_url(lambda url: swapped.item_id in url)
    settle_look(page)
    assert shown(page) == item_ids(second)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(lambda url: "%2C".join(item_ids(first)) in url)
    settle_look(page)
    page.keyboard.press("Escape")
    settle_looks(page)
    page.wait_for_function("() => document.activeElement.getAttribute('aria-label') === 'Open look 1'")


def changes(page: Page) -> list[str]:
    """What the page says of each term that has changed, in the order of the terms."""
    return page.locator(".look .look-term .state").all_text_contents()


def moved(before: Outfit, after: Outfit) -> list[str]:
    """The same of two outfits."""
    points = {term.name: term.points for term in before.terms}
    by = [term.points - points[term.name] for term in after.terms]
    return [
        f"↑ {told(change)} more" if change > 0 else f"↓ {told(-change)} less"
        for change in by
        if abs(change) >= 0.005
    ]


def test_a_piece_is_swapped_with_the_mouse(page: Page, site: Site, api: Client) -> None:
    open_looks(page, site)
    before = item_ids(api.outfits.suggest(1)[0])
    page.get_by_role("button", name="Open look 1").click()
    settle_look(page)
    page.locator(".look .piece").last.click()
    page.get_by_role("button", name="Swap the piece").click()
    page.locator(".alternatives button").first.click()
    page.wait_for_url(lambda url: "%2C".join(before) not in url)
    settle_look(page)
    after = shown(page)
    assert len(set(before) & set(after)) == len(before) - 1 == len(after) - 1
    page.reload()
    settle_look(page)
    assert page.locator(".look .look-why").inner_text() == api.outfits.score(after).outfit.explanation
    page.get_by_role("button", name="Back").click()
    settle_looks(page)


def test_what_looks_are_for_and_made_of(page: Page, site: Site, api: Client) -> None:
    open_looks(page, site)
    choose(page.get_by_label("Season"), "winter")
    page.wait_for_url("**season=winter*")
    write(page.get_by_label("Temperature"), "-2")
    choose(page.get_by_label("How formal"), "office")
    page.wait_for_url("**formality=0.7*")
    submit(page.get_by_label("Price of a piece"), "150")
    page.wait_for_url("**to=150*")
    settle_looks(page)
    occasion = Occasion("winter", temperature_c=-2, formality=0.7)
    wanted = api.outfits.suggest(LOOKS, where="price<=150", occasion=occasion)
    assert sentences(page) == [outfit.explanation for outfit in wanted]
    press(page.locator("summary", has_text="Only of some colours"))
    press(page.get_by_role("checkbox", name="white"), "Space")
    page.wait_for_url("**is.color=white*")
    assert violations(page) == []


def test_what_is_lacking_is_told(page: Page, site: Site, complaints: list[str]) -> None:
    page.goto(site.page("outfits?to=20"))
    heading = page.get_by_role("heading", level=2)
    heading.wait_for()
    assert heading.inner_text().startswith("There is no outfit without ")
    assert "shoes" in heading.inner_text()
    assert page.get_by_role("link", name="Add photos").get_attribute("href") == "/app/upload"
    assert violations(page) == []
    press(page.get_by_role("link", name="Clear all filters"))
    settle_looks(page)
    assert page.locator(".looks .card").count() == LOOKS
    complaints.clear()  # the refusal is told by its status, too


def test_an_item_leads_to_looks_with_it(page: Page, site: Site, api: Client) -> None:
    coat = next(item for item in api.iter_items() if item.label == "outerwear")
    page.goto(site.page(f"items/{coat.id}"))
    press(page.get_by_role("link", name="Complete the look"))
    page.wait_for_url(f"**/outfits?base={coat.id}")
    settle_looks(page)
    wanted = api.outfits.suggest(LOOKS, base=[coat.id])
    assert all(coat.id in item_ids(outfit) for outfit in wanted)
    assert sentences(page) == [outfit.explanation for outfit in wanted]
    assert violations(page) == []
    press(page.get_by_role("button", name="Without it"))
    page.wait_for_url(lambda url: "base=" not in url)


def noted(page: Page, kind: str) -> None:
    """Wait until the page says that feedback is noted."""
    page.get_by_role("status").filter(has_text=f"{kind}: noted").wait_for()


def test_an_end_user_likes_wears_and_skips_by_keys(page: Page, site: Site, api: Client) -> None:
    open_looks(page, site, "?user=ada")
    first, second, third = api.outfits.suggest(LOOKS)[:3]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("l")
    noted(page, "Like")
    assert violations(page) == []
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    settle_look(page)
    page.keyboard.press("w")
    noted(page, "Wear")
    page.locator(".look .look-term", has_text="Taste").wait_for()
    judged = api.outfits.score(item_ids(second), end_user="ada").outfit
    assert page.locator(".look .look-score small").inner_text() == told(judged.score)
    assert violations(page) == []
    page.keyboard.press("k")
    page.wait_for_url(lambda url: "%2C".join(item_ids(third)) in url)
    noted(page, "Skip")
    kept = api.wardrobes.export("ada").feedback
    assert [(each.kind, set(each.item_ids)) for each in kept] == [
        (FeedbackKind.LIKE, set(item_ids(first))),
        (FeedbackKind.WEAR, set(item_ids(second))),
        (FeedbackKind.SKIP, set(item_ids(second))),
    ]


def test_looks_of_what_an_end_user_owns(page: Page, site: Site, api: Client) -> None:
    owned = item_ids(api.outfits.suggest(1)[0])
    api.wardrobes.add("grace", [NewWardrobeItem(each) for each in owned])
    open_looks(page, site)
    submit(page.get_by_label("For customer"), "grace")
    press(page.get_by_role("checkbox", name="only of what they own"), "Space")
    page.wait_for_url("**user=grace&pool=wardrobe*")
    settle_looks(page)
    wanted = api.outfits.suggest(LOOKS, end_user="grace", pool="wardrobe", repeat_days=0)
    assert {each for outfit in wanted for each in item_ids(outfit)} <= set(owned)
    assert sentences(page) == [outfit.explanation for outfit in wanted]
    assert violations(page) == []


@pytest.mark.parametrize("query", ["", "?look={}"], ids=["looks", "look"])
def test_on_a_phone_nothing_is_wider_than_the_screen(page: Page, site: Site, api: Client, query: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site.page(f"outfits{query.format(','.join(item_ids(api.outfits.suggest(1)[0])))}"))
    if query:
        settle_look(page)
        press(page.get_by_role("button", name="Swap the piece"))
        page.locator(".alternatives .card").first.wait_for()
    else:
        settle_looks(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert violations(page) == []
