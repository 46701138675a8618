"""Mixed load for half an hour, with TLS and keys, while models are switched and processes drained or killed.

Callers analyze, search, index, change and delete over gRPC and HTTP and check every answer. The report has
the calls by status, the answers that were wrong, what failed while the server was not away on purpose, and
the memory of the server.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from PIL import Image
from tqdm import tqdm

from armoire import Product
from armoire.bench.tally import percentile
from bench.process_tree import ProcessTree
from bench.secured_server import secured_server
from demo.server import ROOT, ServerFailed
from tests.servers.soak import callers
from tests.servers.soak.callers import Picture, Scene
from tests.servers.soak.clock import Clock
from tests.servers.soak.events import SWITCHED, run_timeline, second_version
from tests.servers.soak.ledger import Ledger
from tests.servers.soak.site import Site

SAMPLES = sorted((ROOT / "samples").glob("*.jpg"))
STAYING = SAMPLES[:12]
Caller: TypeAlias = Callable[[Scene, int], None]
CALLERS: Sequence[Caller] = (
    callers.analyzes,
    callers.analyzes_over_http,
    callers.searches,
    callers.searches_over_http,
    callers.keeps_products,
    callers.keeps_products,
)
POINTS = 30
"""Of the memory curve."""


def main() -> int:
    arguments = parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="armoire-soak-") as scratch:
        folder = Path(scratch)
        for name in SWITCHED:
            second_version(ROOT / "artifacts" / name, folder / "models")
        secured = secured_server(folder, {"ARMOIRE_MODELS__FOLDER": str(folder / "models")})
        with secured.process as server:
            good = soak(Site.of(secured), arguments.minutes * 60)
        if arguments.log is not None:
            arguments.log.write_bytes(server.log_path.read_bytes())
        tracebacks = server.log_path.read_text(errors="replace").count("Traceback")
    print(f"\nTracebacks in the server's log: {tracebacks}.")
    return 0 if good and not tracebacks else 1


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    made.add_argument("--minutes", type=float, default=30.0, help="how long (%(default)s)")
    made.add_argument("--log", type=Path, help="where to copy the server's log")
    return made


def soak(site: Site, seconds: float) -> bool:
    """Run the load and print the report; returns whether nothing was wrong or failed without a cause."""
    pictures = [indexed(site, path) for path in STAYING]
    scene = Scene(site, Ledger(Clock()), pictures, variant)
    threads = [
        threading.Thread(target=guarded, args=(call, scene, number)) for number, call in enumerate(CALLERS)
    ]
    memory: list[tuple[float, float]] = []
    threads.append(threading.Thread(target=watch_memory, args=(scene, seconds, memory)))
    for thread in threads:
        thread.start()
    try:
        events = run_timeline(scene, seconds, tqdm.write)
    finally:
        scene.stop.set()
        for thread in threads:
            thread.join()
    check_what_is_left(scene)
    report(scene.ledger, events, memory, seconds)
    return not (scene.ledger.wrong or scene.ledger.unexpected())


def guarded(call: Caller, scene: Scene, number: int) -> None:
    """Call until the end. An answer that `call` cannot read is wrong, too."""
    try:
        call(scene, number)
    except Exception as error:
        scene.ledger.accuse(f"{call.__name__} ended: {error!r}")
        raise


def indexed(site: Site, path: Path) -> Picture:
    """A sample in the catalogue, and what Analyze says of it."""
    content = path.read_bytes()
    with site.client() as client:
        job = client.index(path, product=Product(path.stem, external_id=path.stem))
        done = client.wait_for_indexing_job(job.id)
        analysis = client.analyze(content, include_embeddings=True)
    return Picture(path.name, content, done.image_id, analysis)


def variant(number: int) -> tuple[str, bytes]:
    """A sample in a size of its own, so that every photo differs."""
    path = SAMPLES[number % len(SAMPLES)]
    with Image.open(path) as photo:
        resized = photo.resize((photo.width - number % 97, photo.height - number // 97 % 89))
        buffer = io.BytesIO()
        resized.save(buffer, "JPEG", quality=80 + number % 15)
    return f"{path.stem} {number}", buffer.getvalue()


def watch_memory(scene: Scene, seconds: float, points: list[tuple[float, float]]) -> None:
    """Measure the server's memory now and then; the bar shows the time that has passed."""
    with tqdm(total=int(seconds), unit="s", disable=not sys.stderr.isatty()) as bar:
        while not scene.stop.wait(seconds / POINTS):
            bar.update(int(scene.ledger.clock.now_s()) - bar.n)
            process = scene.site.server.process
            if process is not None and process.poll() is None:
                points.append((scene.ledger.clock.now_s() / 60, ProcessTree(process.pid).pss_mb()))


def check_what_is_left(scene: Scene) -> None:
    """Whether the catalogue holds what was acknowledged, no more and no less, and finds it."""
    with scene.site.client() as client:
        held = {image.id for image in client.iter_images(page_size=500)}
        stores = client.audit(all_tenants=True)
    staying = {picture.image_id for picture in scene.pictures}
    expected = staying | {image for image, count in scene.living.items() if count >= 0}
    unknown = {image for image, count in scene.living.items() if count < 0}
    if lost := expected - held:
        scene.ledger.accuse(f"{len(lost)} images were acknowledged and are lost")
    if stores.differences:
        scene.ledger.accuse(f"the stores differ: {stores}")
    if scene.deleted & held:
        scene.ledger.accuse("images are there that were deleted")
    unfinished = len(held - expected - unknown)
    print(f"Left: {len(held)} images ({unfinished} of them interrupted at the end), {stores.items} items.")
    print(f"Deleted: {len(scene.deleted)} images. An audit of the stores: {stores}.")


def report(
    ledger: Ledger,
    events: Sequence[tuple[float, float, str]],
    memory: Sequence[tuple[float, float]],
    seconds: float,
) -> None:
    """Print what happened as Markdown."""
    print(f"\n{seconds / 60:g} minutes.\n\n| call | answers by status | p50 ms | p99 ms |\n|---|---|---|---|")
    for call, statuses in sorted(ledger.calls.items()):
        told = ", ".join(f"{status} {count:,}" for status, count in statuses.most_common())
        print(f"| {call} | {told} | {_ms(ledger, call, 50)} | {_ms(ledger, call, 99)} |")
    print("\n| minute | event | seconds |\n|---|---|---|")
    for began_s, took_s, name in events:
        print(f"| {began_s / 60:.1f} | {name} | {took_s:.1f} |")
    print(f"\nWrong answers: {len(ledger.wrong)}.")
    _print_some(ledger.wrong)
    unexpected = ledger.unexpected()
    print(f"Failed while the server was not away on purpose: {len(unexpected)}.")
    _print_some([f"{one.moment_s:.0f} s {one.call} {one.status}: {one.text}" for one in unexpected])
    print("\n```mermaid\nxychart-beta")
    print(f'    title "Memory of the server (PSS) during {seconds / 60:g} minutes"')
    print(f"    x-axis minutes 0 --> {seconds / 60:g}")
    print('    y-axis "MB" 0 --> ' + f"{max(megabytes for _, megabytes in memory) * 1.2:.0f}")
    print(f"    line [{', '.join(f'{megabytes:.0f}' for _, megabytes in memory)}]\n```")


def _ms(ledger: Ledger, call: str, rank: int) -> str:
    found = ledger.latencies_ms[call]
    return f"{percentile(found, rank):.0f}" if found else ""


def _print_some(lines: Sequence[str]) -> None:
    for line in lines[:20]:
        print(f"- {line}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ServerFailed as error:
        sys.exit(f"soak: {error}")
