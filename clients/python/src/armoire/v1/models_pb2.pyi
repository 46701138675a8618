from armoire.v1 import access_pb2 as _access_pb2
from armoire.v1 import inference_pb2 as _inference_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ModelEventKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_EVENT_KIND_UNSPECIFIED: _ClassVar[ModelEventKind]
    MODEL_EVENT_KIND_LOADED: _ClassVar[ModelEventKind]
    MODEL_EVENT_KIND_UNLOADED: _ClassVar[ModelEventKind]
    MODEL_EVENT_KIND_ALIAS_SET: _ClassVar[ModelEventKind]
    MODEL_EVENT_KIND_ALIAS_DELETED: _ClassVar[ModelEventKind]
    MODEL_EVENT_KIND_LOAD_FAILED: _ClassVar[ModelEventKind]
MODEL_EVENT_KIND_UNSPECIFIED: ModelEventKind
MODEL_EVENT_KIND_LOADED: ModelEventKind
MODEL_EVENT_KIND_UNLOADED: ModelEventKind
MODEL_EVENT_KIND_ALIAS_SET: ModelEventKind
MODEL_EVENT_KIND_ALIAS_DELETED: ModelEventKind
MODEL_EVENT_KIND_LOAD_FAILED: ModelEventKind

class LoadModelRequest(_message.Message):
    __slots__ = ("reference",)
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    reference: str
    def __init__(self, reference: _Optional[str] = ...) -> None: ...

class LoadModelResponse(_message.Message):
    __slots__ = ("models",)
    MODELS_FIELD_NUMBER: _ClassVar[int]
    models: _containers.RepeatedCompositeFieldContainer[_inference_pb2.Model]
    def __init__(self, models: _Optional[_Iterable[_Union[_inference_pb2.Model, _Mapping]]] = ...) -> None: ...

class UnloadModelRequest(_message.Message):
    __slots__ = ("version",)
    VERSION_FIELD_NUMBER: _ClassVar[int]
    version: str
    def __init__(self, version: _Optional[str] = ...) -> None: ...

class UnloadModelResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SetModelAliasRequest(_message.Message):
    __slots__ = ("alias", "version", "required_shadow")
    ALIAS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_SHADOW_FIELD_NUMBER: _ClassVar[int]
    alias: str
    version: str
    required_shadow: ShadowRequirement
    def __init__(self, alias: _Optional[str] = ..., version: _Optional[str] = ..., required_shadow: _Optional[_Union[ShadowRequirement, _Mapping]] = ...) -> None: ...

class ShadowRequirement(_message.Message):
    __slots__ = ("min_garments", "min_label_agreement", "min_overlap")
    MIN_GARMENTS_FIELD_NUMBER: _ClassVar[int]
    MIN_LABEL_AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    MIN_OVERLAP_FIELD_NUMBER: _ClassVar[int]
    min_garments: int
    min_label_agreement: float
    min_overlap: float
    def __init__(self, min_garments: _Optional[int] = ..., min_label_agreement: _Optional[float] = ..., min_overlap: _Optional[float] = ...) -> None: ...

class SetModelAliasResponse(_message.Message):
    __slots__ = ("previous_version", "models")
    PREVIOUS_VERSION_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    previous_version: str
    models: _containers.RepeatedCompositeFieldContainer[_inference_pb2.Model]
    def __init__(self, previous_version: _Optional[str] = ..., models: _Optional[_Iterable[_Union[_inference_pb2.Model, _Mapping]]] = ...) -> None: ...

class DeleteModelAliasRequest(_message.Message):
    __slots__ = ("alias", "task")
    ALIAS_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    alias: str
    task: _inference_pb2.ModelTask
    def __init__(self, alias: _Optional[str] = ..., task: _Optional[_Union[_inference_pb2.ModelTask, str]] = ...) -> None: ...

class DeleteModelAliasResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ModelEvent(_message.Message):
    __slots__ = ("time", "kind", "version", "alias", "previous_version", "reference", "message")
    TIME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ALIAS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_VERSION_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    time: _timestamp_pb2.Timestamp
    kind: ModelEventKind
    version: str
    alias: str
    previous_version: str
    reference: str
    message: str
    def __init__(self, time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., kind: _Optional[_Union[ModelEventKind, str]] = ..., version: _Optional[str] = ..., alias: _Optional[str] = ..., previous_version: _Optional[str] = ..., reference: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class GetShadowReportRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetShadowReportResponse(_message.Message):
    __slots__ = ("live_version", "candidate_version", "start_time", "photos", "dropped", "failed", "garments", "same_labels", "neighbourhoods", "overlap")
    LIVE_VERSION_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_VERSION_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    PHOTOS_FIELD_NUMBER: _ClassVar[int]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    GARMENTS_FIELD_NUMBER: _ClassVar[int]
    SAME_LABELS_FIELD_NUMBER: _ClassVar[int]
    NEIGHBOURHOODS_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_FIELD_NUMBER: _ClassVar[int]
    live_version: str
    candidate_version: str
    start_time: _timestamp_pb2.Timestamp
    photos: int
    dropped: int
    failed: int
    garments: int
    same_labels: int
    neighbourhoods: int
    overlap: float
    def __init__(self, live_version: _Optional[str] = ..., candidate_version: _Optional[str] = ..., start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., photos: _Optional[int] = ..., dropped: _Optional[int] = ..., failed: _Optional[int] = ..., garments: _Optional[int] = ..., same_labels: _Optional[int] = ..., neighbourhoods: _Optional[int] = ..., overlap: _Optional[float] = ...) -> None: ...

class ListModelEventsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListModelEventsResponse(_message.Message):
    __slots__ = ("events", "next_page_token")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[ModelEvent]
    next_page_token: str
    def __init__(self, events: _Optional[_Iterable[_Union[ModelEvent, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
