"""Reads the photos of the trials."""

from __future__ import annotations

from pathlib import Path

from domain.errors import InvalidInput
from imaging.decode import DecodeLimits, probe

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
AT_MOST = 64


def read_photos(folder: Path, limits: DecodeLimits) -> list[bytes]:
    """Read the first 64 photos of a folder, by name.

    Raises:
        InvalidInput: there is no photo, or the server would refuse one; the field is "--photos".
    """
    if not folder.is_dir():
        raise InvalidInput("--photos", f"{folder} is not a folder")
    paths = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES][:AT_MOST]
    if not paths:
        raise InvalidInput("--photos", f"{folder} has no photos ({', '.join(SUFFIXES)})")
    return [_readable(path, limits) for path in paths]


def _readable(path: Path, limits: DecodeLimits) -> bytes:
    content = path.read_bytes()
    try:
        probe(content, limits)
    except InvalidInput as error:
        raise InvalidInput("--photos", f"{path} would be refused by the server: {error.message}") from error
    return content
