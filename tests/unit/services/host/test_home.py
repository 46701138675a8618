from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import FailedPrecondition
from services.host.home import HomeLock, keep_private


def test_a_home_is_held_by_one_and_free_after(tmp_path: Path) -> None:
    first, second = HomeLock(tmp_path / "home"), HomeLock(tmp_path / "home")
    first.acquire()
    with pytest.raises(FailedPrecondition, match=f"in use by process {os.getpid()}"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


@pytest.fixture
def _open_umask() -> Iterator[None]:
    """Files are made readable by everybody, as most systems have it; the test's umask ends with it."""
    umask = os.umask(0o022)
    yield
    os.umask(umask)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.usefixtures("_open_umask")
def test_a_home_that_others_can_read_is_closed_with_all_that_is_in_it(tmp_path: Path) -> None:
    home, outside = tmp_path / "home", tmp_path / "outside"
    (home / "blobs").mkdir(parents=True)
    for path in (home / "catalog.db", home / "blobs" / "photo", home / "run.sh", outside):
        path.write_text("x")
    (home / "run.sh").chmod(0o755)
    (home / "link").symlink_to(outside)
    keep_private(home)
    assert {path.name: mode(path) for path in (home, *home.rglob("*")) if not path.is_symlink()} == {
        "home": 0o700,
        "blobs": 0o700,
        "catalog.db": 0o600,
        "photo": 0o600,
        "run.sh": 0o700,
    }
    assert mode(outside) == 0o644


@pytest.mark.usefixtures("_open_umask")
def test_a_new_home_and_what_is_made_in_it_is_private(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    keep_private(home)
    (home / "catalog.db").touch()
    (home / "blobs").mkdir()
    assert (mode(home), mode(home / "catalog.db"), mode(home / "blobs")) == (0o700, 0o600, 0o700)


@pytest.mark.usefixtures("_open_umask")
def test_a_home_that_this_user_cannot_close_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def chmod(path: Path, _mode: int) -> None:
        raise PermissionError(path)

    (tmp_path / "home").mkdir()
    monkeypatch.setattr(Path, "chmod", chmod)
    keep_private(tmp_path / "home")
    assert "other users may read 1 files and folders" in caplog.text
    assert "chmod -R go=" in caplog.text
