from armoire.v1 import items_pb2 as _items_pb2
from armoire.v1 import products_pb2 as _products_pb2
from armoire.v1 import types_pb2 as _types_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SearchRequest(_message.Message):
    __slots__ = ("image", "text", "item_id", "embedding", "product_id", "examples", "top_k", "page_token", "filter", "min_score", "min_detection_score", "include_crops", "skip_rerank", "group_by_product", "priority", "model_version", "facets", "rank_weights", "include_crop_urls", "collapse_near_duplicates")
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    EXAMPLES_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    MIN_SCORE_FIELD_NUMBER: _ClassVar[int]
    MIN_DETECTION_SCORE_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CROPS_FIELD_NUMBER: _ClassVar[int]
    SKIP_RERANK_FIELD_NUMBER: _ClassVar[int]
    GROUP_BY_PRODUCT_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    FACETS_FIELD_NUMBER: _ClassVar[int]
    RANK_WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CROP_URLS_FIELD_NUMBER: _ClassVar[int]
    COLLAPSE_NEAR_DUPLICATES_FIELD_NUMBER: _ClassVar[int]
    image: _types_pb2.ImageInput
    text: str
    item_id: str
    embedding: _types_pb2.Embedding
    product_id: str
    examples: ExampleSet
    top_k: int
    page_token: str
    filter: Filter
    min_score: float
    min_detection_score: float
    include_crops: bool
    skip_rerank: bool
    group_by_product: bool
    priority: _types_pb2.Priority
    model_version: str
    facets: _containers.RepeatedScalarFieldContainer[str]
    rank_weights: RankWeights
    include_crop_urls: bool
    collapse_near_duplicates: bool
    def __init__(self, image: _Optional[_Union[_types_pb2.ImageInput, _Mapping]] = ..., text: _Optional[str] = ..., item_id: _Optional[str] = ..., embedding: _Optional[_Union[_types_pb2.Embedding, _Mapping]] = ..., product_id: _Optional[str] = ..., examples: _Optional[_Union[ExampleSet, _Mapping]] = ..., top_k: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[_Union[Filter, _Mapping]] = ..., min_score: _Optional[float] = ..., min_detection_score: _Optional[float] = ..., include_crops: bool = ..., skip_rerank: bool = ..., group_by_product: bool = ..., priority: _Optional[_Union[_types_pb2.Priority, str]] = ..., model_version: _Optional[str] = ..., facets: _Optional[_Iterable[str]] = ..., rank_weights: _Optional[_Union[RankWeights, _Mapping]] = ..., include_crop_urls: bool = ..., collapse_near_duplicates: bool = ...) -> None: ...

class RankWeights(_message.Message):
    __slots__ = ("category", "attributes", "color", "shape", "brand", "price")
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    COLOR_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    category: float
    attributes: float
    color: float
    shape: float
    brand: float
    price: float
    def __init__(self, category: _Optional[float] = ..., attributes: _Optional[float] = ..., color: _Optional[float] = ..., shape: _Optional[float] = ..., brand: _Optional[float] = ..., price: _Optional[float] = ...) -> None: ...

class ExampleSet(_message.Message):
    __slots__ = ("positive", "negative")
    POSITIVE_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_FIELD_NUMBER: _ClassVar[int]
    positive: _containers.RepeatedCompositeFieldContainer[Example]
    negative: _containers.RepeatedCompositeFieldContainer[Example]
    def __init__(self, positive: _Optional[_Iterable[_Union[Example, _Mapping]]] = ..., negative: _Optional[_Iterable[_Union[Example, _Mapping]]] = ...) -> None: ...

class Example(_message.Message):
    __slots__ = ("image", "text", "item_id", "embedding", "product_id", "weight")
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    image: _types_pb2.ImageInput
    text: str
    item_id: str
    embedding: _types_pb2.Embedding
    product_id: str
    weight: float
    def __init__(self, image: _Optional[_Union[_types_pb2.ImageInput, _Mapping]] = ..., text: _Optional[str] = ..., item_id: _Optional[str] = ..., embedding: _Optional[_Union[_types_pb2.Embedding, _Mapping]] = ..., product_id: _Optional[str] = ..., weight: _Optional[float] = ...) -> None: ...

class Filter(_message.Message):
    __slots__ = ("conditions", "any_of", "none_of", "all_of")
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    ANY_OF_FIELD_NUMBER: _ClassVar[int]
    NONE_OF_FIELD_NUMBER: _ClassVar[int]
    ALL_OF_FIELD_NUMBER: _ClassVar[int]
    conditions: _containers.RepeatedCompositeFieldContainer[Condition]
    any_of: _containers.RepeatedCompositeFieldContainer[Filter]
    none_of: _containers.RepeatedCompositeFieldContainer[Filter]
    all_of: _containers.RepeatedCompositeFieldContainer[Filter]
    def __init__(self, conditions: _Optional[_Iterable[_Union[Condition, _Mapping]]] = ..., any_of: _Optional[_Iterable[_Union[Filter, _Mapping]]] = ..., none_of: _Optional[_Iterable[_Union[Filter, _Mapping]]] = ..., all_of: _Optional[_Iterable[_Union[Filter, _Mapping]]] = ...) -> None: ...

class Condition(_message.Message):
    __slots__ = ("field", "any_of", "range", "time_range")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    ANY_OF_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    TIME_RANGE_FIELD_NUMBER: _ClassVar[int]
    field: str
    any_of: StringSet
    range: NumberRange
    time_range: TimeRange
    def __init__(self, field: _Optional[str] = ..., any_of: _Optional[_Union[StringSet, _Mapping]] = ..., range: _Optional[_Union[NumberRange, _Mapping]] = ..., time_range: _Optional[_Union[TimeRange, _Mapping]] = ...) -> None: ...

class StringSet(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, values: _Optional[_Iterable[str]] = ...) -> None: ...

class NumberRange(_message.Message):
    __slots__ = ("at_least", "more_than", "at_most", "less_than")
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    MORE_THAN_FIELD_NUMBER: _ClassVar[int]
    AT_MOST_FIELD_NUMBER: _ClassVar[int]
    LESS_THAN_FIELD_NUMBER: _ClassVar[int]
    at_least: float
    more_than: float
    at_most: float
    less_than: float
    def __init__(self, at_least: _Optional[float] = ..., more_than: _Optional[float] = ..., at_most: _Optional[float] = ..., less_than: _Optional[float] = ...) -> None: ...

class TimeRange(_message.Message):
    __slots__ = ("at_least", "more_than", "at_most", "less_than")
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    MORE_THAN_FIELD_NUMBER: _ClassVar[int]
    AT_MOST_FIELD_NUMBER: _ClassVar[int]
    LESS_THAN_FIELD_NUMBER: _ClassVar[int]
    at_least: _timestamp_pb2.Timestamp
    more_than: _timestamp_pb2.Timestamp
    at_most: _timestamp_pb2.Timestamp
    less_than: _timestamp_pb2.Timestamp
    def __init__(self, at_least: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., more_than: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., at_most: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., less_than: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SearchResponse(_message.Message):
    __slots__ = ("queries", "timings", "model_version", "preprocess_version", "next_page_token", "facets", "crop_url_expire_time")
    QUERIES_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FACETS_FIELD_NUMBER: _ClassVar[int]
    CROP_URL_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    queries: _containers.RepeatedCompositeFieldContainer[QueryHits]
    timings: _types_pb2.StageTimings
    model_version: str
    preprocess_version: str
    next_page_token: str
    facets: _containers.RepeatedCompositeFieldContainer[Facet]
    crop_url_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, queries: _Optional[_Iterable[_Union[QueryHits, _Mapping]]] = ..., timings: _Optional[_Union[_types_pb2.StageTimings, _Mapping]] = ..., model_version: _Optional[str] = ..., preprocess_version: _Optional[str] = ..., next_page_token: _Optional[str] = ..., facets: _Optional[_Iterable[_Union[Facet, _Mapping]]] = ..., crop_url_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class QueryHits(_message.Message):
    __slots__ = ("box", "label", "whole_image", "hits", "applied_filter")
    BOX_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    WHOLE_IMAGE_FIELD_NUMBER: _ClassVar[int]
    HITS_FIELD_NUMBER: _ClassVar[int]
    APPLIED_FILTER_FIELD_NUMBER: _ClassVar[int]
    box: _types_pb2.Box
    label: str
    whole_image: bool
    hits: _containers.RepeatedCompositeFieldContainer[Hit]
    applied_filter: Filter
    def __init__(self, box: _Optional[_Union[_types_pb2.Box, _Mapping]] = ..., label: _Optional[str] = ..., whole_image: bool = ..., hits: _Optional[_Iterable[_Union[Hit, _Mapping]]] = ..., applied_filter: _Optional[_Union[Filter, _Mapping]] = ...) -> None: ...

class Hit(_message.Message):
    __slots__ = ("item", "score", "rank_score", "crop", "product", "terms", "same_photo")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    RANK_SCORE_FIELD_NUMBER: _ClassVar[int]
    CROP_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    SAME_PHOTO_FIELD_NUMBER: _ClassVar[int]
    item: _items_pb2.Item
    score: float
    rank_score: float
    crop: bytes
    product: _products_pb2.Product
    terms: _containers.RepeatedCompositeFieldContainer[ScoreTerm]
    same_photo: bool
    def __init__(self, item: _Optional[_Union[_items_pb2.Item, _Mapping]] = ..., score: _Optional[float] = ..., rank_score: _Optional[float] = ..., crop: _Optional[bytes] = ..., product: _Optional[_Union[_products_pb2.Product, _Mapping]] = ..., terms: _Optional[_Iterable[_Union[ScoreTerm, _Mapping]]] = ..., same_photo: bool = ...) -> None: ...

class ScoreTerm(_message.Message):
    __slots__ = ("name", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: float
    def __init__(self, name: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...

class Facet(_message.Message):
    __slots__ = ("field", "values")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    field: str
    values: _containers.RepeatedCompositeFieldContainer[FacetValue]
    def __init__(self, field: _Optional[str] = ..., values: _Optional[_Iterable[_Union[FacetValue, _Mapping]]] = ...) -> None: ...

class FacetValue(_message.Message):
    __slots__ = ("value", "count")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    value: str
    count: int
    def __init__(self, value: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...
