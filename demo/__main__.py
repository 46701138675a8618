"""`python -m demo`: indexes photos, searches them, shows the result and checks it.

The exit status is 1 unless every job is COMPLETE, each garment of the drawn person is found, the queried
photo's own item is the first hit, the first five hits of the text query include the category, every filtered
hit satisfies the filter, and 97 % of the garments find their photo after it was encoded again at JPEG quality
60. ARMOIRE_API_KEY is the key for the server of --address.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from armoire import AsyncClient, Hit, drawing
from armoire.channel import tls_credentials
from demo.page_picture import take_picture
from demo.photos import DemoPhoto, find_photos, read_samples
from demo.server import ROOT, ServerFailed, ServerProcess
from demo.tour import Person, Step, Tour, take_tour

DOCUMENTED_PAGE = ROOT / "docs/images/web/words-desktop-light.jpg"
"""Shown where no browser is installed that could take a picture."""
CONSOLE = Console(highlight=False, width=None if sys.stdout.isatty() else 120)


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(argv)
    photos = find_photos(arguments.photos) if arguments.photos else read_samples(ROOT / "samples")
    photos = photos[: arguments.limit]
    if not photos:
        CONSOLE.print(f"no JPEG, PNG or WebP photos below {arguments.photos}", style="red")
        return 2
    if arguments.address:
        return visit(arguments.address, arguments.ca_file, photos)
    home = Path(os.environ.get("ARMOIRE_HOME", ".armoire")).resolve() / "demo"
    shutil.rmtree(home, ignore_errors=True)
    server = ServerProcess(home)
    try:
        CONSOLE.print("Starting the server ...")
        CONSOLE.print(f"Ready after {server.start():.1f} s: gRPC {server.address}, HTTP {server.http_url}")
        tour, seconds = tour_with_progress(lambda: AsyncClient(server.address), photos)
        pictured = take_picture(f"{server.http_url}/app/search?q=red+dress", home / "page.png")
    except ServerFailed as error:
        CONSOLE.print(str(error), style="red", markup=False)
        return 1
    finally:
        server.stop()
    sheet = home / "contact-sheet.png"
    show(tour, seconds)
    save_sheet(tour, sheet)
    say_where(server, home, sheet)
    say_page(home, home / "page.png" if pictured else DOCUMENTED_PAGE)
    return conclude(tour)


def visit(address: str, ca_file: Path | None, photos: Sequence[DemoPhoto]) -> int:
    """Take the tour of a server that runs; the exit status."""
    credentials = None if ca_file is None else tls_credentials(ca_file.read_bytes())
    key = os.environ.get("ARMOIRE_API_KEY")
    tour, seconds = tour_with_progress(
        lambda: AsyncClient(address, credentials=credentials, token=key), photos
    )
    show(tour, seconds)
    return conclude(tour)


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m demo", description="Index photos, search them, show the result, check it."
    )
    parser.add_argument("--photos", type=Path, help="folder of photos (default: the samples)")
    parser.add_argument("--limit", type=int, help="use at most this many photos")
    parser.add_argument("--address", help="of a server that runs and is empty (default: start one)")
    parser.add_argument("--ca-file", type=Path, help="PEM of the CA of its certificate, which means TLS")
    arguments = parser.parse_args(argv)
    if arguments.limit is not None and arguments.limit < 1:
        parser.error("--limit must be at least 1")
    if arguments.photos and not arguments.photos.is_dir():
        parser.error(f"--photos {arguments.photos} is not a folder")
    return arguments


def tour_with_progress(connect: Callable[[], AsyncClient], photos: Sequence[DemoPhoto]) -> tuple[Tour, float]:
    """Run the tour with a progress bar; returns it and the seconds that it took."""
    columns = (
        TextColumn("{task.description:8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=CONSOLE) as progress:
        bars = {name: progress.add_task(name, total=len(photos)) for name in ("index", "look up")}

        async def run() -> Tour:
            async with connect() as client:
                return await take_tour(client, photos, lambda name: progress.advance(bars[name]))

        started = time.monotonic()
        return asyncio.run(run()), time.monotonic() - started


def show(tour: Tour, seconds: float) -> None:
    whole = tour.whole_image_photos
    CONSOLE.print(
        f"{tour.photos} photos, {len(tour.items)} items, {whole} photos as a whole "
        f"({whole / max(1, tour.photos):.0%}); {tour.self_found} of {tour.looked_up} garments found their "
        f"photo again after JPEG quality 60; {seconds:.1f} s in all."
    )
    if tour.person is not None:
        say_person(tour.person)
    for step in tour.steps:
        CONSOLE.print(hit_table(step))


def say_person(person: Person) -> None:
    """Print what a person wears, and how much of it was found."""
    worn = [name for name, _ in person.photo.garments]
    count = len(worn) - len(person.missed)
    CONSOLE.print(
        f"{person.photo.path.name} shows a person with {', '.join(worn)}: {count} of {len(worn)} found."
    )


def hit_table(step: Step) -> Table:
    table = Table(title=step.title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for column in ("query", "rank score", "label", "colours", "product", "price", "photo"):
        numeric = column in ("rank score", "price")
        table.add_column(column, justify="right" if numeric else "left", no_wrap=True)
    for query in step.found.queries:
        for rank, hit in enumerate(query.hits):
            table.add_row(query.label if rank == 0 else "", *hit_cells(hit))
    return table


def hit_cells(hit: Hit) -> tuple[str, ...]:
    colors = ", ".join(f"{share.name} {share.fraction:.0%}" for share in hit.item.colors[:2])
    name, price = (hit.product.display_name, str(hit.product.price or "")) if hit.product else ("", "")
    return f"{hit.rank_score:.3f}", hit.item.label, colors, name, price, hit.item.image_name


def save_sheet(tour: Tour, path: Path) -> None:
    """Write the contact sheet: the person with the boxes found, and one row for each query with its hits."""
    sheets = [drawing.lay_sheet(step.found, step.picture, step.title) for step in tour.steps]
    if tour.person is not None:
        sheets.insert(0, drawing.draw_analysis(tour.person.photo.path.read_bytes(), tour.person.analysis))
    size = (max(sheet.width for sheet in sheets), sum(sheet.height for sheet in sheets)) if sheets else (1, 1)
    page = Image.new("RGB", size, "white")
    top = 0
    for sheet in sheets:
        page.paste(sheet, (0, top))
        top += sheet.height
    page.save(path)


def say_where(server: ServerProcess, home: Path, sheet: Path) -> None:
    folder = Path(os.path.relpath(home))
    for line in (
        f"Contact sheet: {os.path.relpath(sheet)}",
        f"Server log:    {os.path.relpath(server.log_path)}",
        f"Catalogue:     {folder} (database, pictures, vectors)",
        f"To go on with it, start the server with  ARMOIRE_HOME={folder} make serve  and then:",
        '  .venv/bin/armoire search --text "red dress" --sheet hits.png',
    ):
        CONSOLE.print(line, markup=False, soft_wrap=True)


def say_page(home: Path, picture: Path) -> None:
    """Print where the web page is, once the server runs, and a picture of it."""
    for line in (
        f"What its web page looks like: {os.path.relpath(picture)}",
        f"The page itself: ARMOIRE_HOME={os.path.relpath(home)} make serve, then http://127.0.0.1:3000/app/",
    ):
        CONSOLE.print(line, markup=False, soft_wrap=True)


def conclude(tour: Tour) -> int:
    for complaint in tour.complaints:
        CONSOLE.print(f"FAILED: {complaint}", style="red", markup=False)
    if not tour.complaints:
        CONSOLE.print("All checks hold.", style="green")
    return 1 if tour.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
