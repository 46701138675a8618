"""Streams, whose callers are looked at again while they go on."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import TypeAlias

import pytest

from domain.errors import ArmoireError, PermissionDenied, Unauthenticated
from domain.types import DEFAULT_PRINCIPAL, Principal, Scope
from services.access.access import Anyone, OpenAccess, Requirement
from services.edge.admission import Admission
from services.edge.calls import Calls

METHOD = "/armoire.v1.Service/Method"
Numbers: TypeAlias = AsyncGenerator[int, None]
Follow: TypeAlias = Callable[[Calls, Numbers], Numbers]


class Door(OpenAccess):
    """Lets in whom it is told to, as long as there is no `refusal`."""

    def __init__(self) -> None:
        self.caller = DEFAULT_PRINCIPAL
        self.refusal: ArmoireError | None = None

    def principal(self, authorization: str | None) -> Principal:
        if self.refusal is not None:
            raise self.refusal
        return self.caller


@pytest.fixture(params=[Calls.requests, Calls.watched], ids=["requests", "responses"])
def follow(request: pytest.FixtureRequest) -> Follow:
    """The two kinds of streams."""
    found: Follow = request.param
    return found


async def begun(door: Door) -> Calls:
    calls = Calls(Admission(1))
    calls.restrict(Anyone(door), {METHOD: Requirement(frozenset({Scope.READ}))})
    await calls.begin(METHOD, {}, None).authorize()
    return calls


async def sent(change: Callable[[], None]) -> Numbers:
    """Three messages; `change` happens before the last."""
    for number in range(3):
        if number == 2:
            change()
        yield number


async def read_all(messages: Numbers, read: list[int]) -> None:
    async for message in messages:
        read.append(message)


@pytest.mark.parametrize("reason", ["KEY_REVOKED", "SESSION_ENDED"])
async def test_a_stream_ends_when_its_caller_is_shut_out(follow: Follow, reason: str) -> None:
    door, read = Door(), list[int]()
    calls = await begun(door)
    messages = follow(calls, sent(lambda: setattr(door, "refusal", Unauthenticated("gone", reason=reason))))
    with pytest.raises(Unauthenticated, match="gone"):
        await read_all(messages, read)
    assert read == [0, 1]


async def test_a_stream_ends_when_its_caller_loses_the_scope(follow: Follow) -> None:
    door, read = Door(), list[int]()
    calls = await begun(door)
    fewer = Principal("shop", scopes=frozenset({Scope.INFER}))
    with pytest.raises(PermissionDenied, match="needs the scope read"):
        await read_all(follow(calls, sent(lambda: setattr(door, "caller", fewer))), read)
    assert read == [0, 1]


async def test_a_stream_goes_on_when_its_key_expires(follow: Follow) -> None:
    door, read = Door(), list[int]()
    calls = await begun(door)
    expired = Unauthenticated("expired", reason="KEY_EXPIRED")
    await read_all(follow(calls, sent(lambda: setattr(door, "refusal", expired))), read)
    assert read == [0, 1, 2]
