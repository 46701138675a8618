"""`python -m tests.browser.load grid|first`: how fast the page is, with the load of the machine beside it.

`grid` scrolls to the end of a grid of 10,000 items with their pictures; `first` loads a search on the drawn
samples with nothing in the cache of the browser.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from armoire import Client
from bench.model_pair import DEMO_EMBEDDER
from bench.stocked_catalog import TENANT, stock
from demo.server import ServerProcess
from models.artifact import Artifact
from services.catalog.blobs.store import crop_key
from services.inference.pipeline.options import PipelineOptions, cropped_version
from tests.browser.site import SAMPLES, Site, chromium, serving
from tests.browser.site import stock as stock_samples
from tests.polling import until

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VIEWPORT = {"width": 1280, "height": 900}
FRAMES = """async ([items, step]) => {
    const gaps = [];
    const begin = performance.now();
    let before = begin;
    for (let still = 0; still < 600; ) {
        const height = document.documentElement.scrollHeight;
        scrollBy(0, step);
        const now = await new Promise(requestAnimationFrame);
        gaps.push(now - before);
        before = now;
        const ended = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
        if (ended && document.querySelectorAll(".grid .card").length >= items) break;
        still = ended && height === document.documentElement.scrollHeight ? still + 1 : 0;
    }
    gaps.sort((one, other) => one - other);
    const at = (share) => gaps[Math.floor(share * (gaps.length - 1))];
    return {
        "cards": document.querySelectorAll(".grid .card").length,
        "seconds to the end": (performance.now() - begin) / 1000,
        "frames": gaps.length,
        "median of a frame, ms": at(0.5),
        "p95 of a frame, ms": at(0.95),
        "longest frame, ms": at(1),
        "heap, MB": performance.memory.usedJSHeapSize / 2 ** 20,
        "elements": document.getElementsByTagName("*").length,
    };
}"""
"""Scrolls by so many pixels a frame until all cards were there."""
SPENT = {
    "layout, ms of CPU": "LayoutDuration",
    "style, ms of CPU": "RecalcStyleDuration",
    "scripts, ms of CPU": "ScriptDuration",
    "all tasks, ms of CPU": "TaskDuration",
}
"""What the page's thread spent, which other load does not make longer."""
FIRST = """() => {
    const look = () => {
        const picture = document.querySelector(".hits .picture img:last-child");
        if (document.querySelector(".hits .card-name")) window.firstHit ??= performance.now();
        if (picture?.complete && picture.naturalWidth) window.firstPicture = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


def grid(items: int, step_px: int) -> None:
    artifact = Artifact.load(DEMO_EMBEDDER)
    version = cropped_version(artifact.version, PipelineOptions())
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        catalog = stock(home, version, artifact.manifest.embedding_width, items)
        picture = home / "crop.jpg"
        picture.write_bytes((SAMPLES / "court-polo.jpg").read_bytes())
        for item_id in catalog.ids:
            path = home / "blobs" / crop_key(TENANT, item_id)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            os.link(picture, path)
        with ServerProcess(home, start_timeout_s=600.0) as server:
            until(lambda: catalog.count_outbox() == 0 or None)
            with chromium() as browser:
                tell(scroll(browser, server.http_url, len(catalog.ids), step_px))


def scroll(browser: Browser, url: str, items: int, step_px: int) -> Mapping[str, float]:
    page = browser.new_page(viewport=VIEWPORT)
    page.add_init_script(f"({FIRST.replace('.hits', '.grid')})()")
    page.goto(f"{url}/app/catalogue?tab=items")
    page.wait_for_function("() => window.firstPicture", timeout=60_000)
    times = {"first cards, ms": "firstHit", "first picture, ms": "firstPicture"}
    found = {name: page.evaluate(f"window.{name_in_page}") for name, name_in_page in times.items()}
    page.set_default_timeout(600_000)
    spent = page.context.new_cdp_session(page)
    spent.send("Performance.enable", {"timeDomain": "threadTicks"})
    scrolled = page.evaluate(FRAMES, [items, step_px])
    metrics = {each["name"]: each["value"] for each in spent.send("Performance.getMetrics")["metrics"]}
    return {**found, **scrolled, **{name: 1000 * metrics[metric] for name, metric in SPENT.items()}}


def first(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as home, serving(Path(home)) as site:
        with Client(site.address) as client:
            stock_samples(client)
        with chromium() as browser:
            cold_load(browser, site)  # the server has answered once
            found = [cold_load(browser, site) for _ in range(rounds)]
    tell({name: statistics.median(each[name] for each in found) for name in found[0]})
    tell({f"{name}, worst": max(each[name] for each in found) for name in found[0]})


def cold_load(browser: Browser, site: Site) -> dict[str, float]:
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.add_init_script(f"({FIRST})()")
    page.goto(site.page("search?q=red+dress"))
    page.wait_for_function("() => window.firstPicture", timeout=60_000)
    found = page.evaluate("({ 'first hit, ms': window.firstHit, 'first picture, ms': window.firstPicture })")
    context.close()
    return dict(found)


def tell(figures: Mapping[str, Any]) -> None:
    for name, value in figures.items():
        sys.stdout.write(f"{name:28} {value:10.0f}\n")
    sys.stdout.write(f"{'load of the last minute':28} {os.getloadavg()[0]:10.1f}\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.load", description=__doc__)
    commands = parser.add_subparsers(required=True)
    big = commands.add_parser("grid", help="scroll through many items")
    big.add_argument("--items", type=int, default=10_000, help="(%(default)s)")
    big.add_argument("--step-px", type=int, default=600, help="how far each frame (%(default)s)")
    big.set_defaults(run=lambda arguments: grid(arguments.items, arguments.step_px))
    small = commands.add_parser("first", help="load a search with an empty cache")
    small.add_argument("--rounds", type=int, default=7, help="(%(default)s)")
    small.set_defaults(run=lambda arguments: first(arguments.rounds))
    arguments = parser.parse_args()
    run: Callable[[argparse.Namespace], None] = arguments.run
    run(arguments)


if __name__ == "__main__":
    main()
