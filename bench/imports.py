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
from bench.process_tree import ProcessTree
from bench.report import Table, log, publish
from bench.spread import Spread
from demo.server import ServerProcess

HEADERS = (
    "import",
    "photos",
    "failed",
    "known",
    "missing",
    "doubled",
    "garments a photo",
    "photos/s",
    "of Analyze",
    "server CPU ms a photo",
)
BROKEN = 3
"""Files that are no pictures, in each folder."""
_PAUSE_S = 0.2
_WARM_UP = 16
"""Photos that are analyzed before anything is timed."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Photos that the server has worked on, one after the other.

    Attributes:
        garments: found in them and not rejected.
        cpu_s: of the server and its children.
    """

    photos: int
    garments: int
    seconds: float
    cpu_s: float

    @property
    def rate(self) -> float:
        return self.photos / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Of one photo."""
        return self.cpu_s * 1e3 / self.photos

    @property
    def garments_a_photo(self) -> float:
        return self.garments / self.photos


@dataclass(frozen=True, slots=True)
class Imported:
    """What has come of an import.

    Attributes:
        work: the photos of the folder, from the start of the operation to its end; of an import whose server
            was killed, CPU time since.
        report: as the command has printed it.
        missing: photos of the folder that the catalogue lacks.
        doubled: photos that it has more than once.
    """

    name: str
    work: Pass
    report: dict[str, Any]
    missing: int
    doubled: int

    @property
    def as_expected(self) -> bool:
        """Whether all photos are there once and the report says so."""
        report = self.report
        counted = (report["entries"], report["failed"], report["photos_indexed"])
        photos = self.work.photos
        exact = counted == (photos + BROKEN + 1, BROKEN, photos) and report["photos_known"] == 1
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
            asyncio.run(_analyze(server, folders[1], _WARM_UP))
            before = asyncio.run(_analyze(server, folders[0]))
            whole = asyncio.run(_import_whole(server, folders[0]))
            after = asyncio.run(_analyze(server, folders[0]))
            cut, done = asyncio.run(_import_cut(server, folders[1], whole.report["operation_id"]))
            problems = asyncio.run(_audit(server.address))
    passes = (before, after)
    publish(_table([whole, cut], passes, done, problems, inputs_note(arguments, len(paths))), arguments.json)
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


def _cpu_s(server: ServerProcess) -> float:
    """Seconds of CPU that the running server has used."""
    assert server.process is not None
    return ProcessTree(server.process.pid).cpu_s()


async def _analyze(server: ServerProcess, folder: Path, at_most: int | None = None) -> Pass:
    """Analyze the very photos that the folder's import takes, in one stream; the server keeps no answers."""
    paths = [path for path in _files(folder) if path.name == "front.jpg"][:at_most]
    garments, used_s, started_s = 0, _cpu_s(server), time.monotonic()
    async with AsyncClient(server.address) as client:
        async for _, answer in client.analyze_many(paths):
            if isinstance(answer, ArmoireError):
                raise answer
            garments += sum(item.accepted for item in answer.items)
    seconds = time.monotonic() - started_s
    return Pass(len(paths), garments, seconds, _cpu_s(server) - used_s)


def _command(address: str, folder: Path) -> subprocess.Popen[bytes]:
    """`armoire import folder`, under way."""
    package = str(ROOT / "clients/python/src")
    environment = {**os.environ, "ARMOIRE_ADDRESS": address, "PYTHONPATH": package}
    arguments = [sys.executable, "-m", "armoire", "import", "folder", str(folder), "--json"]
    return subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


async def _import_whole(server: ServerProcess, folder: Path) -> Imported:
    used_s = _cpu_s(server)
    out, _ = await asyncio.to_thread(_command(server.address, folder).communicate)
    return await _imported(server.address, folder, out, _cpu_s(server) - used_s)


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
    return await _imported(server.address, folder, out, _cpu_s(server)), operation.progress.done


async def _newest(client: AsyncClient, known: str = "") -> Operation:
    """The import that was started last, once that is not `known`."""
    while True:
        page = await client.list_operations(kinds=[OperationKind.IMPORT], page_size=1)
        if page.items and page.items[0].id != known:
            return page.items[0]
        await asyncio.sleep(_PAUSE_S)


async def _imported(address: str, folder: Path, out: bytes, cpu_s: float) -> Imported:
    """What the command has printed, beside what the catalogue has."""
    report = json.loads(out.splitlines()[-1])
    wanted = {path.parent.name for path in _files(folder) if path.name == "front.jpg"}
    async with AsyncClient(address) as client:
        operation = await client.get_operation(report["operation_id"])
        products = {each.id: each.external_id async for each in client.iter_products(page_size=200)}
        images = [each async for each in client.iter_images(page_size=200)]
        owners = [each.product_id async for each in client.iter_items(page_size=200)]
    found = Counter(products[image.product_id] for image in images)
    assert operation.end_time is not None
    assert operation.create_time is not None
    seconds = (operation.end_time - operation.create_time).total_seconds()
    garments = sum(products[owner] in wanted for owner in owners)
    doubled = sum(found[name] > 1 for name in wanted)
    missing = len(wanted - found.keys())
    work = Pass(len(wanted), garments, seconds, cpu_s)
    return Imported(folder.name, work, report, missing, doubled)


async def _audit(address: str) -> int:
    """How many differences the stores have."""
    async with AsyncClient(address) as client:
        report = await client.audit()
    return report.lost + report.doubled + report.stale + report.orphaned


def _table(imports: Sequence[Imported], passes: Sequence[Pass], done: int, problems: int, note: str) -> Table:
    notes = (
        note,
        "Analyze has the photos of the whole import, in one stream, before and after it. Each folder has one "
        f"photo twice, and {BROKEN} files that are no pictures.",
        f"The command and the server of the second import were killed (SIGKILL) after {done} entries, and "
        "the same command was run again; its time has the restart in it. Differences found by an audit: "
        f"{problems}.",
    )
    rows = [*(_import_row(each, passes) for each in imports), _analyze_row(passes)]
    records = [*map(asdict, imports), *map(asdict, passes)]
    return Table("imports", HEADERS, rows, notes, records)


def _import_row(imported: Imported, passes: Sequence[Pass]) -> Sequence[str]:
    work, report = imported.work, imported.report
    analyze = sum(each.rate for each in passes) / len(passes)
    counted = (work.photos, report["failed"], report["photos_known"], imported.missing, imported.doubled)
    killed = imported.name != "whole"
    return (
        imported.name,
        *map(str, counted),
        f"{work.garments_a_photo:.2f}",
        f"{work.rate:.1f}",
        "" if killed else f"{work.rate / analyze:.2f}",
        "" if killed else f"{work.cpu_ms:.1f}",
    )


def _analyze_row(passes: Sequence[Pass]) -> Sequence[str]:
    rates, cpu_ms = Spread.of(each.rate for each in passes), Spread.of(each.cpu_ms for each in passes)
    garments = f"{passes[0].garments_a_photo:.2f}"
    return ("Analyze", str(passes[0].photos), *[""] * 4, garments, rates.show(1), "", cpu_ms.show(1))
