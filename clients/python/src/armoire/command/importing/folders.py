"""Folders of photos, whose names say which product they are of, and lists of URLs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from armoire.command.console import UsageError
from armoire.command.files import find_photos
from armoire.command.importing.source_row import SourcePhoto, SourceRow
from armoire.command.importing.tables import read_text
from armoire.values.products import Product


def read_folder(folder: Path, pattern: str = "") -> Sequence[SourceRow]:
    """The photos of a folder.

    The external id is what `pattern` finds at the beginning of the path below the folder: its group
    "external_id", or all of it. Without a pattern it is the name of the sub folder, else that of the file.

    Raises:
        UsageError: the folder holds no photos, or the pattern is no regular expression.
    """
    try:
        found = re.compile(pattern) if pattern else None
    except re.error as error:
        raise UsageError(f"--pattern {pattern!r}: {error}") from None
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder")
    return [_photo_row(folder, Path(path), found) for path in find_photos([str(folder)])]


def _photo_row(folder: Path, path: Path, pattern: re.Pattern[str] | None) -> SourceRow:
    below = path.relative_to(folder)
    source = below.as_posix().encode(errors="replace").decode()
    external_id = _external_id(below, pattern)
    if not external_id:
        return SourceRow(source, problems=("its path does not match --pattern",))
    return SourceRow(source, Product("", external_id=external_id), (SourcePhoto(source, str(path)),))


def _external_id(path: PurePath, pattern: re.Pattern[str] | None) -> str:
    if pattern is None:
        return path.parts[0] if len(path.parts) > 1 else path.stem
    match = pattern.match(path.as_posix())
    if match is None:
        return ""
    return (match.group("external_id") if "external_id" in pattern.groupindex else match.group()) or ""


def read_manifest(path: Path) -> Sequence[SourceRow]:
    """A URL a line, with the external id of its product before it, if it has one.

    Raises:
        UsageError: the file cannot be read.
    """
    return list(_manifest_rows(path.name, read_text(path)))


def _manifest_rows(name: str, text: str) -> Iterator[SourceRow]:
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        source = f"{name}, line {number}"
        photo = SourcePhoto(source, words[-1])
        if len(words) > 2 or not photo.is_url:
            problem = f"write URL, or EXTERNAL_ID URL; not {line.strip()[:100]!r}"
            yield SourceRow(source, problems=(problem,))
            continue
        product = Product("", external_id=words[0]) if len(words) == 2 else None
        yield SourceRow(source, product, (photo,))
