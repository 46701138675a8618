"""The errors of requests that do not fit into the queue of a model."""

from __future__ import annotations

from domain.errors import FailedPrecondition, Overloaded


def too_large(model: str, needed: int, unit: str, limit: int) -> FailedPrecondition:
    """For a request that alone exceeds the queue's limit. `unit` is "rows" or "bytes"."""
    text = f"{_request(model, needed, unit)}, which takes at most {limit}; send less at once"
    return FailedPrecondition(text, metadata=_metadata(unit, limit))


def no_room(model: str, needed: int, unit: str, limit: int, retry_after_s: float) -> Overloaded:
    """For a request that fits only after the queue has drained."""
    text = f"{_request(model, needed, unit)}, which has too little room now (it takes at most {limit} in all)"
    return Overloaded(text, retry_after_s=retry_after_s, metadata=_metadata(unit, limit))


def _request(model: str, needed: int, unit: str) -> str:
    amount = f"{needed} {unit.removesuffix('s') if needed == 1 else unit}"
    return f"the request adds {amount} to the queue of the {model} model"


def _metadata(unit: str, limit: int) -> dict[str, str]:
    return {f"max_queue_{unit}": str(limit)}
