"""Durations and times on a command line."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime, timedelta

_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration_s(text: str) -> float:
    """Seconds of a text such as 90d, 12h, 30m or 45s."""
    found = re.fullmatch(r"(\d{1,9})([smhd])", text)
    if found is None or not int(found[1]):
        raise argparse.ArgumentTypeError(f"expected a time such as 90d, 12h, 30m or 45s, not {text!r}")
    return float(int(found[1]) * _UNITS_S[found[2]])


def moment(text: str) -> datetime:
    """A time: an age, or a date in ISO 8601."""
    try:
        return date(text)
    except argparse.ArgumentTypeError:
        return _ago(text)


def date(text: str) -> datetime:
    """A date in ISO 8601, with a time or without; in UTC where it has no zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected a date such as 2026-01-31 or 2026-01-31T12:00:00Z, not {text!r}"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _ago(text: str) -> datetime:
    try:
        return datetime.now(UTC) - timedelta(seconds=duration_s(text))
    except OverflowError:
        raise argparse.ArgumentTypeError(f"{text!r} is before the year 1") from None
