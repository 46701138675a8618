"""Durations on a command line."""

from __future__ import annotations

import argparse
import re

_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def duration_s(text: str) -> float:
    """Seconds of a text such as 90d, 12h, 30m or 45s."""
    found = re.fullmatch(r"(\d{1,9})([smhd])", text)
    if found is None or not int(found[1]):
        raise argparse.ArgumentTypeError(f"expected a time such as 90d, 12h, 30m or 45s, not {text!r}")
    return float(int(found[1]) * _UNITS_S[found[2]])
