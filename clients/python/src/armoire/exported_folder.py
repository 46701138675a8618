"""What folders of exports have in common."""

from __future__ import annotations

from pathlib import Path


class WrongFolder(Exception):
    """The folder does not hold what it should; the message is for people."""


def require_empty(root: Path) -> None:
    """Raises WrongFolder where the folder, which is there, holds anything."""
    if any(root.iterdir()):
        raise WrongFolder(f"{root} holds other files; choose an empty folder")


def write_file(path: Path, content: bytes) -> None:
    """Write a file that is whole, or not there."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
