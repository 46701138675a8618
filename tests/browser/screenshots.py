"""`python -m tests.browser.screenshots [PAGE ...]`: the pictures of the page in docs/images/web.

They show the drawn samples, dark and light, on a desktop and a phone, as JPEGs, which are small.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from armoire import Client
from demo.server import ROOT
from tests.browser.site import SAMPLES, Site, chromium, serving, stock

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PICTURES = ROOT / "docs" / "images" / "web"
PHOTO = SAMPLES / "weekend-look.jpg"
QUALITY = 80
PATIENCE_MS = 120_000
"""How long a page is waited for on a machine that has much else to do."""
TABLE_FILE = {"name": "autumn.csv", "mimeType": "text/csv"}
TABLE = """\
sku,name,brand,price,stock,image,material
A-1001,Linen shirt,Atelier,69.00 EUR,in stock,linen-shirt.jpg,linen
A-1002,Wool coat,Atelier,about 200,in stock,,wool
A-1003,Felt hat,Everyday,24.90 EUR,preorder,,felt
"""
SEEN = """() => [...document.querySelectorAll(".picture")]
    .filter((place) => place.getBoundingClientRect().top < innerHeight)
    .every((place) => place.lastElementChild?.complete)"""
"""Whether all pictures on the screen are there."""


@dataclass(frozen=True)
class Screen:
    """`options` are those of a browser context."""

    name: str
    options: dict[str, Any]


SCREENS = (
    Screen("desktop", {"viewport": {"width": 1280, "height": 800}}),
    Screen(
        "phone",
        {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    ),
)
SCHEMES = ("light", "dark")


def show_start(page: Page, site: Site) -> None:
    page.goto(site.page())
    page.locator(".start .picture img").first.wait_for()


def show_photo(page: Page, site: Site) -> None:
    page.goto(site.page())
    page.locator('.query .file:not(.camera) input[type="file"]').set_input_files(PHOTO)
    page.locator(".hits .picture img").first.wait_for()


def show_words(page: Page, site: Site) -> None:
    page.goto(site.page("search?q=red+dress&from=20"))
    page.locator(".hits .picture img").first.wait_for()


def show_catalogue(page: Page, site: Site) -> None:
    page.goto(site.page("catalogue"))
    page.locator(".grid .picture img").first.wait_for()


def show_item(page: Page, site: Site) -> None:
    show_catalogue(page, site)
    page.get_by_role("link", name="Weekend Look").click()
    page.get_by_role("link", name="hat").click()
    page.locator(".stage img").wait_for()


def show_review(page: Page, site: Site) -> None:
    page.goto(site.page("review"))
    page.locator(".review-item .picture img").first.wait_for()
    page.locator(".zoom-ground img").wait_for()
    page.locator(".review .stage img").wait_for()


def show_statistics(page: Page, site: Site) -> None:
    page.goto(site.page("review/statistics"))
    page.locator(".counts").wait_for()


def show_compare(page: Page, site: Site) -> None:
    show_words(page, site)
    for place in (0, 1):
        page.locator(".hits .card").nth(place).get_by_role("button", name="Compare").click()
    page.locator(".compare img").nth(1).wait_for()


def show_table(page: Page, site: Site) -> None:
    page.goto(site.page("catalogue?view=table&order=price"))
    page.locator(".table .picture img").first.wait_for()


def show_filters(page: Page, site: Site) -> None:
    page.goto(site.page("catalogue?is.brand=Everyday&to=50"))
    page.locator(".grid .card").first.wait_for()
    if page.locator(".filter-drawer[open]").count():
        page.locator(".facet .count").first.wait_for()
    page.locator(".grid .picture img").first.wait_for()


def show_taxonomy(page: Page, site: Site) -> None:
    page.goto(site.page("taxonomy"))
    page.locator(".table tbody tr").first.wait_for()


def show_import(page: Page, site: Site) -> None:
    page.goto(site.page("transfer"))
    page.get_by_label("Choose a CSV file").set_input_files({**TABLE_FILE, "buffer": TABLE.encode()})
    page.locator(".preview").wait_for()


def show_jobs(page: Page, site: Site) -> None:
    page.goto(site.page("jobs"))
    page.locator(".table tbody tr").first.wait_for()


def show_health(page: Page, site: Site) -> None:
    page.goto(site.page("admin"))
    page.locator(".table .state").nth(5).wait_for()  # the audit of a new catalogue has none


def show_models(page: Page, site: Site) -> None:
    page.goto(site.page("admin?tab=models"))
    page.locator(".table .state").first.wait_for()
    page.locator(".history li").first.wait_for()


def show_outfits(page: Page, site: Site) -> None:
    page.goto(site.page("outfits?season=autumn"))
    page.locator(".looks .piece img:not(.ground)").first.wait_for()


def show_look(page: Page, site: Site) -> None:
    show_outfits(page, site)
    page.get_by_role("button", name="Open look 1").click()
    page.locator(".look .piece").nth(1).click()
    page.get_by_role("button", name="Swap the piece").click()
    page.locator(".alternatives img:not(.ground)").first.wait_for()
    page.locator(".alternatives button").nth(2).click()
    page.locator(".look-term .state").first.wait_for()


PAGES: dict[str, Callable[[Page, Site], None]] = {
    "start": show_start,
    "photo": show_photo,
    "words": show_words,
    "catalogue": show_catalogue,
    "item": show_item,
    "compare": show_compare,
    "table": show_table,
    "filters": show_filters,
    "taxonomy": show_taxonomy,
    "import": show_import,
    "jobs": show_jobs,
    "health": show_health,
    "models": show_models,
    "review": show_review,
    "statistics": show_statistics,
    "outfits": show_outfits,
    "look": show_look,
}


def review_some(client: Client) -> None:
    """Decide on some items, so that statistics have something to tell."""
    items = sorted(client.iter_items(), key=lambda item: item.id)
    for number, item in enumerate(items[:12]):
        if number % 6 == 5:
            client.correct_item(item.id, label="outerwear", verify=True)
        else:
            client.verify_item(item.id)


def take(browser: Browser, site: Site, screen: Screen, scheme: Any, pages: Sequence[str]) -> None:
    """A picture of each of the pages on a screen, in a theme."""
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", **screen.options)
    context.set_default_timeout(PATIENCE_MS)
    for name in pages:
        page = context.new_page()
        PAGES[name](page, site)
        page.wait_for_function(SEEN)
        path = PICTURES / f"{name}-{screen.name}-{scheme}.jpg"
        page.screenshot(path=path, type="jpeg", quality=QUALITY)
        if name == "review":  # its items are given back, or the next window would find none
            page.get_by_role("link", name="Statistics").click()
            page.locator(".counts").wait_for()
        page.close()
    context.close()


def main(pages: Sequence[str]) -> None:
    if unknown := set(pages) - set(PAGES):
        sys.exit(f"There is no page {sorted(unknown)[0]!r}; the pages are {', '.join(PAGES)}.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, serving(Path(home)) as site:
        with Client(site.address) as client:
            stock(client)
            review_some(client)
        with chromium() as browser:
            for screen, scheme in product(SCREENS, SCHEMES):
                take(browser, site, screen, scheme, pages)
    sys.stdout.write(f"{len(list(PICTURES.iterdir()))} pictures in {PICTURES.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main(sys.argv[1:] or [*PAGES])
