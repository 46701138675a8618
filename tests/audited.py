"""Which calls leave an audit record, read from what the protos say of them, and how a call is made."""

from __future__ import annotations

from inspect import isasyncgen
from typing import Any

from google.protobuf.descriptor import ServiceDescriptor

from domain.types import Principal, Scope
from services.access.access import Anyone
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.requirements import requirement_of

UNRECORDED = frozenset(
    {
        "Profile",  # only looks
        "ReadProductPage",  # only reads
        "RecordFeedback",  # it is a record itself, of what an end user thinks
        *("LeaseReviewItems", "ReleaseReviewItems"),  # leases end by themselves; what is decided is recorded
        "ChangePassword",  # see tests/unit/services/access/test_accounts.py
        # Clients of the Open Inference Protocol register shared memory, which ends with the process.
        *(
            f"{kind}SharedMemory{verb}"
            for kind in ("System", "Cuda")
            for verb in ("Status", "Register", "Unregister")
        ),
    }
)
ACTOR = Principal("shop", "key:0123456789abcdef")
OPERATOR = Principal("default", "key:fedcba9876543210")
HEADERS = {"armoire-end-user": "shopper 1", "x-request-id": "r-1"}


def recorded(service: ServiceDescriptor) -> list[str]:
    """The calls that change something, or take all away: a new one is among them until it is named above."""
    return [
        method.name
        for method in service.methods
        if (
            requirement_of(method).scopes & {Scope.WRITE, Scope.REVIEW, Scope.ADMIN}
            or method.name.startswith(("Start", "Export"))
        )
        and not method.name.startswith(("Get", "List", "Watch"))
        and method.name not in UNRECORDED
    ]


class Caller:
    """A caller who is known: `principal`."""

    def __init__(self, principal: Principal) -> None:
        self._principal = principal

    def principal(self, authorization: str | None) -> Principal:
        return self._principal


async def call(principal: Principal, servicer: Any, method: str, request: Any) -> Any:
    """Make a call as the edge does, for an end user."""
    calls = Calls(Admission(8), callers=Anyone(Caller(principal)))
    active = calls.begin(f"/armoire.v1.Service/{method}", HEADERS, None)
    await active.authorize()
    answering = getattr(servicer, method)(request, None)
    response = [each async for each in answering] if isasyncgen(answering) else await answering
    active.succeed()
    return response
