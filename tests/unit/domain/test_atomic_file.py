from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from domain.atomic_file import atomic_file


def test_the_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "facts"
    with atomic_file(path) as file:
        file.write(b"half of ")
        file.flush()
        assert not path.exists()
        file.write(b"the text")
    assert path.read_bytes() == b"half of the text"
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_raises_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "facts"
    path.write_bytes(b"old")
    with suppress(ZeroDivisionError), atomic_file(path) as file:
        file.write(b"new")
        raise ZeroDivisionError
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_open_reader_keeps_the_old_contents(tmp_path: Path) -> None:
    path = tmp_path / "facts"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        with atomic_file(path) as file:
            file.write(b"new")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new"


def test_permissions_are_those_of_any_new_file(tmp_path: Path) -> None:
    umask = os.umask(0o022)
    try:
        with atomic_file(tmp_path / "facts"):
            pass
    finally:
        os.umask(umask)
    assert (tmp_path / "facts").stat().st_mode & 0o777 == 0o644
