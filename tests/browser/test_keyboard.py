"""Tab leads through each page in the order in which it is read, and the focus can always be seen."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from armoire import Client
from tests.browser.keyboard import walk
from tests.browser.site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_tab_leads_through_every_page(page: Page, site: Site, api: Client) -> None:
    item = next(iter(api.iter_items()))
    paths = (
        "",
        "search?q=red+dress&is.category=dress",
        f"compare?one={item.id}&other={item.id}",
        "catalogue?to=30",
        "catalogue?view=table&to=30",
        "taxonomy",
        f"items/{item.id}",
        f"photos/{item.image_id}",
        f"products/{item.product_id}",
        "products/new",
        "upload",
        "transfer",
        "outfits",
        f"outfits?look={','.join(piece.item_id for piece in api.outfits.suggest(1)[0].items)}",
        "review",
        "review/statistics",
        "jobs",
        "jobs?tab=operations",
        "account",
        *(f"admin?tab={tab}" for tab in ("health", "models", "keys", "users", "tenant")),
        f"admin?tab=audit&resourcePrefix=products/{item.product_id}",
    )
    problems = {}
    for path in paths:
        page.goto(site.page(path))
        page.locator("main h1").wait_for()
        page.locator("main .loading").first.wait_for(state="detached")
        page.locator('main [aria-busy="true"]').first.wait_for(state="detached")
        found = walk(page)
        if found:
            problems[path] = found
    assert problems == {}, "\n".join(f"{path}: {each}" for path, found in problems.items() for each in found)


@pytest.mark.parametrize(
    ("path", "card"), [("catalogue", ".card-whole"), ("search?q=red+dress", ".card-link")]
)
def test_the_focus_is_seen_on_all_sides_of_a_card(page: Page, site: Site, path: str, card: str) -> None:
    page.goto(site.page(path))
    focused = page.locator(card).nth(1)
    focused.wait_for()
    page.keyboard.press("Tab")
    focused.focus()
    color = re.findall(r"\d+", focused.evaluate("(each) => getComputedStyle(each).outlineColor"))
    box = focused.bounding_box()
    assert box is not None
    around = {"x": box["x"] - 4, "y": box["y"] - 4, "width": box["width"] + 8, "height": box["height"] + 8}
    shown = Image.open(io.BytesIO(page.screenshot(clip=around))).convert("RGB")  # type: ignore[arg-type]
    wide, high = shown.size
    across = [(x, high // 2) for x in range(wide)]
    down = [(wide // 2, y) for y in range(high)]
    for side in (across[:5], across[-5:], down[:5], down[-5:]):
        assert tuple(map(int, color[:3])) in [shown.getpixel(place) for place in side], side
