from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Priority(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRIORITY_UNSPECIFIED: _ClassVar[Priority]
    PRIORITY_INTERACTIVE: _ClassVar[Priority]
    PRIORITY_BULK: _ClassVar[Priority]

class ValueSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VALUE_SOURCE_UNSPECIFIED: _ClassVar[ValueSource]
    VALUE_SOURCE_MODEL: _ClassVar[ValueSource]
    VALUE_SOURCE_PERSON: _ClassVar[ValueSource]

class QualityIssue(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    QUALITY_ISSUE_UNSPECIFIED: _ClassVar[QualityIssue]
    QUALITY_ISSUE_TOO_SMALL: _ClassVar[QualityIssue]
    QUALITY_ISSUE_ASPECT_RATIO: _ClassVar[QualityIssue]
    QUALITY_ISSUE_FLAT_COLOR: _ClassVar[QualityIssue]
    QUALITY_ISSUE_BLURRED: _ClassVar[QualityIssue]
    QUALITY_ISSUE_UNDEREXPOSED: _ClassVar[QualityIssue]
    QUALITY_ISSUE_OVEREXPOSED: _ClassVar[QualityIssue]
    QUALITY_ISSUE_LOW_RESOLUTION: _ClassVar[QualityIssue]
    QUALITY_ISSUE_NOT_A_GARMENT: _ClassVar[QualityIssue]
PRIORITY_UNSPECIFIED: Priority
PRIORITY_INTERACTIVE: Priority
PRIORITY_BULK: Priority
VALUE_SOURCE_UNSPECIFIED: ValueSource
VALUE_SOURCE_MODEL: ValueSource
VALUE_SOURCE_PERSON: ValueSource
QUALITY_ISSUE_UNSPECIFIED: QualityIssue
QUALITY_ISSUE_TOO_SMALL: QualityIssue
QUALITY_ISSUE_ASPECT_RATIO: QualityIssue
QUALITY_ISSUE_FLAT_COLOR: QualityIssue
QUALITY_ISSUE_BLURRED: QualityIssue
QUALITY_ISSUE_UNDEREXPOSED: QualityIssue
QUALITY_ISSUE_OVEREXPOSED: QualityIssue
QUALITY_ISSUE_LOW_RESOLUTION: QualityIssue
QUALITY_ISSUE_NOT_A_GARMENT: QualityIssue

class ImageInput(_message.Message):
    __slots__ = ("content", "upload_id", "uri", "boxes")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    UPLOAD_ID_FIELD_NUMBER: _ClassVar[int]
    URI_FIELD_NUMBER: _ClassVar[int]
    BOXES_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    upload_id: str
    uri: str
    boxes: _containers.RepeatedCompositeFieldContainer[Box]
    def __init__(self, content: _Optional[bytes] = ..., upload_id: _Optional[str] = ..., uri: _Optional[str] = ..., boxes: _Optional[_Iterable[_Union[Box, _Mapping]]] = ...) -> None: ...

class Box(_message.Message):
    __slots__ = ("x1", "y1", "x2", "y2")
    X1_FIELD_NUMBER: _ClassVar[int]
    Y1_FIELD_NUMBER: _ClassVar[int]
    X2_FIELD_NUMBER: _ClassVar[int]
    Y2_FIELD_NUMBER: _ClassVar[int]
    x1: float
    y1: float
    x2: float
    y2: float
    def __init__(self, x1: _Optional[float] = ..., y1: _Optional[float] = ..., x2: _Optional[float] = ..., y2: _Optional[float] = ...) -> None: ...

class AttributeValue(_message.Message):
    __slots__ = ("values", "number", "source", "alternatives")
    VALUES_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedCompositeFieldContainer[ScoredValue]
    number: float
    source: ValueSource
    alternatives: _containers.RepeatedCompositeFieldContainer[ScoredValue]
    def __init__(self, values: _Optional[_Iterable[_Union[ScoredValue, _Mapping]]] = ..., number: _Optional[float] = ..., source: _Optional[_Union[ValueSource, str]] = ..., alternatives: _Optional[_Iterable[_Union[ScoredValue, _Mapping]]] = ...) -> None: ...

class ScoredValue(_message.Message):
    __slots__ = ("value", "score")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    value: str
    score: float
    def __init__(self, value: _Optional[str] = ..., score: _Optional[float] = ...) -> None: ...

class ColorShare(_message.Message):
    __slots__ = ("name", "fraction", "rgb")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FRACTION_FIELD_NUMBER: _ClassVar[int]
    RGB_FIELD_NUMBER: _ClassVar[int]
    name: str
    fraction: float
    rgb: int
    def __init__(self, name: _Optional[str] = ..., fraction: _Optional[float] = ..., rgb: _Optional[int] = ...) -> None: ...

class Embedding(_message.Message):
    __slots__ = ("values", "model_version", "preprocess_version")
    VALUES_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[float]
    model_version: str
    preprocess_version: str
    def __init__(self, values: _Optional[_Iterable[float]] = ..., model_version: _Optional[str] = ..., preprocess_version: _Optional[str] = ...) -> None: ...

class StageTimings(_message.Message):
    __slots__ = ("decode_ns", "detect_queue_ns", "detect_ns", "crop_ns", "embed_queue_ns", "embed_ns", "describe_ns", "search_ns", "total_ns", "classify_queue_ns", "classify_ns")
    DECODE_NS_FIELD_NUMBER: _ClassVar[int]
    DETECT_QUEUE_NS_FIELD_NUMBER: _ClassVar[int]
    DETECT_NS_FIELD_NUMBER: _ClassVar[int]
    CROP_NS_FIELD_NUMBER: _ClassVar[int]
    EMBED_QUEUE_NS_FIELD_NUMBER: _ClassVar[int]
    EMBED_NS_FIELD_NUMBER: _ClassVar[int]
    DESCRIBE_NS_FIELD_NUMBER: _ClassVar[int]
    SEARCH_NS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_NS_FIELD_NUMBER: _ClassVar[int]
    CLASSIFY_QUEUE_NS_FIELD_NUMBER: _ClassVar[int]
    CLASSIFY_NS_FIELD_NUMBER: _ClassVar[int]
    decode_ns: int
    detect_queue_ns: int
    detect_ns: int
    crop_ns: int
    embed_queue_ns: int
    embed_ns: int
    describe_ns: int
    search_ns: int
    total_ns: int
    classify_queue_ns: int
    classify_ns: int
    def __init__(self, decode_ns: _Optional[int] = ..., detect_queue_ns: _Optional[int] = ..., detect_ns: _Optional[int] = ..., crop_ns: _Optional[int] = ..., embed_queue_ns: _Optional[int] = ..., embed_ns: _Optional[int] = ..., describe_ns: _Optional[int] = ..., search_ns: _Optional[int] = ..., total_ns: _Optional[int] = ..., classify_queue_ns: _Optional[int] = ..., classify_ns: _Optional[int] = ...) -> None: ...
