"""What a Bento has that an installation has not."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from settings import ROOT

CLIENT = ROOT / "clients/python/src"


def find_client() -> None:
    """Let the client, with the stubs, be imported from its sources where it is not installed."""
    if find_spec("armoire") is None:
        sys.path.append(str(CLIENT))
