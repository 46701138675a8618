"""Every call says what it wants of its caller."""

from __future__ import annotations

import pytest
from google.protobuf.descriptor import MethodDescriptor

from domain.errors import PermissionDenied
from domain.types import DEFAULT_PRINCIPAL, Principal, Scope
from services.access.access import NOBODY, Requirement
from services.edge.requirements import SCOPES, SERVICES, requirement_of

METHODS: list[MethodDescriptor] = [method for service in SERVICES for method in service.methods]


@pytest.mark.parametrize("method", METHODS, ids=[method.full_name for method in METHODS])
def test_every_call_names_a_scope(method: MethodDescriptor) -> None:
    wanted = requirement_of(method)
    assert wanted.scopes <= set(Scope)
    assert bool(wanted.scopes) != wanted.anyone
    assert not (wanted.anyone and wanted.operator_only)


def test_few_calls_are_anyone_s() -> None:
    free = {method.name for method in METHODS if requirement_of(method).anyone}
    assert free == {"SignIn", "SignOut", "AcceptInvitation", "ResetPassword"}


def test_whoever_may_do_something_may_ask_what() -> None:
    (get_me,) = (method for method in METHODS if method.name == "GetMe")
    assert requirement_of(get_me).scopes == set(Scope)


def test_every_scope_of_the_contract_has_one_here() -> None:
    assert set(SCOPES.values()) == set(Scope)


def test_a_caller_needs_one_of_the_scopes() -> None:
    wanted = Requirement(frozenset({Scope.READ, Scope.INFER}))
    wanted.check("/a.B/C", Principal("t", "key:1", frozenset({Scope.READ})))
    with pytest.raises(PermissionDenied, match="C needs the scope infer or read") as refused:
        wanted.check("/a.B/C", Principal("t", "key:1", frozenset({Scope.ADMIN})))
    assert refused.value.reason == "SCOPE_MISSING"


def test_nobody_may_call_what_is_anyone_s() -> None:
    Requirement(frozenset(), anyone=True).check("/a.B/C", NOBODY)
    with pytest.raises(PermissionDenied):
        Requirement(frozenset(Scope)).check("/a.B/C", NOBODY)
    assert not NOBODY.is_operator


def test_some_calls_are_for_operators() -> None:
    wanted = Requirement(frozenset({Scope.ADMIN}), operator_only=True)
    wanted.check("/a.B/C", DEFAULT_PRINCIPAL)
    with pytest.raises(PermissionDenied) as refused:
        wanted.check("/a.B/C", Principal("shop"))
    assert refused.value.reason == "OPERATOR_ONLY"
