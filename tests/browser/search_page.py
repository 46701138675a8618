"""What the page of searches shows, as tests read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.browser.keyboard import choose_files, press, submit

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from armoire import SearchResult

TOP_K = 24


@dataclass(frozen=True)
class SearchPage:
    page: Page

    @property
    def parameters(self) -> dict[str, list[str]]:
        """Those of the address."""
        return parse_qs(urlsplit(self.page.url).query)

    @property
    def garments(self) -> Locator:
        return self.page.locator(".stage .garment")

    @property
    def cards(self) -> Locator:
        return self.page.locator(".hits .card:not(.ghost)")

    def settle(self) -> None:
        """Wait until the results on the page are those of its address."""
        self.page.locator('.results[aria-busy="false"]').wait_for()

    def hits(self) -> list[str]:
        """The ids of the items, in the order on the page."""
        self.settle()
        links = self.page.locator(".hits a.card-link")
        return [str(link.get_attribute("href")).rpartition("/")[2] for link in links.all()]

    def say(self, words: str) -> None:
        submit(self.page.get_by_role("searchbox"), words)
        self.page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("q", [""]) == [words])

    def choose(self, photo: Path) -> None:
        choose_files(self.page.locator('.query .file:not(.camera) input[type="file"]'), photo)
        self.page.wait_for_url("**/app/search?*photo=*")
        self.cards.first.wait_for()
        self.settle()

    def press(self, action: str, card: int) -> None:
        """A button of a hit, which shows when it has the focus or the mouse."""
        press(self.cards.nth(card).get_by_role("button", name=action))


def ids(found: SearchResult, query: int = 0) -> list[str]:
    return [hit.item.id for hit in found.queries[query].hits]
