from armoire.v1 import items_pb2 as _items_pb2
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

class CorrectionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CORRECTION_KIND_UNSPECIFIED: _ClassVar[CorrectionKind]
    CORRECTION_KIND_CORRECT: _ClassVar[CorrectionKind]
    CORRECTION_KIND_ADD: _ClassVar[CorrectionKind]
    CORRECTION_KIND_REJECT: _ClassVar[CorrectionKind]
    CORRECTION_KIND_RESTORE: _ClassVar[CorrectionKind]
    CORRECTION_KIND_SET_PRIMARY: _ClassVar[CorrectionKind]
    CORRECTION_KIND_VERIFY: _ClassVar[CorrectionKind]
    CORRECTION_KIND_UNDO: _ClassVar[CorrectionKind]

class PrimaryTarget(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRIMARY_TARGET_UNSPECIFIED: _ClassVar[PrimaryTarget]
    PRIMARY_TARGET_IMAGE: _ClassVar[PrimaryTarget]
    PRIMARY_TARGET_PRODUCT: _ClassVar[PrimaryTarget]

class ReviewReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REVIEW_REASON_UNSPECIFIED: _ClassVar[ReviewReason]
    REVIEW_REASON_UNCERTAIN: _ClassVar[ReviewReason]
    REVIEW_REASON_AUDIT: _ClassVar[ReviewReason]
    REVIEW_REASON_DISAGREEMENT: _ClassVar[ReviewReason]
    REVIEW_REASON_SIMILAR: _ClassVar[ReviewReason]
CORRECTION_KIND_UNSPECIFIED: CorrectionKind
CORRECTION_KIND_CORRECT: CorrectionKind
CORRECTION_KIND_ADD: CorrectionKind
CORRECTION_KIND_REJECT: CorrectionKind
CORRECTION_KIND_RESTORE: CorrectionKind
CORRECTION_KIND_SET_PRIMARY: CorrectionKind
CORRECTION_KIND_VERIFY: CorrectionKind
CORRECTION_KIND_UNDO: CorrectionKind
PRIMARY_TARGET_UNSPECIFIED: PrimaryTarget
PRIMARY_TARGET_IMAGE: PrimaryTarget
PRIMARY_TARGET_PRODUCT: PrimaryTarget
REVIEW_REASON_UNSPECIFIED: ReviewReason
REVIEW_REASON_UNCERTAIN: ReviewReason
REVIEW_REASON_AUDIT: ReviewReason
REVIEW_REASON_DISAGREEMENT: ReviewReason
REVIEW_REASON_SIMILAR: ReviewReason

class AttributeCorrection(_message.Message):
    __slots__ = ("values", "not_values", "cleared", "reset")
    VALUES_FIELD_NUMBER: _ClassVar[int]
    NOT_VALUES_FIELD_NUMBER: _ClassVar[int]
    CLEARED_FIELD_NUMBER: _ClassVar[int]
    RESET_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[str]
    not_values: _containers.RepeatedScalarFieldContainer[str]
    cleared: bool
    reset: bool
    def __init__(self, values: _Optional[_Iterable[str]] = ..., not_values: _Optional[_Iterable[str]] = ..., cleared: bool = ..., reset: bool = ...) -> None: ...

class Correction(_message.Message):
    __slots__ = ("id", "item_id", "kind", "author", "end_user", "changes", "model_version", "preprocess_version", "undone_correction_id", "create_time", "review_reason", "batch_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    END_USER_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    UNDONE_CORRECTION_ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    REVIEW_REASON_FIELD_NUMBER: _ClassVar[int]
    BATCH_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    item_id: str
    kind: CorrectionKind
    author: str
    end_user: str
    changes: _containers.RepeatedCompositeFieldContainer[FieldChange]
    model_version: str
    preprocess_version: str
    undone_correction_id: str
    create_time: _timestamp_pb2.Timestamp
    review_reason: ReviewReason
    batch_id: str
    def __init__(self, id: _Optional[str] = ..., item_id: _Optional[str] = ..., kind: _Optional[_Union[CorrectionKind, str]] = ..., author: _Optional[str] = ..., end_user: _Optional[str] = ..., changes: _Optional[_Iterable[_Union[FieldChange, _Mapping]]] = ..., model_version: _Optional[str] = ..., preprocess_version: _Optional[str] = ..., undone_correction_id: _Optional[str] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., review_reason: _Optional[_Union[ReviewReason, str]] = ..., batch_id: _Optional[str] = ...) -> None: ...

class FieldChange(_message.Message):
    __slots__ = ("field", "before", "after")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    field: str
    before: str
    after: str
    def __init__(self, field: _Optional[str] = ..., before: _Optional[str] = ..., after: _Optional[str] = ...) -> None: ...

class CorrectItemRequest(_message.Message):
    __slots__ = ("item_id", "label", "attributes", "box", "etag", "verify")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: AttributeCorrection
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[AttributeCorrection, _Mapping]] = ...) -> None: ...
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    BOX_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    VERIFY_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    label: str
    attributes: _containers.MessageMap[str, AttributeCorrection]
    box: _types_pb2.Box
    etag: str
    verify: bool
    def __init__(self, item_id: _Optional[str] = ..., label: _Optional[str] = ..., attributes: _Optional[_Mapping[str, AttributeCorrection]] = ..., box: _Optional[_Union[_types_pb2.Box, _Mapping]] = ..., etag: _Optional[str] = ..., verify: bool = ...) -> None: ...

class CorrectItemResponse(_message.Message):
    __slots__ = ("item", "correction", "job_id")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CORRECTION_FIELD_NUMBER: _ClassVar[int]
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    item: _items_pb2.Item
    correction: Correction
    job_id: str
    def __init__(self, item: _Optional[_Union[_items_pb2.Item, _Mapping]] = ..., correction: _Optional[_Union[Correction, _Mapping]] = ..., job_id: _Optional[str] = ...) -> None: ...

class AddItemRequest(_message.Message):
    __slots__ = ("image_id", "box", "label", "attributes")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: AttributeCorrection
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[AttributeCorrection, _Mapping]] = ...) -> None: ...
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    BOX_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    image_id: str
    box: _types_pb2.Box
    label: str
    attributes: _containers.MessageMap[str, AttributeCorrection]
    def __init__(self, image_id: _Optional[str] = ..., box: _Optional[_Union[_types_pb2.Box, _Mapping]] = ..., label: _Optional[str] = ..., attributes: _Optional[_Mapping[str, AttributeCorrection]] = ...) -> None: ...

class AddItemResponse(_message.Message):
    __slots__ = ("item", "correction", "job_id")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CORRECTION_FIELD_NUMBER: _ClassVar[int]
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    item: _items_pb2.Item
    correction: Correction
    job_id: str
    def __init__(self, item: _Optional[_Union[_items_pb2.Item, _Mapping]] = ..., correction: _Optional[_Union[Correction, _Mapping]] = ..., job_id: _Optional[str] = ...) -> None: ...

class RejectItemRequest(_message.Message):
    __slots__ = ("item_id", "reason", "etag")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    reason: _items_pb2.RejectReason
    etag: str
    def __init__(self, item_id: _Optional[str] = ..., reason: _Optional[_Union[_items_pb2.RejectReason, str]] = ..., etag: _Optional[str] = ...) -> None: ...

class RejectItemResponse(_message.Message):
    __slots__ = ("item", "correction")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CORRECTION_FIELD_NUMBER: _ClassVar[int]
    item: _items_pb2.Item
    correction: Correction
    def __init__(self, item: _Optional[_Union[_items_pb2.Item, _Mapping]] = ..., correction: _Optional[_Union[Correction, _Mapping]] = ...) -> None: ...

class RestoreItemRequest(_message.Message):
    __slots__ = ("item_id", "etag")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    etag: str
    def __init__(self, item_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class RestoreItemResponse(_message.Message):
    __slots__ = ("item", "correction")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CORRECTION_FIELD_NUMBER: _ClassVar[int]
    item: _items_pb2.Item
    correction: Correction
    def __init__(self, item: _Optional[_Union[_items_pb2.Item, _Mapping]] = ..., correction: _Optional[_Union[Correction, _Mapping]] = ...) -> None: ...

class SetPrimaryItemRequest(_message.Message):
    __slots__ = ("item_id", "target", "etag")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    target: PrimaryTarget
    etag: str
    def __init__(self, item_id: _Optional[str] = ..., target: _Optional[_Union[PrimaryTarget, str]] = ..., etag: _Optional[str] = ...) -> None: ...

class SetPrimaryItemResponse(_message.Message):
    __slots__ = ("item", "correction")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CORRECTION_FIELD_NUMBER: _ClassVar[int]
    item: _items_pb2.Item
    correction: Correction
    def __init__(self, item: _Optional[_Union[_items_pb2.Item, _Mapping]] = ..., correction: _Optional[_Union[Correction, _Mapping]] = ...) -> None: ...

class VerifyItemRequest(_message.Message):
    __slots__ = ("item_id", "etag")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    etag: str
    def __init__(self, item_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class VerifyItemResponse(_message.Message):
    __slots__ = ("item", "correction")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CORRECTION_FIELD_NUMBER: _ClassVar[int]
    item: _items_pb2.Item
    correction: Correction
    def __init__(self, item: _Optional[_Union[_items_pb2.Item, _Mapping]] = ..., correction: _Optional[_Union[Correction, _Mapping]] = ...) -> None: ...

class UndoCorrectionRequest(_message.Message):
    __slots__ = ("correction_id",)
    CORRECTION_ID_FIELD_NUMBER: _ClassVar[int]
    correction_id: str
    def __init__(self, correction_id: _Optional[str] = ...) -> None: ...

class UndoCorrectionResponse(_message.Message):
    __slots__ = ("item", "correction", "job_id")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CORRECTION_FIELD_NUMBER: _ClassVar[int]
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    item: _items_pb2.Item
    correction: Correction
    job_id: str
    def __init__(self, item: _Optional[_Union[_items_pb2.Item, _Mapping]] = ..., correction: _Optional[_Union[Correction, _Mapping]] = ..., job_id: _Optional[str] = ...) -> None: ...

class ListCorrectionsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "item_id", "author", "created_from", "created_before")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    CREATED_FROM_FIELD_NUMBER: _ClassVar[int]
    CREATED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    item_id: str
    author: str
    created_from: _timestamp_pb2.Timestamp
    created_before: _timestamp_pb2.Timestamp
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., item_id: _Optional[str] = ..., author: _Optional[str] = ..., created_from: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., created_before: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListCorrectionsResponse(_message.Message):
    __slots__ = ("corrections", "next_page_token")
    CORRECTIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    corrections: _containers.RepeatedCompositeFieldContainer[Correction]
    next_page_token: str
    def __init__(self, corrections: _Optional[_Iterable[_Union[Correction, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
