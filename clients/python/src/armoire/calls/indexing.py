"""Calls of indexing."""

from __future__ import annotations

from datetime import datetime

from armoire.call import Call, call_of
from armoire.calls.keys import key_or_fresh
from armoire.messages.enums import priority_to_proto
from armoire.messages.indexing import job_count_from_proto, job_filter_to_proto, job_from_proto
from armoire.messages.products import product_to_proto
from armoire.messages.types import photo_to_proto, time_to_proto
from armoire.photos import Photo, PhotoSource, is_uploaded, name_of
from armoire.v1 import indexing_pb2
from armoire.values.indexing import IndexingJob, IndexingJobCount, IndexingJobFilter, IndexingJobState
from armoire.values.products import Product
from armoire.values.types import Page, Priority


def index(
    photo: PhotoSource | Photo,
    image_name: str | None = None,
    product_id: str = "",
    product: Product | None = None,
    idempotency_key: str | None = None,
    priority: Priority = Priority.INTERACTIVE,
) -> Call[IndexingJob]:
    """
    Raises:
        ValueError: both product_id and product are given.
        InvalidInput: the photo's file cannot be read.
    """
    if product_id and product:
        raise ValueError("give product_id or product, not both")
    uploaded = is_uploaded(photo)
    request = indexing_pb2.IndexImageRequest(
        image=photo_to_proto(photo),
        image_name=name_of(photo) if image_name is None else image_name,
        product_id=product_id or None,
        product=product_to_proto(product) if product else None,
        idempotency_key=idempotency_key or "" if uploaded else key_or_fresh(idempotency_key),
        priority=priority_to_proto(priority),
    )
    return call_of(
        "armoire.v1.CatalogService/IndexImage",
        request,
        indexing_pb2.IndexImageResponse,
        lambda reply: job_from_proto(reply.job),
        repeatable=uploaded or bool(request.idempotency_key),
    )


def get_indexing_job(job_id: str) -> Call[IndexingJob]:
    return call_of(
        "armoire.v1.CatalogService/GetIndexingJob",
        indexing_pb2.GetIndexingJobRequest(job_id=job_id),
        indexing_pb2.GetIndexingJobResponse,
        lambda reply: job_from_proto(reply.job),
    )


def list_indexing_jobs(
    which: IndexingJobFilter = IndexingJobFilter(), page_size: int = 0, page_token: str = ""
) -> Call[Page[IndexingJob]]:
    request = indexing_pb2.ListIndexingJobsRequest(
        page_size=page_size,
        page_token=page_token,
        states=[f"INDEXING_JOB_STATE_{IndexingJobState(state).name}" for state in which.states],
        product_id=which.product_id,
        created_from=time_to_proto(which.created_from),
        created_before=time_to_proto(which.created_before),
        reasons=which.reasons,
    )
    return call_of(
        "armoire.v1.CatalogService/ListIndexingJobs",
        request,
        indexing_pb2.ListIndexingJobsResponse,
        lambda reply: Page(tuple(map(job_from_proto, reply.jobs)), reply.next_page_token),
    )


def watch_indexing_job(job_id: str) -> Call[IndexingJob]:
    """A stream: each reply is the job after a change."""
    return call_of(
        "armoire.v1.CatalogService/WatchIndexingJob",
        indexing_pb2.WatchIndexingJobRequest(job_id=job_id),
        indexing_pb2.WatchIndexingJobResponse,
        lambda reply: job_from_proto(reply.job),
    )


def watch_indexing_jobs(which: IndexingJobFilter, changed_from: datetime | None = None) -> Call[IndexingJob]:
    """A stream: each reply is a job after a change."""
    return call_of(
        "armoire.v1.CatalogService/WatchIndexingJobs",
        indexing_pb2.WatchIndexingJobsRequest(
            filter=job_filter_to_proto(which), changed_from=time_to_proto(changed_from)
        ),
        indexing_pb2.WatchIndexingJobsResponse,
        lambda reply: job_from_proto(reply.job),
    )


def count_indexing_jobs(which: IndexingJobFilter) -> Call[tuple[IndexingJobCount, ...]]:
    return call_of(
        "armoire.v1.CatalogService/CountIndexingJobs",
        indexing_pb2.CountIndexingJobsRequest(filter=job_filter_to_proto(which)),
        indexing_pb2.CountIndexingJobsResponse,
        lambda reply: tuple(map(job_count_from_proto, reply.counts)),
    )


def retry_indexing_jobs(which: IndexingJobFilter, page_token: str) -> Call[tuple[int, str]]:
    """Replies how many jobs it has queued again, and the token of the next page."""
    return call_of(
        "armoire.v1.CatalogService/RetryIndexingJobs",
        indexing_pb2.RetryIndexingJobsRequest(filter=job_filter_to_proto(which), page_token=page_token),
        indexing_pb2.RetryIndexingJobsResponse,
        lambda reply: (reply.retried, reply.next_page_token),
        repeatable=False,
    )


def delete_indexing_jobs(which: IndexingJobFilter, page_token: str) -> Call[tuple[int, str]]:
    """Replies how many jobs it has removed, and the token of the next page."""
    return call_of(
        "armoire.v1.CatalogService/DeleteIndexingJobs",
        indexing_pb2.DeleteIndexingJobsRequest(filter=job_filter_to_proto(which), page_token=page_token),
        indexing_pb2.DeleteIndexingJobsResponse,
        lambda reply: (reply.deleted, reply.next_page_token),
        repeatable=False,
    )


def cancel_indexing_job(job_id: str) -> Call[IndexingJob]:
    return call_of(
        "armoire.v1.CatalogService/CancelIndexingJob",
        indexing_pb2.CancelIndexingJobRequest(job_id=job_id),
        indexing_pb2.CancelIndexingJobResponse,
        lambda reply: job_from_proto(reply.job),
        repeatable=False,
    )


def retry_indexing_job(job_id: str) -> Call[IndexingJob]:
    return call_of(
        "armoire.v1.CatalogService/RetryIndexingJob",
        indexing_pb2.RetryIndexingJobRequest(job_id=job_id),
        indexing_pb2.RetryIndexingJobResponse,
        lambda reply: job_from_proto(reply.job),
        repeatable=False,
    )
