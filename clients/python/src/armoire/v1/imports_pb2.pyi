from armoire.v1 import operations_pb2 as _operations_pb2
from armoire.v1 import products_pb2 as _products_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.rpc import status_pb2 as _status_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StartImportRequest(_message.Message):
    __slots__ = ("source", "photos_per_second", "again", "idempotency_key")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    PHOTOS_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    AGAIN_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    source: str
    photos_per_second: float
    again: bool
    idempotency_key: str
    def __init__(self, source: _Optional[str] = ..., photos_per_second: _Optional[float] = ..., again: bool = ..., idempotency_key: _Optional[str] = ...) -> None: ...

class StartImportResponse(_message.Message):
    __slots__ = ("operation", "next_number", "finished")
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    NEXT_NUMBER_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    operation: _operations_pb2.Operation
    next_number: int
    finished: bool
    def __init__(self, operation: _Optional[_Union[_operations_pb2.Operation, _Mapping]] = ..., next_number: _Optional[int] = ..., finished: bool = ...) -> None: ...

class ImportEntry(_message.Message):
    __slots__ = ("number", "source", "product", "image_name", "content", "url", "problem")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    IMAGE_NAME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    number: int
    source: str
    product: _products_pb2.Product
    image_name: str
    content: bytes
    url: str
    problem: str
    def __init__(self, number: _Optional[int] = ..., source: _Optional[str] = ..., product: _Optional[_Union[_products_pb2.Product, _Mapping]] = ..., image_name: _Optional[str] = ..., content: _Optional[bytes] = ..., url: _Optional[str] = ..., problem: _Optional[str] = ...) -> None: ...

class ImportEntriesRequest(_message.Message):
    __slots__ = ("operation_id", "entry", "validate_only", "again")
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    AGAIN_FIELD_NUMBER: _ClassVar[int]
    operation_id: str
    entry: ImportEntry
    validate_only: bool
    again: bool
    def __init__(self, operation_id: _Optional[str] = ..., entry: _Optional[_Union[ImportEntry, _Mapping]] = ..., validate_only: bool = ..., again: bool = ...) -> None: ...

class ImportEntriesResponse(_message.Message):
    __slots__ = ("next_number", "failures")
    NEXT_NUMBER_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    next_number: int
    failures: _containers.RepeatedCompositeFieldContainer[ImportFailure]
    def __init__(self, next_number: _Optional[int] = ..., failures: _Optional[_Iterable[_Union[ImportFailure, _Mapping]]] = ...) -> None: ...

class FinishImportRequest(_message.Message):
    __slots__ = ("operation_id",)
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    operation_id: str
    def __init__(self, operation_id: _Optional[str] = ...) -> None: ...

class FinishImportResponse(_message.Message):
    __slots__ = ("operation",)
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: _operations_pb2.Operation
    def __init__(self, operation: _Optional[_Union[_operations_pb2.Operation, _Mapping]] = ...) -> None: ...

class ListImportFailuresRequest(_message.Message):
    __slots__ = ("operation_id", "page_size", "page_token")
    OPERATION_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    operation_id: str
    page_size: int
    page_token: str
    def __init__(self, operation_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListImportFailuresResponse(_message.Message):
    __slots__ = ("failures", "next_page_token")
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    failures: _containers.RepeatedCompositeFieldContainer[ImportFailure]
    next_page_token: str
    def __init__(self, failures: _Optional[_Iterable[_Union[ImportFailure, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ImportFailure(_message.Message):
    __slots__ = ("number", "source", "external_id", "image_name", "url", "error")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    IMAGE_NAME_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    number: int
    source: str
    external_id: str
    image_name: str
    url: str
    error: _status_pb2.Status
    def __init__(self, number: _Optional[int] = ..., source: _Optional[str] = ..., external_id: _Optional[str] = ..., image_name: _Optional[str] = ..., url: _Optional[str] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class ImportReport(_message.Message):
    __slots__ = ("entries", "failed", "products_created", "products_updated", "photos_indexed", "photos_known")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    PRODUCTS_CREATED_FIELD_NUMBER: _ClassVar[int]
    PRODUCTS_UPDATED_FIELD_NUMBER: _ClassVar[int]
    PHOTOS_INDEXED_FIELD_NUMBER: _ClassVar[int]
    PHOTOS_KNOWN_FIELD_NUMBER: _ClassVar[int]
    entries: int
    failed: int
    products_created: int
    products_updated: int
    photos_indexed: int
    photos_known: int
    def __init__(self, entries: _Optional[int] = ..., failed: _Optional[int] = ..., products_created: _Optional[int] = ..., products_updated: _Optional[int] = ..., photos_indexed: _Optional[int] = ..., photos_known: _Optional[int] = ...) -> None: ...

class ReadProductPageRequest(_message.Message):
    __slots__ = ("url", "content", "base_url")
    URL_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    BASE_URL_FIELD_NUMBER: _ClassVar[int]
    url: str
    content: bytes
    base_url: str
    def __init__(self, url: _Optional[str] = ..., content: _Optional[bytes] = ..., base_url: _Optional[str] = ...) -> None: ...

class ReadProductPageResponse(_message.Message):
    __slots__ = ("products", "url")
    PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    products: _containers.RepeatedCompositeFieldContainer[ProductOnPage]
    url: str
    def __init__(self, products: _Optional[_Iterable[_Union[ProductOnPage, _Mapping]]] = ..., url: _Optional[str] = ...) -> None: ...

class ProductOnPage(_message.Message):
    __slots__ = ("product", "image_urls")
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    IMAGE_URLS_FIELD_NUMBER: _ClassVar[int]
    product: _products_pb2.Product
    image_urls: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, product: _Optional[_Union[_products_pb2.Product, _Mapping]] = ..., image_urls: _Optional[_Iterable[str]] = ...) -> None: ...
