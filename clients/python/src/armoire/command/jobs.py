"""`armoire jobs`: how far indexed photos are."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

from armoire.async_client import AsyncClient
from armoire.command.console import Console, UsageError
from armoire.command.documents import job_count_document, job_document
from armoire.command.options import Commands, add_command, add_group, add_ids, add_limit
from armoire.command.records import RecordKind, show_each, show_newest
from armoire.values.indexing import IndexingJob, IndexingJobFilter, IndexingJobState

EXAMPLES = """\
  armoire jobs list
  armoire jobs list --state FAILED --reason ORIGINAL_MISSING --limit 100
  armoire jobs count --state FAILED
  armoire jobs get 01932f6e-5a0c-7c51-9d0e-0f2a53b1c001 --json
  armoire jobs watch 01932f6e-5a0c-7c51-9d0e-0f2a53b1c001
  armoire jobs watch --all --state FAILED
  armoire jobs retry --all --reason TRY_TIMED_OUT
  armoire jobs drop --all --reason NOT_AN_IMAGE

A job that has failed for good is a dead letter: it stays, with the reason, until it is retried or dropped."""
Command: TypeAlias = Callable[[AsyncClient, argparse.Namespace, Console], Awaitable[None]]
_WATCH_S = 7 * 86_400.0
"""How long a watch goes on."""
_ID = "01932f6e-5a0c-7c51-9d0e-0f2a53b1c001"


def add_to(commands: Commands) -> None:
    summary = "List, count, show, watch, cancel, retry or drop the jobs that index photos."
    group = add_group(commands, "jobs", summary, EXAMPLES)
    _add_list(group)
    _add_count(group)
    for name, run, what in (
        ("get", get_jobs, "Show the jobs named."),
        ("cancel", cancel_jobs, "End the jobs named, which are queued or under way; their photos stay."),
    ):
        example = f"  armoire jobs {name} {_ID}"
        add_ids(add_command(group, name, run, what, example, group="jobs"), "job")
    for name, run, what in (
        (
            "watch",
            watch_jobs,
            "Show jobs at each change: those named until they end, or with --all whichever.",
        ),
        ("retry", retry_jobs, "Queue jobs again that FAILED or were CANCELLED."),
        ("drop", drop_jobs, "Remove jobs that FAILED or were CANCELLED, with photos that have no items."),
    ):
        _add_many(group, name, run, what)


def _add_many(group: Commands, name: str, run: Command, what: str) -> None:
    examples = (
        f"  armoire jobs {name} {_ID}\n  armoire jobs {name} --all --state FAILED --reason TRY_TIMED_OUT"
    )
    parser = add_command(group, name, run, what, examples, group="jobs")
    parser.add_argument("ids", nargs="*", metavar="ID", help="of a job; several are allowed")
    parser.add_argument("--all", action="store_true", help="all jobs that the options below let through")
    _add_filter(parser)


def _add_filter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--state",
        action="append",
        default=[],
        choices=[state.value for state in IndexingJobState if state is not IndexingJobState.UNKNOWN],
        help="only jobs in this state; may be given again",
    )
    parser.add_argument(
        "--reason",
        action="append",
        default=[],
        metavar="REASON",
        help="only jobs with an error of this reason, as `armoire jobs count` shows them; may be given again",
    )
    parser.add_argument("--product", default="", metavar="ID", help="only jobs of this product's photos")


def _filter(arguments: argparse.Namespace) -> IndexingJobFilter:
    """Raises UsageError where neither ids nor --all say which jobs, or both do."""
    filtered = bool(arguments.state or arguments.reason or arguments.product)
    if bool(arguments.ids) == arguments.all or (arguments.ids and filtered):
        raise UsageError("give the ids of jobs, or --all with or without --state, --reason and --product")
    return IndexingJobFilter(arguments.ids, *_parts(arguments))


def _parts(
    arguments: argparse.Namespace,
) -> tuple[list[IndexingJobState], list[str], str]:
    states = [IndexingJobState(state) for state in arguments.state]
    return states, arguments.reason, arguments.product


def _add_count(group: Commands) -> None:
    examples = "  armoire jobs count --state FAILED"
    summary = "Count jobs by state and reason."
    _add_filter(add_command(group, "count", count_jobs, summary, examples, group="jobs"))


def _add_list(group: Commands) -> None:
    examples = "  armoire jobs list --state FAILED --state CANCELLED --json"
    summary = "List jobs, the newest first."
    parser = add_command(group, "list", list_jobs, summary, examples, group="jobs")
    _add_filter(parser)
    add_limit(parser)


async def list_jobs(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    states, reasons, product_id = _parts(arguments)
    await show_newest(
        JOBS,
        lambda page_size: client.iter_indexing_jobs(
            states=states, reasons=reasons, product_id=product_id, page_size=page_size
        ),
        arguments.limit,
        console,
    )


async def count_jobs(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    COUNTS.show(
        await client.count_indexing_jobs(IndexingJobFilter((), *_parts(arguments))),
        console,
    )


async def get_jobs(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_each(JOBS, client.get_indexing_job, arguments.ids, console)


async def watch_jobs(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    async for job in client.watch_indexing_jobs(_filter(arguments), timeout_s=_WATCH_S):
        JOBS.show_change(job, console)


async def cancel_jobs(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_each(JOBS, client.cancel_indexing_job, arguments.ids, console)


async def retry_jobs(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    which = _filter(arguments)
    if arguments.ids:
        await show_each(JOBS, client.retry_indexing_job, arguments.ids, console)
        return
    retried = await client.retry_indexing_jobs(which)
    console.show({"retried": retried}, f"{retried} jobs are queued again")


async def drop_jobs(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    which = _filter(arguments)
    if arguments.ids:  # whichever of the two states they have
        which = replace(which, states=[IndexingJobState.FAILED, IndexingJobState.CANCELLED])
    dropped = await client.delete_indexing_jobs(which)
    console.show({"dropped": dropped}, f"{dropped} jobs are removed")


def _row(job: IndexingJob) -> tuple[object, ...]:
    labels = ", ".join(item.label for item in job.items)
    return job.id, job.state, job.image_name, labels, job.error.message if job.error else ""


COUNTS = RecordKind(
    "reason",
    job_count_document,
    ("state", "reason", "jobs"),
    lambda counted: (counted.state, counted.reason, counted.count),
)
JOBS = RecordKind("job_id", job_document, ("job", "state", "image", "items", "error"), _row)
