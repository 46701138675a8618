"""`python -m tests.browser.review_pace`: how many decisions a minute the page keeps up with, by keys alone.

A key is pressed as soon as the next item and its crop are seen; each third item gets another category first.
The figure is that of the page and the server, not of a person.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from armoire import Client
from tests.browser.site import chromium, serving, stock

if TYPE_CHECKING:
    from playwright.sync_api import Page

DECISIONS = 30


def decide(page: Page, number: int) -> None:
    """Decide on the item that is shown, and wait until the next one is seen."""
    shown = page.locator(".review-label a").get_attribute("href")
    if number % 3 == 2:
        page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.locator(f'.review-label a:not([href="{shown}"])').wait_for()
    page.wait_for_function("() => document.querySelector('.review-item .picture img')?.complete")


def main() -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as site,
        Client(site.address) as client,
    ):
        stock(client)
        with chromium() as browser:
            page = browser.new_page()
            page.goto(site.page("review"))
            page.locator(".review-item .picture img").first.wait_for()
            began = time.monotonic()
            for number in range(DECISIONS):
                decide(page, number)
            seconds = time.monotonic() - began
        told = client.get_review_statistics()
    (pace,) = told.reviewers
    sys.stdout.write(f"{DECISIONS} decisions in {seconds:.1f} s: {60 * DECISIONS / seconds:.0f} a minute\n")
    sys.stdout.write(f"GetReviewStatistics: {pace.decisions}, {pace.decisions_per_minute:.0f} a minute\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
