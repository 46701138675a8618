"""Profile: its limits, and one at a time."""

from __future__ import annotations

import asyncio
import json
import os

import pytest
from google.protobuf.duration_pb2 import Duration

from armoire.v1 import admin_pb2
from domain.errors import FailedPrecondition, InvalidInput
from services.edge.profiler import Profiler
from tests.turns import begun


async def test_a_profile_is_of_this_process() -> None:
    request = admin_pb2.ProfileRequest(duration=Duration(nanos=1_000_000), rate=1000)
    reply = await Profiler().answer(request)
    assert reply.process_id == os.getpid()
    assert str(os.getpid()) in json.loads(reply.speedscope_json)["name"]
    assert reply.cpu_time.ToNanoseconds() >= reply.sampling_cpu_time.ToNanoseconds() > 0


async def test_a_second_one_is_refused_until_the_first_has_ended() -> None:
    profiler = Profiler()
    first = await begun(profiler.answer(admin_pb2.ProfileRequest(duration=Duration(seconds=60))))
    short = admin_pb2.ProfileRequest(duration=Duration(nanos=1))
    with pytest.raises(FailedPrecondition) as refused:
        await profiler.answer(short)
    assert refused.value.reason == "PROFILE_RUNNING"
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (await profiler.answer(short)).process_id


@pytest.mark.parametrize(
    ("request_fields", "field"),
    [
        ({}, "duration"),
        ({"duration": Duration(seconds=61)}, "duration"),
        ({"duration": Duration(seconds=-1)}, "duration"),
        ({"duration": Duration(seconds=1), "rate": 1001}, "rate"),
        ({"duration": Duration(seconds=1), "rate": -1}, "rate"),
    ],
)
async def test_what_is_out_of_its_limits_is_named(request_fields: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await Profiler().answer(admin_pb2.ProfileRequest(**request_fields))  # type: ignore[arg-type]
    assert refused.value.violations[0].field == field
