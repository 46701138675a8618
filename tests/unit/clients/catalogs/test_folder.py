"""Folders of exported catalogues that are not what they should be."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from armoire.catalogs.folder import CatalogFolder
from armoire.exported_folder import WrongFolder
from armoire.values.exports import CatalogExport, CatalogExportPart

LINE = b'{"id": "0"}\n'
PART = CatalogExportPart("images-00000.jsonl", len(LINE), hashlib.sha256(LINE).hexdigest(), 1)
ID = "01932f6e-5a0c-7c51-9d0e-0f2a53b1c001"
RECORD = {"id": ID, "format": "jpeg", "sha256": hashlib.sha256(b"photo").hexdigest()}


def finished(root: Path, **changes: Any) -> CatalogFolder:
    """A folder with one part, and its manifest with changes."""
    folder = CatalogFolder(root)
    assert folder.begin() == ""
    folder.keep_operation("op-1")
    folder.store_part(PART, LINE)
    folder.finish(CatalogExport(1, 0, 1, 0, 0, 5, (PART,), None), ["gone"])
    manifest = json.loads((root / "manifest.json").read_text())
    (root / "manifest.json").write_text(json.dumps(manifest | changes))
    return folder


def test_a_finished_folder_tells_what_it_holds(tmp_path: Path) -> None:
    folder = finished(tmp_path / "a")
    manifest = folder.manifest()
    assert (manifest["images"], manifest["missing_images"]) == (1, ["gone"])
    assert list(folder.records("images")) == [{"id": "0"}]
    assert list(folder.records("products")) == []
    with pytest.raises(WrongFolder, match="finished"):
        folder.begin()


def test_an_unfinished_folder_names_its_export(tmp_path: Path) -> None:
    folder = CatalogFolder(tmp_path / "a")
    folder.begin()
    folder.keep_operation("op-1")
    folder.store_part(PART, LINE)
    assert (CatalogFolder(tmp_path / "a").begin(), folder.has(PART)) == ("op-1", True)
    folder.keep_operation("op-2")
    assert not folder.has(PART)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"version": 2}, "version 1"),
        ({"format": "zip"}, "armoire-catalog"),
        ({"parts": [{"name": "../images-0.jsonl", "size_bytes": 1, "sha256": "", "records": 1}]}, "outside"),
        ({"parts": [{"name": "images-1.jsonl", "size_bytes": 1, "sha256": "", "records": 1}]}, "missing"),
    ],
)
def test_a_bad_manifest_is_refused(tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(WrongFolder, match=problem):
        finished(tmp_path / "a", **changes).manifest()


def test_photos_are_what_their_hash_says(tmp_path: Path) -> None:
    folder = finished(tmp_path / "a")
    with pytest.raises(WrongFolder, match="missing"):
        folder.original(RECORD)
    with pytest.raises(WrongFolder):
        folder.store_original(RECORD, b"other")
    folder.store_original(RECORD, b"photo")
    assert (folder.has_original(RECORD), folder.original(RECORD)) == (True, b"photo")
    (path,) = tmp_path.glob("a/originals/01/*.jpg")
    path.write_bytes(b"phot")
    assert not folder.has_original(RECORD)
    with pytest.raises(WrongFolder, match="damaged"):
        folder.original(RECORD)


@pytest.mark.parametrize("change", [{"id": "../../etc/passwd"}, {"format": "exe"}])
def test_records_lead_nowhere_else(tmp_path: Path, change: dict[str, str]) -> None:
    with pytest.raises(WrongFolder, match="no id or no known format"):
        finished(tmp_path / "a").original(RECORD | change)
