"""How far a server has come with the photos of calls that are in flight."""

from __future__ import annotations

import re

import httpx

from demo.server import ServerProcess

DECODED = re.compile(r"^armoire_decode_seconds_count (\S+)$", re.MULTILINE)


def decoded_photos(server: ServerProcess) -> int:
    """The photos that it has decoded since it was started; those of n calls only after n calls have come."""
    found = DECODED.search(httpx.get(f"{server.http_url}/metrics", timeout=60).text)
    return 0 if found is None else int(float(found[1]))
