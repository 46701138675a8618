from armoire.v1 import images_pb2 as _images_pb2
from armoire.v1 import items_pb2 as _items_pb2
from armoire.v1 import operations_pb2 as _operations_pb2
from armoire.v1 import types_pb2 as _types_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DatasetSplit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DATASET_SPLIT_UNSPECIFIED: _ClassVar[DatasetSplit]
    DATASET_SPLIT_TRAIN: _ClassVar[DatasetSplit]
    DATASET_SPLIT_VAL: _ClassVar[DatasetSplit]
    DATASET_SPLIT_TEST: _ClassVar[DatasetSplit]
DATASET_SPLIT_UNSPECIFIED: DatasetSplit
DATASET_SPLIT_TRAIN: DatasetSplit
DATASET_SPLIT_VAL: DatasetSplit
DATASET_SPLIT_TEST: DatasetSplit

class DatasetShares(_message.Message):
    __slots__ = ("train", "val", "test")
    TRAIN_FIELD_NUMBER: _ClassVar[int]
    VAL_FIELD_NUMBER: _ClassVar[int]
    TEST_FIELD_NUMBER: _ClassVar[int]
    train: float
    val: float
    test: float
    def __init__(self, train: _Optional[float] = ..., val: _Optional[float] = ..., test: _Optional[float] = ...) -> None: ...

class ExportDatasetRequest(_message.Message):
    __slots__ = ("after_image_id", "shares", "include_partly_reviewed", "include_rejected", "created_from", "created_before", "max_photos", "include_rejected_detections")
    AFTER_IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    SHARES_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_PARTLY_REVIEWED_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_REJECTED_FIELD_NUMBER: _ClassVar[int]
    CREATED_FROM_FIELD_NUMBER: _ClassVar[int]
    CREATED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    MAX_PHOTOS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_REJECTED_DETECTIONS_FIELD_NUMBER: _ClassVar[int]
    after_image_id: str
    shares: DatasetShares
    include_partly_reviewed: bool
    include_rejected: bool
    created_from: _timestamp_pb2.Timestamp
    created_before: _timestamp_pb2.Timestamp
    max_photos: int
    include_rejected_detections: bool
    def __init__(self, after_image_id: _Optional[str] = ..., shares: _Optional[_Union[DatasetShares, _Mapping]] = ..., include_partly_reviewed: bool = ..., include_rejected: bool = ..., created_from: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., created_before: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., max_photos: _Optional[int] = ..., include_rejected_detections: bool = ...) -> None: ...

class ExportDatasetResponse(_message.Message):
    __slots__ = ("info", "photo")
    INFO_FIELD_NUMBER: _ClassVar[int]
    PHOTO_FIELD_NUMBER: _ClassVar[int]
    info: DatasetInfo
    photo: DatasetPhoto
    def __init__(self, info: _Optional[_Union[DatasetInfo, _Mapping]] = ..., photo: _Optional[_Union[DatasetPhoto, _Mapping]] = ...) -> None: ...

class DatasetInfo(_message.Message):
    __slots__ = ("categories",)
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    categories: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, categories: _Optional[_Iterable[str]] = ...) -> None: ...

class DatasetPhoto(_message.Message):
    __slots__ = ("image_id", "image_name", "product_id", "split", "width", "height", "format", "size_bytes", "sha256", "items", "fully_reviewed", "rejected_detections")
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    IMAGE_NAME_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    SPLIT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    FULLY_REVIEWED_FIELD_NUMBER: _ClassVar[int]
    REJECTED_DETECTIONS_FIELD_NUMBER: _ClassVar[int]
    image_id: str
    image_name: str
    product_id: str
    split: DatasetSplit
    width: int
    height: int
    format: str
    size_bytes: int
    sha256: str
    items: _containers.RepeatedCompositeFieldContainer[DatasetItem]
    fully_reviewed: bool
    rejected_detections: _containers.RepeatedCompositeFieldContainer[_images_pb2.RejectedCrop]
    def __init__(self, image_id: _Optional[str] = ..., image_name: _Optional[str] = ..., product_id: _Optional[str] = ..., split: _Optional[_Union[DatasetSplit, str]] = ..., width: _Optional[int] = ..., height: _Optional[int] = ..., format: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ..., items: _Optional[_Iterable[_Union[DatasetItem, _Mapping]]] = ..., fully_reviewed: bool = ..., rejected_detections: _Optional[_Iterable[_Union[_images_pb2.RejectedCrop, _Mapping]]] = ...) -> None: ...

class DatasetItem(_message.Message):
    __slots__ = ("item", "category")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    item: _items_pb2.Item
    category: str
    def __init__(self, item: _Optional[_Union[_items_pb2.Item, _Mapping]] = ..., category: _Optional[str] = ...) -> None: ...

class StartCatalogExportRequest(_message.Message):
    __slots__ = ("idempotency_key",)
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    idempotency_key: str
    def __init__(self, idempotency_key: _Optional[str] = ...) -> None: ...

class StartCatalogExportResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: _operations_pb2.Operation
    def __init__(self, operation: _Optional[_Union[_operations_pb2.Operation, _Mapping]] = ...) -> None: ...

class CatalogExport(_message.Message):
    __slots__ = ("format_version", "products", "images", "items", "corrections", "image_bytes", "parts", "expire_time")
    FORMAT_VERSION_FIELD_NUMBER: _ClassVar[int]
    PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    IMAGES_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    CORRECTIONS_FIELD_NUMBER: _ClassVar[int]
    IMAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    format_version: int
    products: int
    images: int
    items: int
    corrections: int
    image_bytes: int
    parts: _containers.RepeatedCompositeFieldContainer[CatalogExportPart]
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, format_version: _Optional[int] = ..., products: _Optional[int] = ..., images: _Optional[int] = ..., items: _Optional[int] = ..., corrections: _Optional[int] = ..., image_bytes: _Optional[int] = ..., parts: _Optional[_Iterable[_Union[CatalogExportPart, _Mapping]]] = ..., expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CatalogExportPart(_message.Message):
    __slots__ = ("name", "size_bytes", "sha256", "records")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    name: str
    size_bytes: int
    sha256: str
    records: int
    def __init__(self, name: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ..., records: _Optional[int] = ...) -> None: ...

class GetCatalogExportPartRequest(_message.Message):
    __slots__ = ("operation_id", "part")
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    operation_id: str
    part: str
    def __init__(self, operation_id: _Optional[str] = ..., part: _Optional[str] = ...) -> None: ...

class GetCatalogExportPartResponse(_message.Message):
    __slots__ = ("content",)
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    def __init__(self, content: _Optional[bytes] = ...) -> None: ...

class ImportReviewRequest(_message.Message):
    __slots__ = ("image_id", "items")
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    image_id: str
    items: _containers.RepeatedCompositeFieldContainer[ReviewedItem]
    def __init__(self, image_id: _Optional[str] = ..., items: _Optional[_Iterable[_Union[ReviewedItem, _Mapping]]] = ...) -> None: ...

class ReviewedItem(_message.Message):
    __slots__ = ("box", "detected_box", "box_said", "whole_image", "added", "label", "attributes", "reject_reason", "verified", "primary_in_image", "primary_in_product")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: ReviewedAttribute
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[ReviewedAttribute, _Mapping]] = ...) -> None: ...
    BOX_FIELD_NUMBER: _ClassVar[int]
    DETECTED_BOX_FIELD_NUMBER: _ClassVar[int]
    BOX_SAID_FIELD_NUMBER: _ClassVar[int]
    WHOLE_IMAGE_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    REJECT_REASON_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_FIELD_NUMBER: _ClassVar[int]
    PRIMARY_IN_IMAGE_FIELD_NUMBER: _ClassVar[int]
    PRIMARY_IN_PRODUCT_FIELD_NUMBER: _ClassVar[int]
    box: _types_pb2.Box
    detected_box: _types_pb2.Box
    box_said: bool
    whole_image: bool
    added: bool
    label: str
    attributes: _containers.MessageMap[str, ReviewedAttribute]
    reject_reason: _items_pb2.RejectReason
    verified: bool
    primary_in_image: bool
    primary_in_product: bool
    def __init__(self, box: _Optional[_Union[_types_pb2.Box, _Mapping]] = ..., detected_box: _Optional[_Union[_types_pb2.Box, _Mapping]] = ..., box_said: bool = ..., whole_image: bool = ..., added: bool = ..., label: _Optional[str] = ..., attributes: _Optional[_Mapping[str, ReviewedAttribute]] = ..., reject_reason: _Optional[_Union[_items_pb2.RejectReason, str]] = ..., verified: bool = ..., primary_in_image: bool = ..., primary_in_product: bool = ...) -> None: ...

class ReviewedAttribute(_message.Message):
    __slots__ = ("values", "not_values", "number")
    VALUES_FIELD_NUMBER: _ClassVar[int]
    NOT_VALUES_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[str]
    not_values: _containers.RepeatedScalarFieldContainer[str]
    number: float
    def __init__(self, values: _Optional[_Iterable[str]] = ..., not_values: _Optional[_Iterable[str]] = ..., number: _Optional[float] = ...) -> None: ...

class ImportReviewResponse(_message.Message):
    __slots__ = ("changed", "added", "unmatched", "job_ids")
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    UNMATCHED_FIELD_NUMBER: _ClassVar[int]
    JOB_IDS_FIELD_NUMBER: _ClassVar[int]
    changed: int
    added: int
    unmatched: int
    job_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, changed: _Optional[int] = ..., added: _Optional[int] = ..., unmatched: _Optional[int] = ..., job_ids: _Optional[_Iterable[str]] = ...) -> None: ...
