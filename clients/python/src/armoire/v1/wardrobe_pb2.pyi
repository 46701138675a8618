from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OutfitPool(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTFIT_POOL_UNSPECIFIED: _ClassVar[OutfitPool]
    OUTFIT_POOL_CATALOG: _ClassVar[OutfitPool]
    OUTFIT_POOL_WARDROBE: _ClassVar[OutfitPool]
    OUTFIT_POOL_BOTH: _ClassVar[OutfitPool]

class WardrobeState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WARDROBE_STATE_UNSPECIFIED: _ClassVar[WardrobeState]
    WARDROBE_STATE_OWNED: _ClassVar[WardrobeState]
    WARDROBE_STATE_WISHED: _ClassVar[WardrobeState]
    WARDROBE_STATE_BOUGHT: _ClassVar[WardrobeState]

class FeedbackKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FEEDBACK_KIND_UNSPECIFIED: _ClassVar[FeedbackKind]
    FEEDBACK_KIND_LIKE: _ClassVar[FeedbackKind]
    FEEDBACK_KIND_DISLIKE: _ClassVar[FeedbackKind]
    FEEDBACK_KIND_WEAR: _ClassVar[FeedbackKind]
    FEEDBACK_KIND_SKIP: _ClassVar[FeedbackKind]
OUTFIT_POOL_UNSPECIFIED: OutfitPool
OUTFIT_POOL_CATALOG: OutfitPool
OUTFIT_POOL_WARDROBE: OutfitPool
OUTFIT_POOL_BOTH: OutfitPool
WARDROBE_STATE_UNSPECIFIED: WardrobeState
WARDROBE_STATE_OWNED: WardrobeState
WARDROBE_STATE_WISHED: WardrobeState
WARDROBE_STATE_BOUGHT: WardrobeState
FEEDBACK_KIND_UNSPECIFIED: FeedbackKind
FEEDBACK_KIND_LIKE: FeedbackKind
FEEDBACK_KIND_DISLIKE: FeedbackKind
FEEDBACK_KIND_WEAR: FeedbackKind
FEEDBACK_KIND_SKIP: FeedbackKind

class AddWardrobeItemsRequest(_message.Message):
    __slots__ = ("end_user", "items")
    END_USER_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    end_user: str
    items: _containers.RepeatedCompositeFieldContainer[WardrobeItemDraft]
    def __init__(self, end_user: _Optional[str] = ..., items: _Optional[_Iterable[_Union[WardrobeItemDraft, _Mapping]]] = ...) -> None: ...

class WardrobeItemDraft(_message.Message):
    __slots__ = ("item_id", "state", "price", "acquire_date", "note")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    ACQUIRE_DATE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    state: WardrobeState
    price: _money_pb2.Money
    acquire_date: str
    note: str
    def __init__(self, item_id: _Optional[str] = ..., state: _Optional[_Union[WardrobeState, str]] = ..., price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., acquire_date: _Optional[str] = ..., note: _Optional[str] = ...) -> None: ...

class AddWardrobeItemsResponse(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[WardrobeItem]
    def __init__(self, items: _Optional[_Iterable[_Union[WardrobeItem, _Mapping]]] = ...) -> None: ...

class WardrobeItem(_message.Message):
    __slots__ = ("item_id", "state", "price", "acquire_date", "note", "wear_count", "last_wear_time", "cost_per_wear", "create_time")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    ACQUIRE_DATE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    WEAR_COUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_WEAR_TIME_FIELD_NUMBER: _ClassVar[int]
    COST_PER_WEAR_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    state: WardrobeState
    price: _money_pb2.Money
    acquire_date: str
    note: str
    wear_count: int
    last_wear_time: _timestamp_pb2.Timestamp
    cost_per_wear: _money_pb2.Money
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, item_id: _Optional[str] = ..., state: _Optional[_Union[WardrobeState, str]] = ..., price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., acquire_date: _Optional[str] = ..., note: _Optional[str] = ..., wear_count: _Optional[int] = ..., last_wear_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., cost_per_wear: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListWardrobeItemsRequest(_message.Message):
    __slots__ = ("end_user", "states", "never_worn", "page_size", "page_token")
    END_USER_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    NEVER_WORN_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    end_user: str
    states: _containers.RepeatedScalarFieldContainer[WardrobeState]
    never_worn: bool
    page_size: int
    page_token: str
    def __init__(self, end_user: _Optional[str] = ..., states: _Optional[_Iterable[_Union[WardrobeState, str]]] = ..., never_worn: bool = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListWardrobeItemsResponse(_message.Message):
    __slots__ = ("items", "next_page_token")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[WardrobeItem]
    next_page_token: str
    def __init__(self, items: _Optional[_Iterable[_Union[WardrobeItem, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class RemoveWardrobeItemsRequest(_message.Message):
    __slots__ = ("end_user", "item_ids")
    END_USER_FIELD_NUMBER: _ClassVar[int]
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    end_user: str
    item_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, end_user: _Optional[str] = ..., item_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class RemoveWardrobeItemsResponse(_message.Message):
    __slots__ = ("removed",)
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    removed: int
    def __init__(self, removed: _Optional[int] = ...) -> None: ...

class RecordFeedbackRequest(_message.Message):
    __slots__ = ("end_user", "kind", "item_ids", "idempotency_key")
    END_USER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    end_user: str
    kind: FeedbackKind
    item_ids: _containers.RepeatedScalarFieldContainer[str]
    idempotency_key: str
    def __init__(self, end_user: _Optional[str] = ..., kind: _Optional[_Union[FeedbackKind, str]] = ..., item_ids: _Optional[_Iterable[str]] = ..., idempotency_key: _Optional[str] = ...) -> None: ...

class RecordFeedbackResponse(_message.Message):
    __slots__ = ("feedback_id",)
    FEEDBACK_ID_FIELD_NUMBER: _ClassVar[int]
    feedback_id: str
    def __init__(self, feedback_id: _Optional[str] = ...) -> None: ...

class GetPreferencesRequest(_message.Message):
    __slots__ = ("end_user",)
    END_USER_FIELD_NUMBER: _ClassVar[int]
    end_user: str
    def __init__(self, end_user: _Optional[str] = ...) -> None: ...

class GetPreferencesResponse(_message.Message):
    __slots__ = ("preferences",)
    PREFERENCES_FIELD_NUMBER: _ClassVar[int]
    preferences: Preferences
    def __init__(self, preferences: _Optional[_Union[Preferences, _Mapping]] = ...) -> None: ...

class Preferences(_message.Message):
    __slots__ = ("signals", "values", "liked_weight", "disliked_weight")
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    LIKED_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    DISLIKED_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    signals: int
    values: _containers.RepeatedCompositeFieldContainer[Preference]
    liked_weight: float
    disliked_weight: float
    def __init__(self, signals: _Optional[int] = ..., values: _Optional[_Iterable[_Union[Preference, _Mapping]]] = ..., liked_weight: _Optional[float] = ..., disliked_weight: _Optional[float] = ...) -> None: ...

class Preference(_message.Message):
    __slots__ = ("facet", "value", "score", "weight")
    FACET_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    facet: str
    value: str
    score: float
    weight: float
    def __init__(self, facet: _Optional[str] = ..., value: _Optional[str] = ..., score: _Optional[float] = ..., weight: _Optional[float] = ...) -> None: ...

class ResetPreferencesRequest(_message.Message):
    __slots__ = ("end_user",)
    END_USER_FIELD_NUMBER: _ClassVar[int]
    end_user: str
    def __init__(self, end_user: _Optional[str] = ...) -> None: ...

class ResetPreferencesResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ExportEndUserDataRequest(_message.Message):
    __slots__ = ("end_user",)
    END_USER_FIELD_NUMBER: _ClassVar[int]
    end_user: str
    def __init__(self, end_user: _Optional[str] = ...) -> None: ...

class ExportEndUserDataResponse(_message.Message):
    __slots__ = ("end_user", "wardrobe", "feedback", "preferences", "shown_outfits")
    END_USER_FIELD_NUMBER: _ClassVar[int]
    WARDROBE_FIELD_NUMBER: _ClassVar[int]
    FEEDBACK_FIELD_NUMBER: _ClassVar[int]
    PREFERENCES_FIELD_NUMBER: _ClassVar[int]
    SHOWN_OUTFITS_FIELD_NUMBER: _ClassVar[int]
    end_user: str
    wardrobe: _containers.RepeatedCompositeFieldContainer[WardrobeItem]
    feedback: _containers.RepeatedCompositeFieldContainer[Feedback]
    preferences: Preferences
    shown_outfits: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, end_user: _Optional[str] = ..., wardrobe: _Optional[_Iterable[_Union[WardrobeItem, _Mapping]]] = ..., feedback: _Optional[_Iterable[_Union[Feedback, _Mapping]]] = ..., preferences: _Optional[_Union[Preferences, _Mapping]] = ..., shown_outfits: _Optional[_Iterable[str]] = ...) -> None: ...

class Feedback(_message.Message):
    __slots__ = ("id", "kind", "item_ids", "create_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    kind: FeedbackKind
    item_ids: _containers.RepeatedScalarFieldContainer[str]
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., kind: _Optional[_Union[FeedbackKind, str]] = ..., item_ids: _Optional[_Iterable[str]] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
