"""The home folder, which has all state: its lock, and who may read it."""

from __future__ import annotations

import fcntl
import logging
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from domain.errors import FailedPrecondition

LOG = logging.getLogger("armoire")
OTHERS = 0o077
"""The rights of the group and of other users."""


@dataclass(eq=False)
class HomeLock:
    """An exclusive lock on a folder, which the kernel releases when the process ends.

    `name` is the file of the lock in it, `hint` the advice if another process holds it.
    """

    folder: Path
    name: str = "lock"
    hint: str = (
        "Embedded stores allow only one process: stop that one, run one worker, set ARMOIRE_HOME to another "
        "folder, or use PostgreSQL and a Milvus server"
    )
    _file: IO[str] | None = field(default=None, init=False)

    def acquire(self) -> None:
        """Acquire the lock. Raises FailedPrecondition if another process holds it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = (self.folder / self.name).open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise FailedPrecondition(
                f"{self.folder} is in use by process {holder}. {self.hint}",
                reason="HOME_IN_USE",
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def keep_private(home: Path) -> None:
    """Make the home, and from now on all files of this process, readable by this user only.

    All contents of a home that others may enter, as earlier servers made them, are changed first and the
    folder last, so that an interrupted start does it again. Of one that is closed, the first level is, where
    BentoML makes folders before this process starts. What cannot be changed is left, with a warning.
    """
    os.umask(OTHERS)
    home.mkdir(parents=True, exist_ok=True)
    is_open = bool(home.stat().st_mode & OTHERS)
    failed = sum(not _take_rights(path) for path in (*(home.rglob("*") if is_open else home.iterdir()), home))
    if failed:
        LOG.warning(
            "other users may read %d files and folders of %s, which this user cannot change: "
            "change their owner, or take the rights with chmod -R go= %s",
            *(failed, home, home),
        )
    elif is_open:
        LOG.info("%s was open to other users and is no longer", home)


def _take_rights(path: Path) -> bool:
    """Take all rights of others; returns False if this user may not. Links are not followed."""
    try:
        mode = path.lstat().st_mode
        if mode & OTHERS and not stat.S_ISLNK(mode):
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
