"""A server of a store in processes that can be killed and started again on the same files."""

from __future__ import annotations

import pwd
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

START_S = 300.0
_PAUSE_S = 0.05
_STOP_S = 20.0


class StoreFailed(Exception):
    """A server did not start; the message holds the end of its log."""


@dataclass(eq=False)
class StoreProcess:
    """A server with its files in a folder; `answers` tells whether it takes calls.

    `user` is whom it runs as, None for the caller.
    """

    name: str
    command: Sequence[str | Path]
    folder: Path
    answers: Callable[[], bool]
    environment: Mapping[str, str] | None = None
    user: pwd.struct_passwd | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def log_path(self) -> Path:
        return self.folder / f"{self.name}.log"

    def start(self) -> float:
        """Start it and wait until it answers; returns the seconds that it took. Raises StoreFailed."""
        started_s = time.monotonic()
        self._launch()
        while not self.answers():
            if self.process is None or self.process.poll() is not None:
                raise StoreFailed(f"{self.name} ended:\n{self._log_tail()}")
            if time.monotonic() - started_s > START_S:
                self.kill()
                raise StoreFailed(f"{self.name} did not answer within {START_S:g} s:\n{self._log_tail()}")
            time.sleep(_PAUSE_S)
        return time.monotonic() - started_s

    def _launch(self) -> None:
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [*_as_user(self.user), *self.command],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End all its processes at once with SIGKILL."""
        if self.process is None:
            return
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.process.pid)
            family = [parent, *parent.children(recursive=True)]
            for end in (psutil.Process.suspend, psutil.Process.kill):
                for member in family:
                    with suppress(psutil.NoSuchProcess):
                        end(member)
            self.process.wait()
            psutil.wait_procs(family, timeout=_STOP_S)
        self.process.wait()

    def _log_tail(self) -> str:
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-30:])


def _as_user(user: pwd.struct_passwd | None) -> list[str]:
    """What runs a command as a user.

    `user` of Popen makes it fork rather than vfork, and where gRPC's threads run, the child of a fork
    may end before it runs anything.
    """
    if user is None:
        return []
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
