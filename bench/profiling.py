"""The command `profile`: where the CPU of a call goes, sampled by py-spy while the server is under load."""

from __future__ import annotations

import argparse
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from bench.options import Commands, add_command, add_rpc, inputs_note, pair_of, read_photos, scratch
from bench.report import Table, publish
from bench.stack_samples import split_cpu
from bench.targets import BASELINE_PYTHON, Armoire, Running

PY_SPY = BASELINE_PYTHON.with_name("py-spy")
RATE_PER_S = 200
MARGIN_S = 1.5
"""Seconds by which the load outlasts the recording, since py-spy needs a moment to attach."""
HEADERS = ("part", "share", "CPU ms a call")


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "profile", run, "Where the CPU of a call goes: a table and a flame graph.")
    add_rpc(parser, default="embed")
    parser.add_argument("--clients", type=int, default=8, help="(%(default)s)")
    parser.add_argument(
        "--seconds", type=float, default=10.0, help="of each of the two recordings (%(default)s)"
    )
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write a flame graph to FILE")


def run(arguments: argparse.Namespace) -> bool:
    photos, rpc = read_photos(arguments), arguments.rpc
    with (
        scratch() as home,
        Armoire(pair_of(arguments)).running(home, [rpc], photos[0]) as running,
    ):
        stacks = home / "stacks.txt"
        cpu_s, calls = record(running, photos, arguments, "raw", stacks)
        parts = split_cpu(stacks.read_text(encoding="utf-8"), cpu_s)
        if arguments.svg:
            record(running, photos, arguments, "flamegraph", arguments.svg.resolve())
            rename(arguments.svg, f"{rpc}, {arguments.clients} clients")
    publish(table(parts, calls, arguments, inputs_note(arguments, len(photos))), arguments.json)
    return True


def record(
    running: Running, photos: Sequence[bytes], arguments: argparse.Namespace, form: str, path: Path
) -> tuple[Mapping[int, float], float]:
    """Sample the server under load; returns CPU seconds by thread id of the worker, and the calls served."""
    worker = busiest(running, arguments.rpc, photos)
    seconds = arguments.seconds + MARGIN_S
    command = [str(PY_SPY), "record", "--pid", str(worker.pid), "--format", form, "--output", str(path)]
    command += ["--rate", str(RATE_PER_S), "--duration", str(int(arguments.seconds)), "--threads"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as spy:
        before = thread_cpu_s(worker)
        tally = running.endpoint.measure(arguments.rpc, photos, arguments.clients, seconds)
        after = thread_cpu_s(worker)
        spy.wait()
    used_s = {thread: used - before.get(thread, 0.0) for thread, used in after.items()}
    return used_s, tally.replies


def rename(picture: Path, title: str) -> None:
    """Replace the title of a flame graph: py-spy writes its own command line there, with absolute paths."""
    text = picture.read_text(encoding="utf-8")
    picture.write_text(re.sub(r">[^<]*py-spy record[^<]*<", f">{title}<", text), encoding="utf-8")


def thread_cpu_s(process: psutil.Process) -> dict[int, float]:
    return {thread.id: thread.user_time + thread.system_time for thread in process.threads()}


def busiest(running: Running, rpc: str, photos: Sequence[bytes]) -> psutil.Process:
    """The process that uses most CPU while one client calls."""
    family = psutil.Process(running.tree.pid).children(recursive=True)
    before = {process.pid: sum(process.cpu_times()[:2]) for process in family}
    running.endpoint.measure(rpc, photos, 1, 1.0)
    return max(family, key=lambda process: sum(process.cpu_times()[:2]) - before[process.pid])


def table(parts: Mapping[str, float], calls: float, arguments: argparse.Namespace, note: str) -> Table:
    total = sum(parts.values())
    rows = [
        [name, f"{seconds / total:.1%}", f"{seconds * 1e3 / calls:.2f}"]
        for name, seconds in sorted(parts.items(), key=lambda pair: -pair[1])
    ]
    rows.append(["all", "", f"{total * 1e3 / calls:.2f}"])
    what = f"{arguments.rpc}, {arguments.clients} clients; the times include the slow-down by the sampler."
    return Table("profile", HEADERS, rows, (note, what), [dict(parts)])
