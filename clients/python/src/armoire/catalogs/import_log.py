"""Which photos of a folder a server has taken, so that an import that goes on sends no photo twice.

It only saves work: the keys of the photos keep a server from indexing one twice.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


class ImportLog:
    """The jobs by the ids of the folder's photos; one file a server."""

    def __init__(self, root: Path, address: str) -> None:
        name = hashlib.sha256(address.encode()).hexdigest()[:12]
        self._path = root / f"imported-{name}.jsonl"
        self._jobs = dict(self._read())

    def job_of(self, image_id: str) -> str:
        """The id of the photo's job, "" where it was not sent."""
        return self._jobs.get(image_id, "")

    def add(self, image_id: str, job_id: str) -> None:
        """Remember the job of a photo."""
        self._jobs[image_id] = job_id
        with self._path.open("ab") as lines:
            lines.write(json.dumps([image_id, job_id]).encode() + b"\n")

    def _read(self) -> list[tuple[str, str]]:
        """The lines; one that was cut off is removed."""
        if not self._path.exists():
            return []
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            self._path.write_bytes(whole)
        return [(image_id, job_id) for image_id, job_id in map(json.loads, whole.splitlines())]
