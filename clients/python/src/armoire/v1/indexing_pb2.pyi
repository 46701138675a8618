from armoire.v1 import images_pb2 as _images_pb2
from armoire.v1 import products_pb2 as _products_pb2
from armoire.v1 import types_pb2 as _types_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.rpc import status_pb2 as _status_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class IndexingJobState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INDEXING_JOB_STATE_UNSPECIFIED: _ClassVar[IndexingJobState]
    INDEXING_JOB_STATE_QUEUED: _ClassVar[IndexingJobState]
    INDEXING_JOB_STATE_CROPPING: _ClassVar[IndexingJobState]
    INDEXING_JOB_STATE_ANALYZING: _ClassVar[IndexingJobState]
    INDEXING_JOB_STATE_COMPLETE: _ClassVar[IndexingJobState]
    INDEXING_JOB_STATE_FAILED: _ClassVar[IndexingJobState]
    INDEXING_JOB_STATE_CANCELLED: _ClassVar[IndexingJobState]
INDEXING_JOB_STATE_UNSPECIFIED: IndexingJobState
INDEXING_JOB_STATE_QUEUED: IndexingJobState
INDEXING_JOB_STATE_CROPPING: IndexingJobState
INDEXING_JOB_STATE_ANALYZING: IndexingJobState
INDEXING_JOB_STATE_COMPLETE: IndexingJobState
INDEXING_JOB_STATE_FAILED: IndexingJobState
INDEXING_JOB_STATE_CANCELLED: IndexingJobState

class IndexImageRequest(_message.Message):
    __slots__ = ("image", "image_name", "product_id", "product", "idempotency_key", "priority")
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    IMAGE_NAME_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    image: _types_pb2.ImageInput
    image_name: str
    product_id: str
    product: _products_pb2.Product
    idempotency_key: str
    priority: _types_pb2.Priority
    def __init__(self, image: _Optional[_Union[_types_pb2.ImageInput, _Mapping]] = ..., image_name: _Optional[str] = ..., product_id: _Optional[str] = ..., product: _Optional[_Union[_products_pb2.Product, _Mapping]] = ..., idempotency_key: _Optional[str] = ..., priority: _Optional[_Union[_types_pb2.Priority, str]] = ...) -> None: ...

class IndexImageResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: IndexingJob
    def __init__(self, job: _Optional[_Union[IndexingJob, _Mapping]] = ...) -> None: ...

class IndexImagesRequest(_message.Message):
    __slots__ = ("id", "image", "image_name", "product_id", "product", "idempotency_key", "priority")
    ID_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    IMAGE_NAME_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    id: str
    image: _types_pb2.ImageInput
    image_name: str
    product_id: str
    product: _products_pb2.Product
    idempotency_key: str
    priority: _types_pb2.Priority
    def __init__(self, id: _Optional[str] = ..., image: _Optional[_Union[_types_pb2.ImageInput, _Mapping]] = ..., image_name: _Optional[str] = ..., product_id: _Optional[str] = ..., product: _Optional[_Union[_products_pb2.Product, _Mapping]] = ..., idempotency_key: _Optional[str] = ..., priority: _Optional[_Union[_types_pb2.Priority, str]] = ...) -> None: ...

class IndexImagesResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[IndexImagesResult]
    def __init__(self, results: _Optional[_Iterable[_Union[IndexImagesResult, _Mapping]]] = ...) -> None: ...

class IndexImagesResult(_message.Message):
    __slots__ = ("id", "job", "error")
    ID_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    id: str
    job: IndexingJob
    error: _status_pb2.Status
    def __init__(self, id: _Optional[str] = ..., job: _Optional[_Union[IndexingJob, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class IndexingJob(_message.Message):
    __slots__ = ("id", "image_id", "image_name", "product_id", "state", "attempts", "error", "items", "versions", "create_time", "update_time", "priority", "near_duplicate_of")
    ID_FIELD_NUMBER: _ClassVar[int]
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    IMAGE_NAME_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    NEAR_DUPLICATE_OF_FIELD_NUMBER: _ClassVar[int]
    id: str
    image_id: str
    image_name: str
    product_id: str
    state: IndexingJobState
    attempts: int
    error: _status_pb2.Status
    items: _containers.RepeatedCompositeFieldContainer[IndexedItem]
    versions: _containers.RepeatedCompositeFieldContainer[IndexedVersion]
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    priority: _types_pb2.Priority
    near_duplicate_of: _images_pb2.NearDuplicate
    def __init__(self, id: _Optional[str] = ..., image_id: _Optional[str] = ..., image_name: _Optional[str] = ..., product_id: _Optional[str] = ..., state: _Optional[_Union[IndexingJobState, str]] = ..., attempts: _Optional[int] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ..., items: _Optional[_Iterable[_Union[IndexedItem, _Mapping]]] = ..., versions: _Optional[_Iterable[_Union[IndexedVersion, _Mapping]]] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., priority: _Optional[_Union[_types_pb2.Priority, str]] = ..., near_duplicate_of: _Optional[_Union[_images_pb2.NearDuplicate, _Mapping]] = ...) -> None: ...

class IndexedItem(_message.Message):
    __slots__ = ("item_id", "label", "primary_in_image", "primary_in_product")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    PRIMARY_IN_IMAGE_FIELD_NUMBER: _ClassVar[int]
    PRIMARY_IN_PRODUCT_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    label: str
    primary_in_image: bool
    primary_in_product: bool
    def __init__(self, item_id: _Optional[str] = ..., label: _Optional[str] = ..., primary_in_image: bool = ..., primary_in_product: bool = ...) -> None: ...

class IndexedVersion(_message.Message):
    __slots__ = ("model_version", "preprocess_version", "live", "complete", "searchable")
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    SEARCHABLE_FIELD_NUMBER: _ClassVar[int]
    model_version: str
    preprocess_version: str
    live: bool
    complete: bool
    searchable: bool
    def __init__(self, model_version: _Optional[str] = ..., preprocess_version: _Optional[str] = ..., live: bool = ..., complete: bool = ..., searchable: bool = ...) -> None: ...

class GetIndexingJobRequest(_message.Message):
    __slots__ = ("job_id",)
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    job_id: str
    def __init__(self, job_id: _Optional[str] = ...) -> None: ...

class GetIndexingJobResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: IndexingJob
    def __init__(self, job: _Optional[_Union[IndexingJob, _Mapping]] = ...) -> None: ...

class ListIndexingJobsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "states", "product_id", "created_from", "created_before", "reasons")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    CREATED_FROM_FIELD_NUMBER: _ClassVar[int]
    CREATED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    states: _containers.RepeatedScalarFieldContainer[IndexingJobState]
    product_id: str
    created_from: _timestamp_pb2.Timestamp
    created_before: _timestamp_pb2.Timestamp
    reasons: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., states: _Optional[_Iterable[_Union[IndexingJobState, str]]] = ..., product_id: _Optional[str] = ..., created_from: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., created_before: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., reasons: _Optional[_Iterable[str]] = ...) -> None: ...

class ListIndexingJobsResponse(_message.Message):
    __slots__ = ("jobs", "next_page_token")
    JOBS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    jobs: _containers.RepeatedCompositeFieldContainer[IndexingJob]
    next_page_token: str
    def __init__(self, jobs: _Optional[_Iterable[_Union[IndexingJob, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchIndexingJobRequest(_message.Message):
    __slots__ = ("job_id",)
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    job_id: str
    def __init__(self, job_id: _Optional[str] = ...) -> None: ...

class WatchIndexingJobResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: IndexingJob
    def __init__(self, job: _Optional[_Union[IndexingJob, _Mapping]] = ...) -> None: ...

class IndexingJobFilter(_message.Message):
    __slots__ = ("job_ids", "states", "reasons", "product_id", "created_from", "created_before")
    JOB_IDS_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    CREATED_FROM_FIELD_NUMBER: _ClassVar[int]
    CREATED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    job_ids: _containers.RepeatedScalarFieldContainer[str]
    states: _containers.RepeatedScalarFieldContainer[IndexingJobState]
    reasons: _containers.RepeatedScalarFieldContainer[str]
    product_id: str
    created_from: _timestamp_pb2.Timestamp
    created_before: _timestamp_pb2.Timestamp
    def __init__(self, job_ids: _Optional[_Iterable[str]] = ..., states: _Optional[_Iterable[_Union[IndexingJobState, str]]] = ..., reasons: _Optional[_Iterable[str]] = ..., product_id: _Optional[str] = ..., created_from: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., created_before: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class WatchIndexingJobsRequest(_message.Message):
    __slots__ = ("filter", "changed_from")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FROM_FIELD_NUMBER: _ClassVar[int]
    filter: IndexingJobFilter
    changed_from: _timestamp_pb2.Timestamp
    def __init__(self, filter: _Optional[_Union[IndexingJobFilter, _Mapping]] = ..., changed_from: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class WatchIndexingJobsResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: IndexingJob
    def __init__(self, job: _Optional[_Union[IndexingJob, _Mapping]] = ...) -> None: ...

class CountIndexingJobsRequest(_message.Message):
    __slots__ = ("filter",)
    FILTER_FIELD_NUMBER: _ClassVar[int]
    filter: IndexingJobFilter
    def __init__(self, filter: _Optional[_Union[IndexingJobFilter, _Mapping]] = ...) -> None: ...

class CountIndexingJobsResponse(_message.Message):
    __slots__ = ("counts",)
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.RepeatedCompositeFieldContainer[IndexingJobCount]
    def __init__(self, counts: _Optional[_Iterable[_Union[IndexingJobCount, _Mapping]]] = ...) -> None: ...

class IndexingJobCount(_message.Message):
    __slots__ = ("state", "reason", "count", "first_create_time")
    STATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    FIRST_CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    state: IndexingJobState
    reason: str
    count: int
    first_create_time: _timestamp_pb2.Timestamp
    def __init__(self, state: _Optional[_Union[IndexingJobState, str]] = ..., reason: _Optional[str] = ..., count: _Optional[int] = ..., first_create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RetryIndexingJobsRequest(_message.Message):
    __slots__ = ("filter", "page_token")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    filter: IndexingJobFilter
    page_token: str
    def __init__(self, filter: _Optional[_Union[IndexingJobFilter, _Mapping]] = ..., page_token: _Optional[str] = ...) -> None: ...

class RetryIndexingJobsResponse(_message.Message):
    __slots__ = ("retried", "next_page_token")
    RETRIED_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    retried: int
    next_page_token: str
    def __init__(self, retried: _Optional[int] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteIndexingJobsRequest(_message.Message):
    __slots__ = ("filter", "page_token")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    filter: IndexingJobFilter
    page_token: str
    def __init__(self, filter: _Optional[_Union[IndexingJobFilter, _Mapping]] = ..., page_token: _Optional[str] = ...) -> None: ...

class DeleteIndexingJobsResponse(_message.Message):
    __slots__ = ("deleted", "deleted_images", "next_page_token")
    DELETED_FIELD_NUMBER: _ClassVar[int]
    DELETED_IMAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    deleted: int
    deleted_images: int
    next_page_token: str
    def __init__(self, deleted: _Optional[int] = ..., deleted_images: _Optional[int] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CancelIndexingJobRequest(_message.Message):
    __slots__ = ("job_id",)
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    job_id: str
    def __init__(self, job_id: _Optional[str] = ...) -> None: ...

class CancelIndexingJobResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: IndexingJob
    def __init__(self, job: _Optional[_Union[IndexingJob, _Mapping]] = ...) -> None: ...

class RetryIndexingJobRequest(_message.Message):
    __slots__ = ("job_id",)
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    job_id: str
    def __init__(self, job_id: _Optional[str] = ...) -> None: ...

class RetryIndexingJobResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: IndexingJob
    def __init__(self, job: _Optional[_Union[IndexingJob, _Mapping]] = ...) -> None: ...
