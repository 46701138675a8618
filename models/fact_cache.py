"""What this machine has found out before, kept in the cache folder so that the next start need not."""

from __future__ import annotations

import contextlib
import hashlib
import re
import time
from dataclasses import dataclass
from pathlib import Path

from domain.atomic_file import atomic_file
from models.manifest import file_sha256

SETTLED_S = 2.0
"""A file younger than this may still change within one tick of its clock."""

KEPT_DAYS = 90
"""Older facts are removed when a new one is written: they may be of models that are long gone."""

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FactCache:
    """Short texts, each under a key that names everything it follows from. Without a folder it stays empty.

    The folder may be deleted at any time, and several processes may use it. After a crash of the machine a
    text may be cut short or empty, so a reader checks that it is one of those it could have written.
    """

    folder: Path | None = None

    @classmethod
    def below(cls, cache: Path | None) -> FactCache:
        """The facts of a cache folder; an empty cache where there is no such folder."""
        return cls(None if cache is None else cache / "facts")

    def get(self, *key: str) -> str | None:
        """The text that was put under this key; None where there is none, or none that can be read."""
        if self.folder is None:
            return None
        try:
            return self._path(self.folder, key).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def put(self, text: str, *key: str) -> None:
        """Keep a text under a key. A folder that cannot be written is no error: nothing is kept."""
        if self.folder is None:
            return
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with atomic_file(self._path(self.folder, key)) as file:
                file.write(text.encode())
            _remove_old(self.folder)

    @staticmethod
    def _path(folder: Path, key: tuple[str, ...]) -> Path:
        return folder / hashlib.sha256("\n".join(key).encode()).hexdigest()


def _remove_old(folder: Path) -> None:
    oldest = time.time() - KEPT_DAYS * 24 * 3600
    for path in folder.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def known_sha256(path: Path, facts: FactCache) -> str:
    """`file_sha256`; the file is read only where its state differs from the one that `facts` knows.

    A state is the file's place on disk, its size, and when its contents and its entry last changed.
    """
    known = facts.get("sha256", *_state(path))
    return known if known is not None and SHA256.fullmatch(known) else read_sha256(path, facts)


def read_sha256(path: Path, facts: FactCache) -> str:
    """`file_sha256`, kept in `facts` for `known_sha256`."""
    state = _state(path)
    sha256 = file_sha256(path)
    if _state(path) == state and time.time() - path.stat().st_ctime > SETTLED_S:
        facts.put(sha256, "sha256", *state)
    return sha256


def _state(path: Path) -> tuple[str, ...]:
    stat = path.stat()
    parts = (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
    return (str(path.resolve()), *map(str, parts))
