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

class RejectReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REJECT_REASON_UNSPECIFIED: _ClassVar[RejectReason]
    REJECT_REASON_NOT_A_GARMENT: _ClassVar[RejectReason]
    REJECT_REASON_DUPLICATE: _ClassVar[RejectReason]
    REJECT_REASON_BAD_BOX: _ClassVar[RejectReason]
REJECT_REASON_UNSPECIFIED: RejectReason
REJECT_REASON_NOT_A_GARMENT: RejectReason
REJECT_REASON_DUPLICATE: RejectReason
REJECT_REASON_BAD_BOX: RejectReason

class Item(_message.Message):
    __slots__ = ("id", "image_id", "image_name", "product_id", "box", "image_width", "image_height", "score", "label", "whole_image", "primary_in_image", "primary_in_product", "attributes", "colors", "warnings", "model_version", "preprocess_version", "etag", "create_time", "update_time", "embedding", "crop", "categories", "classifier_version", "classifier_preprocess_version", "label_source", "box_source", "added", "reject_reason", "verify_time", "garment_score", "crop_url")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _types_pb2.AttributeValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_types_pb2.AttributeValue, _Mapping]] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    IMAGE_NAME_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    BOX_FIELD_NUMBER: _ClassVar[int]
    IMAGE_WIDTH_FIELD_NUMBER: _ClassVar[int]
    IMAGE_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    WHOLE_IMAGE_FIELD_NUMBER: _ClassVar[int]
    PRIMARY_IN_IMAGE_FIELD_NUMBER: _ClassVar[int]
    PRIMARY_IN_PRODUCT_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    COLORS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_FIELD_NUMBER: _ClassVar[int]
    CROP_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    CLASSIFIER_VERSION_FIELD_NUMBER: _ClassVar[int]
    CLASSIFIER_PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    LABEL_SOURCE_FIELD_NUMBER: _ClassVar[int]
    BOX_SOURCE_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    REJECT_REASON_FIELD_NUMBER: _ClassVar[int]
    VERIFY_TIME_FIELD_NUMBER: _ClassVar[int]
    GARMENT_SCORE_FIELD_NUMBER: _ClassVar[int]
    CROP_URL_FIELD_NUMBER: _ClassVar[int]
    id: str
    image_id: str
    image_name: str
    product_id: str
    box: _types_pb2.Box
    image_width: int
    image_height: int
    score: float
    label: str
    whole_image: bool
    primary_in_image: bool
    primary_in_product: bool
    attributes: _containers.MessageMap[str, _types_pb2.AttributeValue]
    colors: _containers.RepeatedCompositeFieldContainer[_types_pb2.ColorShare]
    warnings: _containers.RepeatedScalarFieldContainer[_types_pb2.QualityIssue]
    model_version: str
    preprocess_version: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    embedding: _types_pb2.Embedding
    crop: bytes
    categories: _containers.RepeatedCompositeFieldContainer[_types_pb2.ScoredValue]
    classifier_version: str
    classifier_preprocess_version: str
    label_source: _types_pb2.ValueSource
    box_source: _types_pb2.ValueSource
    added: bool
    reject_reason: RejectReason
    verify_time: _timestamp_pb2.Timestamp
    garment_score: float
    crop_url: str
    def __init__(self, id: _Optional[str] = ..., image_id: _Optional[str] = ..., image_name: _Optional[str] = ..., product_id: _Optional[str] = ..., box: _Optional[_Union[_types_pb2.Box, _Mapping]] = ..., image_width: _Optional[int] = ..., image_height: _Optional[int] = ..., score: _Optional[float] = ..., label: _Optional[str] = ..., whole_image: bool = ..., primary_in_image: bool = ..., primary_in_product: bool = ..., attributes: _Optional[_Mapping[str, _types_pb2.AttributeValue]] = ..., colors: _Optional[_Iterable[_Union[_types_pb2.ColorShare, _Mapping]]] = ..., warnings: _Optional[_Iterable[_Union[_types_pb2.QualityIssue, str]]] = ..., model_version: _Optional[str] = ..., preprocess_version: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., embedding: _Optional[_Union[_types_pb2.Embedding, _Mapping]] = ..., crop: _Optional[bytes] = ..., categories: _Optional[_Iterable[_Union[_types_pb2.ScoredValue, _Mapping]]] = ..., classifier_version: _Optional[str] = ..., classifier_preprocess_version: _Optional[str] = ..., label_source: _Optional[_Union[_types_pb2.ValueSource, str]] = ..., box_source: _Optional[_Union[_types_pb2.ValueSource, str]] = ..., added: bool = ..., reject_reason: _Optional[_Union[RejectReason, str]] = ..., verify_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., garment_score: _Optional[float] = ..., crop_url: _Optional[str] = ...) -> None: ...

class ItemVersions(_message.Message):
    __slots__ = ("detector_version", "detector_preprocess_version", "embedder_version", "embedder_preprocess_version", "classifier_version", "classifier_preprocess_version", "vocabulary_version")
    DETECTOR_VERSION_FIELD_NUMBER: _ClassVar[int]
    DETECTOR_PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    EMBEDDER_VERSION_FIELD_NUMBER: _ClassVar[int]
    EMBEDDER_PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    CLASSIFIER_VERSION_FIELD_NUMBER: _ClassVar[int]
    CLASSIFIER_PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    VOCABULARY_VERSION_FIELD_NUMBER: _ClassVar[int]
    detector_version: str
    detector_preprocess_version: str
    embedder_version: str
    embedder_preprocess_version: str
    classifier_version: str
    classifier_preprocess_version: str
    vocabulary_version: str
    def __init__(self, detector_version: _Optional[str] = ..., detector_preprocess_version: _Optional[str] = ..., embedder_version: _Optional[str] = ..., embedder_preprocess_version: _Optional[str] = ..., classifier_version: _Optional[str] = ..., classifier_preprocess_version: _Optional[str] = ..., vocabulary_version: _Optional[str] = ...) -> None: ...

class GetItemRequest(_message.Message):
    __slots__ = ("item_id", "include_embedding", "include_crop", "include_crop_url", "url_lifetime_s", "include_alternatives")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_EMBEDDING_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CROP_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CROP_URL_FIELD_NUMBER: _ClassVar[int]
    URL_LIFETIME_S_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    include_embedding: bool
    include_crop: bool
    include_crop_url: bool
    url_lifetime_s: int
    include_alternatives: bool
    def __init__(self, item_id: _Optional[str] = ..., include_embedding: bool = ..., include_crop: bool = ..., include_crop_url: bool = ..., url_lifetime_s: _Optional[int] = ..., include_alternatives: bool = ...) -> None: ...

class GetItemResponse(_message.Message):
    __slots__ = ("item", "crop_url", "crop_url_expire_time")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CROP_URL_FIELD_NUMBER: _ClassVar[int]
    CROP_URL_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    item: Item
    crop_url: str
    crop_url_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, item: _Optional[_Union[Item, _Mapping]] = ..., crop_url: _Optional[str] = ..., crop_url_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListItemsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "product_id", "image_id", "show_rejected", "min_garment_score", "max_garment_score", "include_crop_urls", "where")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    SHOW_REJECTED_FIELD_NUMBER: _ClassVar[int]
    MIN_GARMENT_SCORE_FIELD_NUMBER: _ClassVar[int]
    MAX_GARMENT_SCORE_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CROP_URLS_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    product_id: str
    image_id: str
    show_rejected: bool
    min_garment_score: float
    max_garment_score: float
    include_crop_urls: bool
    where: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., product_id: _Optional[str] = ..., image_id: _Optional[str] = ..., show_rejected: bool = ..., min_garment_score: _Optional[float] = ..., max_garment_score: _Optional[float] = ..., include_crop_urls: bool = ..., where: _Optional[str] = ...) -> None: ...

class ListItemsResponse(_message.Message):
    __slots__ = ("items", "next_page_token", "crop_url_expire_time")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CROP_URL_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[Item]
    next_page_token: str
    crop_url_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, items: _Optional[_Iterable[_Union[Item, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., crop_url_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
