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

    def watch(request: indexing_pb2.WatchIndexingJobsRequest) -> Any:
        if list(request.filter.job_ids) == ["job-1"]:
            return [indexing_pb2.WatchIndexingJobsResponse(job=job(state)) for state in states]
        return [fail(grpc.StatusCode.NOT_FOUND, "no such job")]

    server.say("WatchIndexingJobs", watch)
    status, out, err = armoire("jobs", "watch", "job-1")
    assert (status, err) == (0, "")
    assert [line.split()[:2] for line in out.splitlines()] == [["job-1", state] for state in states]
    _, out, _ = armoire("jobs", "watch", "job-1", "--json")
    assert [document["state"] for document in documents(out)] == states
    status, out, err = armoire("jobs", "watch", "job-2")
    assert (status, out, err) == (1, "", "armoire: no such job (request id request-1)\n")


def test_jobs_that_pass_a_filter_are_watched(armoire: Any, server: Any, job: Any) -> None:
    server.say("WatchIndexingJobs", lambda _: [indexing_pb2.WatchIndexingJobsResponse(job=job("FAILED"))])
    status, out, _ = armoire("jobs", "watch", "--all", "--state", "FAILED")
    assert (status, out.split()[:2]) == (0, ["job-1", "FAILED"])
    (request,) = server.requests["WatchIndexingJobs"]
    assert list(request.filter.states) == [indexing_pb2.INDEXING_JOB_STATE_FAILED]


def test_jobs_are_counted_by_reason(armoire: Any, server: Any) -> None:
    counted = indexing_pb2.IndexingJobCount(state="INDEXING_JOB_STATE_FAILED", reason="GONE", count=3)
    server.say("CountIndexingJobs", indexing_pb2.CountIndexingJobsResponse(counts=[counted]))
    status, out, _ = armoire("jobs", "count", "--state", "FAILED", "--reason", "GONE")
    assert (status, out.split()) == (0, ["state", "reason", "jobs", "FAILED", "GONE", "3"])
    (request,) = server.requests["CountIndexingJobs"]
    assert list(request.filter.reasons) == ["GONE"]
    (document,) = documents(armoire("jobs", "count", "--json")[1])
    assert document == {"state": "FAILED", "reason": "GONE", "count": 3, "first_create_time": None}


@pytest.mark.parametrize(
    ("command", "method", "field", "said"),
    [
        ("retry", "RetryIndexingJobs", "retried", "5 jobs are queued again"),
        ("drop", "DeleteIndexingJobs", "deleted", "5 jobs are removed"),
    ],
)
def test_all_jobs_of_a_reason_are_retried_or_dropped_page_by_page(
    armoire: Any, server: Any, command: str, method: str, field: str, said: str
) -> None:
    def change(request: Any) -> Any:
        reply = getattr(indexing_pb2, f"{method}Response")
        return reply(**{field: 3, "next_page_token": "+"} if not request.page_token else {field: 2})

    server.say(method, change)
    assert armoire("jobs", command, "--all", "--reason", "GONE") == (0, f"{said}\n", "")
    requests = server.requests[method]
    assert [(list(r.filter.reasons), r.page_token) for r in requests] == [(["GONE"], ""), (["GONE"], "+")]


def test_dropped_jobs_are_named_whether_they_failed_or_were_cancelled(armoire: Any, server: Any) -> None:
    server.say("DeleteIndexingJobs", indexing_pb2.DeleteIndexingJobsResponse(deleted=1))
    assert armoire("jobs", "drop", "job-1")[:2] == (0, "1 jobs are removed\n")
    (request,) = server.requests["DeleteIndexingJobs"]
    assert (list(request.filter.job_ids), len(request.filter.states)) == (["job-1"], 2)


@pytest.mark.parametrize("command", ["watch", "retry", "drop"])
@pytest.mark.parametrize("words", [(), ("job-1", "--all"), ("job-1", "--reason", "GONE")])
def test_many_jobs_are_meant_only_where_it_is_said(armoire: Any, command: str, words: Any) -> None:
    status, out, err = armoire("jobs", command, *words)
    assert (status, out) == (2, "")
    assert "--all" in err
