"""Pictures that a command saves, where the package can draw."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from armoire.command.console import CommandFailed, Console

if TYPE_CHECKING:
    from PIL.Image import Image


def load_drawing(target: Path) -> ModuleType:
    """The drawing module, for a picture that is to be saved as `target` when the work is done.

    Raises:
        CommandFailed: Pillow, which it needs, is not installed; or nothing can be saved there.
    """
    try:
        from armoire import drawing
    except ModuleNotFoundError as error:
        raise CommandFailed("pictures need Pillow: pip install 'armoire-client[images]'") from error
    _check_target(target, drawing.SUFFIXES)
    return drawing


def _check_target(target: Path, suffixes: frozenset[str]) -> None:
    if target.suffix.lower() not in suffixes:
        raise CommandFailed(f"cannot save {target}: its name must end in {', '.join(sorted(suffixes))}")
    if not target.parent.is_dir():
        raise CommandFailed(f"cannot save {target}: there is no folder {target.parent}")
    if target.is_dir() or not os.access(target if target.exists() else target.parent, os.W_OK):
        raise CommandFailed(f"cannot save {target}: it cannot be written")


def save(picture: Image, path: Path, console: Console) -> None:
    """Writes the picture in the format of its name.

    Raises:
        CommandFailed: it cannot be written there, or not in that format.
    """
    try:
        picture.save(path)
    except (OSError, ValueError) as error:
        raise CommandFailed(f"cannot save {path}: {error}") from error
    console.note(f"saved {path}")
