"""A server with the drawn samples in its catalogue, and a browser to look at its page with."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from armoire import Client, Money, Product
from demo.server import ROOT, ServerProcess

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium")
SAMPLES = ROOT / "samples"
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Site:
    """Where the server answers."""

    url: str
    address: str
    home: Path

    def page(self, path: str = "") -> str:
        return f"{self.url}/app/{path}"


@contextmanager
def serving(home: Path, environment: Mapping[str, str] = {}) -> Iterator[Site]:
    with ServerProcess(home, environment=environment) as server:
        yield Site(server.http_url, server.address, home)


def stock(client: Client) -> None:
    """Index the samples with their products, and wait until they are found."""
    with (SAMPLES / "samples.csv").open(newline="") as file:
        jobs = [client.index(SAMPLES / row["file"], product=_product(row)) for row in csv.DictReader(file)]
    for job in jobs:
        client.wait_for_indexing_job(job.id)


def _product(row: dict[str, str]) -> Product:
    return Product(
        display_name=row["product_name"],
        category=row["category"],
        brand="Atelier" if float(row["price"]) >= 60 else "Everyday",
        price=Money(row["price"], "EUR"),
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options: dict[str, Any] = {"executable_path": CHROMIUM, "args": [*SWITCHES]}
        browser = playwright.chromium.launch(**options)
        try:
            yield browser
        finally:
            browser.close()
