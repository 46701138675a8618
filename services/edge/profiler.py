"""Profiles of this process for those who run it, one at a time."""

from __future__ import annotations

import asyncio
import os
import threading

from google.protobuf.duration_pb2 import Duration

from armoire.v1 import admin_pb2
from domain.errors import FailedPrecondition, InvalidInput
from services.profiling.speedscope import speedscope_json
from services.profiling.stack_sampler import Profile, StackSampler

MAX_S = 60.0
DEFAULT_RATE, MAX_RATE = 100, 1000


class Profiler:
    """Answers Profile."""

    def __init__(self) -> None:
        self._running = asyncio.Lock()

    async def answer(self, request: admin_pb2.ProfileRequest) -> admin_pb2.ProfileResponse:
        """Sample, and return the profile; a call that is cancelled ends the sampling.

        Raises:
            InvalidInput: the duration or the rate is out of its limits.
            FailedPrecondition: another profile is being taken.
        """
        duration_s, rate = _duration_s(request), _rate(request)
        if self._running.locked():
            raise FailedPrecondition(
                "another profile of this process is being taken; ask again when it has ended",
                reason="PROFILE_RUNNING",
            )
        async with self._running:
            profile = await _sampled(duration_s, rate)
        text = await asyncio.to_thread(speedscope_json, profile, f"armoire, process {os.getpid()}")
        return admin_pb2.ProfileResponse(
            speedscope_json=text,
            process_id=os.getpid(),
            cpu_time=_duration(profile.cpu_s),
            sampling_cpu_time=_duration(profile.sampling_s),
        )


async def _sampled(duration_s: float, rate: int) -> Profile:
    stop = threading.Event()
    try:
        return await asyncio.to_thread(StackSampler().run, duration_s, rate, stop)
    finally:
        stop.set()


def _duration_s(request: admin_pb2.ProfileRequest) -> float:
    seconds = request.duration.seconds + request.duration.nanos / 1e9
    if not 0 < seconds <= MAX_S:
        raise InvalidInput("duration", f"must be more than 0 and at most {MAX_S:g} s, got {seconds:g} s")
    return seconds


def _rate(request: admin_pb2.ProfileRequest) -> int:
    if not 0 <= request.rate <= MAX_RATE:
        raise InvalidInput(
            "rate", f"must be from 1 to {MAX_RATE}, or 0 for {DEFAULT_RATE}, got {request.rate}"
        )
    return request.rate or DEFAULT_RATE


def _duration(seconds: float) -> Duration:
    duration = Duration()
    duration.FromNanoseconds(round(seconds * 1e9))
    return duration
