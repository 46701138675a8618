"""Folders of photos and lists of URLs."""

from __future__ import annotations

from pathlib import Path

import pytest

from armoire.command.console import UsageError
from armoire.command.importing.folders import read_folder, read_manifest
from armoire.command.importing.source_row import SourceRow


def ids(rows: list[SourceRow]) -> dict[str, str]:
    return {row.source: row.product.external_id if row.product else "" for row in rows}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("S-1/a.jpg", "S-1/back/b.PNG", "S-2_front.jpg", "S-2_back.webp", "notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def test_names_say_the_product(folder: Path) -> None:
    assert ids(list(read_folder(folder))) == {
        "S-1/a.jpg": "S-1",
        "S-1/back/b.PNG": "S-1",
        "S-2_back.webp": "S-2_back",
        "S-2_front.jpg": "S-2_front",
    }


@pytest.mark.parametrize("pattern", [r"[A-Z]-\d", r"(?P<external_id>[A-Z]-\d)[/_]"])
def test_a_pattern_says_the_product(folder: Path, pattern: str) -> None:
    (folder / "other.jpg").touch()
    rows = list(read_folder(folder, pattern))
    assert set(ids(rows).values()) == {"S-1", "S-2", ""}
    assert [row.problems for row in rows if row.product is None] == [("its path does not match --pattern",)]


def test_what_is_no_folder_and_no_pattern_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="--pattern"):
        read_folder(folder, "(")
    with pytest.raises(UsageError, match="is no folder"):
        read_folder(folder / "S-2_front.jpg")


def test_a_list_of_urls(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text(
        "# a comment\n\nS-1 https://s.example/a.jpg\nHTTPS://s.example/b.jpg\nS-2 b.jpg\na b https://s.example/c\n"
    )
    rows = list(read_manifest(path))
    assert ids(rows) == {f"urls.txt, line {n}": i for n, i in ((3, "S-1"), (4, ""), (5, ""), (6, ""))}
    assert [photo.place for row in rows for photo in row.photos] == [
        "https://s.example/a.jpg",
        "HTTPS://s.example/b.jpg",
    ]
    assert [bool(row.problems) for row in rows] == [False, False, True, True]
