"""The command `imports`: an import beside Analyze, and one that is killed with its server in the middle."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from armoire import ArmoireError, AsyncClient, Operation, OperationKind
from bench.model_pair import ROOT
from bench.options import Commands, add_command, inputs_note, pair_of, scratch
from bench.report import Table, log, publish
from bench.spread import Spread
from demo.server import ServerProcess

HEADERS = ("import", "photos", "failed", "known", "missing", "doubled", "photos/s", "of Analyze")
BROKEN = 3
"""Files that are no pictures, in each folder."""
_ANALYZED = 400
_PAUSE_S = 0.2


@dataclass(frozen=True, slots=True)
class Imported:
    """What has come of an import.

    Attributes:
        photos: photos of the folder.
        report: as the command has printed it.
        missing: photos of the folder that the catalogue lacks.
        doubled: photos that it has more than once.
        seconds: from the start of the operation to its end.
    """

    name: str
    photos: int
    report: dict[str, Any]
    missing: int
    doubled: int
    seconds: float

    @property
    def as_expected(self) -> bool:
        """Whether all photos are there once and the report says so."""
        report = self.report
        counted = (report["entries"], report["failed"], report["photos_indexed"])
        exact = counted == (self.photos + BROKEN + 1, BROKEN, self.photos) and report["photos_known"] == 1
        return exact and not self.missing and not self.doubled


def add_to(commands: Commands) -> None:
    summary = "An import beside Analyze, and one whose client and server are killed in the middle."
    parser = add_command(commands, "imports", run, summary)
    parser.add_argument("--count", type=int, default=4000, help="photos, half in each import (%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    paths = sorted(arguments.photos.rglob("*.jpg"))[: arguments.count]
    if len(paths) < 4:
        raise SystemExit(f"{arguments.photos} holds fewer than 4 *.jpg")
    with scratch() as home:
        folders = [_folder(home / name, paths[start::2]) for start, name in enumerate(("whole", "cut"))]
        with ServerProcess(home / "server", environment=pair_of(arguments).environment) as server:
            before = asyncio.run(_analyze(server.address, paths))
            whole = asyncio.run(_import_whole(server, folders[0]))
            after = asyncio.run(_analyze(server.address, paths))
            cut, done = asyncio.run(_import_cut(server, folders[1], whole.report["operation_id"]))
            problems = asyncio.run(_audit(server.address))
    rates = (before, after)
    publish(_table([whole, cut], rates, done, problems, inputs_note(arguments, len(paths))), arguments.json)
    return whole.as_expected and cut.as_expected and not problems


def _folder(folder: Path, paths: Sequence[Path]) -> Path:
    """The photos, each for a product of its own; one of them twice, and some files that are no pictures."""
    for number, path in enumerate(paths):
        product = folder / f"SKU-{folder.name}-{number}"
        product.mkdir(parents=True)
        shutil.copyfile(path, product / "front.jpg")
    shutil.copyfile(paths[0], folder / f"SKU-{folder.name}-0" / "again.jpg")
    for number in range(BROKEN):
        (folder / f"broken-{number}.jpg").write_bytes(b"no picture")
    return folder


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.jpg"))


async def _analyze(address: str, paths: Sequence[Path]) -> float:
    """Photos a second that Analyze answers in one stream."""
    photos = [path.read_bytes() for path in paths[:_ANALYZED]]
    async with AsyncClient(address) as client:
        started_s = time.monotonic()
        async for _, answer in client.analyze_many(photos):
            if isinstance(answer, ArmoireError):
                raise answer
        return len(photos) / (time.monotonic() - started_s)


def _command(address: str, folder: Path) -> subprocess.Popen[bytes]:
    """`armoire import folder`, under way."""
    package = str(ROOT / "clients/python/src")
    environment = {**os.environ, "ARMOIRE_ADDRESS": address, "PYTHONPATH": package}
    arguments = [sys.executable, "-m", "armoire", "import", "folder", str(folder), "--json"]
    return subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


async def _import_whole(server: ServerProcess, folder: Path) -> Imported:
    out, _ = await asyncio.to_thread(_command(server.address, folder).communicate)
    return await _imported(server.address, folder, out)


async def _import_cut(server: ServerProcess, folder: Path, known: str) -> tuple[Imported, int]:
    """Kill the command and then the server once half of the photos are done; the same command goes on.

    Returns what has come of it, and how many photos were done at the kill.
    """
    total = len(_files(folder))
    command = _command(server.address, folder)
    async with AsyncClient(server.address) as client:
        operation = await _newest(client, known)
        while 2 * operation.progress.done < total and not operation.state.final:
            await asyncio.sleep(_PAUSE_S)
            operation = await client.get_operation(operation.id)
    command.kill()
    command.communicate()
    await asyncio.to_thread(server.kill)
    log(f"command and server were killed at {operation.progress.done} of {total} entries")
    await asyncio.to_thread(server.start)
    out, _ = await asyncio.to_thread(_command(server.address, folder).communicate)
    return await _imported(server.address, folder, out), operation.progress.done


async def _newest(client: AsyncClient, known: str = "") -> Operation:
    """The import that was started last, once that is not `known`."""
    while True:
        page = await client.list_operations(kinds=[OperationKind.IMPORT], page_size=1)
        if page.items and page.items[0].id != known:
            return page.items[0]
        await asyncio.sleep(_PAUSE_S)


async def _imported(address: str, folder: Path, out: bytes) -> Imported:
    """What the command has printed, beside what the catalogue has."""
    report = json.loads(out.splitlines()[-1])
    wanted = {path.parent.name for path in _files(folder) if path.name == "front.jpg"}
    async with AsyncClient(address) as client:
        operation = await client.get_operation(report["operation_id"])
        products = {each.id: each.external_id async for each in client.iter_products(page_size=200)}
        images = [each async for each in client.iter_images(page_size=200)]
    found = Counter(products[image.product_id] for image in images)
    assert operation.end_time is not None
    assert operation.create_time is not None
    seconds = (operation.end_time - operation.create_time).total_seconds()
    doubled = sum(found[name] > 1 for name in wanted)
    missing = len(wanted - found.keys())
    return Imported(folder.name, len(wanted), report, missing, doubled, seconds)


async def _audit(address: str) -> int:
    """How many differences the stores have."""
    async with AsyncClient(address) as client:
        report = await client.audit()
    return report.lost + report.doubled + report.stale + report.orphaned


def _table(imports: Sequence[Imported], rates: Sequence[float], done: int, problems: int, note: str) -> Table:
    analyze = sum(rates) / len(rates)
    rows = [
        (
            each.name,
            str(each.photos),
            str(each.report["failed"]),
            str(each.report["photos_known"]),
            str(each.missing),
            str(each.doubled),
            f"{each.photos / each.seconds:.1f}",
            f"{each.photos / each.seconds / analyze:.2f}" if each.name == "whole" else "",
        )
        for each in imports
    ]
    notes = (
        note,
        f"Analyze in one stream: {Spread.of(rates).show()} photos/s, before and after. Each folder has one "
        f"photo twice, and {BROKEN} files that are no pictures.",
        f"The command and the server of the second import were killed (SIGKILL) after {done} entries, and "
        "the same command was run again; its time has the restart in it. Differences found by an audit: "
        f"{problems}.",
    )
    records = [asdict(each) for each in imports]
    return Table("imports", HEADERS, rows, notes, records)
