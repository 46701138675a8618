"""`python -m services.bulk`: embeds or back-fills very many photos, here or on a Ray cluster."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from domain.errors import ArmoireError
from services.bulk.command import parse_arguments
from services.bulk.runs import Cluster, run_here
from services.bulk.shard import BulkWork, Shard, ShardResult


def main(argv: Sequence[str] | None = None) -> int:
    """0 where all was done, 1 for an error or photos that failed, 130 where it was interrupted."""
    arguments = parse_arguments(argv)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        results, took_s = _run(arguments, console)
    except ArmoireError as error:
        console.print(error.message, style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("stopped; the same command goes on", style="red")
        return 130
    return _tell(results, took_s)


def _run(arguments: argparse.Namespace, console: Console) -> tuple[list[ShardResult], float]:
    """The results of all shards, and the seconds that they took."""
    work: BulkWork = arguments.work(arguments)
    shards = asyncio.run(work.shards(arguments.shard))
    begun_s = time.monotonic()
    return list(_shown(_results(arguments, work, shards), len(shards), console)), time.monotonic() - begun_s


def _results(arguments: argparse.Namespace, work: BulkWork, shards: Sequence[Shard]) -> Iterator[ShardResult]:
    if not shards:
        return iter(())
    if not arguments.ray:
        return run_here(work, shards)
    return Cluster(arguments.ray, arguments.actors, arguments.gpus).run(work, shards)


def _shown(results: Iterator[ShardResult], total: int, console: Console) -> Iterator[ShardResult]:
    columns = (TextColumn("shards"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total)
        for result in results:
            progress.advance(task)
            yield result


def _tell(results: Sequence[ShardResult], took_s: float) -> int:
    done, failed, left = (sum(getattr(each, name) for each in results) for name in ("done", "failed", "left"))
    rate = f", {(done + failed) / took_s:.1f} photos/s" if results else ""
    sys.stdout.write(f"{done} photos done, {failed} failed, {left} changed meanwhile{rate}\n")
    for node in sorted({each.node for each in results}):
        own = [each for each in results if each.node == node]
        sys.stdout.write(f"  {node}: {sum(each.done + each.failed for each in own)} photos\n")
    return 1 if failed or left else 0


if __name__ == "__main__":
    sys.exit(main())
