"""Idempotency keys."""

from __future__ import annotations

import uuid


def key_or_fresh(idempotency_key: str | None) -> str:
    """The caller's key, or a fresh one where there is none; an empty one stays empty."""
    return str(uuid.uuid4()) if idempotency_key is None else idempotency_key
