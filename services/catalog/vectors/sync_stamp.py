"""The stamp: a file with a fingerprint of the rows that Milvus Lite had when it was closed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from domain.atomic_file import atomic_file


class SyncStamp:
    """Fingerprints of collections by name, in a file that exists only while Lite is not written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, str]:
        """Read the fingerprints; empty if the file does not exist or cannot be read."""
        try:
            kept = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def write(self, fingerprints: Mapping[str, str]) -> None:
        with atomic_file(self._path) as file:
            file.write(json.dumps(dict(fingerprints)).encode())

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)
