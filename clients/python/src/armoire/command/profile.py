"""`armoire admin profile`: what a process of the server is doing."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.files import check_target
from armoire.command.options import Commands, add_command, count, seconds

EXAMPLE = "  armoire admin profile --seconds 10 -o profile.speedscope.json"


def add_to(admin: Commands) -> None:
    summary = "Sample the stacks of the process that answers, and save them for https://www.speedscope.app."
    parser = add_command(admin, "profile", profile, summary, EXAMPLE, group="admin")
    parser.add_argument("--seconds", type=seconds, default=10.0, help="up to 60 (default: %(default)g)")
    parser.add_argument(
        "--rate", type=count, default=100, metavar="N", help="samples a second (default: 100)"
    )
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the file to write")


async def profile(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    target = Path(arguments.output)
    check_target(target)
    taken = await client.profile(arguments.seconds, rate=arguments.rate)
    await asyncio.to_thread(target.write_text, taken.speedscope_json, encoding="utf-8")
    document = {
        "file": str(target),
        "process_id": taken.process_id,
        "cpu_s": taken.cpu_s,
        "sampling_cpu_s": taken.sampling_cpu_s,
    }
    share = taken.sampling_cpu_s / taken.cpu_s if taken.cpu_s else 0.0
    used = f"process {taken.process_id} used {taken.cpu_s:.2f} s of CPU, {share:.1%} of it for sampling"
    console.show(document, f"saved {target}: {used}")
