"""What each call wants of its caller, read from the protos.

`python -m services.edge.requirements` prints the table of docs/permissions.md; `make check` compares them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor

from armoire.v1 import (
    access_pb2,
    account_pb2,
    admin_pb2,
    catalog_pb2,
    inference_pb2,
    models_pb2,
    operations_pb2,
    outfits_pb2,
)
from domain.types import Scope
from services.access.access import Requirement, Requirements
from services.edge.hosted_service import HostedService
from services.edge.oip.servicer import OPEN_INFERENCE

SCOPES: dict[int, Scope] = {
    access_pb2.SCOPE_INFER: Scope.INFER,
    access_pb2.SCOPE_READ: Scope.READ,
    access_pb2.SCOPE_WRITE: Scope.WRITE,
    access_pb2.SCOPE_REVIEW: Scope.REVIEW,
    access_pb2.SCOPE_ADMIN: Scope.ADMIN,
}
SERVICES: tuple[ServiceDescriptor, ...] = (
    *inference_pb2.DESCRIPTOR.services_by_name.values(),
    *models_pb2.DESCRIPTOR.services_by_name.values(),
    *catalog_pb2.DESCRIPTOR.services_by_name.values(),
    *operations_pb2.DESCRIPTOR.services_by_name.values(),
    *outfits_pb2.DESCRIPTOR.services_by_name.values(),
    *admin_pb2.DESCRIPTOR.services_by_name.values(),
    *account_pb2.DESCRIPTOR.services_by_name.values(),
    OPEN_INFERENCE,
)
"""All services that a server may host."""
PAGE_HEAD = """\
# Permissions

What a caller's key, token or role must have for each call, on every transport: one of the scopes. This page
is written by `make permissions-doc` from the options `scopes`, `operator_only` and `anyone` of each call in
the protos. How keys and users are made: [security](security.md#who-may-call).

| Call | Scopes | Only operators |
|---|---|---|
"""
_CHANGES = ("RepositoryModel", "SystemSharedMemory", "CudaSharedMemory")
"""Beginnings of the calls of the Open Inference Protocol that concern the server itself.

Its proto is a published one and has no options of ours.
"""


def requirements_of(services: Iterable[HostedService]) -> Requirements:
    """What the methods of these services want, by path.

    Raises:
        ValueError: a method does not say.
    """
    return {method.path: requirement_of(method.descriptor) for each in services for method in each.methods()}


def requirement_of(method: MethodDescriptor) -> Requirement:
    """Raises ValueError if the method does not say what it wants."""
    if method.containing_service.full_name == OPEN_INFERENCE.full_name:
        if method.name.startswith(_CHANGES):
            return Requirement(frozenset({Scope.ADMIN}), operator_only=True)
        return Requirement(frozenset({Scope.INFER}))
    extensions: Any = method.GetOptions().Extensions
    scopes = frozenset(SCOPES[number] for number in extensions[access_pb2.scopes])
    anyone, operator_only = extensions[access_pb2.anyone], extensions[access_pb2.operator_only]
    if bool(scopes) == anyone or (anyone and operator_only):
        raise ValueError(f"{method.full_name} must have the option (armoire.v1.scopes), or that of anyone")
    return Requirement(scopes, operator_only, anyone)


def permission_rows() -> Iterator[str]:
    """A row of Markdown for each call."""
    for service in SERVICES:
        for method in service.methods:
            wanted = requirement_of(method)
            scopes = " or ".join(sorted(scope.value for scope in wanted.scopes)) or "none: anyone may call"
            yield f"| `{service.name}.{method.name}` | {scopes} | {'yes' if wanted.operator_only else ''} |"


if __name__ == "__main__":
    sys.stdout.write(PAGE_HEAD + "\n".join(permission_rows()) + "\n")
