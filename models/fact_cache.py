"""What this machine has found out before, kept in the cache folder so that the next start need not."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from models.manifest import file_sha256

SETTLED_S = 2.0
"""A file younger than this may still change within one tick of its clock."""

KEPT_DAYS = 90
"""What is older goes when something new comes: it may be of models that are long gone."""

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FactCache:
    """Short texts by the facts they follow from; without a folder nothing is kept.

    It may be deleted at any time, and several processes may use it. A crash of the machine may leave a text
    cut short or empty: who recalls one looks whether it is one of those that are kept.
    """

    folder: Path | None = None

    @classmethod
    def below(cls, cache: Path | None) -> FactCache:
        """The one of a cache folder, where there is one."""
        return cls(None if cache is None else cache / "record")

    def get(self, *facts: str) -> str | None:
        """What was kept for these facts."""
        if self.folder is None:
            return None
        try:
            return self._path(self.folder, facts).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def put(self, text: str, *facts: str) -> None:
        """Where the folder cannot be written, it will be found out anew."""
        if self.folder is None:
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(text, self._path(self.folder, facts))
            _remove_old(self.folder)

    @staticmethod
    def _path(folder: Path, facts: tuple[str, ...]) -> Path:
        return folder / hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _write(text: str, path: Path) -> None:
    """Whole or not at all: a reader never sees half a text."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _remove_old(folder: Path) -> None:
    oldest = time.time() - KEPT_DAYS * 24 * 3600
    for path in folder.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def known_sha256(path: Path, record: FactCache) -> str:
    """`file_sha256`; the file is read only where the record has it in no such state.

    A state is its place on disk, its size, and when its contents and its entry last changed.
    """
    known = record.get("sha256", *_state(path))
    return known if known is not None and SHA256.fullmatch(known) else read_sha256(path, record)


def read_sha256(path: Path, record: FactCache) -> str:
    """`file_sha256`, kept for `known_sha256`."""
    facts = _state(path)
    sha256 = file_sha256(path)
    if _state(path) == facts and time.time() - path.stat().st_ctime > SETTLED_S:
        record.put(sha256, "sha256", *facts)
    return sha256


def _state(path: Path) -> tuple[str, ...]:
    told = path.stat()
    parts = (told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns)
    return (str(path.resolve()), *map(str, parts))
