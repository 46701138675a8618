"""References that are kept as files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from domain.errors import InvalidInput
from services.drift.saved_reference import SavedReference
from services.drift.window import Window
from tests.unit.services.drift.windows import SOURCE, made_sample

WINDOW = Window(datetime(2026, 10, 1, tzinfo=UTC), None)


def test_a_reference_comes_back_as_it_was(tmp_path: Path) -> None:
    sample = made_sample(1, 30)
    SavedReference("shop", WINDOW, {SOURCE: sample}).save(tmp_path / "reference.npz")
    read = SavedReference.load(tmp_path / "reference.npz")
    assert (read.tenant, read.window, list(read.samples)) == ("shop", WINDOW, [SOURCE])
    found = read.samples[SOURCE]
    assert found.units == sample.units
    np.testing.assert_array_equal(found.labels, sample.labels)
    np.testing.assert_array_equal(found.embeddings, sample.embeddings)


@pytest.mark.parametrize("content", [None, b"", b"no archive", b"PK\x03\x04"])
def test_another_file_is_refused_with_its_name(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "reference.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidInput, match=r"reference.*reference\.npz"):
        SavedReference.load(path)


def test_an_archive_of_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "reference.npz"
    with path.open("wb") as file:
        np.savez(file, about=np.array('{"format": "other"}'))
    with pytest.raises(InvalidInput, match="its format is 'other'"):
        SavedReference.load(path)
