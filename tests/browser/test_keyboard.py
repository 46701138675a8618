"""Tab leads through each page in the order in which it is read, and the focus can always be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        *(f"admin?tab={tab}" for tab in ("health", "models", "keys", "users", "audit", "tenant")),
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
