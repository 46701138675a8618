"""Messages of indexing jobs."""

from __future__ import annotations

from armoire.messages.enums import enum_reader
from armoire.messages.images import near_duplicate_from_proto
from armoire.messages.types import time_from_proto, time_to_proto
from armoire.status import error_from_status
from armoire.v1 import indexing_pb2, types_pb2
from armoire.values.indexing import (
    IndexedItem,
    IndexedVersion,
    IndexingJob,
    IndexingJobCount,
    IndexingJobFilter,
    IndexingJobState,
)
from armoire.values.types import Priority


def job_from_proto(job: indexing_pb2.IndexingJob) -> IndexingJob:
    return IndexingJob(
        id=job.id,
        image_id=job.image_id,
        image_name=job.image_name,
        product_id=job.product_id,
        state=_state_from_proto(job.state),
        attempts=job.attempts,
        error=error_from_status(job.error) if job.HasField("error") else None,
        items=tuple(map(_item_from_proto, job.items)),
        versions=tuple(map(_version_from_proto, job.versions)),
        create_time=time_from_proto(job.create_time),
        update_time=time_from_proto(job.update_time),
        priority=Priority.BULK if job.priority == types_pb2.PRIORITY_BULK else Priority.INTERACTIVE,
        near_duplicate_of=near_duplicate_from_proto(job.near_duplicate_of)
        if job.HasField("near_duplicate_of")
        else None,
    )


def job_filter_to_proto(which: IndexingJobFilter) -> indexing_pb2.IndexingJobFilter:
    return indexing_pb2.IndexingJobFilter(
        job_ids=which.job_ids,
        states=[f"INDEXING_JOB_STATE_{IndexingJobState(state).name}" for state in which.states],
        reasons=which.reasons,
        product_id=which.product_id,
        created_from=time_to_proto(which.created_from),
        created_before=time_to_proto(which.created_before),
    )


def job_count_from_proto(counted: indexing_pb2.IndexingJobCount) -> IndexingJobCount:
    first = time_from_proto(counted.first_create_time)
    return IndexingJobCount(_state_from_proto(counted.state), counted.reason, counted.count, first)


def _item_from_proto(item: indexing_pb2.IndexedItem) -> IndexedItem:
    return IndexedItem(item.item_id, item.label, item.primary_in_image, item.primary_in_product)


def _version_from_proto(version: indexing_pb2.IndexedVersion) -> IndexedVersion:
    return IndexedVersion(
        model_version=version.model_version,
        preprocess_version=version.preprocess_version,
        live=version.live,
        complete=version.complete,
        searchable=version.searchable,
    )


_state_from_proto = enum_reader(
    IndexingJobState, indexing_pb2.IndexingJobState.items(), "INDEXING_JOB_STATE_"
)
