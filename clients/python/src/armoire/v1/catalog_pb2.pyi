from armoire.v1 import access_pb2 as _access_pb2
from armoire.v1 import corrections_pb2 as _corrections_pb2
from armoire.v1 import duplicates_pb2 as _duplicates_pb2
from armoire.v1 import exports_pb2 as _exports_pb2
from armoire.v1 import images_pb2 as _images_pb2
from armoire.v1 import imports_pb2 as _imports_pb2
from armoire.v1 import indexing_pb2 as _indexing_pb2
from armoire.v1 import items_pb2 as _items_pb2
from armoire.v1 import operations_pb2 as _operations_pb2
from armoire.v1 import products_pb2 as _products_pb2
from armoire.v1 import reviews_pb2 as _reviews_pb2
from armoire.v1 import search_pb2 as _search_pb2
from armoire.v1 import uploads_pb2 as _uploads_pb2
from armoire.v1 import webhooks_pb2 as _webhooks_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CollectionRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COLLECTION_ROLE_UNSPECIFIED: _ClassVar[CollectionRole]
    COLLECTION_ROLE_LIVE: _ClassVar[CollectionRole]
    COLLECTION_ROLE_NEXT: _ClassVar[CollectionRole]
    COLLECTION_ROLE_PREVIOUS: _ClassVar[CollectionRole]

class ReindexScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REINDEX_SCOPE_UNSPECIFIED: _ClassVar[ReindexScope]
    REINDEX_SCOPE_STALE: _ClassVar[ReindexScope]
    REINDEX_SCOPE_ALL: _ClassVar[ReindexScope]
    REINDEX_SCOPE_PRIMARY_ITEMS: _ClassVar[ReindexScope]
    REINDEX_SCOPE_PHOTO_HASHES: _ClassVar[ReindexScope]
COLLECTION_ROLE_UNSPECIFIED: CollectionRole
COLLECTION_ROLE_LIVE: CollectionRole
COLLECTION_ROLE_NEXT: CollectionRole
COLLECTION_ROLE_PREVIOUS: CollectionRole
REINDEX_SCOPE_UNSPECIFIED: ReindexScope
REINDEX_SCOPE_STALE: ReindexScope
REINDEX_SCOPE_ALL: ReindexScope
REINDEX_SCOPE_PRIMARY_ITEMS: ReindexScope
REINDEX_SCOPE_PHOTO_HASHES: ReindexScope

class AuditCatalogRequest(_message.Message):
    __slots__ = ("repair", "all_tenants", "idempotency_key")
    REPAIR_FIELD_NUMBER: _ClassVar[int]
    ALL_TENANTS_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    repair: bool
    all_tenants: bool
    idempotency_key: str
    def __init__(self, repair: bool = ..., all_tenants: bool = ..., idempotency_key: _Optional[str] = ...) -> None: ...

class AuditCatalogResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: _operations_pb2.Operation
    def __init__(self, operation: _Optional[_Union[_operations_pb2.Operation, _Mapping]] = ...) -> None: ...

class Collection(_message.Message):
    __slots__ = ("name", "role", "model_version", "preprocess_version", "embedding_width", "items", "lacking", "waiting")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    PREPROCESS_VERSION_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_WIDTH_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    LACKING_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    name: str
    role: CollectionRole
    model_version: str
    preprocess_version: str
    embedding_width: int
    items: int
    lacking: int
    waiting: int
    def __init__(self, name: _Optional[str] = ..., role: _Optional[_Union[CollectionRole, str]] = ..., model_version: _Optional[str] = ..., preprocess_version: _Optional[str] = ..., embedding_width: _Optional[int] = ..., items: _Optional[int] = ..., lacking: _Optional[int] = ..., waiting: _Optional[int] = ...) -> None: ...

class ListCollectionsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListCollectionsResponse(_message.Message):
    __slots__ = ("collections",)
    COLLECTIONS_FIELD_NUMBER: _ClassVar[int]
    collections: _containers.RepeatedCompositeFieldContainer[Collection]
    def __init__(self, collections: _Optional[_Iterable[_Union[Collection, _Mapping]]] = ...) -> None: ...

class StartBackfillRequest(_message.Message):
    __slots__ = ("embedder_version", "photos_per_second", "swap", "idempotency_key")
    EMBEDDER_VERSION_FIELD_NUMBER: _ClassVar[int]
    PHOTOS_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    SWAP_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    embedder_version: str
    photos_per_second: float
    swap: bool
    idempotency_key: str
    def __init__(self, embedder_version: _Optional[str] = ..., photos_per_second: _Optional[float] = ..., swap: bool = ..., idempotency_key: _Optional[str] = ...) -> None: ...

class StartBackfillResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: _operations_pb2.Operation
    def __init__(self, operation: _Optional[_Union[_operations_pb2.Operation, _Mapping]] = ...) -> None: ...

class ListItemVersionsRequest(_message.Message):
    __slots__ = ("all_tenants",)
    ALL_TENANTS_FIELD_NUMBER: _ClassVar[int]
    all_tenants: bool
    def __init__(self, all_tenants: bool = ...) -> None: ...

class ListItemVersionsResponse(_message.Message):
    __slots__ = ("served", "versions")
    SERVED_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    served: _items_pb2.ItemVersions
    versions: _containers.RepeatedCompositeFieldContainer[CountedItemVersions]
    def __init__(self, served: _Optional[_Union[_items_pb2.ItemVersions, _Mapping]] = ..., versions: _Optional[_Iterable[_Union[CountedItemVersions, _Mapping]]] = ...) -> None: ...

class CountedItemVersions(_message.Message):
    __slots__ = ("versions", "items", "stale")
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    STALE_FIELD_NUMBER: _ClassVar[int]
    versions: _items_pb2.ItemVersions
    items: int
    stale: bool
    def __init__(self, versions: _Optional[_Union[_items_pb2.ItemVersions, _Mapping]] = ..., items: _Optional[int] = ..., stale: bool = ...) -> None: ...

class StartReindexRequest(_message.Message):
    __slots__ = ("scope", "photos_per_second", "all_tenants", "idempotency_key")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    PHOTOS_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    ALL_TENANTS_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    scope: ReindexScope
    photos_per_second: float
    all_tenants: bool
    idempotency_key: str
    def __init__(self, scope: _Optional[_Union[ReindexScope, str]] = ..., photos_per_second: _Optional[float] = ..., all_tenants: bool = ..., idempotency_key: _Optional[str] = ...) -> None: ...

class StartReindexResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: _operations_pb2.Operation
    def __init__(self, operation: _Optional[_Union[_operations_pb2.Operation, _Mapping]] = ...) -> None: ...

class SwapCollectionRequest(_message.Message):
    __slots__ = ("collection", "allow_lacking")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ALLOW_LACKING_FIELD_NUMBER: _ClassVar[int]
    collection: str
    allow_lacking: bool
    def __init__(self, collection: _Optional[str] = ..., allow_lacking: bool = ...) -> None: ...

class SwapCollectionResponse(_message.Message):
    __slots__ = ("collections",)
    COLLECTIONS_FIELD_NUMBER: _ClassVar[int]
    collections: _containers.RepeatedCompositeFieldContainer[Collection]
    def __init__(self, collections: _Optional[_Iterable[_Union[Collection, _Mapping]]] = ...) -> None: ...

class DropCollectionRequest(_message.Message):
    __slots__ = ("collection",)
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    collection: str
    def __init__(self, collection: _Optional[str] = ...) -> None: ...

class DropCollectionResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class EraseProductRequest(_message.Message):
    __slots__ = ("product_id",)
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    product_id: str
    def __init__(self, product_id: _Optional[str] = ...) -> None: ...

class EraseProductResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: _operations_pb2.Operation
    def __init__(self, operation: _Optional[_Union[_operations_pb2.Operation, _Mapping]] = ...) -> None: ...

class EraseEndUserRequest(_message.Message):
    __slots__ = ("end_user",)
    END_USER_FIELD_NUMBER: _ClassVar[int]
    end_user: str
    def __init__(self, end_user: _Optional[str] = ...) -> None: ...

class EraseEndUserResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: _operations_pb2.Operation
    def __init__(self, operation: _Optional[_Union[_operations_pb2.Operation, _Mapping]] = ...) -> None: ...

class EraseTenantRequest(_message.Message):
    __slots__ = ("tenant",)
    TENANT_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    def __init__(self, tenant: _Optional[str] = ...) -> None: ...

class EraseTenantResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: _operations_pb2.Operation
    def __init__(self, operation: _Optional[_Union[_operations_pb2.Operation, _Mapping]] = ...) -> None: ...

class GetCatalogLimitsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetCatalogLimitsResponse(_message.Message):
    __slots__ = ("max_top_k", "max_page_size", "max_filter_conditions", "max_filter_values", "max_text_chars", "max_image_bytes", "max_image_pixels", "embedding_width", "filter_fields", "max_boxes_per_image", "max_name_chars", "max_description_chars", "max_key_chars", "max_filter_value_chars", "min_image_side_px", "max_image_frames", "max_product_attributes", "max_attribute_chars", "max_filter_depth", "max_hits", "max_url_chars", "max_images_per_stream", "max_image_side_px", "max_image_scans", "max_image_scan_pixels", "max_box_pixels", "max_message_bytes")
    MAX_TOP_K_FIELD_NUMBER: _ClassVar[int]
    MAX_PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    MAX_FILTER_CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    MAX_FILTER_VALUES_FIELD_NUMBER: _ClassVar[int]
    MAX_TEXT_CHARS_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGE_PIXELS_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_WIDTH_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELDS_FIELD_NUMBER: _ClassVar[int]
    MAX_BOXES_PER_IMAGE_FIELD_NUMBER: _ClassVar[int]
    MAX_NAME_CHARS_FIELD_NUMBER: _ClassVar[int]
    MAX_DESCRIPTION_CHARS_FIELD_NUMBER: _ClassVar[int]
    MAX_KEY_CHARS_FIELD_NUMBER: _ClassVar[int]
    MAX_FILTER_VALUE_CHARS_FIELD_NUMBER: _ClassVar[int]
    MIN_IMAGE_SIDE_PX_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGE_FRAMES_FIELD_NUMBER: _ClassVar[int]
    MAX_PRODUCT_ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    MAX_ATTRIBUTE_CHARS_FIELD_NUMBER: _ClassVar[int]
    MAX_FILTER_DEPTH_FIELD_NUMBER: _ClassVar[int]
    MAX_HITS_FIELD_NUMBER: _ClassVar[int]
    MAX_URL_CHARS_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGES_PER_STREAM_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGE_SIDE_PX_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGE_SCANS_FIELD_NUMBER: _ClassVar[int]
    MAX_IMAGE_SCAN_PIXELS_FIELD_NUMBER: _ClassVar[int]
    MAX_BOX_PIXELS_FIELD_NUMBER: _ClassVar[int]
    MAX_MESSAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    max_top_k: int
    max_page_size: int
    max_filter_conditions: int
    max_filter_values: int
    max_text_chars: int
    max_image_bytes: int
    max_image_pixels: int
    embedding_width: int
    filter_fields: _containers.RepeatedScalarFieldContainer[str]
    max_boxes_per_image: int
    max_name_chars: int
    max_description_chars: int
    max_key_chars: int
    max_filter_value_chars: int
    min_image_side_px: int
    max_image_frames: int
    max_product_attributes: int
    max_attribute_chars: int
    max_filter_depth: int
    max_hits: int
    max_url_chars: int
    max_images_per_stream: int
    max_image_side_px: int
    max_image_scans: int
    max_image_scan_pixels: int
    max_box_pixels: int
    max_message_bytes: int
    def __init__(self, max_top_k: _Optional[int] = ..., max_page_size: _Optional[int] = ..., max_filter_conditions: _Optional[int] = ..., max_filter_values: _Optional[int] = ..., max_text_chars: _Optional[int] = ..., max_image_bytes: _Optional[int] = ..., max_image_pixels: _Optional[int] = ..., embedding_width: _Optional[int] = ..., filter_fields: _Optional[_Iterable[str]] = ..., max_boxes_per_image: _Optional[int] = ..., max_name_chars: _Optional[int] = ..., max_description_chars: _Optional[int] = ..., max_key_chars: _Optional[int] = ..., max_filter_value_chars: _Optional[int] = ..., min_image_side_px: _Optional[int] = ..., max_image_frames: _Optional[int] = ..., max_product_attributes: _Optional[int] = ..., max_attribute_chars: _Optional[int] = ..., max_filter_depth: _Optional[int] = ..., max_hits: _Optional[int] = ..., max_url_chars: _Optional[int] = ..., max_images_per_stream: _Optional[int] = ..., max_image_side_px: _Optional[int] = ..., max_image_scans: _Optional[int] = ..., max_image_scan_pixels: _Optional[int] = ..., max_box_pixels: _Optional[int] = ..., max_message_bytes: _Optional[int] = ...) -> None: ...
