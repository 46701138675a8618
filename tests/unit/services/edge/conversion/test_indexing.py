from __future__ import annotations

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from armoire.v1 import indexing_pb2, types_pb2
from domain.errors import InvalidInput
from services.catalog.limits import CatalogLimits
from services.edge.conversion.indexing import index_request_from_proto, job_filter_from_proto

LAST_SECOND = 253_402_300_799


@pytest.mark.parametrize("field", ["created_from", "created_before"])
@pytest.mark.parametrize(
    "moment",
    [
        Timestamp(nanos=-1),
        Timestamp(nanos=10**9),
        Timestamp(nanos=2 * 10**9),
        Timestamp(seconds=LAST_SECOND + 1),
        Timestamp(seconds=-(2**63)),
    ],
)
def test_a_time_that_is_none_names_its_field(field: str, moment: Timestamp) -> None:
    request = indexing_pb2.ListIndexingJobsRequest()
    getattr(request, field).CopyFrom(moment)
    with pytest.raises(InvalidInput) as caught:
        job_filter_from_proto(request)
    assert caught.value.violations[0].field == field


def test_times_become_microseconds() -> None:
    request = indexing_pb2.ListIndexingJobsRequest(
        created_from=Timestamp(seconds=1, nanos=2_999), created_before=Timestamp(seconds=LAST_SECOND)
    )
    wanted = job_filter_from_proto(request)
    assert (wanted.created_from_us, wanted.created_before_us) == (1_000_002, LAST_SECOND * 10**6)


def test_more_states_than_there_are_and_many_boxes_are_refused() -> None:
    request = indexing_pb2.ListIndexingJobsRequest(states=[indexing_pb2.INDEXING_JOB_STATE_FAILED] * 7)
    with pytest.raises(InvalidInput, match="states: must hold at most 6, got 7"):
        job_filter_from_proto(request)
    image = types_pb2.ImageInput(content=b"photo", boxes=[types_pb2.Box()] * 3)
    with pytest.raises(InvalidInput, match=r"image.boxes: must hold at most 2 boxes, got 3"):
        index_request_from_proto(indexing_pb2.IndexImageRequest(image=image), CatalogLimits(max_boxes=2))
