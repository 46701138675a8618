"""The lock of the home folder, which has all state."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from domain.errors import FailedPrecondition


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
