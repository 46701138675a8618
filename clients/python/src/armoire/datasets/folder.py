"""A dataset in a folder, which grows photo by photo and goes on where an interruption has left it.

`photos.jsonl` has a line for each photo whose picture is stored; what training tools read is written from
these lines at the end, so it is never half of something.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from armoire.datasets.records import Record
from armoire.exported_folder import WrongFolder, require_empty, write_file

VERSION = 1
_FORMAT = "armoire-dataset"


class DatasetFolder:
    """The folder's options and lines. Raises OSError where it cannot be read or written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._options = root / "dataset.json"
        self._lines = root / "photos.jsonl"
        self._categories = root / "categories.json"

    def open(self, options: Mapping[str, Any]) -> str:
        """Make the folder, or find it as it was left; returns the id of its last photo, "" for none.

        Raises:
            WrongFolder: it holds other things, or a dataset with other options.
        """
        wanted = {"format": _FORMAT, "version": VERSION, **options}
        self.root.mkdir(parents=True, exist_ok=True)
        if self._options.exists():
            found = json.loads(self._options.read_text(encoding="utf-8"))
            if {name: found.get(name) for name in wanted} != json.loads(json.dumps(wanted)):
                raise WrongFolder(f"{self.root} holds a dataset with other options; choose another folder")
        else:
            require_empty(self.root)
            write_file(self._options, json.dumps(wanted, indent=2).encode())
        return self._last_id()

    def _last_id(self) -> str:
        """The id of the last photo; a line that was cut off is removed."""
        if not self._lines.exists():
            return ""
        whole, last = 0, b""
        with self._lines.open("r+b") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                whole, last = whole + len(line), line
            lines.truncate(whole)
        return str(json.loads(last)["image_id"]) if last else ""

    def store(self, files: Mapping[str, bytes]) -> None:
        """Write pictures and the like, by their places in the folder."""
        for place, content in files.items():
            path = self.root / place
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, content)

    def append(self, record: Record) -> None:
        """Add the line of a photo, whose files are stored."""
        with self._lines.open("ab") as lines:
            lines.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")

    def keep_categories(self, categories: Sequence[str]) -> None:
        """Keep the categories of the server's taxonomy, for the end."""
        write_file(self._categories, json.dumps(categories).encode())

    def categories(self) -> tuple[str, ...]:
        """Those that were kept."""
        return tuple(json.loads(self._categories.read_text())) if self._categories.exists() else ()

    def records(self) -> Iterator[Record]:
        """All photos, the oldest first."""
        if self._lines.exists():
            with self._lines.open("rb") as lines:
                yield from map(json.loads, lines)
