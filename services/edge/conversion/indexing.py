"""Photos to index, and their jobs."""

from __future__ import annotations

from dataclasses import replace

from armoire.v1 import indexing_pb2, types_pb2
from domain.errors import InvalidInput, Unimplemented
from services.catalog.indexing.intake import IndexRequest
from services.catalog.limits import CatalogLimits, check_box_count
from services.catalog.records.dead_letters import JobCount
from services.catalog.records.jobs import IndexedVersion, Job, JobFilter, JobPriority, JobState
from services.catalog.resources.jobs import MAX_JOB_IDS
from services.edge.conversion.images import near_duplicate_to_proto
from services.edge.conversion.products import draft_from_proto
from services.edge.conversion.times import moment_us
from services.edge.conversion.types import (
    boxes_from_proto,
    content_from_proto,
    is_bulk,
    time_to_proto,
)
from services.edge.status import status_to_proto

_STATES: dict[JobState, indexing_pb2.IndexingJobState] = {
    JobState.QUEUED: indexing_pb2.INDEXING_JOB_STATE_QUEUED,
    JobState.CROPPING: indexing_pb2.INDEXING_JOB_STATE_CROPPING,
    JobState.ANALYZING: indexing_pb2.INDEXING_JOB_STATE_ANALYZING,
    JobState.COMPLETE: indexing_pb2.INDEXING_JOB_STATE_COMPLETE,
    JobState.FAILED: indexing_pb2.INDEXING_JOB_STATE_FAILED,
    JobState.CANCELLED: indexing_pb2.INDEXING_JOB_STATE_CANCELLED,
}
_PRIORITIES: dict[JobPriority, types_pb2.Priority] = {
    JobPriority.INTERACTIVE: types_pb2.PRIORITY_INTERACTIVE,
    JobPriority.BULK: types_pb2.PRIORITY_BULK,
}
_STATES_BACK = {number: state for state, number in _STATES.items()}


def index_request_from_proto(
    request: indexing_pb2.IndexImageRequest | indexing_pb2.IndexImagesRequest, limits: CatalogLimits
) -> IndexRequest:
    """Raises InvalidInput, Unimplemented."""
    check_box_count(request.image.boxes, limits)
    try:
        content = content_from_proto(request.image)
    except Unimplemented as error:
        raise error.within("image") from None
    return IndexRequest(
        content=content,
        boxes=boxes_from_proto(request.image),
        image_name=request.image_name,
        product_id=request.product_id,
        product=draft_from_proto(request.product) if request.HasField("product") else None,
        idempotency_key=request.idempotency_key,
        priority=_priority(request),
        upload_id=request.image.upload_id,
    )


def _priority(request: indexing_pb2.IndexImageRequest | indexing_pb2.IndexImagesRequest) -> JobPriority:
    """Photos of a stream are bulk unless they say otherwise. Raises InvalidInput."""
    streamed = isinstance(request, indexing_pb2.IndexImagesRequest)
    unspecified = types_pb2.PRIORITY_BULK if streamed else types_pb2.PRIORITY_INTERACTIVE
    return JobPriority.BULK if is_bulk(request.priority, unspecified) else JobPriority.INTERACTIVE


def nested_job_filter_from_proto(filter: indexing_pb2.IndexingJobFilter) -> JobFilter:
    """The filter of a request. Raises as `job_filter_from_proto`, and if there are too many ids."""
    if len(filter.job_ids) > MAX_JOB_IDS:
        raise InvalidInput("filter.job_ids", f"must hold at most {MAX_JOB_IDS}, got {len(filter.job_ids)}")
    try:
        return replace(job_filter_from_proto(filter), job_ids=tuple(filter.job_ids))
    except InvalidInput as error:
        raise error.within("filter") from None


def job_filter_from_proto(
    request: indexing_pb2.ListIndexingJobsRequest | indexing_pb2.IndexingJobFilter,
) -> JobFilter:
    """Raises InvalidInput if there are more states than exist, one is unknown, or a time is out of range."""
    if len(request.states) > len(_STATES):
        raise InvalidInput("states", f"must hold at most {len(_STATES)}, got {len(request.states)}")
    for index, state in enumerate(request.states):
        if state not in _STATES_BACK:
            raise InvalidInput(f"states[{index}]", f"must be a specified IndexingJobState, got {state}")
    return JobFilter(
        states=frozenset(_STATES_BACK[state] for state in request.states),
        product_id=request.product_id,
        created_from_us=moment_us("created_from", request),
        created_before_us=moment_us("created_before", request),
        reasons=frozenset(request.reasons),
    )


def job_count_to_proto(counted: JobCount) -> indexing_pb2.IndexingJobCount:
    return indexing_pb2.IndexingJobCount(
        state=_STATES[counted.state],
        reason=counted.reason,
        count=counted.count,
        first_create_time=time_to_proto(counted.first_create_time),
    )


def job_to_proto(job: Job) -> indexing_pb2.IndexingJob:
    return indexing_pb2.IndexingJob(
        id=job.id,
        image_id=job.image_id,
        image_name=job.image_name,
        product_id=job.product_id,
        state=_STATES[job.state],
        attempts=job.attempts,
        error=None if job.error is None else status_to_proto(job.error),
        items=[
            indexing_pb2.IndexedItem(
                item_id=item.item_id,
                label=item.label,
                primary_in_image=item.primary_in_image,
                primary_in_product=item.primary_in_product,
            )
            for item in job.items
        ],
        versions=[_version_to_proto(version) for version in job.versions],
        create_time=time_to_proto(job.create_time),
        update_time=time_to_proto(job.update_time),
        priority=_PRIORITIES[job.priority],
        near_duplicate_of=near_duplicate_to_proto(job.near_duplicate_of),
    )


def _version_to_proto(indexed: IndexedVersion) -> indexing_pb2.IndexedVersion:
    return indexing_pb2.IndexedVersion(
        model_version=indexed.version.model_version,
        preprocess_version=indexed.version.preprocess_version,
        live=indexed.live,
        complete=indexed.complete,
        searchable=indexed.searchable,
    )
