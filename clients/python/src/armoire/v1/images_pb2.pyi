from armoire.v1 import types_pb2 as _types_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Rendition(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RENDITION_UNSPECIFIED: _ClassVar[Rendition]
    RENDITION_ORIGINAL: _ClassVar[Rendition]
    RENDITION_THUMBNAIL: _ClassVar[Rendition]
RENDITION_UNSPECIFIED: Rendition
RENDITION_ORIGINAL: Rendition
RENDITION_THUMBNAIL: Rendition

class Image(_message.Message):
    __slots__ = ("id", "name", "product_id", "width", "height", "format", "size_bytes", "sha256", "warnings", "rejected_crops", "etag", "create_time", "update_time", "delete_time", "thumbnail_url", "perceptual_hash", "hash_quality", "near_duplicate_of")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    REJECTED_CROPS_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    THUMBNAIL_URL_FIELD_NUMBER: _ClassVar[int]
    PERCEPTUAL_HASH_FIELD_NUMBER: _ClassVar[int]
    HASH_QUALITY_FIELD_NUMBER: _ClassVar[int]
    NEAR_DUPLICATE_OF_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    product_id: str
    width: int
    height: int
    format: str
    size_bytes: int
    sha256: str
    warnings: _containers.RepeatedScalarFieldContainer[_types_pb2.QualityIssue]
    rejected_crops: _containers.RepeatedCompositeFieldContainer[RejectedCrop]
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    thumbnail_url: str
    perceptual_hash: str
    hash_quality: int
    near_duplicate_of: NearDuplicate
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., product_id: _Optional[str] = ..., width: _Optional[int] = ..., height: _Optional[int] = ..., format: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ..., warnings: _Optional[_Iterable[_Union[_types_pb2.QualityIssue, str]]] = ..., rejected_crops: _Optional[_Iterable[_Union[RejectedCrop, _Mapping]]] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., thumbnail_url: _Optional[str] = ..., perceptual_hash: _Optional[str] = ..., hash_quality: _Optional[int] = ..., near_duplicate_of: _Optional[_Union[NearDuplicate, _Mapping]] = ...) -> None: ...

class NearDuplicate(_message.Message):
    __slots__ = ("image_id", "distance")
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_FIELD_NUMBER: _ClassVar[int]
    image_id: str
    distance: int
    def __init__(self, image_id: _Optional[str] = ..., distance: _Optional[int] = ...) -> None: ...

class RejectedCrop(_message.Message):
    __slots__ = ("box", "score", "label", "reason", "crop")
    BOX_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CROP_FIELD_NUMBER: _ClassVar[int]
    box: _types_pb2.Box
    score: float
    label: str
    reason: _types_pb2.QualityIssue
    crop: bytes
    def __init__(self, box: _Optional[_Union[_types_pb2.Box, _Mapping]] = ..., score: _Optional[float] = ..., label: _Optional[str] = ..., reason: _Optional[_Union[_types_pb2.QualityIssue, str]] = ..., crop: _Optional[bytes] = ...) -> None: ...

class GetImageRequest(_message.Message):
    __slots__ = ("image_id", "include_rejected_crops")
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_REJECTED_CROPS_FIELD_NUMBER: _ClassVar[int]
    image_id: str
    include_rejected_crops: bool
    def __init__(self, image_id: _Optional[str] = ..., include_rejected_crops: bool = ...) -> None: ...

class GetImageResponse(_message.Message):
    __slots__ = ("image",)
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    image: Image
    def __init__(self, image: _Optional[_Union[Image, _Mapping]] = ...) -> None: ...

class ListImagesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "product_id", "show_deleted", "text", "order_by", "include_thumbnail_urls", "thumbnail_max_side_px", "only_deleted")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    SHOW_DELETED_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_THUMBNAIL_URLS_FIELD_NUMBER: _ClassVar[int]
    THUMBNAIL_MAX_SIDE_PX_FIELD_NUMBER: _ClassVar[int]
    ONLY_DELETED_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    product_id: str
    show_deleted: bool
    text: str
    order_by: str
    include_thumbnail_urls: bool
    thumbnail_max_side_px: int
    only_deleted: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., product_id: _Optional[str] = ..., show_deleted: bool = ..., text: _Optional[str] = ..., order_by: _Optional[str] = ..., include_thumbnail_urls: bool = ..., thumbnail_max_side_px: _Optional[int] = ..., only_deleted: bool = ...) -> None: ...

class ListImagesResponse(_message.Message):
    __slots__ = ("images", "next_page_token", "thumbnail_url_expire_time")
    IMAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    THUMBNAIL_URL_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    images: _containers.RepeatedCompositeFieldContainer[Image]
    next_page_token: str
    thumbnail_url_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, images: _Optional[_Iterable[_Union[Image, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., thumbnail_url_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetImageContentRequest(_message.Message):
    __slots__ = ("image_id", "rendition", "max_side_px", "as_url", "url_lifetime_s")
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    RENDITION_FIELD_NUMBER: _ClassVar[int]
    MAX_SIDE_PX_FIELD_NUMBER: _ClassVar[int]
    AS_URL_FIELD_NUMBER: _ClassVar[int]
    URL_LIFETIME_S_FIELD_NUMBER: _ClassVar[int]
    image_id: str
    rendition: Rendition
    max_side_px: int
    as_url: bool
    url_lifetime_s: int
    def __init__(self, image_id: _Optional[str] = ..., rendition: _Optional[_Union[Rendition, str]] = ..., max_side_px: _Optional[int] = ..., as_url: bool = ..., url_lifetime_s: _Optional[int] = ...) -> None: ...

class GetImageContentResponse(_message.Message):
    __slots__ = ("content", "url", "media_type", "url_expire_time")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    URL_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    url: str
    media_type: str
    url_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, content: _Optional[bytes] = ..., url: _Optional[str] = ..., media_type: _Optional[str] = ..., url_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class UpdateImageRequest(_message.Message):
    __slots__ = ("image", "update_mask")
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    image: Image
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, image: _Optional[_Union[Image, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateImageResponse(_message.Message):
    __slots__ = ("image",)
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    image: Image
    def __init__(self, image: _Optional[_Union[Image, _Mapping]] = ...) -> None: ...

class DeleteImageRequest(_message.Message):
    __slots__ = ("image_id", "etag")
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    image_id: str
    etag: str
    def __init__(self, image_id: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class DeleteImageResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RestoreImageRequest(_message.Message):
    __slots__ = ("image_id",)
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    image_id: str
    def __init__(self, image_id: _Optional[str] = ...) -> None: ...

class RestoreImageResponse(_message.Message):
    __slots__ = ("image", "items")
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    image: Image
    items: int
    def __init__(self, image: _Optional[_Union[Image, _Mapping]] = ..., items: _Optional[int] = ...) -> None: ...
