"""CPU and memory of a process and its descendants."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psutil


@dataclass(frozen=True, slots=True)
class ProcessTree:
    """A process and its descendants; `beside` are roots of further processes that belong to it."""

    pid: int
    beside: tuple[int, ...] = ()

    def cpu_s(self) -> float:
        """Seconds of CPU that the living processes have used."""
        return float(self._sum(lambda process: sum(process.cpu_times()[:2])))

    def root_cpu_s(self) -> float:
        """Seconds of CPU that the root process alone has used."""
        return float(sum(psutil.Process(self.pid).cpu_times()[:2]))

    def pss_mb(self) -> float:
        """Proportional set size in MB (10^6 bytes): pages that processes share count once. Linux only."""
        return float(self._sum(_pss_mb))

    def pss_by_process_mb(self) -> dict[str, float]:
        """PSS in MB of each process, the root first, by number and command."""
        members: dict[str, float] = {}
        for process in self._members():
            with suppress(psutil.NoSuchProcess):
                name = f"{len(members)} {_name(process)}"
                members[name] = _pss_mb(process)
        return members

    def _sum(self, figure: Callable[[Any], float]) -> float:
        total = 0.0
        for process in self._members():
            with suppress(psutil.NoSuchProcess):
                total += figure(process)
        return total

    def _members(self) -> list[psutil.Process]:
        roots = [psutil.Process(pid) for pid in (self.pid, *self.beside)]
        return [each for root in roots for each in (root, *root.children(recursive=True))]


def _pss_mb(process: psutil.Process) -> float:
    return float(process.memory_full_info().pss) / 1e6


def _name(process: psutil.Process) -> str:
    """The module that the process runs with `-m`, otherwise its program."""
    command: list[str] = process.cmdline()
    return command[command.index("-m") + 1] if "-m" in command[:-1] else str(process.name())
