"""`armoire jobs`: how far indexed photos are."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.documents import job_document, missing_job_document
from armoire.command.options import Commands, add_command, count
from armoire.command.pipelining import in_order
from armoire.errors import ArmoireError
from armoire.results import Job, JobState

EXAMPLES = """\
  armoire jobs
  armoire jobs --state FAILED --limit 100
  armoire jobs 01932f6e-5a0c-7c51-9d0e-0f2a53b1c001 --json"""
_PAGE = 50
_CONCURRENCY = 4


def add_to(commands: Commands) -> None:
    summary = "Show how far indexed photos are: the jobs named, or the newest."
    parser = add_command(commands, "jobs", show_jobs, summary, EXAMPLES)
    parser.add_argument("job_ids", nargs="*", metavar="JOB_ID", help="as `armoire index` printed it")
    parser.add_argument(
        "--limit", type=count, default=20, metavar="N", help="without JOB_IDs: how many (default: 20)"
    )
    parser.add_argument(
        "--state",
        action="append",
        default=[],
        choices=[state.value for state in JobState if state is not JobState.UNKNOWN],
        help="without JOB_IDs: only jobs in this state; may be given again",
    )


async def show_jobs(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    if not arguments.job_ids:
        states = [JobState(state) for state in arguments.state]
        _show(console, await _newest(client, states, arguments.limit))
        return
    found = []
    async for job_id, outcome in in_order(client.get_job, arguments.job_ids, _CONCURRENCY):
        if isinstance(outcome, ArmoireError):
            console.show_failure(missing_job_document(job_id), job_id, outcome)
        else:
            found.append(outcome)
    if found:
        _show(console, found)


async def _newest(client: AsyncClient, states: Sequence[JobState], limit: int) -> list[Job]:
    jobs: list[Job] = []
    token = ""
    while len(jobs) < limit:
        size = min(_PAGE, limit - len(jobs))
        page = await client.list_jobs(states=states, page_size=size, page_token=token)
        jobs += page.items
        token = page.next_page_token
        if not token:
            break
    return jobs[:limit]


def _show(console: Console, jobs: Sequence[Job]) -> None:
    headers = ("job", "state", "image", "items", "error")
    console.show_table(map(job_document, jobs), headers, map(_row, jobs))


def _row(job: Job) -> tuple[object, ...]:
    labels = ", ".join(item.label for item in job.items)
    return job.id, job.state, job.image_name, labels, job.error.message if job.error else ""
