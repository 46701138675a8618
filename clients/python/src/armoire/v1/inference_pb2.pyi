from armoire.v1 import access_pb2 as _access_pb2
from armoire.v1 import types_pb2 as _types_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.rpc import status_pb2 as _status_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ModelTask(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_TASK_UNSPECIFIED: _ClassVar[ModelTask]
    MODEL_TASK_DETECT: _ClassVar[ModelTask]
    MODEL_TASK_EMBED_IMAGE: _ClassVar[ModelTask]
    MODEL_TASK_EMBED_TEXT: _ClassVar[ModelTask]
    MODEL_TASK_CLASSIFY: _ClassVar[ModelTask]

class ModelState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MODEL_STATE_UNSPECIFIED: _ClassVar[ModelState]
    MODEL_STATE_READY: _ClassVar[ModelState]
    MODEL_STATE_LOADING: _ClassVar[ModelState]
    MODEL_STATE_UNLOADING: _ClassVar[ModelState]
    MODEL_STATE_STORED: _ClassVar[ModelState]
    MODEL_STATE_FAILED: _ClassVar[ModelState]
MODEL_TASK_UNSPECIFIED: ModelTask
MODEL_TASK_DETECT: ModelTask
MODEL_TASK_EMBED_IMAGE: ModelTask
MODEL_TASK_EMBED_TEXT: ModelTask
MODEL_TASK_CLASSIFY: ModelTask
MODEL_STATE_UNSPECIFIED: ModelState
MODEL_STATE_READY: ModelState
MODEL_STATE_LOADING: ModelState
MODEL_STATE_UNLOADING: ModelState
MODEL_STATE_STORED: ModelState
MODEL_STATE_FAILED: ModelState

class DetectRequest(_message.Message):
    __slots__ = ("images", "min_score", "priority", "model_version")
    IMAGES_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    images: _containers.RepeatedCompositeFieldContainer[_types_pb2.ImageInput]
    min_score: float
    priority: _types_pb2.Priority
    model_version: str
    def __init__(self, images: _Optional[_Iterable[_Union[_types_pb2.ImageInput, _Mapping]]] = ..., min_score: _Optional[float] = ..., priority: _Optional[_Union[_types_pb2.Priority, str]] = ..., model_version: _Optional[str] = ...) -> None: ...

class DetectResponse(_message.Message):
    __slots__ = ("results", "model_version", "preprocess_version")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[DetectResult]
    model_version: str
    preprocess_version: str
    def __init__(self, results: _Optional[_Iterable[_Union[DetectResult, _Mapping]]] = ..., model_version: _Optional[str] = ..., preprocess_version: _Optional[str] = ...) -> None: ...

class DetectResult(_message.Message):
    __slots__ = ("detections", "error")
    DETECTIONS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    detections: Detections
    error: _status_pb2.Status
    def __init__(self, detections: _Optional[_Union[Detections, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class Detections(_message.Message):
    __slots__ = ("image_width", "image_height", "detections", "timings")
    IMAGE_WIDTH_FIELD_NUMBER: _ClassVar[int]
    IMAGE_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    DETECTIONS_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    image_width: int
    image_height: int
    detections: _containers.RepeatedCompositeFieldContainer[Detection]
    timings: _types_pb2.StageTimings
    def __init__(self, image_width: _Optional[int] = ..., image_height: _Optional[int] = ..., detections: _Optional[_Iterable[_Union[Detection, _Mapping]]] = ..., timings: _Optional[_Union[_types_pb2.StageTimings, _Mapping]] = ...) -> None: ...

class Detection(_message.Message):
    __slots__ = ("box", "score", "label")
    BOX_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    box: _types_pb2.Box
    score: float
    label: str
    def __init__(self, box: _Optional[_Union[_types_pb2.Box, _Mapping]] = ..., score: _Optional[float] = ..., label: _Optional[str] = ...) -> None: ...

class EmbedImageRequest(_message.Message):
    __slots__ = ("images", "priority", "model_version")
    IMAGES_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    images: _containers.RepeatedCompositeFieldContainer[_types_pb2.ImageInput]
    priority: _types_pb2.Priority
    model_version: str
    def __init__(self, images: _Optional[_Iterable[_Union[_types_pb2.ImageInput, _Mapping]]] = ..., priority: _Optional[_Union[_types_pb2.Priority, str]] = ..., model_version: _Optional[str] = ...) -> None: ...

class EmbedImageResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[EmbedImageResult]
    def __init__(self, results: _Optional[_Iterable[_Union[EmbedImageResult, _Mapping]]] = ...) -> None: ...

class EmbedImageResult(_message.Message):
    __slots__ = ("embeddings", "error")
    EMBEDDINGS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    embeddings: ImageEmbeddings
    error: _status_pb2.Status
    def __init__(self, embeddings: _Optional[_Union[ImageEmbeddings, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class ImageEmbeddings(_message.Message):
    __slots__ = ("embeddings", "timings")
    EMBEDDINGS_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    embeddings: _containers.RepeatedCompositeFieldContainer[_types_pb2.Embedding]
    timings: _types_pb2.StageTimings
    def __init__(self, embeddings: _Optional[_Iterable[_Union[_types_pb2.Embedding, _Mapping]]] = ..., timings: _Optional[_Union[_types_pb2.StageTimings, _Mapping]] = ...) -> None: ...

class EmbedTextRequest(_message.Message):
    __slots__ = ("texts", "model_version", "priority")
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    texts: _containers.RepeatedScalarFieldContainer[str]
    model_version: str
    priority: _types_pb2.Priority
    def __init__(self, texts: _Optional[_Iterable[str]] = ..., model_version: _Optional[str] = ..., priority: _Optional[_Union[_types_pb2.Priority, str]] = ...) -> None: ...

class EmbedTextResponse(_message.Message):
    __slots__ = ("results", "timings")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[EmbedTextResult]
    timings: _types_pb2.StageTimings
    def __init__(self, results: _Optional[_Iterable[_Union[EmbedTextResult, _Mapping]]] = ..., timings: _Optional[_Union[_types_pb2.StageTimings, _Mapping]] = ...) -> None: ...

class EmbedTextResult(_message.Message):
    __slots__ = ("embedding", "error")
    EMBEDDING_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    embedding: _types_pb2.Embedding
    error: _status_pb2.Status
    def __init__(self, embedding: _Optional[_Union[_types_pb2.Embedding, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class AnalyzeRequest(_message.Message):
    __slots__ = ("images", "min_score", "include_crops", "include_embeddings", "priority", "detector_version", "embedder_version", "classifier_version", "vocabulary_version", "include_alternatives")
    IMAGES_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CROPS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_EMBEDDINGS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    DETECTOR_VERSION_FIELD_NUMBER: _ClassVar[int]
    EMBEDDER_VERSION_FIELD_NUMBER: _ClassVar[int]
    CLASSIFIER_VERSION_FIELD_NUMBER: _ClassVar[int]
    VOCABULARY_VERSION_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    images: _containers.RepeatedCompositeFieldContainer[_types_pb2.ImageInput]
    min_score: float
    include_crops: bool
    include_embeddings: bool
    priority: _types_pb2.Priority
    detector_version: str
    embedder_version: str
    classifier_version: str
    vocabulary_version: str
    include_alternatives: bool
    def __init__(self, images: _Optional[_Iterable[_Union[_types_pb2.ImageInput, _Mapping]]] = ..., min_score: _Optional[float] = ..., include_crops: bool = ..., include_embeddings: bool = ..., priority: _Optional[_Union[_types_pb2.Priority, str]] = ..., detector_version: _Optional[str] = ..., embedder_version: _Optional[str] = ..., classifier_version: _Optional[str] = ..., vocabulary_version: _Optional[str] = ..., include_alternatives: bool = ...) -> None: ...

class AnalyzeResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[AnalyzeResult]
    def __init__(self, results: _Optional[_Iterable[_Union[AnalyzeResult, _Mapping]]] = ...) -> None: ...

class AnalyzeResult(_message.Message):
    __slots__ = ("analysis", "error")
    ANALYSIS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    analysis: ImageAnalysis
    error: _status_pb2.Status
    def __init__(self, analysis: _Optional[_Union[ImageAnalysis, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class ImageAnalysis(_message.Message):
    __slots__ = ("image_width", "image_height", "items", "detector_version", "detector_preprocess_version", "embedder_version", "embedder_preprocess_version", "timings", "warnings", "classifier_version", "classifier_preprocess_version", "vocabulary_version")
    IMAGE_WIDTH_FIELD_NUMBER: _ClassVar[int]
    IMAGE_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    DETECTOR_VERSION_FIELD_NUMBER: _ClassVar[int]
    DETECTOR_PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    EMBEDDER_VERSION_FIELD_NUMBER: _ClassVar[int]
    EMBEDDER_PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    CLASSIFIER_VERSION_FIELD_NUMBER: _ClassVar[int]
    CLASSIFIER_PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    VOCABULARY_VERSION_FIELD_NUMBER: _ClassVar[int]
    image_width: int
    image_height: int
    items: _containers.RepeatedCompositeFieldContainer[AnalyzedItem]
    detector_version: str
    detector_preprocess_version: str
    embedder_version: str
    embedder_preprocess_version: str
    timings: _types_pb2.StageTimings
    warnings: _containers.RepeatedScalarFieldContainer[_types_pb2.QualityIssue]
    classifier_version: str
    classifier_preprocess_version: str
    vocabulary_version: str
    def __init__(self, image_width: _Optional[int] = ..., image_height: _Optional[int] = ..., items: _Optional[_Iterable[_Union[AnalyzedItem, _Mapping]]] = ..., detector_version: _Optional[str] = ..., detector_preprocess_version: _Optional[str] = ..., embedder_version: _Optional[str] = ..., embedder_preprocess_version: _Optional[str] = ..., timings: _Optional[_Union[_types_pb2.StageTimings, _Mapping]] = ..., warnings: _Optional[_Iterable[_Union[_types_pb2.QualityIssue, str]]] = ..., classifier_version: _Optional[str] = ..., classifier_preprocess_version: _Optional[str] = ..., vocabulary_version: _Optional[str] = ...) -> None: ...

class AnalyzedItem(_message.Message):
    __slots__ = ("box", "score", "label", "whole_image", "accepted", "reason", "warnings", "attributes", "colors", "embedding", "crop", "categories", "garment_score")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _types_pb2.AttributeValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_types_pb2.AttributeValue, _Mapping]] = ...) -> None: ...
    BOX_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    WHOLE_IMAGE_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    COLORS_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_FIELD_NUMBER: _ClassVar[int]
    CROP_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    GARMENT_SCORE_FIELD_NUMBER: _ClassVar[int]
    box: _types_pb2.Box
    score: float
    label: str
    whole_image: bool
    accepted: bool
    reason: _types_pb2.QualityIssue
    warnings: _containers.RepeatedScalarFieldContainer[_types_pb2.QualityIssue]
    attributes: _containers.MessageMap[str, _types_pb2.AttributeValue]
    colors: _containers.RepeatedCompositeFieldContainer[_types_pb2.ColorShare]
    embedding: _types_pb2.Embedding
    crop: bytes
    categories: _containers.RepeatedCompositeFieldContainer[_types_pb2.ScoredValue]
    garment_score: float
    def __init__(self, box: _Optional[_Union[_types_pb2.Box, _Mapping]] = ..., score: _Optional[float] = ..., label: _Optional[str] = ..., whole_image: bool = ..., accepted: bool = ..., reason: _Optional[_Union[_types_pb2.QualityIssue, str]] = ..., warnings: _Optional[_Iterable[_Union[_types_pb2.QualityIssue, str]]] = ..., attributes: _Optional[_Mapping[str, _types_pb2.AttributeValue]] = ..., colors: _Optional[_Iterable[_Union[_types_pb2.ColorShare, _Mapping]]] = ..., embedding: _Optional[_Union[_types_pb2.Embedding, _Mapping]] = ..., crop: _Optional[bytes] = ..., categories: _Optional[_Iterable[_Union[_types_pb2.ScoredValue, _Mapping]]] = ..., garment_score: _Optional[float] = ...) -> None: ...

class AnalyzeStreamRequest(_message.Message):
    __slots__ = ("id", "image", "min_score", "include_crops", "include_embeddings", "priority", "detector_version", "embedder_version", "timeout", "classifier_version", "vocabulary_version", "include_alternatives")
    ID_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CROPS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_EMBEDDINGS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    DETECTOR_VERSION_FIELD_NUMBER: _ClassVar[int]
    EMBEDDER_VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    CLASSIFIER_VERSION_FIELD_NUMBER: _ClassVar[int]
    VOCABULARY_VERSION_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    id: str
    image: _types_pb2.ImageInput
    min_score: float
    include_crops: bool
    include_embeddings: bool
    priority: _types_pb2.Priority
    detector_version: str
    embedder_version: str
    timeout: _duration_pb2.Duration
    classifier_version: str
    vocabulary_version: str
    include_alternatives: bool
    def __init__(self, id: _Optional[str] = ..., image: _Optional[_Union[_types_pb2.ImageInput, _Mapping]] = ..., min_score: _Optional[float] = ..., include_crops: bool = ..., include_embeddings: bool = ..., priority: _Optional[_Union[_types_pb2.Priority, str]] = ..., detector_version: _Optional[str] = ..., embedder_version: _Optional[str] = ..., timeout: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., classifier_version: _Optional[str] = ..., vocabulary_version: _Optional[str] = ..., include_alternatives: bool = ...) -> None: ...

class AnalyzeStreamResponse(_message.Message):
    __slots__ = ("id", "analysis", "error")
    ID_FIELD_NUMBER: _ClassVar[int]
    ANALYSIS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    id: str
    analysis: ImageAnalysis
    error: _status_pb2.Status
    def __init__(self, id: _Optional[str] = ..., analysis: _Optional[_Union[ImageAnalysis, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class EmbedStreamRequest(_message.Message):
    __slots__ = ("id", "image", "priority", "model_version", "timeout")
    ID_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    id: str
    image: _types_pb2.ImageInput
    priority: _types_pb2.Priority
    model_version: str
    timeout: _duration_pb2.Duration
    def __init__(self, id: _Optional[str] = ..., image: _Optional[_Union[_types_pb2.ImageInput, _Mapping]] = ..., priority: _Optional[_Union[_types_pb2.Priority, str]] = ..., model_version: _Optional[str] = ..., timeout: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class EmbedStreamResponse(_message.Message):
    __slots__ = ("id", "embeddings", "error")
    ID_FIELD_NUMBER: _ClassVar[int]
    EMBEDDINGS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    id: str
    embeddings: ImageEmbeddings
    error: _status_pb2.Status
    def __init__(self, id: _Optional[str] = ..., embeddings: _Optional[_Union[ImageEmbeddings, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class ListModelsRequest(_message.Message):
    __slots__ = ("include_stored",)
    INCLUDE_STORED_FIELD_NUMBER: _ClassVar[int]
    include_stored: bool
    def __init__(self, include_stored: bool = ...) -> None: ...

class ListModelsResponse(_message.Message):
    __slots__ = ("models",)
    MODELS_FIELD_NUMBER: _ClassVar[int]
    models: _containers.RepeatedCompositeFieldContainer[Model]
    def __init__(self, models: _Optional[_Iterable[_Union[Model, _Mapping]]] = ...) -> None: ...

class Model(_message.Message):
    __slots__ = ("name", "version", "preprocess_version", "task", "labels", "input_width", "input_height", "embedding_width", "precision", "source", "license", "sha256", "parity", "provider", "logit_scale", "state", "aliases", "max_batch", "context_length", "reference", "memory_bytes", "failure")
    class ParityEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    INPUT_WIDTH_FIELD_NUMBER: _ClassVar[int]
    INPUT_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_WIDTH_FIELD_NUMBER: _ClassVar[int]
    PRECISION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    LICENSE_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    PARITY_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    LOGIT_SCALE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ALIASES_FIELD_NUMBER: _ClassVar[int]
    MAX_BATCH_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_LENGTH_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    name: str
    version: str
    preprocess_version: str
    task: ModelTask
    labels: _containers.RepeatedScalarFieldContainer[str]
    input_width: int
    input_height: int
    embedding_width: int
    precision: str
    source: str
    license: str
    sha256: str
    parity: _containers.ScalarMap[str, float]
    provider: str
    logit_scale: float
    state: ModelState
    aliases: _containers.RepeatedScalarFieldContainer[str]
    max_batch: int
    context_length: int
    reference: str
    memory_bytes: int
    failure: str
    def __init__(self, name: _Optional[str] = ..., version: _Optional[str] = ..., preprocess_version: _Optional[str] = ..., task: _Optional[_Union[ModelTask, str]] = ..., labels: _Optional[_Iterable[str]] = ..., input_width: _Optional[int] = ..., input_height: _Optional[int] = ..., embedding_width: _Optional[int] = ..., precision: _Optional[str] = ..., source: _Optional[str] = ..., license: _Optional[str] = ..., sha256: _Optional[str] = ..., parity: _Optional[_Mapping[str, float]] = ..., provider: _Optional[str] = ..., logit_scale: _Optional[float] = ..., state: _Optional[_Union[ModelState, str]] = ..., aliases: _Optional[_Iterable[str]] = ..., max_batch: _Optional[int] = ..., context_length: _Optional[int] = ..., reference: _Optional[str] = ..., memory_bytes: _Optional[int] = ..., failure: _Optional[str] = ...) -> None: ...

class GetInferenceLimitsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetInferenceLimitsResponse(_message.Message):
    __slots__ = ("max_message_bytes", "max_image_bytes", "max_image_pixels", "max_image_frames", "min_image_side_px", "max_images_per_call", "max_boxes_per_image", "max_texts_per_call", "max_text_chars", "image_formats", "max_image_side_px", "max_image_scans", "max_image_scan_pixels", "max_box_pixels", "max_call_pixels", "max_crop_side_px", "max_crop_bytes")
    MAX_MESSAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGE_PIXELS_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGE_FRAMES_FIELD_NUMBER: _ClassVar[int]
    MIN_IMAGE_SIDE_PX_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGES_PER_CALL_FIELD_NUMBER: _ClassVar[int]
    MAX_BOXES_PER_IMAGE_FIELD_NUMBER: _ClassVar[int]
    MAX_TEXTS_PER_CALL_FIELD_NUMBER: _ClassVar[int]
    MAX_TEXT_CHARS_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FORMATS_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGE_SIDE_PX_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGE_SCANS_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGE_SCAN_PIXELS_FIELD_NUMBER: _ClassVar[int]
    MAX_BOX_PIXELS_FIELD_NUMBER: _ClassVar[int]
    MAX_CALL_PIXELS_FIELD_NUMBER: _ClassVar[int]
    MAX_CROP_SIDE_PX_FIELD_NUMBER: _ClassVar[int]
    MAX_CROP_BYTES_FIELD_NUMBER: _ClassVar[int]
    max_message_bytes: int
    max_image_bytes: int
    max_image_pixels: int
    max_image_frames: int
    min_image_side_px: int
    max_images_per_call: int
    max_boxes_per_image: int
    max_texts_per_call: int
    max_text_chars: int
    image_formats: _containers.RepeatedScalarFieldContainer[str]
    max_image_side_px: int
    max_image_scans: int
    max_image_scan_pixels: int
    max_box_pixels: int
    max_call_pixels: int
    max_crop_side_px: int
    max_crop_bytes: int
    def __init__(self, max_message_bytes: _Optional[int] = ..., max_image_bytes: _Optional[int] = ..., max_image_pixels: _Optional[int] = ..., max_image_frames: _Optional[int] = ..., min_image_side_px: _Optional[int] = ..., max_images_per_call: _Optional[int] = ..., max_boxes_per_image: _Optional[int] = ..., max_texts_per_call: _Optional[int] = ..., max_text_chars: _Optional[int] = ..., image_formats: _Optional[_Iterable[str]] = ..., max_image_side_px: _Optional[int] = ..., max_image_scans: _Optional[int] = ..., max_image_scan_pixels: _Optional[int] = ..., max_box_pixels: _Optional[int] = ..., max_call_pixels: _Optional[int] = ..., max_crop_side_px: _Optional[int] = ..., max_crop_bytes: _Optional[int] = ...) -> None: ...
