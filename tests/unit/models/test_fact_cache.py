from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from models.fact_cache import KEPT_DAYS, SETTLED_S, FactCache, known_sha256


@pytest.fixture
def facts(tmp_path: Path) -> FactCache:
    return FactCache.below(tmp_path / "cache")


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were just written have settled."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 2 * SETTLED_S)


FORGED = "f" * 64


def forge(facts: FactCache, text: str = FORGED) -> None:
    """Whatever was kept says something else now."""
    assert facts.folder is not None
    for path in facts.folder.iterdir():
        path.write_text(text)


def test_what_was_kept_is_recalled_for_the_same_facts_only(facts: FactCache) -> None:
    assert facts.get("a", "b") is None
    facts.put("text", "a", "b")
    assert facts.get("a", "b") == "text"
    assert facts.get("a", "c") is None
    facts.put("other", "a", "b")
    assert FactCache(facts.folder).get("a", "b") == "other"


def test_without_a_folder_nothing_is_kept() -> None:
    facts = FactCache.below(None)
    facts.put("text", "a")
    assert facts.get("a") is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")
    facts = FactCache.below(tmp_path / "cache")
    facts.put("text", "a")
    assert facts.get("a") is None


def test_what_cannot_be_read_is_not_known(facts: FactCache) -> None:
    facts.put("text", "a")
    assert facts.folder is not None
    (path,) = facts.folder.iterdir()
    path.write_bytes(b"\xff\xfe\xff")
    assert facts.get("a") is None


def test_a_file_is_read_once(tmp_path: Path, facts: FactCache, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"weights")
    later(monkeypatch)
    assert known_sha256(path, facts) == hashlib.sha256(b"weights").hexdigest()
    forge(facts)
    assert known_sha256(path, facts) == FORGED


@pytest.mark.parametrize("text", ["", FORGED[1:], FORGED + "f", "\0" * 64])
def test_what_is_no_hash_is_not_believed(
    tmp_path: Path, facts: FactCache, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"weights")
    later(monkeypatch)
    known_sha256(path, facts)
    forge(facts, text)
    assert known_sha256(path, facts) == hashlib.sha256(b"weights").hexdigest()


def test_what_is_old_goes_when_something_new_comes(facts: FactCache) -> None:
    for fact in ("old", "young"):
        facts.put("text", fact)
    assert facts.folder is not None
    days = 24 * 3600
    for path in facts.folder.iterdir():
        age = KEPT_DAYS + 1 if path == FactCache._path(facts.folder, ("old",)) else KEPT_DAYS - 1
        os.utime(path, (time.time() - age * days,) * 2)
    facts.put("text", "new")
    assert [facts.get(fact) for fact in ("old", "young", "new")] == [None, "text", "text"]


def test_nothing_is_left_of_what_could_not_be_kept(facts: FactCache, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, target: Path) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "replace", refuse)
    facts.put("text", "a")
    assert facts.folder is not None
    assert list(facts.folder.iterdir()) == []


def test_a_changed_file_is_read_again(
    tmp_path: Path, facts: FactCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"weights")
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    later(monkeypatch)
    known_sha256(path, facts)
    forge(facts)
    path.write_bytes(b"changed")  # as long as before
    os.utime(path, ns=times)  # and of the same age, to all appearance
    assert known_sha256(path, facts) == hashlib.sha256(b"changed").hexdigest()


def test_a_file_too_young_to_be_trusted_is_not_kept(tmp_path: Path, facts: FactCache) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"weights")
    assert known_sha256(path, facts) == hashlib.sha256(b"weights").hexdigest()
    assert facts.folder is not None
    assert not facts.folder.exists()
