"""Indexing jobs, through both clients."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest

from armoire import (
    IndexedVersion,
    IndexingJobState,
    NotFound,
    Product,
    Unavailable,
)
from armoire.v1 import (
    indexing_pb2,
)


def test_index_names_the_file_and_makes_a_key(client: Any, server: Any, job: Any, tmp_path: Path) -> None:
    photo = tmp_path / "dress.jpg"
    photo.write_bytes(b"photo")
    server.say("IndexImage", indexing_pb2.IndexImageResponse(job=job("QUEUED")))
    queued = client.index(photo, product=Product("Red dress"))
    client.index(photo, product_id="product-1", image_name="other", idempotency_key="k")
    assert (queued.id, queued.state, queued.items, queued.error) == (
        "job-1",
        IndexingJobState.QUEUED,
        (),
        None,
    )
    first, second = server.requests["IndexImage"]
    assert (first.image.content, first.image_name, first.product.display_name) == (
        b"photo",
        "dress.jpg",
        "Red dress",
    )
    assert len(first.idempotency_key) == 36
    assert (second.image_name, second.product_id, second.idempotency_key) == ("other", "product-1", "k")


def test_index_refuses_two_owners(client: Any) -> None:
    with pytest.raises(ValueError, match="not both"):
        client.index(b"x", product_id="p", product=Product("Red dress"))


def test_jobs(client: Any, server: Any, job: Any, fail: Any) -> None:
    error = fail(grpc.StatusCode.INVALID_ARGUMENT, "torn", reason="TRUNCATED").status
    server.say(
        "GetIndexingJob", indexing_pb2.GetIndexingJobResponse(job=job("FAILED", error=error, attempts=3))
    )
    server.say(
        "ListIndexingJobs",
        indexing_pb2.ListIndexingJobsResponse(jobs=[job("COMPLETE")], next_page_token="more"),
    )
    failed = client.get_indexing_job("job-1")
    assert (failed.state, failed.attempts, failed.error.reason) == (IndexingJobState.FAILED, 3, "TRUNCATED")
    page = client.list_indexing_jobs(states=[IndexingJobState.COMPLETE], page_size=2)
    assert (page.items[0].items[0].item_id, page.next_page_token) == ("item-1", "more")
    assert list(server.requests["ListIndexingJobs"][0].states) == [indexing_pb2.INDEXING_JOB_STATE_COMPLETE]


def test_a_state_from_the_future_is_unknown(client: Any, server: Any) -> None:
    server.say("GetIndexingJob", indexing_pb2.GetIndexingJobResponse(job=indexing_pb2.IndexingJob(state=77)))
    assert client.get_indexing_job("job-1").state is IndexingJobState.UNKNOWN


def test_watch_and_wait(client: Any, server: Any, job: Any) -> None:
    states = ["QUEUED", "CROPPING", "ANALYZING", "COMPLETE"]
    server.say(
        "WatchIndexingJob", [indexing_pb2.WatchIndexingJobResponse(job=job(state)) for state in states]
    )
    assert [each.state for each in client.watch_indexing_job("job-1")] == states
    assert client.wait_for_indexing_job("job-1").items[0].primary_in_image


def test_wait_returns_a_failed_job(client: Any, server: Any, job: Any) -> None:
    server.say("WatchIndexingJob", [indexing_pb2.WatchIndexingJobResponse(job=job("FAILED"))])
    assert client.wait_for_indexing_job("job-1").state is IndexingJobState.FAILED


def test_wait_complains_when_the_watch_ends_early(client: Any, server: Any, job: Any) -> None:
    server.say("WatchIndexingJob", [indexing_pb2.WatchIndexingJobResponse(job=job("QUEUED"))])
    with pytest.raises(Unavailable, match="ended before"):
        client.wait_for_indexing_job("job-1")


def test_watch_opens_a_broken_stream_again_and_repeats_nothing(
    client: Any, server: Any, job: Any, fail: Any
) -> None:
    queued, done = (indexing_pb2.WatchIndexingJobResponse(job=job(state)) for state in ("QUEUED", "COMPLETE"))
    broken = fail(grpc.StatusCode.UNAVAILABLE, explained=False)
    server.say("WatchIndexingJob", [queued, broken], [queued, done])
    assert [each.state for each in client.watch_indexing_job("job-1")] == ["QUEUED", "COMPLETE"]
    assert len(server.requests["WatchIndexingJob"]) == 2


def test_a_watch_that_breaks_after_every_change_goes_on(
    client: Any, server: Any, job: Any, fail: Any
) -> None:
    broken = fail(grpc.StatusCode.UNAVAILABLE, explained=False)
    tries = [[indexing_pb2.WatchIndexingJobResponse(job=job("QUEUED", attempts=n)), broken] for n in range(5)]
    server.say("WatchIndexingJob", *tries, [indexing_pb2.WatchIndexingJobResponse(job=job("COMPLETE"))])
    assert client.wait_for_indexing_job("job-1").state is IndexingJobState.COMPLETE


def test_a_watch_that_only_repeats_itself_gives_up(client: Any, server: Any, job: Any, fail: Any) -> None:
    broken = fail(grpc.StatusCode.UNAVAILABLE, explained=False)
    server.say("WatchIndexingJob", [indexing_pb2.WatchIndexingJobResponse(job=job("QUEUED")), broken])
    with pytest.raises(Unavailable):
        client.wait_for_indexing_job("job-1")
    assert len(server.requests["WatchIndexingJob"]) == 3


def test_watching_an_unknown_job(client: Any, server: Any, fail: Any) -> None:
    server.say("WatchIndexingJob", [fail(grpc.StatusCode.NOT_FOUND, "job 'x' does not exist")])
    with pytest.raises(NotFound, match="does not exist"):
        client.wait_for_indexing_job("x")


def test_jobs_are_filtered_by_product_and_time(client: Any, server: Any, job: Any) -> None:
    page = indexing_pb2.ListIndexingJobsResponse(jobs=[job("CANCELLED")])
    server.say("ListIndexingJobs", page)
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    which = {"product_id": "product-1", "created_from": start, "created_before": end}
    assert client.list_indexing_jobs(**which).items[0].state.final
    assert [each.id for each in client.iter_indexing_jobs(**which, page_size=7)] == ["job-1"]
    for request, size in zip(server.requests["ListIndexingJobs"], (0, 7), strict=True):
        assert (request.product_id, request.page_size) == ("product-1", size)
        times = (request.created_from, request.created_before)
        assert tuple(each.ToDatetime(tzinfo=UTC) for each in times) == (start, end)


def test_jobs_are_cancelled_and_retried(client: Any, server: Any, job: Any) -> None:
    server.say("CancelIndexingJob", indexing_pb2.CancelIndexingJobResponse(job=job("CANCELLED")))
    server.say("RetryIndexingJob", indexing_pb2.RetryIndexingJobResponse(job=job("QUEUED")))
    assert client.cancel_indexing_job("job-1").state is IndexingJobState.CANCELLED
    assert client.retry_indexing_job("job-1").state is IndexingJobState.QUEUED
    assert server.requests["RetryIndexingJob"][0].job_id == "job-1"


@pytest.mark.parametrize(
    ("live", "searchable", "expected"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_a_job_is_searchable_with_the_version_that_is_live(
    client: Any, server: Any, job: Any, live: bool, searchable: bool, expected: bool
) -> None:
    version = indexing_pb2.IndexedVersion(
        model_version="clip@2", preprocess_version="square@1", live=live, complete=True, searchable=searchable
    )
    server.say("GetIndexingJob", indexing_pb2.GetIndexingJobResponse(job=job("COMPLETE", versions=[version])))
    found = client.get_indexing_job("job-1")
    assert found.versions == (IndexedVersion("clip@2", "square@1", live, True, searchable),)
    assert found.searchable is expected
