from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from models.fact_cache import KEPT_DAYS, SETTLED_S, FactCache, known_sha256


@pytest.fixture
def record(tmp_path: Path) -> FactCache:
    return FactCache.below(tmp_path / "cache")


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were just written have settled."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 2 * SETTLED_S)


FORGED = "f" * 64


def forge(record: FactCache, text: str = FORGED) -> None:
    """Whatever was kept says something else now."""
    assert record.folder is not None
    for path in record.folder.iterdir():
        path.write_text(text)


def test_what_was_kept_is_recalled_for_the_same_facts_only(record: FactCache) -> None:
    assert record.get("a", "b") is None
    record.put("text", "a", "b")
    assert record.get("a", "b") == "text"
    assert record.get("a", "c") is None
    record.put("other", "a", "b")
    assert FactCache(record.folder).get("a", "b") == "other"


def test_without_a_folder_nothing_is_kept() -> None:
    record = FactCache.below(None)
    record.put("text", "a")
    assert record.get("a") is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")
    record = FactCache.below(tmp_path / "cache")
    record.put("text", "a")
    assert record.get("a") is None


def test_what_cannot_be_read_is_not_known(record: FactCache) -> None:
    record.put("text", "a")
    assert record.folder is not None
    (path,) = record.folder.iterdir()
    path.write_bytes(b"\xff\xfe\xff")
    assert record.get("a") is None


def test_a_file_is_read_once(tmp_path: Path, record: FactCache, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"weights")
    later(monkeypatch)
    assert known_sha256(path, record) == hashlib.sha256(b"weights").hexdigest()
    forge(record)
    assert known_sha256(path, record) == FORGED


@pytest.mark.parametrize("text", ["", FORGED[1:], FORGED + "f", "\0" * 64])
def test_what_is_no_hash_is_not_believed(
    tmp_path: Path, record: FactCache, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"weights")
    later(monkeypatch)
    known_sha256(path, record)
    forge(record, text)
    assert known_sha256(path, record) == hashlib.sha256(b"weights").hexdigest()


def test_what_is_old_goes_when_something_new_comes(record: FactCache) -> None:
    for fact in ("old", "young"):
        record.put("text", fact)
    assert record.folder is not None
    days = 24 * 3600
    for path in record.folder.iterdir():
        age = KEPT_DAYS + 1 if path == FactCache._path(record.folder, ("old",)) else KEPT_DAYS - 1
        os.utime(path, (time.time() - age * days,) * 2)
    record.put("text", "new")
    assert [record.get(fact) for fact in ("old", "young", "new")] == [None, "text", "text"]


def test_nothing_is_left_of_what_could_not_be_kept(
    record: FactCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, target: Path) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "replace", refuse)
    record.put("text", "a")
    assert record.folder is not None
    assert list(record.folder.iterdir()) == []


def test_a_changed_file_is_read_again(
    tmp_path: Path, record: FactCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"weights")
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    later(monkeypatch)
    known_sha256(path, record)
    forge(record)
    path.write_bytes(b"changed")  # as long as before
    os.utime(path, ns=times)  # and of the same age, to all appearance
    assert known_sha256(path, record) == hashlib.sha256(b"changed").hexdigest()


def test_a_file_too_young_to_be_trusted_is_not_kept(tmp_path: Path, record: FactCache) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"weights")
    assert known_sha256(path, record) == hashlib.sha256(b"weights").hexdigest()
    assert record.folder is not None
    assert not record.folder.exists()
