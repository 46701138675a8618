"""`armoire jobs`: how far indexed photos are."""

from __future__ import annotations

import argparse

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.documents import job_document
from armoire.command.options import Commands, add_command, add_group, add_ids, add_limit
from armoire.command.records import RecordKind, show_each, show_newest, watch_each
from armoire.values.indexing import IndexingJob, IndexingJobState

EXAMPLES = """\
  armoire jobs list
  armoire jobs list --state FAILED --limit 100
  armoire jobs get 01932f6e-5a0c-7c51-9d0e-0f2a53b1c001 --json
  armoire jobs watch 01932f6e-5a0c-7c51-9d0e-0f2a53b1c001
  armoire jobs retry 01932f6e-5a0c-7c51-9d0e-0f2a53b1c001"""
_ID = "01932f6e-5a0c-7c51-9d0e-0f2a53b1c001"


def add_to(commands: Commands) -> None:
    summary = "List, show, watch, cancel or retry the jobs that index photos."
    group = add_group(commands, "jobs", summary, EXAMPLES)
    _add_list(group)
    for name, run, what in (
        ("get", get_jobs, "Show the jobs named."),
        ("watch", watch_jobs, "Show the jobs named at each change, until they end."),
        ("cancel", cancel_jobs, "End the jobs named, which are queued or under way; their photos stay."),
        ("retry", retry_jobs, "Queue the jobs named again, which FAILED or were CANCELLED."),
    ):
        example = f"  armoire jobs {name} {_ID}"
        add_ids(add_command(group, name, run, what, example, group="jobs"), "job")


def _add_list(group: Commands) -> None:
    examples = "  armoire jobs list --state FAILED --state CANCELLED --json"
    summary = "List jobs, the newest first."
    parser = add_command(group, "list", list_jobs, summary, examples, group="jobs")
    parser.add_argument(
        "--state",
        action="append",
        default=[],
        choices=[state.value for state in IndexingJobState if state is not IndexingJobState.UNKNOWN],
        help="only jobs in this state; may be given again",
    )
    parser.add_argument("--product", default="", metavar="ID", help="only jobs of this product's photos")
    add_limit(parser)


async def list_jobs(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    states = [IndexingJobState(state) for state in arguments.state]
    await show_newest(
        JOBS,
        lambda page_size: client.iter_indexing_jobs(
            states=states, product_id=arguments.product, page_size=page_size
        ),
        arguments.limit,
        console,
    )


async def get_jobs(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_each(JOBS, client.get_indexing_job, arguments.ids, console)


async def watch_jobs(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await watch_each(JOBS, client.watch_indexing_job, arguments.ids, console)


async def cancel_jobs(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_each(JOBS, client.cancel_indexing_job, arguments.ids, console)


async def retry_jobs(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_each(JOBS, client.retry_indexing_job, arguments.ids, console)


def _row(job: IndexingJob) -> tuple[object, ...]:
    labels = ", ".join(item.label for item in job.items)
    return job.id, job.state, job.image_name, labels, job.error.message if job.error else ""


JOBS = RecordKind("job_id", job_document, ("job", "state", "image", "items", "error"), _row)
