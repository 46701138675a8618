"""What servicers tell of the photos and texts that they have answered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from domain.calls import CURRENT_CALL
from services.predictions.observation import Observation

SampleRatio: TypeAlias = Callable[[str], float]
"""The share, 0 to 1, of the photos and texts of a tenant that are logged, by the tenant's id."""

_ALL = 2**64


class Recorder(Protocol):
    """Takes what calls were told. It neither waits nor fails."""

    def wants(self, element: str) -> bool:
        """Whether to record an element of the current call, such as "2", or the id of a stream's request."""
        ...

    def record(self, observation: Observation) -> None:
        """Take what an element of the current call was told."""
        ...


def record_with(recorders: Sequence[Recorder], element: str, observed: Callable[[], Observation]) -> None:
    """Let those recorders have an element of the current call that want it."""
    for recorder in recorders:
        if recorder.wants(element):
            recorder.record(observed())


class NoRecorder:
    """Records nothing."""

    def wants(self, element: str) -> bool:
        """See `Recorder`."""
        return False

    def record(self, observation: Observation) -> None:
        """See `Recorder`."""


def is_sampled(ratio: float, element: str) -> bool:
    """Whether an element of the current call is of the share `ratio`, by a hash of its place in the call.

    The same request id and place give the same answer, and a share contains every smaller one.
    """
    if ratio <= 0.0 or ratio >= 1.0:
        return ratio > 0.0
    place = f"{CURRENT_CALL.get().request_id}/{element}".encode()
    drawn = int.from_bytes(hashlib.blake2b(place, digest_size=8).digest())
    return drawn < ratio * _ALL
