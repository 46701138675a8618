"""The folder of all state, held by one process at a time."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from domain.errors import FailedPrecondition


@dataclass(eq=False)
class HomeLock:
    """An exclusive lock on the folder, which the system lets go of when the process ends in any way.

    `name` is the lock's file in it, `hint` what to do where another process holds it.
    """

    folder: Path
    name: str = "lock"
    hint: str = (
        "Embedded stores take one process: stop that one, run one worker, set ARMOIRE_HOME to another "
        "folder, or use PostgreSQL and a Milvus server"
    )
    _file: IO[str] | None = field(default=None, init=False)

    def acquire(self) -> None:
        """Raises FailedPrecondition where another process holds it."""
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
