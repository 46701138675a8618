from armoire.v1 import access_pb2 as _access_pb2
from armoire.v1 import products_pb2 as _products_pb2
from armoire.v1 import search_pb2 as _search_pb2
from armoire.v1 import wardrobe_pb2 as _wardrobe_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OutfitSlot(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTFIT_SLOT_UNSPECIFIED: _ClassVar[OutfitSlot]
    OUTFIT_SLOT_TOP: _ClassVar[OutfitSlot]
    OUTFIT_SLOT_BOTTOM: _ClassVar[OutfitSlot]
    OUTFIT_SLOT_ONE_PIECE: _ClassVar[OutfitSlot]
    OUTFIT_SLOT_LAYER: _ClassVar[OutfitSlot]
    OUTFIT_SLOT_OUTERWEAR: _ClassVar[OutfitSlot]
    OUTFIT_SLOT_SHOES: _ClassVar[OutfitSlot]
    OUTFIT_SLOT_HOSIERY: _ClassVar[OutfitSlot]
    OUTFIT_SLOT_ACCESSORIES: _ClassVar[OutfitSlot]

class Season(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEASON_UNSPECIFIED: _ClassVar[Season]
    SEASON_SPRING: _ClassVar[Season]
    SEASON_SUMMER: _ClassVar[Season]
    SEASON_AUTUMN: _ClassVar[Season]
    SEASON_WINTER: _ClassVar[Season]
OUTFIT_SLOT_UNSPECIFIED: OutfitSlot
OUTFIT_SLOT_TOP: OutfitSlot
OUTFIT_SLOT_BOTTOM: OutfitSlot
OUTFIT_SLOT_ONE_PIECE: OutfitSlot
OUTFIT_SLOT_LAYER: OutfitSlot
OUTFIT_SLOT_OUTERWEAR: OutfitSlot
OUTFIT_SLOT_SHOES: OutfitSlot
OUTFIT_SLOT_HOSIERY: OutfitSlot
OUTFIT_SLOT_ACCESSORIES: OutfitSlot
SEASON_UNSPECIFIED: Season
SEASON_SPRING: Season
SEASON_SUMMER: Season
SEASON_AUTUMN: Season
SEASON_WINTER: Season

class Occasion(_message.Message):
    __slots__ = ("season", "temperature_c", "formality")
    SEASON_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_C_FIELD_NUMBER: _ClassVar[int]
    FORMALITY_FIELD_NUMBER: _ClassVar[int]
    season: Season
    temperature_c: float
    formality: float
    def __init__(self, season: _Optional[_Union[Season, str]] = ..., temperature_c: _Optional[float] = ..., formality: _Optional[float] = ...) -> None: ...

class SuggestOutfitsRequest(_message.Message):
    __slots__ = ("count", "seed", "base_item_ids", "filter", "occasion", "slots", "diversity", "include_crop_urls", "end_user", "pool", "repeat_days")
    COUNT_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    BASE_ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    OCCASION_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    DIVERSITY_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CROP_URLS_FIELD_NUMBER: _ClassVar[int]
    END_USER_FIELD_NUMBER: _ClassVar[int]
    POOL_FIELD_NUMBER: _ClassVar[int]
    REPEAT_DAYS_FIELD_NUMBER: _ClassVar[int]
    count: int
    seed: int
    base_item_ids: _containers.RepeatedScalarFieldContainer[str]
    filter: _search_pb2.Filter
    occasion: Occasion
    slots: _containers.RepeatedScalarFieldContainer[OutfitSlot]
    diversity: float
    include_crop_urls: bool
    end_user: str
    pool: _wardrobe_pb2.OutfitPool
    repeat_days: int
    def __init__(self, count: _Optional[int] = ..., seed: _Optional[int] = ..., base_item_ids: _Optional[_Iterable[str]] = ..., filter: _Optional[_Union[_search_pb2.Filter, _Mapping]] = ..., occasion: _Optional[_Union[Occasion, _Mapping]] = ..., slots: _Optional[_Iterable[_Union[OutfitSlot, str]]] = ..., diversity: _Optional[float] = ..., include_crop_urls: bool = ..., end_user: _Optional[str] = ..., pool: _Optional[_Union[_wardrobe_pb2.OutfitPool, str]] = ..., repeat_days: _Optional[int] = ...) -> None: ...

class SuggestOutfitsResponse(_message.Message):
    __slots__ = ("outfits", "crop_url_expire_time")
    OUTFITS_FIELD_NUMBER: _ClassVar[int]
    CROP_URL_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    outfits: _containers.RepeatedCompositeFieldContainer[Outfit]
    crop_url_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, outfits: _Optional[_Iterable[_Union[Outfit, _Mapping]]] = ..., crop_url_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CompleteOutfitRequest(_message.Message):
    __slots__ = ("base_item_ids", "slot", "count", "seed", "filter", "occasion", "diversity", "include_crop_urls", "end_user", "pool")
    BASE_ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    OCCASION_FIELD_NUMBER: _ClassVar[int]
    DIVERSITY_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CROP_URLS_FIELD_NUMBER: _ClassVar[int]
    END_USER_FIELD_NUMBER: _ClassVar[int]
    POOL_FIELD_NUMBER: _ClassVar[int]
    base_item_ids: _containers.RepeatedScalarFieldContainer[str]
    slot: OutfitSlot
    count: int
    seed: int
    filter: _search_pb2.Filter
    occasion: Occasion
    diversity: float
    include_crop_urls: bool
    end_user: str
    pool: _wardrobe_pb2.OutfitPool
    def __init__(self, base_item_ids: _Optional[_Iterable[str]] = ..., slot: _Optional[_Union[OutfitSlot, str]] = ..., count: _Optional[int] = ..., seed: _Optional[int] = ..., filter: _Optional[_Union[_search_pb2.Filter, _Mapping]] = ..., occasion: _Optional[_Union[Occasion, _Mapping]] = ..., diversity: _Optional[float] = ..., include_crop_urls: bool = ..., end_user: _Optional[str] = ..., pool: _Optional[_Union[_wardrobe_pb2.OutfitPool, str]] = ...) -> None: ...

class CompleteOutfitResponse(_message.Message):
    __slots__ = ("candidates", "crop_url_expire_time")
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    CROP_URL_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    candidates: _containers.RepeatedCompositeFieldContainer[OutfitCandidate]
    crop_url_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, candidates: _Optional[_Iterable[_Union[OutfitCandidate, _Mapping]]] = ..., crop_url_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class OutfitCandidate(_message.Message):
    __slots__ = ("item", "outfit")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    OUTFIT_FIELD_NUMBER: _ClassVar[int]
    item: OutfitItem
    outfit: Outfit
    def __init__(self, item: _Optional[_Union[OutfitItem, _Mapping]] = ..., outfit: _Optional[_Union[Outfit, _Mapping]] = ...) -> None: ...

class ScoreOutfitRequest(_message.Message):
    __slots__ = ("item_ids", "occasion", "include_crop_urls", "end_user")
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    OCCASION_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CROP_URLS_FIELD_NUMBER: _ClassVar[int]
    END_USER_FIELD_NUMBER: _ClassVar[int]
    item_ids: _containers.RepeatedScalarFieldContainer[str]
    occasion: Occasion
    include_crop_urls: bool
    end_user: str
    def __init__(self, item_ids: _Optional[_Iterable[str]] = ..., occasion: _Optional[_Union[Occasion, _Mapping]] = ..., include_crop_urls: bool = ..., end_user: _Optional[str] = ...) -> None: ...

class ScoreOutfitResponse(_message.Message):
    __slots__ = ("outfit", "valid", "problems", "crop_url_expire_time")
    OUTFIT_FIELD_NUMBER: _ClassVar[int]
    VALID_FIELD_NUMBER: _ClassVar[int]
    PROBLEMS_FIELD_NUMBER: _ClassVar[int]
    CROP_URL_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    outfit: Outfit
    valid: bool
    problems: _containers.RepeatedScalarFieldContainer[str]
    crop_url_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, outfit: _Optional[_Union[Outfit, _Mapping]] = ..., valid: bool = ..., problems: _Optional[_Iterable[str]] = ..., crop_url_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Outfit(_message.Message):
    __slots__ = ("score", "terms", "explanation", "items")
    SCORE_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    score: float
    terms: _containers.RepeatedCompositeFieldContainer[OutfitTerm]
    explanation: str
    items: _containers.RepeatedCompositeFieldContainer[OutfitItem]
    def __init__(self, score: _Optional[float] = ..., terms: _Optional[_Iterable[_Union[OutfitTerm, _Mapping]]] = ..., explanation: _Optional[str] = ..., items: _Optional[_Iterable[_Union[OutfitItem, _Mapping]]] = ...) -> None: ...

class OutfitTerm(_message.Message):
    __slots__ = ("name", "value", "points", "reason")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: float
    points: float
    reason: str
    def __init__(self, name: _Optional[str] = ..., value: _Optional[float] = ..., points: _Optional[float] = ..., reason: _Optional[str] = ...) -> None: ...

class OutfitWeights(_message.Message):
    __slots__ = ("color", "formality", "compatibility", "pattern", "season", "learned")
    COLOR_FIELD_NUMBER: _ClassVar[int]
    FORMALITY_FIELD_NUMBER: _ClassVar[int]
    COMPATIBILITY_FIELD_NUMBER: _ClassVar[int]
    PATTERN_FIELD_NUMBER: _ClassVar[int]
    SEASON_FIELD_NUMBER: _ClassVar[int]
    LEARNED_FIELD_NUMBER: _ClassVar[int]
    color: float
    formality: float
    compatibility: float
    pattern: float
    season: float
    learned: float
    def __init__(self, color: _Optional[float] = ..., formality: _Optional[float] = ..., compatibility: _Optional[float] = ..., pattern: _Optional[float] = ..., season: _Optional[float] = ..., learned: _Optional[float] = ...) -> None: ...

class OutfitItem(_message.Message):
    __slots__ = ("item_id", "slot", "category", "garment_type", "color", "crop_url", "product")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    GARMENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    COLOR_FIELD_NUMBER: _ClassVar[int]
    CROP_URL_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    slot: OutfitSlot
    category: str
    garment_type: str
    color: str
    crop_url: str
    product: _products_pb2.Product
    def __init__(self, item_id: _Optional[str] = ..., slot: _Optional[_Union[OutfitSlot, str]] = ..., category: _Optional[str] = ..., garment_type: _Optional[str] = ..., color: _Optional[str] = ..., crop_url: _Optional[str] = ..., product: _Optional[_Union[_products_pb2.Product, _Mapping]] = ...) -> None: ...
