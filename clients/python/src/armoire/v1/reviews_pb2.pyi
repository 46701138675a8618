from armoire.v1 import admin_pb2 as _admin_pb2
from armoire.v1 import corrections_pb2 as _corrections_pb2
from armoire.v1 import exports_pb2 as _exports_pb2
from armoire.v1 import items_pb2 as _items_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LeaseReviewItemsRequest(_message.Message):
    __slots__ = ("reviewer", "max_items", "lease_s", "filter", "audit_share", "disagreements", "similar_to_item_id", "min_similarity", "include_picture_urls", "item_id")
    REVIEWER_FIELD_NUMBER: _ClassVar[int]
    MAX_ITEMS_FIELD_NUMBER: _ClassVar[int]
    LEASE_S_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    AUDIT_SHARE_FIELD_NUMBER: _ClassVar[int]
    DISAGREEMENTS_FIELD_NUMBER: _ClassVar[int]
    SIMILAR_TO_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    MIN_SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_PICTURE_URLS_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    reviewer: str
    max_items: int
    lease_s: int
    filter: ReviewFilter
    audit_share: float
    disagreements: bool
    similar_to_item_id: str
    min_similarity: float
    include_picture_urls: bool
    item_id: str
    def __init__(self, reviewer: _Optional[str] = ..., max_items: _Optional[int] = ..., lease_s: _Optional[int] = ..., filter: _Optional[_Union[ReviewFilter, _Mapping]] = ..., audit_share: _Optional[float] = ..., disagreements: bool = ..., similar_to_item_id: _Optional[str] = ..., min_similarity: _Optional[float] = ..., include_picture_urls: bool = ..., item_id: _Optional[str] = ...) -> None: ...

class ReviewFilter(_message.Message):
    __slots__ = ("category", "model_version", "never_seen")
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    NEVER_SEEN_FIELD_NUMBER: _ClassVar[int]
    category: str
    model_version: str
    never_seen: bool
    def __init__(self, category: _Optional[str] = ..., model_version: _Optional[str] = ..., never_seen: bool = ...) -> None: ...

class LeaseReviewItemsResponse(_message.Message):
    __slots__ = ("items", "lease_expire_time", "open_items", "url_expire_time")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    LEASE_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    OPEN_ITEMS_FIELD_NUMBER: _ClassVar[int]
    URL_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[ReviewItem]
    lease_expire_time: _timestamp_pb2.Timestamp
    open_items: int
    url_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, items: _Optional[_Iterable[_Union[ReviewItem, _Mapping]]] = ..., lease_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., open_items: _Optional[int] = ..., url_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ReviewItem(_message.Message):
    __slots__ = ("item", "reason", "uncertainty", "photo_url")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    UNCERTAINTY_FIELD_NUMBER: _ClassVar[int]
    PHOTO_URL_FIELD_NUMBER: _ClassVar[int]
    item: _items_pb2.Item
    reason: _corrections_pb2.ReviewReason
    uncertainty: float
    photo_url: str
    def __init__(self, item: _Optional[_Union[_items_pb2.Item, _Mapping]] = ..., reason: _Optional[_Union[_corrections_pb2.ReviewReason, str]] = ..., uncertainty: _Optional[float] = ..., photo_url: _Optional[str] = ...) -> None: ...

class ReleaseReviewItemsRequest(_message.Message):
    __slots__ = ("reviewer", "item_ids", "skip")
    REVIEWER_FIELD_NUMBER: _ClassVar[int]
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    SKIP_FIELD_NUMBER: _ClassVar[int]
    reviewer: str
    item_ids: _containers.RepeatedScalarFieldContainer[str]
    skip: bool
    def __init__(self, reviewer: _Optional[str] = ..., item_ids: _Optional[_Iterable[str]] = ..., skip: bool = ...) -> None: ...

class ReleaseReviewItemsResponse(_message.Message):
    __slots__ = ("released",)
    RELEASED_FIELD_NUMBER: _ClassVar[int]
    released: int
    def __init__(self, released: _Optional[int] = ...) -> None: ...

class VerifyItemsRequest(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[ItemToVerify]
    def __init__(self, items: _Optional[_Iterable[_Union[ItemToVerify, _Mapping]]] = ...) -> None: ...

class ItemToVerify(_message.Message):
    __slots__ = ("item_id", "etag")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    etag: str
    def __init__(self, item_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class VerifyItemsResponse(_message.Message):
    __slots__ = ("items", "corrections")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    CORRECTIONS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[_items_pb2.Item]
    corrections: _containers.RepeatedCompositeFieldContainer[_corrections_pb2.Correction]
    def __init__(self, items: _Optional[_Iterable[_Union[_items_pb2.Item, _Mapping]]] = ..., corrections: _Optional[_Iterable[_Union[_corrections_pb2.Correction, _Mapping]]] = ...) -> None: ...

class GetReviewStatisticsRequest(_message.Message):
    __slots__ = ("created_from", "created_before", "only_audited", "split", "shares", "agreement_in_time")
    CREATED_FROM_FIELD_NUMBER: _ClassVar[int]
    CREATED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    ONLY_AUDITED_FIELD_NUMBER: _ClassVar[int]
    SPLIT_FIELD_NUMBER: _ClassVar[int]
    SHARES_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_IN_TIME_FIELD_NUMBER: _ClassVar[int]
    created_from: _timestamp_pb2.Timestamp
    created_before: _timestamp_pb2.Timestamp
    only_audited: bool
    split: _exports_pb2.DatasetSplit
    shares: _exports_pb2.DatasetShares
    agreement_in_time: bool
    def __init__(self, created_from: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., created_before: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., only_audited: bool = ..., split: _Optional[_Union[_exports_pb2.DatasetSplit, str]] = ..., shares: _Optional[_Union[_exports_pb2.DatasetShares, _Mapping]] = ..., agreement_in_time: bool = ...) -> None: ...

class GetReviewStatisticsResponse(_message.Message):
    __slots__ = ("reviewers", "agreements", "coverage", "items", "verified", "rejected", "reviewed", "truncated")
    REVIEWERS_FIELD_NUMBER: _ClassVar[int]
    AGREEMENTS_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    reviewers: _containers.RepeatedCompositeFieldContainer[ReviewerPace]
    agreements: _containers.RepeatedCompositeFieldContainer[Agreement]
    coverage: _containers.RepeatedCompositeFieldContainer[Coverage]
    items: int
    verified: int
    rejected: int
    reviewed: int
    truncated: bool
    def __init__(self, reviewers: _Optional[_Iterable[_Union[ReviewerPace, _Mapping]]] = ..., agreements: _Optional[_Iterable[_Union[Agreement, _Mapping]]] = ..., coverage: _Optional[_Iterable[_Union[Coverage, _Mapping]]] = ..., items: _Optional[int] = ..., verified: _Optional[int] = ..., rejected: _Optional[int] = ..., reviewed: _Optional[int] = ..., truncated: bool = ...) -> None: ...

class ReviewerPace(_message.Message):
    __slots__ = ("author", "decisions", "active_s")
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_S_FIELD_NUMBER: _ClassVar[int]
    author: str
    decisions: int
    active_s: float
    def __init__(self, author: _Optional[str] = ..., decisions: _Optional[int] = ..., active_s: _Optional[float] = ...) -> None: ...

class Agreement(_message.Message):
    __slots__ = ("attribute", "model_version", "preprocess_version", "reviewed", "agreed", "confusions", "described_time", "live")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_FIELD_NUMBER: _ClassVar[int]
    AGREED_FIELD_NUMBER: _ClassVar[int]
    CONFUSIONS_FIELD_NUMBER: _ClassVar[int]
    DESCRIBED_TIME_FIELD_NUMBER: _ClassVar[int]
    LIVE_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    model_version: str
    preprocess_version: str
    reviewed: int
    agreed: int
    confusions: _containers.RepeatedCompositeFieldContainer[Confusion]
    described_time: _timestamp_pb2.Timestamp
    live: bool
    def __init__(self, attribute: _Optional[str] = ..., model_version: _Optional[str] = ..., preprocess_version: _Optional[str] = ..., reviewed: _Optional[int] = ..., agreed: _Optional[int] = ..., confusions: _Optional[_Iterable[_Union[Confusion, _Mapping]]] = ..., described_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., live: bool = ...) -> None: ...

class Confusion(_message.Message):
    __slots__ = ("model_value", "person_value", "count")
    MODEL_VALUE_FIELD_NUMBER: _ClassVar[int]
    PERSON_VALUE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    model_value: str
    person_value: str
    count: int
    def __init__(self, model_value: _Optional[str] = ..., person_value: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class Coverage(_message.Message):
    __slots__ = ("label", "items", "decided")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    DECIDED_FIELD_NUMBER: _ClassVar[int]
    label: str
    items: int
    decided: int
    def __init__(self, label: _Optional[str] = ..., items: _Optional[int] = ..., decided: _Optional[int] = ...) -> None: ...

class GetTaxonomyRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetTaxonomyResponse(_message.Message):
    __slots__ = ("taxonomy", "vocabulary_version", "garment_types")
    TAXONOMY_FIELD_NUMBER: _ClassVar[int]
    VOCABULARY_VERSION_FIELD_NUMBER: _ClassVar[int]
    GARMENT_TYPES_FIELD_NUMBER: _ClassVar[int]
    taxonomy: _admin_pb2.Taxonomy
    vocabulary_version: str
    garment_types: _containers.RepeatedCompositeFieldContainer[GarmentType]
    def __init__(self, taxonomy: _Optional[_Union[_admin_pb2.Taxonomy, _Mapping]] = ..., vocabulary_version: _Optional[str] = ..., garment_types: _Optional[_Iterable[_Union[GarmentType, _Mapping]]] = ...) -> None: ...

class GarmentType(_message.Message):
    __slots__ = ("name", "category", "slots", "warmth", "formality", "seasons", "synonyms")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    WARMTH_FIELD_NUMBER: _ClassVar[int]
    FORMALITY_FIELD_NUMBER: _ClassVar[int]
    SEASONS_FIELD_NUMBER: _ClassVar[int]
    SYNONYMS_FIELD_NUMBER: _ClassVar[int]
    name: str
    category: str
    slots: _containers.RepeatedScalarFieldContainer[str]
    warmth: float
    formality: float
    seasons: _containers.RepeatedScalarFieldContainer[str]
    synonyms: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., category: _Optional[str] = ..., slots: _Optional[_Iterable[str]] = ..., warmth: _Optional[float] = ..., formality: _Optional[float] = ..., seasons: _Optional[_Iterable[str]] = ..., synonyms: _Optional[_Iterable[str]] = ...) -> None: ...
