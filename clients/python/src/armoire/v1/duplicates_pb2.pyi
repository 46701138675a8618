from armoire.v1 import images_pb2 as _images_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DuplicatePhoto(_message.Message):
    __slots__ = ("image", "distance")
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_FIELD_NUMBER: _ClassVar[int]
    image: _images_pb2.Image
    distance: int
    def __init__(self, image: _Optional[_Union[_images_pb2.Image, _Mapping]] = ..., distance: _Optional[int] = ...) -> None: ...

class FindNearDuplicatesRequest(_message.Message):
    __slots__ = ("image_id", "max_distance", "page_size")
    IMAGE_ID_FIELD_NUMBER: _ClassVar[int]
    MAX_DISTANCE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    image_id: str
    max_distance: int
    page_size: int
    def __init__(self, image_id: _Optional[str] = ..., max_distance: _Optional[int] = ..., page_size: _Optional[int] = ...) -> None: ...

class FindNearDuplicatesResponse(_message.Message):
    __slots__ = ("photos", "total_size", "hashed")
    PHOTOS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    HASHED_FIELD_NUMBER: _ClassVar[int]
    photos: _containers.RepeatedCompositeFieldContainer[DuplicatePhoto]
    total_size: int
    hashed: bool
    def __init__(self, photos: _Optional[_Iterable[_Union[DuplicatePhoto, _Mapping]]] = ..., total_size: _Optional[int] = ..., hashed: bool = ...) -> None: ...

class ListNearDuplicatesRequest(_message.Message):
    __slots__ = ("product_id", "max_distance", "page_size", "page_token")
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    MAX_DISTANCE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    product_id: str
    max_distance: int
    page_size: int
    page_token: str
    def __init__(self, product_id: _Optional[str] = ..., max_distance: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListNearDuplicatesResponse(_message.Message):
    __slots__ = ("groups", "next_page_token")
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    groups: _containers.RepeatedCompositeFieldContainer[DuplicateGroup]
    next_page_token: str
    def __init__(self, groups: _Optional[_Iterable[_Union[DuplicateGroup, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DuplicateGroup(_message.Message):
    __slots__ = ("photos", "total_size")
    PHOTOS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    photos: _containers.RepeatedCompositeFieldContainer[DuplicatePhoto]
    total_size: int
    def __init__(self, photos: _Optional[_Iterable[_Union[DuplicatePhoto, _Mapping]]] = ..., total_size: _Optional[int] = ...) -> None: ...
