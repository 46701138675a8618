"""Pictures that a command saves, where the package can draw."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from armoire.command.console import CommandFailed, Console
from armoire.command.files import check_target

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
    check_target(target, drawing.SUFFIXES)
    return drawing


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
