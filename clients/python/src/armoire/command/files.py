"""Files named on a command line."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from armoire.command.console import CommandFailed, UsageError
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


def check_target(target: Path, suffixes: frozenset[str] | None = None) -> None:
    """Sees to it, before the work is done, that its result can be saved as `target`.

    Raises:
        CommandFailed: it cannot, or `target` has none of the suffixes.
    """
    if suffixes and target.suffix.lower() not in suffixes:
        raise CommandFailed(f"cannot save {target}: its name must end in {', '.join(sorted(suffixes))}")
    if not target.parent.is_dir():
        raise CommandFailed(f"cannot save {target}: there is no folder {target.parent}")
    if target.is_dir() or not os.access(target if target.exists() else target.parent, os.W_OK):
        raise CommandFailed(f"cannot save {target}: it cannot be written")


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
