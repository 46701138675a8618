"""Photo files named on a command line."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path

from armoire.command.console import UsageError
from armoire.photos import read_content

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


def find_photos(paths: Iterable[str]) -> list[str]:
    """The files among the paths as they are, and the photos in the folders among them, sorted.

    Raises:
        UsageError: a folder holds no photos.
    """
    return [photo for path in paths for photo in _photos_of(path)]


async def read_photo(path: str) -> bytes:
    """The photo's bytes, read off the loop.

    Raises:
        InvalidInput: it cannot be read.
    """
    return await asyncio.to_thread(read_content, path)


def _photos_of(path: str) -> Iterator[str]:
    folder = Path(path)
    if not folder.is_dir():
        yield path
        return
    found = sorted(str(file) for file in folder.rglob("*") if _is_photo(file))
    if not found:
        raise UsageError(f"no photos under {path} (looked for {', '.join(sorted(SUFFIXES))})")
    yield from found


def _is_photo(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and not file.name.startswith(".") and file.is_file()
