"""An exported catalogue in a folder: the parts, the originals, and a manifest once all is there.

manifest.json                 what there is, with the hash of each part
products-00000.jsonl, ...     a product a line
images-00000.jsonl, ...       a photo with its items a line
originals/4f/IMAGE.jpg, ...   the photos, byte for byte as they were sent
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from armoire.exported_folder import WrongFolder, require_empty, write_file
from armoire.values.exports import CatalogExport, CatalogExportPart

VERSION = 1
_FORMAT = "armoire-catalog"
_SUFFIXES = {"jpeg": "jpg", "png": "png", "webp": "webp"}


class CatalogFolder:
    """Raises OSError where the folder cannot be read or written."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._manifest = root / "manifest.json"
        self._state = root / "export.json"

    # Export

    def begin(self) -> str:
        """Make the folder, or find it as it was left; returns the id of the export's operation, "" for none.

        Raises:
            WrongFolder: it holds a finished export, or other files.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        if self._manifest.exists():
            raise WrongFolder(f"{self.root} holds a finished export; choose another folder")
        if self._state.exists():
            return str(json.loads(self._state.read_text())["operation_id"])
        require_empty(self.root)
        return ""

    def keep_operation(self, operation_id: str) -> None:
        """Remember the export that the parts are of; parts of another one are removed."""
        for kind in ("products", "images"):
            for part in self.root.glob(f"{kind}-*.jsonl"):
                part.unlink()
        write_file(self._state, json.dumps({"operation_id": operation_id}).encode())

    def has(self, part: CatalogExportPart) -> bool:
        """Whether the part is there, and whole."""
        path = self.root / part.name
        return path.exists() and sha256_of(path) == part.sha256

    def store_part(self, part: CatalogExportPart, content: bytes) -> None:
        """Raises WrongFolder where the content is not that of the part."""
        if hashlib.sha256(content).hexdigest() != part.sha256:
            raise WrongFolder(f"{part.name} is not what the server has written; run the command again")
        write_file(self.root / part.name, content)

    def has_original(self, record: Mapping[str, Any]) -> bool:
        """Whether the photo of a record is there, and whole."""
        path = self._original(record)
        return path.exists() and sha256_of(path) == record["sha256"]

    def store_original(self, record: Mapping[str, Any], content: bytes) -> None:
        """Raises WrongFolder where the content is not that of the record."""
        if hashlib.sha256(content).hexdigest() != record["sha256"]:
            raise WrongFolder("its stored bytes are not those that were indexed")
        path = self._original(record)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, content)

    def finish(self, export: CatalogExport, missing: Sequence[str]) -> None:
        """Write the manifest; `missing` are the photos that could not be had."""
        manifest = {
            "format": _FORMAT,
            "version": export.format_version,
            "create_time": datetime.now(UTC).isoformat(timespec="seconds"),
            "products": export.products,
            "images": export.images,
            "items": export.items,
            "corrections": export.corrections,
            "image_bytes": export.image_bytes,
            "parts": [asdict(part) for part in export.parts],
            "missing_images": list(missing),
        }
        write_file(self._manifest, json.dumps(manifest, indent=2).encode())
        self._state.unlink(missing_ok=True)

    # Import

    def manifest(self) -> dict[str, Any]:
        """The manifest, whose parts are there and whole.

        Raises:
            WrongFolder: it holds no finished export, one of another version, or damaged parts.
        """
        if not self._manifest.exists():
            raise WrongFolder(f"{self.root} holds no finished export: it has no {self._manifest.name}")
        manifest: dict[str, Any] = json.loads(self._manifest.read_text(encoding="utf-8"))
        if manifest.get("format") != _FORMAT or manifest.get("version") != VERSION:
            raise WrongFolder(
                f"{self._manifest} is not of version {VERSION} of {_FORMAT}, which this client reads"
            )
        for part in map(_part, manifest["parts"]):
            if not self.has(part):
                raise WrongFolder(f"{self.root / part.name} is missing or damaged")
        return manifest

    def records(
        self, kind: str, parts: Sequence[CatalogExportPart] | None = None
    ) -> Iterator[dict[str, Any]]:
        """The records of a kind, "products" or "images", the oldest first."""
        found = map(_part, self.manifest()["parts"]) if parts is None else parts
        for part in found:
            if part.name.startswith(f"{kind}-"):
                with (self.root / part.name).open("rb") as lines:
                    yield from map(json.loads, lines)

    def original(self, record: Mapping[str, Any]) -> bytes:
        """The photo of a record.

        Raises:
            WrongFolder: it is missing or damaged.
        """
        path = self._original(record)
        content = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(content).hexdigest() != record["sha256"]:
            raise WrongFolder(f"{path} is {'damaged' if content else 'missing'}")
        return content

    def _original(self, record: Mapping[str, Any]) -> Path:
        """Where the photo of a record is. Its folder is named by the end of its id, which is drawn."""
        try:
            id, suffix = str(uuid.UUID(record["id"])), _SUFFIXES[record["format"]]
        except (KeyError, ValueError) as error:
            raise WrongFolder(f"a record has no id or no known format: {str(record)[:100]}") from error
        return self.root / "originals" / id[-2:] / f"{id}.{suffix}"


def sha256_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _part(fields: Mapping[str, Any]) -> CatalogExportPart:
    part = CatalogExportPart(**fields)
    if Path(part.name).name != part.name:
        raise WrongFolder(f"the manifest names a part outside of the folder: {part.name[:100]!r}")
    return part
