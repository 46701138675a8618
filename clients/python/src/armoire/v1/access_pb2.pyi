from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class Scope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SCOPE_UNSPECIFIED: _ClassVar[Scope]
    SCOPE_INFER: _ClassVar[Scope]
    SCOPE_READ: _ClassVar[Scope]
    SCOPE_WRITE: _ClassVar[Scope]
    SCOPE_REVIEW: _ClassVar[Scope]
    SCOPE_ADMIN: _ClassVar[Scope]
SCOPE_UNSPECIFIED: Scope
SCOPE_INFER: Scope
SCOPE_READ: Scope
SCOPE_WRITE: Scope
SCOPE_REVIEW: Scope
SCOPE_ADMIN: Scope
SCOPES_FIELD_NUMBER: _ClassVar[int]
scopes: _descriptor.FieldDescriptor
OPERATOR_ONLY_FIELD_NUMBER: _ClassVar[int]
operator_only: _descriptor.FieldDescriptor
ANYONE_FIELD_NUMBER: _ClassVar[int]
anyone: _descriptor.FieldDescriptor
