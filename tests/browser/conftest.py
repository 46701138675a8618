"""One server with a stocked catalogue for all tests of the page, and a browser for each file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from armoire import Client
from tests.browser.site import CHROMIUM, Site, chromium, serving, stock
from tests.node import PACKAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PATIENCE_MS = 60_000
PICTURE_GONE = re.compile(r"Failed to load resource: .* status of (404|410)")
"""A picture that was still on its way when a test deleted its photo."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("home")) as started:
        with Client(started.address) as client:
            stock(client)
        yield started


@pytest.fixture(scope="session")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that wants to know who asks, without a catalogue."""
    with serving(tmp_path_factory.mktemp("closed"), {"ARMOIRE_AUTH__MODE": "required"}) as started:
        yield started


@pytest.fixture
def api(site: Site) -> Iterator[Client]:
    with Client(site.address) as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of the file, because Playwright's event loop keeps others from running while it is open."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium (Debian: apt install chromium)")
    if not (PACKAGES / "axe-core").exists():
        pytest.skip("needs packages from npm: make setup-dev")
    pytest.importorskip("playwright.sync_api", reason="needs playwright: make setup-dev")
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """Of the file, because the page's modules are in its cache from the second test on."""
    made = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


@pytest.fixture
def context(profile: BrowserContext) -> Iterator[BrowserContext]:
    """The profile, of which a test leaves nothing to the next one but the cache."""
    yield profile
    profile.set_offline(False)
    profile.clear_cookies()
    profile.clear_permissions()
    for page in profile.pages:
        if page.url.startswith("http"):
            forget_origin(page)
        page.close()


def forget_origin(page: Page) -> None:
    """Leave a page, and clear what its origin has stored in the browser."""
    origin = "/".join(page.url.split("/")[:3])
    page.goto("about:blank")  # so that no connection to a database is left open
    stored = {"origin": origin, "storageTypes": "local_storage,indexeddb"}
    page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", stored)


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complains of, such as a broken policy; a test that means it to clears the list."""
    return []


@pytest.fixture
def page(request: pytest.FixtureRequest, context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    made = context.new_page()
    made.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    deletes = request.node.get_closest_marker("deletes") is not None
    assert [text for text in complaints if not (deletes and PICTURE_GONE.search(text))] == []


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A drawn person with five garments."""
    copied = tmp_path / "photo.jpg"
    copied.write_bytes((Path(__file__).parents[2] / "samples" / "weekend-look.jpg").read_bytes())
    return copied
