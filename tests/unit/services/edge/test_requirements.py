"""Every call says what it wants of its caller."""

from __future__ import annotations

import pytest
from google.protobuf.descriptor import MethodDescriptor

from domain.errors import PermissionDenied
from domain.types import DEFAULT_PRINCIPAL, Principal, Scope
from services.access.access import Requirement
from services.edge.requirements import SCOPES, SERVICES, requirement_of

METHODS: list[MethodDescriptor] = [method for service in SERVICES for method in service.methods]


@pytest.mark.parametrize("method", METHODS, ids=[method.full_name for method in METHODS])
def test_every_call_names_a_scope(method: MethodDescriptor) -> None:
    assert requirement_of(method).scopes <= set(Scope)
    assert requirement_of(method).scopes


def test_every_scope_of_the_contract_has_one_here() -> None:
    assert set(SCOPES.values()) == set(Scope)


def test_a_caller_needs_one_of_the_scopes() -> None:
    wanted = Requirement(frozenset({Scope.READ, Scope.INFER}))
    wanted.check("/a.B/C", Principal("t", "key:1", frozenset({Scope.READ})))
    with pytest.raises(PermissionDenied, match="C needs the scope infer or read") as refused:
        wanted.check("/a.B/C", Principal("t", "key:1", frozenset({Scope.ADMIN})))
    assert refused.value.reason == "SCOPE_MISSING"


def test_some_calls_are_for_operators() -> None:
    wanted = Requirement(frozenset({Scope.ADMIN}), operator_only=True)
    wanted.check("/a.B/C", DEFAULT_PRINCIPAL)
    with pytest.raises(PermissionDenied) as refused:
        wanted.check("/a.B/C", Principal("shop"))
    assert refused.value.reason == "OPERATOR_ONLY"
