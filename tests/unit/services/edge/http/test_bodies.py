"""Slow bodies give their places to others."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from domain.errors import Overloaded
from services.edge.http.bodies import GRACE_S, BodyTooSlow, LimitedBody, Uploads
from tests.turns import begun
from tests.unit.clock import Clock


class Caller:
    """Sends a body in pieces, when the test says so."""

    def __init__(self, uploads: Uploads) -> None:
        self.pieces: asyncio.Queue[bytes] = asyncio.Queue()
        self.body = LimitedBody(self._receive, uploads, 60)

    async def _receive(self) -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": await self.pieces.get(), "more_body": True}

    async def send(self, piece: bytes) -> None:
        self.pieces.put_nowait(piece)
        await self.body()


async def test_the_slowest_body_gives_its_place_to_a_new_one() -> None:
    clock = Clock()
    uploads = Uploads(2, clock)
    fast, slow, new = (Caller(uploads) for _ in range(3))
    await fast.send(b"f" * 1000)
    await slow.send(b"s")
    waiting = [await begun(caller.body()) for caller in (fast, slow)]
    clock.advance(GRACE_S)
    await new.send(b"n")
    with pytest.raises(BodyTooSlow, match="more slowly than those of others"):
        await waiting[1]
    fast.pieces.put_nowait(b"f")
    assert (await waiting[0])["body"] == b"f"


async def test_a_body_that_gave_its_place_while_it_was_not_waited_for_ends_later() -> None:
    clock = Clock()
    uploads = Uploads(1, clock)
    slow, new = Caller(uploads), Caller(uploads)
    await slow.send(b"s")
    waiting = await begun(slow.body())
    clock.advance(GRACE_S)
    slow.pieces.put_nowait(b"s")
    await waiting
    await new.send(b"n")
    with pytest.raises(BodyTooSlow):
        await slow.body()


async def test_bodies_of_callers_who_have_just_begun_keep_their_places() -> None:
    uploads = Uploads(1, Clock())
    first, second = Caller(uploads), Caller(uploads)
    await first.send(b"f")
    with pytest.raises(Overloaded, match="the limit of 1 uploads"):
        await second.send(b"s")
    uploads.end(first.body)
    await Caller(uploads).send(b"t")
