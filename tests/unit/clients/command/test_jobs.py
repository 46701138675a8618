from __future__ import annotations

from typing import Any

import grpc
import pytest

from armoire.v1 import indexing_pb2
from tests.unit.clients.command.outcomes import JOB, REFUSED, documents


def test_jobs_by_id(armoire: Any, server: Any, job: Any, fail: Any) -> None:
    def get(request: indexing_pb2.GetIndexingJobRequest) -> Any:
        if request.job_id == "job-1":
            return indexing_pb2.GetIndexingJobResponse(job=job("COMPLETE"))
        return fail(grpc.StatusCode.NOT_FOUND, "no such job")

    server.say("GetIndexingJob", get)
    status, out, err = armoire("jobs", "get", "job-1", "job-2", "--json")
    assert (status, err) == (1, "armoire: job-2: no such job (request id request-1)\n")
    by_id = {document["job_id"]: document for document in documents(out)}
    assert by_id["job-1"] == JOB
    assert by_id["job-2"]["error"]["code"] == "NOT_FOUND"


def test_jobs_that_are_not_there_are_no_table(armoire: Any, server: Any, fail: Any) -> None:
    server.say("GetIndexingJob", fail(grpc.StatusCode.NOT_FOUND, "job 'x' does not exist"))
    assert armoire("jobs", "get", "x-1")[:2] == (1, "")


def test_newest_jobs_come_in_pages(armoire: Any, server: Any, job: Any, refusal: Any) -> None:
    def page(request: indexing_pb2.ListIndexingJobsRequest) -> indexing_pb2.ListIndexingJobsResponse:
        jobs = [job("FAILED", error=refusal.status)] * min(request.page_size, 40)
        return indexing_pb2.ListIndexingJobsResponse(jobs=jobs, next_page_token=f"{request.page_token}+")

    server.say("ListIndexingJobs", page)
    options = ("--limit", "60", "--state", "FAILED", "--product", "product-1")
    status, out, _ = armoire("jobs", "list", *options, "--json")
    assert status == 0
    assert len(documents(out)) == 60
    assert documents(out)[0]["error"] == REFUSED
    requests = server.requests["ListIndexingJobs"]
    assert [(request.page_size, request.page_token) for request in requests] == [(50, ""), (50, "+")]
    assert list(requests[0].states) == [indexing_pb2.INDEXING_JOB_STATE_FAILED]
    assert requests[0].product_id == "product-1"


def test_jobs_for_people(armoire: Any, server: Any, job: Any) -> None:
    server.say("ListIndexingJobs", indexing_pb2.ListIndexingJobsResponse(jobs=[job("COMPLETE")]))
    header, row = armoire("jobs", "list")[1].splitlines()
    assert header.split() == ["job", "state", "image", "items", "error"]
    assert row.split() == ["job-1", "COMPLETE", "dress.jpg", "dress", "-"]


@pytest.mark.parametrize(
    ("command", "method", "state"),
    [("cancel", "CancelIndexingJob", "CANCELLED"), ("retry", "RetryIndexingJob", "QUEUED")],
)
def test_jobs_are_cancelled_and_retried(
    armoire: Any, server: Any, job: Any, fail: Any, command: str, method: str, state: str
) -> None:
    def change(request: Any) -> Any:
        if request.job_id == "job-1":
            return getattr(indexing_pb2, f"{method}Response")(job=job(state))
        return fail(grpc.StatusCode.FAILED_PRECONDITION, "it has ended", reason="JOB_ENDED")

    server.say(method, change)
    status, out, err = armoire("jobs", command, "job-2", "job-1")
    assert (status, err) == (1, "armoire: job-2: it has ended (request id request-1)\n")
    assert out.splitlines()[1].split()[:2] == ["job-1", state]


def test_jobs_are_watched_to_their_end(armoire: Any, server: Any, job: Any, fail: Any) -> None:
    states = ["QUEUED", "CROPPING", "COMPLETE"]

    def watch(request: indexing_pb2.WatchIndexingJobRequest) -> Any:
        if request.job_id == "job-1":
            return [indexing_pb2.WatchIndexingJobResponse(job=job(state)) for state in states]
        return [fail(grpc.StatusCode.NOT_FOUND, "no such job")]

    server.say("WatchIndexingJob", watch)
    status, out, err = armoire("jobs", "watch", "job-2", "job-1")
    assert (status, err) == (1, "armoire: job-2: no such job (request id request-1)\n")
    assert [line.split()[:2] for line in out.splitlines()] == [["job-1", state] for state in states]
    _, out, _ = armoire("jobs", "watch", "job-1", "--json")
    assert [document["state"] for document in documents(out)] == states
